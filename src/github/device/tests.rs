#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use wiremock::matchers::{body_string_contains, header, path};
use wiremock::{Mock, ResponseTemplate};

use super::*;
use crate::github::testing::{World, json as answer};

const POLL: &str = "/login/oauth/access_token";

async fn code(world: &World, extra: Value) {
    let mut body = json!({
        "device_code": "3584d83530557fdd1f46af8289938c8ef79f9dc5",
        "user_code": "WDJB-MJHT",
        "verification_uri": format!("{}/login/device", world.server.uri()),
        "expires_in": 900,
        "interval": 5,
    });
    body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let asked = Mock::given(path("/login/device/code")).and(header("accept", "application/json"));
    asked.and(body_string_contains("client_id=Iv1.sandbox")).respond_with(answer(body)).mount(&world.server).await;
}

async fn poll(world: &World, times: u64, response: ResponseTemplate) {
    Mock::given(path(POLL)).respond_with(response).up_to_n_times(times).mount(&world.server).await;
}

fn error(word: &str) -> ResponseTemplate {
    answer(json!({ "error": word, "error_description": "a sentence" }))
}

fn token() -> ResponseTemplate {
    answer(json!({
        "access_token": "ghu_not-a-token", "token_type": "bearer", "scope": "", "expires_in": 28800,
        "refresh_token": "ghr_not-a-token", "refresh_token_expires_in": 15_811_200,
    }))
}

async fn sign_in(world: &World) -> (Result<Token, SignInError>, Vec<DeviceEvent>) {
    let events = Mutex::new(Vec::new());
    let outcome = device_sign_in(&world.http, &world.endpoints, &world.client_id, |event| {
        events.lock().unwrap().push(event);
    })
    .await;
    (outcome, events.into_inner().unwrap())
}

fn seconds(world: &World) -> Vec<u64> {
    world.clock.pauses().iter().map(Duration::as_secs).collect()
}

#[tokio::test]
async fn waits_first_and_then_brings_both_tokens() {
    let world = World::new().await;
    code(&world, json!({})).await;
    poll(&world, 2, error("authorization_pending")).await;
    poll(&world, 1, token()).await;
    let (outcome, events) = sign_in(&world).await;
    let got = outcome.unwrap();
    assert_eq!(seconds(&world), [6, 6, 6], "a fifth more than the interval, and before the first question too");
    let now = world.http.clock().now();
    assert_eq!(got.secret.expose_secret(), "ghu_not-a-token");
    assert_eq!(got.refresh.unwrap().expose_secret(), "ghr_not-a-token");
    assert_eq!((got.expires, got.refresh_expires), (Some(now.plus(28_800)), Some(now.plus(15_811_200))));
    assert_eq!((got.source, got.client_id), (TokenSource::Device, Some(world.client_id.clone())));
    let verification_uri = format!("{}/login/device", world.server.uri());
    assert_eq!(
        events,
        [DeviceEvent::Code { user_code: "WDJB-MJHT".into(), verification_uri, expires: now.plus(900 - 18) }]
    );
}

#[tokio::test]
async fn slows_down_to_the_servers_interval_once() {
    let world = World::new().await;
    code(&world, json!({})).await;
    poll(&world, 1, answer(json!({ "error": "slow_down", "interval": 20 }))).await;
    poll(&world, 1, error("authorization_pending")).await;
    poll(&world, 1, error("slow_down")).await;
    let (outcome, events) = sign_in(&world).await;
    assert_eq!(outcome.unwrap_err(), SignInError::ClockDrift);
    assert_eq!(seconds(&world), [6, 28, 28], "two fifths more than the new interval");
    assert_eq!(events[1..], [DeviceEvent::SlowedDown { interval_seconds: 20 }]);
}

#[tokio::test]
async fn slowing_down_without_an_interval_adds_five_seconds() {
    let world = World::new().await;
    code(&world, json!({})).await;
    poll(&world, 1, error("slow_down")).await;
    poll(&world, 1, token()).await;
    let (outcome, events) = sign_in(&world).await;
    assert!(outcome.is_ok());
    assert_eq!((seconds(&world), &events[1]), (vec![6, 14], &DeviceEvent::SlowedDown { interval_seconds: 10 }));
}

#[tokio::test]
async fn each_refusal_has_its_own_name() {
    let client_id = || "Iv1.sandbox".to_owned();
    for (word, wanted) in [
        ("access_denied", SignInError::Denied),
        ("expired_token", SignInError::Expired),
        ("token_expired", SignInError::Expired),
        ("incorrect_device_code", SignInError::StaleCode),
        ("device_flow_disabled", SignInError::DeviceFlowDisabled { client_id: client_id() }),
        ("incorrect_client_credentials", SignInError::UnknownApp { client_id: client_id() }),
        ("unsupported_grant_type", SignInError::Refused { code: "unsupported_grant_type".into() }),
        ("odd\u{1b}[2J", SignInError::Refused { code: "odd[2J".into() }),
    ] {
        let world = World::new().await;
        code(&world, json!({})).await;
        poll(&world, 1, error(word)).await;
        assert_eq!(sign_in(&world).await.0.unwrap_err(), wanted, "{word}");
    }
}

#[tokio::test]
async fn the_code_step_names_a_dead_app() {
    let client_id = "Iv1.sandbox".to_owned();
    let disabled = json!({ "error": "device_flow_disabled" });
    for (response, wanted) in [
        (ResponseTemplate::new(404), SignInError::UnknownApp { client_id: client_id.clone() }),
        (
            ResponseTemplate::new(400).set_body_json(&disabled),
            SignInError::DeviceFlowDisabled { client_id: client_id.clone() },
        ),
        (answer(disabled), SignInError::DeviceFlowDisabled { client_id }),
        (ResponseTemplate::new(500), SignInError::Unavailable { status: 500 }),
    ] {
        let world = World::new().await;
        Mock::given(path("/login/device/code")).respond_with(response).mount(&world.server).await;
        let (outcome, events) = sign_in(&world).await;
        assert_eq!((outcome.unwrap_err(), events), (wanted, vec![]));
    }
}

#[tokio::test]
async fn trouble_on_the_way_is_told_and_survived() {
    let world = World::new().await;
    code(&world, json!({})).await;
    poll(&world, 1, ResponseTemplate::new(503)).await;
    poll(&world, 1, ResponseTemplate::new(200).set_body_raw("<html>sign in to the hotel</html>", "text/html")).await;
    poll(&world, 1, error("authorization_pending")).await;
    poll(&world, 1, token()).await;
    let (outcome, events) = sign_in(&world).await;
    assert!(outcome.is_ok());
    let told: Vec<String> = events[1..].iter().map(|e| format!("{e:?}")).collect();
    assert!(told[0].contains("HTTP 503") && told[1].contains("a web page where JSON was expected"), "{told:?}");
    assert_eq!(events[3..], [DeviceEvent::Recovered]);
}

#[tokio::test]
async fn a_code_that_nobody_types_expires_by_the_wall_clock() {
    let world = World::new().await;
    code(&world, json!({ "expires_in": 60 })).await;
    poll(&world, u64::MAX, error("authorization_pending")).await;
    let (outcome, _) = sign_in(&world).await;
    assert_eq!(outcome.unwrap_err(), SignInError::Expired);
    assert_eq!(seconds(&world).iter().sum::<u64>(), 66);
}

#[tokio::test]
async fn a_page_on_another_host_is_never_shown() {
    for page in ["https://github.com.evil.example/login/device", "http://u:p@127.0.0.1/", "javascript:alert(1)"] {
        let world = World::new().await;
        code(&world, json!({ "verification_uri": page })).await;
        let (outcome, events) = sign_in(&world).await;
        assert!(matches!(outcome, Err(SignInError::StrangePage { .. })), "{page}: {outcome:?}");
        assert_eq!(events, [], "{page}");
    }
}

#[tokio::test]
async fn dropping_it_stops_the_questions() {
    let world = World::new().await;
    code(&world, json!({})).await;
    poll(&world, u64::MAX, error("authorization_pending")).await;
    let (http, endpoints, client_id) = (world.http.clone(), world.endpoints.clone(), world.client_id.clone());
    let (seen, mut begun) = tokio::sync::mpsc::unbounded_channel();
    let task = tokio::spawn(async move {
        device_sign_in(&http, &endpoints, &client_id, move |event| seen.send(event).unwrap()).await
    });
    assert!(matches!(begun.recv().await, Some(DeviceEvent::Code { .. })));
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    assert_eq!(begun.recv().await, None);
}
