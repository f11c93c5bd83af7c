//! Sign-in by a code that the person types at GitHub: OAuth's device flow, with GitHub's manners.
//!
//! The oauth2 crate asks and reads; the pace is ours. The crate would ask at once, add a fixed five seconds to the interval
//! after `slow_down`, hide network trouble and never give up on a clock that runs fast. So the pause that it proposes is
//! replaced by [`Pace`]'s, and every answer passes [`Poll::ask`] first.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse, StandardDeviceAuthorizationResponse};
use url::Url;

use super::oauth::{self, CLOCK_DRIFT, Refusal};
use super::{ClientId, Endpoints, SignInError, Token, TokenSource};
use crate::model::{Timestamp, clean_line};
use crate::net::Http;

/// What happens while a sign-in is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceEvent {
    /// The person can begin.
    Code {
        /// What to type.
        user_code: String,
        /// Where; on GitHub's own site.
        verification_uri: String,
        /// When the code ends, by the wall clock.
        expires: Timestamp,
    },
    /// GitHub asked to be asked less often.
    SlowedDown {
        /// The interval from now on, in seconds, without our padding.
        interval_seconds: u64,
    },
    /// An attempt failed; the next one will come. A lower-case fragment.
    Trouble(String),
    /// An attempt worked again.
    Recovered,
}

/// Signs in. Runs until the person has acted, the code has expired or GitHub refuses; dropping it cancels. Nothing is
/// stored here.
pub async fn device_sign_in(
    http: &Http,
    endpoints: &Endpoints,
    client_id: &ClientId,
    progress: impl Fn(DeviceEvent) + Send + Sync,
) -> Result<Token, SignInError> {
    let client = oauth::client(endpoints, client_id);
    let details: StandardDeviceAuthorizationResponse = client
        .exchange_device_code()
        .request_async(&oauth::Once(http))
        .await
        .map_err(|e| oauth::sign_in_error(e, client_id))?;
    let clock = http.clock();
    let expires = clock.now().plus(i64::try_from(details.expires_in().as_secs()).unwrap_or(i64::MAX));
    progress(DeviceEvent::Code {
        user_code: clean_line(details.user_code().secret(), 40),
        verification_uri: own_page(endpoints, details.verification_uri())?.into(),
        expires,
    });

    let poll = Poll { http, progress: &progress, pace: Mutex::new(Pace::new(details.interval())) };
    clock.sleep(poll.pace().pause()).await; // The crate asks at once; GitHub wants the interval first.
    let left = Duration::from_secs(u64::try_from(expires.since(clock.now())).unwrap_or(0));
    let answer = client
        .exchange_device_access_token(&details)
        .set_time_fn(|| DateTime::<Utc>::from_timestamp(clock.now().unix(), 0).unwrap_or_default())
        .request_async(&poll, |_| clock.sleep(poll.pace().pause()), Some(left))
        .await
        .map_err(|e| oauth::sign_in_error(e, client_id))?;
    Ok(oauth::token(&answer, TokenSource::Device, client_id, clock.now()))
}

/// The page to open, if it is on the site that the person believes to sign in to.
fn own_page(endpoints: &Endpoints, page: &str) -> Result<Url, SignInError> {
    let home = endpoints.web.join([]);
    Url::parse(page)
        .ok()
        .filter(|page| page.origin() == home.origin() && page.username().is_empty() && page.password().is_none())
        .ok_or_else(|| SignInError::StrangePage { host: endpoints.web.authority() })
}

/// How often GitHub is asked.
#[derive(Debug, Clone, Copy)]
struct Pace {
    interval: Duration,
    slowed: bool,
    trouble: bool,
}

impl Pace {
    fn new(interval: Duration) -> Self {
        Self { interval: interval.max(Duration::from_secs(1)), slowed: false, trouble: false }
    }

    /// A fifth more than asked for, two fifths after a `slow_down`: virtual machines' clocks run 5 to 30 % fast, and GitHub
    /// counts by its own.
    fn pause(self) -> Duration {
        self.interval * if self.slowed { 14 } else { 12 } / 10
    }
}

/// One sign-in's questions.
struct Poll<'a, P> {
    http: &'a Http,
    progress: &'a P,
    pace: Mutex<Pace>,
}

impl<'c, P: Fn(DeviceEvent) + Send + Sync> AsyncHttpClient<'c> for Poll<'_, P> {
    type Error = SignInError;
    type Future = BoxFuture<'c, Result<HttpResponse, SignInError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        self.ask(request).boxed()
    }
}

impl<P: Fn(DeviceEvent) + Send + Sync> Poll<'_, P> {
    fn pace(&self) -> Pace {
        *self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Pace)) {
        change(&mut self.pace.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Asks once. An error lets the crate's loop go on, so only those that may pass are errors here.
    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, SignInError> {
        let answer = match oauth::send(self.http, request).await {
            Ok(answer) => answer,
            Err(error) => return Err(self.trouble(error)),
        };
        let refusal = Refusal::of(&answer);
        let response = oauth::translate(answer).map_err(|e| self.trouble(e))?;
        if self.pace().trouble {
            self.change(|pace| pace.trouble = false);
            (self.progress)(DeviceEvent::Recovered);
        }
        match refusal {
            Some(refusal) if refusal.error.as_deref() == Some("slow_down") => self.slow_down(&refusal, response),
            _ => Ok(response),
        }
    }

    fn slow_down(&self, refusal: &Refusal, mut response: HttpResponse) -> Result<HttpResponse, SignInError> {
        let before = self.pace();
        if before.slowed {
            *response.body_mut() = serde_json::json!({ "error": CLOCK_DRIFT }).to_string().into_bytes();
            return Ok(response);
        }
        let interval = refusal.interval().unwrap_or(before.interval + Duration::from_secs(5)).max(before.interval);
        self.change(|pace| (pace.interval, pace.slowed) = (interval, true));
        (self.progress)(DeviceEvent::SlowedDown { interval_seconds: interval.as_secs() });
        Ok(response)
    }

    fn trouble(&self, error: SignInError) -> SignInError {
        self.change(|pace| pace.trouble = true);
        let text = match &error {
            // Without "GitHub could not be asked": the screen says who is being asked.
            SignInError::Net(cause) => cause.to_string(),
            other => other.to_string(),
        };
        (self.progress)(DeviceEvent::Trouble(text));
        error
    }
}

#[cfg(test)]
mod tests;
