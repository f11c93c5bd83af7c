use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::sandbox::testing::{client, demo};
use crate::sandbox::world::github::DeviceFlow;
use crate::sandbox::{Fault, Sandbox, visit};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
const CLIENT: &str = "Iv23sandboxNotAClient";

async fn post(sandbox: &Sandbox, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
    let url = format!("{}{path}", sandbox.urls().github);
    let response = client().post(url).header("accept", "application/json").form(form).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn code(sandbox: &Sandbox) -> (String, String, String) {
    let (status, body) = post(sandbox, "/login/device/code", &[("client_id", CLIENT)]).await;
    assert_eq!(status, 200, "{body}");
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    (text("device_code"), text("user_code"), text("verification_uri"))
}

async fn poll(sandbox: &Sandbox, device_code: &str) -> Value {
    let form = [("client_id", CLIENT), ("device_code", device_code), ("grant_type", GRANT)];
    let (status, body) = post(sandbox, "/login/oauth/access_token", &form).await;
    assert_eq!(status, 200, "errors of a poll come with status 200");
    body
}

/// Lets the interval pass without waiting for it.
fn later(sandbox: &Sandbox, seconds: i64) {
    sandbox.world().advance(TimeDelta::seconds(seconds));
}

#[tokio::test]
async fn a_code_is_typed_and_the_token_is_handed_out_once() {
    let sandbox = demo().await;
    let (device_code, user_code, page) = code(&sandbox).await;
    assert_eq!((device_code.len(), user_code.len(), &user_code[4..5]), (40, 9, "-"));
    later(&sandbox, 1);
    assert_eq!(poll(&sandbox, &device_code).await["error"], "authorization_pending");
    visit(&page, &[("user_code", &user_code)]).await.unwrap();
    later(&sandbox, 1);
    let body = poll(&sandbox, &device_code).await;
    assert!(body["access_token"].as_str().unwrap().starts_with("ghu_"), "{body}");
    assert_eq!(body["token_type"], "bearer");
    assert_eq!(body["expires_in"], 28800);
    assert_eq!(body["refresh_token_expires_in"], 15_811_200);
    later(&sandbox, 1);
    assert_eq!(poll(&sandbox, &device_code).await["error"], "incorrect_device_code");
}

#[tokio::test]
async fn a_poll_before_its_time_lengthens_the_interval() {
    let sandbox = demo().await;
    let (device_code, ..) = code(&sandbox).await;
    let body = poll(&sandbox, &device_code).await;
    assert_eq!((&body["error"], &body["interval"]), (&json!("slow_down"), &json!(6)));
    later(&sandbox, 5);
    assert_eq!(poll(&sandbox, &device_code).await["interval"], 11);
    later(&sandbox, 11);
    assert_eq!(poll(&sandbox, &device_code).await["error"], "authorization_pending");
}

#[tokio::test]
async fn cancel_on_the_page_kills_the_code() {
    let sandbox = demo().await;
    let (device_code, user_code, page) = code(&sandbox).await;
    visit(&page, &[("user_code", &user_code), ("decision", "cancel")]).await.unwrap();
    later(&sandbox, 1);
    assert_eq!(poll(&sandbox, &device_code).await["error"], "access_denied");
    assert!(visit(&page, &[("user_code", &user_code)]).await.is_err(), "it can't be approved after that");
}

#[tokio::test]
async fn a_code_ends_after_its_time() {
    let sandbox = demo().await;
    let (device_code, user_code, page) = code(&sandbox).await;
    later(&sandbox, 900);
    assert_eq!(poll(&sandbox, &device_code).await["error"], "expired_token");
    assert!(visit(&page, &[("user_code", &user_code)]).await.is_err());
}

#[tokio::test]
async fn unknown_and_closed_applications_are_refused() {
    let sandbox = demo().await;
    let unknown = [("client_id", "Iv23someOtherNotAClient")];
    assert_eq!(post(&sandbox, "/login/device/code", &unknown).await, (404, json!({ "error": "Not Found" })));
    sandbox.world().github.clients[0].device_flow = DeviceFlow::Disabled;
    let (status, body) = post(&sandbox, "/login/device/code", &[("client_id", CLIENT)]).await;
    assert_eq!((status, &body["error"]), (400, &json!("device_flow_disabled")));
}

#[tokio::test]
async fn a_refresh_ends_the_old_pair_at_once() {
    let sandbox = demo().await;
    let (device_code, user_code, page) = code(&sandbox).await;
    visit(&page, &[("user_code", &user_code)]).await.unwrap();
    later(&sandbox, 1);
    let old = poll(&sandbox, &device_code).await;
    let refresh = |token: Value| {
        let token = token.as_str().unwrap().to_owned();
        let sandbox = &sandbox;
        async move {
            let form = [("client_id", CLIENT), ("grant_type", "refresh_token"), ("refresh_token", token.as_str())];
            post(sandbox, "/login/oauth/access_token", &form).await.1
        }
    };
    let new = refresh(old["refresh_token"].clone()).await;
    assert_ne!(new["access_token"], old["access_token"]);
    assert_eq!(refresh(old["refresh_token"].clone()).await["error"], "bad_refresh_token");
    for (token, status) in [(&old["access_token"], 401), (&new["access_token"], 200)] {
        let url = format!("{}/user", sandbox.urls().github_api);
        let answer = client().get(url).bearer_auth(token.as_str().unwrap()).send().await.unwrap();
        assert_eq!(answer.status(), status);
    }
}

#[tokio::test]
async fn answers_are_form_encoded_unless_json_is_asked_for() {
    let sandbox = demo().await;
    let url = format!("{}/login/device/code", sandbox.urls().github);
    let response = client().post(url).form(&[("client_id", CLIENT)]).send().await.unwrap();
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("application/x-www-form-urlencoded"));
    let body = response.text().await.unwrap();
    assert!(body.contains("interval=1") && body.contains("verification_uri=http%3A%2F%2F127.0.0.1"), "{body}");
}

#[tokio::test]
async fn faults_of_the_flow_strike_polls_alone() {
    let sandbox = demo().await;
    for fault in ["slow_down", "denied", "expired"] {
        let (device_code, ..) = code(&sandbox).await;
        sandbox.add_fault(Fault::parse(fault).unwrap());
        later(&sandbox, 60);
        let error = poll(&sandbox, &device_code).await["error"].as_str().unwrap().to_owned();
        sandbox.clear_faults();
        let expected = match fault {
            "slow_down" => "slow_down",
            "denied" => "access_denied",
            _ => "expired_token",
        };
        assert_eq!(error, expected);
    }
}
