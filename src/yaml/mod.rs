//! A YAML document as a tree in which every node knows where it stands, to the byte.
//!
//! Scalars stay text: workflows and manifests are matched by words, and `on`, `1.10` or `yes` must not turn into something
//! else. The input is hostile: size, depth and what aliases expand to are bounded, and nothing here recurses into it
//! unbounded. Nothing here knows what a document is about.

mod text;

pub use text::{Mark, Text};

use std::collections::{HashMap, HashSet};

use serde_saphyr::granit_parser::{self, Event, Parser, ScalarStyle, Span};

use text::Lines;

/// The largest document that is read, in bytes. No file that people write comes near.
const MAX_BYTES: usize = 1024 * 1024;
/// How deep collections may nest.
const MAX_DEPTH: usize = 64;
/// How much a document may weigh with its aliases expanded: a node weighs 16 and its text's length.
const MAX_WEIGHT: usize = 8 * 1024 * 1024;
/// How much of that may be copies made for anchors and aliases.
const MAX_COPIED: usize = 2 * 1024 * 1024;

/// A node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) at: Mark,
    pub(crate) value: Value,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Text(Text),
    List(Vec<Node>),
    Map(Vec<(Text, Node)>),
}

impl Node {
    /// The value under a key of a mapping.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(name, _)| name.value == key).map(|(_, node)| node)
    }

    /// The entries of a mapping; none for anything else.
    pub(crate) fn entries(&self) -> &[(Text, Self)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none for anything else.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The scalar, if it is one.
    pub(crate) fn text(&self) -> Option<&Text> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Calls `visit` with every scalar value below, in the order of the file. Depth is bounded by the reading.
    pub(crate) fn each_text<'a>(&'a self, visit: &mut impl FnMut(&'a Text)) {
        match &self.value {
            Value::Null => {}
            Value::Text(text) => visit(text),
            Value::List(items) => items.iter().for_each(|item| item.each_text(visit)),
            Value::Map(entries) => entries.iter().for_each(|(_, value)| value.each_text(visit)),
        }
    }

    fn depth(&self) -> usize {
        match &self.value {
            Value::Null | Value::Text(_) => 0,
            Value::List(items) => 1 + items.iter().map(Self::depth).max().unwrap_or(0),
            Value::Map(entries) => 1 + entries.iter().map(|(_, value)| value.depth()).max().unwrap_or(0),
        }
    }

    /// What it costs with all below it.
    fn weight(&self) -> usize {
        16 + match &self.value {
            Value::Null => 0,
            Value::Text(text) => text.value.len(),
            Value::List(items) => items.iter().map(Self::weight).sum(),
            Value::Map(entries) => entries.iter().map(|(key, value)| key.value.len() + value.weight()).sum(),
        }
    }
}

/// Why a document can't be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct YamlError {
    /// A lower-case fragment.
    pub(crate) message: String,
    /// Where the reading stopped.
    pub(crate) at: Mark,
}

/// Reads the first document of a file.
pub(crate) fn parse(bytes: &[u8]) -> Result<Node, YamlError> {
    let start = Mark { line: 1, column: 1, byte: 0 };
    let fail = |message: String, at| Err(YamlError { message, at });
    if bytes.len() > MAX_BYTES {
        return fail(format!("the file is larger than {} KiB, which nobody writes", MAX_BYTES / 1024), start);
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let byte = error.valid_up_to();
            let line = 1 + bytes[..byte].iter().filter(|b| **b == b'\n').count();
            return fail(
                format!("the file is not UTF-8 text: byte {byte} fits no character"),
                Mark { line, column: 1, byte },
            );
        }
    };
    let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    Builder::new(&text[bom..], bom).run()
}

fn too_deep(at: Mark) -> YamlError {
    YamlError { message: format!("the file nests deeper than {MAX_DEPTH} levels"), at }
}

/// A collection that is still open.
struct Open {
    at: Mark,
    anchor: usize,
    inside: Inside,
}

enum Inside {
    List(Vec<Node>),
    Map { entries: Vec<(Text, Node)>, keys: HashSet<String>, key: Option<Text> },
}

struct Builder<'a> {
    text: &'a str,
    bom: usize,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    weight: usize,
    copied: usize,
    root: Option<Node>,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str, bom: usize) -> Self {
        Self { text, bom, open: Vec::new(), anchors: HashMap::new(), weight: 0, copied: 0, root: None }
    }

    fn run(mut self) -> Result<Node, YamlError> {
        let mut options = granit_parser::Options::default();
        options.flow_nesting_limit = MAX_DEPTH;
        options.block_nesting_limit = MAX_DEPTH;
        let mut parser = Parser::new_from_str_with_options(self.text, options);
        while let Some(next) = parser.next_event() {
            let (event, span) =
                next.map_err(|error| YamlError { message: error.info(), at: self.mark(error.marker()) })?;
            if matches!(event, Event::DocumentEnd) {
                break;
            }
            self.take(event, span)?;
        }
        Ok(self.root.unwrap_or(Node { at: Mark { line: 1, column: 1, byte: self.bom }, value: Value::Null }))
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), YamlError> {
        let at = self.mark(&span.start);
        match event {
            Event::Scalar(value, style, anchor, _) => {
                let null = style == ScalarStyle::Plain && matches!(&*value, "" | "~" | "null" | "Null" | "NULL");
                // A null key is still a key: `null:` names a job as well as anything.
                let value = if null && !self.wants_key() {
                    Value::Null
                } else {
                    let lines = self.lines(style, &value, &span);
                    Value::Text(Text::new(value.into_owned(), at, lines))
                };
                self.add(Node { at, value }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => self.enter(at, anchor, Inside::List(Vec::new())),
            Event::MappingStart(_, anchor, _) => {
                self.enter(at, anchor, Inside::Map { entries: Vec::new(), keys: HashSet::new(), key: None })
            }
            Event::SequenceEnd | Event::MappingEnd => self.leave(),
            Event::Alias(id) => self.alias(id, at),
            _ => Ok(()),
        }
    }

    fn alias(&mut self, id: usize, at: Mark) -> Result<(), YamlError> {
        let Some(node) = self.anchors.get(&id) else {
            return Err(YamlError { message: "an alias refers to the node that it stands in".to_owned(), at });
        };
        // Weighed before it is copied, and kept as flat as text: an alias of an alias of an alias adds up.
        self.copy(node.weight(), at)?;
        match self.anchors.get(&id) {
            Some(node) if node.depth() + self.open.len() <= MAX_DEPTH => {
                let node = Node { at, value: node.value.clone() };
                self.add(node, 0)
            }
            _ => Err(too_deep(at)),
        }
    }

    fn wants_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { inside: Inside::Map { key: None, .. }, .. }))
    }

    fn enter(&mut self, at: Mark, anchor: usize, inside: Inside) -> Result<(), YamlError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(at));
        }
        self.open.push(Open { at, anchor, inside });
        Ok(())
    }

    fn leave(&mut self) -> Result<(), YamlError> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let value = match open.inside {
            Inside::List(items) => Value::List(items),
            Inside::Map { entries, .. } => Value::Map(entries),
        };
        self.add(Node { at: open.at, value }, open.anchor)
    }

    fn copy(&mut self, weight: usize, at: Mark) -> Result<(), YamlError> {
        self.copied += weight;
        self.weigh(weight, at)
    }

    fn weigh(&mut self, weight: usize, at: Mark) -> Result<(), YamlError> {
        self.weight += weight;
        if self.weight > MAX_WEIGHT || self.copied > MAX_COPIED {
            return Err(YamlError { message: "the file expands to far more than anybody writes".to_owned(), at });
        }
        Ok(())
    }

    /// Puts a finished node where it belongs. What it holds was weighed when that was added.
    fn add(&mut self, node: Node, anchor: usize) -> Result<(), YamlError> {
        let at = node.at;
        self.weigh(16 + node.text().map_or(0, |text| text.value.len()), at)?;
        if anchor > 0 {
            self.copy(node.weight(), at)?;
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.inside) {
            None => self.root = Some(node),
            Some(Inside::List(items)) => items.push(node),
            Some(Inside::Map { entries, keys, key }) => match key.take() {
                Some(name) => entries.push((name, node)),
                None => {
                    let Value::Text(name) = node.value else {
                        return Err(YamlError { message: "a mapping's key is no plain text".to_owned(), at });
                    };
                    if !keys.insert(name.value.clone()) {
                        return Err(YamlError { message: format!("the key `{}` is there twice", name.value), at });
                    }
                    *key = Some(name);
                }
            },
        }
        Ok(())
    }

    fn mark(&self, marker: &granit_parser::Marker) -> Mark {
        Mark {
            line: marker.line().max(1),
            column: marker.col() + 1,
            byte: marker.byte_offset().unwrap_or_default() + self.bom,
        }
    }

    fn lines(&self, style: ScalarStyle, value: &str, span: &Span) -> Lines {
        if style == ScalarStyle::Literal {
            // The parser's span starts at the first line that is not empty; the text holds the empty ones before it.
            let empty = value.bytes().take_while(|byte| *byte == b'\n').count();
            let indent = span.indent.unwrap_or_default();
            return Lines::Literal { first: span.start.line().saturating_sub(empty), indent };
        }
        if span.start.line() == span.end.line() {
            return Lines::One;
        }
        let mut lines = Vec::new();
        for (index, line) in span.slice(self.text).unwrap_or_default().lines().enumerate() {
            lines.extend(line.split_whitespace().map(|_| span.start.line() + index));
        }
        Lines::Words(lines)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn read(text: &str) -> Node {
        parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn scalars_stay_text_and_know_their_place() {
        let tree = read("on: yes\nversion: 1.10\nempty:\nlist: [a, \"b\"]\n");
        let on = tree.get("on").unwrap().text().unwrap();
        assert_eq!((on.value.as_str(), on.at), ("yes", Mark { line: 1, column: 5, byte: 4 }));
        assert_eq!(tree.get("version").unwrap().text().unwrap().value, "1.10");
        assert_eq!(tree.get("empty").unwrap().value, Value::Null);
        assert_eq!(tree.get("list").unwrap().items()[1].text().unwrap().at.column, 11);
    }

    #[test]
    fn places_are_right_with_crlf_and_bom() {
        let tree = read("\u{feff}a: é\r\nb: 'x'\r\nc: |\r\n  one\r\n  two\r\n");
        let b = tree.get("b").unwrap().text().unwrap();
        assert_eq!(b.at, Mark { line: 2, column: 4, byte: 3 + 7 + 3 });
        let c = tree.get("c").unwrap().text().unwrap();
        assert_eq!((c.value.as_str(), c.position(4)), ("one\ntwo\n", (5, 3)));
    }

    #[test]
    fn every_style_of_scalar_knows_the_line_of_a_word() {
        let tree = read("a: |\n\n  one\n  two\nb: >-\n  x y\n  z\nc: p\n  q\nd: \"r\n  s\"\n");
        let line = |key: &str, word: &str| {
            let text = tree.get(key).unwrap().text().unwrap();
            text.position(text.value.find(word).unwrap()).0
        };
        assert_eq!([line("a", "one"), line("a", "two")], [3, 4]);
        assert_eq!([line("b", "x"), line("b", "y"), line("b", "z")], [6, 6, 7]);
        assert_eq!([line("c", "q"), line("d", "r"), line("d", "s")], [9, 10, 11]);
    }

    #[test]
    fn aliases_are_followed_and_stand_where_they_are_used() {
        let tree = read("a: &a\n  run: x\nb: *a\n");
        assert_eq!(tree.get("b").unwrap().at.line, 3);
        assert_eq!(tree.get("b").unwrap().get("run").unwrap().text().unwrap().at.line, 2);
    }

    #[test]
    fn what_is_no_yaml_is_an_error_at_its_line() {
        for (text, line, word) in [
            ("a: 1\na: 2\n", 2, "twice"),
            ("a:\n\tb: c\n", 2, "tab"),
            ("a: [1\nb: 2\n", 2, ""),
            ("a: *nowhere\n", 1, "anchor"),
            ("? [a]\n: b\n", 1, "key"),
            ("a: &a [*a]\n", 1, "alias"),
        ] {
            let error = parse(text.as_bytes()).unwrap_err();
            assert_eq!(error.at.line, line, "{text:?}: {error}");
            assert!(error.message.contains(word), "{text:?}: {error}");
        }
        let error = parse(b"a: b\nc: \xff\n").unwrap_err();
        assert_eq!((error.at.line, error.message.contains("UTF-8")), (2, true));
    }

    #[test]
    fn hostile_documents_end_in_an_error_and_soon() {
        let bomb = (1..24).fold("a0: &a0 [x, x]\n".to_owned(), |text, n| {
            format!("{text}a{n}: &a{n} [*a{0}, *a{0}, *a{0}, *a{0}]\n", n - 1)
        });
        let tower = (1..2000).fold("a0: &a0 [x]\n".to_owned(), |text, n| format!("{text}a{n}: &a{n} [*a{}]\n", n - 1));
        let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(500_000), "*a, ".repeat(50_000));
        let cases = [
            bomb,
            tower,
            long,
            "[".repeat(900_000),
            "{a: ".repeat(200_000),
            "- ".repeat(400_000),
            "? ".repeat(400_000),
            "a:\n".repeat(10) + &" ".repeat(1_000_000),
            "x".repeat(10 * 1024 * 1024),
            (0..2000).map(|n| format!("{}a:\n", " ".repeat(n))).collect(),
        ];
        for case in cases {
            let start = std::time::Instant::now();
            let result = parse(case.as_bytes());
            let head: String = case.chars().take(20).collect();
            assert!(result.is_err(), "{head:?} was read");
            assert!(start.elapsed().as_millis() < 1000, "{head:?} took {:?}", start.elapsed());
        }
    }
}
