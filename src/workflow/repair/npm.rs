//! npm new enough for trusted publishing when a step publishes.

use serde_json::{Map, Value};

use super::super::model::Step;
use super::document::{Document, Path};
use super::edit::add_item;
use super::{Obstacle, StepRef, lines};
use crate::model::JobId;

/// The command that renews npm. npm publishes by OIDC from 11.5.1 (npm's changelog, 2025-07-24).
pub(super) const RENEW: &str = "npm install -g npm@^11.5.1";
/// The first Node whose newest release brings such an npm.
const NODE_WITH_NPM_11: u64 = 24;
/// The oldest Node that npm 11 runs on.
const OLDEST_NODE: u64 = 20;

pub(super) fn apply(doc: &mut Document, job: &JobId, publish: StepRef) -> Result<(), Obstacle> {
    let Some((index, step)) = doc.step(job, publish)? else { return Ok(()) };
    let before = &doc.job(job)?.steps[..=index];
    if before.iter().filter_map(|step| step.run.as_ref()).any(|run| renews(&run.value)) {
        return Ok(());
    }
    match before.iter().rev().find_map(node) {
        Some(Node::Enough) => return Ok(()),
        Some(Node::TooOld(version)) => {
            return Err(Obstacle::other(format!(
                "the job {job} runs Node {version}, and npm 11 needs Node 20 or newer"
            )));
        }
        Some(Node::Takes) | None => {}
    }
    let mut rows = vec![format!("run: {RENEW}")];
    let mut meaning = Map::new();
    meaning.insert("run".to_owned(), RENEW.into());
    if let Some(condition) = step.condition.as_ref().map(|text| text.value.clone()) {
        if condition.contains('\n') {
            return Err(Obstacle::other("the condition of the step that publishes has more than one line"));
        }
        rows.push(format!("if: {}", lines::scalar(&condition)));
        meaning.insert("if".to_owned(), condition.into());
    }
    let edit = add_item(doc, &Path::job(job).key("steps"), index, &rows, Value::Object(meaning))?;
    doc.make(edit)?;
    doc.moves.came(job, index);
    Ok(())
}

/// What a Node that is set up does about npm.
enum Node {
    /// It brings one that is new enough.
    Enough,
    /// It takes one.
    Takes,
    /// It takes none.
    TooOld(String),
}

/// The Node that a step sets up, as far as a version is written there.
fn node(step: &Step) -> Option<Node> {
    if step.action()?.0 != "actions/setup-node" {
        return None;
    }
    let Some(version) = step.input("node-version") else { return Some(Node::Takes) };
    let version = version.value.trim().trim_start_matches('v').to_ascii_lowercase();
    if matches!(version.as_str(), "latest" | "current" | "node" | "lts/*") {
        return Some(Node::Enough);
    }
    let mut parts = version.trim_start_matches(['^', '~', '>', '=', ' ']).split('.');
    let Some(Ok(major)) = parts.next().map(str::parse::<u64>) else { return Some(Node::Takes) };
    // An early release of 24 brought npm 11.3: a version that is written to the end tells nothing.
    let open = parts.next().is_none_or(|minor| matches!(minor, "x" | "*"));
    Some(match major {
        major if major < OLDEST_NODE => Node::TooOld(version),
        major if major > NODE_WITH_NPM_11 || (major == NODE_WITH_NPM_11 && open) => Node::Enough,
        _ => Node::Takes,
    })
}

/// Whether a script installs or runs an npm that is new enough.
fn renews(script: &str) -> bool {
    script.match_indices("npm@").any(|(at, word)| {
        let own =
            script[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '-' | '/' | '@'));
        let version = script[at + word.len()..].split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';'));
        own && version.into_iter().next().is_some_and(is_enough)
    })
}

fn is_enough(version: &str) -> bool {
    if matches!(version, "latest" | "next" | "next-11") {
        return true;
    }
    let caret = version.starts_with(['^', '>']);
    let mut parts = version.trim_start_matches(['^', '~', '>', '=', 'v']).split('.');
    let mut part = || parts.next().map(|part| part.parse::<u64>().ok());
    match (part(), part(), part()) {
        (Some(Some(major)), ..) if major > 11 => true,
        (Some(Some(11)), _, _) if caret => true,
        (Some(Some(11)), None | Some(None), _) => true,
        (Some(Some(11)), Some(Some(5)), patch) => patch.is_none_or(|patch| patch.is_none_or(|patch| patch >= 1)),
        (Some(Some(11)), Some(Some(minor)), _) => minor > 5,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_npm_that_is_new_enough_is_recognised() {
        for script in [RENEW, "npm i -g npm@latest", "npx npm@11 publish", "npm install --global 'npm@>=11.5.1'"] {
            assert!(renews(script), "{script}");
        }
        for script in ["npm i -g npm@10", "npm i -g pnpm@latest", "npm i -g npm@11.4.2", "npm i -g npm@~11.4", "npm ci"]
        {
            assert!(!renews(script), "{script}");
        }
    }
}
