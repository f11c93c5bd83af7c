//! The environment step: by the API, by hand with a look again, and what is not taken for done.

use super::*;
use crate::model::{
    BranchPolicy, EnvironmentFacts, EnvironmentMade, EnvironmentRef, GithubFacts, Identity, Permission, Protection,
    RefKind, RefPattern, RepositoryFacts, StepKind, TokenReach,
};
use crate::report::{Kind, Report};
use crate::wizard::{Account, ItemState, StepScreen};

fn js() -> PackageId {
    id(Registry::Npm, "@acme/js")
}

fn environment(guarded: bool) -> EnvironmentFacts {
    let at = Timestamp::from_unix(NOW);
    let patterns = vec![RefPattern { kind: RefKind::Branch, pattern: "main".to_owned() }];
    EnvironmentFacts {
        name: "release".parse().unwrap(),
        protection: if guarded { vec![Protection::BranchPolicy] } else { Vec::new() },
        refs: if guarded { BranchPolicy::Custom(Reading::seen(patterns, "test", at)) } else { BranchPolicy::Any },
        secrets: Reading::NotRead,
    }
}

/// On the environment step of the npm package and a crate that share a bare environment, signed in with these rights.
fn on_step(reach: TokenReach) -> Driven {
    let mut driven = Driven::on_board(&[js()]);
    let at = Timestamp::from_unix(NOW);
    let repository = RepositoryFacts {
        id: 7,
        slug: slug(),
        owner_id: 1,
        owned_by_organization: true,
        default_branch: "main".into(),
        private: false,
        archived: false,
        permission: Some(Permission::Admin),
    };
    driven.wizard.facts.github = GithubFacts {
        repository: Reading::seen(repository, "test", at),
        environments: Reading::seen(vec![environment(false)], "test", at),
        ..GithubFacts::default()
    };
    let Reading::Seen(local) = &mut driven.wizard.facts.local else { panic!() };
    for job in &mut local.value.publish_jobs {
        job.environment = EnvironmentRef::Named("release".parse().unwrap());
    }
    driven.wizard.account = Account::SignedIn(Identity { login: "mona".into(), id: Some(1), reach }, "a test".into());
    driven.wizard.replan();
    let ids = vec![js(), id(Registry::CratesIo, "one")];
    driven.wizard.queue.push_back(StepScreen::new(StepKind::Environment, Registry::Npm, ids));
    let effects = driven.wizard.next_group();
    assert!(matches!(effects[..], [Effect::Read(_, Read::Guard(..))]), "{effects:?}");
    driven
}

fn repo_scope() -> TokenReach {
    TokenReach::Scopes(vec!["repo".into()])
}

fn states(driven: &Driven) -> Vec<&ItemState> {
    match &driven.wizard.screen {
        Screen::Step(step) => step.items.iter().map(|item| &item.state).collect(),
        other => panic!("not on a step: {other:?}"),
    }
}

#[test]
fn it_is_made_once_and_the_next_package_finds_it() {
    let mut driven = on_step(repo_scope());
    assert_eq!(driven.wizard.ask().id, "step");
    driven.act(Action::Go);
    let made: Vec<_> = driven.taken();
    let [Effect::MakeEnvironment(package, repository, wish)] = &made[..] else { panic!("{made:?}") };
    assert_eq!((package, repository), (&js(), &slug()));
    assert_eq!(wish.refs[0].to_string(), "branch main");
    assert!(driven.wizard.is_writing(), "it runs to its end");
    driven.tell(Msg::EnvironmentMade(js(), Box::new(Ok(EnvironmentMade::Done(environment(true))))));
    let next = driven.taken();
    assert!(matches!(&next[..], [Effect::MakeEnvironment(package, ..)] if *package != js()), "{next:?}");
    driven.tell(Msg::EnvironmentMade(
        id(Registry::CratesIo, "one"),
        Box::new(Ok(EnvironmentMade::AlreadySo(environment(true)))),
    ));
    assert!(matches!(states(&driven)[..], [ItemState::Done(_), ItemState::AlreadySo(_)]));
    assert_eq!(driven.wizard.ask().id, "step.end");
    let state = |package| driven.wizard.plan.row(&package).unwrap().step(StepKind::Environment).unwrap().state.clone();
    assert_eq!(state(js()), crate::model::StepState::Done);
    assert!(driven.wizard.receipt().body.iter().any(|para| format!("{para:?}").contains("read back")));
}

#[test]
fn what_reads_back_otherwise_or_fails_is_not_done() {
    for result in [
        Ok(EnvironmentMade::Differs("any branch and tag may deploy to it".into(), environment(false))),
        Err(Report::new(Kind::User, "the token may not make it").hint("w")),
    ] {
        let mut driven = on_step(repo_scope());
        driven.act(Action::Go);
        let failed = result.is_err();
        driven.tell(Msg::EnvironmentMade(js(), Box::new(result)));
        match states(&driven)[0] {
            ItemState::Failed(_) => assert!(failed),
            ItemState::NotSeen(why) => assert!(!failed && why.contains("may deploy")),
            other => panic!("{other:?}"),
        }
        let state = driven.wizard.plan.row(&js()).unwrap().step(StepKind::Environment).unwrap().state.clone();
        assert_eq!(state, crate::model::StepState::Open);
        assert!(driven.wizard.done.is_empty());
    }
}

#[test]
fn who_may_not_by_the_api_does_it_by_hand_and_is_believed_only_by_a_look() {
    let mut driven = on_step(TokenReach::App { permissions: vec![("actions".into(), "read".into())] });
    let text = format!("{:?}", driven.wizard.ask().body);
    assert!(text.contains("settings/environments") && text.contains("gh api"), "{text}");
    let look = |driven: &mut Driven, answer| {
        driven.answer(|read| matches!(read, Read::Environment(..)), ReadAnswer::Environment(js(), answer));
    };
    driven.act(Action::Go);
    assert_eq!(driven.wizard.ask().id, "step.looking");
    look(&mut driven, Ok(Some(environment(false))));
    assert!(matches!(states(&driven)[0], ItemState::NotSeen(_)));
    driven.act(Action::Go);
    // The second package is still to do, by the same hands.
    driven.act(Action::Back);
    let mut driven = on_step(TokenReach::App { permissions: Vec::new() });
    driven.act(Action::Go);
    look(&mut driven, Ok(Some(environment(true))));
    assert!(matches!(states(&driven)[..], [ItemState::Done(_), ItemState::AlreadySo(_)]), "{:?}", states(&driven));
    assert_eq!(driven.wizard.ask().id, "step.end");
}

/// What GitHub said before the environment was made comes late: it takes nothing back, and GitHub is asked again.
#[test]
fn an_older_answer_of_github_takes_no_environment_back() {
    let mut driven = on_step(repo_scope());
    let before = driven.wizard.facts.github.clone();
    let late = driven.ticket(|read| matches!(read, Read::Github(..))).expect("it is read");
    driven.tell(Msg::EnvironmentMade(js(), Box::new(Ok(EnvironmentMade::Done(environment(true))))));
    driven.tell(Msg::Read(late, Box::new(ReadAnswer::Github(Box::new(before), Memory::default()))));
    let known = |driven: &Driven| driven.wizard.facts.github.environments.value().unwrap()[0].clone();
    assert_eq!(known(&driven), environment(true), "still guarded");
    let again = driven.ticket(|read| matches!(read, Read::Github(..))).expect("GitHub is asked again");
    assert!(again > late);
    let after = GithubFacts {
        environments: Reading::seen(Vec::new(), "test", Timestamp::from_unix(NOW)),
        ..GithubFacts::default()
    };
    driven.tell(Msg::Read(again, Box::new(ReadAnswer::Github(Box::new(after), Memory::default()))));
    assert_eq!(driven.wizard.facts.github.environments.value().unwrap().len(), 0, "what it says then counts");
}
