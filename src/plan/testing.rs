//! What the tests of the core start from: facts about acme/widgets, small and changed by hand where a test wants them odd.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::{Answers, Facts, Local, Plan, Row};
use crate::checkout::blob_id;
use crate::config;
use crate::model::{
    Auth, Certainty, Destination, EnvironmentFacts, EnvironmentRef, Existence, GithubFacts, IdToken, NameFacts,
    OidcSubject, Package, PackageId, Pinned, Place, Proof, PublicFacts, PublishJob, PublishedBy, PublisherEntry, Reach,
    Reading, Refs, Registry, RegistryFacts, RelPath, RemoteWorkflow, RepositoryFacts, Rung, SecretFact, SecretPlace,
    SecretUse, SourceFile, Standing, StepKind, StepState, Timestamp, Trigger, TrustedPublisher, Unknown, WorkflowState,
};
use crate::registry::Endpoints;

/// When the tests happen: noon UTC of a day in 2026.
pub(crate) const NOON: Timestamp = Timestamp::from_unix(1_795_262_400);
/// The workflow of the tests; only its bytes matter.
pub(crate) const RELEASE: &str = "on: push\njobs: {}\n";

/// The registries at their well-known addresses; nobody asks them.
pub(crate) fn endpoints() -> Endpoints {
    Endpoints::resolve(|_| None, &[]).unwrap()
}

/// A package's id.
pub(crate) fn id(registry: Registry, name: &str) -> PackageId {
    PackageId { registry, name: name.parse().unwrap() }
}

/// A package in a folder of its own name.
pub(crate) fn package(registry: Registry, name: &str) -> Package {
    Package {
        id: id(registry, name),
        spelled: name.parse().unwrap(),
        manifest: RelPath::new(&format!("pkg/{}/manifest", name.trim_start_matches('@'))).unwrap(),
        version: Some("1.0.0".to_owned()),
        repository: None,
        lacks: Vec::new(),
        restricted: false,
        family: None,
    }
}

/// A place in release.yml.
pub(crate) fn place(line: usize) -> Place {
    Place { file: RelPath::new(".github/workflows/release.yml").unwrap(), line, column: 1 }
}

/// A step of release.yml that publishes these packages by OIDC.
pub(crate) fn job(registry: Registry, names: &[&str]) -> PublishJob {
    PublishJob {
        destination: Destination::Main(registry),
        packages: Some(names.iter().map(|name| name.parse().unwrap()).collect()),
        reach: Reach::Direct("release.yml".parse().unwrap()),
        job: "publish".parse().unwrap(),
        environment: EnvironmentRef::None,
        id_token: IdToken::Granted(place(7)),
        auth: Auth::Oidc,
        pinned: Pinned::Sha,
        tokens: Vec::new(),
        exchange: None,
        triggers: vec![trigger("push")],
        at: place(41),
        job_at: place(30),
        certainty: Certainty::Certain,
        why: Vec::new(),
    }
}

/// An event of release.yml.
pub(crate) fn trigger(event: &str) -> Trigger {
    Trigger { event: event.to_owned(), refs: Refs::Either, filter: Vec::new(), at: place(3) }
}

/// acme/widgets release.yml.
pub(crate) fn publisher(environment: Option<&str>) -> TrustedPublisher {
    TrustedPublisher {
        repository: "acme/widgets".parse().unwrap(),
        workflow: "release.yml".parse().unwrap(),
        environment: environment.map(|e| e.parse().unwrap()),
    }
}

/// What a registry holds for that publisher.
pub(crate) fn entry(publisher: TrustedPublisher, created: Option<Timestamp>) -> PublisherEntry {
    PublisherEntry {
        id: "42".to_owned(),
        publisher: publisher.into(),
        created,
        permissions: vec!["createPackage".to_owned()],
    }
}

/// A secret of the repository.
pub(crate) fn secret(name: &str) -> SecretFact {
    SecretFact { name: name.parse().unwrap(), place: SecretPlace::Repository, created: None, updated: None }
}

/// The newest version, published so.
pub(crate) fn published(by: PublishedBy) -> Reading<Proof> {
    Reading::seen(Proof { version: "1.0.0".to_owned(), by, published: None }, "the registry, public", NOON)
}

/// Published by OIDC from a repository.
pub(crate) fn by_oidc(repository: Option<&str>, workflow: Option<&str>) -> PublishedBy {
    PublishedBy::Oidc {
        repository: repository.map(|r| r.parse().unwrap()),
        workflow: workflow.map(|w| w.parse().unwrap()),
        environment: None,
        link: None,
    }
}

/// Why something was not read.
pub(crate) fn unread<T>() -> Reading<T> {
    Reading::Unknown(Unknown::because("the line was busy"))
}

/// Facts and answers, and what the plan makes of them.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    pub(crate) facts: Facts,
    pub(crate) answers: Answers,
}

impl Scene {
    /// A checkout of acme/widgets without packages; nothing else was read.
    pub(crate) fn bare() -> Self {
        let mut facts = Facts::new(endpoints(), NOON);
        let local = Local {
            slug: Some("acme/widgets".parse().unwrap()),
            workflow_files: vec![SourceFile::new(place(1).file, RELEASE.as_bytes())],
            writable: true,
            ..Local::default()
        };
        facts.local = Reading::seen(local, "the checkout", NOON);
        Self { facts, answers: Answers::default() }
    }

    /// The same with one package that exists and is published by OIDC-ready release.yml. Its list of publishers is unread.
    pub(crate) fn of(registry: Registry, name: &str) -> Self {
        Self::bare().with(registry, name)
    }

    /// One more such package.
    pub(crate) fn with(mut self, registry: Registry, name: &str) -> Self {
        self.local().packages.push(package(registry, name));
        self.local().publish_jobs.push(job(registry, &[name]));
        let public = PublicFacts {
            newest: None,
            name: NameFacts::default(),
            existence: Existence::Exists { latest: Some("1.0.0".to_owned()) },
            proof: published(PublishedBy::Token(None)),
            by_token: Reading::NotRead,
            locked: (registry == Registry::CratesIo).then_some(false),
        };
        let source = format!("{registry}, public");
        let known = RegistryFacts { public: Reading::seen(public, source, NOON), publishers: Reading::NotRead };
        self.facts.registries.insert(id(registry, name), known);
        self
    }

    /// The same with GitHub read: the repository, this very release.yml on main, no environments and no secrets.
    pub(crate) fn on_github(mut self) -> Self {
        let seen = "GitHub";
        let workflow = RemoteWorkflow {
            path: place(1).file.to_string(),
            state: Some(WorkflowState::Active),
            blob: Some(blob_id(RELEASE.as_bytes())),
        };
        let repository = RepositoryFacts {
            id: 7,
            slug: "acme/widgets".parse().unwrap(),
            owner_id: 1,
            owned_by_organization: true,
            default_branch: "main".to_owned(),
            private: false,
            archived: false,
            permission: None,
        };
        self.facts.github = GithubFacts {
            repository: Reading::seen(repository, seen, NOON),
            workflows: Reading::seen(vec![workflow], seen, NOON),
            environments: Reading::seen(Vec::<EnvironmentFacts>::new(), seen, NOON),
            repository_secrets: Reading::seen(Vec::new(), seen, NOON),
            organization_secrets: Reading::seen(Vec::new(), seen, NOON),
            oidc_subject: Reading::seen(
                OidcSubject { default_template: true, immutable: None, prefix: None },
                seen,
                NOON,
            ),
            ..GithubFacts::default()
        };
        self
    }

    /// The same with an untoken.toml in the checkout.
    pub(crate) fn declaring(mut self, text: &str) -> Self {
        let file = SourceFile::new(RelPath::new("untoken.toml").unwrap(), text.as_bytes());
        self.local().config = config::read(std::slice::from_ref(&file), &Registry::kinds());
        self.local().config_files = vec![file];
        self
    }

    /// The same with the first package's step logging in with a secret.
    pub(crate) fn with_token(mut self, name: &str) -> Self {
        self.job().auth = Auth::Token(name.parse().unwrap());
        self.job().id_token = IdToken::Missing;
        let used = SecretUse { secret: name.parse().unwrap(), at: place(43), job: "publish".parse().unwrap() };
        self.local().secret_uses.push(used);
        self
    }

    /// The same with the list of the first package's publishers.
    pub(crate) fn listing(mut self, list: Vec<PublisherEntry>) -> Self {
        self.registry().publishers = Reading::seen(list, "its list", NOON);
        self
    }

    pub(crate) fn local(&mut self) -> &mut Local {
        seen(&mut self.facts.local)
    }

    /// The first publishing step.
    pub(crate) fn job(&mut self) -> &mut PublishJob {
        &mut self.local().publish_jobs[0]
    }

    /// The first package's id.
    pub(crate) fn id(&mut self) -> PackageId {
        self.local().packages[0].id.clone()
    }

    /// What its registry says about the first package.
    pub(crate) fn registry(&mut self) -> &mut RegistryFacts {
        let id = self.id();
        self.facts.registries.get_mut(&id).unwrap()
    }

    /// The public side of it.
    pub(crate) fn public(&mut self) -> &mut PublicFacts {
        seen(&mut self.registry().public)
    }

    pub(crate) fn plan(&self) -> Plan {
        Plan::make(&self.facts, &self.answers)
    }

    /// The first package's row.
    pub(crate) fn row(&self) -> Row {
        let id = &self.facts.local.value().unwrap().packages[0].id;
        self.plan().row(id).unwrap().clone()
    }

    /// A rung of the first package.
    pub(crate) fn rung(&self, rung: Rung) -> Standing {
        self.row().ladder.standing(rung).clone()
    }

    /// A step of the first package.
    pub(crate) fn step(&self, kind: StepKind) -> StepState {
        self.row().step(kind).unwrap().state.clone()
    }
}

/// The value of what was seen, to be changed.
pub(crate) fn seen<T>(reading: &mut Reading<T>) -> &mut T {
    match reading {
        Reading::Seen(seen) => &mut seen.value,
        Reading::NotRead | Reading::Unknown(_) => panic!("not seen"),
    }
}
