//! What is done to a sound tree to make it a hostile one: each harm is a value that can be printed and made smaller.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use proptest::sample::Index;

use super::trees::Tree;

/// Words that mean something to one of the readers.
const WORDS: [&str; 72] = [
    "&a ",
    "*a",
    "<<: *a",
    "- *a",
    "\t",
    "\r",
    "\u{feff}",
    "\u{202e}",
    "\u{1b}[2J",
    "\0",
    "---",
    "...",
    "? ",
    "!!binary ",
    "|",
    ">-",
    "#",
    "${{",
    "}}",
    "${{ secrets.X }}",
    "${{ inputs.a }}",
    "${{ matrix.a.b['c'] }}",
    "${{ fromJSON('[1,2]')[0] }}",
    "${{ env.A }}",
    "${{ format('{0}{0}', env.A) }}",
    "$(",
    "`",
    "$((",
    "${A:-",
    "\"",
    "'",
    "<<EOF",
    "<<-'EOF'",
    "EOF",
    "case x in",
    "esac",
    "if true; then",
    "fi",
    "for i in a b; do",
    "done",
    "while :; do",
    "{",
    "}",
    "(",
    ")",
    "[[ a",
    "]]",
    ";;",
    "&&",
    "||",
    "|&",
    "cargo publish",
    "npm publish --registry $A",
    "npm run a",
    "make all",
    "just a",
    "bash release.sh",
    "eval \"$A\"",
    "f() { f; }",
    "echo A=$A >> $GITHUB_ENV",
    "twine upload dist/*",
    "uses: ./",
    "uses: ./.github/workflows/release.yml",
    "uses: ./.github/actions/publish",
    "permissions: write-all",
    "secrets: inherit",
    "run: |",
    "env:",
    "if: ${{ always() }}",
    "needs: [a, b]",
    "strategy: {matrix: {a: [1, 2]}}",
    "working-directory: ../..",
];
/// Openers, put behind each other.
const OPENERS: [&str; 16] = [
    "[",
    "{a: ",
    "- ",
    "$(",
    "((",
    "`",
    "if a; then ",
    "${{ (",
    "!",
    "\"$(",
    "{ ",
    "while x; do ",
    "${a:-",
    "<<E",
    "case a in b) ",
    "f() ",
];

/// One harm.
#[derive(Debug, Clone)]
pub(crate) enum Harm {
    Flip(Index, Index, u8),
    Cut(Index, Index, usize),
    Double(Index, Index, usize, usize),
    Swap(Index, Index, Index),
    Indent(Index, Index, usize),
    Word(Index, Index, Index),
    Line(Index, Index, Index),
    Huge(Index, Index, char, usize),
    Nest(Index, Index, Index, usize),
    Shell(Index, Index, Vec<Index>),
    Graft(Index, Index, Index, Index, usize),
    Jobs(Index, usize),
    Drop(Index),
    Copy(Index, Index),
}

/// Any harm, small ones more often.
pub(crate) fn harm() -> impl Strategy<Value = Harm> {
    let at = any::<Index>;
    prop_oneof![
        4 => (at(), at(), any::<u8>()).prop_map(|(f, a, b)| Harm::Flip(f, a, b)),
        3 => (at(), at(), 1_usize..200).prop_map(|(f, a, n)| Harm::Cut(f, a, n)),
        4 => (at(), at(), 1_usize..12, 1_usize..40).prop_map(|(f, a, n, times)| Harm::Double(f, a, n, times)),
        2 => (at(), at(), at()).prop_map(|(f, a, b)| Harm::Swap(f, a, b)),
        3 => (at(), at(), 0_usize..12).prop_map(|(f, a, n)| Harm::Indent(f, a, n)),
        6 => (at(), at(), at()).prop_map(|(f, a, w)| Harm::Word(f, a, w)),
        6 => (at(), at(), at()).prop_map(|(f, a, w)| Harm::Line(f, a, w)),
        1 => (at(), at(), any::<char>(), 1_usize..40_000).prop_map(|(f, a, c, n)| Harm::Huge(f, a, c, n)),
        1 => (at(), at(), at(), 1_usize..10_000).prop_map(|(f, a, w, n)| Harm::Nest(f, a, w, n)),
        6 => (at(), at(), prop::collection::vec(at(), 1..30)).prop_map(|(f, a, words)| Harm::Shell(f, a, words)),
        5 => (at(), at(), at(), at(), 1_usize..600).prop_map(|(f, a, from, b, n)| Harm::Graft(f, a, from, b, n)),
        1 => (at(), 1_usize..400).prop_map(|(f, n)| Harm::Jobs(f, n)),
        1 => at().prop_map(Harm::Drop),
        2 => (at(), at()).prop_map(|(f, g)| Harm::Copy(f, g)),
    ]
}

fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

/// A file is to stay small enough that thousands of cases can be looked at.
const MAX: usize = 300_000;

/// Does it to the tree.
pub(crate) fn apply(harm: &Harm, tree: &mut Tree) {
    if tree.is_empty() {
        return;
    }
    match harm {
        Harm::Drop(file) => drop(tree.remove(file.index(tree.len()))),
        Harm::Copy(from, to) => {
            let bytes = tree[from.index(tree.len())].1.clone();
            let to = to.index(tree.len());
            tree[to].1 = bytes;
        }
        Harm::Graft(file, at, from, start, length) => {
            let donor = &tree[from.index(tree.len())].1;
            let start = start.index(donor.len() + 1);
            let piece = donor[start..(start + length).min(donor.len())].to_vec();
            let file = file.index(tree.len());
            insert(&mut tree[file].1, at, &piece);
        }
        Harm::Flip(file, ..)
        | Harm::Cut(file, ..)
        | Harm::Double(file, ..)
        | Harm::Swap(file, ..)
        | Harm::Indent(file, ..)
        | Harm::Word(file, ..)
        | Harm::Line(file, ..)
        | Harm::Huge(file, ..)
        | Harm::Nest(file, ..)
        | Harm::Shell(file, ..)
        | Harm::Jobs(file, ..) => {
            let index = file.index(tree.len());
            let bytes = &mut tree[index].1;
            within(harm, bytes);
            bytes.truncate(MAX);
        }
    }
}

fn insert(bytes: &mut Vec<u8>, at: &Index, piece: &[u8]) {
    let at = at.index(bytes.len() + 1);
    bytes.splice(at..at, piece.iter().copied());
}

fn within(harm: &Harm, bytes: &mut Vec<u8>) {
    match harm {
        Harm::Flip(_, at, byte) if !bytes.is_empty() => {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        Harm::Cut(_, at, length) => {
            let at = at.index(bytes.len() + 1);
            bytes.drain(at..(at + length).min(bytes.len()));
        }
        Harm::Word(_, at, word) => insert(bytes, at, WORDS[word.index(WORDS.len())].as_bytes()),
        Harm::Huge(_, at, char, length) => insert(bytes, at, char.to_string().repeat(*length).as_bytes()),
        Harm::Nest(_, at, opener, depth) => {
            insert(bytes, at, OPENERS[opener.index(OPENERS.len())].repeat(*depth).as_bytes())
        }
        Harm::Jobs(_, count) => {
            let jobs = (0..*count).map(|n| {
                format!("\n  j{n}:\n    needs: [publish]\n    steps:\n      - run: npm run a; cargo publish\n")
            });
            bytes.extend(jobs.collect::<String>().bytes());
        }
        _ => by_line(harm, bytes),
    }
}

fn by_line(harm: &Harm, bytes: &mut Vec<u8>) {
    let mut lines = lines(bytes);
    if lines.is_empty() {
        return;
    }
    let indent = |line: &[u8]| line.iter().take_while(|byte| **byte == b' ').count();
    match harm {
        Harm::Double(_, at, count, times) => {
            let at = at.index(lines.len());
            let piece = lines[at..(at + count).min(lines.len())].to_vec();
            let many = (0..*times).flat_map(|_| piece.clone());
            lines.splice(at..at, many);
        }
        Harm::Swap(_, one, other) => {
            let (one, other) = (one.index(lines.len()), other.index(lines.len()));
            lines.swap(one, other);
        }
        Harm::Indent(_, at, width) => {
            let at = at.index(lines.len());
            let old = indent(&lines[at]);
            lines[at].splice(..old, std::iter::repeat_n(b' ', *width));
        }
        Harm::Line(_, at, word) => {
            let at = at.index(lines.len());
            let text = format!("{}{}\n", " ".repeat(indent(&lines[at])), WORDS[word.index(WORDS.len())]);
            lines.insert(at, text.into_bytes());
        }
        Harm::Shell(_, at, words) => {
            // Put where a script stands, if there is one: as lines of it.
            let scripts: Vec<usize> = (0..lines.len()).filter(|n| lines[*n].ends_with(b"run: |\n")).collect();
            let at = if scripts.is_empty() { at.index(lines.len()) } else { scripts[at.index(scripts.len())] + 1 };
            let width = lines.get(at).map_or(0, |line| indent(line));
            let words: Vec<&str> =
                words.iter().map(|word| WORDS[word.index(WORDS.len())].trim_start_matches('\t')).collect();
            let script: String =
                words.chunks(4).map(|line| format!("{}{}\n", " ".repeat(width), line.join(" "))).collect();
            lines.insert(at, script.into_bytes());
        }
        _ => {}
    }
    *bytes = lines.concat();
}
