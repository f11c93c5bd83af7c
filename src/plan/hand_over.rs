//! A step as a message to somebody who may take it: Markdown with the page, the exact values, and how it is verified.

use super::access::who_may;
use super::render::{code, escaped};
use super::typed::{MAKE_PRIVATE, names_private, typed};
use super::{Facts, Row, guides};
use crate::model::{Field, Guide, StepKind, Way, Who};

/// The message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    /// What is asked for, as a Markdown heading without its mark.
    pub title: String,
    /// All the rest.
    pub body: String,
}

impl std::fmt::Display for HandOver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "# {}\n\n{}", self.title, self.body)
    }
}

/// The message; `None` where the step is nothing that can be handed over.
#[must_use]
pub fn hand_over(facts: &Facts, row: &Row, kind: StepKind) -> Option<HandOver> {
    let ways = guides(facts, row, kind);
    // A page needs nothing on the colleague's machine.
    let guide = ways.iter().find(|guide| guide.way == Way::Browser).or_else(|| ways.first())?;
    let mut body = why(facts, row, kind);
    let steps = match guide.way {
        Way::Browser => on_page(row, kind, guide),
        Way::Api | Way::Tool => by_command(facts, row, guide),
    };
    for (at, step) in steps.iter().enumerate() {
        body.push_str(&format!("{}. {step}\n", at + 1));
    }
    body.push('\n');
    for note in &guide.text {
        body.push_str(&format!("- {}\n", escaped(note)));
    }
    body.push_str(&format!("- Undo: {}\n\n", escaped(&guide.undo)));
    body.push_str(&verified(row, guide));
    Some(HandOver { title: escaped(guide.title.trim_end_matches('.')), body })
}

/// The form: where it is, what goes into it, and the commands that do the same.
fn on_page(row: &Row, kind: StepKind, guide: &Guide) -> Vec<String> {
    let site = match kind {
        StepKind::Environment => "GitHub".to_owned(),
        _ => row.package.id.registry.to_string(),
    };
    let mut steps = Vec::new();
    if let Some(link) = &guide.link {
        let filled = if link.prefilled { " The form comes filled in: compare it with the values below." } else { "" };
        steps.push(format!("Open <{}> ({}), signed in to {site}.{filled}", link.url, link.label));
    }
    if !guide.fields.is_empty() {
        let rows: String = guide.fields.iter().map(row_of).collect();
        steps.push(format!("Enter exactly these values:\n\n   | field | value |\n   | --- | --- |\n{rows}"));
        let by_command = guide.commands.iter().map(|call| format!("\n   - {}: {}", code(&call.shown()), call.purpose));
        let instead = if guide.commands.is_empty() { "" } else { " Instead of the page, these commands do the same:" };
        let save = format!("Save the form, with the button below the fields.{instead}");
        steps.push(by_command.fold(save, |all, one| all + &one));
    }
    steps
}

/// The commands, to be typed in a checkout.
fn by_command(facts: &Facts, row: &Row, guide: &Guide) -> Vec<String> {
    let commands: Vec<(String, &str)> =
        guide.commands.iter().map(|call| (typed(row, call), call.purpose.as_str())).collect();
    let mut steps = Vec::new();
    let checkout = facts.slug().map_or_else(|| "the project".to_owned(), |slug| format!("`{slug}`"));
    if commands.iter().any(|(line, _)| names_private(line)) {
        let make = code(MAKE_PRIVATE);
        steps.push(format!("In a clean checkout of {checkout}, run {make}: an empty folder outside of it."));
    } else if !commands.is_empty() {
        steps.push(format!("Take a clean checkout of {checkout}."));
    }
    steps.extend(commands.iter().map(|(line, purpose)| format!("Run {}: it {purpose}.", code(line))));
    steps
}

fn why(facts: &Facts, row: &Row, kind: StepKind) -> String {
    let id = &row.package.id;
    let repository = facts.slug().map_or_else(|| "The repository".to_owned(), |slug| format!("`{slug}`"));
    let what = format!(
        "{repository} is to publish {} on {} from its workflow, without a token.",
        code(id.name.as_str()),
        id.registry
    );
    let more = match kind {
        StepKind::Register => format!(" {} has to be told so once.", id.registry),
        StepKind::FirstPublish => format!(" {} trusts a workflow only with a name that is there.", id.registry),
        StepKind::Environment => " GitHub says who may start such a run.".to_owned(),
        _ => String::new(),
    };
    format!("{what}{more} {}\n\n", escaped(&who_may(facts, id, kind)))
}

fn row_of(field: &Field) -> String {
    let value = field.value.exact().map_or_else(|| format!("({})", escaped(field.value.words())), cell);
    let note = field.note.as_ref().map(|note| format!(" ({})", escaped(note))).unwrap_or_default();
    format!("   | {} | {value}{note} |\n", escaped(&field.label))
}

/// A value as code in a table: a bar in it would end the cell.
fn cell(value: &str) -> String {
    if value.contains('|') { escaped(value) } else { code(value) }
}

fn verified(row: &Row, guide: &Guide) -> String {
    let own = if guide.who == Who::Untoken { "" } else { " (or `untoken` does it itself where it can)" };
    format!(
        "Afterwards, `untoken status` in a checkout shows how far {} is{own}. {}\n",
        escaped(row.package.id.name.as_str()),
        escaped(&guide.verify)
    )
}
