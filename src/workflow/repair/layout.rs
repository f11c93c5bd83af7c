//! Where every part of a workflow file lies, to the byte: keys, values, their ends, and in which style they are written.
//!
//! The reading next door follows aliases and forgets how things were spelled; a repair must know exactly that. Nothing here
//! is a meaning: what a file says is only ever read by `yaml`, before and after. The input has been read by `yaml` first,
//! so that its size and depth are bounded.

use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle};

/// A node as it is written.
#[derive(Debug)]
pub(super) struct Node {
    /// The first byte of its content: the quote, the first letter, the bracket, the first key.
    pub(super) start: usize,
    /// The byte after its last one; trailing blanks, comments and the line end lie beyond it.
    pub(super) end: usize,
    /// The anchor's number; 0: none.
    pub(super) anchor: usize,
    /// Whether a tag stands before it.
    pub(super) tagged: bool,
    /// What it is.
    pub(super) kind: Kind,
}

/// What a node is.
#[derive(Debug)]
pub(super) enum Kind {
    /// A scalar.
    Scalar { style: ScalarStyle, value: String },
    /// `*name`, with the number of its anchor.
    Alias(usize),
    /// A sequence.
    List { flow: bool, items: Vec<Node> },
    /// A mapping.
    Map { flow: bool, entries: Vec<(Node, Node)> },
}

impl Node {
    /// The scalar's text; nothing for anything else.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The key and the value of an entry.
    pub(super) fn entry(&self, key: &str) -> Option<(&Self, &Self)> {
        let entry = self.entries().iter().find(|(name, _)| name.text() == Some(key))?;
        Some((&entry.0, &entry.1))
    }

    /// The entries of a mapping.
    pub(super) fn entries(&self) -> &[(Self, Self)] {
        match &self.kind {
            Kind::Map { entries, .. } => entries,
            _ => &[],
        }
    }

    /// The items of a sequence.
    pub(super) fn items(&self) -> &[Self] {
        match &self.kind {
            Kind::List { items, .. } => items,
            _ => &[],
        }
    }

    /// Whether it is a block of `|` or `>`.
    pub(super) fn is_block_text(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { style: ScalarStyle::Literal | ScalarStyle::Folded, .. })
    }

    /// Calls `visit` with this node and every one below it. Depth is bounded by the reading.
    pub(super) fn each<'a>(&'a self, visit: &mut impl FnMut(&'a Self)) {
        visit(self);
        match &self.kind {
            Kind::List { items, .. } => items.iter().for_each(|item| item.each(visit)),
            Kind::Map { entries, .. } => entries.iter().for_each(|(key, value)| {
                key.each(visit);
                value.each(visit);
            }),
            Kind::Scalar { .. } | Kind::Alias(_) => {}
        }
    }
}

/// Reads the first document of a text that `yaml` could read. `None`: the parser is of another opinion after all.
pub(super) fn read(text: &str) -> Option<Node> {
    let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut builder = Builder { text, bom, open: Vec::new(), root: None };
    for next in Parser::new_from_str(&text[bom..]) {
        let (event, span) = next.ok()?;
        if matches!(event, Event::DocumentEnd) {
            break;
        }
        builder.take(event, span);
    }
    builder.root
}

struct Builder<'a> {
    text: &'a str,
    bom: usize,
    open: Vec<Open>,
    root: Option<Node>,
}

struct Open {
    start: usize,
    anchor: usize,
    tagged: bool,
    flow: bool,
    list: bool,
    nodes: Vec<Node>,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) {
        let start = self.byte(span.start.byte_offset());
        let end = self.byte(span.end.byte_offset());
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let end = match style {
                    ScalarStyle::Literal | ScalarStyle::Folded => self.block_end(start, span.indent),
                    _ => end,
                };
                let kind = Kind::Scalar { style, value: value.into_owned() };
                self.add(Node { start, end, anchor, tagged: tag.is_some(), kind });
            }
            Event::Alias(id) => self.add(Node { start, end, anchor: 0, tagged: false, kind: Kind::Alias(id) }),
            Event::SequenceStart(style, anchor, tag) => self.enter(start, style, anchor, tag.is_some(), true),
            Event::MappingStart(style, anchor, tag) => self.enter(start, style, anchor, tag.is_some(), false),
            Event::SequenceEnd | Event::MappingEnd => self.leave(end),
            _ => {}
        }
    }

    fn byte(&self, offset: Option<usize>) -> usize {
        (offset.unwrap_or_default() + self.bom).min(self.text.len())
    }

    fn enter(&mut self, start: usize, style: StructureStyle, anchor: usize, tagged: bool, list: bool) {
        let flow = style == StructureStyle::Flow;
        self.open.push(Open { start, anchor, tagged, flow, list, nodes: Vec::new() });
    }

    fn leave(&mut self, end: usize) {
        let Some(Open { start, anchor, tagged, flow, list, nodes }) = self.open.pop() else { return };
        let start = if flow { start } else { nodes.first().map_or(start, |node| node.start.min(start)) };
        let end = if flow { end } else { nodes.iter().map(|node| node.end).max().unwrap_or(start) };
        let kind = if list {
            Kind::List { flow, items: nodes }
        } else {
            let mut nodes = nodes.into_iter();
            let entries = std::iter::from_fn(|| Some((nodes.next()?, nodes.next()?))).collect();
            Kind::Map { flow, entries }
        };
        self.add(Node { start, end, anchor, tagged, kind });
    }

    fn add(&mut self, mut node: Node) {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        // A value that is not written, and a block without a line, have no place of their own: they end where their key does.
        let unwritten = match &node.kind {
            Kind::Scalar { style: ScalarStyle::Plain, value } => value.is_empty(),
            Kind::Scalar { value, .. } => node.is_block_text() && value.trim().is_empty(),
            _ => false,
        };
        if let (true, false, Some(key)) = (unwritten, open.list, open.nodes.last())
            && open.nodes.len() % 2 == 1
        {
            (node.start, node.end) = (key.end, key.end);
        }
        open.nodes.push(node);
    }

    /// The end of the last line of a block's text that is not blank. `start` is its first letter.
    fn block_end(&self, start: usize, indent: Option<usize>) -> usize {
        let line = self.text[..start].rfind('\n').map_or(self.bom, |at| at + 1);
        let indent = indent.unwrap_or(start - line);
        let mut end = start;
        let mut at = line;
        for line in self.text[line..].split_inclusive('\n') {
            let body = line.trim_end_matches(['\n', '\r']);
            let blanks = body.len() - body.trim_start_matches(' ').len();
            if !body.trim().is_empty() {
                if blanks < indent {
                    break;
                }
                end = at + body.len();
            }
            at += line.len();
        }
        end
    }
}
