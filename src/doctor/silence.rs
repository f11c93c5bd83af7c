//! Findings that the project silences, each with a reason: a comment in the file, or an entry in untoken.toml.
//!
//! A finding without a reason stays; what is silenced is counted and listed, never dropped.

use super::found::{Fix, Found};
use super::{Code, Facts, Phase, PhaseReport, Silenced};
use crate::model::{Place, SourceFile};

/// What introduces a comment that silences.
const MARK: &str = "untoken: ignore";

/// Takes the silenced findings out of the phases, and adds a finding for each comment that cannot silence.
pub(super) fn apply(facts: &Facts, phases: &mut [PhaseReport]) -> Vec<Silenced> {
    let files = || facts.checkout.workflows.iter().chain(&facts.checkout.configs);
    let ignores: Vec<(&SourceFile, usize, Result<Ignore, String>)> =
        files().flat_map(|file| in_file(file).into_iter().map(move |(line, ignore)| (file, line, ignore))).collect();
    let mut idle = Vec::new();
    for (file, line, ignore) in &ignores {
        if let Err(why) = ignore {
            let place = Place { file: file.path.clone(), line: *line, column: 1 };
            idle.push((why.clone(), place));
        }
    }
    for entry in &facts.config.ignores {
        if let Err(error) = entry.code.parse::<Code>() {
            idle.push((error.to_string(), entry.at.clone()));
        }
    }
    let mut silenced = Vec::new();
    for phase in phases.iter_mut() {
        let (quiet, loud): (Vec<_>, Vec<_>) = std::mem::take(&mut phase.findings)
            .into_iter()
            .map(|found| (reason(facts, &ignores, &found), found))
            .partition(|(reason, _)| reason.is_some());
        phase.findings = loud.into_iter().map(|(_, found)| found).collect();
        silenced.extend(quiet.into_iter().filter_map(|(reason, found)| Some(Silenced { found, reason: reason? })));
    }
    if let Some(local) = phases.iter_mut().find(|phase| phase.phase == Phase::Local) {
        local.findings.extend(idle.into_iter().map(|(why, place)| without_effect(&why, place)));
    }
    silenced
}

fn without_effect(why: &str, place: Place) -> Found {
    let fix = Fix::write("Name the code and say why:", "# untoken: ignore UT012 the reason");
    Found::new(Code::IdleIgnore, why, format!("This ignore silences nothing: {why}.")).at(place).fix(fix)
}

/// A comment that silences.
struct Ignore {
    codes: Vec<Code>,
    reason: String,
}

fn reason(facts: &Facts, ignores: &[(&SourceFile, usize, Result<Ignore, String>)], found: &Found) -> Option<String> {
    let by_comment = found.at.as_ref().and_then(|at| {
        ignores.iter().find_map(|(file, line, ignore)| {
            let near = file.path == at.file && (*line == at.line || line + 1 == at.line);
            let ignore = ignore.as_ref().ok().filter(|ignore| near && ignore.codes.contains(&found.code))?;
            Some(ignore.reason.clone())
        })
    });
    by_comment.or_else(|| {
        let fits = facts.config.ignores.iter().find(|entry| {
            let here = entry.file.as_ref().is_none_or(|file| found.at.as_ref().is_some_and(|at| at.file == *file));
            entry.code.parse() == Ok(found.code) && here
        });
        fits.map(|entry| entry.reason.clone())
    })
}

/// The comments of a file, with their lines.
fn in_file(file: &SourceFile) -> Vec<(usize, Result<Ignore, String>)> {
    let text = String::from_utf8_lossy(&file.bytes);
    if !text.contains(MARK) {
        return Vec::new();
    }
    let comments = text.lines().enumerate().filter_map(|(number, line)| {
        // The mark stands first in a comment: prose that mentions it silences nothing.
        let rest = line.match_indices('#').find_map(|(at, _)| line[at + 1..].trim_start().strip_prefix(MARK))?;
        Some((number + 1, parse(rest)))
    });
    comments.collect()
}

fn parse(rest: &str) -> Result<Ignore, String> {
    let mut codes = Vec::new();
    let mut words = rest.split_whitespace().peekable();
    while let Some(word) = words.peek() {
        let bare = word.trim_end_matches([',', ':']);
        let digits = bare.strip_prefix("UT").or_else(|| bare.strip_prefix("ut"));
        if !digits.is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())) {
            break;
        }
        codes.push(bare.parse::<Code>().map_err(|error| error.to_string())?);
        words.next();
    }
    let reason = words.collect::<Vec<_>>().join(" ");
    if codes.is_empty() {
        return Err("it names no code".to_owned());
    }
    if reason.is_empty() {
        return Err("it gives no reason".to_owned());
    }
    Ok(Ignore { codes, reason })
}
