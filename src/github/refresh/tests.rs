#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use wiremock::matchers::{body_string_contains, path};
use wiremock::{Mock, ResponseTemplate};

use super::*;
use crate::github::testing::{World, json as answer};
use crate::net::Settings;
use crate::secret_store::{Memory, SecretStore};

fn store(world: &World, secrets: &Arc<Memory>, folder: &tempfile::TempDir) -> TokenStore {
    TokenStore::new(secrets.clone() as Arc<dyn SecretStore>, folder.path(), &world.endpoints)
}

fn ending(world: &World, seconds: i64) -> Token {
    Token {
        refresh: Some("ghr_first-not-a-token".into()),
        expires: Some(world.http.clock().now().plus(seconds)),
        client_id: Some(world.client_id.clone()),
        ..Token::new("ghu_first-not-a-token".into(), TokenSource::Device)
    }
}

async fn renews(world: &World, times: u64, response: ResponseTemplate) {
    Mock::given(path("/login/oauth/access_token"))
        .and(body_string_contains("grant_type=refresh_token"))
        .and(body_string_contains("refresh_token=ghr_first-not-a-token"))
        .and(body_string_contains("client_id=Iv1.sandbox"))
        .respond_with(response)
        .expect(times)
        .mount(&world.server)
        .await;
}

fn pair() -> ResponseTemplate {
    answer(json!({
        "access_token": "ghu_second-not-a-token", "token_type": "bearer", "scope": "", "expires_in": 28800,
        "refresh_token": "ghr_second-not-a-token", "refresh_token_expires_in": 15_811_200,
    }))
}

#[tokio::test]
async fn a_minute_before_its_end_both_tokens_are_renewed_and_kept() {
    let (world, secrets, folder) = (World::new().await, Arc::default(), tempfile::tempdir().unwrap());
    let store = store(&world, &secrets, &folder);
    renews(&world, 1, pair()).await;
    let early = ensure_fresh(&world.http, &world.endpoints, &store, &ending(&world, 61)).await.unwrap();
    assert_eq!(early.secret.expose_secret(), "ghu_first-not-a-token");
    let renewed = ensure_fresh(&world.http, &world.endpoints, &store, &ending(&world, 60)).await.unwrap();
    assert_eq!(renewed.secret.expose_secret(), "ghu_second-not-a-token");
    let kept = store.load().await.unwrap().unwrap();
    assert_eq!(kept.secret.expose_secret(), "ghu_second-not-a-token");
    assert_eq!(kept.refresh.unwrap().expose_secret(), "ghr_second-not-a-token");
    assert_eq!((kept.source, kept.client_id), (TokenSource::Stored, Some(world.client_id.clone())));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_at_once_use_up_one_renewal() {
    let (world, secrets, folder) = (World::new().await, Arc::default(), tempfile::tempdir().unwrap());
    let http = Http::with(Settings::default()).unwrap();
    let store = store(&world, &secrets, &folder);
    let old = Token { expires: Some(http.clock().now()), ..ending(&world, 0) };
    store.save(&old).await.unwrap();
    renews(&world, 1, pair().set_delay(Duration::from_millis(50))).await;
    let renew = || ensure_fresh(&http, &world.endpoints, &store, &old);
    let (one, two) = tokio::join!(renew(), renew());
    assert_eq!(one.unwrap().fingerprint(), two.unwrap().fingerprint());
}

#[tokio::test]
async fn a_dead_sign_in_is_forgotten_and_an_outage_is_not_its_end() {
    let (world, secrets, folder) = (World::new().await, Arc::default(), tempfile::tempdir().unwrap());
    let store = store(&world, &secrets, &folder);
    let old = ending(&world, 0);
    store.save(&old).await.unwrap();
    let busy = Mock::given(path("/login/oauth/access_token")).respond_with(ResponseTemplate::new(502));
    busy.up_to_n_times(1).mount(&world.server).await;
    renews(&world, 1, answer(json!({ "error": "bad_refresh_token" }))).await;
    let renew = || ensure_fresh(&world.http, &world.endpoints, &store, &old);
    assert_eq!(renew().await.unwrap_err(), SignInError::Unavailable { status: 502 });
    assert!(store.load().await.unwrap().is_some());
    assert_eq!(renew().await.unwrap_err(), SignInError::CannotRenew);
    assert!(store.load().await.unwrap().is_none());
}

#[tokio::test]
async fn a_token_that_is_not_ours_is_neither_renewed_nor_kept() {
    let (world, secrets, folder) = (World::new().await, Arc::default(), tempfile::tempdir().unwrap());
    let store = store(&world, &secrets, &folder);
    let theirs = Token { source: TokenSource::Gh, ..ending(&world, 0) };
    store.save(&theirs).await.unwrap();
    assert!(store.load().await.unwrap().is_none());
    assert!(ensure_fresh(&world.http, &world.endpoints, &store, &theirs).await.is_ok());
    assert_eq!(world.asked().await, Vec::<String>::new());
}

#[tokio::test]
async fn garbage_in_the_store_is_said_and_not_quoted() {
    let (world, secrets, folder) = (World::new().await, Arc::<Memory>::default(), tempfile::tempdir().unwrap());
    let key = format!("{0} {0}", world.endpoints.api.authority());
    secrets.set(&key, &"ghp_not-a-token".into()).unwrap();
    let error = store(&world, &secrets, &folder).load().await.unwrap_err();
    assert_eq!(error.to_string(), "what memory, for this run only holds cannot be read");
}

#[tokio::test]
async fn an_older_sign_in_that_is_kept_is_not_taken_for_this_one() {
    let (world, secrets, folder) = (World::new().await, Arc::default(), tempfile::tempdir().unwrap());
    let store = store(&world, &secrets, &folder);
    let older = Token { refresh: Some("ghr_older-not-a-token".into()), ..ending(&world, -90_000) };
    store.save(&older).await.unwrap();
    renews(&world, 1, pair()).await;
    let renewed = ensure_fresh(&world.http, &world.endpoints, &store, &ending(&world, 0)).await.unwrap();
    assert_eq!(renewed.secret.expose_secret(), "ghu_second-not-a-token");
}
