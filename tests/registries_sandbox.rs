//! The registry clients against the sandbox: two sides that share no wire type, with the real npm and cargo between them
//! where this machine has them. What is left out is said.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::path::Path;
use std::sync::Arc;

use secrecy::SecretString;
use tempfile::TempDir;
use untoken::model::{
    Existence, Package, PackageId, PackageName, PublishedBy, Reading, Registry, RelPath, TrustedPublisher,
};
use untoken::net::Http;
use untoken::registry::{ApiError, Apis, Endpoints, Login, Registered, guides};
use untoken::sandbox::world::crates_io::{EndpointScope, TokenScopes};
use untoken::sandbox::world::{jsr, pypi, ruby_gems};
use untoken::sandbox::{Fault, Sandbox, SandboxOptions, sample_repository, visit};
use untoken::tools::{Env, Environment, RunDirs, Tools};

/// A sandbox, a home in it, and the clients of untoken.
struct Bench {
    sandbox: Sandbox,
    endpoints: Endpoints,
    tools: Arc<Tools>,
    apis: Apis,
    folder: TempDir,
}

impl Bench {
    async fn new() -> Self {
        let sandbox = Sandbox::start(SandboxOptions::default()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("private")).unwrap();
        let home = sandbox.write_home(&folder.path().join("home")).unwrap();
        let environment = home.env.into_iter().fold(
            Environment::empty().with("PATH", std::env::var_os("PATH").unwrap_or_default()),
            |environment, (name, value)| environment.with(name, value),
        );
        let tools = Arc::new(Tools::find(environment, &folder.path().join("checkout")).await);
        let variables = sandbox.env();
        let lookup = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| value.clone());
        let endpoints = Endpoints::resolve(lookup, &[]).unwrap();
        let private = folder.path().join("private");
        let apis = Apis::new(Http::new().unwrap(), endpoints.clone(), tools.clone(), private);
        Self { sandbox, endpoints, tools, apis, folder }
    }

    fn crates_token(&self, scope: EndpointScope) -> SecretString {
        let scopes = TokenScopes::Scoped { endpoints: vec![scope], crates: Vec::new() };
        self.sandbox.world().crates_io.add_token("mona", scopes).into()
    }

    /// Runs the commands of a first publish, as the wizard does, and returns what went wrong.
    async fn first_publish(&self, registry: Registry, package: &Package, dir: &Path) -> Result<(), String> {
        let guide = guides(registry).first_publish(package, &self.endpoints).remove(0).guide;
        let dirs = RunDirs { package: dir.to_owned(), private: self.folder.path().join("private") };
        for call in &guide.commands {
            let output = self.tools.run_call(call, guides(registry).rules().token_variables, &dirs).await.unwrap();
            if !output.ok() {
                return Err(format!("{}: {}{}", call.shown(), output.stdout, output.stderr));
            }
        }
        Ok(())
    }

    async fn published_by(&self, registry: Registry, package: &str) -> (Existence, Option<PublishedBy>) {
        let facts = self.apis.get(registry).read_public(&name(package)).await.unwrap();
        let by = match facts.proof {
            Reading::Seen(seen) => Some(seen.value.by),
            Reading::Unknown(_) | Reading::NotRead => None,
        };
        (facts.existence, by)
    }

    fn has_npm(&self) -> bool {
        let new_enough = self.tools.get("npm").ok().and_then(|npm| npm.version.clone());
        let fits = new_enough.is_some_and(|version| version >= semver::Version::new(11, 15, 0));
        if !fits {
            common::left_out("npm's list of publishers, by the real npm", "npm is missing or older than 11.15");
        }
        fits
    }
}

fn name(text: &str) -> PackageName {
    PackageName::new(text).unwrap()
}

fn wanted() -> TrustedPublisher {
    TrustedPublisher {
        repository: "acme/widgets".parse().unwrap(),
        workflow: "release.yml".parse().unwrap(),
        environment: Some("release".parse().unwrap()),
    }
}

fn package(registry: Registry, package: &str, manifest: &str, version: &str) -> Package {
    Package {
        id: PackageId { registry, name: name(package) },
        spelled: name(package),
        manifest: RelPath::new(manifest).unwrap(),
        version: Some(version.to_owned()),
        repository: None,
        lacks: Vec::new(),
        restricted: false,
        family: None,
    }
}

#[tokio::test]
async fn crates_io_takes_an_entry_once_and_tells_why_it_takes_none() {
    let bench = Bench::new().await;
    let (api, crate_name, wanted) = (bench.apis.get(Registry::CratesIo), name("widgets-core"), wanted());
    let token = bench.crates_token(EndpointScope::TrustedPublishing);

    let first = api.register(&crate_name, &wanted, Some(&token)).await.unwrap();
    assert!(matches!(first, Registered::Done(_)), "{first:?}");
    let again = api.register(&crate_name, &wanted, Some(&token)).await.unwrap();
    assert!(matches!(again, Registered::AlreadySo(_)), "{again:?}");
    assert_eq!(bench.sandbox.world().crates_io.publishers_of("widgets-core").len(), 1);
    let listed = api.list_publishers(&crate_name, Some(&token)).await.unwrap();
    assert!(listed.iter().any(|entry| guides(Registry::CratesIo).same(&wanted, entry)));

    let other = bench.crates_token(EndpointScope::PublishUpdate);
    let unknown = SecretString::from("cio-sandbox-not-a-token-of-anybody");
    let foreign = SecretString::from("sandbox-not-a-token");
    for token in [other, unknown, foreign] {
        let error = api.list_publishers(&crate_name, Some(&token)).await.unwrap_err();
        assert!(matches!(error, ApiError::Denied { .. }), "{error:?}");
    }
    let missing = api.register(&name("widgets-macros"), &wanted, Some(&token)).await.unwrap_err();
    assert!(matches!(missing, ApiError::Missing { .. }), "{missing:?}");
}

#[tokio::test]
async fn the_public_side_is_read() {
    let bench = Bench::new().await;
    let by_mona = Some(PublishedBy::Token(Some("mona".to_owned())));
    let there = Existence::Exists { latest: Some("0.1.0".to_owned()) };
    assert_eq!(bench.published_by(Registry::CratesIo, "widgets-core").await, (there.clone(), by_mona.clone()));
    assert_eq!(bench.published_by(Registry::Npm, "@acme/widgets").await, (there, by_mona));
    for (registry, absent) in [
        (Registry::CratesIo, "widgets-macros"),
        (Registry::Npm, "@acme/gadgets"),
        (Registry::Pypi, "widgets"),
        (Registry::PubDev, "widgets"),
        (Registry::Nuget, "Acme.Widgets"),
    ] {
        assert_eq!(bench.published_by(registry, absent).await, (Existence::Absent, None), "{registry}");
    }
}

#[tokio::test]
async fn patience_helps_where_a_registry_asks_for_it_once() {
    let bench = Bench::new().await;
    bench.sandbox.add_fault(Fault::parse("429x1").unwrap());
    assert!(bench.apis.get(Registry::CratesIo).read_public(&name("widgets-core")).await.is_ok());
}

#[tokio::test]
async fn npm_asks_for_the_second_factor_once_and_then_registers() {
    let bench = Bench::new().await;
    if !bench.has_npm() {
        return;
    }
    let (api, package, wanted) = (bench.apis.get(Registry::Npm), name("@acme/widgets"), wanted());
    assert_eq!(api.login().await.unwrap(), Login::As("mona".to_owned()));
    let error = api.register(&package, &wanted, None).await.unwrap_err();
    let ApiError::NeedsSecondFactor { page: Some(page), .. } = error else { panic!("{error:?}") };
    assert!(bench.sandbox.world().npm.package("@acme/widgets").unwrap().publishers.is_empty());

    visit(&page, &[]).await.unwrap();
    let first = api.register(&package, &wanted, None).await.unwrap();
    let Registered::Done(held) = first else { panic!("{first:?}") };
    assert!(held.entry.permissions.contains(&"createPackage".to_owned()));
    let again = api.register(&package, &wanted, None).await.unwrap();
    assert!(matches!(again, Registered::AlreadySo(_)), "{again:?}");
    assert_eq!(bench.sandbox.world().npm.package("@acme/widgets").unwrap().publishers.len(), 1);
    let missing = api.register(&name("@acme/gadgets"), &wanted, None).await.unwrap_err();
    assert!(matches!(missing, ApiError::Missing { .. }), "{missing:?}");
}

#[tokio::test]
async fn a_crate_is_published_once_by_the_persons_own_cargo() {
    let bench = Bench::new().await;
    let (Ok(_), Ok(git)) = (bench.tools.get("cargo"), bench.tools.get("git")) else {
        common::left_out("a first publish by the real cargo", "cargo or git is missing");
        return;
    };
    assert!(matches!(bench.apis.get(Registry::CratesIo).login().await, Ok(Login::Present(_))));
    let checkout = bench.folder.path().join("checkout");
    sample_repository(&checkout).unwrap();
    // What a hostile checkout would try: cargo obeys the settings of the folder that it runs in.
    let trap = bench.folder.path().join("asked-for-the-token");
    let settings = format!(
        "[registries.untoken]\nindex = \"sparse+http://127.0.0.1:9/\"\ncredential-provider = [\"touch\", {trap:?}]\n"
    );
    std::fs::create_dir(checkout.join(".cargo")).unwrap();
    std::fs::write(checkout.join(".cargo/config.toml"), settings).unwrap();
    let person = ["-c", "user.name=mona", "-c", "user.email=mona@acme.example"];
    for args in [&["init", "-q"][..], &["add", "-A"], &["commit", "-q", "-m", "begin"]] {
        let args = [&person, args].concat();
        assert!(bench.tools.run(git, &args, &checkout, Env::Plain).await.unwrap().ok(), "git {args:?}");
    }
    let package = package(Registry::CratesIo, "widgets-macros", "crates/macros/Cargo.toml", "0.2.0");
    bench.first_publish(Registry::CratesIo, &package, &checkout.join("crates/macros")).await.unwrap();
    assert!(!trap.exists(), "the checkout's credential provider was asked");
    let (existence, by) = bench.published_by(Registry::CratesIo, "widgets-macros").await;
    assert_eq!(existence, Existence::Exists { latest: Some("0.2.0".to_owned()) });
    assert_eq!(by, Some(PublishedBy::Token(Some("mona".to_owned()))));
}

#[tokio::test]
async fn a_package_is_published_once_by_the_persons_own_npm() {
    let bench = Bench::new().await;
    if !bench.has_npm() {
        return;
    }
    let checkout = bench.folder.path().join("checkout");
    std::fs::create_dir(&checkout).unwrap();
    // What a hostile checkout would try: a registry of its own in both places, and a script that meets the token.
    let manifest = r#"{"name": "@acme/gadgets", "version": "1.0.0", "license": "MIT",
        "publishConfig": {"registry": "http://127.0.0.1:9/", "@acme:registry": "http://127.0.0.1:9/", "provenance": true},
        "scripts": {"prepublishOnly": "touch ../ran-with-the-token"}}"#;
    std::fs::write(checkout.join("package.json"), manifest).unwrap();
    std::fs::write(checkout.join(".npmrc"), "@acme:registry=http://127.0.0.1:9/\n").unwrap();
    let package = package(Registry::Npm, "@acme/gadgets", "package.json", "1.0.0");

    let refused = bench.first_publish(Registry::Npm, &package, &checkout).await.unwrap_err();
    assert!(refused.contains("EOTP"), "{refused}");
    let api = bench.apis.get(Registry::Npm);
    let error = api.list_publishers(&name("@acme/widgets"), None).await.unwrap_err();
    let ApiError::NeedsSecondFactor { page: Some(page), .. } = error else { panic!("{error:?}") };
    visit(&page, &[]).await.unwrap();
    bench.first_publish(Registry::Npm, &package, &checkout).await.unwrap();
    assert!(!bench.folder.path().join("ran-with-the-token").exists());
    let (existence, by) = bench.published_by(Registry::Npm, "@acme/gadgets").await;
    assert_eq!(existence, Existence::Exists { latest: Some("1.0.0".to_owned()) });
    assert_eq!(by, Some(PublishedBy::Token(Some("mona".to_owned()))));
}

#[tokio::test]
async fn pub_dev_and_nuget_name_the_newest_version_and_never_how_it_came() {
    let bench = Bench::new().await;
    {
        let mut world = bench.sandbox.world();
        let now = world.now();
        world.pub_dev.upload("widgets", "0.1.0", now);
        world.pub_dev.upload("widgets", "0.2.0", now);
        world.nuget.packages.push(untoken::sandbox::world::nuget::Package {
            id: "Acme.Widgets".to_owned(),
            owner: "acme".to_owned(),
            versions: ["1.9.0", "1.10.0", "2.0.0-beta.1"].map(str::to_owned).to_vec(),
        });
    }
    for (registry, package, latest) in
        [(Registry::PubDev, "widgets", "0.2.0"), (Registry::Nuget, "ACME.Widgets", "1.10.0")]
    {
        let latest = Existence::Exists { latest: Some(latest.to_owned()) };
        assert_eq!(bench.published_by(registry, package).await, (latest, None), "{registry}");
        let api = bench.apis.get(registry);
        for error in [
            api.list_publishers(&name(package), None).await.unwrap_err(),
            api.register(&name(package), &wanted(), None).await.unwrap_err(),
            api.login().await.unwrap_err(),
        ] {
            assert!(matches!(error, ApiError::Unsupported { .. }), "{registry}: {error:?}");
        }
    }
}

/// Whoever awaits a release by a pre-release has to see it, though it is nobody's latest.
#[tokio::test]
async fn a_pre_release_that_came_last_is_the_newest_and_not_the_latest() {
    let bench = Bench::new().await;
    {
        let mut world = bench.sandbox.world();
        let now = world.now();
        for (number, days) in [("1.0.0", 2), ("1.1.0-rc.1", 1)] {
            let at = now - chrono::TimeDelta::days(days);
            world.pub_dev.upload("widgets", number, at);
            let version = jsr::Version { num: number.to_owned(), rekor_log_id: None, created_at: at };
            if world.jsr.package("acme", "widgets").is_none() {
                world.jsr.packages.push(jsr::Package {
                    scope: "acme".to_owned(),
                    name: "widgets".to_owned(),
                    repository: None,
                    state: jsr::PackageState::Live,
                    versions: Vec::new(),
                    created_at: at,
                });
            }
            world.jsr.package_mut("acme", "widgets").unwrap().versions.push(version);
        }
        world.nuget.packages.push(untoken::sandbox::world::nuget::Package {
            id: "Acme.Widgets".to_owned(),
            owner: "acme".to_owned(),
            versions: ["1.0.0", "1.1.0-rc.1"].map(str::to_owned).to_vec(),
        });
        let gem = |num: &str, days| ruby_gems::Version {
            num: num.to_owned(),
            created_at: now - chrono::TimeDelta::days(days),
            attested: None,
        };
        world.ruby_gems.gems.push(ruby_gems::Gem {
            name: "widgets".to_owned(),
            owners: Vec::new(),
            versions: vec![gem("1.0.0", 2), gem("1.1.0.rc1", 1)],
            publishers: Vec::new(),
        });
        let release = |version: &str, days| pypi::Release {
            version: version.to_owned(),
            filename: format!("gadgets-{version}.tar.gz"),
            file: Vec::new(),
            uploaded_at: now - chrono::TimeDelta::days(days),
            provenance: None,
        };
        world.pypi.projects.push(pypi::Project {
            name: "gadgets".to_owned(),
            owners: Vec::new(),
            releases: vec![release("1.0.0", 2), release("1.1.0rc1", 1)],
            publishers: Vec::new(),
        });
    }
    for (registry, package, newest) in [
        (Registry::PubDev, "widgets", "1.1.0-rc.1"),
        (Registry::Jsr, "@acme/widgets", "1.1.0-rc.1"),
        (Registry::Nuget, "acme.widgets", "1.1.0-rc.1"),
        (Registry::RubyGems, "widgets", "1.1.0.rc1"),
        (Registry::Pypi, "gadgets", "1.1.0rc1"),
    ] {
        let facts = bench.apis.get(registry).read_public(&name(package)).await.unwrap();
        let latest = Existence::Exists { latest: Some("1.0.0".to_owned()) };
        assert_eq!((facts.existence, facts.newest.as_deref()), (latest, Some(newest)), "{registry}");
        let Reading::Unknown(unknown) = facts.proof else { panic!("{registry}: {:?}", facts.proof) };
        let told = matches!(registry, Registry::PubDev | Registry::Nuget) || unknown.why.contains(newest);
        assert!(told, "{registry}: {unknown:?}");
    }
}
