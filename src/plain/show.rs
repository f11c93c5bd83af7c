//! A screen as lines of text.

use crate::model::clean;
use crate::wizard::{Ask, AskKind, Context, Overlay, Para, Wizard, bindings};

/// Everything that the screen says, with the question at its end.
#[must_use]
pub fn show(wizard: &Wizard) -> String {
    let ask = wizard.ask();
    let mut out = String::new();
    push(&mut out, &ask.title);
    for para in &ask.body {
        para_line(&mut out, para);
    }
    if let AskKind::Choice { items, .. } = &ask.kind {
        for (number, item) in items.iter().enumerate() {
            push(&mut out, &format!("{}. {}", number + 1, item.label));
            for line in &item.detail {
                push(&mut out, &format!("   {line}"));
            }
        }
    }
    if let Some(status) = &wizard.status {
        push(&mut out, status);
    }
    out.push_str(&question_of(wizard, &ask));
    out
}

/// The question alone, for who has heard the rest.
#[must_use]
pub fn question(wizard: &Wizard) -> String {
    question_of(wizard, &wizard.ask())
}

/// What has come of the releases that are awaited since `before`, a line each; the screen that watches one says it itself.
#[must_use]
pub fn news(before: &[String], wizard: &Wizard) -> String {
    let mut out = String::new();
    if wizard.context() != Context::ProveWatch {
        let now = wizard.seen_of_releases();
        now.iter().filter(|line| !before.contains(line)).for_each(|line| push(&mut out, &format!("News: {line}")));
    }
    out
}

/// One line for a wait: what is being waited for.
#[must_use]
pub fn waiting(wizard: &Wizard) -> Option<String> {
    let ask = wizard.ask();
    matches!(ask.kind, AskKind::Wait).then(|| {
        let mut out = String::new();
        push(&mut out, &ask.title);
        for para in &ask.body {
            para_line(&mut out, para);
        }
        out.push_str(&question_of(wizard, &ask));
        out
    })
}

fn push(out: &mut String, line: &str) {
    out.push_str(&clean(line));
    out.push('\n');
}

fn para_line(out: &mut String, para: &Para) {
    match para {
        Para::Text(text) | Para::Faint(text) | Para::Strong(text) | Para::Verbatim(text) | Para::Command(text) => {
            push(out, text);
        }
        Para::Pair(label, value) => push(out, &format!("{label}: {value}")),
        Para::Option { chosen, label, note } => {
            push(out, &format!("{}{label}: {note}", if *chosen { "(chosen) " } else { "" }));
        }
        Para::Marked(mark, text) => push(out, &format!("[{}] {text}", mark.word())),
        Para::Blank => {}
    }
}

/// The line that ends with what can be typed.
fn question_of(wizard: &Wizard, ask: &Ask) -> String {
    let overlaid = wizard.overlay != Overlay::None;
    let words: Vec<String> = bindings(wizard.context())
        .filter(|b| !b.label.is_empty() && (overlaid || wizard.allows(b.action)))
        .filter_map(|b| Some(format!("{} = {}", b.key.typed()?, b.label)))
        .collect();
    let list = words.join(", ");
    match &ask.kind {
        AskKind::Text { label, value } if value.is_empty() => format!("{label} (\"back\" goes back): "),
        AskKind::Text { label, value } => {
            format!("{label} [{}] (empty keeps it, \"none\" empties it, \"back\" goes back): ", clean(value))
        }
        AskKind::Secret { label } => format!("{label} (not shown; empty goes back): "),
        AskKind::Choice { .. } => format!("What next? Type a number, or: {list}: "),
        // Only there is a line read while something is awaited; everywhere else Ctrl-C is the way out.
        AskKind::Wait if wizard.context().waits_and_listens() => format!("Waiting. You can type: {list}\n"),
        AskKind::Wait => String::new(),
        AskKind::Note | AskKind::Confirm => format!("What next? {list}: "),
    }
}
