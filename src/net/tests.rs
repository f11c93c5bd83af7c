#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::net::clock::testing::Still;

fn http() -> (Http, Arc<Still>) {
    let clock = Arc::new(Still::default());
    (Http::with(Settings { clock: clock.clone(), ..Settings::default() }).unwrap(), clock)
}

fn at(server: &MockServer, path: &str) -> Url {
    Url::parse(&server.uri()).unwrap().join(path).unwrap()
}

/// A server that says these bytes to everybody, and hangs up.
async fn raw(bytes: &'static [u8]) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/x", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut asked = [0; 4096];
            let _ = socket.read(&mut asked).await;
            let _ = socket.write_all(bytes).await;
        }
    });
    url
}

#[derive(Debug, PartialEq, serde::Deserialize)]
struct Wanted {
    name: String,
}

#[tokio::test]
async fn a_refusal_is_an_answer() {
    let server = MockServer::start().await;
    Mock::given(header("user-agent", concat!("untoken/", env!("CARGO_PKG_VERSION"))))
        .respond_with(ResponseTemplate::new(403).set_body_string("no"))
        .mount(&server)
        .await;
    let answer = http().0.get(at(&server, "/x")).send().await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (403, "no"));
    assert_eq!(format!("{answer:?}"), "Answer(403, 2 bytes)");
}

#[tokio::test]
async fn a_busy_server_is_asked_again_when_it_wants() {
    let server = MockServer::start().await;
    let busy = ResponseTemplate::new(429).insert_header("retry-after", "7");
    Mock::given(path("/x")).respond_with(busy).up_to_n_times(1).mount(&server).await;
    let dated = ResponseTemplate::new(503).insert_header("retry-after", "Sat, 21 Nov 2026 12:00:09 GMT");
    Mock::given(path("/x")).respond_with(dated).up_to_n_times(1).mount(&server).await;
    Mock::given(path("/x")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    let (http, clock) = http();
    assert!(http.get(at(&server, "/x")).send().await.unwrap().is_success());
    assert_eq!(clock.pauses(), [Duration::from_secs(7), Duration::from_secs(2)]);
}

#[tokio::test]
async fn patience_ends_with_the_last_answer() {
    let server = MockServer::start().await;
    Mock::given(path("/x")).respond_with(ResponseTemplate::new(502)).expect(3).mount(&server).await;
    let far = ResponseTemplate::new(429).insert_header("retry-after", "3600");
    Mock::given(path("/far")).respond_with(far).expect(1).mount(&server).await;
    let (http, clock) = http();
    assert_eq!(http.get(at(&server, "/x")).send().await.unwrap().status.as_u16(), 502);
    assert_eq!(clock.pauses().len(), 2);
    assert_eq!(http.get(at(&server, "/far")).send().await.unwrap().status.as_u16(), 429);
}

#[tokio::test]
async fn a_write_is_never_repeated() {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(503)).expect(1).mount(&server).await;
    let answer = http().0.post(at(&server, "/x")).json(&[1]).send().await.unwrap();
    assert_eq!(answer.status.as_u16(), 503);
}

#[tokio::test]
async fn a_credential_is_not_carried_on() {
    let server = MockServer::start().await;
    let elsewhere = MockServer::start().await;
    let away = ResponseTemplate::new(302).insert_header("location", format!("{}/y", elsewhere.uri()));
    Mock::given(path("/x")).respond_with(away).mount(&server).await;
    Mock::given(path("/y")).respond_with(ResponseTemplate::new(200)).expect(1).mount(&elsewhere).await;
    let token = SecretString::from("not-a-token");
    let get = || http().0.get(at(&server, "/x"));
    for request in [get().bearer(&token), get().header("npm-otp", "123456"), get().secret("x-otp", &token)] {
        assert_eq!(request.send().await.unwrap().status.as_u16(), 302);
    }
    let kept = get().bearer(&token).same_origin_redirects().send().await;
    assert!(matches!(kept, Err(NetError::Redirect { .. })), "{kept:?}");
    assert!(get().send().await.unwrap().is_success(), "without a credential it is followed");
}

#[tokio::test]
async fn redirects_within_a_host_end_somewhere() {
    let server = MockServer::start().await;
    let to = |target: &str| ResponseTemplate::new(301).insert_header("location", target);
    Mock::given(path("/old")).respond_with(to("/new")).mount(&server).await;
    Mock::given(path("/new"))
        .and(header("authorization", "Bearer not-a-token"))
        .respond_with(ResponseTemplate::new(200))
        .mount(&server)
        .await;
    Mock::given(path("/circle")).respond_with(to("/circle")).expect(6).mount(&server).await;
    let (http, _) = http();
    let renamed = http.get(at(&server, "/old")).bearer(&"not-a-token".into()).same_origin_redirects();
    let answer = renamed.send().await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.url.path()), (200, "/new"));
    let circle = http.get(at(&server, "/circle")).send().await;
    assert_eq!(circle.unwrap_err().to_string(), format!("{} redirects in circles", server.address()));
}

#[tokio::test]
async fn trouble_is_named() {
    let refused = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap()
    };
    let cut = raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"name\":").await;
    let gone = raw(b"").await;
    for (url, wanted) in [
        (refused, "refused the connection"),
        (cut.clone(), "broke off in the middle"),
        (gone, "closed the connection before it answered"),
    ] {
        let error = http().0.get(url.clone()).send().await.unwrap_err();
        assert!(error.to_string().contains(wanted), "{url}: {error}");
        assert!(error.to_string().contains(&authority(&url)), "{error}");
        assert!(error.hint().is_some());
    }
    let error = http().0.get(cut).stream_json::<Wanted>().await.unwrap_err();
    assert!(matches!(error, NetError::Cut { .. }), "{error:?}");
}

#[tokio::test]
async fn silence_has_an_end() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", silent.local_addr().unwrap())).unwrap();
    let http = Http::with(Settings { whole: Duration::from_millis(100), ..Settings::default() }).unwrap();
    let error = http.get(url).send().await.unwrap_err();
    assert!(error.to_string().ends_with("did not answer within 0.1 s"), "{error}");
}

#[tokio::test]
async fn a_body_is_bounded_and_no_secret_of_it_is_told() {
    let server = MockServer::start().await;
    Mock::given(path("/big"))
        .respond_with(ResponseTemplate::new(200).set_body_bytes(vec![b' '; 1000]))
        .mount(&server)
        .await;
    let page = ResponseTemplate::new(200).set_body_raw("<html>", "text/html");
    Mock::given(path("/page")).respond_with(page).mount(&server).await;
    let odd = ResponseTemplate::new(200).set_body_string(r#"{"name": 5, "token": "not-a-token"}"#);
    Mock::given(path("/odd")).respond_with(odd).mount(&server).await;
    let (http, _) = http();
    let big = http.get(at(&server, "/big")).limit(999).send().await;
    assert!(matches!(big, Err(NetError::TooLarge { limit: 999, .. })));
    assert!(http.get(at(&server, "/big")).limit(1000).send().await.is_ok());
    for (path, wanted) in [("/page", "a web page where JSON was expected"), ("/odd", "JSON of another shape (line 1")] {
        let whole = http.get(at(&server, path)).send().await.unwrap().json::<Wanted>().unwrap_err();
        let streamed = http.get(at(&server, path)).stream_json::<Wanted>().await.unwrap_err();
        for error in [whole, streamed] {
            assert!(error.to_string().contains(wanted), "{error}");
        }
    }
}

#[tokio::test]
async fn a_large_answer_is_parsed_on_its_way() {
    let server = MockServer::start().await;
    let filler = "x".repeat(3 * 1024 * 1024);
    let body = format!(r#"{{"filler":"{filler}","name":"widgets"}}"#);
    Mock::given(path("/x")).respond_with(ResponseTemplate::new(200).set_body_string(body)).mount(&server).await;
    Mock::given(path("/none")).respond_with(ResponseTemplate::new(404).set_body_string("{}")).mount(&server).await;
    let http = Http::new().unwrap();
    match http.get(at(&server, "/x")).stream_json::<Wanted>().await.unwrap() {
        Streamed::Parsed { value, head } => {
            assert_eq!(value, Wanted { name: "widgets".into() });
            assert_eq!(head.status.as_u16(), 200);
        }
        Streamed::Refused(answer) => panic!("{answer:?}"),
    }
    let missing = http.get(at(&server, "/none")).stream_json::<Wanted>().await.unwrap();
    assert!(matches!(missing, Streamed::Refused(answer) if answer.text() == "{}"));
}

#[tokio::test]
async fn what_cannot_be_sent_is_said_and_not_shown() {
    let error = http().0.get(Url::parse("http://127.0.0.1:9/").unwrap()).bearer(&"two\nlines".into()).send().await;
    assert_eq!(error.unwrap_err().to_string(), "the token contains characters that cannot be sent");
}

#[tokio::test]
async fn a_request_can_be_spawned_and_boxed() {
    use futures::FutureExt as _;
    use futures::future::BoxFuture;

    fn boxed<'a>(http: &'a Http, url: &'a Url) -> BoxFuture<'a, u16> {
        async move {
            let streamed = http.get(url.clone()).stream_json::<Wanted>().await;
            let answer = http.get(url.clone()).send().await;
            u16::from(streamed.is_ok()) + u16::from(answer.is_ok())
        }
        .boxed()
    }
    let url = raw(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
    let asked = tokio::spawn(async move { boxed(&http().0, &url).await });
    assert_eq!(asked.await.unwrap(), 2);
}
