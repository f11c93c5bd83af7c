//! Publishing steps that are comments: a workflow is read once more with a block of comment lines made live.
//!
//! The reading itself decides what publishes, so that no second list of commands has to be kept. Prose is no YAML and no
//! command, and gives no finding.

use super::super::found::{Fix, Found};
use super::{Code, Facts};
use crate::checkout::InMemory;
use crate::model::{Destination, Place, Registry, Severity, SourceFile};
use crate::registry;
use crate::workflow::{self, Surroundings};

/// How many blocks of comments of one file are tried; beyond that nobody kept a step as a comment.
const MAX_BLOCKS: usize = 40;
/// How large a file may be, in bytes.
const MAX_BYTES: usize = 128 * 1024;
/// A block without any of these words publishes nothing.
const WORDS: [&str; 6] = ["publish", "upload", "push", "release", "deploy", "nuget"];

/// The commented-out steps that would publish to a registry; asked only where no live step does.
pub(super) fn steps(facts: &Facts, registry: Registry) -> Vec<Found> {
    facts.checkout.workflows.iter().filter_map(|file| in_file(facts, file, registry)).collect()
}

/// The first one of a file: the others would be said in the same words.
fn in_file(facts: &Facts, file: &SourceFile, registry: Registry) -> Option<Found> {
    let text = std::str::from_utf8(&file.bytes).ok().filter(|text| text.len() <= MAX_BYTES)?;
    let lines: Vec<&str> = text.lines().collect();
    blocks(&lines).into_iter().take(MAX_BLOCKS).find_map(|(from, to)| {
        let live = SourceFile::new(file.path.clone(), with_live(&lines, from, to).into_bytes());
        // What the step would lead to matters little: it is the step itself that is a comment.
        let nothing = InMemory::default();
        let around = Surroundings { source: &nothing, packages: &facts.checkout.packages, claim: registry::claim };
        let reading = workflow::read(&[live], &around);
        let job = reading
            .publish_jobs
            .into_iter()
            .find(|job| job.destination == Destination::Main(registry) && (from + 1..=to).contains(&job.at.line))?;
        let in_script = !lines[job.at.line - 1].contains("run:") && !lines[job.at.line - 1].contains("uses:");
        let message = format!(
            "The step that would publish to {registry} is a comment in {}, and no live step does it.",
            file.path.file_name()
        );
        let place = Place { file: file.path.clone(), line: job.at.line, column: 1 };
        let found = Found::new(Code::CommentedOut, registry.label(), message).at(place);
        let found = found.fix(Fix::say("Take the comment marks off, or delete the step and its comment."));
        // In a script a comment may be prose that happens to begin like a command.
        Some(if in_script { found.severity(Severity::Warning) } else { found })
    })
}

/// The ranges of lines (from 0, the end left out) that are comments one after the other and may publish.
fn blocks(lines: &[&str]) -> Vec<(usize, usize)> {
    let is_comment = |line: &&str| line.trim_start().starts_with('#');
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let length = lines[at..].iter().take_while(|line| is_comment(line)).count();
        let lower = lines[at..at + length].join("\n").to_ascii_lowercase();
        if length > 0 && WORDS.iter().any(|word| lower.contains(word)) {
            found.push((at, at + length));
        }
        at += length.max(1);
    }
    found
}

fn with_live(lines: &[&str], from: usize, to: usize) -> String {
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        if (from..to).contains(&number)
            && let Some((indent, rest)) = line.split_once('#')
        {
            let rest = rest.strip_prefix(' ').unwrap_or(rest);
            text.push_str(indent);
            text.push_str(rest);
        } else {
            text.push_str(line);
        }
        text.push('\n');
    }
    text
}
