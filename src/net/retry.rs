//! When a read is tried again, and after how long. Writes never are: nobody knows whether the first one arrived.

use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use chrono::DateTime;
use futures::future::BoxFuture;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use super::{Clock, NetError};
use crate::model::Timestamp;

/// How reads are repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often a read is tried in all.
    pub attempts: usize,
    /// The first pause; the next one is twice as long.
    pub first_wait: Duration,
    /// The longest pause that a server may ask for with `Retry-After`. Who asks for more is not asked again: its answer is
    /// handed on as it is, so that a person hears of it at once.
    pub longest_wait: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { attempts: 3, first_wait: Duration::from_millis(250), longest_wait: Duration::from_secs(30) }
    }
}

impl RetryPolicy {
    fn backoff(&self) -> impl BackoffBuilder {
        ExponentialBuilder::new()
            .with_min_delay(self.first_wait)
            .with_factor(2.0)
            .with_max_delay(self.longest_wait)
            .with_max_times(self.attempts.saturating_sub(1))
    }
}

/// One attempt that may be worth another.
pub(super) enum Failure<T> {
    /// An answer that asks for patience: still the result when there is none left.
    Busy {
        /// The answer.
        answer: T,
        /// How long the server asks to wait.
        wait: Option<Duration>,
    },
    /// No answer.
    Net(NetError),
}

impl<T> Failure<T> {
    /// How long to wait before the next attempt, where `pause` is our own idea; `None`: another one would not help.
    fn pause(&self, pause: Duration, longest: Duration) -> Option<Duration> {
        match self {
            Self::Busy { wait: Some(wait), .. } => (*wait <= longest).then_some(*wait),
            Self::Busy { wait: None, .. } => Some(pause),
            Self::Net(error) => error.is_transient().then_some(pause),
        }
    }

    /// What it comes to when there is no other attempt.
    fn outcome(self) -> Result<T, NetError> {
        match self {
            Self::Busy { answer, .. } => Ok(answer),
            Self::Net(error) => Err(error),
        }
    }
}

/// Whether a status asks to come back later, and when.
pub(super) fn patience(status: StatusCode, headers: &HeaderMap, now: Timestamp) -> Option<Option<Duration>> {
    matches!(status.as_u16(), 429 | 502 | 503 | 504).then(|| retry_after(headers, now))
}

/// `Retry-After` in both of its forms: seconds, or a date.
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = DateTime::parse_from_rfc2822(text).ok()?;
    let seconds = Timestamp::from_unix(date.timestamp()).since(now);
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// One attempt under way.
pub(super) type Attempt<T> = BoxFuture<'static, Result<T, Failure<T>>>;

/// Runs a read until it has an answer, fails for good, or patience is at its end. The pauses are backon's, the loop is not:
/// of its retry the compiler cannot tell that it may go to another thread.
pub(super) async fn patiently<T>(
    clock: Arc<dyn Clock>,
    policy: RetryPolicy,
    attempt: impl Fn() -> Attempt<T>,
) -> Result<T, NetError> {
    let mut pauses = policy.backoff().build();
    loop {
        let failure = match attempt().await {
            Ok(answer) => return Ok(answer),
            Err(failure) => failure,
        };
        match pauses.next().and_then(|pause| failure.pause(pause, policy.longest_wait)) {
            Some(pause) => clock.sleep(pause).await,
            None => return failure.outcome(),
        }
    }
}
