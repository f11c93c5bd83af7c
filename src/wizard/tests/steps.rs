//! Steps from explaining to what was read back.

use super::*;
use crate::model::{NameFacts, StepKind, Way};
use crate::registry::{Login, Registered};
use crate::report::{Kind, Report};
use crate::wizard::step::Lent;
use crate::wizard::{Finished, ItemState, Lending, Trouble};

fn one() -> PackageId {
    id(Registry::CratesIo, "one")
}

fn js() -> PackageId {
    id(Registry::Npm, "@acme/js")
}

fn states(driven: &Driven) -> Vec<&ItemState> {
    match &driven.wizard.screen {
        Screen::Step(step) => step.items.iter().map(|item| &item.state).collect(),
        other => panic!("not on a step: {other:?}"),
    }
}

fn registers(effects: &[Effect]) -> Vec<&PackageId> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Register(package, _) => Some(package),
            _ => None,
        })
        .collect()
}

fn login(driven: &mut Driven, registry: Registry, login: Login) {
    driven.answer(|read| *read == Read::Login(registry), ReadAnswer::Login(registry, Ok(login)));
}

#[test]
fn a_token_is_asked_once_for_the_sitting_and_leaves_the_state() {
    let two = id(Registry::CratesIo, "two");
    let mut driven = Driven::on_board(&[one(), two.clone()]);
    driven.on(&one());
    driven.act(Action::Go);
    driven.act(Action::TakeAll);
    driven.act(Action::Go);
    assert_eq!(*driven.stage(), Stage::Credential(None));
    driven.tell(Msg::Secret("cio-canary-not-a-token".to_owned().into()));
    assert!(!format!("{:?}", driven.wizard).contains("canary"));
    assert_eq!(registers(&driven.taken()), [&one()], "one after the other");
    driven.tell(Msg::Registered(one(), Ok(Registered::Done(held("42")))));
    assert_eq!(registers(&driven.taken()), [&two]);
    driven.tell(Msg::Registered(two.clone(), Ok(Registered::AlreadySo(held("43")))));
    assert_eq!(*driven.stage(), Stage::End);
    assert!(matches!(states(&driven)[..], [ItemState::Done(_), ItemState::AlreadySo(_)]));
    let row = driven.wizard.plan.row(&one()).unwrap();
    assert!(row.ladder.standing(crate::model::Rung::Registered).settled(), "what was read back is a fact now");
}

#[test]
fn a_refused_token_is_asked_for_again_and_nothing_is_lost() {
    let mut driven = Driven::on_board(&[one()]);
    driven.on(&one());
    driven.act(Action::Go);
    driven.act(Action::Go);
    driven.tell(Msg::Secret("cio-wrong-not-a-token".to_owned().into()));
    let refused = Report::new(Kind::User, "the token lacks the scope trusted-publishing");
    driven.tell(Msg::Registered(one(), Err(Trouble::Credential(refused))));
    assert!(matches!(driven.stage(), Stage::Credential(Some(_))));
    assert!(!driven.wizard.credentials.contains(&Registry::CratesIo));
    driven.effects.clear();
    driven.tell(Msg::Secret("cio-right-not-a-token".to_owned().into()));
    assert_eq!(registers(&driven.effects), [&one()]);
}

#[test]
fn a_failure_stays_with_its_reason_and_is_tried_again() {
    let mut driven = Driven::on_board(&[one()]);
    driven.wizard.credentials.insert(Registry::CratesIo);
    driven.on(&one());
    driven.act(Action::Go);
    driven.act(Action::Go);
    driven.tell(Msg::Registered(one(), Err(Trouble::Failed(Report::new(Kind::User, "not an owner")))));
    assert!(matches!(states(&driven)[..], [ItemState::Failed(report)] if report.message == "not an owner"));
    assert_eq!(driven.wizard.failed.len(), 1);
    driven.effects.clear();
    driven.act(Action::Retry);
    assert_eq!(registers(&driven.effects), [&one()]);
    driven.tell(Msg::Registered(one(), Ok(Registered::Done(held("1")))));
    assert!(driven.wizard.failed.is_empty());
}

#[test]
fn npm_is_asked_who_is_logged_in_then_lends_the_terminal_once_for_the_second_factor() {
    let mut driven = Driven::on_board(&[js()]);
    driven.on(&js());
    driven.act(Action::Go);
    driven.act(Action::Go);
    login(&mut driven, Registry::Npm, Login::As("mona".into()));
    assert_eq!(registers(&driven.taken()), [&js()]);
    driven.tell(Msg::Registered(js(), Err(Trouble::SecondFactor)));
    assert_eq!(*driven.stage(), Stage::SecondFactor);
    driven.act(Action::Yes);
    assert!(
        matches!(&driven.taken()[..], [Effect::Lend(lending)] if matches!(**lending, Lending { intent: None, .. }))
    );
    assert_eq!(*driven.stage(), Stage::Lent(Lent::SecondFactor));
    driven.tell(Msg::Returned(Finished::Well));
    assert_eq!(registers(&driven.taken()), [&js()], "the same one again");
}

#[test]
fn a_tool_that_is_not_logged_in_is_offered_the_terminal() {
    let mut driven = Driven::on_board(&[js()]);
    driven.on(&js());
    driven.act(Action::Go);
    driven.act(Action::Go);
    login(&mut driven, Registry::Npm, Login::Absent { how: "npm login".into() });
    assert_eq!(*driven.stage(), Stage::Login("npm login".into()));
    driven.effects.clear();
    driven.act(Action::Yes);
    assert!(matches!(driven.effects[..], [Effect::Lend(_)]));
    driven.tell(Msg::Returned(Finished::Well));
    assert!(driven.ticket(|read| *read == Read::Login(Registry::Npm)).is_some(), "seen, not believed");
}

#[test]
fn the_browser_way_states_and_never_claims() {
    let py = id(Registry::Pypi, "py");
    let mut driven = Driven::on_board(&[]);
    driven.on(&py);
    driven.act(Action::Go);
    driven.act(Action::Go);
    assert_eq!(*driven.stage(), Stage::Saved);
    driven.act(Action::No);
    assert_eq!(*driven.stage(), Stage::Explain, "a no changes nothing");
    assert!(driven.wizard.done.is_empty());
    driven.act(Action::Go);
    driven.act(Action::Yes);
    assert!(
        matches!(driven.taken().last(), Some(Effect::Record(crate::journal::Event::Stated { package, .. })) if *package == py)
    );
    let standing = driven.wizard.plan.row(&py).unwrap().ladder.standing(crate::model::Rung::Registered).clone();
    assert!(matches!(standing, crate::model::Standing::Stated { .. }));
}

#[test]
fn a_first_publish_is_believed_only_when_it_is_seen() {
    let mut driven = Driven::on_board(&[]);
    driven.on(&one());
    driven.act(Action::Go);
    driven.act(Action::Go);
    login(&mut driven, Registry::CratesIo, Login::Present("cargo's credentials".into()));
    let lent = driven.taken();
    let Some(Effect::Lend(lending)) = lent.last() else { panic!("{lent:?}") };
    assert!(lending.intent.as_ref().is_some_and(|intent| intent.step == StepKind::FirstPublish));
    assert!(!lending.calls[0].credential && lending.calls[1].credential, "building sees no token");
    driven.tell(Msg::Returned(Finished::Well));
    driven.public(&one(), false);
    assert!(matches!(states(&driven)[..], [ItemState::NotSeen(_)]));
    driven.act(Action::Retry);
    driven.public(&one(), true);
    assert!(matches!(states(&driven)[..], [ItemState::Done(_)]));
}

#[test]
fn a_repository_that_steers_the_tools_is_accepted_first() {
    let mut driven = Driven::on_board(&[]);
    if let Reading::Seen(seen) = &mut driven.wizard.facts.local {
        seen.value.redirects = vec![RelPath::new(".cargo/config.toml").unwrap()];
    }
    driven.on(&one());
    driven.act(Action::Go);
    driven.act(Action::Go);
    assert_eq!(*driven.stage(), Stage::Redirects);
    assert!(driven.ticket(|read| matches!(read, Read::Login(_))).is_none());
    driven.act(Action::Yes);
    assert!(driven.ticket(|read| matches!(read, Read::Login(_))).is_some());
}

#[test]
fn the_other_way_is_one_key_away() {
    let mut driven = Driven::on_board(&[js()]);
    driven.on(&js());
    driven.act(Action::Go);
    let way = |driven: &Driven| match &driven.wizard.screen {
        Screen::Step(step) => driven.wizard.guide(step).unwrap().way,
        _ => panic!("not on a step"),
    };
    assert_eq!(way(&driven), Way::Tool);
    driven.act(Action::OtherWay);
    assert_eq!(way(&driven), Way::Browser);
}

#[test]
fn an_edit_is_checked_before_it_is_taken() {
    let mut driven = Driven::on_board(&[one()]);
    driven.on(&one());
    driven.act(Action::Go);
    driven.act(Action::Edit);
    driven.tell(Msg::Text(".github/workflows/other.yml".into()));
    assert!(matches!(driven.stage(), Stage::Edit(_, Some(_))), "a path is no workflow filename");
    driven.tell(Msg::Text("other.yml".into()));
    driven.tell(Msg::Text("production".into()));
    assert_eq!(*driven.stage(), Stage::Explain);
    let wanted = driven.wizard.plan.row(&one()).unwrap().wanted.clone().unwrap();
    assert_eq!(wanted.to_string(), "acme/widgets other.yml in production");
}

#[test]
fn an_npm_entry_that_may_have_lapsed_is_taken_away_and_made_again() {
    let mut driven = Driven::on_board(&[js()]);
    driven.on(&js());
    driven.act(Action::Go);
    let publisher = driven.wizard.plan.row(&js()).unwrap().wanted.clone().unwrap();
    let held = crate::model::PublisherEntry { publisher: publisher.clone().into(), ..entry("7", None) };
    let at = Timestamp::from_unix(NOW);
    driven.wizard.facts.registries.entry(js()).or_default().publishers = Reading::seen(vec![held.clone()], "test", at);
    for (age, renewed) in [(None, true), (Some(49), true), (Some(1), false)] {
        driven.wizard.facts.memory.made.clear();
        if let Some(hours) = age {
            let made = (publisher.clone(), Timestamp::from_unix(NOW - hours * 3600));
            driven.wizard.facts.memory.made.insert(js(), made);
        }
        let row = driven.wizard.plan.row(&js()).unwrap().package.clone();
        let old = crate::plan::lapsed(&driven.wizard.facts, &row, &publisher);
        assert_eq!(!old.is_empty(), renewed, "{age:?}");
    }
    driven.wizard.facts.memory.made.clear();
    driven.act(Action::Go);
    login(&mut driven, Registry::Npm, Login::As("mona".into()));
    let effects = driven.taken();
    assert!(
        effects
            .iter()
            .any(|e| matches!(e, Effect::Renew(_, wanted, old) if *wanted == publisher && *old == [held.clone()])),
        "{effects:?}"
    );
}

#[test]
fn a_token_in_a_variable_stops_npm_before_the_first_call() {
    let mut driven = Driven::on_board(&[js()]);
    driven.on(&js());
    driven.act(Action::Go);
    driven.act(Action::Go);
    login(&mut driven, Registry::Npm, Login::Token("NPM_TOKEN".into()));
    assert!(registers(&driven.taken()).is_empty());
    let crate::wizard::Overlay::Problem(report) = &driven.wizard.overlay else { panic!("nothing was said") };
    assert!(report.line().contains("NPM_TOKEN"), "{report:?}");
}

#[test]
fn first_publishes_of_an_earlier_run_count_in_the_calendar_where_they_are_seen_to_have_worked() {
    let mut driven = Driven::on_board(&[]);
    for number in 0..6 {
        let past = id(Registry::CratesIo, &format!("past-{number}"));
        driven.wizard.facts.memory.begun.insert(past.clone(), Timestamp::from_unix(NOW - 60));
        let existence = if number < 4 { Existence::Exists { latest: None } } else { Existence::Absent };
        let facts = PublicFacts {
            newest: None,
            name: NameFacts::default(),
            existence,
            proof: Reading::NotRead,
            by_token: Reading::NotRead,
            locked: None,
        };
        driven.wizard.facts.registries.entry(past).or_default().public =
            Reading::seen(facts, "test", Timestamp::from_unix(NOW));
    }
    driven.on(&one());
    driven.act(Action::Go);
    driven.act(Action::TakeAll);
    let pairs: Vec<String> = driven
        .wizard
        .ask()
        .body
        .into_iter()
        .filter_map(|para| match para {
            crate::wizard::Para::Pair(when, name) if name == "one" || name == "two" => Some(when),
            _ => None,
        })
        .collect();
    let next = Timestamp::from_unix(NOW - 60 + 600).day();
    assert_eq!(pairs, ["now".to_owned(), next], "four of five are used up");
}

#[test]
fn only_an_exact_value_is_copied_and_the_cursor_stops_at_no_other() {
    for registry in Registry::ALL {
        let publisher =
            TrustedPublisher { repository: slug(), workflow: "release.yml".parse().unwrap(), environment: None };
        let name = if registry == Registry::Jsr { "@acme/one" } else { "one" };
        let endpoints = Endpoints::resolve(|_| None, &[]).unwrap();
        let ask = crate::registry::RegisterAsk {
            package: &PackageName::new(name).unwrap(),
            exists: true,
            publisher: &publisher,
            owners: &[],
            tag_pattern: None,
            endpoints: &endpoints,
        };
        for field in crate::registry::guides(registry).register(&ask).iter().flat_map(|guide| &guide.fields) {
            let told = ["choose", "tick", "leave", "untick"];
            let exact = field.value.exact();
            assert!(exact.is_none_or(|text| !told.iter().any(|word| text.contains(word))), "{registry}: {field:?}");
            assert!(exact != Some(""), "{registry}: {field:?}");
        }
    }
    let py = id(Registry::Pypi, "py");
    let mut driven = Driven::on_board(std::slice::from_ref(&py));
    driven.on(&py);
    driven.act(Action::Go);
    let Screen::Step(step) = driven.wizard.screen.clone() else { panic!("no step") };
    let fields = driven.wizard.guide(&step).unwrap().fields;
    assert_eq!(fields.last().unwrap().value.exact(), None, "the job has no environment");
    driven.taken();
    let mut copied = Vec::new();
    for _ in 0..fields.len() + 1 {
        let Screen::Step(step) = &driven.wizard.screen else { panic!("no step") };
        let at = driven.wizard.pointed(step).unwrap();
        driven.act(Action::Copy);
        let [Effect::Copy(text)] = &driven.taken()[..] else { panic!("nothing is copied") };
        assert_eq!(fields[at].value.exact(), Some(text.as_str()));
        copied.push(at);
        driven.act(Action::Down);
    }
    assert_eq!(copied.last(), Some(&(fields.len() - 2)), "{copied:?}");
}

#[test]
fn the_demo_names_the_token_of_the_registry_that_asks_and_no_others() {
    let mut driven = Driven::with(demo());
    driven.looked();
    for (registry, said) in [
        (Registry::CratesIo, "In the demo the token is cio-sandbox-not-a-token"),
        (Registry::RubyGems, "The demo has no token of RubyGems."),
    ] {
        let mut step = crate::wizard::StepScreen::new(StepKind::Register, registry, vec![id(registry, "one")]);
        step.stage = Stage::Credential(None);
        driven.wizard.screen = Screen::Step(step);
        let text = format!("{:?}", driven.wizard.ask().body);
        assert!(text.contains(said), "{text}");
        assert_eq!(text.contains("cio-"), registry == Registry::CratesIo, "{text}");
    }
}
