#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::net::{HeaderMap, StatusCode};

use super::*;

fn error(status: u16, headers: &[(&'static str, &str)], message: &str, signed_in: bool) -> GithubError {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(*name, value.parse().unwrap());
    }
    let answer = Answer {
        status: StatusCode::from_u16(status).unwrap(),
        headers: map,
        body: serde_json::json!({ "message": message }).to_string().into_bytes(),
        url: Url::parse("https://api.github.com/x").unwrap(),
    };
    let endpoints = Endpoints::resolve(|_| None, &[]).unwrap();
    GithubError::of(&answer, "the secrets", signed_in, &endpoints, Timestamp::from_unix(1_000))
}

#[test]
fn a_refusal_names_what_is_missing() {
    for (headers, wanted) in [
        (
            &[("x-accepted-github-permissions", "secrets=read")][..],
            "the token may not read the secrets: it lacks the permission secrets: read",
        ),
        (
            &[("x-accepted-github-permissions", "actions=read,secrets=read; organization_secrets=write")],
            "the token may not read the secrets: it lacks the permission actions: read and secrets: read or \
             organization_secrets: write",
        ),
        (
            &[("x-oauth-scopes", "gist"), ("x-accepted-oauth-scopes", "repo, public_repo")],
            "the token may not read the secrets: it lacks the scope repo or public_repo",
        ),
        (&[("x-oauth-scopes", "repo"), ("x-accepted-oauth-scopes", "repo")], "the token may not read the secrets: no"),
        (
            &[("x-github-sso", "required; url=https://github.com/orgs/acme/sso?x=1")],
            "the secrets cannot be read before the organisation's single sign-on has let the token in",
        ),
    ] {
        assert_eq!(error(403, headers, "n\u{1b}o", true).to_string(), wanted);
    }
}

#[test]
fn a_sign_on_page_elsewhere_is_not_told() {
    let hint = |url: &str| error(403, &[("x-github-sso", &format!("required; url={url}"))], "", true).hint().unwrap();
    assert!(hint("https://github.com/orgs/acme/sso").contains("https://github.com/orgs/acme/sso"));
    assert!(!hint("https://evil.example/sso").contains("evil"));
}

#[test]
fn a_limit_is_no_missing_permission() {
    let spent = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "5000")];
    let until = Some(Timestamp::from_unix(5_000));
    assert_eq!(error(403, &spent, "API rate limit exceeded", false), GithubError::RateLimited { until });
    let until = Some(Timestamp::from_unix(1_060));
    assert_eq!(error(403, &[("retry-after", "60")], "secondary", true), GithubError::RateLimited { until });
    assert_eq!(error(429, &[], "", true), GithubError::RateLimited { until: None });
    assert!(matches!(error(403, &[("x-ratelimit-remaining", "7")], "", true), GithubError::Forbidden { .. }));
}

#[test]
fn a_404_is_never_none_and_leads_to_a_next_step() {
    let unknown = |signed_in| Unknown::from(&error(404, &[], "Not Found", signed_in));
    assert_eq!(unknown(true).why, "GitHub shows no secrets to this account: not there, or hidden");
    assert_eq!(unknown(false).hint.as_deref(), Some("sign in: untoken auth login, or GH_TOKEN"));
    assert_eq!(error(401, &[], "", true), GithubError::TokenRefused);
    assert!(matches!(error(403, &[], "", false), GithubError::SignInNeeded { .. }));
    assert_eq!(error(500, &[], "oops", true).to_string(), "GitHub answered 500 when asked for the secrets: oops");
}
