//! The audit as a table that fits 80 columns, each row with its reasons below it.

use super::super::push;
use super::{delete_command, environment, name, registries, set_at, source, used, why_taken};
use crate::model::{Timestamp, Unknown};
use crate::secrets::{Audit, Entry, Facts, Kept, OnGithub, Verdict};

/// The columns of the table; the last one takes what is left.
const REGISTRY: usize = 9;
const SOURCE: usize = 12;
const NAME: usize = 30;
/// The width of the text below a row.
const WIDTH: usize = 80;
/// How many uses are shown of one secret.
const USES: usize = 4;

/// For people.
#[must_use]
pub fn secrets_text(facts: &Facts, audit: &Audit) -> String {
    let mut out = String::new();
    if audit.entries.is_empty() {
        out.push_str("No long-lived token was found.\n");
    } else {
        out.push_str(&row("REGISTRY", "SOURCE", "ENV/NAME", "DETAILS"));
        audit.entries.iter().for_each(|entry| self::entry(&mut out, facts.now, entry));
    }
    if audit.others > 0 {
        let names = if audit.others == 1 { "name of a secret" } else { "names of secrets" };
        out.push_str(&format!("\n{} other {names}: nothing says that they are for a registry.\n", audit.others));
    }
    removal(&mut out, facts, audit);
    unread(&mut out, facts, audit);
    out
}

fn row(registry: &str, source: &str, name: &str, details: &str) -> String {
    let wide = name.chars().count() > NAME || registry.chars().count() > REGISTRY;
    let first = format!("{registry:<REGISTRY$}  {source:<SOURCE$}  {name:<NAME$}");
    match wide {
        true => format!("{}\n{:indent$}{details}\n", first.trim_end(), "", indent = REGISTRY + SOURCE + 4),
        false => format!("{}\n", format!("{first}  {details}").trim_end()),
    }
}

/// A row alone, without its verdict.
pub(super) fn short(entry: &Entry, now: Timestamp) -> String {
    let shown = shown(&entry.kept);
    let age = set_at(entry).map(|at| age(now, at)).unwrap_or_default();
    row(&registries(&entry.tokens, false), source(&entry.kept), &shown, &age)
}

/// Its name, with the environment in front.
fn shown(kept: &Kept) -> String {
    match environment(kept) {
        Some(environment) => format!("{environment}/{}", name(kept)),
        None => name(kept),
    }
}

fn entry(out: &mut String, now: Timestamp, entry: &Entry) {
    let shown = shown(&entry.kept);
    let verdict = match (&entry.judgement, &entry.kept) {
        (Some(judgement), _) => judgement.verdict.label().to_owned(),
        (None, Kept::File(_, true)) => "a token, and git tracks it".to_owned(),
        (None, Kept::File(..)) => "holds a token".to_owned(),
        (None, _) => "set here".to_owned(),
    };
    let age = set_at(entry).map(|at| format!(", {}", age(now, at))).unwrap_or_default();
    out.push_str(&row(&registries(&entry.tokens, false), source(&entry.kept), &shown, &format!("{verdict}{age}")));
    let mut below = |text: &str| push(out, "    ", text, WIDTH);
    if let Some(judgement) = &entry.judgement {
        below(&judgement.why);
    }
    if matches!(entry.kept, Kept::File(_, true)) {
        below("whoever has the repository has this token: revoke it at the registry, then take it out");
    }
    for use_ in entry.uses.iter().take(USES) {
        below(&format!("{}: {}", use_.at, used(use_)));
    }
    if entry.uses.len() > USES {
        below(&format!("and {} more places", entry.uses.len() - USES));
    }
    if entry.uses.iter().all(|use_| use_.feeds.is_none()) && !matches!(entry.kept, Kept::File(..)) {
        let why: Vec<String> = entry.tokens.iter().map(why_taken).collect();
        below(&format!("taken for a token: {}", why.join("; ")));
    }
}

/// How long ago, in whole days.
fn age(now: Timestamp, at: Timestamp) -> String {
    match now.since(at).max(0) / (24 * 60 * 60) {
        0 => "set today".to_owned(),
        1 => "1 day old".to_owned(),
        days => format!("{days} days old"),
    }
}

fn removal(out: &mut String, facts: &Facts, audit: &Audit) {
    if audit.removal.is_empty() {
        return;
    }
    out.push_str("\nCan be removed, the safest first:\n");
    for (number, entry) in audit.removal.iter().filter_map(|&index| audit.entries.get(index)).enumerate() {
        let verdict = match entry.judgement.as_ref().map(|judgement| judgement.verdict) {
            Some(Verdict::Unused) => "unused, as far as its reason above goes",
            Some(verdict) => verdict.label(),
            None => "unknown",
        };
        let place =
            environment(&entry.kept).map_or_else(|| source(&entry.kept).to_owned(), |e| format!("environment {e}"));
        push(out, "", &format!("{:>3}. {} ({place}): {verdict}", number + 1, name(&entry.kept)), WIDTH);
        let command = delete_command(&entry.kept, facts.slug.as_ref());
        command.into_iter().for_each(|command| out.push_str(&format!("     {command}\n")));
    }
    push(
        out,
        "",
        "A deleted secret cannot be brought back. Revoke its token at the registry too: deleting the secret leaves it alive.",
        WIDTH,
    );
}

fn unread(out: &mut String, facts: &Facts, audit: &Audit) {
    let hint = |why: &Unknown| why.hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default();
    if let OnGithub::NotAsked(why) = &facts.github {
        out.push_str(&format!("\nSecrets on GitHub were not read: {}{}.\n", why.why, hint(why)));
        return;
    }
    if !audit.unread.is_empty() {
        out.push_str("\nNot read:\n");
    }
    for (what, why) in &audit.unread {
        push(out, "  ", &format!("{what}: {}{}", why.why, hint(why)), WIDTH);
    }
}
