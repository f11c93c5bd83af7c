//! The audit of an organisation: a table grouped by repository, and the same for programs and spreadsheets.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::json::SCHEMA;
use super::super::push;
use super::{csv, json, name, text};
use crate::model::{OrganizationSecrets, SecretPlace, Timestamp, clean_line};
use crate::secrets::{Entry, Kept, OfRepository};

/// The width of the text.
const WIDTH: usize = 80;
/// How many repositories are named behind a reason that many share.
const NAMED: usize = 3;

/// For people.
#[must_use]
pub fn organization_text(read: &OrganizationSecrets, audit: &[OfRepository], now: Timestamp) -> String {
    let mut out = String::new();
    let own = |entry: &&Entry| !is_shared(entry);
    let with: Vec<&OfRepository> = audit.iter().filter(|one| one.entries.iter().any(|e| own(&e))).collect();
    for one in &with {
        out.push_str(&format!("{}{}\n", one.repository.slug, marks(one)));
        one.entries.iter().filter(own).for_each(|entry| out.push_str(&format!("  {}", text::short(entry, now))));
        out.push('\n');
    }
    shared(&mut out, read, audit, now);
    if with.is_empty() {
        out.push_str("No repository keeps a long-lived token of its own, as far as names tell.\n\n");
    }
    let others: usize = audit.iter().map(|one| one.others).sum();
    let gaps = audit.iter().filter(|one| !one.unread.is_empty()).count();
    let sum = format!(
        "{}: {}, {} with tokens of their own, {gaps} not read in full; archived ones and forks are among them. {others} other \
         names of secrets: nothing says that they are for a registry.",
        read.name,
        repositories(audit.len()),
        with.len(),
    );
    push(&mut out, "", &sum, WIDTH);
    if audit.iter().any(|one| !one.entries.is_empty()) {
        let how = "Who uses a token, and whether it can go, is unknown: the workflows were not read. Of one repository: \
                   untoken secrets --repo OWNER/NAME";
        push(&mut out, "", how, WIDTH);
    }
    push(&mut out, "", &requests(read), WIDTH);
    unread(&mut out, audit);
    out
}

fn is_shared(entry: &Entry) -> bool {
    matches!(entry.kept, Kept::Secret(SecretPlace::Organization, _))
}

fn repositories(count: usize) -> String {
    if count == 1 { "1 repository".to_owned() } else { format!("{count} repositories") }
}

fn marks(one: &OfRepository) -> &'static str {
    match (one.repository.archived, one.fork) {
        (true, true) => " (archived, fork)",
        (true, false) => " (archived)",
        (false, true) => " (fork)",
        (false, false) => "",
    }
}

/// The organisation's own secrets once each, with how many repositories they reach.
fn shared(out: &mut String, read: &OrganizationSecrets, audit: &[OfRepository], now: Timestamp) {
    let mut all: BTreeMap<String, (&Entry, usize)> = BTreeMap::new();
    for entry in audit.iter().flat_map(|one| &one.entries).filter(|entry| is_shared(entry)) {
        all.entry(name(&entry.kept)).or_insert((entry, 0)).1 += 1;
    }
    if all.is_empty() {
        return;
    }
    out.push_str(&format!("Shared by the organisation {}\n", read.name));
    for (entry, count) in all.values() {
        out.push_str(&format!("  {}", text::short(entry, now)));
        out.push_str(&format!("    with {}\n", repositories(*count)));
    }
    out.push('\n');
}

fn requests(read: &OrganizationSecrets) -> String {
    let all = read.requests;
    let taken_over = match all.taken_over {
        0 => String::new(),
        1 => " 1 answer was taken over from the run that was broken off.".to_owned(),
        n => format!(" {n} answers were taken over from the run that was broken off."),
    };
    format!("{} requests, {} of them answered \"as it was\".{taken_over}", all.sent, all.unchanged)
}

/// Each reason once, with those that it is about.
fn unread(out: &mut String, audit: &[OfRepository]) {
    let mut reasons: BTreeMap<(&str, &str, Option<&str>), Vec<String>> = BTreeMap::new();
    for one in audit {
        for (what, why) in &one.unread {
            let slug = one.repository.slug.to_string();
            reasons.entry((what, &why.why, why.hint.as_deref())).or_default().push(slug);
        }
    }
    if !reasons.is_empty() {
        out.push_str("\nNot read:\n");
    }
    for ((what, why, hint), slugs) in reasons {
        let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
        let more = if slugs.len() > NAMED { format!(" and {} more", slugs.len() - NAMED) } else { String::new() };
        let named = slugs.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        push(out, "  ", &format!("{what} of {named}{more}: {why}{hint}"), WIDTH);
    }
}

/// For spreadsheets: a row a secret, and one for each level that could not be read.
#[must_use]
pub fn organization_csv(audit: &[OfRepository]) -> String {
    let head = csv::record(["repository", "archived", "fork"].into_iter().chain(csv::HEADER).map(str::to_owned));
    let mut out = head;
    for one in audit {
        let flag = |set: bool| if set { "yes" } else { "no" }.to_owned();
        let about = || [one.repository.slug.to_string(), flag(one.repository.archived), flag(one.fork)].into_iter();
        for entry in &one.entries {
            out.push_str(&csv::record(about().chain(csv::fields(entry))));
        }
        for (what, why) in &one.unread {
            out.push_str(&csv::record(about().chain(csv::gap(what, why))));
        }
    }
    out
}

/// For machines. Fields are added, never renamed.
#[must_use]
pub fn organization_json(read: &OrganizationSecrets, audit: &[OfRepository], now: Timestamp) -> Value {
    json!({
        "schema": SCHEMA,
        "organization": read.name,
        "at": now.rfc3339(),
        "repositories": audit.iter().map(repository).collect::<Vec<_>>(),
        "requests": {
            "sent": read.requests.sent,
            "not_modified": read.requests.unchanged,
            "taken_over": read.requests.taken_over,
        },
    })
}

fn repository(one: &OfRepository) -> Value {
    json!({
        "repository": one.repository.slug,
        "private": one.repository.private,
        "archived": one.repository.archived,
        "fork": one.fork,
        "secrets": one.entries.iter().map(json::entry).collect::<Vec<_>>(),
        "other_names": one.others,
        "not_read": one.unread.iter().map(|(what, why)| json!({
            "what": what, "why": clean_line(&why.why, 500), "hint": why.hint,
        })).collect::<Vec<_>>(),
    })
}
