//! What time it is, and waiting: the machine's own, or a test's.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures::FutureExt;
use futures::future::BoxFuture;

use crate::model::Timestamp;

/// A wall clock that one can wait by.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Comes back after this long.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_unix(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        tokio::time::sleep(duration).boxed()
    }
}

/// A clock for tests: pauses take no time and move it on.
#[cfg(test)]
pub(crate) mod testing {
    #![allow(clippy::unwrap_used)]

    use std::sync::Mutex;

    use super::*;

    /// Begins at 2026-11-21 12:00:00 UTC.
    #[derive(Default)]
    pub(crate) struct Still(Mutex<Vec<Duration>>);

    impl Still {
        /// The pauses so far.
        pub(crate) fn pauses(&self) -> Vec<Duration> {
            self.0.lock().unwrap().clone()
        }
    }

    impl Clock for Still {
        fn now(&self) -> Timestamp {
            let passed: Duration = self.0.lock().unwrap().iter().sum();
            Timestamp::from_unix(1_795_262_400 + i64::try_from(passed.as_secs()).unwrap())
        }

        fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
            self.0.lock().unwrap().push(duration);
            tokio::task::yield_now().boxed()
        }
    }
}
