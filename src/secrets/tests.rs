//! Who uses a secret, through every way that a workflow has, and what follows from it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::checkout::{InMemory, look};
use crate::model::SourceFile;
use crate::registry;
use crate::workflow::{self, Surroundings};

const NOON: Timestamp = Timestamp::from_unix(1_795_262_400);

/// What a repository with these workflows comes to, its secrets on all levels read: repository, organisation, Dependabot,
/// and those of the environment `release`.
fn audited(files: &[(&str, &str)], levels: [&[&str]; 4]) -> Audit {
    let source = InMemory::new(files.iter().map(|(name, text)| {
        SourceFile::new(RelPath::new(&format!(".github/workflows/{name}")).unwrap(), text.as_bytes().to_vec())
    }));
    let checkout = look(&source);
    let around = Surroundings { source: &source, packages: &checkout.packages, claim: registry::claim };
    let secret = |name: &&str, place: &SecretPlace| SecretFact {
        name: name.parse().unwrap(),
        place: place.clone(),
        created: None,
        updated: Some(NOON),
    };
    let seen = |names: &[&str], place: SecretPlace| {
        Reading::seen(names.iter().map(|name| secret(name, &place)).collect::<Vec<_>>(), "GitHub", NOON)
    };
    let release: crate::model::EnvironmentName = "release".parse().unwrap();
    let inside = seen(levels[3], SecretPlace::Environment(release.clone()));
    let names = SecretNames {
        repository: Reading::NotRead,
        at_repository: seen(levels[0], SecretPlace::Repository),
        organization: seen(levels[1], SecretPlace::Organization),
        dependabot: seen(levels[2], SecretPlace::Dependabot),
        environments: Reading::seen(vec![(release, inside)], "GitHub", NOON),
    };
    audit(&Facts {
        now: NOON,
        slug: "acme/widgets".parse().ok(),
        packages: Vec::new(),
        reading: workflow::read(&checkout.workflows, &around),
        unread: Vec::new(),
        dependabot: Vec::new(),
        github: OnGithub::Asked(Box::new(names)),
        public: BTreeMap::new(),
        proven: BTreeMap::new(),
        unpushed: None,
        variables: vec!["NPM_TOKEN".to_owned(), "npm_config_loglevel".to_owned(), "CARGO_HOME".to_owned()],
        files: Vec::new(),
    })
}

/// Verdict and lines of a repository's secret.
fn of<'a>(audit: &'a Audit, name: &str) -> (Verdict, Vec<usize>, &'a [Use]) {
    let wanted = Kept::Secret(SecretPlace::Repository, name.parse().unwrap());
    let entry = audit.entries.iter().find(|entry| entry.kept == wanted).unwrap_or_else(|| panic!("{name}: {audit:#?}"));
    let lines = entry.uses.iter().map(|used| used.at.line).collect();
    (entry.judgement.as_ref().unwrap().verdict, lines, &entry.uses)
}

const CALLEE: &str = "on:
  workflow_call:
    secrets:
      TOKEN: { required: true }
jobs:
  publish:
    runs-on: u
    steps:
      - name: Publish
        run: npm publish
        env:
          NODE_AUTH_TOKEN: ${{ secrets.TOKEN }}
";

#[test]
fn what_a_caller_hands_over_is_the_callers_secret() {
    let caller = "on: push
jobs:
  call:
    uses: ./.github/workflows/callee.yml
    secrets:
      TOKEN: ${{ secrets.ORG_NPM_KEY }}
";
    let audit = audited(&[("callee.yml", CALLEE), ("top.yml", caller)], [&["ORG_NPM_KEY", "TOKEN"], &[], &[], &[]]);
    let (verdict, _, uses) = of(&audit, "ORG_NPM_KEY");
    assert_eq!(verdict, Verdict::InUse);
    let fed = uses.iter().find(|used| used.feeds.is_some()).unwrap_or_else(|| panic!("{uses:#?}"));
    assert_eq!((fed.feeds.as_ref().unwrap().at.line, fed.callers[0].job.as_str()), (10, "call"));
    assert_eq!(audit.others, 1, "the repository's own TOKEN is something else: {audit:#?}");
}

#[test]
fn what_is_inherited_is_the_repositorys_own() {
    let caller = "on: push\njobs:\n  call:\n    uses: ./.github/workflows/callee.yml\n    secrets: inherit\n";
    let audit = audited(&[("callee.yml", CALLEE), ("top.yml", caller)], [&["TOKEN", "NPM_TOKEN"], &[], &[], &[]]);
    let (verdict, lines, uses) = of(&audit, "TOKEN");
    assert_eq!((verdict, lines, uses[0].step.as_deref()), (Verdict::InUse, vec![12], Some("Publish")));
    assert_eq!(uses[0].callers[0].workflow.as_str(), "top.yml");
    assert_eq!(
        of(&audit, "NPM_TOKEN").0,
        Verdict::Unused,
        "inherit goes to a workflow that is here, and it names another"
    );
}

#[test]
fn an_environment_that_only_a_run_knows_leaves_its_secrets_open() {
    let flow = "on: push
jobs:
  publish:
    runs-on: u
    environment: ${{ github.ref_name }}
    steps:
      - run: cargo publish
        env:
          CARGO_REGISTRY_TOKEN: ${{ secrets.CRATES_TOKEN }}
";
    let audit = audited(&[("a.yml", flow)], [&["CRATES_TOKEN"], &[], &[], &["CRATES_TOKEN"]]);
    assert_eq!(of(&audit, "CRATES_TOKEN").0, Verdict::InUse);
    let inside = audit.entries.iter().find(|entry| matches!(entry.kept, Kept::Secret(SecretPlace::Environment(_), _)));
    assert_eq!(inside.unwrap().judgement.as_ref().unwrap().verdict, Verdict::Unknown);
    assert!(audit.removal.is_empty());
}

#[test]
fn a_mention_beside_publishing_counts_and_a_whole_list_of_secrets_leaves_all_open() {
    let flow = "on: push\njobs:\n  a:\n    runs-on: u\n    steps:\n      - run: echo ${{ secrets.PYPI_TOKEN != '' }}\n";
    let audit = audited(&[("a.yml", flow)], [&["PYPI_TOKEN", "NPM_TOKEN"], &[], &[], &[]]);
    assert_eq!(of(&audit, "PYPI_TOKEN").0, Verdict::InUse);
    assert_eq!(of(&audit, "NPM_TOKEN").0, Verdict::Unused);
    for all in ["${{ toJSON( secrets ) }}", "${{ secrets[matrix.name] }}"] {
        let flow = flow.replace("${{ secrets.PYPI_TOKEN != '' }}", all);
        let audit = audited(&[("a.yml", &flow)], [&["NPM_TOKEN"], &[], &[], &[]]);
        assert_eq!(of(&audit, "NPM_TOKEN").0, Verdict::Unknown, "{all}");
    }
}

#[test]
fn a_name_that_no_level_has_is_told_and_settings_are_no_tokens() {
    let flow = "on: push\njobs:\n  a:\n    runs-on: u\n    steps:\n      - run: npm publish\n        env: { NODE_AUTH_TOKEN: '${{ secrets.GONE }}' }\n";
    let audit = audited(&[("a.yml", flow)], [&[], &[], &[], &[]]);
    let named = audit.entries.iter().find(|entry| entry.kept == Kept::Named("GONE".parse().unwrap())).unwrap();
    assert!(named.judgement.as_ref().unwrap().why.contains("lists no such secret"), "{named:#?}");
    let variables: Vec<&Kept> =
        audit.entries.iter().map(|entry| &entry.kept).filter(|kept| matches!(kept, Kept::Variable(_))).collect();
    assert_eq!(variables, [&Kept::Variable("NPM_TOKEN".to_owned())]);
}
