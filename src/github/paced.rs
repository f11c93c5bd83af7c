//! Many reads of one service at a pace that it asks for: request after request some time apart, all of them held while GitHub
//! asks for patience, and none any more once it is clear that the rest would fail alike.
//!
//! GitHub's secondary limit is 900 points a minute, of which a read costs one, and 100 requests at a time
//! (docs.github.com/rest, rate limits, read 2026-09).

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex as Turns;
use tokio::time::Instant;
use url::Url;

use super::answers::{Answers, Page};
use super::api::{Api, next_page};
use super::wire;
use super::{GithubError, error::transient};
use crate::model::{Requests, Timestamp};

/// From the start of one request to that of the next: 750 a minute, so that 150 are left to whoever else uses the account.
const GAP: Duration = Duration::from_millis(80);
/// How long is waited for GitHub at a time, in seconds. Whoever is to wait longer hears so instead, and runs it again then.
const PATIENCE: i64 = 120;
/// How often is waited, in all.
const WAITS: usize = 10;
/// How often a request is tried.
const TRIES: u32 = 3;
/// The first pause after a connection that failed; the next one is twice as long.
const PAUSE: Duration = Duration::from_millis(500);
/// How many pages of a list are read: 10,000 repositories.
const PAGES: usize = 100;

/// Reads at a pace, with the answers of the last run at hand.
pub(super) struct Paced<'a> {
    pub(super) api: Api<'a>,
    answers: &'a Answers,
    next: Turns<Option<Instant>>,
    stopped: Mutex<Option<GithubError>>,
    waits: AtomicUsize,
    sent: AtomicUsize,
    unchanged: AtomicUsize,
    taken_over: AtomicUsize,
}

impl<'a> Paced<'a> {
    pub(super) fn new(api: Api<'a>, answers: &'a Answers) -> Self {
        Self {
            api,
            answers,
            next: Turns::new(None),
            stopped: Mutex::new(None),
            waits: AtomicUsize::new(0),
            sent: AtomicUsize::new(0),
            unchanged: AtomicUsize::new(0),
            taken_over: AtomicUsize::new(0),
        }
    }

    /// What it took so far.
    pub(super) fn requests(&self) -> Requests {
        Requests {
            sent: self.sent.load(Ordering::Relaxed),
            unchanged: self.unchanged.load(Ordering::Relaxed),
            taken_over: self.taken_over.load(Ordering::Relaxed),
        }
    }

    /// Why the rest is not asked for, if it is not.
    pub(super) fn stopped(&self) -> Option<GithubError> {
        self.stopped.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A list to its end, and when its oldest page was read.
    pub(super) async fn list<T>(&self, what: &str, url: Url) -> Result<(Vec<T>, Timestamp), GithubError>
    where
        T: DeserializeOwned + Serialize,
        wire::Page<T>: DeserializeOwned,
    {
        self.pages(what, url, |page: wire::Page<T>| page.items).await
    }

    /// The same of a list that comes bare.
    pub(super) async fn plain_list<T>(&self, what: &str, url: Url) -> Result<(Vec<T>, Timestamp), GithubError>
    where
        T: DeserializeOwned + Serialize,
    {
        self.pages(what, url, |page: Vec<T>| page).await
    }

    async fn pages<P, T>(
        &self,
        what: &str,
        mut url: Url,
        items_of: impl Fn(P) -> Vec<T>,
    ) -> Result<(Vec<T>, Timestamp), GithubError>
    where
        P: DeserializeOwned,
        T: DeserializeOwned + Serialize,
    {
        url.query_pairs_mut().append_pair("per_page", "100");
        let origin = url.origin();
        let mut items = Vec::new();
        let mut oldest: Option<Timestamp> = None;
        for _ in 0..PAGES {
            let (page, at) = self.page(what, &url, &items_of).await?;
            oldest = Some(oldest.map_or(at, |oldest| oldest.min(at)));
            let strange = |why: &str| GithubError::Strange { what: what.to_owned(), why: why.to_owned() };
            let more: Vec<T> = serde_json::from_value(page.items).map_err(|_| strange("what is kept of it is odd"))?;
            items.extend(more);
            let Some(next) = page.next else { return Ok((items, oldest.unwrap_or(at))) };
            url = Url::parse(&next)
                .ok()
                .filter(|next| next.origin() == origin)
                .ok_or_else(|| strange("the next page is on another host"))?;
        }
        Err(GithubError::TooMuch { what: what.to_owned(), why: format!("over {} entries", items.len()) })
    }

    /// One page: as a run that was broken off had it, else confirmed, else new.
    async fn page<P, T>(
        &self,
        what: &str,
        url: &Url,
        items_of: &impl Fn(P) -> Vec<T>,
    ) -> Result<(Page, Timestamp), GithubError>
    where
        P: DeserializeOwned,
        T: Serialize,
    {
        let key = url.as_str();
        if let Some(page) = self.answers.current(key) {
            self.taken_over.fetch_add(1, Ordering::Relaxed);
            return Ok(page);
        }
        let kept = self.answers.kept(key);
        let tag = kept.as_ref().and_then(|page| page.tag.as_deref());
        let answer = self.ask(what, url, tag).await?;
        let at = self.api.now();
        match (answer, kept) {
            (None, Some(page)) => {
                self.unchanged.fetch_add(1, Ordering::Relaxed);
                self.answers.same(key, at);
                Ok((page, at))
            }
            (None, None) => Err(GithubError::Strange { what: what.to_owned(), why: "it is empty".to_owned() }),
            (Some(answer), _) => {
                let page = Page {
                    tag: answer.header("etag").map(str::to_owned),
                    next: next_page(&answer).map(String::from),
                    items: serde_json::to_value(items_of(answer.json()?)).unwrap_or_default(),
                };
                self.answers.keep(key, page.clone(), at);
                Ok((page, at))
            }
        }
    }

    /// Asks in its turn, again where that may help.
    async fn ask(&self, what: &str, url: &Url, tag: Option<&str>) -> Result<Option<crate::net::Answer>, GithubError> {
        let mut tries = 0;
        loop {
            self.turn().await;
            if let Some(error) = self.stopped() {
                return Err(error);
            }
            self.sent.fetch_add(1, Ordering::Relaxed);
            let error = match self.api.once_unless_same(what, url.clone(), tag).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            match &error {
                GithubError::RateLimited { until } => {
                    // GitHub: without a time at least a minute.
                    let wait = until.map_or(60, |until| until.since(self.api.now())).max(1);
                    if wait > PATIENCE || !self.hold(Duration::from_secs(wait.unsigned_abs())).await {
                        return Err(self.stop(error));
                    }
                }
                GithubError::TokenRefused => return Err(self.stop(error)),
                _ if transient(&error) => {
                    tries += 1;
                    if tries >= TRIES {
                        // One odd answer is its repository's trouble, a silent server everybody's.
                        return Err(if matches!(error, GithubError::Net(_)) { self.stop(error) } else { error });
                    }
                    self.api.clock().sleep(PAUSE * 2_u32.pow(tries - 1)).await;
                }
                _ => return Err(error),
            }
        }
    }

    /// Waits for the turn. The pace holds for replaced endpoints too: they may be a company's own GitHub.
    async fn turn(&self) {
        let mut next = self.next.lock().await;
        let wait = next.map_or(Duration::ZERO, |at| at.saturating_duration_since(Instant::now()));
        if !wait.is_zero() {
            self.api.clock().sleep(wait).await;
        }
        *next = Some(Instant::now() + GAP);
    }

    /// Nobody asks for this long. `false`: it has been waited often enough. Requests that were under way together are
    /// refused together, and that is one wait.
    async fn hold(&self, wait: Duration) -> bool {
        let mut next = self.next.lock().await;
        let now = Instant::now();
        if next.is_some_and(|at| at > now + wait / 2) {
            return true;
        }
        *next = Some(now + wait);
        self.waits.fetch_add(1, Ordering::Relaxed) < WAITS
    }

    fn stop(&self, error: GithubError) -> GithubError {
        self.stopped.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error).clone()
    }
}
