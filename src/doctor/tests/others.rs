//! Forecast, declarations, the registry's list, hygiene, silence and comparison.

use std::collections::BTreeMap;

use super::*;
use crate::model::{
    BranchPolicy, EnvironmentFacts, GithubFacts, OidcSubject, PackageId, PublisherEntry, Reading, Registry, Timestamp,
    TrustedPublisher, Unknown,
};

const NOON: Timestamp = Timestamp::from_unix(1_795_262_400);

fn declaring(policy: &str) -> Facts {
    let toml = format!("[[package]]\nname = \"widgets-core\"\nkind = \"crates\"\n[package.trust_policy]\n{policy}");
    facts(&[CARGO, (".github/workflows/release.yml", GOOD), ("untoken.toml", &toml)])
}

const SOUND: &str = "workflow = \"release.yml\"\nenvironment = \"release\"\n";

#[test]
fn an_event_that_the_registry_refuses_is_an_error_alone_and_a_warning_among_others() {
    let all = GOOD.replace("on:\n  push:\n    tags: ['v*']\n", "on:\n  workflow_run:\n    workflows: [ci]\n");
    assert_eq!(only(&with_release(CARGO, &all), Code::Refused).at.unwrap().line, 2);
    let some = GOOD.replace("on:\n", "on:\n  workflow_run:\n    workflows: [ci]\n");
    let found = only(&with_release(CARGO, &some), Code::SomeEventsRefused);
    assert_eq!(found.severity, Severity::Warning);
    assert!(found.fix.unwrap().text.contains("push"));
}

#[test]
fn another_place_is_named_and_not_judged() {
    let test = "on: push\njobs:\n  publish:\n    steps:\n      - uses: pypa/gh-action-pypi-publish@v1\n        with:\n          \
                repository-url: https://test.pypi.org/legacy/\n";
    let facts = with_release(PYTHON, test);
    let Some(job) = facts.reading.publish_jobs.first() else { return };
    assert_eq!(job.destination, crate::model::Destination::TestPypi);
    let diagnosis = examine(&facts);
    assert_eq!(diagnosis.phases[1].forecasts[0].verdict.word(), "not judged");
    assert_eq!(diagnosis.count(Severity::Error), 0);
}

#[test]
fn a_reusable_workflow_for_two_registries_wants_two_filenames() {
    let pypi = "      - uses: pypa/gh-action-pypi-publish@dc37677b2e1c63e2034f94d8a5b11f265b73ba33\n";
    let callee = format!("{}{pypi}", GOOD.replace("on:\n  push:\n    tags: ['v*']\n", "on: workflow_call\n"));
    let caller = "on: push\njobs:\n  go:\n    permissions:\n      contents: read\n      id-token: write\n    uses: \
                  ./.github/workflows/publish.yml\n";
    let facts =
        facts(&[CARGO, PYTHON, (".github/workflows/publish.yml", &callee), (".github/workflows/ci.yml", caller)]);
    let found = only(&facts, Code::TwoFilenames);
    assert!(
        found.message.contains("crates.io must be told ci.yml")
            && found.message.contains("PyPI must be told publish.yml")
    );
}

#[test]
fn a_declaration_is_compared_with_the_workflow_and_the_remote() {
    assert_eq!(codes(&declaring(SOUND)), [""; 0]);
    assert_eq!(codes(&declaring("workflow = \"gone.yml\"\n")), ["UT030"]);
    assert_eq!(codes(&declaring("workflow = \"release.yml\"\nenvironment = \"other\"\n")), ["UT032"]);
    // crates.io ignores letter case.
    assert_eq!(codes(&declaring("workflow = \"release.yml\"\nenvironment = \"Release\"\n")), [""; 0]);
    let weaker = only(&declaring("workflow = \"release.yml\"\n"), Code::DeclaredEnvironment);
    assert_eq!(weaker.severity, Severity::Warning);
    let other = declaring(&format!("{SOUND}repository = \"acme/gadgets\"\n"));
    let found = only(&other, Code::DeclaredRepository);
    assert_eq!(found.fix.unwrap().lines, ["repository = \"acme/widgets\""]);
    let spelled = declaring(&format!("{SOUND}repository = \"ACME/widgets\"\n"));
    assert_eq!(codes(&spelled), [""; 0]);
    let mut wrong = declaring("workflow = \"ci.yml\"\nenvironment = \"release\"\n");
    let ci =
        crate::model::SourceFile::new(".github/workflows/ci.yml".parse().unwrap(), b"on: push\njobs: {}\n".as_slice());
    wrong.checkout.workflows.push(ci);
    assert_eq!(only(&wrong, Code::DeclaredOther).fix.unwrap().lines, ["workflow = \"release.yml\""]);
}

fn run(workflow: &str, job: &str, repository: &str) -> Option<Run> {
    let lookup = |name: &str| match name {
        "GITHUB_ACTIONS" => Some("true".to_owned()),
        "GITHUB_WORKFLOW_REF" => Some(format!("{repository}/.github/workflows/{workflow}@refs/tags/v1")),
        "GITHUB_REPOSITORY" => Some(repository.to_owned()),
        "GITHUB_JOB" => Some(job.to_owned()),
        "CARGO_REGISTRY_TOKEN" => Some("cio-not-a-token".to_owned()),
        "NPM_TOKEN" => Some(" ".to_owned()),
        _ => None,
    };
    Run::read(&lookup, &["CARGO_REGISTRY_TOKEN", "NPM_TOKEN"])
}

#[test]
fn a_run_is_compared_if_it_is_one_that_publishes() {
    let mut facts = declaring(SOUND);
    facts.run = run("release.yml", "publish", "acme/widgets");
    assert_eq!(codes(&facts), ["UT051"]);
    facts.run.as_mut().unwrap().tokens.clear();
    assert_eq!(codes(&facts), [""; 0]);
    facts.run = run("release.yml", "publish", "mona/widgets");
    facts.run.as_mut().unwrap().tokens.clear();
    assert_eq!(codes(&facts), ["UT034"]);
    facts.run = run("ci.yml", "doctor", "mona/widgets");
    facts.run.as_mut().unwrap().tokens.clear();
    assert_eq!(codes(&facts), [""; 0]);
    let remarks = &examine(&facts).phases[2].remarks;
    assert!(remarks.iter().any(|remark| remark.contains("ci.yml") && remark.contains("not compared")), "{remarks:?}");
    assert_eq!(Run::read(&|_| None, &[]), None);
}

#[test]
fn only_the_names_of_tokens_that_hold_something_are_kept() {
    assert_eq!(run("a.yml", "a", "a/b").unwrap().tokens, ["CARGO_REGISTRY_TOKEN"]);
}

fn entry(workflow: &str) -> PublisherEntry {
    let publisher = TrustedPublisher {
        repository: "acme/widgets".parse().unwrap(),
        workflow: workflow.parse().unwrap(),
        environment: "release".parse().ok(),
    };
    PublisherEntry { id: "7".to_owned(), publisher: publisher.into(), created: None, permissions: Vec::new() }
}

fn listing(answer: Listed) -> Facts {
    let id = PackageId { registry: Registry::CratesIo, name: "widgets-core".parse().unwrap() };
    Facts { listed: Some(BTreeMap::from([(id, answer)])), ..declaring(SOUND) }
}

#[test]
fn the_registrys_list_is_judged_by_any_entry_that_fits() {
    let of = |answer| codes(&listing(answer));
    assert_eq!(of(Listed::Held(vec![entry("other.yml"), entry("release.yml")])), [""; 0]);
    assert_eq!(of(Listed::Held(vec![entry("other.yml")])), ["UT041"]);
    assert_eq!(of(Listed::Held(Vec::new())), ["UT040"]);
    assert_eq!(of(Listed::NoPackage), ["UT040"]);
    assert_eq!(of(Listed::Refused { why: "no".to_owned(), hint: None }), ["UT042"]);
    let unread = listing(Listed::Unread("it timed out".to_owned()));
    assert_eq!(codes(&unread), ["UT043"]);
    assert_eq!((examine(&unread).exit_code(false), examine(&unread).exit_code(true)), (0, 3));
}

#[test]
fn a_secret_beside_oidc_is_an_error_where_it_wins_and_a_warning_where_it_only_takes_over() {
    let cargo = GOOD.replace("${{ steps.auth.outputs.token }}", "${{ secrets.CARGO_TOKEN }}");
    let found = only(&with_release(CARGO, &cargo), Code::TokenBesideOidc);
    assert_eq!((found.severity, found.at.unwrap().line), (Severity::Error, 18));
    let npm = npm_release("24", "\n        env:\n          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}");
    let found = only(&with_release(NPM, &npm), Code::TokenBesideOidc);
    assert_eq!(found.severity, Severity::Warning);
    let empty = npm_release("24", "\n        env:\n          NODE_AUTH_TOKEN: ''");
    assert!(!codes(&with_release(NPM, &empty)).contains(&"UT051".to_owned()));
}

fn npm_release(node: &str, more: &str) -> String {
    format!(
        "on:\n  push:\n    tags: ['v*']\npermissions: {{}}\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    environment: \
         release\n    permissions:\n      contents: read\n      id-token: write\n    steps:\n      - uses: \
         actions/setup-node@820762786026740c76f36085b0efc47a31fe5020\n        with:\n          node-version: \
         {node}\n      - run: npm publish{more}\n"
    )
}

#[test]
fn an_old_node_is_found_only_where_it_is_written_and_npm_is_not_brought_up_to_date() {
    let judged = |node: &str| codes(&with_release(NPM, &npm_release(node, "")));
    for old in ["22", "'20.11.0'", "24.4.1", "18.x"] {
        assert_eq!(judged(old), ["UT056"], "{old}");
    }
    for new in ["24", "24.5.0", "26.x", "lts/*", "${{ matrix.node }}", "'>=20'"] {
        assert_eq!(judged(new), [""; 0], "{new}");
    }
    let updated = npm_release("22", "")
        .replace("- run: npm publish", "- run: npm install -g npm@latest\n      - run: npm publish");
    assert_eq!(codes(&with_release(NPM, &updated)), [""; 0]);
    let setup = npm_release("24\n          registry-url: https://registry.npmjs.org", "");
    let found = only(&with_release(NPM, &setup), Code::Placeholder);
    assert_eq!((found.severity, found.at.unwrap().line), (Severity::Note, 16));
}

#[test]
fn a_manifest_that_names_another_repository_is_an_error_at_its_line() {
    let other = NPM.1.replace("acme/widgets\"\n}", "acme/gadgets\"\n}");
    let found = only(&with_release(("package.json", &other), &npm_release("24", "")), Code::ManifestRepository);
    assert_eq!((found.severity, found.at.unwrap().line), (Severity::Error, 5));
    let case = NPM.1.replace("github:acme", "github:Acme");
    let found = only(&with_release(("package.json", &case), &npm_release("24", "")), Code::ManifestRepository);
    assert!(found.message.contains("letter case"), "{}", found.message);
}

#[test]
fn permissions_and_pins_that_reach_too_far_are_warnings() {
    let wide = GOOD
        .replace("permissions: {}", "permissions:\n  id-token: write")
        .replace("jobs:\n", "jobs:\n  test:\n    runs-on: x\n    steps:\n      - run: cargo test\n");
    assert_eq!(codes(&with_release(CARGO, &wide)), ["UT052"]);
    let attests = wide.replace("- run: cargo test", "- uses: actions/attest@v4");
    assert_eq!(codes(&with_release(CARGO, &attests)), [""; 0]);
    let all =
        GOOD.replace("    permissions:\n      contents: read\n      id-token: write\n", "    permissions: write-all\n");
    assert_eq!(codes(&with_release(CARGO, &all)), ["UT053"]);
    let tag = "on: push\njobs:\n  p:\n    environment: pypi\n    permissions:\n      id-token: write\n    steps:\n      - uses: \
               pypa/gh-action-pypi-publish@release/v1\n";
    let found = only(&with_release(PYTHON, tag), Code::NotPinned);
    assert!(found.message.contains("a branch"), "{}", found.message);
}

fn on_github(environments: Vec<EnvironmentFacts>) -> Facts {
    let subject = OidcSubject { default_template: true, immutable: Some(true), prefix: None };
    let github = GithubFacts {
        environments: Reading::seen(environments, "GitHub", NOON),
        oidc_subject: Reading::seen(subject, "GitHub", NOON),
        workflows: Reading::Unknown(Unknown::because("it was busy")),
        ..GithubFacts::default()
    };
    Facts { github: Some(github), ..with_release(NPM, &npm_release("24", "")) }
}

#[test]
fn what_github_holds_is_told_and_what_could_not_be_read_is_a_note() {
    assert_eq!(codes(&on_github(Vec::new())), ["UT060", "UT064", "UT062"]);
    let open = EnvironmentFacts {
        name: "Release".parse().unwrap(),
        protection: Vec::new(),
        refs: BranchPolicy::Any,
        secrets: Reading::NotRead,
    };
    let guarded = EnvironmentFacts { refs: BranchPolicy::ProtectedBranches, ..open.clone() };
    assert_eq!(codes(&on_github(vec![open])), ["UT061", "UT064", "UT062"]);
    assert_eq!(codes(&on_github(vec![guarded])), ["UT064", "UT062"]);
}

#[test]
fn a_comment_with_a_reason_silences_and_one_without_is_found() {
    let bare = GOOD.replace("    environment: release\n", "");
    let quiet = bare.replace("  publish:\n", "  # untoken: ignore UT014 no environments on this plan\n  publish:\n");
    let diagnosis = examine(&with_release(CARGO, &quiet));
    assert_eq!(diagnosis.findings().count(), 0);
    assert_eq!(diagnosis.silenced[0].reason, "no environments on this plan");
    for (comment, code) in [("UT014", "UT006"), ("UT999 x", "UT006"), ("UT012 another code", "UT014")] {
        let text = bare.replace("  publish:\n", &format!("  publish: # untoken: ignore {comment}\n"));
        assert!(codes(&with_release(CARGO, &text)).contains(&code.to_owned()), "{comment}");
    }
    let toml = "[[doctor.ignore]]\ncode = \"UT014\"\nreason = \"later\"\n";
    let by_config = facts(&[CARGO, (".github/workflows/release.yml", &bare), ("untoken.toml", toml)]);
    assert_eq!(examine(&by_config).silenced[0].reason, "later");
    let elsewhere = toml.replace("reason", "file = \"x.yml\"\nreason");
    let other = facts(&[CARGO, (".github/workflows/release.yml", &bare), ("untoken.toml", &elsewhere)]);
    assert_eq!(codes(&other), ["UT014"]);
    let mute = facts(&[
        CARGO,
        (".github/workflows/release.yml", &bare),
        ("untoken.toml", "[[doctor.ignore]]\ncode = \"UT014\"\n"),
    ]);
    assert_eq!(codes(&mute), ["UT003", "UT014"]);
}

#[test]
fn what_only_moved_is_not_new_and_what_became_worse_is() {
    let bare = GOOD.replace("    environment: release\n", "");
    let before = examine(&with_release(CARGO, &bare));
    let moved = format!("# a line more\n{bare}");
    let same = examine(&with_release(CARGO, &moved)).since(&before);
    assert_eq!((same.findings().count(), same.known), (0, Some(1)));
    let worse = moved.replace("      id-token: write\n", "");
    let now = examine(&with_release(CARGO, &worse)).since(&before);
    assert_eq!(now.findings().map(|found| found.code).collect::<Vec<_>>(), [Code::NoIdToken]);
}

#[test]
fn pub_dev_takes_only_runs_of_a_tag_by_the_events_that_it_knows() {
    use crate::model::{Refs, Trigger};
    use crate::plan::testing::{job, place};
    let judged = |events: &[(&str, Refs)]| {
        let mut step = job(Registry::PubDev, &["widgets"]);
        let trigger = |(event, refs): &(&str, Refs)| Trigger {
            event: (*event).to_owned(),
            refs: *refs,
            filter: Vec::new(),
            at: place(3),
        };
        step.triggers = events.iter().map(trigger).collect();
        let mut facts = facts(&[]);
        facts.reading.publish_jobs = vec![step];
        let diagnosis = examine(&facts);
        let codes: Vec<String> = diagnosis.phases[1].findings.iter().map(|found| found.code.to_string()).collect();
        (diagnosis.phases[1].forecasts[0].verdict.word(), codes.join(" "))
    };
    assert_eq!(judged(&[("push", Refs::Tags)]), ("accepted", String::new()));
    assert_eq!(judged(&[("release", Refs::Tags)]), ("refused", "UT020".to_owned()));
    assert_eq!(judged(&[("push", Refs::Branches)]), ("refused", "UT020".to_owned()));
    assert_eq!(judged(&[("push", Refs::Tags), ("schedule", Refs::Branches)]), ("accepted", "UT021".to_owned()));
    assert_eq!(judged(&[("workflow_dispatch", Refs::Either)]), ("unknown", "UT022".to_owned()));
}

#[test]
fn the_platforms_of_a_family_are_named_beside_what_is_to_be_registered() {
    let manifest = "{\"name\": \"@acme/widgets\", \"version\": \"1.0.0\", \"main\": \"i.js\", \
        \"repository\": \"github:acme/widgets\", \"optionalDependencies\": {\"@acme/widgets-linux-x64\": \"1.0.0\", \
        \"chalk\": \"5.0.0\"}}";
    let flow = "on: push\njobs:\n  npm:\n    runs-on: ubuntu-latest\n    environment: release\n    permissions:\n      \
        contents: read\n      id-token: write\n    steps:\n      - run: npm publish\n";
    let diagnosis = examine(&with_release(("package.json", manifest), flow));
    let forecast = &diagnosis.phases[1].forecasts[0];
    let names: Vec<&str> = forecast.platforms.iter().map(crate::model::PackageName::as_str).collect();
    assert_eq!((names, forecast.register.len()), (vec!["@acme/widgets-linux-x64"], 1), "{forecast:#?}");
}
