//! Measures the reading of workflows on real repositories: `UNTOKEN_CORPUS=… cargo test --test corpus_reading -- --nocapture`.
//!
//! Publishers that only a script outside the corpus shows are not asked for. Without the corpus the test says so and passes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use untoken::checkout::{Checkout, Disk, look};
use untoken::model::{Auth, Certainty, EnvironmentRef, IdToken, PackageName, PublishJob, WorkflowRole};
use untoken::registry::guides;
use untoken::workflow::{Surroundings, WorkflowReading, read};

/// How far a reported line may be from the labelled one.
const LINES_OFF: i64 = 3;
/// The share of labels that must be found, and of their fields that must be right. They only ever go up.
const FLOOR: f64 = 0.97;
/// The same for the packages, some of which are named nowhere but in a build.
const PACKAGES_FLOOR: f64 = 0.85;
/// The share of reported publishers that may be none.
const FALSE_ALARMS: f64 = 0.03;

#[derive(Default)]
struct Score {
    wanted: usize,
    found: usize,
    reported: usize,
    wrong: usize,
    fields: BTreeMap<&'static str, (usize, usize)>,
    notes: Vec<String>,
}

#[test]
fn publishers_of_the_corpus_are_found() {
    let Some(root) = std::env::var_os("UNTOKEN_CORPUS").map(PathBuf::from).filter(|path| path.is_dir()) else {
        common::left_out("reading the corpus of real workflows", "UNTOKEN_CORPUS names no folder");
        return;
    };
    let mut repositories: Vec<PathBuf> = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    repositories.retain(|path| path.join("truth.json").is_file());
    repositories.sort();
    let mut score = Score::default();
    for repository in &repositories {
        score.add(repository);
    }
    eprintln!("{}", score.notes.join("\n"));
    eprintln!("{} repositories: {} of {} found", repositories.len(), score.found, score.wanted);
    eprintln!("{} reported, {} of them false", score.reported, score.wrong);
    for (field, (right, all)) in &score.fields {
        eprintln!("  {field}: {right} of {all}");
    }
    let share = score.found as f64 / score.wanted.max(1) as f64;
    assert!(share >= FLOOR, "only {share:.2} of the publishers were found");
    for (field, (right, all)) in &score.fields {
        let floor = if *field == "packages" { PACKAGES_FLOOR } else { FLOOR };
        assert!(*right as f64 / *all as f64 >= floor, "{field} is right in {right} of {all}");
    }
    let wrong = score.wrong as f64 / score.reported.max(1) as f64;
    assert!(wrong <= FALSE_ALARMS, "{wrong:.2} of the reported publishers are none");
}

/// A host may be written in more ways than one: any other place is as good as the labelled one.
fn same_place(label: &str, got: &str) -> bool {
    label == got || label.starts_with("other:") && got.starts_with("other:")
}

impl Score {
    fn add(&mut self, repository: &Path) {
        let name = repository.file_name().unwrap().to_string_lossy().into_owned();
        let truth: Value = serde_json::from_slice(&std::fs::read(repository.join("truth.json")).unwrap()).unwrap();
        let disk = Disk::open(&repository.join("files")).unwrap();
        let checkout = look(&disk);
        let around = Surroundings { source: &disk, packages: &checkout.packages, claim: untoken::registry::claim };
        let reading = read(&checkout.workflows, &around);
        self.notes.push(summary(&name, &checkout, &reading));
        let mut used = Vec::new();
        for label in truth["labels"].as_array().unwrap() {
            let near = |job: &&PublishJob| {
                let lines = (label["step_line"].as_i64().unwrap() - job.at.line as i64).abs();
                same_place(label["registry"].as_str().unwrap(), &job.destination.label())
                    && label["step_file"] == job.at.file.as_str()
                    && label["job"] == job.job.as_str()
                    && lines <= LINES_OFF
            };
            let fresh = |job: &&PublishJob| near(job) && !used.contains(&std::ptr::from_ref(*job));
            let got = reading.publish_jobs.iter().find(fresh);
            used.extend(got.map(std::ptr::from_ref));
            if label["needs_script"] == true || label["expect"] == "cannot-tell" {
                continue;
            }
            self.wanted += 1;
            match got.filter(|job| job.certainty > Certainty::CannotTell) {
                Some(job) => {
                    self.found += 1;
                    self.compare(&name, label, job, &checkout);
                }
                None => self
                    .notes
                    .push(format!("  missed: {} {}:{}", label["registry"], label["step_file"], label["step_line"])),
            }
        }
        for job in &reading.publish_jobs {
            self.reported += 1;
            if !used.contains(&std::ptr::from_ref(job)) && job.certainty > Certainty::CannotTell {
                self.wrong += 1;
                self.notes.push(format!("  false: {} {} ({})", job.destination, job.at, job.why.join("; ")));
            }
        }
    }

    fn compare(&mut self, name: &str, label: &Value, job: &PublishJob, checkout: &Checkout) {
        for (field, got) in fields(job, checkout) {
            let mut want = label[field].clone();
            if field == "environment" && (want == "<dynamic>" || label["environment_visible"] == false) {
                // What only a run or another repository knows is right as long as it is no name.
                want = if got.is_object() { got.clone() } else { json!("something that is not known") };
            }
            if field == "packages" && (want.is_null() || label["packages_certain"] == false) {
                continue;
            }
            let same = want == got
                || (field == "auth" && label["auth_alternatives"].as_array().is_some_and(|a| a.contains(&got)));
            let count = self.fields.entry(field).or_default();
            count.0 += usize::from(same);
            count.1 += 1;
            if !same {
                self.notes.push(format!("  {name} {}: {field} is {got}, truth {want}", job.at));
            }
        }
    }
}

/// The packages as their manifests spell them, sorted.
fn spelled(job: &PublishJob, checkout: &Checkout) -> Option<Vec<String>> {
    let of = |name: &PackageName| {
        let registry = job.destination.speaks();
        let known = checkout.packages.iter().find(|p| p.id.registry == registry && p.id.name == *name);
        known.map_or_else(|| name.to_string(), |package| package.spelled.to_string())
    };
    let mut names: Vec<String> = job.packages.as_ref()?.iter().map(of).collect();
    names.sort();
    Some(names)
}

fn fields(job: &PublishJob, checkout: &Checkout) -> Vec<(&'static str, Value)> {
    let (workflow, role) = job.reach.told(guides(job.destination.speaks()).rules().claim.value);
    vec![
        ("workflow", json!(workflow)),
        (
            "workflow_role",
            json!(match role {
                WorkflowRole::Direct => "direct",
                WorkflowRole::Caller => "caller",
                WorkflowRole::Callee => "callee",
                WorkflowRole::NotUsed => "not-used",
                WorkflowRole::Impossible => "impossible",
            }),
        ),
        (
            "environment",
            match &job.environment {
                EnvironmentRef::None => Value::Null,
                EnvironmentRef::Named(name) => json!(name),
                EnvironmentRef::Expression(text) => json!({"expression": text}),
                EnvironmentRef::Unknown(why) => json!({"unknown": why}),
            },
        ),
        (
            "id_token",
            match &job.id_token {
                IdToken::Granted(_) => json!(true),
                IdToken::Missing => json!(false),
                IdToken::Unknown(_) => Value::Null,
            },
        ),
        (
            "auth",
            match &job.auth {
                Auth::Oidc => json!("oidc"),
                Auth::Token(name) => json!(format!("token:{name}")),
                Auth::Unknown => json!("unknown"),
            },
        ),
        ("pinned", json!(format!("{:?}", job.pinned).to_lowercase())),
        ("packages", json!(spelled(job, checkout))),
    ]
}

fn summary(name: &str, checkout: &Checkout, reading: &WorkflowReading) -> String {
    let findings =
        checkout.findings.iter().chain(&reading.findings).map(|finding| format!("\n  finding: {}", finding.message));
    format!(
        "{name}: {} packages, {} workflows, {} publishers{}",
        checkout.packages.len(),
        reading.workflows.len(),
        reading.publish_jobs.len(),
        findings.collect::<String>()
    )
}
