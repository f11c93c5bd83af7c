//! What a word of a script comes to: one value, or the words that it falls apart into. And what a plain test says.

use super::super::shell::{Command, Piece, Word};
use super::super::value::{Part, Value};
use super::{Runner, Shell};

/// A word as one value: how it reads in quotes and in assignments.
pub(super) fn value(word: &Word, runner: &mut Runner<'_>, shell: &mut Shell) -> Value {
    let mut value = Value::default();
    for piece in &word.pieces {
        value.push(self::piece(piece, runner, shell));
    }
    value
}

/// A word as a command gets it: arrays give a word each, and unquoted text falls apart at its blanks.
pub(super) fn fields(word: &Word, runner: &mut Runner<'_>, shell: &mut Shell) -> Vec<Value> {
    let mut done: Vec<Value> = Vec::new();
    let mut open: Option<Value> = None;
    for piece in &word.pieces {
        let (values, splits) = match piece {
            Piece::Variable { name, all: true, .. } => (elements(name, shell), true),
            Piece::Variable { quoted: false, .. } | Piece::Alternative { quoted: false, .. } => {
                (split(self::piece(piece, runner, shell)), true)
            }
            piece => (vec![self::piece(piece, runner, shell)], false),
        };
        if splits && values.is_empty() {
            continue;
        }
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                done.extend(open.take());
            }
            open.get_or_insert_default().push(value);
        }
    }
    // A word of nothing but pieces that came to nothing is no word; an empty quoted one is.
    let dropped = open.is_none() && !word.pieces.is_empty();
    if !dropped {
        done.push(open.unwrap_or_default());
    }
    done
}

fn elements(name: &str, shell: &Shell) -> Vec<Value> {
    match name {
        "@" | "*" => shell.arguments.clone(),
        name => match shell.arrays.get(name) {
            Some(words) => words.clone(),
            None => vec![variable(name, shell)],
        },
    }
}

fn split(value: Value) -> Vec<Value> {
    match value.literal() {
        Some(text) => text.split_whitespace().map(Value::text).collect(),
        None => vec![value],
    }
}

fn variable(name: &str, shell: &Shell) -> Value {
    if let Ok(index) = name.parse::<usize>() {
        return match index.checked_sub(1) {
            Some(index) => shell.arguments.get(index).cloned().unwrap_or_else(|| Value::unknown(format!("${name}"))),
            None => Value::unknown("$0"),
        };
    }
    let own = name.strip_prefix("env:").unwrap_or(name);
    let held = shell.vars.get(own).cloned();
    held.or_else(|| shell.arrays.get(own).and_then(|words| words.first().cloned()))
        .unwrap_or_else(|| Value::unknown(format!("${own}")))
}

fn is_set(name: &str, shell: &Shell) -> bool {
    shell.vars.contains_key(name) || shell.arrays.contains_key(name)
}

fn piece(piece: &Piece, runner: &mut Runner<'_>, shell: &mut Shell) -> Value {
    match piece {
        Piece::Text(text) => Value::text(text.clone()),
        Piece::Expression(inside) => super::super::expression::evaluate(inside, runner.frame),
        Piece::Opaque(text) => Value::unknown(text.clone()),
        Piece::Substitution(items) => {
            let mut inner = shell.clone();
            runner.items(items, &mut inner);
            Value::unknown("$(…)")
        }
        Piece::Variable { name, default, .. } => {
            let held = variable(name, shell);
            match default {
                Some(word) if !is_set(name, shell) => {
                    let default = value(word, runner, shell);
                    Value::one_of([default, held])
                }
                Some(word) if held.is_empty() => value(word, runner, shell),
                _ => held,
            }
        }
        Piece::Alternative { name, word, .. } => {
            let held = variable(name, shell);
            let other = value(word, runner, shell);
            match held.literal() {
                Some(text) if text.is_empty() => Value::default(),
                Some(_) => other,
                None => Value::one_of([Value::default(), other]),
            }
        }
    }
}

/// What a plain `[ … ]`, `[[ … ]]` or `test` says of the files' own values; `None`: only a run knows, or no test at all.
pub(super) fn test(command: &Command, value: &mut dyn FnMut(&Word) -> Value) -> Option<bool> {
    let literal = |word: &Word| word.literal();
    let mut words = command.words.as_slice();
    match literal(words.first()?)?.as_str() {
        "[" | "[[" => words = words.get(1..words.len().checked_sub(1)?)?,
        "test" => words = words.get(1..)?,
        "true" | ":" => return None,
        "false" => return Some(false),
        _ => return None,
    }
    let negated = words.first().and_then(literal).as_deref() == Some("!");
    let words = if negated { words.get(1..)? } else { words };
    let truth = match words {
        [flag, word] => {
            let empty = known_empty(&value(word))?;
            match literal(flag)?.as_str() {
                "-z" => empty,
                "-n" => !empty,
                _ => return None,
            }
        }
        [left, operator, right] => {
            let (left, right) = (value(left).literal()?, value(right).literal()?);
            // A pattern is more than a text.
            if right.contains(['*', '?', '[']) {
                return None;
            }
            match literal(operator)?.as_str() {
                "=" | "==" | "-eq" => left == right,
                "!=" | "-ne" => left != right,
                _ => return None,
            }
        }
        _ => return None,
    };
    Some(truth != negated)
}

/// Whether a value is like a pattern of `case`; `None`: only a run knows. Patterns with more than a `*` at an end are not judged.
pub(super) fn fits(value: &Value, pattern: Option<&str>) -> Option<bool> {
    let (text, pattern) = (value.literal()?, pattern?);
    match (pattern.strip_suffix('*'), pattern.contains(['?', '[', '\\'])) {
        (_, true) => None,
        (Some(head), _) if !head.contains('*') => Some(text.starts_with(head)),
        (Some(_), _) => None,
        (None, _) if pattern.contains('*') => None,
        (None, _) => Some(text == pattern),
    }
}

fn known_empty(value: &Value) -> Option<bool> {
    if value.is_empty() {
        return Some(true);
    }
    let known = !value.any(&|part| matches!(part, Part::Unknown(_) | Part::Output(_) | Part::Secret(_)))
        && !value.any(&|part| matches!(part, Part::OneOf(_)));
    (known && value.literal().is_some()).then_some(false)
}
