//! A config file as text with spans: the one place that knows about BOM, line ends and byte offsets.

use std::ops::Range;

use toml_edit::{ArrayOfTables, Document as Toml, Item, Table};

use super::{Flavour, MONOCHANGE, PUTITOUTTHERE, Schema, UNTOKEN};
use crate::model::{Finding, Place, RelPath, Severity, SourceFile};

const BOM: &str = "\u{feff}";
/// Columns beyond this are all told as this one: counting them would make a hostile line slow to read.
const MAX_COLUMN: usize = 1000;

/// A file that was parsed. Offsets count bytes after the BOM.
pub(super) struct Document {
    path: RelPath,
    bom: bool,
    lines: Lines,
    toml: Toml<String>,
}

impl Document {
    /// Parses it; else the finding says why not, in the parser's words with the line.
    pub(super) fn parse(file: &SourceFile) -> Result<Self, Box<Finding>> {
        let text = std::str::from_utf8(&file.bytes).map_err(|e| {
            let valid = String::from_utf8_lossy(&file.bytes[..e.valid_up_to()]);
            let at = Lines::of(&valid).place(&file.path, &valid, valid.len());
            Box::new(
                Finding::new(Severity::Error, format!("{} is not UTF-8", file.path)).at(at).hint("save it as UTF-8"),
            )
        })?;
        let body = text.strip_prefix(BOM).unwrap_or(text);
        let lines = Lines::of(body);
        match Toml::parse(body.to_owned()) {
            Ok(toml) => Ok(Self { path: file.path.clone(), bom: body.len() < text.len(), lines, toml }),
            Err(error) => {
                let at = lines.place(&file.path, body, error.span().map_or(0, |span| span.start));
                let message = format!("{} is not valid TOML: {}", file.path, shown(&error));
                let finding = Finding::new(Severity::Error, message).at(at);
                Err(Box::new(finding.hint("nothing in this file counts until it can be read")))
            }
        }
    }

    pub(super) fn path(&self) -> &RelPath {
        &self.path
    }

    /// The text without the BOM.
    pub(super) fn text(&self) -> &str {
        self.toml.raw()
    }

    pub(super) fn root(&self) -> &Table {
        self.toml.as_table()
    }

    /// A new text in place of this one, with the BOM that this one has.
    pub(super) fn with_text(&self, text: &str) -> SourceFile {
        let bytes = if self.bom { format!("{BOM}{text}") } else { text.to_owned() };
        SourceFile::new(self.path.clone(), bytes.into_bytes())
    }

    /// The line and column of an offset.
    pub(super) fn place(&self, offset: usize) -> Place {
        self.lines.place(&self.path, self.text(), offset)
    }

    /// Where an item stands; an item without a span of its own stands where its first part does.
    pub(super) fn place_of(&self, item: &Item) -> Place {
        self.place(hull(item).map_or(0, |span| span.start))
    }

    /// `[[package]]`, if it is written so.
    pub(super) fn package_tables(&self) -> Option<&ArrayOfTables> {
        self.root().get("package").and_then(Item::as_array_of_tables)
    }

    /// Whose file it is: by name, else by what it holds.
    pub(super) fn flavour(&self) -> Flavour {
        match self.path.file_name() {
            PUTITOUTTHERE => Flavour::PutItOutThere(self.schema()),
            MONOCHANGE => Flavour::Monochange,
            UNTOKEN => Flavour::Untoken,
            _ if self.root().contains_key("putitoutthere") => Flavour::PutItOutThere(self.schema()),
            _ if self.root().get("package").is_some_and(Item::is_table) => Flavour::Monochange,
            _ => Flavour::Untoken,
        }
    }

    fn schema(&self) -> Schema {
        let packages = packages(self.root());
        let any = |key| packages.iter().any(|package| package.contains_key(key));
        match (any("paths"), any("globs")) {
            (_, true) => Schema::Globs,
            (true, false) => Schema::Paths,
            (false, false) => Schema::Undecided,
        }
    }
}

/// The elements of `package`, whether written as `[[package]]` or as an array of inline tables.
pub(super) fn packages(root: &Table) -> Vec<&dyn toml_edit::TableLike> {
    match root.get("package") {
        Some(Item::ArrayOfTables(tables)) => tables.iter().map(|t| t as &dyn toml_edit::TableLike).collect(),
        Some(Item::Value(toml_edit::Value::Array(array))) => {
            let tables = array.iter().filter_map(toml_edit::Value::as_inline_table);
            tables.map(|t| t as &dyn toml_edit::TableLike).collect()
        }
        _ => Vec::new(),
    }
}

/// From the first to the last byte that an item is written in, headers and sub-tables included.
pub(super) fn hull(item: &Item) -> Option<Range<usize>> {
    match item {
        Item::None => None,
        Item::Value(value) => value.span(),
        Item::Table(table) => table_hull(table),
        Item::ArrayOfTables(tables) => join(tables.iter().map(table_hull)),
    }
}

/// [`hull`] of a table.
pub(super) fn table_hull(table: &Table) -> Option<Range<usize>> {
    let parts = table.iter().map(|(_, item)| hull(item));
    join(std::iter::once(table.span()).chain(parts))
}

fn join(spans: impl Iterator<Item = Option<Range<usize>>>) -> Option<Range<usize>> {
    spans.flatten().reduce(|all, span| all.start.min(span.start)..all.end.max(span.end))
}

/// The parser's words with its picture of the line, unless that line is too long for any screen.
fn shown(error: &toml_edit::TomlError) -> String {
    let picture = error.to_string();
    if picture.lines().all(|line| line.len() <= MAX_COLUMN) { picture } else { error.message().to_owned() }
        .trim_end()
        .to_owned()
}

/// Where each line starts.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect())
    }

    fn place(&self, file: &RelPath, text: &str, offset: usize) -> Place {
        let line = self.0.partition_point(|&start| start <= offset);
        let start = self.0.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let before = text.get(start..offset).unwrap_or_default();
        Place { file: file.clone(), line, column: before.chars().take(MAX_COLUMN - 1).count() + 1 }
    }
}
