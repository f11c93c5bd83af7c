//! The services' time: the machine's, moved on when a test lets time pass. It never goes back.

use chrono::{DateTime, TimeDelta, Utc};

/// A clock that can be moved forward.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    ahead: TimeDelta,
}

impl Clock {
    /// The time now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        Utc::now() + self.ahead
    }

    /// Moves the clock on. A negative span is left out, for nothing in the world expects time to go back.
    pub fn advance(&mut self, span: TimeDelta) {
        self.ahead += span.max(TimeDelta::zero());
    }
}
