//! Edits of a config file as splices of its text: what is not spliced stays as it is, byte for byte.
//!
//! toml_edit finds the places; it does not print, because its printing loses CRLF line ends.

use std::ops::Range;

use toml_edit::{InlineTable, Item, Table, TableLike, Value};

use super::document::{Document, hull, table_hull};
use super::policy::{BLOCK, ENVIRONMENT, WORKFLOW, WORKFLOW_REPOSITORY};
use super::{Wanted, render};
use crate::model::TrustPolicy;

/// What a block shall hold, and what it shall not. Its other keys stay.
#[derive(Debug)]
pub(super) struct Keys {
    /// With these values.
    pub(super) set: Vec<(&'static str, String)>,
    /// These go.
    pub(super) drop: Vec<&'static str>,
}

impl Keys {
    /// An environment that is not wanted goes, and the repository of a workflow elsewhere. (The other keys stay where they are
    /// not given: with and without them the same is said.)
    fn of(policy: &TrustPolicy) -> Self {
        let unwanted =
            [(ENVIRONMENT, policy.environment.is_none()), (WORKFLOW_REPOSITORY, policy.workflow_repository.is_none())];
        let drop = unwanted.into_iter().filter(|(_, unwanted)| *unwanted).map(|(key, _)| key);
        Self { set: render::pairs(policy), drop: drop.collect() }
    }

    /// What the block lacks.
    fn missing(&self, block: &dyn TableLike) -> Vec<(&'static str, String)> {
        self.set.iter().filter(|(key, _)| !block.contains_key(key)).cloned().collect()
    }

    /// What is there and has to go.
    fn surplus<'a>(&self, block: &'a dyn TableLike) -> Vec<(&'static str, &'a Item)> {
        self.drop.iter().filter_map(|&key| Some((key, block.get(key)?))).collect()
    }
}

/// Text in place of a range of the old text. An empty range inserts.
#[derive(Debug)]
pub(super) struct Splice {
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

/// Why a file cannot be edited safely.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum CannotEdit {
    #[error("its packages stand in an array of inline tables, which untoken does not take apart")]
    InlinePackages,
    #[error("`package` is no list of packages there")]
    NoPackages,
    #[error("its {0} is no table")]
    NotATable(&'static str),
    #[error("it is written there in a form that untoken does not take apart")]
    UnknownForm,
    #[error("its {0} is no text")]
    NotAText(&'static str),
    #[error("its {0} would have to go, and a comment with it")]
    Comment(&'static str),
    #[error(
        "[{0}] gives it the environment {1}, which a package cannot take back: move that line to those that use it"
    )]
    Inherited(String, String),
}

/// The text with the splices in it. They must not overlap.
pub(super) fn spliced(text: &str, splices: &[Splice]) -> String {
    let mut order: Vec<_> = splices.iter().collect();
    order.sort_by_key(|splice| (splice.range.start, splice.range.end));
    let mut result = String::with_capacity(text.len() + 256);
    let mut done = 0;
    for splice in order {
        result.push_str(&text[done..splice.range.start]);
        result.push_str(&splice.text);
        done = splice.range.end;
    }
    result.push_str(&text[done..]);
    result
}

/// Makes the policy of the `index`th package what is wanted, in the form that is there.
pub(super) fn set_policy(document: &Document, index: usize, policy: &TrustPolicy) -> Result<Vec<Splice>, CannotEdit> {
    let package = match document.root().get("package") {
        Some(Item::ArrayOfTables(tables)) => tables.get(index).ok_or(CannotEdit::NoPackages)?,
        Some(Item::Value(Value::Array(_))) => return Err(CannotEdit::InlinePackages),
        _ => return Err(CannotEdit::NoPackages),
    };
    let (text, keys) = (document.text(), Keys::of(policy));
    let new_block = |below| Ok(vec![paragraph_below(text, below, &render::block(policy))]);
    match package.get(BLOCK) {
        None => new_block(package),
        Some(Item::Table(block)) if block.is_dotted() => in_lines(text, block, &format!("{BLOCK}."), &keys),
        Some(Item::Table(block)) if block.is_implicit() => new_block(package),
        Some(Item::Table(block)) => in_lines(text, block, "", &keys),
        Some(Item::Value(Value::InlineTable(block))) => in_braces(text, block, &keys),
        Some(_) => Err(CannotEdit::NotATable(BLOCK)),
    }
}

/// Adds a package at the end.
pub(super) fn add_package(document: &Document, wanted: &Wanted<'_>) -> Result<Vec<Splice>, CannotEdit> {
    match document.root().get("package") {
        None | Some(Item::ArrayOfTables(_)) => {}
        Some(Item::Value(Value::Array(_))) => return Err(CannotEdit::InlinePackages),
        Some(_) => return Err(CannotEdit::NoPackages),
    }
    let text = document.text();
    Ok(vec![paragraph(text, text.len(), &render::package(wanted))])
}

/// A header with its lines, below all that belongs to a table and with its blanks.
pub(super) fn paragraph_below(text: &str, table: &Table, lines: &[String]) -> Splice {
    let end = table_hull(table).map_or(text.len(), |span| span.end);
    let header = table.span().map_or("", |span| indent(text, span.start));
    let first = table.iter().find_map(|(_, item)| item.as_value().and_then(Value::span));
    let keys = first.map_or(header, |span| indent(text, span.start));
    let indented = lines.iter().enumerate().map(|(i, line)| format!("{}{line}", if i == 0 { header } else { keys }));
    paragraph(text, past_comments(text, next_line(text, end)), &indented.collect::<Vec<_>>())
}

/// The values of a block whose keys have lines of their own: under a header, or dotted.
pub(super) fn in_lines(text: &str, block: &Table, prefix: &str, keys: &Keys) -> Result<Vec<Splice>, CannotEdit> {
    let mut splices = replacements(text, block, keys)?;
    let (surplus, missing) = (keys.surplus(block), keys.missing(block));
    // Dotted keys are all that there is of their block: without the last of them it would be gone.
    let emptied = !prefix.is_empty() && surplus.len() == block.len() && missing.is_empty();
    for (i, (key, item)) in surplus.into_iter().enumerate() {
        let span = hull(item).ok_or(CannotEdit::NotAText(key))?;
        let line = line_start(text, span.start)..next_line(text, span.end);
        let end = &text[span.end..line.end];
        if !end.trim().is_empty() {
            return Err(CannotEdit::Comment(key));
        }
        let name = prefix.trim_end_matches('.');
        let kept =
            if emptied && i == 0 { format!("{}{name} = {{}}{end}", indent(text, span.start)) } else { String::new() };
        splices.push(Splice { range: line, text: kept });
    }
    if !missing.is_empty() {
        splices.extend(lines_at_end(text, block, prefix, &missing));
    }
    Ok(splices)
}

/// New lines after a table's own ones. `None` where nothing tells where those are.
pub(super) fn lines_at_end(
    text: &str,
    block: &Table,
    prefix: &str,
    pairs: &[(&'static str, String)],
) -> Option<Splice> {
    let own = |item: &Item| item.is_value() || item.as_table().is_some_and(Table::is_dotted);
    let last = block.iter().filter(|(_, item)| own(item)).filter_map(|(_, item)| hull(item)).max_by_key(|s| s.end);
    let last = last.or_else(|| block.span())?;
    let indent = indent(text, last.start);
    let lines = render::assignments(pairs).into_iter().map(|line| format!("{indent}{prefix}{line}"));
    Some(insertion(text, next_line(text, last.end), &lines.collect::<Vec<_>>()))
}

/// The values of a block in braces.
pub(super) fn in_braces(text: &str, block: &InlineTable, keys: &Keys) -> Result<Vec<Splice>, CannotEdit> {
    if keys.surplus(block).is_empty() {
        let mut splices = replacements(text, block, keys)?;
        let missing = keys.missing(block);
        if !missing.is_empty() {
            splices.push(into_braces(text, block, &render::assignments(&missing).join(", "))?);
        }
        return Ok(splices);
    }
    // Taken apart and written anew; so nothing may be in it that would be lost.
    let whole = block.span().ok_or(CannotEdit::UnknownForm)?;
    let plain = block.iter().all(|(_, value)| value.is_str() || value.is_bool());
    if !plain || text[whole.clone()].contains(['#', '\n']) {
        return Err(CannotEdit::Comment(keys.drop.first().copied().unwrap_or(WORKFLOW)));
    }
    let mut parts = Vec::new();
    for (key, value) in block.iter().filter(|(key, _)| !keys.drop.contains(key)) {
        let old = value.span().map(|span| &text[span]).unwrap_or_default();
        let new = keys.set.iter().find(|(set, new)| *set == key && value.as_str() != Some(new));
        parts.push(format!("{key} = {}", new.map_or_else(|| old.to_owned(), |(_, new)| literal(old, new))));
    }
    parts.extend(render::assignments(&keys.missing(block)));
    let text = if parts.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", parts.join(", ")) };
    Ok(vec![Splice { range: whole, text }])
}

/// More pairs at the end of what stands in braces.
pub(super) fn into_braces(text: &str, block: &InlineTable, pairs: &str) -> Result<Splice, CannotEdit> {
    let last = block.iter().filter_map(|(_, value)| value.span()).map(|span| span.end).max();
    match (last, block.span()) {
        (Some(last), _) => Ok(Splice { range: last..last, text: format!(", {pairs}") }),
        (None, Some(whole)) if text[whole.clone()].contains('#') => Err(CannotEdit::UnknownForm),
        (None, Some(whole)) => Ok(Splice { range: whole, text: format!("{{ {pairs} }}") }),
        (None, None) => Err(CannotEdit::UnknownForm),
    }
}

/// Other values in place of those that differ.
fn replacements(text: &str, block: &dyn TableLike, keys: &Keys) -> Result<Vec<Splice>, CannotEdit> {
    let mut splices = Vec::new();
    for &(key, ref value) in &keys.set {
        let Some(item) = block.get(key) else { continue };
        if item.as_str() == Some(value) {
            continue;
        }
        let range = item.as_value().and_then(Value::span).ok_or(CannotEdit::NotAText(key))?;
        splices.push(Splice { text: literal(&text[range.clone()], value), range });
    }
    Ok(splices)
}

/// A text in the quotes that the old one had.
fn literal(old: &str, new: &str) -> String {
    if old.starts_with('\'') && !new.contains('\'') { format!("'{new}'") } else { render::quoted(new) }
}

/// Lines set apart from what stands before and behind by blank lines.
pub(super) fn paragraph(text: &str, at: usize, lines: &[String]) -> Splice {
    let blank = |line: &str| line.trim().is_empty();
    let mut all = Vec::with_capacity(lines.len() + 2);
    if !text[..at].lines().next_back().is_none_or(blank) {
        all.push(String::new());
    }
    all.extend_from_slice(lines);
    if !text[at..].lines().next().is_none_or(blank) {
        all.push(String::new());
    }
    insertion(text, at, &all)
}

/// Whole lines, with the line end of the line before them.
fn insertion(text: &str, at: usize, lines: &[String]) -> Splice {
    let before = &text[..at];
    let end = match before.rfind('\n').or_else(|| text.find('\n')) {
        Some(i) if text[..i].ends_with('\r') => "\r\n",
        _ => "\n",
    };
    let open = !before.is_empty() && !before.ends_with('\n');
    let mut inserted = if open { end.to_owned() } else { String::new() };
    for line in lines {
        inserted.push_str(line);
        inserted.push_str(end);
    }
    Splice { range: at..at, text: inserted }
}

/// Past comments that hug the line before them, unless they hug what follows even so.
fn past_comments(text: &str, at: usize) -> usize {
    let mut end = at;
    while text[end..].trim_start_matches([' ', '\t']).starts_with('#') {
        end = next_line(text, end);
    }
    if text[end..].lines().next().is_none_or(|line| line.trim().is_empty()) { end } else { at }
}

fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |i| i + 1)
}

fn next_line(text: &str, offset: usize) -> usize {
    text[offset..].find('\n').map_or(text.len(), |i| offset + i + 1)
}

/// The blanks that a line starts with.
fn indent(text: &str, offset: usize) -> &str {
    let line = &text[line_start(text, offset)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}
