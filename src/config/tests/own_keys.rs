//! The keys of untoken.toml alone: what reads back, what is refused, and that declaring harms nothing.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

const ALL_KINDS: [(&str, Registry); 4] =
    [("crates", Registry::CratesIo), ("jsr", Registry::Jsr), ("pub", Registry::PubDev), ("gem", Registry::RubyGems)];

fn reading(path: &str, kind: &str, block: &str) -> ConfigReading {
    let text = format!("[[package]]\nname = \"widgets\"\nkind = \"{kind}\"\n[package.trust_policy]\n{block}");
    read(&[file(path, &text)], &ALL_KINDS)
}

fn declared_of(reading: &ConfigReading) -> Option<&TrustPolicy> {
    reading.files[0].entries[0].policy.as_ref().map(|(policy, _)| policy)
}

#[test]
fn a_workflow_may_be_left_out_where_none_is_compared_and_only_in_untokens_own_file() {
    for kind in ["jsr", "pub"] {
        let open = reading("untoken.toml", kind, "repository = \"acme/widgets\"\n");
        assert_eq!((messages(&open), declared_of(&open).unwrap().workflow.clone()), (vec![], None), "{kind}");
        let odd = reading("untoken.toml", kind, "workflow = \"a/b.yml\"\n");
        assert_eq!((odd.findings.len(), declared_of(&odd)), (1, None), "{kind}: one that is there has to be good");
    }
    for (path, kind) in [("untoken.toml", "gem"), ("untoken.toml", "crates"), ("putitoutthere.toml", "crates")] {
        let closed = reading(path, kind, "environment = \"release\"\n");
        assert_eq!(declared_of(&closed), None, "{path} {kind}");
        assert!(messages(&closed)[0].contains("names no workflow"), "{path} {kind}");
    }
}

#[test]
fn each_own_key_belongs_to_one_kind_and_is_checked() {
    let tags = reading("untoken.toml", "pub", "tag_pattern = \"widgets-v{{version}}\"\n");
    assert_eq!(declared_of(&tags).unwrap().tag_pattern.as_ref().unwrap().tag("1.0.0"), "widgets-v1.0.0");
    let gem = reading("untoken.toml", "gem", "workflow = \"release.yml\"\nworkflow_repository = \"acme/shared\"\n");
    assert_eq!(declared_of(&gem).unwrap().workflow_repository, "acme/shared".parse().ok());
    for (kind, block, says) in [
        ("pub", "tag_pattern = \"v1\"\n", "must be a tag with one {{version}}"),
        ("pub", "tag_pattern = \"v{{version}} \"\n", "which no tag pattern can"),
        ("pub", "tag_pattern = 1\n", "must be a text"),
        ("gem", "workflow = \"release.yml\"\nworkflow_repository = \"shared\"\n", "owner/name"),
    ] {
        let refused = reading("untoken.toml", kind, block);
        assert!(messages(&refused)[0].contains(says), "{block}: {:?}", messages(&refused));
        assert_eq!(declared_of(&refused), None, "{block}: a block with a bad value declares nothing");
    }
    let elsewhere = reading("untoken.toml", "crates", "workflow = \"release.yml\"\ntag_pattern = \"v{{version}}\"\n");
    assert_eq!((elsewhere.findings.len(), declared_of(&elsewhere).unwrap().tag_pattern.clone()), (1, None));
    let theirs =
        reading("putitoutthere.toml", "crates", "workflow = \"release.yml\"\ntag_pattern = \"v{{version}}\"\n");
    assert_eq!(theirs.findings[0].severity, Severity::Error, "putitoutthere's schema stays as it is");
}

fn any_policy() -> impl Strategy<Value = TrustPolicy> {
    let environment = select(&[None, Some("release"), Some("it's \"prod\"")][..]);
    let repository = select(&[None, Some("acme/widgets")][..]);
    let tags = select(&[None, Some("v{{version}}"), Some("w/{{version}}-x")][..]);
    let home = select(&[None, Some("acme/shared")][..]);
    (any::<bool>(), environment, repository, tags, home).prop_map(|(workflow, e, r, tags, home)| TrustPolicy {
        workflow: workflow.then(|| "release.yml".parse().unwrap()),
        tag_pattern: tags.map(|text| text.parse().unwrap()),
        workflow_repository: home.map(|text| text.parse().unwrap()),
        ..policy("release.yml", e, r)
    })
}

/// The policy as a kind can say it.
fn fitting(kind: &str, policy: TrustPolicy) -> TrustPolicy {
    let none = kind == "pub" || kind == "jsr";
    TrustPolicy {
        workflow: policy.workflow.or_else(|| (!none).then(|| "release.yml".parse().unwrap())),
        tag_pattern: policy.tag_pattern.filter(|_| kind == "pub"),
        workflow_repository: policy.workflow_repository.filter(|_| kind == "gem"),
        ..policy
    }
}

/// A block as a person may have left it, in one of its forms.
fn block(form: usize, policy: &TrustPolicy) -> String {
    let pairs = [
        ("workflow", policy.workflow.as_ref().map(ToString::to_string)),
        ("environment", policy.environment.as_ref().map(ToString::to_string)),
        ("repository", policy.repository.as_ref().map(ToString::to_string)),
        ("tag_pattern", policy.tag_pattern.as_ref().map(ToString::to_string)),
        ("workflow_repository", policy.workflow_repository.as_ref().map(ToString::to_string)),
    ];
    let pairs = pairs.into_iter().filter_map(|(key, value)| Some((key, toml_edit::Value::from(value?).to_string())));
    let lines =
        |prefix: &str| pairs.clone().map(|(key, value)| format!("{prefix}{key} = {value}\n")).collect::<String>();
    match form {
        0 => String::new(),
        1 => format!("\n[package.trust_policy]\n{}", lines("")),
        2 => lines("trust_policy."),
        _ => {
            let inline = pairs.clone().map(|(key, value)| format!("{key} = {value}")).collect::<Vec<_>>().join(", ");
            format!("trust_policy = {{ {inline} }}\n")
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn what_is_declared_reads_back_and_is_not_declared_twice(
        kind in select(&["jsr", "pub", "gem"][..]),
        form in 0..4usize,
        before in any_policy(),
        wanted in any_policy(),
    ) {
        let (before, wanted) = (fitting(kind, before), fitting(kind, wanted));
        let package = Package {
            id: PackageId {
                registry: ALL_KINDS.into_iter().find(|(word, _)| *word == kind).unwrap().1,
                name: PackageName::new("widgets").unwrap(),
            },
            ..core()
        };
        let head = format!("# kept\n[[package]]\nname = \"widgets\" # too\nkind = \"{kind}\"\n");
        let text = format!("{head}{}\n[[doctor.ignore]]\ncode = \"UT014\"\nreason = \"x\"\n", block(form, &before));
        let declare_it = |text: &str| {
            let asked = Wanted { package: &package, kind, policy: wanted.clone() };
            declare(&[file("untoken.toml", text)], None, &[asked])
        };
        let first = declare_it(&text);
        prop_assert!(first.refused.is_empty(), "{:?}\n{text}", first.refused);
        let after = first.changes.first().map_or(text.as_str(), |change| super::text(change));
        prop_assert!(after.starts_with(&head) && after.contains("[[doctor.ignore]]"), "{after}");
        let reading = read(&[file("untoken.toml", after)], &ALL_KINDS);
        prop_assert_eq!(messages(&reading), Vec::<String>::new());
        let is = declared_of(&reading).unwrap();
        prop_assert_eq!(&is.environment, &wanted.environment);
        prop_assert_eq!(&is.workflow_repository, &wanted.workflow_repository);
        prop_assert!(wanted.tag_pattern.is_none() || is.tag_pattern == wanted.tag_pattern);
        prop_assert!(wanted.repository.is_none() || is.repository == wanted.repository);
        prop_assert!(wanted.workflow.is_none() || is.workflow.is_none() || is.workflow == wanted.workflow);
        let second = declare_it(after);
        prop_assert_eq!((second.changes.len(), second.refused.len(), second.already.len()), (0, 0, 1));
    }
}
