//! The core as messages in, state and effects out: no clock, no network, no terminal.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod any_order;
mod board;
mod environment;
mod leaving;
pub(crate) mod many;
mod not_read;
mod old;
mod prove;
mod review;
mod sign_in;
mod steps;

use super::{Action, Demo, Effect, Msg, Read, ReadAnswer, Screen, Settings, Sources, Stage, Ticket, Wizard};
use crate::model::{
    Existence, NameFacts, PackageId, PackageName, Proof, PublicFacts, PublishedBy, PublisherEntry, Reading, Registry,
    RelPath, RepoSlug, SourceFile, Timestamp, ToolsFound, TrustedPublisher, WorkflowFile,
};
use crate::plan::{Local, Memory};
use crate::registry::{Endpoints, Held};

/// When everything happens.
pub(crate) const NOW: i64 = 1_800_000_000;

const WORKFLOW: &str = "on: push
jobs:
  crates:
    runs-on: ubuntu-latest
    steps:
      - run: cargo publish -p one
      - run: cargo publish -p two
        env:
          CARGO_REGISTRY_TOKEN: ${{ secrets.CARGO_REGISTRY_TOKEN }}
  npm:
    runs-on: ubuntu-latest
    environment: release
    steps:
      - run: npm publish
        working-directory: js
        env:
          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}
  pypi:
    runs-on: ubuntu-latest
    steps:
      - uses: pypa/gh-action-pypi-publish@release/v1
        with:
          password: ${{ secrets.PYPI_API_TOKEN }}
";

fn crate_toml(name: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nlicense = \"MIT\"\ndescription = \"x\"\n")
}

pub(crate) fn slug() -> RepoSlug {
    "acme/widgets".parse().unwrap()
}

pub(crate) fn id(registry: Registry, name: &str) -> PackageId {
    PackageId { registry, name: PackageName::new(name).unwrap() }
}

/// Two crates, an npm package and a Python project, published by one workflow with tokens.
pub(crate) fn local() -> Local {
    let file = |path: &str, text: &str| SourceFile::new(RelPath::new(path).unwrap(), text.as_bytes().to_vec());
    let files = vec![
        file("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n"),
        file("crates/one/Cargo.toml", &crate_toml("one")),
        file("crates/two/Cargo.toml", &crate_toml("two")),
        file("js/package.json", r#"{"name": "@acme/js", "version": "1.0.0"}"#),
        file("python/pyproject.toml", "[project]\nname = \"py\"\nversion = \"1.0\"\n"),
        file(".github/workflows/release.yml", WORKFLOW),
    ];
    Local { writable: true, ..crate::runtime::from_files(files, 0, &slug(), None) }
}

/// So many npm packages, published by one workflow with a token.
pub(crate) fn many(count: usize) -> Local {
    let file = |path: &str, text: &str| SourceFile::new(RelPath::new(path).unwrap(), text.as_bytes().to_vec());
    let workflow =
        "on: push\njobs:\n  npm:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm publish --workspaces\n";
    let mut files = vec![
        file("package.json", r#"{"private": true, "workspaces": ["packages/*"]}"#),
        file(".github/workflows/release.yml", workflow),
    ];
    for number in 1..=count {
        let manifest = format!(r#"{{"name": "@acme/many-{number:02}", "version": "1.0.0"}}"#);
        files.push(file(&format!("packages/p{number:02}/package.json"), &manifest));
    }
    Local { writable: true, ..crate::runtime::from_files(files, 0, &slug(), None) }
}

/// A core that is driven by hand; effects pile up until they are taken.
pub(crate) struct Driven {
    pub(crate) wizard: Wizard,
    pub(crate) effects: Vec<Effect>,
}

impl Driven {
    pub(crate) fn with(settings: Settings) -> Self {
        let endpoints = Endpoints::resolve(|_| None, &[]).unwrap();
        let wizard = Wizard::new(settings, endpoints, Timestamp::from_unix(NOW));
        let mut driven = Self { wizard, effects: Vec::new() };
        driven.tell(Msg::Started);
        driven
    }

    pub(crate) fn new() -> Self {
        Self::with(Settings { overridden: Vec::new(), demo: None, ..demo() })
    }

    /// Looked around and on the board, nobody signed in; `existing` are on their registries.
    pub(crate) fn on_board(existing: &[PackageId]) -> Self {
        Self::on_board_of(local(), existing)
    }

    /// The same with another checkout.
    pub(crate) fn on_board_of(local: Local, existing: &[PackageId]) -> Self {
        let mut driven = Self::new();
        let packages = local.packages.clone();
        driven.looked_at(local);
        for package in packages {
            let there = existing.contains(&package.id);
            driven.public(&package.id, there);
        }
        driven.tell(Msg::Sources(Sources::default()));
        driven.act(Action::Go);
        driven.act(Action::Without);
        assert_eq!(driven.wizard.screen, Screen::Board);
        driven.effects.clear();
        driven
    }

    pub(crate) fn tell(&mut self, msg: Msg) {
        let effects = self.wizard.update(msg);
        self.effects.extend(effects);
    }

    pub(crate) fn act(&mut self, action: Action) {
        self.tell(Msg::Act(action));
    }

    /// The ticket of the newest read that fits.
    pub(crate) fn ticket(&self, fits: impl Fn(&Read) -> bool) -> Option<Ticket> {
        self.wizard.reads.iter().rev().find(|(_, read)| fits(read)).map(|(ticket, _)| *ticket)
    }

    pub(crate) fn answer(&mut self, fits: impl Fn(&Read) -> bool, answer: ReadAnswer) {
        let ticket = self.ticket(fits).expect("nobody asked for that");
        self.tell(Msg::Read(ticket, Box::new(answer)));
    }

    pub(crate) fn looked(&mut self) {
        self.looked_at(local());
    }

    fn looked_at(&mut self, local: Local) {
        let at = Timestamp::from_unix(NOW);
        self.answer(
            |read| matches!(read, Read::Look(_)),
            ReadAnswer::Look(Ok(Box::new((local, Memory::default(), at)))),
        );
    }

    pub(crate) fn public(&mut self, package: &PackageId, there: bool) {
        let existence = if there { Existence::Exists { latest: Some("1.0.0".into()) } } else { Existence::Absent };
        let at = Timestamp::from_unix(NOW);
        let proof = Proof { version: "1.0.0".into(), by: PublishedBy::Token(None), published: None };
        let proof = if there { Reading::seen(proof, "test", at) } else { Reading::NotRead };
        let facts = PublicFacts {
            newest: None,
            name: NameFacts::default(),
            existence,
            proof,
            by_token: Reading::NotRead,
            locked: Some(false),
        };
        let wanted = Read::Public(package.clone());
        self.answer(
            |read| *read == wanted,
            ReadAnswer::Public(package.clone(), Box::new(Ok((facts, "test".into(), at)))),
        );
    }

    /// Puts the cursor on a package.
    pub(crate) fn on(&mut self, package: &PackageId) {
        let at = self.wizard.plan.rows.iter().position(|row| row.package.id == *package).unwrap();
        self.wizard.board.cursor = at;
    }

    pub(crate) fn stage(&self) -> &Stage {
        match &self.wizard.screen {
            Screen::Step(step) => &step.stage,
            other => panic!("not on a step: {other:?}"),
        }
    }

    pub(crate) fn taken(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }
}

pub(crate) fn entry(number: &str, environment: Option<&str>) -> PublisherEntry {
    PublisherEntry {
        id: number.to_owned(),
        publisher: TrustedPublisher {
            repository: slug(),
            workflow: "release.yml".parse().unwrap(),
            environment: environment.map(|name| name.parse().unwrap()),
        }
        .into(),
        created: None,
        permissions: vec!["createPackage".into()],
    }
}

/// The same as the only entry of a list that was read back.
pub(crate) fn held(number: &str) -> Box<Held> {
    Box::new(Held { entry: entry(number, None), beside: Vec::new() })
}

pub(crate) fn demo() -> Settings {
    let demo = Demo { tokens: [(Registry::CratesIo, "cio-sandbox-not-a-token".into())].into(), left_out: Vec::new() };
    Settings {
        offline: false,
        config: None,
        app: "an App".into(),
        tools: ToolsFound::new(),
        overridden: vec!["GitHub"],
        demo: Some(demo),
    }
}
