//! The doors: one listener per service, an accept loop of our own so that a connection can also be cut or reset, the
//! faults, and the log. It never writes down a token: the log knows only whether a credential came along.

use std::fmt;
use std::future::Future;
use std::net::Ipv4Addr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use axum::response::{Html, IntoResponse};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::fault::{FaultKind, Faults};
use super::{SandboxError, SandboxOptions, Urls, World, crates_io, github, jsr, npm, nuget, pub_dev, pypi, ruby_gems};

/// One of the services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// GitHub's website.
    GitHub,
    /// GitHub's REST API.
    GitHubApi,
    /// crates.io.
    CratesIo,
    /// crates.io's sparse index.
    CratesIoIndex,
    /// npm.
    Npm,
    /// PyPI.
    Pypi,
    /// JSR's website.
    Jsr,
    /// JSR's API.
    JsrApi,
    /// RubyGems.
    RubyGems,
    /// pub.dev.
    PubDev,
    /// NuGet.
    Nuget,
}

impl Service {
    /// Its name in the route of a fault. GitHub's two doors share one, for no path is served by both.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::GitHub | Self::GitHubApi => "github",
            Self::CratesIo => "crates.io",
            Self::CratesIoIndex => "crates.io-index",
            Self::Npm => "npm",
            Self::Pypi => "pypi",
            Self::Jsr => "jsr",
            Self::JsrApi => "jsr-api",
            Self::RubyGems => "rubygems",
            Self::PubDev => "pub.dev",
            Self::Nuget => "nuget",
        }
    }

    fn router(self, shared: &Arc<Shared>) -> Router {
        match self {
            Self::GitHub => github::web(shared),
            Self::GitHubApi => github::api(shared),
            Self::CratesIo => crates_io::site(shared),
            Self::CratesIoIndex => crates_io::index(shared),
            Self::Npm => npm::registry(shared),
            Self::Pypi => pypi::site(shared),
            Self::Jsr => jsr::site(shared),
            Self::JsrApi => jsr::api(shared),
            Self::RubyGems => ruby_gems::site(shared),
            Self::PubDev => pub_dev::site(shared),
            Self::Nuget => nuget::site(shared),
        }
    }

    fn refusal(self, status: StatusCode) -> Response<Body> {
        match self {
            Self::GitHub | Self::GitHubApi => github::refusal(status),
            Self::CratesIo | Self::CratesIoIndex => crates_io::refusal(status),
            Self::Npm => npm::refusal(status),
            Self::Pypi => pypi::refusal(status),
            Self::Jsr => jsr::site_refusal(status),
            Self::JsrApi => jsr::refusal(status),
            Self::RubyGems => ruby_gems::refusal(status),
            Self::PubDev => pub_dev::refusal(status),
            Self::Nuget => nuget::refusal(status),
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A request that a service received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedRequest {
    /// Which service.
    pub service: Service,
    /// `GET`, `POST`, …
    pub method: String,
    /// The path as it came, percent-encoding kept.
    pub path: String,
    /// The query, without its question mark; empty when there was none.
    pub query: String,
    /// Whether an `Authorization` header came along.
    pub credential: Credential,
}

/// Whether a request carried a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// It did.
    Sent,
    /// It did not.
    None,
}

/// What all services share.
#[derive(Debug)]
pub(super) struct Shared {
    world: Mutex<World>,
    faults: Mutex<Faults>,
    log: Mutex<Vec<LoggedRequest>>,
    urls: Urls,
    slow: Duration,
}

impl Shared {
    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        held(&self.world)
    }

    pub(super) fn faults(&self) -> MutexGuard<'_, Faults> {
        held(&self.faults)
    }

    pub(super) fn requests(&self) -> Vec<LoggedRequest> {
        held(&self.log).clone()
    }

    pub(super) fn urls(&self) -> &Urls {
        &self.urls
    }
}

/// The lock, also after a panic elsewhere: a failed assertion must not take the other tests of a sandbox with it.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) async fn start(options: SandboxOptions, stop: &CancellationToken) -> Result<Arc<Shared>, SandboxError> {
    let github = listen(Service::GitHub).await?;
    let github_api = listen(Service::GitHubApi).await?;
    let crates_io = listen(Service::CratesIo).await?;
    let crates_io_index = listen(Service::CratesIoIndex).await?;
    let npm = listen(Service::Npm).await?;
    let pypi = listen(Service::Pypi).await?;
    let jsr = listen(Service::Jsr).await?;
    let jsr_api = listen(Service::JsrApi).await?;
    let rubygems = listen(Service::RubyGems).await?;
    let pub_dev = listen(Service::PubDev).await?;
    let nuget = listen(Service::Nuget).await?;
    let shared = Arc::new(Shared {
        world: Mutex::new(options.world),
        faults: Mutex::new(Faults::new(options.faults)),
        log: Mutex::default(),
        urls: Urls {
            github: github.url.clone(),
            github_api: github_api.url.clone(),
            crates_io: crates_io.url.clone(),
            crates_io_index: crates_io_index.url.clone(),
            npm: npm.url.clone(),
            pypi: pypi.url.clone(),
            jsr: jsr.url.clone(),
            jsr_api: jsr_api.url.clone(),
            rubygems: rubygems.url.clone(),
            pub_dev: pub_dev.url.clone(),
            nuget: nuget.url.clone(),
        },
        slow: options.slow,
    });
    let doors = [github, github_api, crates_io, crates_io_index, npm, pypi, jsr, jsr_api, rubygems, pub_dev, nuget];
    for door in doors {
        tokio::spawn(door.serve(Arc::clone(&shared), stop.clone()));
    }
    Ok(shared)
}

/// A listener with its service and address.
struct Door {
    service: Service,
    listener: TcpListener,
    url: String,
}

async fn listen(service: Service) -> Result<Door, SandboxError> {
    let failed = |source| SandboxError::Listen { service, source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(failed)?;
    let url = format!("http://{}", listener.local_addr().map_err(failed)?);
    Ok(Door { service, listener, url })
}

impl Door {
    async fn serve(self, shared: Arc<Shared>, stop: CancellationToken) {
        let handler =
            Handler { service: self.service, router: TowerToHyperService::new(self.service.router(&shared)), shared };
        loop {
            let accepted = tokio::select! {
                () = stop.cancelled() => return,
                accepted = self.listener.accept() => accepted,
            };
            if let Ok((stream, _)) = accepted {
                let connection = converse(stream, handler.clone());
                let stop = stop.clone();
                tokio::spawn(async move {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = connection => {}
                    }
                });
            }
        }
    }
}

/// Serves one connection to its end.
async fn converse(stream: TcpStream, handler: Handler) {
    let service = service_fn(move |request| handler.clone().answer(request));
    let mut connection = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    let ended = std::future::poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let mut stream = connection.into_parts().io.into_inner();
    match ended {
        Ok(()) => {
            // The client may be gone already; there is nobody left to tell.
            let _ = stream.shutdown().await;
        }
        Err(_) => {
            // With no time to linger the kernel sends RST instead of FIN.
            let _ = stream.set_zero_linger();
        }
    }
}

/// Why a request gets no answer: the connection is to be reset.
#[derive(Debug, thiserror::Error)]
#[error("connection reset by the sandbox")]
struct Reset;

type Answer = Pin<Box<dyn Future<Output = Result<Response<Body>, Reset>> + Send>>;

#[derive(Clone)]
struct Handler {
    service: Service,
    router: TowerToHyperService<Router>,
    shared: Arc<Shared>,
}

impl Handler {
    fn answer(self, request: Request<Incoming>) -> Answer {
        Box::pin(async move {
            self.log(&request);
            let route = format!("{}:{}", self.service.name(), request.uri().path());
            let struck = self.shared.faults().strike(&route);
            match struck {
                None => Ok(self.serve(request).await),
                Some(fault) => self.fail(fault, request).await,
            }
        })
    }

    fn log(&self, request: &Request<Incoming>) {
        let credential = match request.headers().contains_key(header::AUTHORIZATION) {
            true => Credential::Sent,
            false => Credential::None,
        };
        held(&self.shared.log).push(LoggedRequest {
            service: self.service,
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            credential,
        });
    }

    async fn serve(&self, mut request: Request<Incoming>) -> Response<Body> {
        if self.service == Service::GitHubApi {
            github::by_name(&self.shared, request.uri_mut());
        }
        match self.router.call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }

    async fn fail(&self, fault: FaultKind, request: Request<Incoming>) -> Result<Response<Body>, Reset> {
        let refuse = |status| Ok(self.service.refusal(status));
        match fault {
            FaultKind::Unauthorized => refuse(StatusCode::UNAUTHORIZED),
            FaultKind::Forbidden => refuse(StatusCode::FORBIDDEN),
            FaultKind::NotFound => refuse(StatusCode::NOT_FOUND),
            FaultKind::Conflict => refuse(StatusCode::CONFLICT),
            FaultKind::ServerError => refuse(StatusCode::INTERNAL_SERVER_ERROR),
            FaultKind::TooManyRequests => {
                let mut response = self.service.refusal(StatusCode::TOO_MANY_REQUESTS);
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
                Ok(response)
            }
            FaultKind::Html => Ok(Html("<!doctype html>\n<title>Sign in to the network</title>\n").into_response()),
            FaultKind::Cut => Ok(cut(self.serve(request).await).await),
            FaultKind::Slow => {
                tokio::time::sleep(self.shared.slow).await;
                Ok(self.serve(request).await)
            }
            FaultKind::Reset => Err(Reset),
            // These belong to the device flow, which asks for them itself.
            FaultKind::SlowDown | FaultKind::Expired | FaultKind::Denied => Ok(self.serve(request).await),
        }
    }
}

/// The same answer with its length announced, of which only the first half comes.
async fn cut(response: Response<Body>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
    let half = whole.slice(..whole.len() / 2);
    let first = futures::stream::once(async move { Ok::<Bytes, std::io::Error>(half) });
    let rest = futures::stream::once(async {
        // Gives the connection a turn to send the first half before it ends.
        tokio::task::yield_now().await;
        Err(std::io::Error::from(std::io::ErrorKind::ConnectionAborted))
    });
    Response::from_parts(parts, Body::from_stream(futures::StreamExt::chain(first, rest)))
}
