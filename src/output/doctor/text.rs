//! For a terminal and for logs: by phase, in plain words, no colour needed.

use super::word;
use crate::doctor::{Diagnosis, Forecasted, Found, PhaseReport};
use crate::model::{PackageName, RepoSlug, Severity, clean};

/// How wide a line may be; what is to be copied is never wrapped.
const WIDTH: usize = 110;

/// The whole diagnosis.
#[must_use]
pub fn doctor_text(repository: Option<&RepoSlug>, diagnosis: &Diagnosis, strict: bool) -> String {
    let of = repository.map_or_else(|| "a repository that is not known".to_owned(), ToString::to_string);
    let mut out = format!("untoken doctor: {of}\n");
    for phase in &diagnosis.phases {
        out.push('\n');
        one_phase(&mut out, phase);
    }
    if !diagnosis.silenced.is_empty() {
        out.push_str("\nsilenced\n");
        for silenced in &diagnosis.silenced {
            let at = place(&silenced.found);
            wrapped(&mut out, "  ", &format!("{}{at}: {}", silenced.found.code, silenced.reason));
        }
    }
    out.push('\n');
    wrapped(&mut out, "", &summary(diagnosis, strict));
    out
}

fn summary(diagnosis: &Diagnosis, strict: bool) -> String {
    let counted = |severity| match diagnosis.count(severity) {
        1 => format!("1 {}", word(severity)),
        n => format!("{n} {}s", word(severity)),
    };
    let [errors, warnings, notes] = [Severity::Error, Severity::Warning, Severity::Note].map(counted);
    let mut parts = vec![format!("{errors}, {warnings}, {notes}")];
    if !diagnosis.silenced.is_empty() {
        parts.push(format!("{} silenced", diagnosis.silenced.len()));
    }
    if let Some(known) = diagnosis.known {
        parts.push(format!("{known} that were there before are not shown"));
    }
    let code = diagnosis.exit_code(strict);
    format!("{}; exit code {code}. A page for each code: untoken doctor --explain CODE", parts.join("; "))
}

fn one_phase(out: &mut String, phase: &PhaseReport) {
    out.push_str(&format!("{}\n", phase.phase.title()));
    wrapped(out, "  ", &phase.scope);
    for remark in &phase.remarks {
        wrapped(out, "  - ", remark);
    }
    for forecast in &phase.forecasts {
        one_forecast(out, forecast);
    }
    for found in &phase.findings {
        finding(out, found);
    }
    // Forecasts speak for themselves: a refusal whose cause is another phase's finding is not found twice.
    if !phase.skipped && phase.findings.is_empty() && phase.forecasts.is_empty() {
        out.push_str("  nothing found\n");
    }
}

fn one_forecast(out: &mut String, forecast: &Forecasted) {
    let packages = match forecast.packages.as_deref() {
        None | Some([]) => "packages unknown".to_owned(),
        Some(names) => few(names),
    };
    let why = forecast.verdict.why();
    let why = if why.is_empty() { String::new() } else { format!(": {why}") };
    let head = format!(
        "{}: {}: {packages}, job `{}`, {}{why}",
        forecast.verdict.word(),
        forecast.destination,
        forecast.job,
        forecast.at
    );
    wrapped(out, "  ", &head);
    let pairs = |pairs: &[(&str, String)]| {
        pairs.iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
    };
    wrapped(out, "      ", &format!("presents: {}", pairs(&forecast.claims)));
    for register in &forecast.register {
        wrapped(out, "      ", &format!("register: {}", pairs(register)));
    }
    if !forecast.platforms.is_empty() && !forecast.register.is_empty() {
        wrapped(out, "      ", &format!("and the same for each platform: {}", few(&forecast.platforms)));
    }
}

/// The first names, and how many more there are.
fn few(names: &[PackageName]) -> String {
    let shown: Vec<&str> = names.iter().take(4).map(PackageName::as_str).collect();
    let more = names.len() - shown.len();
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", shown.join(", "))
}

fn place(found: &Found) -> String {
    found.at.as_ref().map(|at| format!(" {}:{}:{}", at.file, at.line, at.column)).unwrap_or_default()
}

fn finding(out: &mut String, found: &Found) {
    out.push_str(&format!("  {} {}{}\n", word(found.severity), found.code, place(found)));
    for line in clean(&found.message).lines() {
        // A parser's picture of a line must stay as it is.
        if line.contains(" | ") || line.trim_start().starts_with('^') {
            out.push_str(&format!("      {line}\n"));
        } else {
            wrapped(out, "      ", line);
        }
    }
    if let Some(fix) = &found.fix {
        wrapped(out, "      ", &format!("fix: {}", fix.text));
        for line in &fix.lines {
            out.push_str(&format!("          {}\n", clean(line).replace('\n', " ")));
        }
    }
}

/// A paragraph, on as many lines as it takes; a long word is never broken.
fn wrapped(out: &mut String, indent: &str, text: &str) {
    let under = " ".repeat(indent.len());
    let options = textwrap::Options::new(WIDTH).initial_indent(indent).subsequent_indent(&under).break_words(false);
    let options = options.word_splitter(textwrap::WordSplitter::NoHyphenation);
    out.push_str(&textwrap::fill(&clean(text).replace('\n', " "), options));
    out.push('\n');
}
