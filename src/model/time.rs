//! Moments in time, as data. Nobody here asks a clock: the runtime and the adapters do, and hand moments in.

use chrono::{DateTime, Local, TimeZone, Utc};

/// Seconds since the Unix epoch, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From whole seconds since the Unix epoch.
    #[must_use]
    pub const fn from_unix(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Whole seconds since the Unix epoch.
    #[must_use]
    pub fn unix(self) -> i64 {
        self.0
    }

    /// From RFC 3339 as registries and GitHub write it; `None` where it is something else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(|t| Self(t.timestamp()))
    }

    /// Whole seconds from `earlier` to this moment; negative if this is before it.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// This moment plus some seconds.
    #[must_use]
    pub fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// The time of day here, `12:04:31`.
    #[must_use]
    pub fn clock(self) -> String {
        self.local("%H:%M:%S")
    }

    /// Day and time here, `22 Nov 12:04`.
    #[must_use]
    pub fn day(self) -> String {
        self.local("%-d %b %H:%M")
    }

    /// RFC 3339 in UTC, for machines.
    #[must_use]
    pub fn rfc3339(self) -> String {
        DateTime::<Utc>::from_timestamp(self.0, 0)
            .map(|t| t.format("%Y-%m-%dT%H:%M:%SZ").to_string())
            .unwrap_or_default()
    }

    fn local(self, format: &str) -> String {
        Local.timestamp_opt(self.0, 0).single().map(|t| t.format(format).to_string()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc3339_goes_round() {
        let t = Timestamp::parse("2026-11-20T23:59:36.169570Z");
        assert_eq!(t.map(Timestamp::rfc3339).as_deref(), Some("2026-11-20T23:59:36Z"));
        assert_eq!(Timestamp::parse("yesterday"), None);
    }
}
