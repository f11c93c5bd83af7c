//! Keeps requests to one service apart, as the service wishes.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, MutexGuard};
use tokio::time::Instant;

use crate::model::Endpoint;
use crate::net::Clock;

/// Lets one request go at a time, and starts them some time apart.
pub(super) struct Pacer {
    clock: Arc<dyn Clock>,
    gap: Duration,
    next: Mutex<Option<Instant>>,
}

/// The right to ask; the next one asks after it is dropped.
pub(super) struct Turn<'a>(#[expect(dead_code, reason = "held, not read")] MutexGuard<'a, Option<Instant>>);

impl Pacer {
    /// At least `gap` from one start to the next. A replaced endpoint has no such wish.
    pub(super) fn new(clock: Arc<dyn Clock>, gap: Duration, endpoint: &Endpoint) -> Self {
        let gap = if endpoint.is_overridden() { Duration::ZERO } else { gap };
        Self { clock, gap, next: Mutex::new(None) }
    }

    /// Rests for this many gaps, and nobody else asks meanwhile.
    pub(super) async fn rest(&self, gaps: u32) {
        let _turn = self.turn().await;
        let pause = self.gap * gaps;
        if !pause.is_zero() {
            self.clock.sleep(pause).await;
        }
    }

    /// Waits for the turn.
    pub(super) async fn turn(&self) -> Turn<'_> {
        let mut next = self.next.lock().await;
        let wait = next.map_or(Duration::ZERO, |at| at.saturating_duration_since(Instant::now()));
        if !wait.is_zero() {
            self.clock.sleep(wait).await;
        }
        *next = Some(Instant::now() + self.gap);
        Turn(next)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::net::clock::testing::Still;
    use crate::registry::testing::{real, replaced};

    #[tokio::test]
    async fn requests_to_the_real_service_are_kept_apart() {
        let clock = Arc::new(Still::default());
        let pacer = Pacer::new(clock.clone(), Duration::from_secs(60), &real().crates_io);
        drop(pacer.turn().await);
        assert!(clock.pauses().is_empty(), "the first one need not wait");
        drop(pacer.turn().await);
        let [pause] = clock.pauses()[..] else { panic!("one pause") };
        assert!(pause > Duration::from_secs(50) && pause <= Duration::from_secs(60), "{pause:?}");

        let clock = Arc::new(Still::default());
        let pacer = Pacer::new(clock.clone(), Duration::from_secs(60), &replaced().crates_io);
        drop(pacer.turn().await);
        drop(pacer.turn().await);
        assert!(clock.pauses().is_empty(), "a replaced service has no such wish");
    }
}
