//! New workflows for packages that nothing in the repository publishes: in which file, in which environment, and the text.
//!
//! What is made is read again like a file that is there: each registry must accept what its job would present, else nothing
//! is proposed. A file that is there is never replaced.

use std::collections::BTreeMap;

use super::forecast::{Forecast, forecast};
use super::wanted::{job_of, jobs_of};
use super::{Facts, Local, Repairs, Row, off_oidc};
use crate::checkout::InMemory;
use crate::config::Refused;
use crate::model::{EnvironmentName, Package, PackageId, RelPath, SourceFile, WorkflowFile};
use crate::registry;
use crate::workflow::repair::Pins;
use crate::workflow::template::{After, NewWorkflow, Template, cargo_root};
use crate::workflow::{self, Surroundings};

/// Names for a new file, the first that is free; no project has them all.
const NAMES: [&str; 4] = ["release.yml", "publish.yml", "publish-packages.yml", "untoken-release.yml"];

/// The environment where the project names none.
const ENVIRONMENT: &str = "release";

/// Whether nothing that was read publishes a package. A workflow that could not be read may.
pub(super) fn is_wanted(facts: &Facts, package: &Package) -> bool {
    facts.local.value().is_some_and(|local| {
        local.unread_workflows.is_empty()
            && package.family.is_none()
            && off_oidc(facts, package).is_none()
            && jobs_of(local, package).next().is_none()
    })
}

/// Where a workflow goes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Target {
    file: WorkflowFile,
    environment: EnvironmentName,
}

/// What would be made for a package, on one line; `None`: nothing would.
pub(super) fn announced(facts: &Facts, row: &Row) -> Option<String> {
    if !is_wanted(facts, &row.package) {
        return None;
    }
    let local = facts.local.value()?;
    Some(match target(facts, local, row) {
        Ok(Some(Target { file, environment })) => format!("new file {}, environment {environment}", file.path()),
        Ok(None) => format!("new file {}, environment {ENVIRONMENT}", free(local).ok()?.path()),
        Err(why) => format!("by hand: {why}"),
    })
}

/// Where the project says that a package is published from; `None`: it says nothing.
fn target(facts: &Facts, local: &Local, row: &Row) -> Result<Option<Target>, String> {
    let Ok(publisher) = &row.wanted else { return Ok(None) };
    if facts.slug().is_some_and(|own| *own != publisher.repository) {
        return Err(format!("its policy names {}, and the workflow belongs there", publisher.repository));
    }
    let Some(file) = publisher.workflow.own() else {
        return Err(format!("its policy names {}, and the workflow belongs there", publisher.workflow));
    };
    if is_taken(local, file) {
        return Err(format!(
            "its policy names {}, which is there and publishes nothing of it; untoken replaces no file",
            publisher.workflow
        ));
    }
    let environment = match publisher.environment.clone() {
        Some(environment) => environment,
        None => EnvironmentName::new(ENVIRONMENT).map_err(|error| error.to_string())?,
    };
    Ok(Some(Target { file: file.clone(), environment }))
}

/// Whether a file of that name is there, read or not; some systems do not tell the case apart.
fn is_taken(local: &Local, file: &WorkflowFile) -> bool {
    let path = file.path();
    local.landmarks.iter().any(|there| there.as_str().eq_ignore_ascii_case(path.as_str()))
        || local.workflow_files.iter().any(|there| there.path.as_str().eq_ignore_ascii_case(path.as_str()))
}

fn free(local: &Local) -> Result<WorkflowFile, String> {
    let mut names = NAMES.iter().filter_map(|name| WorkflowFile::new(name).ok());
    names.find(|file| !is_taken(local, file)).ok_or_else(|| {
        format!(
            "{} and {} are all there: `untoken workflow --file NAME` makes another",
            NAMES[0],
            NAMES[1..].join(", ")
        )
    })
}

/// Makes the workflows of those among these packages that nothing publishes.
pub(super) fn make(facts: &Facts, rows: &[&Row], pins: &Pins) -> Repairs {
    let mut made = Repairs::default();
    let Some(local) = facts.local.value() else { return made };
    let mut groups: BTreeMap<RelPath, (Target, Vec<&Package>)> = BTreeMap::new();
    let mut free_choice: Vec<&Package> = Vec::new();
    for row in rows.iter().filter(|row| is_wanted(facts, &row.package)) {
        match target(facts, local, row) {
            Err(why) => made.refused.push(refused(&[&row.package], row_file(row), why)),
            Ok(None) => free_choice.push(&row.package),
            Ok(Some(target)) => {
                let (known, packages) =
                    groups.entry(target.file.path()).or_insert_with(|| (target.clone(), Vec::new()));
                if *known == target {
                    packages.push(&row.package);
                } else {
                    let why = format!("others of {} want the environment {}", target.file, known.environment);
                    made.refused.push(refused(&[&row.package], target.file.path(), why));
                }
            }
        }
    }
    if !free_choice.is_empty() {
        match groups.values_mut().next() {
            Some((_, packages)) => packages.extend(free_choice),
            None => match (free(local), EnvironmentName::new(ENVIRONMENT)) {
                (Ok(file), Ok(environment)) => {
                    groups.insert(file.path(), (Target { file, environment }, free_choice));
                }
                (Err(why), _) => made.refused.push(refused(&free_choice, workflows_folder(), why)),
                (_, Err(error)) => made.refused.push(refused(&free_choice, workflows_folder(), error.to_string())),
            },
        }
    }
    for (target, packages) in groups.into_values() {
        match proposed(local, &target, &packages, pins) {
            Ok(new) => {
                made.notes.extend(about(facts, local, &target, &packages));
                made.notes.extend(new.notes);
                made.changes.push(new.change);
            }
            Err(why) => made.refused.push(refused(&packages, target.file.path(), why)),
        }
    }
    made
}

fn refused(packages: &[&Package], file: RelPath, why: String) -> Refused {
    Refused { packages: packages.iter().map(|package| package.id.clone()).collect(), file, why, paste: String::new() }
}

/// The file that a refusal is about.
fn row_file(row: &Row) -> RelPath {
    let own = row.wanted.as_ref().ok().and_then(|publisher| publisher.workflow.own());
    own.map_or_else(workflows_folder, WorkflowFile::path)
}

fn workflows_folder() -> RelPath {
    RelPath::new(".github/workflows").unwrap_or_else(|_| RelPath::root())
}

/// The workflow, read again and accepted by the forecast for every package.
fn proposed(local: &Local, target: &Target, packages: &[&Package], pins: &Pins) -> Result<NewWorkflow, String> {
    let packages: Vec<Package> = packages.iter().map(|package| (*package).clone()).collect();
    let template = Template {
        cargo_root: cargo_root(&packages, &|path| local.landmarks.contains(path)),
        environment: target.environment.clone(),
        after: After::Nothing,
        cargo_registry: None,
        nuget_user: None,
        packages,
    };
    let new = template.make_with(&target.file, pins).map_err(|why| why.to_string())?;
    let mut files = local.workflow_files.clone();
    files.push(SourceFile::new(new.change.path.clone(), new.change.after.clone()));
    let source = InMemory::new(files.iter().chain(&local.led_to).cloned());
    let around = Surroundings { source: &source, packages: &local.packages, claim: registry::claim };
    let reading = workflow::read(&files, &around);
    for package in &template.packages {
        let again = Local { publish_jobs: reading.publish_jobs.clone(), ..Local::default() };
        let Some(job) = jobs_of(&again, package).find(|job| job.at.file == new.change.path) else {
            return Err(format!("untoken would not find {} in the workflow that it made", package.id));
        };
        match forecast(job, registry::guides(package.id.registry).rules()) {
            Forecast::Accepted => {}
            Forecast::Refused { why, .. } | Forecast::Unknown(why) => {
                return Err(format!("it would not be enough for {}: {why}", package.id));
            }
        }
    }
    Ok(new)
}

/// What to know of a new file before it is written.
fn about(facts: &Facts, local: &Local, target: &Target, packages: &[&Package]) -> Vec<String> {
    let mut notes = Vec::new();
    if local.workflow_files.is_empty() {
        notes
            .push("There is no workflow yet: this one builds, waits for the environment and publishes by OIDC.".into());
    } else {
        notes.push(
            "No step that publishes these packages was found. Where a script or another service does, leave this out."
                .to_owned(),
        );
    }
    let publishing: Vec<&str> = local
        .packages
        .iter()
        .filter_map(|package| job_of(facts, package))
        .map(|job| job.at.file.file_name())
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect();
    if !publishing.is_empty() {
        notes.push(format!("{} publishes other packages and stays as it is.", publishing.join(", ")));
    }
    let left: Vec<&PackageId> = local
        .packages
        .iter()
        .filter(|package| is_wanted(facts, package) && !packages.iter().any(|taken| taken.id == package.id))
        .map(|package| &package.id)
        .collect();
    if !left.is_empty() {
        let names = left.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        notes.push(format!("Nothing publishes {names} either: select them on the board to have them in one file."));
    }
    notes.push(format!("Its jobs run in the environment {}: the next step makes and guards it.", target.environment));
    notes.extend(undeclared(local, target, packages));
    notes
}

/// What to know where a policy names the file and leaves the environment open: the record follows the workflow.
fn undeclared(local: &Local, target: &Target, packages: &[&Package]) -> Option<String> {
    let compares = |package: &Package| {
        registry::guides(package.id.registry).rules().environment_case.value != registry::Case::NotCompared
    };
    let open = |package: &&&Package| {
        let policy = local.config.policy_for(package).map(|(policy, _)| policy);
        compares(package) && policy.is_some_and(|policy| policy.environment.is_none())
    };
    let names: Vec<String> = packages.iter().filter(open).map(|package| package.id.to_string()).collect();
    (!names.is_empty()).then(|| {
        format!(
            "The trust_policy of {} names no environment: the step \"declare\" adds {} to it.",
            names.join(", "),
            target.environment
        )
    })
}
