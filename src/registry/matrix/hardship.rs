//! What comes in the place of an answer, and how it is brought about.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use wiremock::ResponseTemplate;

use crate::model::Registry;
use crate::registry::testing::ladder::{Machine, Remembered, Rungs, Served, Subject, Waiting, Whose};

/// What comes in the place of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hardship {
    /// JSON that breaks off or speaks of something else.
    Unreadable,
    /// 401
    Unauthorized,
    /// 403
    Forbidden,
    /// 404 in words that are not the registry's: in its own they say that the package is absent.
    NotFound,
    /// 409, 422
    Conflict,
    /// 429
    TooMany,
    /// 5xx
    ServerError,
    /// The connection ends in the middle of the body.
    Cut,
    /// Nothing comes in time.
    Slow,
    /// A web page with status 200, as a captive portal sends it.
    WebPage,
    /// Nobody listens there.
    Nobody,
}

/// One form of a hardship.
#[derive(Clone)]
pub(super) enum Form {
    Answer(ResponseTemplate),
    /// The connection ends in the middle of the body.
    Cut,
    /// The connection stays open, and nothing comes.
    Silence,
    Nobody,
}

impl From<ResponseTemplate> for Form {
    fn from(answer: ResponseTemplate) -> Self {
        Self::Answer(answer)
    }
}

/// The clients of a test: one that waits, and one for those who let it wait for ever.
pub(super) struct Clients {
    pub(super) patient: Waiting,
    hasty: Waiting,
}

impl Clients {
    pub(super) fn new() -> Self {
        Self { patient: Waiting::seconds(20), hasty: Waiting::seconds(2) }
    }
}

const HALF: &str = "{\"name\": \"wid";

impl Hardship {
    pub(super) const ALL: [Self; Self::Nobody as usize + 1] = [
        Self::Unreadable,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::Conflict,
        Self::TooMany,
        Self::ServerError,
        Self::Cut,
        Self::Slow,
        Self::WebPage,
        Self::Nobody,
    ];

    /// What a person calls it.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Unreadable => "JSON that breaks off, or speaks of something else",
            Self::Unauthorized => "401",
            Self::Forbidden => "403",
            Self::NotFound => "404 in words that are not the registry's (a proxy's page)",
            Self::Conflict => "409, 422",
            Self::TooMany => "429",
            Self::ServerError => "500, 502, 503",
            Self::Cut => "a body that is cut short",
            Self::Slow => "nothing in time",
            Self::WebPage => "a web page with status 200 (a captive portal)",
            Self::Nobody => "no connection",
        }
    }

    /// What the rung says, one of these: first of a read in public, then of a list with a login, and of one by npm.
    pub(super) fn says(self) -> &'static [&'static str] {
        match self {
            Self::Unreadable => &["where JSON was expected", "an entry of another shape", "Invalid response body"],
            Self::Unauthorized => &["HTTP 401", "refused the credential"],
            Self::Forbidden => &["HTTP 403", "refused the credential", "refused it"],
            Self::NotFound => &["HTTP 404", "refused it: Not Found", "npm offers no API for this"],
            Self::Conflict => &["HTTP 409", "HTTP 422", "refused it", "cannot read what untoken sent"],
            Self::TooMany => &["cannot answer right now (HTTP 429)", "HTTP 429"],
            Self::ServerError => &["cannot answer right now (HTTP 500)", "HTTP 500", "HTTP 502", "HTTP 503"],
            Self::Cut => &["broke off in the middle", "Invalid response body"],
            Self::Slow => &["did not answer within", "network timeout"],
            Self::WebPage => {
                &["a web page where JSON was expected", "a web page, or something broken, where JSON was expected"]
            }
            Self::Nobody => &["refused the connection", "ECONNREFUSED"],
        }
    }

    /// Its forms, each of which has to be seen through.
    pub(super) fn forms(self, subject: &Subject) -> Vec<Form> {
        let page = |status| ResponseTemplate::new(status).set_body_raw("<html>the café's portal</html>", "text/html");
        let json = |text: &str| ResponseTemplate::new(200).set_body_raw(text.to_owned(), "application/json");
        let refused = |status| (subject.refusal)(status);
        let plain = ResponseTemplate::new(404).set_body_raw("404 page not found", "text/plain");
        let answers = match self {
            Self::Unreadable => [HALF, "7", "", "{}", "{\"error\": \"try later\"}"].map(json).to_vec(),
            Self::Unauthorized => vec![refused(401), page(401)],
            Self::Forbidden => vec![refused(403), page(403)],
            Self::NotFound => {
                let gateway =
                    ResponseTemplate::new(404).set_body_json(serde_json::json!({"message": "no route matched"}));
                let foreign = vec![page(404), plain, ResponseTemplate::new(404)];
                // Any JSON is taken for npm's own words: registries that speak its protocol word theirs each in its own way.
                foreign.into_iter().chain((subject.registry != Registry::Npm).then_some(gateway)).collect()
            }
            Self::Conflict => vec![refused(409), refused(422)],
            Self::TooMany => vec![refused(429)],
            Self::ServerError => vec![refused(500), page(502), refused(503)],
            Self::WebPage => vec![page(200)],
            Self::Cut => return vec![Form::Cut],
            Self::Slow => return vec![Form::Silence],
            Self::Nobody => return vec![Form::Nobody],
        };
        answers.into_iter().map(Form::Answer).collect()
    }

    /// Whether it can befall one read and spare the others.
    pub(super) fn may_hit_one(self) -> bool {
        self != Self::Nobody
    }

    /// What the ladder shows of a package of ours while every read meets this, or only the one `at` this place; with the
    /// person's own tool, or without.
    pub(super) async fn climbed(
        self,
        subject: &Subject,
        form: &Form,
        at: Option<usize>,
        tool: bool,
        clients: &Clients,
    ) -> Rungs {
        let waiting = if self == Self::Slow { &clients.hasty } else { &clients.patient };
        let climb = async |base: &str| {
            let machine = Machine::new(base, waiting, tool).await;
            subject.climb(&machine.apis, Remembered::Nothing).await
        };
        let server = subject.server().await;
        let hit = |index: usize| at.is_none_or(|at| at == index);
        match form {
            Form::Nobody => climb("http://127.0.0.1:9").await,
            Form::Answer(answer) => {
                for (index, served) in (subject.serves)(&server.uri(), Whose::Ours).into_iter().enumerate() {
                    let Served(part, route, usual) = served;
                    Served(part, route, if hit(index) { answer.clone() } else { usual }).mount(&server).await;
                }
                climb(&server.uri()).await
            }
            Form::Cut | Form::Silence => {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                let base = format!("http://{}", listener.local_addr().unwrap());
                let mut routes = Vec::new();
                for (index, served) in (subject.serves)(&base, Whose::Ours).into_iter().enumerate() {
                    if hit(index) {
                        routes.push(served.1.clone());
                    }
                    served.mount(&server).await;
                }
                let end = if matches!(form, Form::Cut) { Some(HALF) } else { None };
                let between = tokio::spawn(stand_between(listener, *server.address(), routes, end));
                let rungs = climb(&base).await;
                between.abort();
                rungs
            }
        }
    }
}

/// Hands every request on, but on these routes announces more than it sends, or sends nothing at all.
async fn stand_between(
    listener: TcpListener,
    behind: std::net::SocketAddr,
    routes: Vec<String>,
    half: Option<&'static str>,
) {
    let mut open = tokio::task::JoinSet::new();
    while let Ok((mut stream, _)) = listener.accept().await {
        let routes = routes.clone();
        open.spawn(async move {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await?);
            }
            let text = String::from_utf8_lossy(&head).into_owned();
            let route = text.split(' ').nth(1).and_then(|target| target.split('?').next()).unwrap_or_default();
            if !routes.iter().any(|hit| hit == route) {
                // One request a connection: the next one may be for a route that is hit.
                let head = text.trim_end().to_owned() + "\r\nconnection: close\r\n\r\n";
                let mut upstream = TcpStream::connect(behind).await?;
                upstream.write_all(head.as_bytes()).await?;
                return tokio::io::copy(&mut upstream, &mut stream).await.map(|_| ());
            }
            let Some(half) = half else { return std::future::pending().await };
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n";
            stream.write_all(format!("{head}{half}").as_bytes()).await
        });
    }
}
