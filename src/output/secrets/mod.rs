//! The audit of secrets, for people, programs and spreadsheets. Names, places and reasons; there is no value to print.

mod csv;
mod inspected;
mod json;
mod organization;
mod text;

pub use csv::secrets_csv;
pub use inspected::{inspected_json, inspected_text};
pub use json::secrets_json;
pub use organization::{organization_csv, organization_json, organization_text};
pub use text::secrets_text;

use crate::model::{SecretPlace, Timestamp, clean_line};
use crate::secrets::{Entry, Kept, Taken, Use, Why, delete_command};

/// The longest name that is shown.
const NAME: usize = 120;

/// Where it is kept, in a word.
fn source(kept: &Kept) -> &'static str {
    match kept {
        Kept::Secret(SecretPlace::Repository, _) => "repository",
        Kept::Secret(SecretPlace::Organization, _) => "organisation",
        Kept::Secret(SecretPlace::Environment(_), _) => "environment",
        Kept::Secret(SecretPlace::Dependabot, _) => "dependabot",
        Kept::Named(_) => "workflow",
        Kept::Variable(_) => "variable",
        Kept::File(..) => "file",
    }
}

/// The environment that it is kept in.
fn environment(kept: &Kept) -> Option<&str> {
    match kept {
        Kept::Secret(SecretPlace::Environment(name), _) => Some(name.as_str()),
        _ => None,
    }
}

/// Its name, or the path of its file.
fn name(kept: &Kept) -> String {
    match kept {
        Kept::Secret(_, name) | Kept::Named(name) => name.to_string(),
        Kept::Variable(name) => clean_line(name, NAME),
        Kept::File(path, _) => clean_line(path, NAME),
    }
}

/// What it opens: titles, or the labels of JSON.
fn registries(tokens: &[Taken], label: bool) -> String {
    let title = |taken: &Taken| if label { taken.destination.label() } else { taken.destination.to_string() };
    clean_line(&tokens.iter().map(title).collect::<Vec<_>>().join(", "), NAME)
}

/// Why it was taken for a token, as a fragment.
fn why_taken(taken: &Taken) -> String {
    let place = clean_line(&taken.destination.to_string(), NAME);
    match &taken.why {
        Why::Feeds => format!("a workflow publishes to {place} with it"),
        Why::Client => format!("clients of {place} take their token by this name"),
        Why::Word(word) => format!("its name has `{word}` in it"),
        Why::Stands => format!("a token for {place} stands in it"),
    }
}

/// Since when it has been as it is.
fn set_at(entry: &Entry) -> Option<Timestamp> {
    entry.updated.or(entry.created)
}

/// A use on one line, without its place.
fn used(used: &Use) -> String {
    let mut words: Vec<String> = Vec::new();
    words.extend(used.job.as_ref().map(|job| format!("job `{job}`")));
    words.extend(used.step.as_ref().map(|step| format!("step `{}`", clean_line(step, 60))));
    words.extend(used.feeds.as_ref().map(|feeds| format!("given as {}", clean_line(&feeds.by, 60))));
    if used.job.is_none() {
        words.push("Dependabot's settings".to_owned());
    }
    if !used.callers.is_empty() {
        let callers: Vec<String> = used.callers.iter().map(|c| format!("{} (`{}`)", c.workflow, c.job)).collect();
        words.push(format!("called by {}", callers.join(" and ")));
    }
    clean_line(&words.join(", "), 300)
}

#[cfg(test)]
mod tests;
