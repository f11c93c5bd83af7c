//! Scripts that strangers wrote: nothing panics, nothing takes long, and offsets stay inside the script.

use std::time::{Duration, Instant};

use super::*;

/// Far above what any of these takes, far below what an exponential reader would need.
const LONG: Duration = Duration::from_secs(5);

fn timed(script: &str) {
    for dialect in [Dialect::Posix, Dialect::PowerShell, Dialect::Cmd] {
        let began = Instant::now();
        let read = read(script, dialect);
        let took = began.elapsed();
        let start: String = script.chars().take(40).collect();
        assert!(took < LONG, "{took:?} for {dialect:?} {start:?}…");
        drop(read);
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
    ];
    for part in parts {
        for size in [20, 200, 60_000] {
            timed(&part.repeat(size / part.len() + 1));
        }
        for before in ["'", "\"", "x=(", "[[ ", "$(", "${x:-", "cat <<E\n", "$(( "] {
            timed(&(before.to_owned() + &part.repeat(6_000 / part.len())));
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
            timed(&format!("{}{inside}{}", open.repeat(depth), close.repeat(depth)));
            let filled = inside.to_owned() + &"; a b \"$c\" d".repeat(2_000);
            timed(&format!("{}{filled}{}", open.repeat(depth), close.repeat(depth)));
        }
    }
}
