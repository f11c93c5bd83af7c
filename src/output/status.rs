//! The ladder of every package: as a table for a terminal, and as JSON; with what a gate found.

use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _};

use serde_json::{Value, json};

use super::doctor::cleaned;
use super::json::{SCHEMA, finding, gitlab, ladder_json, others};
use crate::model::{Rung, Standing, Timestamp, clean_line};
use crate::plan::{self, Check, Facts, Missed, Plan, Row};
use crate::tui::Theme;
use crate::wizard::Mark;

/// How wide a line may be.
const WIDTH: usize = 80;
/// The width of a rung's column: seven of them and an indent of two are 79.
const EACH: usize = 11;

/// What `untoken status` tells.
#[derive(Debug, Clone, Copy)]
pub struct Status<'a> {
    /// What was read.
    pub facts: &'a Facts,
    /// What follows.
    pub plan: &'a Plan,
    /// The rungs that the gate was to look at.
    pub asked: &'a [Rung],
    /// What it found; `None`: no gate was asked for.
    pub check: Option<&'a Check>,
}

impl Status<'_> {
    /// For machines.
    #[must_use]
    pub fn json(&self) -> Value {
        cleaned(json!({
            "schema": SCHEMA,
            "repository": self.facts.slug(),
            "at": self.facts.now.rfc3339(),
            "packages": self.plan.rows.iter().map(ladder_json).collect::<Vec<_>>(),
            "others": others(self.facts),
            "gitlab": gitlab(self.facts, self.plan),
            "findings": self.plan.findings.iter().map(finding).collect::<Vec<_>>(),
            "check": self.check.map(|check| json!({
                "rungs": self.asked.iter().map(|rung| rung.label()).collect::<Vec<_>>(),
                "below": check.below.iter().map(missed_json).collect::<Vec<_>>(),
                "unread": check.unread.iter().map(missed_json).collect::<Vec<_>>(),
                "unread_manifests": check.manifests,
                "aside": check.aside,
                "exit_code": check.exit_code(),
            })),
        }))
    }

    /// For a terminal of 80 columns: a row a package and registry, a column a rung, and below it why, by whom and when. What is
    /// well needs no reason unless `details` are wanted. Without a theme: words alone.
    #[must_use]
    pub fn text(&self, theme: Option<Theme>, details: bool) -> String {
        let mut out = String::new();
        if self.plan.rows.is_empty() {
            let _ = writeln!(out, "No package of {} is published from here.", crate::model::Registry::choice());
        } else {
            out.push_str("  ");
            out.push_str(cells(Rung::ALL.map(|rung| rung.label().to_owned())).trim_end());
            out.push('\n');
        }
        for row in &self.plan.rows {
            self.row(row, theme, details, &mut out);
        }
        if !details && !self.plan.rows.is_empty() {
            out.push_str("\nEvery rung with its source and time: untoken status -v, or --json.\n");
        }
        for beside in plan::beside(self.facts) {
            let _ = writeln!(out, "\n{}", beside.title);
            // What is to be copied stands on a line of its own and is never broken.
            beside.lines.iter().for_each(|line| match line.strip_prefix("  ") {
                Some(value) => _ = writeln!(out, "    {value}"),
                None => wrapped(&mut out, "  ", line),
            });
        }
        if let Some(check) = self.check {
            self.gate(check, &mut out);
        }
        out
    }

    fn row(&self, row: &Row, theme: Option<Theme>, details: bool, out: &mut String) {
        let _ = writeln!(out, "{}", clean_line(&row.package.id.to_string(), WIDTH));
        let _ = writeln!(out, "  {}", cells(Rung::ALL.map(|rung| cell(row.ladder.standing(rung), theme))).trim_end());
        let off = matches!(row.ladder.standing(Rung::Exists), Standing::NotApplicable(_));
        for (rung, standing) in row.ladder.iter() {
            let well = matches!(standing, Standing::Yes(_) | Standing::NotApplicable(_));
            if !well || details || off && rung == Rung::Exists {
                explain(rung, standing, out);
            }
        }
    }

    fn gate(&self, check: &Check, out: &mut String) {
        let rungs: Vec<&str> = self.asked.iter().map(|rung| rung.label()).collect();
        let _ = writeln!(out, "\ncheck {}", rungs.join(", "));
        for (what, all) in [("below", &check.below), ("could not be read", &check.unread)] {
            for missed in all {
                wrapped(out, "  ", &format!("{what}: {}, {}: {}", missed.package, missed.rung.label(), missed.why));
            }
        }
        for manifest in &check.manifests {
            wrapped(out, "  ", &format!("could not be read: {manifest}; what it publishes was not looked at"));
        }
        let aside = if check.aside == 0 { String::new() } else { format!(", {} not in question", check.aside) };
        let unread = check.unread.len() + check.manifests.len();
        let verdict = match (check.below.len(), unread, check.packages) {
            (0, 0, 0) => "no package was found, so nothing was checked".to_owned(),
            (0, 0, n) if check.aside == n => format!("nothing to check: {} not in question", packages(n)),
            (0, 0, n) => format!("all well with {}{aside}", packages(n - check.aside)),
            (below, unread, _) => format!("{below} below, {unread} could not be read{aside}"),
        };
        let _ = writeln!(out, "  {verdict}; exit code {}", check.exit_code());
    }
}

fn packages(count: usize) -> String {
    if count == 1 { "1 package".to_owned() } else { format!("{count} packages") }
}

fn cells(texts: [String; 7]) -> String {
    texts.map(|text| format!("{text:<EACH$}")).concat()
}

/// Glyph and word; `n/a` where the registry has no such thing.
fn cell(standing: &Standing, theme: Option<Theme>) -> String {
    let word = match standing {
        Standing::NotApplicable(_) => "n/a",
        Standing::HereOnly(_) => "here",
        _ => standing.word(),
    };
    match theme {
        Some(theme) => format!("{} {word}", theme.glyph(Mark::from(standing))),
        None => word.to_owned(),
    }
}

/// Why, on the lines under the row; then who said so and when.
fn explain(rung: Rung, standing: &Standing, out: &mut String) {
    let mut why = format!("{:<11}{}: {}", rung.label(), standing.word(), clean_line(standing.why(), 400));
    let (source, at, hint) = match standing {
        Standing::Yes(seen) | Standing::No(seen) | Standing::HereOnly(seen) => {
            (Some(&seen.source), Some(seen.at), None)
        }
        Standing::Stated { at, .. } => (None, Some(*at), None),
        Standing::Unknown(unknown) => (None, None, unknown.hint.as_ref()),
        Standing::NotApplicable(_) => (None, None, None),
    };
    let seen: Vec<String> =
        source.map(|source| clean_line(source, 200)).into_iter().chain(at.map(Timestamp::day)).collect();
    if !seen.is_empty() {
        let _ = write!(why, " ({})", seen.join(", "));
    }
    wrapped(out, "    ", &why);
    if let Some(hint) = hint {
        wrapped(out, "               ", &format!("hint: {}", clean_line(hint, 400)));
    }
}

/// A paragraph under itself: what belongs to a rung stands behind its word.
fn wrapped(out: &mut String, indent: &str, text: &str) {
    let under = " ".repeat(if indent.len() == 4 { 15 } else { indent.len() + 2 });
    let options = textwrap::Options::new(WIDTH).initial_indent(indent).subsequent_indent(&under).break_words(false);
    out.push_str(&textwrap::fill(text, options));
    out.push('\n');
}

fn missed_json(missed: &Missed) -> Value {
    json!({
        "registry": missed.package.registry,
        "name": missed.package.name,
        "rung": missed.rung.label(),
        "why": missed.why,
    })
}

/// How far the reading is, on one line of stderr that is rewritten; where that is no terminal, nothing.
#[derive(Debug)]
pub struct Progress {
    terminal: bool,
}

impl Progress {
    /// Looks whether there is anybody to tell.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it looks at the terminal, which no default should")]
    pub fn new() -> Self {
        Self { terminal: std::io::stderr().is_terminal() }
    }

    /// So many of so many packages are read.
    pub fn tell(&self, done: usize, all: usize) {
        if self.terminal && all > 0 {
            self.write(&format!("\rreading: {done} of {}\u{1b}[K", packages(all)));
        }
    }

    /// So many of so many repositories are read.
    pub fn tell_repositories(&self, done: usize, all: usize) {
        if self.terminal {
            self.write(&format!("\rreading: {done} of {all} repositories\u{1b}[K"));
        }
    }

    /// Wipes the line.
    pub fn end(&self) {
        if self.terminal {
            self.write("\r\u{1b}[K");
        }
    }

    /// A stderr that is gone is nobody's trouble.
    fn write(&self, text: &str) {
        let mut err = std::io::stderr();
        let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
    }
}
