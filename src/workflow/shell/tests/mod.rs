//! Scripts and the items that they must give, written in a short notation.

#![allow(clippy::unwrap_used, clippy::panic)]

mod cmd;
mod hostile;
mod posix;
mod powershell;
mod properties;

use super::*;

/// The items in one line each; blocks indent.
fn shown(items: &[Item]) -> String {
    let mut out = String::new();
    show(items, 0, &mut out);
    out
}

/// What a shell script gives, without a doubt.
fn bash(script: &str) -> String {
    let read = read(script, Dialect::Posix);
    assert_eq!(read.doubt, None, "{script:?}");
    shown(&read.items)
}

fn show(items: &[Item], depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    for item in items {
        out.push_str(&indent);
        match item {
            Item::Assign { name, value, append, .. } => {
                let operator = if *append { "+=" } else { "=" };
                out.push_str(&format!("{name} {operator} {}\n", word(value)));
            }
            Item::Array { name, words, append, .. } => {
                let operator = if *append { "+=" } else { "=" };
                let words: Vec<_> = words.iter().map(word).collect();
                out.push_str(&format!("{name} {operator} ({})\n", words.join(" ")));
            }
            Item::Command(command) => {
                out.push_str(&line(command));
                out.push('\n');
            }
            Item::Function { name, body } => {
                out.push_str(&format!("function {name}\n"));
                show(body, depth + 1, out);
            }
            Item::Block { kind, body, redirects } => {
                let kind = match kind {
                    BlockKind::Subshell => "subshell".to_owned(),
                    BlockKind::Branch => "branch".to_owned(),
                    BlockKind::Group => "group".to_owned(),
                    BlockKind::Arm { subject, patterns } => {
                        let patterns: Vec<_> = patterns.iter().map(word).collect();
                        format!("arm {}: {}", word(subject), patterns.join("|"))
                    }
                    BlockKind::Loop { variable, over } => {
                        let over: Vec<_> = over.iter().map(word).collect();
                        format!("loop {} {}", variable.as_deref().unwrap_or("-"), over.join(" ")).trim_end().to_owned()
                    }
                };
                let redirects: String = redirects.iter().map(redirect).collect();
                out.push_str(&format!("{kind}{redirects}\n"));
                show(body, depth + 1, out);
            }
        }
    }
}

fn line(command: &Command) -> String {
    let mut out = String::new();
    if command.piped {
        out.push_str("| ");
    }
    for (name, value) in &command.assignments {
        out.push_str(&format!("{name}={} ", word(value)));
    }
    let words: Vec<_> = command.words.iter().map(word).collect();
    out.push_str(&words.join(" "));
    out.extend(command.redirects.iter().map(redirect));
    if command.background {
        out.push_str(" &");
    }
    out
}

fn redirect(redirect: &Redirect) -> String {
    let number = redirect.descriptor.map_or(String::new(), |n| n.to_string());
    match (&redirect.to, &redirect.from, &redirect.here) {
        (Some(to), None, None) if redirect.append => format!(" {number}>> {}", word(to)),
        (Some(to), None, None) => format!(" {number}> {}", word(to)),
        (None, Some(from), None) => format!(" {number}< {}", word(from)),
        (None, None, Some(here)) => format!(" {number}<< {}", word(here)),
        _ => panic!("a redirection of two kinds: {redirect:?}"),
    }
}

/// Text in `'…'` where it holds blanks, variables as `$x`, quoted ones as `"$x"`, the rest in `‹…›`.
fn word(word: &Word) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) if text.is_empty() || text.contains([' ', '\n', '\t', '$']) => format!("{text:?}"),
        Piece::Text(text) => text.clone(),
        Piece::Variable { name, default, all, quoted } => {
            let default = default.as_ref().map_or(String::new(), |default| format!(":-{}", self::word(default)));
            let quote = if *quoted { "\"" } else { "" };
            format!("{quote}${name}{}{default}{quote}", if *all { "[@]" } else { "" })
        }
        Piece::Alternative { name, word, .. } => format!("${name}:+{}", self::word(word)),
        Piece::Expression(inside) => format!("‹{inside}›"),
        Piece::Substitution(items) => format!("‹sub {}›", shown(items).trim_end().replace('\n', "; ")),
        Piece::Opaque(text) => format!("‹? {text}›"),
    };
    word.pieces.iter().map(piece).collect()
}

#[test]
fn the_dialect_is_told_from_the_shell_and_the_runner() {
    for shell in ["bash", "sh", "bash -e {0}", "/bin/bash --noprofile {0}", "bash.exe", "BASH"] {
        assert_eq!(Dialect::of_shell(shell), Dialect::Posix, "{shell}");
    }
    for (shell, dialect) in [("pwsh", Dialect::PowerShell), ("powershell -c {0}", Dialect::PowerShell)] {
        assert_eq!(Dialect::of_shell(shell), dialect, "{shell}");
    }
    assert_eq!(Dialect::of_shell("cmd"), Dialect::Cmd);
    assert_eq!(Dialect::of_shell("python {0}"), Dialect::Other);
    assert_eq!(Dialect::of_shell(""), Dialect::Other);
    assert_eq!(Dialect::of_runner("windows-latest"), Dialect::PowerShell);
    assert_eq!(Dialect::of_runner("ubuntu-latest"), Dialect::Posix);
}

#[test]
fn words_are_shown_for_people() {
    let script = r#"a$X"${Y[@]}"${Z:-b}${V:+c}${{ d }}$(e)${f//g}"#;
    let items = read(script, Dialect::Posix).items;
    let Some(Item::Command(command)) = items.first() else { panic!("{items:?}") };
    assert_eq!(command.words[0].shown(), "a$X${Y[@]}${Z:-b}${V:+c}${{ d }}$(…)${f//g}");
    assert_eq!(command.words[0].literal(), None);
}
