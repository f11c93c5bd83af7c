//! How many requests GitHub takes of one caller: an hour's number (primary), and points a minute and requests at a time
//! (secondary). Figures of docs.github.com/rest, rate limits, read 2026-09.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

/// The limits, and what each caller has spent.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Points a minute; a read costs one, a write five (GitHub: 900).
    pub points_a_minute: u32,
    /// Requests an hour of somebody who is signed in; answers 304 are not counted (GitHub: 5,000).
    pub requests_an_hour: u32,
    /// Requests at a time (GitHub: 100).
    pub at_a_time: u32,
    /// How often somebody was told to slow down.
    pub refusals: u32,
    callers: BTreeMap<String, Spent>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { points_a_minute: 900, requests_an_hour: 5_000, at_a_time: 100, refusals: 0, callers: BTreeMap::new() }
    }
}

/// What a caller has spent.
#[derive(Debug, Clone, Default)]
struct Spent {
    minute: VecDeque<(DateTime<Utc>, u32)>,
    hour: Option<DateTime<Utc>>,
    used: u32,
    under_way: u32,
}

/// Whether a request is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum Taken {
    Yes,
    /// A secondary limit.
    TooFast,
    /// The hour's number is spent.
    Spent,
}

impl Limits {
    /// Takes a request of these points, or not. What is refused costs nothing more here.
    pub(in crate::sandbox) fn take(&mut self, caller: &str, points: u32, now: DateTime<Utc>) -> Taken {
        let hourly = self.requests_an_hour;
        let spent = self.callers.entry(caller.to_owned()).or_default();
        if spent.hour.is_none_or(|since| now - since >= TimeDelta::hours(1)) {
            (spent.hour, spent.used) = (Some(now), 0);
        }
        // Nobody's own limit is kept for those without a token: on loopback they all have one address.
        if !caller.is_empty() && spent.used >= hourly {
            self.refusals += 1;
            return Taken::Spent;
        }
        while spent.minute.front().is_some_and(|(at, _)| now - *at >= TimeDelta::minutes(1)) {
            spent.minute.pop_front();
        }
        let sum: u32 = spent.minute.iter().map(|(_, points)| points).sum();
        if sum + points > self.points_a_minute || spent.under_way >= self.at_a_time {
            self.refusals += 1;
            return Taken::TooFast;
        }
        spent.minute.push_back((now, points));
        spent.under_way += 1;
        Taken::Yes
    }

    /// A request was answered, or its client has gone.
    pub(in crate::sandbox) fn give_back(&mut self, caller: &str) {
        if let Some(spent) = self.callers.get_mut(caller) {
            spent.under_way = spent.under_way.saturating_sub(1);
        }
    }

    /// An answer counts.
    pub(in crate::sandbox) fn count(&mut self, caller: &str) {
        if let Some(spent) = self.callers.get_mut(caller) {
            spent.used += 1;
        }
    }

    /// How many requests of this hour are spent, and when the next one begins.
    pub(in crate::sandbox) fn used(&self, caller: &str, now: DateTime<Utc>) -> (u32, DateTime<Utc>) {
        let spent = self.callers.get(caller);
        let since = spent.and_then(|spent| spent.hour).unwrap_or(now);
        (spent.map_or(0, |spent| spent.used), since + TimeDelta::hours(1))
    }
}
