//! A config file as text with spans: the one place that knows about BOM, line ends and byte offsets.

use std::ops::Range;

use toml_edit::{ArrayOfTables, Document as Toml, Item, Table};

use super::{Flavour, MONOCHANGE, PUTITOUTTHERE, Schema, UNTOKEN};
use crate::model::{Finding, Place, RelPath, Severity, SourceFile};

const BOM: &str = "\u{feff}";

/// A file that was parsed. Offsets count bytes after the BOM.
pub(super) struct Document {
    path: RelPath,
    bom: bool,
    toml: Toml<String>,
}

impl Document {
    /// Parses it; else the finding says why not, in the parser's words with the line.
    pub(super) fn parse(file: &SourceFile) -> Result<Self, Box<Finding>> {
        let text = std::str::from_utf8(&file.bytes).map_err(|e| {
            let valid = String::from_utf8_lossy(&file.bytes[..e.valid_up_to()]);
            let finding = Finding::new(Severity::Error, format!("{} is not UTF-8", file.path));
            Box::new(finding.at(place(&file.path, &valid, valid.len())).hint("save it as UTF-8"))
        })?;
        let body = text.strip_prefix(BOM).unwrap_or(text);
        let toml = Toml::parse(body.to_owned()).map_err(|e| {
            let at = place(&file.path, body, e.span().map_or(0, |span| span.start));
            let finding = Finding::new(Severity::Error, format!("{} is not valid TOML: {e}", file.path));
            Box::new(finding.at(at).hint("nothing in this file counts until it can be read"))
        })?;
        Ok(Self { path: file.path.clone(), bom: body.len() < text.len(), toml })
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
        place(&self.path, self.text(), offset)
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

fn place(file: &RelPath, text: &str, offset: usize) -> Place {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |i| i + 1);
    Place {
        file: file.clone(),
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
    }
}
