//! A step as a message to somebody who may take it: Markdown with the page, the exact values, and how it is verified.

use super::access::who_may;
use super::render::escaped;
use super::{Facts, Row, guides};
use crate::model::{Field, Guide, StepKind, Way, Who};
use crate::registry;

/// The message; `None` where the step is nothing that can be handed over.
#[must_use]
pub fn hand_over(facts: &Facts, row: &Row, kind: StepKind) -> Option<String> {
    let ways = guides(facts, row, kind);
    // A page needs nothing on the colleague's machine.
    let guide = ways.iter().find(|guide| guide.way == Way::Browser).or_else(|| ways.first())?;
    let id = &row.package.id;
    let mut out = format!("# {}\n\n", escaped(guide.title.trim_end_matches('.')));
    out.push_str(&why(facts, row, kind));
    let mut number = 0;
    let mut step = |text: String| {
        number += 1;
        format!("{number}. {text}\n")
    };
    if let Some(link) = &guide.link {
        let filled = if link.prefilled { " The form comes filled in: compare it with the values below." } else { "" };
        out.push_str(&step(format!("Open <{}> ({}), signed in to {}.{filled}", link.url, link.label, id.registry)));
    }
    if !guide.fields.is_empty() {
        out.push_str(&step("Enter exactly these values:".to_owned()));
        out.push_str("\n   | field | value |\n   | --- | --- |\n");
        guide.fields.iter().for_each(|field| out.push_str(&row_of(field)));
        out.push('\n');
    }
    for call in &guide.commands {
        out.push_str(&step(format!("Run `{}`: it {}.", call.shown(), call.purpose)));
    }
    if guide.way == Way::Browser && !guide.fields.is_empty() {
        out.push_str(&step("Save the form, with the button below the fields.".to_owned()));
    }
    out.push('\n');
    for note in &guide.text {
        out.push_str(&format!("- {}\n", escaped(note)));
    }
    out.push_str(&format!("- Undo: {}\n\n", escaped(&guide.undo)));
    out.push_str(&verified(row, guide));
    Some(out)
}

fn why(facts: &Facts, row: &Row, kind: StepKind) -> String {
    let id = &row.package.id;
    let rules = registry::guides(id.registry).owners();
    let repository = facts.slug().map(|slug| format!("`{slug}`")).unwrap_or_else(|| "The repository".to_owned());
    let what = match kind {
        StepKind::Register => format!(
            "{repository} is to publish `{}` on {} from its workflow, without a token. {} has to be told so once.",
            id.name, id.registry, id.registry
        ),
        _ => format!("{repository} is to publish `{}` on {} from its workflow, without a token.", id.name, id.registry),
    };
    let who = match who_may(facts, id) {
        Some(names) => format!(" Only {} can do it: {}.", rules.many, escaped(&names)),
        None => format!(" It takes somebody who is {} there.", rules.one),
    };
    format!("{what}{who}\n\n")
}

fn row_of(field: &Field) -> String {
    let value = field.value.exact().map_or_else(|| format!("({})", escaped(field.value.words())), code);
    let note = field.note.as_ref().map(|note| format!(" ({})", escaped(note))).unwrap_or_default();
    format!("   | {} | {value}{note} |\n", escaped(&field.label))
}

/// A value as code: a grave accent in it must not end it, nor a bar the cell.
fn code(value: &str) -> String {
    if value.contains(['`', '|']) { escaped(value) } else { format!("`{value}`") }
}

fn verified(row: &Row, guide: &Guide) -> String {
    let own = if guide.who == Who::Untoken { "" } else { " (or `untoken` does it itself where it can)" };
    format!(
        "Afterwards, `untoken status` in a checkout shows how far {} is{own}. {}\n",
        escaped(row.package.id.name.as_str()),
        escaped(&guide.verify)
    )
}
