//! The world of the demo: one repository whose packages are published with long-lived tokens, or not at all yet.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, json};
use sha2::{Digest, Sha256};

use super::World;
use super::{actions, crates_io, github, npm};
use crate::sandbox::sample;

/// The person at the keyboard, and in the browser.
const MONA: &str = "mona";
/// Her organisation.
const ACME: &str = "acme";
const REPO: u64 = 700_100_200;
const CLIENT_ID: &str = "Iv23sandboxNotAClient";

pub(super) fn world() -> World {
    let mut world = World::empty();
    let now = world.now();
    world.github = github(now);
    world.actions = actions();
    world.crates_io = crates_io(now);
    world.npm = npm(now);
    world.pypi.browser_user = MONA.to_owned();
    world.pub_dev.browser_user = MONA.to_owned();
    world.nuget.browser_user = MONA.to_owned();
    world.nuget.organizations = vec![ACME.to_owned()];
    world
}

fn github(now: DateTime<Utc>) -> github::GitHub {
    use github::{
        Account, AccountKind, Client, ClientKind, DeviceFlow, Installation, Level, Permission, Reach, TokenExpiry,
    };
    let account = |id, login: &str, kind| Account { id, login: login.to_owned(), kind };
    github::GitHub {
        clients: vec![Client {
            client_id: CLIENT_ID.to_owned(),
            name: "untoken-sandbox".to_owned(),
            kind: ClientKind::App {
                id: 900_001,
                slug: "untoken-sandbox".to_owned(),
                expiry: TokenExpiry::After(TimeDelta::hours(8)),
            },
            device_flow: DeviceFlow::Enabled,
        }],
        accounts: vec![
            account(7_000_001, MONA, AccountKind::User),
            account(7_000_002, ACME, AccountKind::Organization),
            account(7_000_003, "octocat", AccountKind::User),
        ],
        repos: vec![repo(now)],
        installations: vec![Installation {
            id: 55_000_001,
            client_id: CLIENT_ID.to_owned(),
            account: ACME.to_owned(),
            reach: Reach::All,
            permissions: BTreeMap::from([
                (Permission::Actions, Level::Read),
                (Permission::Environments, Level::Read),
                (Permission::Secrets, Level::Read),
            ]),
            suspended_at: None,
        }],
        browser_user: MONA.to_owned(),
        // A person who plays with the demo should not wait; GitHub says five.
        interval: 1,
        ..github::GitHub::default()
    }
}

fn repo(now: DateTime<Utc>) -> github::Repo {
    use github::{BranchPolicy, Environment, OidcSubject, Role, SelfReview, Visibility};
    let secret = |name: &str, days| github::Secret {
        name: name.to_owned(),
        created_at: now - TimeDelta::days(days),
        updated_at: now - TimeDelta::days(days),
    };
    let workflow = |id, name: &str, file: &str| github::Workflow {
        id,
        name: name.to_owned(),
        path: format!(".github/workflows/{file}"),
        state: github::WorkflowState::Active,
    };
    github::Repo {
        id: REPO,
        owner: ACME.to_owned(),
        name: "widgets".to_owned(),
        visibility: Visibility::Public,
        archived: false,
        fork: false,
        default_branch: "main".to_owned(),
        created_at: now - TimeDelta::days(900),
        collaborators: BTreeMap::from([(MONA.to_owned(), Role::Admin)]),
        files: sample::files().collect(),
        variables: BTreeMap::new(),
        workflows: vec![workflow(31_000_001, "Release", "release.yml"), workflow(31_000_002, "CI", "ci.yml")],
        environments: vec![Environment {
            id: 41_000_001,
            name: "release".to_owned(),
            // As GitHub made it at the first run that named it.
            reviewers: Vec::new(),
            self_review: SelfReview::Allowed,
            wait_minutes: 0,
            branches: BranchPolicy::Any,
            secrets: vec![secret("NPM_TOKEN_LEGACY", 700)],
        }],
        rulesets: Vec::new(),
        secrets: vec![secret("CARGO_REGISTRY_TOKEN", 640), secret("NPM_TOKEN", 210), secret("PYPI_API_TOKEN", 30)],
        organization_secrets: vec![secret("ACME_NPM_TOKEN", 800)],
        dependabot_secrets: Vec::new(),
        commits: BTreeMap::new(),
        oidc_subject: OidcSubject::Default,
    }
}

/// What the sample's release.yml publishes on a tag.
fn actions() -> actions::Actions {
    use actions::{Actions, JobPlan, Place, Plan};
    let job = |key: &str, name: &str, environment: Option<&str>, publishes: &[(Place, &str)]| JobPlan {
        key: key.to_owned(),
        name: name.to_owned(),
        environment: environment.map(str::to_owned),
        publishes: publishes.iter().map(|(place, name)| (*place, (*name).to_owned())).collect(),
    };
    let crates = [(Place::CratesIo, "widgets-core"), (Place::CratesIo, "widgets-macros")];
    Actions {
        plans: vec![Plan {
            repo: REPO,
            workflow: 31_000_001,
            tag_prefix: "v".to_owned(),
            jobs: vec![
                job("crates", "Publish crates", Some("release"), &crates),
                job("npm", "Publish to npm", Some("release"), &[(Place::Npm, "@acme/widgets")]),
                job("pypi", "Publish to PyPI", None, &[(Place::Pypi, "widgets")]),
            ],
        }],
        runs: Vec::new(),
        pace: 1500,
    }
}

fn crates_io(now: DateTime<Utc>) -> crates_io::CratesIo {
    use crates_io::{Crate, CratesIo, Email, GitHubLink, PublishedBy, Publishing, User, Version};
    let mut crates_io = CratesIo {
        users: vec![User { id: 4100, login: MONA.to_owned(), email: Email::Verified, github: GitHubLink::Linked }],
        browser_user: MONA.to_owned(),
        ..CratesIo::default()
    };
    let file = b"widgets-core 0.1.0, as good as packed".to_vec();
    let checksum: String = Sha256::digest(&file).iter().map(|byte| format!("{byte:02x}")).collect();
    let published = now - TimeDelta::days(600);
    let version = Version {
        id: crates_io.next_id(),
        num: "0.1.0".to_owned(),
        published: PublishedBy::User(MONA.to_owned()),
        created_at: published,
        index_line: json!({
            "name": "widgets-core", "vers": "0.1.0", "deps": [], "cksum": checksum, "features": {}, "yanked": false,
        }),
        checksum,
        file,
        license: Some("MIT".to_owned()),
    };
    let id = crates_io.next_id();
    crates_io.crates.push(Crate {
        id,
        name: "widgets-core".to_owned(),
        repository: Some("https://github.com/acme/widgets".to_owned()),
        description: Some("Widgets for every shelf".to_owned()),
        owners: vec![MONA.to_owned()],
        team_owners: Vec::new(),
        publishing: Publishing::Any,
        versions: vec![version],
        created_at: published,
    });
    crates_io
}

fn npm(now: DateTime<Utc>) -> npm::Npm {
    use npm::{Access, Npm, Organization, Package, PublishedBy, PublishingAccess, SecondFactor, User, Version};
    let published = now - TimeDelta::days(590);
    let manifest = json!({
        "name": "@acme/widgets",
        "version": "0.1.0",
        "description": "Widgets for every page",
        "license": "MIT",
        "repository": { "type": "git", "url": "git+https://github.com/acme/widgets.git", "directory": "packages/widgets" },
        "dist": { "integrity": "sha512-sandbox", "shasum": "0000000000000000000000000000000000000000" },
    });
    Npm {
        users: vec![User { name: MONA.to_owned(), second_factor: SecondFactor::Web, window_until: None }],
        organizations: vec![Organization { name: ACME.to_owned(), members: vec![MONA.to_owned()] }],
        packages: vec![Package {
            name: "@acme/widgets".to_owned(),
            maintainers: vec![MONA.to_owned()],
            access: Access::Public,
            publishing_access: PublishingAccess::SecondFactorOrToken,
            dist_tags: Map::from_iter([("latest".to_owned(), json!("0.1.0"))]),
            versions: vec![Version {
                num: "0.1.0".to_owned(),
                created_at: published,
                manifest: manifest.as_object().cloned().unwrap_or_default(),
                tarball: b"@acme/widgets 0.1.0, as good as packed".to_vec(),
                published: PublishedBy::User(MONA.to_owned()),
            }],
            publishers: Vec::new(),
            created_at: published,
        }],
        browser_user: MONA.to_owned(),
        ..Npm::default()
    }
}
