//! The changes of workflow files that would let publishing jobs log in by OIDC, and what is not written, with the reason.
//!
//! A publisher is mended as a whole, in every file that it takes, and read again: the registry must accept what it would
//! present then, else all of it is withdrawn. Publishers of the same file follow one another, so that each sees what the one
//! before left.

use super::forecast::{Forecast, forecast};
use super::wanted::jobs_of;
use super::{Facts, Row, new_workflow};
use crate::checkout::InMemory;
use crate::config::Refused;
use crate::model::{Certainty, EnvironmentName, EnvironmentRef, FileChange, PublishJob, RelPath, SourceFile};
use crate::registry;
use crate::workflow::repair::{self, Pins, Planned, Repair, StepRef};
use crate::workflow::{self, Surroundings, WorkflowReading};

/// How many publishers one job may have for one package; no real one comes near.
const MAX_TURNS: usize = 20;

/// What repairing takes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Repairs {
    /// The changes, one a file.
    pub changes: Vec<FileChange>,
    /// What is to be done by hand.
    pub refused: Vec<Refused>,
    /// What a person should know of the changes, as sentences.
    pub notes: Vec<String>,
    /// Improvements of changed files that nothing needs.
    pub splits: Vec<Split>,
}

/// A changed file with its publishing in a job of its own: no step of the build can ask for the identity then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The file as it is, and repaired and parted.
    pub change: FileChange,
    /// What a person should know of it, as sentences.
    pub notes: Vec<String>,
}

/// Works out the repairs of the jobs that publish these packages.
#[must_use]
pub fn repairs(facts: &Facts, rows: &[&Row]) -> Repairs {
    let Some(local) = facts.local.value() else { return Repairs::default() };
    let pins = super::pins::pins(facts);
    let mut bench = Bench { files: local.workflow_files.clone(), facts, pins: &pins, result: Repairs::default() };
    for row in rows {
        let mut jobs: Vec<&PublishJob> = jobs_of(local, &row.package).collect();
        jobs.retain(|job| job.certainty > Certainty::CannotTell && !accepted(job));
        for job in jobs {
            bench.take(row, job);
        }
    }
    let new = new_workflow::make(facts, rows, &pins);
    let before = |path: &RelPath| local.workflow_files.iter().find(|file| file.path == *path);
    let changed = bench.files.iter().filter_map(|file| {
        let before = before(&file.path)?.bytes.clone();
        let (path, after) = (file.path.clone(), file.bytes.clone());
        (before != after).then_some(FileChange { path, before: Some(before), after })
    });
    let changes: Vec<FileChange> = changed.collect();
    let splits = changes.iter().filter_map(|change| bench.split(change)).collect();
    let mut result = Repairs { changes, splits, ..bench.result };
    result.changes.extend(new.changes);
    result.refused.extend(new.refused);
    result.notes.extend(new.notes);
    result
}

fn accepted(job: &PublishJob) -> bool {
    forecast(job, registry::guides(job.destination.speaks()).rules()) == Forecast::Accepted
}

/// The files as the publishers before left them.
struct Bench<'a> {
    files: Vec<SourceFile>,
    facts: &'a Facts,
    pins: &'a Pins,
    result: Repairs,
}

/// Why a publisher is not mended.
struct Stop {
    file: RelPath,
    why: String,
    paste: Vec<String>,
}

impl Bench<'_> {
    fn take(&mut self, row: &Row, job: &PublishJob) {
        match self.mended(row, job) {
            Ok((files, notes)) => {
                self.files = files;
                for note in notes {
                    if !self.result.notes.contains(&note) {
                        self.result.notes.push(note);
                    }
                }
            }
            Err(Stop { file, why, paste }) => {
                let (id, paste) = (row.package.id.clone(), paste.join("\n"));
                let known = self.result.refused.iter_mut();
                match known.into_iter().find(|other| other.file == file && other.why == why && other.paste == paste) {
                    Some(other) if other.packages.contains(&id) => {}
                    Some(other) => other.packages.push(id),
                    None => self.result.refused.push(Refused { packages: vec![id], file, why, paste }),
                }
            }
        }
    }

    /// The files with a job's publishers of one package mended, and what to know of it.
    fn mended(&self, row: &Row, job: &PublishJob) -> Result<(Vec<SourceFile>, Vec<String>), Stop> {
        let stop = |file: &RelPath, why: String, paste| Stop { file: file.clone(), why, paste };
        let mut files = self.files.clone();
        let mut notes = Vec::new();
        // Each turn mends one step's publisher; two that log in alike afterwards are read as one.
        for _ in 0..MAX_TURNS {
            let reading = self.read(&files);
            let Some(now) = alike(&reading, row, job).find(|now| !accepted(now)) else { break };
            let plan = repair::plan(&reading.workflows, now, environment(row, now).as_ref())
                .map_err(|why| stop(&job.at.file, why.to_string(), why.paste().to_vec()))?;
            let before = files.clone();
            for Planned { path, repairs } in &plan {
                let Some(file) = files.iter_mut().find(|file| file.path == *path) else {
                    return Err(stop(path, "the file is not there".to_owned(), Vec::new()));
                };
                let mended = repair::mend_with(file, repairs, self.pins, |_| Ok(()))
                    .map_err(|refusal| stop(path, refusal.why, refusal.paste))?;
                file.bytes = mended.change.after;
                notes.extend(mended.notes);
            }
            if files == before {
                break;
            }
        }
        let after = self.read(&files);
        let mut now = alike(&after, row, job).peekable();
        if now.peek().is_none() {
            return Err(stop(&job.at.file, "the step that publishes would no longer be found".to_owned(), Vec::new()));
        }
        for now in now {
            match forecast(now, registry::guides(now.destination.speaks()).rules()) {
                Forecast::Accepted => {}
                Forecast::Refused { why, .. } | Forecast::Unknown(why) => {
                    return Err(stop(&job.at.file, format!("it would not be enough: {why}"), Vec::new()));
                }
            }
        }
        Ok((files, notes))
    }

    /// A mended file with every publisher parted from its build that can be; `None`: none can.
    fn split(&self, change: &FileChange) -> Option<Split> {
        let (mut files, mut notes) = (self.files.clone(), Vec::new());
        for _ in 0..MAX_TURNS {
            let reading = self.read(&files);
            let mut here = reading.publish_jobs.iter().filter(|job| job.at.file == change.path && accepted(job));
            let Some((parted, more)) = here.find_map(|job| self.parted(&files, &reading, job)) else { break };
            files = parted;
            notes.extend(more);
        }
        let after = files.into_iter().find(|file| file.path == change.path)?.bytes;
        (after != change.after).then(|| Split { change: FileChange { after, ..change.clone() }, notes })
    }

    /// The files with a publisher in a job of its own, where it is read back so, and every publisher is as good as before.
    fn parted(
        &self,
        files: &[SourceFile],
        reading: &WorkflowReading,
        job: &PublishJob,
    ) -> Option<(Vec<SourceFile>, Vec<String>)> {
        let workflow = reading.workflows.iter().find(|workflow| workflow.path == job.at.file)?;
        let publish = StepRef::at_line(workflow.jobs.iter().find(|one| one.id == job.job)?, job.at.line)?;
        let repair = Repair::SplitIdToken { job: job.job.clone(), publish };
        let mut files = files.to_vec();
        let file = files.iter_mut().find(|file| file.path == job.at.file)?;
        let mended = repair::mend_with(file, &[repair], self.pins, |_| Ok(())).ok()?;
        file.bytes = mended.change.after;
        let after = self.read(&files);
        let said = |reading: &WorkflowReading| -> Vec<_> {
            let told = |one: &PublishJob| (one.destination.clone(), one.packages.clone(), accepted(one));
            reading.publish_jobs.iter().map(told).collect()
        };
        let mut same_file = after.publish_jobs.iter().filter(|one| one.at.file == job.at.file);
        let parted = !mended.splices.is_empty() && same_file.all(|one| one.job != job.job);
        (parted && said(reading) == said(&after)).then_some((files, mended.notes))
    }

    fn read(&self, files: &[SourceFile]) -> WorkflowReading {
        let local = self.facts.local.value();
        let (packages, led_to) = local.map_or((&[][..], &[][..]), |local| (&local.packages, &local.led_to));
        let source = InMemory::new(files.iter().chain(led_to).cloned());
        workflow::read(files, &Surroundings { source: &source, packages, claim: registry::claim })
    }
}

/// What publishes a package in the same job, in another reading.
fn alike<'a>(
    reading: &'a WorkflowReading,
    row: &'a Row,
    job: &'a PublishJob,
) -> impl Iterator<Item = &'a PublishJob> + use<'a> {
    reading.publish_jobs.iter().filter(|other| {
        other.destination == job.destination
            && other.job == job.job
            && other.at.file == job.at.file
            && other.packages.as_ref().is_none_or(|names| names.contains(row.package.meant_by()))
    })
}

/// The environment that the registry is told, where the job has another one or none.
fn environment(row: &Row, job: &PublishJob) -> Option<EnvironmentName> {
    let wanted = row.wanted.as_ref().ok()?.environment.clone()?;
    match &job.environment {
        EnvironmentRef::Named(there) if there.same_on_github(&wanted) => None,
        EnvironmentRef::None | EnvironmentRef::Named(_) => Some(wanted),
        EnvironmentRef::Expression(_) | EnvironmentRef::Unknown(_) => None,
    }
}
