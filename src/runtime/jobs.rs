//! Carries effects out, each in a task of its own, and sends back what came of it.
//!
//! Reads can be forgotten: their task is stopped. Changes run to their end, and are journalled before and after.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::{AbortHandle, JoinSet};

use super::full::Signals;
use super::reads::answer;
use super::{ChangeError, World, now};
use crate::model::{FileChange, PackageId, PublisherEntry, Registry, TrustedPublisher, Way};
use crate::output;
use crate::registry::{self, ApiError};
use crate::report::{Kind, Report};
use crate::sandbox;
use crate::wizard::{Effect, Lending, Msg, Read, Ticket, Trouble};

/// What only the loop can do, because it holds the terminal.
#[derive(Debug)]
pub(super) enum Foreground {
    /// Lend the terminal.
    Lend(Box<Lending>),
    /// Send a text to the terminal's clipboard.
    Copy(String),
    /// Leave.
    Exit,
}

/// The tasks under way.
pub(super) struct Jobs {
    world: Arc<World>,
    tell: UnboundedSender<Msg>,
    reads: BTreeMap<Ticket, AbortHandle>,
    changes: JoinSet<()>,
    /// What changes nothing of the person's and is over soon: a page that opens, a visit in the demo.
    errands: JoinSet<()>,
}

impl Jobs {
    pub(super) fn new(world: Arc<World>, tell: UnboundedSender<Msg>) -> Self {
        Self { world, tell, reads: BTreeMap::new(), changes: JoinSet::new(), errands: JoinSet::new() }
    }

    /// Starts an effect; what the loop must do itself comes back.
    pub(super) fn start(&mut self, effect: Effect) -> Option<Foreground> {
        while self.changes.try_join_next().is_some() {}
        while self.errands.try_join_next().is_some() {}
        match effect {
            Effect::Read(ticket, read) => self.read(ticket, read),
            Effect::Watch(ticket, look) => {
                let (world, tell) = (Arc::clone(&self.world), self.tell.clone());
                let task = tokio::spawn(async move {
                    let looked = super::prove::look(&world, *look).await;
                    let _ = tell.send(Msg::Looked(ticket, Box::new(looked)));
                });
                self.reads.insert(ticket, task.abort_handle());
            }
            Effect::Cancel(ticket) => {
                if let Some(task) = self.reads.remove(&ticket) {
                    task.abort();
                }
            }
            Effect::FindSources => self.spawn(|world, tell| async move {
                let sources = world.sources().await;
                let _ = tell.send(Msg::Sources(sources));
            }),
            Effect::SignIn(ticket, from) => {
                let (world, tell) = (Arc::clone(&self.world), self.tell.clone());
                let task = tokio::spawn(async move {
                    let result = world.sign_in(ticket, from, &tell).await;
                    let _ = tell.send(Msg::SignedIn(ticket, result));
                });
                self.reads.insert(ticket, task.abort_handle());
            }
            Effect::KeepToken(place) => self.spawn(move |world, tell| world.keep(place, tell)),
            Effect::DropToken => self.world.hold_token(None),
            Effect::ForgetToken => self.spawn(|world, tell| async move {
                if let Err(report) = world.forget().await {
                    let _ = tell.send(Msg::Note(format!("forgotten here; {}", report.line())));
                }
            }),
            Effect::Authorize(ticket, registry) => {
                let (world, tell) = (Arc::clone(&self.world), self.tell.clone());
                let task = tokio::spawn(async move {
                    let result = world.authorize(ticket, registry, &tell).await;
                    let _ = tell.send(Msg::Authorized(ticket, result));
                });
                self.reads.insert(ticket, task.abort_handle());
            }
            Effect::TakeCode(registry, code) => self.world.apis.get(registry).take_code(code),
            Effect::KeepCredential(registry, secret) => self.world.hold_credential(registry, secret),
            Effect::Open(url) => self.open(url),
            Effect::Visit(url, typed) => {
                self.errands.spawn(visit(url, typed, self.tell.clone()));
            }
            Effect::Register(package, publisher) => {
                self.change(move |world, tell| register(world, package, publisher, Vec::new(), tell))
            }
            Effect::Renew(package, publisher, old) => {
                self.change(move |world, tell| register(world, package, publisher, old, tell))
            }
            Effect::Unregister(package, entry) => {
                self.change(move |world, tell| unregister(world, package, entry, tell))
            }
            Effect::Create(package) => self.change(move |world, tell| create(world, package, tell)),
            Effect::Lock(package) => self.change(move |world, tell| lock(world, package, tell)),
            Effect::DeleteSecret(package, slug, home, name) => {
                self.change(move |world, tell| super::retire::delete(world, package, slug, (home, name), tell))
            }
            Effect::MakeEnvironment(package, slug, wish) => {
                self.change(move |world, tell| super::environment::make(world, package, slug, wish, tell))
            }
            Effect::Write(change) => self.change(move |world, tell| write(world, change, tell)),
            Effect::SavePatch(text) => self.change(move |world, tell| save_patch(world, text, tell)),
            Effect::Record(event) => {
                if let Err(error) = self.world.record(event) {
                    let _ = self.tell.send(Msg::Note(format!("not written to the journal: {error}")));
                }
            }
            Effect::Lend(lending) => return Some(Foreground::Lend(lending)),
            Effect::Copy(text) => return Some(Foreground::Copy(text)),
            Effect::Exit => return Some(Foreground::Exit),
        }
        None
    }

    fn spawn<F, T>(&self, job: F)
    where
        F: FnOnce(Arc<World>, UnboundedSender<Msg>) -> T,
        T: Future<Output = ()> + Send + 'static,
    {
        tokio::spawn(job(Arc::clone(&self.world), self.tell.clone()));
    }

    fn change<F, T>(&mut self, job: F)
    where
        F: FnOnce(Arc<World>, UnboundedSender<Msg>) -> T,
        T: Future<Output = ()> + Send + 'static,
    {
        self.changes.spawn(job(Arc::clone(&self.world), self.tell.clone()));
    }

    fn read(&mut self, ticket: Ticket, read: Read) {
        let (world, tell) = (Arc::clone(&self.world), self.tell.clone());
        let task = tokio::spawn(async move {
            let answer = answer(&world, read).await;
            let _ = tell.send(Msg::Read(ticket, Box::new(answer)));
        });
        self.reads.retain(|_, task| !task.is_finished());
        self.reads.insert(ticket, task.abort_handle());
    }

    fn open(&mut self, url: String) {
        let headless = self.world.variable("SSH_CONNECTION").is_some() && self.world.variable("DISPLAY").is_none();
        let tell = self.tell.clone();
        self.errands.spawn_blocking(move || {
            let web = url.starts_with("https://") || url.starts_with("http://");
            let opened = web && !headless && open::that_detached_with_timeout(&url, Duration::from_millis(300)).is_ok();
            let note = if opened {
                "opened in your browser".to_owned()
            } else {
                format!("no browser opens here; open it yourself: {url}")
            };
            let _ = tell.send(Msg::Note(note));
        });
    }

    /// Waits for everything but reads: a face that asks its next question once should know by then how it went.
    pub(super) async fn settle(&mut self) {
        while self.changes.join_next().await.is_some() {}
        while self.errands.join_next().await.is_some() {}
    }

    /// Waits for the changes under way, so that none is cut short; a signal says that somebody will not wait.
    pub(super) async fn finish(mut self, signals: &mut Signals) {
        for task in self.reads.values() {
            task.abort();
        }
        while self.changes.try_join_next().is_some() {}
        if self.changes.is_empty() {
            return;
        }
        output::note("a change is still under way; it runs to its end (Ctrl-C again leaves it)");
        let all = async { while self.changes.join_next().await.is_some() {} };
        tokio::select! {
            () = all => {}
            _ = signals.next() => {}
        }
    }
}

/// Tells apart what the core goes on from: a second factor, a credential to type, anything else.
pub(super) fn trouble(registry: Registry, error: ApiError) -> Trouble {
    let typed = registry::guides(registry).list_way() == Way::Api;
    match &error {
        ApiError::NeedsSecondFactor { .. } => Trouble::SecondFactor,
        ApiError::NeedsCredential { .. } | ApiError::Denied { .. } if typed => Trouble::Credential(error.into()),
        _ => Trouble::Failed(error.into()),
    }
}

fn not_made(registry: Registry, error: ChangeError) -> Trouble {
    match error {
        ChangeError::Api(error) => trouble(registry, error),
        ChangeError::Journal(error) => Trouble::Failed(error.into()),
    }
}

async fn unregister(world: Arc<World>, package: PackageId, entry: PublisherEntry, tell: UnboundedSender<Msg>) {
    let result = world.unregister(&package, &entry).await.map_err(|error| not_made(package.registry, error));
    let _ = tell.send(Msg::Now(now()));
    let _ = tell.send(Msg::Unregistered(package, Box::new(entry), result));
}

async fn create(world: Arc<World>, package: PackageId, tell: UnboundedSender<Msg>) {
    let result = world.create(&package).await.map_err(|error| not_made(package.registry, error));
    let _ = tell.send(Msg::Now(now()));
    let _ = tell.send(Msg::Created(package, result));
}

async fn lock(world: Arc<World>, package: PackageId, tell: UnboundedSender<Msg>) {
    let registry = package.registry;
    let result = world.set_lock(&package, true).await.map_err(|error| match error {
        ChangeError::Api(error) => trouble(registry, error),
        ChangeError::Journal(error) => Trouble::Failed(error.into()),
    });
    let _ = tell.send(Msg::Now(now()));
    let _ = tell.send(Msg::Locked(package, result));
}

/// Registers a publisher, after `old` entries were taken away.
async fn register(
    world: Arc<World>,
    package: PackageId,
    publisher: TrustedPublisher,
    old: Vec<PublisherEntry>,
    tell: UnboundedSender<Msg>,
) {
    let result = async {
        for entry in &old {
            world.unregister(&package, entry).await?;
        }
        world.register(&package, &publisher).await
    };
    let result = result.await.map_err(|error| not_made(package.registry, error));
    let _ = tell.send(Msg::Now(now()));
    let _ = tell.send(Msg::Registered(package, result));
}

async fn write(world: Arc<World>, change: FileChange, tell: UnboundedSender<Msg>) {
    let path = change.path.clone();
    let job = tokio::task::spawn_blocking(move || world.write(&change));
    let result = job.await.unwrap_or_else(|error| Err(Report::from_error(Kind::Internal, &error)));
    let _ = tell.send(Msg::Written(path, result));
}

async fn save_patch(world: Arc<World>, text: String, tell: UnboundedSender<Msg>) {
    let path = world.setup.dir.join("untoken.patch");
    let made = tokio::task::spawn_blocking(move || {
        use std::io::Write as _;
        let mut file = std::fs::File::create_new(&path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all().map(|()| path.display().to_string())
    });
    let result = match made.await {
        Ok(result) => result.map_err(|error| {
            Report::from_error(Kind::User, &error)
                .because("untoken.patch is not overwritten")
                .hint("move untoken.patch away, or make the folder writable")
        }),
        Err(error) => Err(Report::from_error(Kind::Internal, &error)),
    };
    let _ = tell.send(Msg::Patched(result));
}

async fn visit(url: String, typed: Vec<(String, String)>, tell: UnboundedSender<Msg>) {
    let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let note = match sandbox::visit(&url, &typed).await {
        Ok(_) => "the person in the browser has done it".to_owned(),
        Err(error) => format!("the visit failed: {error}"),
    };
    let _ = tell.send(Msg::Note(note));
}
