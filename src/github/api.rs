//! Reads of GitHub's REST API: four at a time, lists to their end, never to another host.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use url::Url;

use super::wire::Page;
use super::{Endpoints, GithubError, Token};
use crate::model::{RepoSlug, Timestamp};
use crate::net::{Answer, Clock, Http, Request};

/// How many reads run at a time; GitHub asks for few.
const AT_A_TIME: usize = 4;

/// How many pages of a list are read: 2,000 entries.
const PAGES: usize = 20;

/// The version of the API that the shapes in [`super::wire`] are of.
const VERSION: &str = "2022-11-28";

/// Reads with one token, or with none.
pub(super) struct Api<'a> {
    http: &'a Http,
    endpoints: &'a Endpoints,
    token: Option<&'a Token>,
    turns: Semaphore,
}

impl<'a> Api<'a> {
    pub(super) fn new(http: &'a Http, endpoints: &'a Endpoints, token: Option<&'a Token>) -> Self {
        Self { http, endpoints, token, turns: Semaphore::new(AT_A_TIME) }
    }

    pub(super) fn signed_in(&self) -> bool {
        self.token.is_some()
    }

    pub(super) fn clock(&self) -> &Arc<dyn Clock> {
        self.http.clock()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.http.clock().now()
    }

    /// The address of something below the API's root.
    pub(super) fn url<'s>(&self, segments: impl IntoIterator<Item = &'s str>) -> Url {
        self.endpoints.api.join(segments)
    }

    /// The address of something of a repository.
    pub(super) fn repo_url<'s>(&self, slug: &'s RepoSlug, rest: &[&'s str]) -> Url {
        self.url(["repos", slug.owner(), slug.name()].into_iter().chain(rest.iter().copied()))
    }

    /// Reads one thing, whatever its form.
    pub(super) async fn read(&self, what: &str, url: Url) -> Result<Answer, GithubError> {
        self.send(what, self.request(url)).await
    }

    /// Reads one thing; `None`: it is as it was when an answer came with this tag. That costs nothing of the limit.
    pub(super) async fn unless_same(
        &self,
        what: &str,
        url: Url,
        tag: Option<&str>,
    ) -> Result<Option<Answer>, GithubError> {
        self.tagged(what, self.request(url), tag).await
    }

    /// The same, tried once: whoever keeps a pace repeats it in its own time.
    pub(super) async fn once_unless_same(
        &self,
        what: &str,
        url: Url,
        tag: Option<&str>,
    ) -> Result<Option<Answer>, GithubError> {
        self.tagged(what, self.request(url).retries(0), tag).await
    }

    async fn tagged(&self, what: &str, request: Request, tag: Option<&str>) -> Result<Option<Answer>, GithubError> {
        let request = tag.into_iter().fold(request, |request, tag| request.header("if-none-match", tag));
        let _turn = self.turns.acquire().await;
        let answer = request.send().await?;
        match answer.status.as_u16() {
            304 if tag.is_some() => Ok(None),
            _ if answer.is_success() => Ok(Some(answer)),
            _ => Err(GithubError::of(&answer, what, self.signed_in(), self.endpoints, self.now())),
        }
    }

    /// Reads one JSON object.
    pub(super) async fn one<T: DeserializeOwned>(&self, what: &str, url: Url) -> Result<T, GithubError> {
        Ok(self.read(what, url).await?.json()?)
    }

    /// Reads one JSON object that may be large.
    pub(super) async fn large<T: DeserializeOwned>(&self, what: &str, url: Url, limit: u64) -> Result<T, GithubError> {
        Ok(self.send(what, self.request(url).limit(limit)).await?.json()?)
    }

    /// Reads a list to its end, page by page as GitHub links them.
    pub(super) async fn list<T>(&self, what: &str, url: Url) -> Result<Vec<T>, GithubError>
    where
        Page<T>: DeserializeOwned,
    {
        self.pages(what, url, |page: Page<T>| page.items).await
    }

    /// The same of a list that comes bare, without a word around it.
    pub(super) async fn plain_list<T: DeserializeOwned>(&self, what: &str, url: Url) -> Result<Vec<T>, GithubError> {
        self.pages(what, url, |page: Vec<T>| page).await
    }

    async fn pages<P: DeserializeOwned, T>(
        &self,
        what: &str,
        mut url: Url,
        items_of: impl Fn(P) -> Vec<T>,
    ) -> Result<Vec<T>, GithubError> {
        url.query_pairs_mut().append_pair("per_page", "100");
        let mut items = Vec::new();
        for _ in 0..PAGES {
            let answer = self.read(what, url.clone()).await?;
            items.extend(items_of(answer.json::<P>()?));
            match next_page(&answer) {
                None => return Ok(items),
                Some(next) if next.origin() == url.origin() => url = next,
                Some(_) => {
                    let why = "the next page is on another host".to_owned();
                    return Err(GithubError::Strange { what: what.to_owned(), why });
                }
            }
        }
        Err(GithubError::TooMuch { what: what.to_owned(), why: format!("over {} entries", items.len()) })
    }

    /// A change that makes something, still without its body.
    pub(super) fn post(&self, url: Url) -> Request {
        self.signed(self.http.post(url))
    }

    /// A change that puts something in its place, still without its body.
    pub(super) fn put(&self, url: Url) -> Request {
        self.signed(self.http.put(url))
    }

    /// A change that takes something away.
    pub(super) fn delete(&self, url: Url) -> Request {
        self.signed(self.http.delete(url))
    }

    /// Sends a change, once. `what` is what it does: `make the environment release`. What is there already (303) is no
    /// error.
    pub(super) async fn change(&self, what: &str, request: Request) -> Result<(), GithubError> {
        let _turn = self.turns.acquire().await;
        let answer = request.send().await?;
        if answer.is_success() || answer.status.as_u16() == 303 {
            return Ok(());
        }
        let error = GithubError::of(&answer, what, self.signed_in(), self.endpoints, self.now());
        Err(error.of_a_change(what))
    }

    fn request(&self, url: Url) -> Request {
        self.signed(self.http.get(url).same_origin_redirects())
    }

    fn signed(&self, request: Request) -> Request {
        let request = request.header("accept", "application/vnd.github+json").header("x-github-api-version", VERSION);
        match self.token {
            Some(token) => request.bearer(&token.secret),
            None => request,
        }
    }

    async fn send(&self, what: &str, request: Request) -> Result<Answer, GithubError> {
        // The semaphore is never closed, so a turn always comes.
        let _turn = self.turns.acquire().await;
        let answer = request.send().await?;
        if answer.is_success() {
            return Ok(answer);
        }
        Err(GithubError::of(&answer, what, self.signed_in(), self.endpoints, self.now()))
    }
}

/// The address of `rel="next"` in a `Link` header.
pub(super) fn next_page(answer: &Answer) -> Option<Url> {
    answer.header("link")?.split(',').find_map(|link| {
        let (address, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
        let is_next = parameters.split(';').any(|p| matches!(p.trim(), r#"rel="next""# | "rel=next"));
        is_next.then(|| answer.url.join(address).ok()).flatten()
    })
}
