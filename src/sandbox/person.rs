//! The person in the browser: opens a page of the sandbox, fills its form in, presses the button that approves.
//!
//! It goes nowhere but to this machine. A key of the demo stands for it, and so do the tests.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use url::{Host, Url};

use super::Sandbox;
use super::page::unescape;
use super::world::github::{DeviceCode, DeviceState};
use super::world::jsr::{Authorization, AuthorizationState};
use super::world::npm::ApprovalState;

/// Why a visit did not end well.
#[derive(Debug, thiserror::Error)]
pub enum VisitError {
    /// The address is not on this machine.
    #[error("`{url}` is not on this machine; the sandbox's person visits http addresses of 127.0.0.1 alone")]
    NotLoopback {
        /// The address.
        url: String,
    },
    /// The page did not come.
    #[error("the page at {url} did not come; see that the sandbox is still running")]
    Unreachable {
        /// The address.
        url: Url,
        /// What the client said.
        source: reqwest::Error,
    },
    /// The page has nothing to fill in.
    #[error("the page at {url} has no form to fill in")]
    NoForm {
        /// The address.
        url: Url,
    },
    /// The page refused.
    #[error("the page at {url} refused with status {status}: {reason}")]
    Refused {
        /// The address.
        url: Url,
        /// The status.
        status: u16,
        /// The page's own words, as far as it has some.
        reason: String,
    },
}

/// Visits a page of the sandbox as a person would: opens it, types `typed` into the fields of its first form (by
/// label or field name), ticks every box, and presses the first button. Returns the page that comes then, as HTML.
///
/// # Errors
/// [`VisitError`]; for any address that is not plain http on a loopback IP, before anything is sent.
pub async fn visit(url: &str, typed: &[(&str, &str)]) -> Result<String, VisitError> {
    let page = loopback(url)?;
    let client = browser().map_err(|source| unreachable(&page, source))?;
    let html = open(&page, client.get(page.clone())).await?;
    let form = Form::first_in(&html).ok_or_else(|| VisitError::NoForm { url: page.clone() })?;
    let action = page.join(&form.action).map_err(|_| VisitError::NoForm { url: page.clone() })?;
    let action = loopback(action.as_str())?;
    open(&action, client.post(action.clone()).form(&form.filled_in(typed))).await
}

/// A page that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingPage {
    /// Its address.
    pub url: String,
    /// What the person has to type, by field name: the user code on GitHub's page, nothing on npm's.
    pub typed: Vec<(&'static str, String)>,
}

impl WaitingPage {
    /// Visits it, typing what has to be typed.
    ///
    /// # Errors
    /// As [`visit`].
    pub async fn visit(&self) -> Result<String, VisitError> {
        let typed: Vec<(&str, &str)> = self.typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
        visit(&self.url, &typed).await
    }
}

impl Sandbox {
    /// The pages that wait for a person now: npm's approvals, then GitHub's and JSR's codes, each newest first.
    #[must_use]
    pub fn waiting_pages(&self) -> Vec<WaitingPage> {
        let world = self.world();
        let now = world.now();
        let approvals = world.npm.approvals.iter().rev().filter(|one| one.state == ApprovalState::Waiting);
        let approvals = approvals
            .map(|one| WaitingPage { url: format!("{}/auth/cli/{}", self.urls().npm, one.id), typed: Vec::new() });
        let live = |one: &&DeviceCode| one.state == DeviceState::Waiting && one.expires_at > now;
        let codes = world.github.device_codes.iter().rev().filter(live).map(|one| WaitingPage {
            url: format!("{}/login/device", self.urls().github),
            typed: vec![("user_code", one.user_code.clone())],
        });
        let live = |one: &&Authorization| one.state == AuthorizationState::Waiting && one.expires_at > now;
        let jsr =
            world.jsr.authorizations.iter().rev().filter(live).map(|one| WaitingPage {
                url: format!("{}/auth?code={}", self.urls().jsr, one.code),
                typed: Vec::new(),
            });
        approvals.chain(codes).chain(jsr).collect()
    }
}

fn loopback(url: &str) -> Result<Url, VisitError> {
    let refused = || VisitError::NotLoopback { url: url.to_owned() };
    let parsed = Url::parse(url).map_err(|_| refused())?;
    let local = match parsed.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        // A name, `localhost` too, may stand for any address.
        Some(Host::Domain(_)) | None => false,
    };
    match local && parsed.scheme() == "http" {
        true => Ok(parsed),
        false => Err(refused()),
    }
}

fn browser() -> Result<Client, reqwest::Error> {
    // Refused when there is one already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .user_agent("untoken-sandbox-person")
        .redirect(Policy::none())
        .no_proxy()
        // Plain http on loopback needs no certificates, and a slim container has none.
        .tls_certs_only([])
        .timeout(Duration::from_secs(10))
        .build()
}

fn unreachable(url: &Url, source: reqwest::Error) -> VisitError {
    VisitError::Unreachable { url: url.clone(), source }
}

async fn open(url: &Url, request: reqwest::RequestBuilder) -> Result<String, VisitError> {
    let response = request.send().await.map_err(|source| unreachable(url, source))?;
    let status = response.status();
    let html = response.text().await.map_err(|source| unreachable(url, source))?;
    match status {
        StatusCode::OK => Ok(html),
        status => Err(VisitError::Refused {
            url: url.clone(),
            status: status.as_u16(),
            reason: between(&html, "role=\"alert\">", "<").map(unescape).unwrap_or_default(),
        }),
    }
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}

/// The first form of a page of the sandbox. It reads what `page` writes, and no other HTML.
struct Form {
    action: String,
    fields: Vec<(String, String)>,
    /// What a person reads beside a field, and the field's name.
    labels: Vec<(String, String)>,
}

impl Form {
    fn first_in(html: &str) -> Option<Self> {
        let form = between(html, "<form ", "</form>")?;
        let mut fields: Vec<_> = form.split("<input ").skip(1).filter_map(name_and_value).collect();
        fields.extend(form.split("<button ").nth(1).and_then(name_and_value));
        let labels = form.split("<label>").skip(1).filter_map(|part| {
            let (label, tag) = part.split_once("<input ")?;
            Some((unescape(label.trim()), attribute(tag, "name")?))
        });
        Some(Self { action: attribute(form, "action")?, fields, labels: labels.collect() })
    }

    fn filled_in(mut self, typed: &[(&str, &str)]) -> Vec<(String, String)> {
        for (name, value) in typed {
            let name = self.field_of(name).unwrap_or_else(|| (*name).to_owned());
            match self.fields.iter_mut().find(|(field, _)| *field == name) {
                Some((_, old)) => (*value).clone_into(old),
                None => self.fields.push((name, (*value).to_owned())),
            }
        }
        self.fields
    }
}

impl Form {
    /// The field that a person means: by its very label, its name, or how its label begins.
    fn field_of(&self, wanted: &str) -> Option<String> {
        let label =
            |fits: &dyn Fn(&str) -> bool| self.labels.iter().find(|(label, _)| fits(label)).map(|(_, field)| field);
        let named = || self.fields.iter().map(|(field, _)| field).find(|field| *field == wanted);
        let exact = label(&|label| label.eq_ignore_ascii_case(wanted)).or_else(named);
        exact.or_else(|| label(&|label| same_label(label, wanted))).cloned()
    }
}

/// A label as a person takes it: `Environment name (optional)` is meant by `Environment`.
fn same_label(label: &str, wanted: &str) -> bool {
    !label.is_empty() && label.to_lowercase().starts_with(&wanted.to_lowercase())
}

fn name_and_value(tag: &str) -> Option<(String, String)> {
    let tag = tag.split_once('>').map_or(tag, |(tag, _)| tag);
    Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default()))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    between(tag, &format!("{name}=\""), "\"").map(unescape)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[tokio::test]
    async fn no_address_off_this_machine_is_visited() {
        for url in [
            "https://github.com/login/device",
            "http://localhost:80/",
            "https://127.0.0.1/",
            "http://127.0.0.1.example.com/",
            "http://example.com@10.0.0.1/",
            "file:///etc/passwd",
            "not an address",
        ] {
            let error = visit(url, &[]).await.unwrap_err();
            assert!(matches!(error, VisitError::NotLoopback { .. }), "{url}: {error}");
        }
    }

    #[test]
    fn a_form_is_read_with_its_first_button_and_filled_in() {
        let html = "<p>x</p><form method=\"post\" action=\"/a&amp;b\"><input type=\"text\" name=\"code\" value=\"\">\
                    <input type=\"checkbox\" name=\"skip\" value=\"on\"><button type=\"submit\" name=\"decision\" \
                    value=\"approve\">Yes</button><button type=\"submit\" name=\"decision\" value=\"no\">No</button></form>";
        let form = Form::first_in(html).unwrap();
        assert_eq!(form.action, "/a&b");
        let owned = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            form.filled_in(&[("code", "WDJB-MJHT")]),
            [owned("code", "WDJB-MJHT"), owned("skip", "on"), owned("decision", "approve")]
        );
    }
}
