//! Faults that the sandbox injects on request: what can go wrong between a client and a service.
//!
//! A fault is data. It is parsed here and matched here; `server` and the device flow act on it. It must never touch what
//! a service knows: a run after the fault sees the same packages, publishers and codes.

use std::str::FromStr;

/// What goes wrong. The names are those of [`FaultKind::NAMES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// GitHub's device flow answers `slow_down` to a poll, whatever its pace.
    SlowDown,
    /// GitHub's device flow answers `expired_token`.
    Expired,
    /// GitHub's device flow answers `access_denied`.
    Denied,
    /// The service refuses the credential (401).
    Unauthorized,
    /// The service refuses the action (403).
    Forbidden,
    /// The service does not know the thing (404).
    NotFound,
    /// The service reports a conflict (409).
    Conflict,
    /// The service asks to wait (429 with `Retry-After: 1`).
    TooManyRequests,
    /// The service fails (500).
    ServerError,
    /// A page of HTML with status 200, as a captive portal sends it.
    Html,
    /// The body ends half-way, and the connection with it.
    Cut,
    /// The answer comes after the time in `SandboxOptions::slow`.
    Slow,
    /// The connection is reset (TCP RST) instead of an answer.
    Reset,
}

impl FaultKind {
    /// Every name that [`Fault::parse`] takes, with its meaning.
    pub const NAMES: [(&'static str, Self); 13] = [
        ("slow_down", Self::SlowDown),
        ("expired", Self::Expired),
        ("denied", Self::Denied),
        ("401", Self::Unauthorized),
        ("403", Self::Forbidden),
        ("404", Self::NotFound),
        ("409", Self::Conflict),
        ("429", Self::TooManyRequests),
        ("500", Self::ServerError),
        ("html", Self::Html),
        ("cut", Self::Cut),
        ("slow", Self::Slow),
        ("reset", Self::Reset),
    ];

    /// True for the faults that belong to a poll of the device flow and to nothing else.
    fn is_device_flow(self) -> bool {
        matches!(self, Self::SlowDown | Self::Expired | Self::Denied)
    }

    fn default_times(self) -> Option<u32> {
        // For ever would leave no way to ever sign in, and clients give up after the second one.
        (self == Self::SlowDown).then_some(1)
    }
}

/// One fault with the requests that it hits: `NAME[xTIMES][@ROUTE]`.
///
/// `ROUTE` is searched in `service:/path` (`github`, `crates.io`, `crates.io-index`, `npm`, `pypi`, `jsr`, `jsr-api`,
/// `pub.dev`, `rubygems`, `nuget`); `*` stands for any text. No route hits every request. `429x2` hits the first two that
/// match. A `slow_down` hits one poll unless told otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    kind: FaultKind,
    route: Option<String>,
    left: Option<u32>,
}

/// Why a fault could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// The name is none of [`FaultKind::NAMES`].
    #[error("no fault is called `{name}`; there are {}", names())]
    UnknownName {
        /// What was given.
        name: String,
    },
    /// `xTIMES` is not a count.
    #[error("`{times}` is no count; write for example `429x2`")]
    BadCount {
        /// What was given.
        times: String,
    },
    /// `@` without a route.
    #[error("the route after `@` is empty; leave the `@` out to hit every request")]
    EmptyRoute,
}

fn names() -> String {
    FaultKind::NAMES.map(|(name, _)| name).join(", ")
}

impl Fault {
    /// A fault on every request.
    #[must_use]
    pub fn new(kind: FaultKind) -> Self {
        Self { kind, route: None, left: kind.default_times() }
    }

    /// The same fault on the requests whose `service:/path` holds `route`.
    #[must_use]
    pub fn at(mut self, route: impl Into<String>) -> Self {
        self.route = Some(route.into());
        self
    }

    /// The same fault, for the first `times` requests that match.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.left = Some(times);
        self
    }

    /// Reads `NAME[xTIMES][@ROUTE]`.
    ///
    /// # Errors
    /// [`FaultError`] for an unknown name, a count that is none, or an empty route.
    pub fn parse(text: &str) -> Result<Self, FaultError> {
        let (head, route) = match text.split_once('@') {
            Some((_, "")) => return Err(FaultError::EmptyRoute),
            Some((head, route)) => (head, Some(route.to_owned())),
            None => (text, None),
        };
        let (kind, times) = FaultKind::NAMES
            .iter()
            .filter_map(|(name, kind)| Some((*kind, head.strip_prefix(name)?)))
            .find(|(_, rest)| rest.is_empty() || rest.starts_with('x'))
            .ok_or_else(|| FaultError::UnknownName { name: head.to_owned() })?;
        let mut fault = Self::new(kind);
        if let Some(times) = times.strip_prefix('x') {
            let times = times.parse().map_err(|_| FaultError::BadCount { times: times.to_owned() })?;
            fault = fault.times(times);
        }
        fault.route = route;
        Ok(fault)
    }

    fn matches(&self, route: &str) -> bool {
        let Some(pattern) = &self.route else {
            return true;
        };
        let mut rest = route;
        for piece in pattern.split('*') {
            match rest.find(piece) {
                Some(at) => rest = &rest[at + piece.len()..],
                None => return false,
            }
        }
        true
    }
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// The faults of a running sandbox, with what is left of each.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn new(faults: Vec<Fault>) -> Self {
        Self(faults)
    }

    pub(super) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The fault that hits this request on its way in, used up by one.
    pub(super) fn strike(&mut self, route: &str) -> Option<FaultKind> {
        self.take(|kind| !kind.is_device_flow(), route)
    }

    /// The fault that hits this poll of the device flow, used up by one.
    pub(super) fn strike_poll(&mut self, route: &str) -> Option<FaultKind> {
        self.take(FaultKind::is_device_flow, route)
    }

    fn take(&mut self, wanted: impl Fn(FaultKind) -> bool, route: &str) -> Option<FaultKind> {
        let fault =
            self.0.iter_mut().find(|fault| wanted(fault.kind) && fault.left != Some(0) && fault.matches(route))?;
        if let Some(left) = &mut fault.left {
            *left -= 1;
        }
        Some(fault.kind)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn every_name_is_read_back_as_its_kind() {
        for (name, kind) in FaultKind::NAMES {
            assert_eq!(Fault::parse(name).unwrap().kind, kind, "{name}");
        }
    }

    #[test]
    fn an_unknown_name_lists_the_known_ones() {
        let message = Fault::parse("explode@npm:").unwrap_err().to_string();
        assert!(message.contains("`explode`"), "{message}");
        assert!(message.contains("slow_down, expired, denied, 401"), "{message}");
        assert_eq!(Fault::parse("4290"), Err(FaultError::UnknownName { name: "4290".into() }));
    }

    #[test]
    fn a_count_is_used_up_and_a_bad_one_is_refused() {
        let mut faults = Faults::new(vec![Fault::parse("429x2@npm:").unwrap()]);
        assert_eq!(faults.strike("pypi:/simple/widgets/"), None);
        assert_eq!(faults.strike("npm:/widgets"), Some(FaultKind::TooManyRequests));
        assert_eq!(faults.strike("npm:/widgets"), Some(FaultKind::TooManyRequests));
        assert_eq!(faults.strike("npm:/widgets"), None);
        assert_eq!(Fault::parse("429xtwo"), Err(FaultError::BadCount { times: "two".into() }));
        assert_eq!(Fault::parse("500@"), Err(FaultError::EmptyRoute));
    }

    #[test]
    fn a_route_is_found_anywhere_and_a_star_bridges() {
        let fault = Fault::parse("404@github:/repos/*/environments").unwrap();
        assert!(fault.matches("github:/repos/acme/widgets/environments/release"));
        assert!(!fault.matches("github:/repos/acme/widgets/actions/secrets"));
        assert!(!Fault::parse("404@crates.io:").unwrap().matches("crates.io-index:/config.json"));
    }

    #[test]
    fn device_faults_leave_other_requests_alone() {
        let mut faults = Faults::new(vec![Fault::new(FaultKind::SlowDown)]);
        assert_eq!(faults.strike("github:/user"), None);
        assert_eq!(faults.strike_poll("github:/login/oauth/access_token"), Some(FaultKind::SlowDown));
        assert_eq!(faults.strike_poll("github:/login/oauth/access_token"), None);
    }
}
