//! The few edits that all repairs are made of: an entry more, another text, an entry less, an item more or less.
//!
//! Each one looks at its own place only and refuses what it can't see through. Indentation and line ends are the
//! neighbours'.

use serde_json::{Map, Value};

use super::document::{Change, Document, Edit, Path, Seg};
use super::layout::{Kind, Node};
use super::{Obstacle, Splice, lines};

/// The blocks that go when their last entry goes.
const EMPTIED: &[&str] = &["env", "with"];

/// Where a new entry goes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Spot<'a> {
    /// After the entry of this key.
    After(&'a str),
    /// After all others.
    Last,
}

/// What a new entry holds.
#[derive(Debug, Clone)]
pub(super) enum New {
    Text(String),
    Map(Vec<(String, String)>),
}

impl New {
    pub(super) fn meaning(&self) -> Value {
        match self {
            Self::Text(text) => Value::String(text.clone()),
            Self::Map(entries) => Value::Object(
                entries.iter().map(|(key, text)| (key.clone(), Value::String(text.clone()))).collect::<Map<_, _>>(),
            ),
        }
    }

    /// The lines of an entry, without indentation; `unit` is how far a level goes in.
    pub(super) fn lines(&self, key: &str, unit: usize) -> Vec<String> {
        match self {
            Self::Text(text) => vec![format!("{key}: {}", lines::scalar(text))],
            Self::Map(entries) => {
                let pad = " ".repeat(unit);
                let inner = entries.iter().map(|(key, text)| format!("{pad}{key}: {}", lines::scalar(text)));
                std::iter::once(format!("{key}:")).chain(inner).collect()
            }
        }
    }
}

/// A new entry in a block mapping.
pub(super) fn add_entry(doc: &Document, map: &Path, spot: Spot<'_>, key: &str, new: &New) -> Result<Edit, Obstacle> {
    let node = doc.reach(map)?;
    let column = entries_column(doc, map, node)?;
    let (_, value) = match spot {
        Spot::After(before) => node.entry(before),
        Spot::Last => node.entries().last().map(|(key, value)| (key, value)),
    }
    .ok_or(Obstacle::Odd)?;
    let rows: Vec<String> = new.lines(key, unit(doc, map)).into_iter().map(|line| " ".repeat(column) + &line).collect();
    let splice = after_line(doc.text(), value.end, &rows)?;
    Ok(Edit { splices: vec![splice], changes: vec![Change::Set(map.key(key), new.meaning())] })
}

/// Another text for a scalar of one line, in the old one's quotes.
pub(super) fn set_text(doc: &Document, path: &Path, value: &str) -> Result<Edit, Obstacle> {
    let node = doc.reach(path)?;
    let old = &doc.text()[node.start..node.end];
    if node.text().is_none() || node.is_block_text() || old.is_empty() || old.contains('\n') {
        return Err(Obstacle::Odd);
    }
    let plain = value.chars().all(|c| !c.is_control() && !matches!(c, '"' | '\\'));
    let new = match old.as_bytes().first() {
        Some(b'\'') => format!("'{}'", value.replace('\'', "''")),
        Some(b'"') if plain => format!("\"{value}\""),
        Some(b'"') => return Err(Obstacle::Odd),
        _ => lines::scalar(value),
    };
    let splice = Splice { at: node.start, removed: old.to_owned(), added: new };
    Ok(Edit { splices: vec![splice], changes: vec![Change::Set(path.clone(), Value::String(value.to_owned()))] })
}

/// Takes an entry out of a block mapping. An `env` or `with` that would be empty goes as a whole. Lines that are comments
/// stay where they are.
pub(super) fn remove_entry(doc: &Document, map: &Path, key: &str) -> Result<Edit, Obstacle> {
    let owner = owner(map);
    let alone = doc.says(map).and_then(Value::as_object).is_some_and(|entries| entries.len() == 1);
    if let (true, Some((outer, name))) = (alone && doc.has(&map.key(key)), owner)
        && EMPTIED.contains(&name.as_str())
    {
        return remove_entry(doc, &outer, &name);
    }
    let node = doc.reach(map)?;
    entries_column(doc, map, node)?;
    let index = node.entries().iter().position(|(name, _)| name.text() == Some(key));
    let index = index.ok_or_else(|| Obstacle::NotThere(key.to_owned()))?;
    let (name, value) = &node.entries()[index];
    if doc.is_referred_to(value) || name.anchor > 0 {
        return Err(Obstacle::Anchored(key.to_owned()));
    }
    if node.entries().len() == 1 {
        return Err(Obstacle::Odd);
    }
    let splices = match (index, map.0.last()) {
        (0, Some(Seg::Item(_))) => vec![first_of_item(doc, node)?],
        _ => whole_lines(doc, name, value)?,
    };
    Ok(Edit { splices, changes: vec![Change::Remove(map.key(key))] })
}

/// The first entry of a list's item stands behind the dash: the next one moves up to it.
fn first_of_item(doc: &Document, item: &Node) -> Result<Splice, Obstacle> {
    let [(name, value), (next, _), ..] = item.entries() else { return Err(Obstacle::Odd) };
    let (after, below) = (lines::after(doc.text(), value.end), lines::next_of(doc.text(), value.end));
    let blank = doc.text().get(below..next.start).is_some_and(|gap| gap.trim().is_empty());
    if !lines::is_idle(after) || !blank || value.is_block_text() {
        return Err(Obstacle::Odd);
    }
    Ok(Splice { at: name.start, removed: doc.text()[name.start..next.start].to_owned(), added: String::new() })
}

/// The lines from a key to the end of its value; comments between them stay.
fn whole_lines(doc: &Document, name: &Node, value: &Node) -> Result<Vec<Splice>, Obstacle> {
    let text = doc.text();
    let (from, last) = (lines::start_of(text, name.start), value.end.max(name.end));
    if !lines::is_idle(lines::after(text, last).trim_start_matches(':')) {
        return Err(Obstacle::Odd);
    }
    let to = lines::next_of(text, last);
    let mut folded = false;
    value.each(&mut |node| folded |= node.text().is_some() && text[node.start..node.end].contains('\n'));
    let mut splices: Vec<Splice> = Vec::new();
    let mut at = from;
    for line in text[from..to].split_inclusive('\n') {
        let stays = at > from && !value.is_block_text() && (lines::is_comment(line) || line.trim().is_empty());
        if stays && folded {
            return Err(Obstacle::Odd);
        }
        match splices.last_mut().filter(|last| last.at + last.removed.len() == at) {
            _ if stays => {}
            Some(last) => last.removed.push_str(line),
            None => splices.push(Splice { at, removed: line.to_owned(), added: String::new() }),
        }
        at += line.len();
    }
    // The last line of a file without a line end: the one before it gives up its own.
    if let Some(last) = splices.last_mut().filter(|last| to == text.len() && !last.removed.ends_with('\n')) {
        let end = text[..last.at].len() - text[..last.at].trim_end_matches(['\n', '\r']).len();
        let end = end.min(lines::end_at(text, last.at.saturating_sub(1)).len());
        last.at -= end;
        last.removed.insert_str(0, &text[last.at..last.at + end]);
    }
    splices.reverse();
    Ok(splices)
}

/// A new item before another one of a block list. `rows` are its lines without indentation, the dash of the first left out.
pub(super) fn add_item(
    doc: &Document,
    list: &Path,
    index: usize,
    rows: &[String],
    meaning: Value,
) -> Result<Edit, Obstacle> {
    let text = doc.text();
    let items = doc.reach(list)?.items();
    let item = items.get(index).ok_or(Obstacle::Odd)?;
    let (dash, gap) = dash(text, item)?;
    let top = above_comments(text, item.start, dash.len());
    let end = lines::end_at(text, item.start);
    let mut added = String::new();
    for (number, row) in rows.iter().enumerate() {
        let lead = if number == 0 { format!("{dash}-{gap}") } else { format!("{dash} {gap}") };
        added.push_str(&format!("{lead}{row}{end}"));
    }
    if apart(text, items, index, dash.len()) {
        added.push_str(end);
    }
    let splice = Splice { at: top, removed: String::new(), added };
    Ok(Edit { splices: vec![splice], changes: vec![Change::Insert(list.item(index), meaning)] })
}

/// Takes an item out of a block list, with the blank line after it where the items are set apart.
pub(super) fn remove_item(doc: &Document, list: &Path, index: usize) -> Result<Edit, Obstacle> {
    let text = doc.text();
    let items = doc.reach(list)?.items();
    let item = items.get(index).filter(|_| items.len() > 1).ok_or(Obstacle::Odd)?;
    let (dash, _) = dash(text, item)?;
    if doc.is_referred_to(item) || text[item.start..item.end].lines().any(lines::is_comment) {
        return Err(Obstacle::Odd);
    }
    let from = lines::start_of(text, item.start);
    let mut to = lines::next_of(text, item.end);
    if !lines::is_idle(lines::after(text, item.end)) || !text[..to].ends_with('\n') {
        return Err(Obstacle::Odd);
    }
    if apart(text, items, index, dash.len()) && to < text.len() && lines::after(text, to).trim().is_empty() {
        to = lines::next_of(text, to);
    }
    let splice = Splice { at: from, removed: text[from..to].to_owned(), added: String::new() };
    Ok(Edit { splices: vec![splice], changes: vec![Change::Remove(list.item(index))] })
}

/// What stands before an item's dash, and between the dash and the item.
pub(super) fn dash<'a>(text: &'a str, item: &Node) -> Result<(&'a str, &'a str), Obstacle> {
    let (dash, gap) = lines::before(text, item.start).split_once('-').ok_or(Obstacle::Odd)?;
    let blank = |part: &str| part.chars().all(|c| c == ' ');
    if blank(dash) && blank(gap) && !gap.is_empty() { Ok((dash, gap)) } else { Err(Obstacle::Odd) }
}

/// The beginning of the comment lines right above an item, as far as they are indented like it.
pub(super) fn above_comments(text: &str, item: usize, column: usize) -> usize {
    let mut top = lines::start_of(text, item);
    while top > 0 {
        let above = lines::start_of(text, top - 1);
        let line = &text[above..top];
        if above == top || !lines::is_comment(line) || line.find('#') != Some(column) {
            break;
        }
        top = above;
    }
    top
}

/// Whether the items around a place are set apart by a blank line.
pub(super) fn apart(text: &str, items: &[Node], index: usize, column: usize) -> bool {
    let pair = if index > 0 { (index - 1, index) } else { (0, 1) };
    let (Some(first), Some(second)) = (items.get(pair.0), items.get(pair.1)) else { return false };
    let (from, to) = (lines::next_of(text, first.end), above_comments(text, second.start, column));
    text.get(from..to).is_some_and(|between| between.lines().any(|line| line.trim().is_empty()))
}

/// New lines after the one in which something ends.
fn after_line(text: &str, end: usize, rows: &[String]) -> Result<Splice, Obstacle> {
    if !lines::is_idle(lines::after(text, end)) {
        return Err(Obstacle::Odd);
    }
    let (at, eol) = (lines::next_of(text, end), lines::end_at(text, end));
    let ended = text[..at].ends_with('\n');
    let row = |row: &String| if ended { format!("{row}{eol}") } else { format!("{eol}{row}") };
    Ok(Splice { at, removed: String::new(), added: rows.iter().map(row).collect() })
}

/// The column in which all keys of a block mapping stand.
pub(super) fn entries_column(doc: &Document, map: &Path, node: &Node) -> Result<usize, Obstacle> {
    let Kind::Map { flow: false, entries } = &node.kind else { return Err(Obstacle::Odd) };
    let in_list = matches!(map.0.last(), Some(Seg::Item(_)));
    let mut columns = Vec::new();
    for (index, (key, _)) in entries.iter().enumerate() {
        if key.text().is_none() || key.tagged {
            return Err(Obstacle::Odd);
        }
        columns.push(lines::column(doc.text(), key.start, in_list && index == 0)?);
    }
    let first = columns.first().copied().ok_or(Obstacle::Odd)?;
    if columns.iter().all(|column| *column == first) { Ok(first) } else { Err(Obstacle::Odd) }
}

/// How far a level goes in around here: as the nearest mapping that holds another one does it.
pub(super) fn unit(doc: &Document, map: &Path) -> usize {
    let mut way = map.clone();
    loop {
        if let Ok(node) = doc.reach(&way) {
            let nested = node.entries().iter().filter_map(|(key, value)| match &value.kind {
                Kind::Map { flow: false, entries } => {
                    let inner = lines::column(doc.text(), entries.first()?.0.start, false).ok()?;
                    let outer = lines::column(doc.text(), key.start, true).ok()?;
                    inner.checked_sub(outer).filter(|unit| *unit > 0)
                }
                _ => None,
            });
            if let Some(unit) = { nested }.next() {
                return unit;
            }
        }
        if way.0.pop().is_none() {
            return 2;
        }
    }
}

/// The mapping that holds another one, and under which key.
fn owner(map: &Path) -> Option<(Path, String)> {
    match map.0.split_last() {
        Some((Seg::Key(key), way)) => Some((Path(way.to_vec()), key.clone())),
        _ => None,
    }
}
