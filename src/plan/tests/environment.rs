//! The environment of a publishing job: every shape of guard, read and unread, and what is proposed for it.

use crate::model::{
    BranchPolicy, Collaborator, EnvironmentFacts, EnvironmentName, EnvironmentRef, Existence, Permission, Protection,
    Reading, RefKind, RefPattern, Refs, Registry, Reviewer, Severity, StepKind, StepState, Unknown, Way,
};
use crate::plan::testing::{NOON, Scene, entry, publisher, trigger};
use crate::plan::{Guarding, environment_advice, environment_ways};

fn name() -> EnvironmentName {
    EnvironmentName::new("release").unwrap()
}

fn tag(pattern: &str) -> RefPattern {
    RefPattern { kind: RefKind::Tag, pattern: pattern.to_owned() }
}

/// A crate whose job names the environment and runs on tags `v*`; GitHub lists these environments.
fn scene(there: Vec<EnvironmentFacts>) -> Scene {
    let mut scene = Scene::of(Registry::CratesIo, "widgets").on_github();
    scene.job().environment = EnvironmentRef::Named(name());
    let push = crate::model::Trigger { refs: Refs::Tags, filter: vec!["v*".to_owned()], ..trigger("push") };
    scene.job().triggers = vec![push];
    scene.facts.github.environments = Reading::seen(there, "GitHub", NOON);
    scene
}

fn environment(protection: Vec<Protection>, refs: BranchPolicy) -> EnvironmentFacts {
    EnvironmentFacts { name: name(), protection, refs, secrets: Reading::NotRead }
}

fn custom(patterns: &[&str]) -> BranchPolicy {
    BranchPolicy::Custom(Reading::seen(patterns.iter().map(|one| tag(one)).collect(), "GitHub", NOON))
}

fn reviewers(all: &[&str], prevent_self_review: bool) -> Protection {
    Protection::Reviewers {
        reviewers: all.iter().map(|one| Reviewer::Person((*one).to_owned())).collect(),
        prevent_self_review,
    }
}

fn advice(scene: &Scene) -> crate::plan::Advice {
    let row = scene.row();
    environment_advice(&scene.facts, &row.package, row.wanted.as_ref()).unwrap()
}

fn notes(scene: &Scene) -> String {
    advice(scene).notes.iter().map(|note| format!("{:?} {}\n", note.severity, note.message)).collect()
}

#[test]
fn missing_and_bare_are_open_and_whatever_guards_is_done() {
    for (there, open) in [
        (Vec::new(), true),
        (vec![environment(Vec::new(), BranchPolicy::Any)], true),
        (vec![environment(vec![Protection::BranchPolicy], custom(&[]))], true),
        (vec![environment(vec![Protection::BranchPolicy], custom(&["v*"]))], false),
        (vec![environment(vec![Protection::BranchPolicy], BranchPolicy::ProtectedBranches)], false),
        (vec![environment(vec![Protection::WaitTimer(30)], BranchPolicy::Any)], false),
        (vec![environment(vec![reviewers(&["mona"], false)], BranchPolicy::Any)], false),
        (vec![environment(vec![Protection::Other("some_app".to_owned())], BranchPolicy::Any)], false),
        // Patterns that could not be read are no empty list.
        (vec![environment(vec![Protection::BranchPolicy], BranchPolicy::Custom(Reading::NotRead))], false),
    ] {
        let scene = scene(there.clone());
        let expected = if open { StepState::Open } else { StepState::Done };
        assert_eq!(scene.step(StepKind::Environment), expected, "{there:?}");
        let row = scene.row();
        assert_eq!(crate::plan::guides(&scene.facts, &row, StepKind::Environment).is_empty(), !open, "{there:?}");
    }
}

#[test]
fn what_could_not_be_read_is_unknown_and_holds_no_release_up() {
    for reading in [Reading::Unknown(Unknown::because("the token may not")), Reading::NotRead] {
        let mut scene = scene(Vec::new()).listing(vec![entry(publisher(Some("release")), None)]);
        scene.facts.github.environments = reading;
        assert!(matches!(scene.step(StepKind::Environment), StepState::Unknown(_)));
        assert_eq!(scene.step(StepKind::Prove), StepState::Open);
        assert!(matches!(advice(&scene).guarding, Guarding::Unknown(_)));
    }
}

#[test]
fn a_release_waits_for_a_missing_environment_and_for_one_that_lets_nothing_through() {
    let scene = |there| scene(there).listing(vec![entry(publisher(Some("release")), None)]);
    let StepState::Blocked(why) = scene(Vec::new()).step(StepKind::Prove) else { panic!("not blocked") };
    assert!(why.contains("environment"), "{why}");
    let StepState::Blocked(why) = scene(vec![environment(Vec::new(), custom(&[]))]).step(StepKind::Prove) else {
        panic!("not blocked")
    };
    assert!(why.contains("lets nothing through"), "{why}");
    let bare = scene(vec![environment(Vec::new(), BranchPolicy::Any)]);
    assert_eq!(bare.step(StepKind::Prove), StepState::Open, "GitHub would let it through");
    let guarded = environment(vec![Protection::BranchPolicy], custom(&["v*"]));
    assert_eq!(scene(vec![guarded]).step(StepKind::Prove), StepState::Open);
}

#[test]
fn a_job_without_environment_has_nothing_to_guard_and_is_named_beside_one_that_has() {
    let mut bare = scene(Vec::new());
    bare.job().environment = EnvironmentRef::None;
    assert_eq!(bare.step(StepKind::Environment), StepState::Done);
    let mut two = scene(Vec::new()).with(Registry::Npm, "@acme/widgets");
    two.job().environment = EnvironmentRef::Named(name());
    assert!(notes(&two).contains("no environment guards `publish` (release.yml:30)"), "{}", notes(&two));
}

#[test]
fn rules_follow_the_events_of_every_job_that_shares_the_environment() {
    let triggers = |all: &[(&str, Refs, &[&str])]| -> Vec<_> {
        let one = |(event, refs, filter): &(&str, Refs, &[&str])| crate::model::Trigger {
            refs: *refs,
            filter: filter.iter().map(|one| (*one).to_owned()).collect(),
            ..trigger(event)
        };
        all.iter().map(one).collect()
    };
    for (events, expected) in [
        (&[("push", Refs::Tags, &["v*", "!v0*"][..])][..], vec!["tag v*"]),
        (&[("release", Refs::Tags, &[])], vec!["tag *"]),
        (&[("push", Refs::Branches, &[])], vec!["branch main"]),
        (&[("push", Refs::Branches, &["main", "1.x"])], vec!["branch main", "branch 1.x"]),
        (&[("workflow_dispatch", Refs::Either, &[])], vec!["branch main"]),
        (&[("push", Refs::Tags, &["v[0-9]+"]), ("workflow_dispatch", Refs::Either, &[])], vec!["tag v*"]),
        (&[], vec![]),
    ] {
        let mut scene = scene(Vec::new());
        scene.job().triggers = triggers(events);
        let refs: Vec<String> = advice(&scene).wish.refs.iter().map(ToString::to_string).collect();
        assert_eq!(refs, expected, "{events:?}");
    }
    let mut two = scene(Vec::new()).with(Registry::Npm, "@acme/widgets");
    two.local().publish_jobs[1].environment = EnvironmentRef::Named(EnvironmentName::new("Release").unwrap());
    two.local().publish_jobs[1].triggers = triggers(&[("push", Refs::Branches, &["main"])]);
    assert_eq!(advice(&two).wish.refs.len(), 2, "one rule for each of them");
}

#[test]
fn a_lock_with_one_person_and_rules_that_shut_the_release_out_are_warned_of() {
    let one = |login: &str| Collaborator { login: login.to_owned(), id: 5, permission: Permission::Write };
    let mut scene = scene(vec![environment(vec![reviewers(&["mona"], true)], custom(&["w*"]))]);
    assert!(notes(&scene).contains("Warning only mona may approve"), "{}", notes(&scene));
    assert!(notes(&scene).contains("do not name tag v*"), "{}", notes(&scene));
    scene.facts.github.guard.collaborators = Reading::seen(vec![one("Mona")], "GitHub", NOON);
    assert!(notes(&scene).contains("Error only mona may approve"), "{}", notes(&scene));
    for harmless in [reviewers(&["mona", "ada"], true), reviewers(&["mona"], false)] {
        let scene = self::scene(vec![environment(vec![harmless], custom(&["*"]))]);
        assert!(advice(&scene).notes.iter().all(|note| note.severity == Severity::Note), "{}", notes(&scene));
    }
}

#[test]
fn two_pending_publishers_of_pypi_need_two_environments() {
    let mut scene = Scene::of(Registry::Pypi, "one").with(Registry::Pypi, "two").on_github();
    for job in &mut scene.local().publish_jobs {
        job.environment = EnvironmentRef::Named(name());
    }
    assert!(!notes(&scene).contains("pending publisher"), "both are there");
    for known in scene.facts.registries.values_mut() {
        crate::plan::testing::seen(&mut known.public).existence = Existence::Absent;
    }
    assert!(notes(&scene).contains("two wants the same pending publisher"), "{}", notes(&scene));
    crate::plan::testing::seen(&mut scene.facts.local).publish_jobs[1].environment =
        EnvironmentRef::Named(EnvironmentName::new("two").unwrap());
    assert!(!notes(&scene).contains("pending publisher"), "{}", notes(&scene));
}

#[test]
fn an_administrator_is_offered_the_api_and_everybody_the_page_with_commands() {
    let mut scene = scene(Vec::new());
    let ways = |scene: &Scene| -> Vec<Way> {
        environment_ways(&scene.facts, &scene.row()).into_iter().map(|(guide, _)| guide.way).collect()
    };
    assert_eq!(ways(&scene), [Way::Browser]);
    crate::plan::testing::seen(&mut scene.facts.github.repository).permission = Some(Permission::Admin);
    assert_eq!(ways(&scene), [Way::Api, Way::Browser]);
    let mona = Collaborator { login: "mona".to_owned(), id: 5, permission: Permission::Admin };
    scene.facts.github.guard.collaborators = Reading::seen(vec![mona], "GitHub", NOON);
    assert_eq!(ways(&scene), [Way::Api, Way::Api, Way::Browser]);
    let (guide, wish) = environment_ways(&scene.facts, &scene.row()).remove(1);
    assert_eq!(wish.reviewers, [("mona".to_owned(), 5)]);
    let shown: Vec<String> = guide.commands.iter().map(crate::model::ToolCall::shown).collect();
    assert_eq!(shown[0].matches("reviewers[][id]=5").count(), 1, "{shown:?}");
    assert!(shown[1].ends_with("-f 'name=v*' -f type=tag"), "{shown:?}");
    assert!(guide.link.unwrap().url.ends_with("/acme/widgets/settings/environments/new"));
}

#[test]
fn a_hostile_name_stays_one_word_of_the_command() {
    let mut scene = scene(Vec::new());
    let name = "a'; rm -rf {owner} $(x)/../b";
    scene.job().environment = EnvironmentRef::Named(EnvironmentName::new(name).unwrap());
    let (guide, _) = environment_ways(&scene.facts, &scene.row()).remove(0);
    for call in &guide.commands {
        let shown = call.shown();
        assert!(!shown.contains("rm -rf") && !shown.contains("{owner}") && !shown.contains("$("), "{shown}");
        assert!(shown.contains("environments/a%27%3B%20rm"), "{shown}");
    }
}
