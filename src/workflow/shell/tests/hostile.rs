//! Scripts that strangers wrote: nothing panics, nothing takes long, and offsets stay inside the script.

use super::*;

/// Reads a script in every dialect: what comes of it is no larger than its text and depth allow, and lies inside it.
pub(super) fn bounded(script: &str) {
    for dialect in [Dialect::Posix, Dialect::PowerShell, Dialect::Cmd] {
        let read = read(script, dialect);
        let start: String = script.chars().take(40).collect();
        let mut size = 0;
        held(&read.items, script, &mut size);
        assert!(size <= 2 * (MAX_DEPTH + 2) * (script.len() + 64), "{size} for {dialect:?} {start:?}…");
        if let Some(doubt) = read.doubt {
            assert!(script.is_char_boundary(doubt.at), "{dialect:?} {start:?}… {doubt:?}");
        }
    }
}

/// Counts what items hold, in things and bytes; every offset lies on a char boundary of the script.
fn held(items: &[Item], script: &str, size: &mut usize) {
    for item in items {
        *size += 1;
        match item {
            Item::Assign { name, value, at, .. } => {
                assert!(script.is_char_boundary(*at), "{item:?}");
                *size += name.len();
                held_word(value, script, size);
            }
            Item::Array { name, words, at, .. } => {
                assert!(script.is_char_boundary(*at), "{item:?}");
                *size += name.len();
                words.iter().for_each(|word| held_word(word, script, size));
            }
            Item::Command(command) => {
                assert!(script.is_char_boundary(command.at), "{item:?}");
                command.assignments.iter().for_each(|(_, word)| held_word(word, script, size));
                command.words.iter().for_each(|word| held_word(word, script, size));
                held_redirects(&command.redirects, script, size);
            }
            Item::Function { name, body } => {
                *size += name.len();
                held(body, script, size);
            }
            Item::Block { kind, body, redirects } => {
                if let BlockKind::Loop { over: words, .. } | BlockKind::Arm { patterns: words, .. } = kind {
                    words.iter().for_each(|word| held_word(word, script, size));
                }
                held(body, script, size);
                held_redirects(redirects, script, size);
            }
        }
    }
}

fn held_redirects(redirects: &[Redirect], script: &str, size: &mut usize) {
    for redirect in redirects {
        let words = [&redirect.to, &redirect.from, &redirect.here];
        words.into_iter().flatten().for_each(|word| held_word(word, script, size));
    }
}

fn held_word(word: &Word, script: &str, size: &mut usize) {
    assert!(script.is_char_boundary(word.at), "{word:?}");
    *size += 1;
    for piece in &word.pieces {
        *size += 1;
        match piece {
            Piece::Text(text) | Piece::Opaque(text) | Piece::Expression(text) => *size += text.len(),
            Piece::Variable { name, default, .. } => {
                *size += name.len();
                default.iter().for_each(|word| held_word(word, script, size));
            }
            Piece::Alternative { name, word, .. } => {
                *size += name.len();
                held_word(word, script, size);
            }
            Piece::Substitution(items) => held(items, script, size),
        }
    }
}

#[test]
fn deep_and_unclosed_scripts_end_soon() {
    let parts = [
        "$(",
        "(",
        "( ",
        "((",
        "$((",
        "$[",
        "{ ",
        "{",
        "[[ ",
        "[[ ( ",
        "if ",
        "if a; then ",
        "case a in a) ",
        "case a in (",
        "while ",
        "for a in b; do ",
        "for ((",
        "\"${x:-",
        "${x:-",
        "${",
        "\"$(",
        "`",
        "\"",
        "'",
        "$'",
        "<(",
        "<<",
        "<<<",
        "<<E\n",
        "cat <<E\n",
        "a && ",
        "a | ",
        "! ",
        "time ",
        "coproc ",
        "function f ",
        "f() ",
        "f() { ",
        "x=(",
        "x[",
        "x[$(",
        "a[((",
        "\\",
        "\\\n",
        "${{",
        "${{ '",
        "@(",
        "!(",
        ")",
        "}",
        ";;",
        "esac ",
        "fi ",
        "done ",
        "&",
        "|",
        ";",
        "\n",
        "#",
        "a\n",
        "a b c; ",
        "a=b ",
        "$x ",
        "é",
        "\0",
        "\r",
        "\r\n",
        "1>",
        "99999999999999>",
        "select x in y; do ",
        "a <( ",
        "echo \"$(",
        "'\n",
        "\"\n",
        "$(\n",
        "((\n",
        "(a; ",
        "( (a; ",
        "%",
        "%x%",
        "$env:X = ",
        "@\"\n",
        "@'\n",
        "<#",
        "`\n",
        "^\n",
        "x=(",
        "x=(\n",
        "$x[",
        ";[",
        "${a",
        "@{",
        "@(",
        "@{a=",
        "$x = ",
        "$x.y(",
        "& {",
        "if (",
        "if (1) {",
        "foreach ($x in ",
        "switch (1) { a {",
        "function f {",
        "try {",
        "a { ",
        "\"$(a ",
        "a,",
        "1+",
        "if 1==1 ",
        "if 1==1 (",
        "for %%x in (",
        "for %%x in (a) do ",
        "set x=",
        "set \"x=",
        "call ",
        "!x!",
        "%x:",
        "${{ ",
        "a > ",
        "if a; then b; elif ",
        "case a in b|",
    ];
    for part in parts {
        for size in [20, 200, 12_000] {
            bounded(&part.repeat(size / part.len() + 1));
        }
        for before in ["'", "\"", "x=(", "[[ ", "$(", "${x:-", "cat <<E\n", "$(( "] {
            bounded(&(before.to_owned() + &part.repeat(6_000 / part.len())));
        }
    }
}

#[test]
fn deep_and_closed_scripts_end_soon() {
    let pairs = [
        ("(", "a", ")"),
        ("( ", "a; ", " )"),
        ("((", "1", "))"),
        ("$(", "a", ")"),
        ("\"$(", "a", ")\""),
        ("${x:-", "a", "}"),
        ("\"${x:-", "a", "}\""),
        ("{ ", "a", "; }"),
        ("if a; then ", "b", "; fi"),
        ("if ", "b", "; then a; fi"),
        ("case a in b) ", "c", "; esac"),
        ("case a in b) ", "c", ";; esac"),
        ("while a; do ", "b", "; done"),
        ("f() { ", "a", "; }"),
        ("f() (", "a", ")"),
        ("<(", "a", ")"),
        ("( (a); ", "b", ")"),
        ("(", "a\n;; ", ")"),
        ("x=(", "a", ")"),
        ("[[ ", "a", " ]]"),
        ("$((", "1", "))"),
        ("{", "a", "}"),
        ("if (1) {", "a", "}"),
    ];
    for (open, inside, close) in pairs {
        for depth in [5, 10, 15, 20, 30, 60, 10_000] {
            bounded(&format!("{}{inside}{}", open.repeat(depth), close.repeat(depth)));
            let filled = inside.to_owned() + &"; a b \"$c\" d".repeat(500);
            bounded(&format!("{}{filled}{}", open.repeat(depth), close.repeat(depth)));
        }
    }
}
