//! From a typed line to a message, by the same key table that the full screen uses.

use crate::wizard::{Action, AskKind, Context, Msg, Wizard, bindings};

/// What a line asks for.
#[derive(Debug)]
pub enum Line {
    /// Tell the wizard.
    Tell(Msg),
    /// Say this, and ask again.
    Again(String),
}

/// Understands a line that was typed at the wizard's question. Secrets are not read here.
#[must_use]
pub fn understand(line: &str, wizard: &Wizard) -> Line {
    let typed = line.trim();
    let ask = wizard.ask();
    if wizard.context() == Context::Text {
        if typed == "back" {
            return Line::Tell(Msg::Act(Action::Back));
        }
        return Line::Tell(Msg::Text(match &ask.kind {
            AskKind::Text { value, .. } if typed.is_empty() => value.clone(),
            _ if typed == "none" => String::new(),
            _ => typed.to_owned(),
        }));
    }
    if let (AskKind::Choice { items, .. }, Ok(number)) = (&ask.kind, typed.parse::<usize>()) {
        return if (1..=items.len()).contains(&number) {
            Line::Tell(Msg::Pick(number - 1))
        } else {
            Line::Again(format!("There is no number {number}; they go from 1 to {}.", items.len()))
        };
    }
    let word = if typed.is_empty() { "enter" } else { typed };
    let same = |key: crate::wizard::Key| {
        key.typed().is_some_and(|t| {
            t.eq_ignore_ascii_case(word)
                || (t == "y" && word == "yes")
                || (t == "n" && word == "no")
                || (t == "q" && word == "quit")
        })
    };
    match bindings(wizard.context()).find(|b| same(b.key)) {
        Some(binding) => Line::Tell(Msg::Act(binding.action)),
        None => Line::Again(format!("`{}` means nothing here. Type ? for help.", crate::model::clean_line(typed, 40))),
    }
}
