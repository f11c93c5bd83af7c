//! Edits of a config file as splices of its text: what is not spliced stays as it is, byte for byte.
//!
//! toml_edit finds the places; it does not print, because its printing loses CRLF line ends.

use std::ops::Range;

use toml_edit::{Item, Table, TableLike, Value};

use super::document::{Document, hull, table_hull};
use super::policy::{BLOCK, ENVIRONMENT, REPOSITORY, TAG_PATTERN, WORKFLOW, WORKFLOW_REPOSITORY};
use super::{Wanted, render};
use crate::model::TrustPolicy;

/// All keys of a block.
const KEYS: [&str; 5] = [WORKFLOW, ENVIRONMENT, REPOSITORY, TAG_PATTERN, WORKFLOW_REPOSITORY];

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
    #[error("its trust_policy is no table")]
    NotATable,
    #[error("`{0}` of its trust_policy is no text")]
    NotAText(&'static str),
    #[error("its {0} would have to go, and a comment with it")]
    Comment(&'static str),
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
    let text = document.text();
    match package.get(BLOCK) {
        None => Ok(vec![new_block(text, package, policy)]),
        Some(Item::Table(block)) if block.is_dotted() => in_lines(text, block, &format!("{BLOCK}."), policy),
        Some(Item::Table(block)) if block.is_implicit() => Ok(vec![new_block(text, package, policy)]),
        Some(Item::Table(block)) => in_lines(text, block, "", policy),
        Some(Item::Value(Value::InlineTable(block))) => in_braces(text, block, policy),
        Some(_) => Err(CannotEdit::NotATable),
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

/// `[package.trust_policy]` below all that belongs to the package.
fn new_block(text: &str, package: &Table, policy: &TrustPolicy) -> Splice {
    let end = table_hull(package).map_or(text.len(), |span| span.end);
    let header = package.span().map_or("", |span| indent(text, span.start));
    let first = package.iter().find_map(|(_, item)| item.as_value().and_then(Value::span));
    let keys = first.map_or(header, |span| indent(text, span.start));
    let lines = render::block(policy);
    let indented = lines.iter().enumerate().map(|(i, line)| format!("{}{line}", if i == 0 { header } else { keys }));
    paragraph(text, past_comments(text, next_line(text, end)), &indented.collect::<Vec<_>>())
}

/// The values of a block whose keys have lines of their own: under a header, or dotted.
fn in_lines(text: &str, block: &Table, prefix: &str, policy: &TrustPolicy) -> Result<Vec<Splice>, CannotEdit> {
    let mut splices = replacements(text, block, policy)?;
    let surplus = surplus(block, policy);
    // Dotted keys are all that there is of their block: without the last of them it would be gone.
    let emptied = !prefix.is_empty() && surplus.len() == block.len() && missing(block, policy).is_empty();
    for (i, (key, item)) in surplus.into_iter().enumerate() {
        let span = hull(item).ok_or(CannotEdit::NotAText(key))?;
        let line = line_start(text, span.start)..next_line(text, span.end);
        let end = &text[span.end..line.end];
        if !end.trim().is_empty() {
            return Err(CannotEdit::Comment(key));
        }
        let kept =
            if emptied && i == 0 { format!("{}{BLOCK} = {{}}{end}", indent(text, span.start)) } else { String::new() };
        splices.push(Splice { range: line, text: kept });
    }
    let own = |item: &Item| item.is_value() || item.as_table().is_some_and(Table::is_dotted);
    let last = block.iter().filter(|(_, item)| own(item)).filter_map(|(_, item)| hull(item)).max_by_key(|s| s.end);
    let missing = missing(block, policy);
    if let (false, Some(last)) = (missing.is_empty(), last.or_else(|| block.span())) {
        let indent = indent(text, last.start);
        let lines = render::assignments(&missing).into_iter().map(|line| format!("{indent}{prefix}{line}"));
        splices.push(insertion(text, next_line(text, last.end), &lines.collect::<Vec<_>>()));
    }
    Ok(splices)
}

/// The values of a block in braces.
fn in_braces(text: &str, block: &toml_edit::InlineTable, policy: &TrustPolicy) -> Result<Vec<Splice>, CannotEdit> {
    let whole = block.span().ok_or(CannotEdit::NotATable)?;
    let last = block.iter().filter_map(|(_, value)| value.span()).map(|span| span.end).max();
    let missing = missing(block, policy);
    let surplus = surplus(block, policy);
    if !surplus.is_empty() || last.is_none() {
        // Taken apart and written anew; so nothing may be in it that would be lost.
        let known = block.iter().all(|(key, _)| KEYS.contains(&key));
        if !known || text[whole.clone()].contains(['#', '\n']) {
            return Err(CannotEdit::Comment(surplus.first().map_or(WORKFLOW, |(key, _)| *key)));
        }
        let mut pairs = render::pairs(policy);
        for key in [WORKFLOW, REPOSITORY, TAG_PATTERN] {
            if let (false, Some(kept)) = (pairs.iter().any(|(k, _)| *k == key), block.get(key).and_then(Value::as_str))
            {
                pairs.push((key, kept.to_owned()));
            }
        }
        return Ok(vec![Splice { range: whole, text: render::braces(&pairs) }]);
    }
    let mut splices = replacements(text, block, policy)?;
    if let (false, Some(last)) = (missing.is_empty(), last) {
        let text = format!(", {}", render::assignments(&missing).join(", "));
        splices.push(Splice { range: last..last, text });
    }
    Ok(splices)
}

/// Other values in place of those that differ.
fn replacements(text: &str, block: &dyn TableLike, policy: &TrustPolicy) -> Result<Vec<Splice>, CannotEdit> {
    let mut splices = Vec::new();
    for (key, value) in render::pairs(policy) {
        let Some(item) = block.get(key) else { continue };
        if item.as_str() == Some(&value) {
            continue;
        }
        let range = item.as_value().and_then(Value::span).ok_or(CannotEdit::NotAText(key))?;
        let literal = text[range.clone()].starts_with('\'') && !value.contains('\'');
        let text = if literal { format!("'{value}'") } else { render::quoted(&value) };
        splices.push(Splice { range, text });
    }
    Ok(splices)
}

/// What the block lacks.
fn missing(block: &dyn TableLike, policy: &TrustPolicy) -> Vec<(&'static str, String)> {
    render::pairs(policy).into_iter().filter(|(key, _)| !block.contains_key(key)).collect()
}

/// What is there and not wanted: an environment, the repository of a workflow elsewhere. (The other keys stay where they are
/// not given: with and without them the same is said.)
fn surplus<'a>(block: &'a dyn TableLike, policy: &TrustPolicy) -> Vec<(&'static str, &'a Item)> {
    let unwanted =
        [(ENVIRONMENT, policy.environment.is_none()), (WORKFLOW_REPOSITORY, policy.workflow_repository.is_none())];
    unwanted.into_iter().filter(|(_, unwanted)| *unwanted).filter_map(|(key, _)| Some((key, block.get(key)?))).collect()
}

/// Lines set apart from what stands before and behind by blank lines.
fn paragraph(text: &str, at: usize, lines: &[String]) -> Splice {
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
