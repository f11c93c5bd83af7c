//! What holds for every registry, and for those whose publishers nobody can read.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use secrecy::SecretString;

use super::testing::{self, apis, held, package, publisher, real};
use super::{ApiError, Confidence, FirstPublish, FirstWay, Lock, ReadBack, RegisterAsk, Rules, WorkflowClaim, guides};
use crate::model::{
    Guide, PackageName, PublisherEntry, Registry, Severity, Trusted, TrustedPublisher, TrustedWorkflow, Way, Who,
};

fn shows_nobody() -> impl Iterator<Item = Registry> {
    Registry::ALL.into_iter().filter(|&registry| guides(registry).rules().read_back.value == ReadBack::Never)
}

fn name(registry: Registry) -> &'static str {
    if registry == Registry::Jsr { "@acme/widgets" } else { "widgets" }
}

fn register(registry: Registry, exists: bool, environment: Option<&str>) -> Vec<Guide> {
    testing::register(guides(registry), name(registry), exists, environment)
}

fn sheet(guide: &Guide) -> Vec<(&str, &str)> {
    guide.fields.iter().map(|field| (field.label.as_str(), field.value.words())).collect()
}

#[test]
fn every_rule_names_its_source_and_day() {
    for registry in Registry::ALL {
        let Rules { claim, repository_case, first_publish, read_back, lock, refused_events, proof, provenance, .. } =
            guides(registry).rules();
        let sources = [
            (claim.source, claim.read, claim.confidence),
            (repository_case.source, repository_case.read, repository_case.confidence),
            (first_publish.source, first_publish.read, first_publish.confidence),
            (read_back.source, read_back.read, read_back.confidence),
            (lock.source, lock.read, lock.confidence),
            (provenance.source, provenance.read, provenance.confidence),
        ];
        let more = refused_events.iter().map(|rule| (rule.source, rule.read, rule.confidence));
        let more = more.chain(proof.iter().map(|rule| (rule.source, rule.read, rule.confidence)));
        for (source, read, confidence) in sources.into_iter().chain(more) {
            let date = read.split('-').map(|part| part.parse::<u32>().unwrap()).collect::<Vec<_>>();
            assert!(matches!(date[..], [2026, 1..=12, 1..=31]), "{registry}: {read}");
            let quoted = confidence == Confidence::Reported || source.contains('/');
            assert!(quoted, "{registry}: {source}");
        }
        assert_eq!(guides(registry).rules().registry, registry);
    }
}

#[test]
fn kinds_and_labels_are_each_registrys_own() {
    let mut kinds = Registry::kinds().map(|(kind, _)| kind).to_vec();
    kinds.sort_unstable();
    assert_eq!(kinds, ["crates", "gem", "jsr", "npm", "nuget", "pub", "pypi"]);
    for registry in Registry::ALL {
        let read: Registry = serde_json::from_str(&format!("\"{}\"", registry.label())).unwrap();
        assert_eq!((read, Registry::of_kind(registry.kind())), (registry, Some(registry)));
    }
    assert_eq!(Registry::choice(), "crates.io, npm, PyPI, JSR, pub.dev, RubyGems or NuGet");
}

#[test]
fn a_registry_that_shows_no_publisher_is_never_read_back_and_its_steps_are_the_persons() {
    assert_eq!(shows_nobody().collect::<Vec<_>>(), [Registry::Pypi, Registry::PubDev, Registry::Nuget]);
    for registry in shows_nobody() {
        let rules = guides(registry).rules();
        assert!(!rules.can_read_back(), "{registry}");
        for guide in register(registry, true, None).iter().chain(&register(registry, false, None)) {
            assert_eq!((guide.way, guide.who), (Way::Browser, Who::YouInBrowser), "{registry}");
            assert!(guide.link.as_ref().unwrap().url.starts_with("https://"), "{registry}");
            assert!(!guide.fields.is_empty() && guide.commands.is_empty(), "{registry}");
        }
        let first = guides(registry).first_publish(&package(registry, name(registry)), &real());
        assert!(first.iter().all(|way| way.guide.who != Who::YouInTerminal), "{registry}: no tool of theirs is run");
        let lock = guides(registry).lock(&PackageName::new(name(registry)).unwrap(), &real());
        assert_eq!(lock.is_some(), rules.lock.value != Lock::None, "{registry}");
    }
}

fn first(registry: Registry, name: &str) -> Vec<FirstWay> {
    guides(registry).first_publish(&package(registry, name), &real())
}

#[test]
fn where_a_name_must_exist_there_is_a_choice_and_each_way_says_what_it_leaves() {
    for registry in Registry::ALL {
        let ways = first(registry, name(registry));
        assert_eq!(!ways.is_empty(), guides(registry).rules().first_publish.value.must_exist(), "{registry}");
        for way in &ways {
            assert!(!way.label.is_empty() && !way.leaves.is_empty(), "{registry}");
            assert_eq!(way.label == "a placeholder", !way.files.is_empty(), "{registry}: {}", way.label);
        }
        // What is only there to hold a name never comes without the rule, nor first.
        assert!(ways.iter().all(|way| way.files.is_empty() || way.rule.is_some()), "{registry}");
        assert!(ways.first().is_none_or(|way| way.files.is_empty()), "{registry}");
    }
}

#[test]
fn jsr_links_the_repository_and_compares_nothing_else() {
    let [by_api, guide] = register(Registry::Jsr, true, Some("release")).try_into().unwrap();
    assert_eq!((by_api.way, sheet(&by_api)), (Way::Api, vec![("repository", "acme/widgets")]));
    assert_eq!(sheet(&guide), [("Repository owner", "acme"), ("Repository name", "widgets")]);
    assert_eq!(guide.link.unwrap().url, "https://jsr.io/@acme/widgets/settings");
    let [record, page] = first(Registry::Jsr, "@acme/widgets").try_into().unwrap();
    assert_eq!((record.guide.way, record.guide.link), (Way::Api, None));
    assert_eq!(page.guide.link.unwrap().url, "https://jsr.io/new?scope=acme&package=widgets");

    let jsr = guides(Registry::Jsr);
    assert_eq!(jsr.rules().first_publish.value, FirstPublish::Record);
    assert!(jsr.same(&publisher(Some("release")), &held("Acme/widgets", None, &[])));
    assert!(!jsr.same(&publisher(None), &held("acme/gadgets", None, &[])));
    let linked = |slug: &str| {
        let publisher = Trusted::Repository(slug.parse().unwrap());
        PublisherEntry { id: "1".to_owned(), publisher, created: None, permissions: Vec::new() }
    };
    assert!(jsr.same(&publisher(Some("release")), &linked("Acme/Widgets")));
    assert!(!jsr.same(&publisher(None), &linked("acme/gadgets")));
    for registry in [Registry::CratesIo, Registry::Npm, Registry::RubyGems, Registry::PubDev] {
        assert!(!guides(registry).same(&publisher(None), &linked("acme/widgets")), "{registry} compares more");
    }
    assert_eq!(jsr.rules().in_words(&publisher(Some("release"))), "acme/widgets");
}

#[test]
fn pub_dev_is_told_a_tag_pattern_and_no_workflow() {
    let guide = register(Registry::PubDev, true, None).remove(0);
    assert_eq!(
        sheet(&guide),
        [
            ("Repository", "acme/widgets"),
            ("Tag pattern", "v{{version}}"),
            ("Enable publishing from push events", "tick it"),
            ("Require GitHub Actions environment", "leave it unticked"),
        ]
    );
    assert_eq!(guide.link.unwrap().url, "https://pub.dev/packages/widgets/admin#automated-publishing");
    let rules = guides(Registry::PubDev).rules();
    assert_eq!(rules.read_back.value, ReadBack::Never);
    assert_eq!(rules.only_events.unwrap().value, ["push", "workflow_dispatch"]);
    assert_eq!(rules.in_words(&publisher(None)), "acme/widgets in any environment");
    let odd = guides(Registry::PubDev).check(&publisher(Some("pub dev")));
    assert!(odd[0].message.contains("' '"), "{odd:?}");
    assert!(guides(Registry::PubDev).check(&publisher(Some("pub.dev"))).is_empty());
    let first = first(Registry::PubDev, "widgets").remove(0).guide;
    assert_eq!((first.who, first.commands[0].shown().as_str()), (Who::YouElsewhere, "dart pub publish"));
}

#[test]
fn rubygems_has_a_page_for_gems_that_are_there_and_one_for_those_to_come() {
    let [by_api, there] = register(Registry::RubyGems, true, Some("release")).try_into().unwrap();
    let to_come = register(Registry::RubyGems, false, Some("release")).remove(0);
    assert_eq!((by_api.way, by_api.fields[1].value.words()), (Way::Api, "release.yml"));
    assert_eq!(there.link.as_ref().unwrap().url, "https://rubygems.org/gems/widgets/trusted_publishers/new");
    let four = [
        ("Repository owner", "acme"),
        ("Repository name", "widgets"),
        ("Workflow filename", "release.yml"),
        ("Environment", "release"),
    ];
    assert_eq!(sheet(&there), four);
    let page = "https://rubygems.org/profile/oidc/pending_trusted_publishers/new";
    assert_eq!(to_come.link.as_ref().unwrap().url, page);
    assert_eq!(sheet(&to_come)[0], ("Gem name", "widgets"));
    assert_eq!(sheet(&to_come)[1..], four);
    let gems = guides(Registry::RubyGems);
    assert!(!gems.same(&publisher(None), &held("Acme/widgets", None, &[])));
    let mut other = held("acme/widgets", None, &[]);
    other.publisher = elsewhere("acme/shared").into();
    assert!(!gems.same(&publisher(None), &other), "the file of another repository is another workflow");
    assert_eq!(other.publisher.to_string(), "acme/widgets release.yml of acme/shared in any environment");
}

/// release.yml of another repository, run by acme/widgets.
fn elsewhere(home: &str) -> TrustedPublisher {
    let (file, home) = ("release.yml".parse().unwrap(), Box::new(home.parse().unwrap()));
    TrustedPublisher { workflow: TrustedWorkflow::Elsewhere { file, home }, ..publisher(None) }
}

#[test]
fn a_gems_workflow_of_another_repository_is_told_and_compared_value_by_value() {
    let gems = guides(Registry::RubyGems);
    let wanted = elsewhere("acme/shared");
    assert!(gems.check(&wanted).is_empty());
    let (package, endpoints) = ("widgets".parse().unwrap(), real());
    let ask = |exists| RegisterAsk {
        package: &package,
        exists,
        publisher: &wanted,
        owners: &[],
        tag_pattern: None,
        endpoints: &endpoints,
    };
    let there = gems.register(&ask(true));
    assert_eq!(sheet(&there[0])[3], ("workflow repository", "acme/shared"));
    for form in [&there[1], &gems.register(&ask(false))[0]] {
        let fields = sheet(form);
        let at = fields.iter().position(|field| *field == ("Workflow filename", "release.yml")).unwrap();
        let last = [("Workflow Repository Owner", "acme"), ("Workflow Repository Name", "shared")];
        assert_eq!(fields[at + 2..], last, "{}", form.title);
    }
    let mut held = held("acme/widgets", None, &[]);
    held.publisher = wanted.clone().into();
    assert!(gems.same(&wanted, &held) && gems.differs(&wanted, &held).is_empty());
    for (other, says) in [
        (elsewhere("acme/Shared"), "workflow release.yml of acme/Shared instead of release.yml of acme/shared"),
        (elsewhere("evil/shared"), "workflow release.yml of evil/shared instead of release.yml of acme/shared"),
        (publisher(None), "workflow release.yml instead of release.yml of acme/shared"),
    ] {
        held.publisher = other.into();
        assert!(!gems.same(&wanted, &held), "{says}");
        assert_eq!(gems.differs(&wanted, &held), [says]);
    }
}

#[tokio::test]
async fn registries_that_cannot_be_told_another_repository_refuse_it_before_anything_is_sent() {
    let wanted = elsewhere("acme/shared");
    let endpoints = real();
    let token = SecretString::from("not-a-token");
    for registry in Registry::ALL {
        let (guides, package) = (guides(registry), PackageName::new(name(registry)).unwrap());
        let ask = RegisterAsk {
            package: &package,
            exists: true,
            publisher: &wanted,
            owners: &[],
            tag_pattern: None,
            endpoints: &endpoints,
        };
        let shown = guides.register(&ask);
        if !matches!(guides.rules().claim.value, WorkflowClaim::Caller | WorkflowClaim::Callee) {
            assert!(guides.check(&wanted).is_empty() && !shown.is_empty(), "{registry}");
            continue;
        }
        let [finding] = &guides.check(&wanted)[..] else { panic!("{registry}") };
        let says =
            format!("{registry} cannot be told a workflow of another repository, and this one lies in acme/shared");
        assert_eq!((finding.severity, &finding.message), (Severity::Error, &says));
        assert!(shown.is_empty(), "{registry}: no sheet that leaves the repository out");
        // Nobody listens there: an answer without a connection.
        match apis("http://127.0.0.1:9").get(registry).register(&package, &wanted, Some(&token)).await {
            Err(ApiError::Refused { message, .. }) => assert_eq!(message, says),
            other => assert!(matches!(other, Err(ApiError::Unsupported { .. })), "{registry}: {other:?}"),
        }
    }
}

#[test]
fn nugets_policy_is_the_accounts_and_ignores_case() {
    let guide = register(Registry::Nuget, false, Some("NuGet.org")).remove(0);
    assert_eq!(guide.link.as_ref().unwrap().url, "https://www.nuget.org/account/trustedpublishing");
    for field in [("Workflow File", "release.yml"), ("Environment", "NuGet.org")] {
        assert!(sheet(&guide).contains(&field), "{field:?}");
    }
    let rules = guides(Registry::Nuget).rules();
    assert!(rules.refused_events.is_none(), "which events are banned is not public");
    let mut other = publisher(Some("nuget.org"));
    other.workflow = "Release.yml".parse().unwrap();
    assert!(rules.same(&publisher(Some("NuGet.org")), &other));
    assert!(!rules.same(&publisher(None), &other));
}
