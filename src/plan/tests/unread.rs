//! Promise 1, held against every reading: what could not be read is never the reason of a yes or a no.

use proptest::prelude::*;

use crate::model::{
    Auth, BranchPolicy, EnvironmentFacts, EnvironmentRef, Existence, IdToken, PublishedBy, Reading, Registry, Rung,
    Standing,
};
use crate::plan::testing::{NOON, Scene, by_oidc, entry, id, published, publisher, secret, seen, unread};

/// A reading that can fail, and the rungs that stand on nothing else.
#[derive(Debug, Clone, Copy)]
enum Part {
    Local,
    Public,
    Proof,
    Publishers,
    Secrets,
    OrganizationSecrets,
    Environments,
    EnvironmentSecrets,
    JobIdToken,
    JobAuth,
    Nothing,
}

impl Part {
    const ALL: [Self; 11] = [
        Self::Local,
        Self::Public,
        Self::Proof,
        Self::Publishers,
        Self::Secrets,
        Self::OrganizationSecrets,
        Self::Environments,
        Self::EnvironmentSecrets,
        Self::JobIdToken,
        Self::JobAuth,
        Self::Nothing,
    ];

    /// Makes it unread.
    fn lose(self, scene: &mut Scene) {
        match self {
            Self::Local => scene.facts.local = unread(),
            Self::Public => scene.registry().public = unread(),
            Self::Proof => scene.public().proof = unread(),
            Self::Publishers => scene.registry().publishers = unread(),
            Self::Secrets => scene.facts.github.repository_secrets = unread(),
            Self::OrganizationSecrets => scene.facts.github.organization_secrets = unread(),
            Self::Environments => scene.facts.github.environments = unread(),
            Self::EnvironmentSecrets => seen(&mut scene.facts.github.environments)[0].secrets = unread(),
            Self::JobIdToken => scene.job().id_token = IdToken::Unknown("a caller decides".into()),
            Self::JobAuth => scene.job().auth = Auth::Unknown,
            Self::Nothing => {}
        }
    }

    /// The rungs that may no longer be yes or no.
    fn leaves_open(self) -> &'static [Rung] {
        match self {
            Self::Public => &[Rung::Exists, Rung::Proven],
            Self::Proof => &[Rung::Proven],
            Self::Publishers => &[Rung::Registered],
            Self::JobIdToken => &[Rung::Ready],
            Self::Local
            | Self::Secrets
            | Self::OrganizationSecrets
            | Self::Environments
            | Self::EnvironmentSecrets
            | Self::JobAuth
            | Self::Nothing => &[],
        }
    }

    /// The rungs that may still be no by other evidence, and never yes.
    fn never_yes(self) -> &'static [Rung] {
        match self {
            Self::Secrets | Self::OrganizationSecrets | Self::Environments | Self::EnvironmentSecrets => {
                &[Rung::Retired]
            }
            Self::JobAuth => &[Rung::Ready, Rung::Retired],
            _ => &[],
        }
    }
}

prop_compose! {
    fn scenes()(
        registry in prop::sample::select(Registry::ALL.to_vec()),
        absent in any::<bool>(),
        oidc in any::<bool>(),
        locked in any::<Option<bool>>(),
        listed in any::<Option<bool>>(),
        stated in any::<bool>(),
        token in any::<bool>(),
        kept in any::<bool>(),
        expression in any::<bool>(),
    ) -> Scene {
        let mut scene = Scene::of(registry, "widgets").on_github();
        scene.public().existence = if absent { Existence::Absent } else { Existence::Exists { latest: None } };
        scene.public().proof =
            published(if oidc { by_oidc(Some("acme/widgets"), None) } else { PublishedBy::Token(None) });
        scene.public().locked = locked;
        if let Some(equal) = listed {
            scene = scene.listing(if equal { vec![entry(publisher(None), None)] } else { Vec::new() });
        }
        if stated {
            scene.facts.memory.stated.insert(id(registry, "widgets"), (publisher(None), NOON));
        }
        if token {
            scene = scene.with_token("MY_TOKEN");
        }
        if kept {
            seen(&mut scene.facts.github.repository_secrets).push(secret("MY_TOKEN"));
        }
        if expression {
            scene.job().environment = EnvironmentRef::Expression("${{ inputs.env }}".into());
        }
        let environment = EnvironmentFacts {
            name: "release".parse().unwrap(),
            protection: Vec::new(),
            refs: BranchPolicy::Any,
            secrets: Reading::seen(Vec::new(), "GitHub", NOON),
        };
        seen(&mut scene.facts.github.environments).push(environment);
        scene
    }
}

proptest! {
    #[test]
    fn what_was_not_read_is_neither_yes_nor_no(scene in scenes(), part in prop::sample::select(Part::ALL.to_vec())) {
        let mut lost = scene.clone();
        part.lose(&mut lost);
        let plan = lost.plan();
        let Some(row) = plan.rows.first() else {
            prop_assert!(matches!(part, Part::Local), "only without a checkout there is no row");
            return Ok(());
        };
        let needs_existence = |rung| rung == Rung::Registered || rung == Rung::Proven;
        let absent = lost.facts.existence(&row.package.id) == Some(&Existence::Absent);
        for &rung in part.leaves_open() {
            let standing = row.ladder.standing(rung);
            // What is seen to be absent is seen to be neither registered nor proven.
            let seen = matches!(standing, Standing::Yes(_) | Standing::No(_) | Standing::HereOnly(_));
            prop_assert!(!seen || (absent && needs_existence(rung)), "{part:?} {rung:?}: {standing:?}");
        }
        for &rung in part.never_yes() {
            let standing = row.ladder.standing(rung);
            prop_assert!(!matches!(standing, Standing::Yes(_)), "{part:?} {rung:?}: {standing:?}");
        }
    }

    #[test]
    fn every_yes_and_no_names_its_source(scene in scenes(), part in prop::sample::select(Part::ALL.to_vec())) {
        let mut lost = scene;
        part.lose(&mut lost);
        for row in &lost.plan().rows {
            for (rung, standing) in row.ladder.iter() {
                if let Standing::Yes(seen) | Standing::No(seen) | Standing::HereOnly(seen) = standing {
                    prop_assert!(!seen.source.is_empty() && seen.at == NOON, "{rung:?}: {seen:?}");
                }
                prop_assert!(!standing.why().is_empty(), "{rung:?}");
            }
        }
    }
}
