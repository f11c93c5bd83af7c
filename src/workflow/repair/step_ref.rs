//! Which step of a job is meant, while repairs put steps in and take others out.

use super::super::model::Job;
use crate::model::JobId;

/// A step of a job, by its number in the file that the repair is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StepRef(usize);

impl StepRef {
    /// The step with this number, from 0; `None`: the job has no such step.
    #[must_use]
    pub fn nth(job: &Job, index: usize) -> Option<Self> {
        (index < job.steps.len()).then_some(Self(index))
    }

    /// The step that a line of the file belongs to; lines count from 1.
    #[must_use]
    pub fn at_line(job: &Job, line: usize) -> Option<Self> {
        job.steps.iter().rposition(|step| step.at.line <= line).map(Self)
    }

    /// Its number in that file, from 0.
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

/// Steps that came or went since the file was opened, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Moves(Vec<(JobId, usize, Move)>);

#[derive(Debug, Clone, Copy)]
enum Move {
    Came,
    Went,
}

impl Moves {
    pub(super) fn came(&mut self, job: &JobId, before: usize) {
        self.0.push((job.clone(), before, Move::Came));
    }

    pub(super) fn went(&mut self, job: &JobId, index: usize) {
        self.0.push((job.clone(), index, Move::Went));
    }

    /// Where a step is now; `None`: it is gone.
    pub(super) fn now(&self, job: &JobId, step: StepRef) -> Option<usize> {
        let moves = self.0.iter().filter(|(id, ..)| id == job);
        moves.map(|(_, at, what)| (*at, *what)).try_fold(step.0, |index, (at, what)| match what {
            Move::Came if at <= index => Some(index + 1),
            Move::Went if at < index => Some(index - 1),
            Move::Went if at == index => None,
            _ => Some(index),
        })
    }
}
