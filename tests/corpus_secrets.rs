//! The audit on real repositories: `UNTOKEN_CORPUS=… cargo test --test corpus_secrets -- --nocapture`. Every secret that a
//! label says feeds a publishing step is found, with that step and the line that hands it over.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use untoken::checkout::{Disk, look};
use untoken::model::{SecretName, Timestamp, Unknown};
use untoken::secrets::{Audit, Facts, Kept, OnGithub, audit};
use untoken::workflow::{Surroundings, read};

/// How far the publishing line may be from the labelled one.
const LINES_OFF: i64 = 3;

fn audited(files: &Path) -> Audit {
    let disk = Disk::open(files).unwrap();
    let checkout = look(&disk);
    let around = Surroundings { source: &disk, packages: &checkout.packages, claim: untoken::registry::claim };
    audit(&Facts {
        now: Timestamp::from_unix(1_795_262_400),
        slug: None,
        reading: read(&checkout.workflows, &around),
        packages: checkout.packages,
        unread: Vec::new(),
        dependabot: Vec::new(),
        github: OnGithub::NotAsked(Unknown::because("a test asks nobody")),
        public: BTreeMap::new(),
        proven: BTreeMap::new(),
        unpushed: None,
        variables: Vec::new(),
        files: Vec::new(),
    })
}

/// The secrets that a label names. GitHub's own token is none that could be retired.
fn wanted(label: &Value) -> Vec<SecretName> {
    let alternatives = label["auth_alternatives"].as_array().into_iter().flatten();
    let all = std::iter::once(&label["auth"]).chain(alternatives).filter_map(Value::as_str);
    all.filter_map(|auth| auth.strip_prefix("token:"))
        .filter(|name| *name != "GITHUB_TOKEN")
        .map(|n| n.parse().unwrap())
        .collect()
}

#[test]
fn the_secret_of_every_label_is_attributed_to_its_line() {
    let Some(root) = std::env::var_os("UNTOKEN_CORPUS").map(PathBuf::from).filter(|path| path.is_dir()) else {
        common::left_out("auditing the corpus of real workflows", "UNTOKEN_CORPUS names no folder");
        return;
    };
    let (mut all, mut missed) = (0, Vec::new());
    for repository in std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()) {
        let Ok(truth) = std::fs::read(repository.join("truth.json")) else { continue };
        let truth: Value = serde_json::from_slice(&truth).unwrap();
        let files = repository.join("files");
        let audit = audited(&files);
        let labels = truth["labels"].as_array().unwrap().iter().filter(|label| label["needs_script"] != true);
        for (label, name) in labels.flat_map(|label| wanted(label).into_iter().map(move |name| (label, name))) {
            all += 1;
            let entry = audit.entries.iter().find(|entry| entry.kept == Kept::Named(name.clone()));
            let uses = entry.map_or(&[][..], |entry| &entry.uses);
            let fed = uses.iter().any(|used| {
                used.feeds.as_ref().is_some_and(|feeds| {
                    let off = (label["step_line"].as_i64().unwrap() - feeds.at.line as i64).abs();
                    label["step_file"] == feeds.at.file.as_str() && off <= LINES_OFF
                })
            });
            // A line that is told has the name in it: the token may come to the step by another variable.
            let told = uses.iter().any(|used| {
                let text = std::fs::read_to_string(files.join(used.at.file.as_str())).unwrap();
                let line = text.lines().nth(used.at.line - 1).unwrap_or_default().to_ascii_uppercase();
                label["step_file"] == used.at.file.as_str() && line.contains(name.as_str())
            });
            // Of what nobody can tell the reading need not have every step: the secret and its line it must have.
            let undecided = label["expect"] == "cannot-tell" && uses.iter().any(|used| used.feeds.is_some());
            if !(fed || undecided) || !told {
                missed.push(format!(
                    "{} {name} {}:{} {uses:#?}",
                    repository.display(),
                    label["step_file"],
                    label["step_line"]
                ));
            }
        }
    }
    eprintln!("{} of {all} secrets attributed", all - missed.len());
    assert!(missed.is_empty() && all > 0, "{}", missed.join("\n"));
}
