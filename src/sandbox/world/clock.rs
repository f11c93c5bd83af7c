//! The services' time: the machine's, moved on when a test lets time pass, or standing still but for that. It never goes back.

use chrono::{DateTime, TimeDelta, Utc};

/// A clock that can be moved forward.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    ahead: TimeDelta,
    stands_at: Option<DateTime<Utc>>,
}

impl Clock {
    /// The time now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.stands_at.unwrap_or_else(Utc::now) + self.ahead
    }

    /// From now on only [`Self::advance`] moves it, however long this machine takes.
    pub fn stand_still(&mut self) {
        self.stands_at.get_or_insert_with(Utc::now);
    }

    /// Moves the clock on. A negative span is left out, for nothing in the world expects time to go back.
    pub fn advance(&mut self, span: TimeDelta) {
        self.ahead += span.max(TimeDelta::zero());
    }
}
