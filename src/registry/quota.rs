//! How many new names a registry takes from an account, and when the next ones.

use crate::model::Timestamp;

/// How many new names an account may publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// So many at once.
    pub at_once: usize,
    /// After that one in so many seconds.
    pub then_every: i64,
}

impl Quota {
    /// When each of so many new names can be published at the earliest, after those that were published at these times.
    /// What the account published elsewhere is not in it.
    #[must_use]
    pub fn calendar(self, published: &[Timestamp], now: Timestamp, many: usize) -> Vec<Timestamp> {
        let mut past = published.to_vec();
        past.sort_unstable();
        let mut bucket = Bucket { quota: self, left: self.at_once, since: past.first().copied().unwrap_or(now) };
        for at in past {
            bucket.take(at.min(now));
        }
        let mut at = now;
        (0..many)
            .map(|_| {
                at = bucket.next(at);
                bucket.take(at);
                at
            })
            .collect()
    }
}

/// What is left at a moment: one more after each span, and never more than at first.
struct Bucket {
    quota: Quota,
    left: usize,
    since: Timestamp,
}

impl Bucket {
    /// When one can be taken, not before `at`.
    fn next(&self, at: Timestamp) -> Timestamp {
        if self.left > 0 { at } else { at.max(self.since.plus(self.quota.then_every)) }
    }

    fn take(&mut self, at: Timestamp) {
        let every = self.quota.then_every.max(1);
        let spans = (at.since(self.since) / every).max(0);
        self.left = self.left.saturating_add(usize::try_from(spans).unwrap_or(usize::MAX)).min(self.quota.at_once);
        self.since = if self.left == self.quota.at_once { at } else { self.since.plus(spans * every) };
        self.left = self.left.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    const QUOTA: Quota = Quota { at_once: 5, then_every: 600 };

    fn calendar(published: &[i64], now: i64, many: usize) -> Vec<i64> {
        let published: Vec<Timestamp> = published.iter().map(|at| Timestamp::from_unix(*at)).collect();
        QUOTA.calendar(&published, Timestamp::from_unix(now), many).into_iter().map(Timestamp::unix).collect()
    }

    #[test]
    fn five_go_at_once_and_then_one_in_ten_minutes() {
        assert_eq!(calendar(&[], 1000, 7), [1000, 1000, 1000, 1000, 1000, 1600, 2200]);
    }

    #[test]
    fn what_an_earlier_run_published_counts_until_it_is_made_up_for() {
        let five = [0, 10, 20, 30, 40];
        assert_eq!(calendar(&five, 60, 2), [600, 1200]);
        assert_eq!(calendar(&five, 650, 2), [650, 1200], "one was free at 600, and the next is at 1200 all the same");
        assert_eq!(calendar(&five, 90_000, 5), [90_000; 5], "a day later all are free");
        assert_eq!(calendar(&[40, 0, 10], 60, 3), [60, 60, 600], "in whatever order the journal has them");
    }

    #[test]
    fn a_clock_that_went_back_blocks_nobody_for_ever() {
        assert_eq!(calendar(&[9_000; 5], 1000, 1), [1600], "what lies ahead counts as published now");
        assert_eq!(calendar(&[], i64::MAX, 6).len(), 6);
    }
}
