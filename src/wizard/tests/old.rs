//! Old entries beside a new one: offered, taken away after a yes alone, one after the other, and those of others never.

use super::*;
use crate::model::StepKind;
use crate::registry::Changed;
use crate::wizard::{Aim, AskKind, ItemState, Trouble};

fn one() -> PackageId {
    id(Registry::CratesIo, "one")
}

fn of(number: &str, repository: &str, workflow: &str) -> PublisherEntry {
    PublisherEntry {
        publisher: TrustedPublisher {
            repository: repository.parse().unwrap(),
            workflow: workflow.parse().unwrap(),
            environment: None,
        }
        .into(),
        ..entry(number, None)
    }
}

/// On the board, the cursor on a crate whose list holds these.
fn holding(list: Vec<PublisherEntry>) -> Driven {
    let mut driven = Driven::on_board(&[one()]);
    driven.wizard.facts.registries.entry(one()).or_default().publishers =
        Reading::seen(list, "test", Timestamp::from_unix(NOW));
    driven.wizard.replan();
    driven.on(&one());
    driven
}

fn removed(effects: &[Effect]) -> Vec<&str> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Unregister(package, entry) if *package == one() => Some(entry.id.as_str()),
            _ => None,
        })
        .collect()
}

fn gone(driven: &mut Driven, number: &str) {
    driven.tell(Msg::Unregistered(one(), Box::new(of(number, "acme/widgets", "old.yml")), Ok(Changed::Done)));
}

#[test]
fn they_go_one_after_the_other_after_a_yes() {
    let old = [of("40", "acme/widgets", "old.yml"), of("41", "acme/widgets", "older.yml")];
    let mut driven = holding([vec![entry("42", None)], old.to_vec()].concat());
    driven.wizard.credentials.insert(Registry::CratesIo);
    driven.act(Action::RemoveOld);
    let ask = driven.wizard.ask();
    let text = format!("{ask:?}");
    assert_eq!((driven.stage(), &ask.kind), (&Stage::Old, &AskKind::Confirm));
    assert!(text.contains("entry 40 has workflow old.yml") && text.contains("No release has proven"), "{text}");
    assert!(driven.taken().is_empty(), "nothing goes before the yes");
    driven.act(Action::No);
    assert_eq!(driven.wizard.screen, Screen::Board);
    assert!(driven.taken().is_empty());

    driven.act(Action::RemoveOld);
    driven.act(Action::Yes);
    assert_eq!(removed(&driven.taken()), ["40"]);
    gone(&mut driven, "40");
    assert_eq!(removed(&driven.taken()), ["41"]);
    gone(&mut driven, "41");
    assert_eq!((driven.taken().len(), driven.stage()), (0, &Stage::End));
    let list = driven.wizard.facts.registries[&one()].publishers.value().unwrap();
    assert_eq!(list.iter().map(|held| held.id.as_str()).collect::<Vec<_>>(), ["42"]);
    assert_eq!(driven.wizard.done.len(), 2, "both are in the receipt");
    assert!(!driven.wizard.allows(Action::RemoveOld), "nothing is left to go");
}

#[test]
fn a_token_is_asked_for_and_what_is_not_seen_is_not_claimed() {
    let mut driven = holding(vec![entry("42", None), of("40", "acme/widgets", "old.yml")]);
    driven.act(Action::RemoveOld);
    driven.act(Action::Yes);
    assert_eq!(*driven.stage(), Stage::Credential(None));
    driven.act(Action::Back);
    assert_eq!(*driven.stage(), Stage::Old, "back is the question");
    driven.act(Action::Yes);
    driven.tell(Msg::Secret("cio-not-a-token".to_owned().into()));
    assert_eq!(removed(&driven.taken()), ["40"]);
    let old = of("40", "acme/widgets", "old.yml");
    driven.tell(Msg::Unregistered(one(), Box::new(old.clone()), Ok(Changed::NotSeen("still listed".into()))));
    let Screen::Step(step) = &driven.wizard.screen else { panic!("not on a step") };
    assert_eq!((step.kind, step.aim, step.stage.clone()), (StepKind::Register, Aim::RemoveOld, Stage::End));
    assert!(matches!(&step.items[0].state, ItemState::NotSeen(_)));
    assert!(driven.wizard.done.is_empty());
    driven.act(Action::Retry);
    assert_eq!(removed(&driven.taken()), ["40"]);
    driven.tell(Msg::Unregistered(one(), Box::new(old), Err(Trouble::SecondFactor)));
    assert!(driven.wizard.done.is_empty());
}

#[test]
fn those_of_other_repositories_and_the_only_one_are_never_offered() {
    let theirs = of("7", "other/widgets", "release.yml");
    for list in [
        vec![entry("42", None), theirs.clone()],
        vec![of("40", "acme/widgets", "old.yml"), theirs],
        vec![entry("42", None)],
        Vec::new(),
    ] {
        let mut driven = holding(list.clone());
        assert!(!driven.wizard.allows(Action::RemoveOld), "{list:?}");
        driven.act(Action::RemoveOld);
        assert_eq!(driven.wizard.screen, Screen::Board);
        assert!(driven.taken().is_empty());
    }
}

/// A list that was asked for before an entry was made, or taken away, comes after that: it is older news.
#[test]
fn a_late_list_brings_nothing_back() {
    let list = |driven: &Driven| {
        let list = driven.wizard.facts.registries[&one()].publishers.value().unwrap();
        list.iter().map(|entry| entry.id.clone()).collect::<Vec<_>>()
    };
    let late = |driven: &mut Driven, entries: Vec<PublisherEntry>| {
        let answer = ReadAnswer::Publishers(one(), Ok((entries, "test".into(), Timestamp::from_unix(NOW))));
        driven.answer(|read| *read == Read::Publishers(one()), answer);
    };
    let old = of("40", "acme/widgets", "old.yml");
    let mut driven = holding(vec![old.clone()]);
    driven.wizard.credentials.insert(Registry::CratesIo);
    let ask = |driven: &mut Driven| {
        driven.act(Action::Refresh);
        driven.looked();
        driven.public(&one(), true);
        assert!(driven.ticket(|read| *read == Read::Publishers(one())).is_some());
    };
    ask(&mut driven);
    let made = Held { entry: entry("42", None), beside: vec![old.clone()] };
    driven.tell(Msg::Registered(one(), Ok(crate::registry::Registered::Done(Box::new(made)))));
    late(&mut driven, vec![old.clone()]);
    assert_eq!(list(&driven), ["40", "42"]);
    ask(&mut driven);
    gone(&mut driven, "40");
    late(&mut driven, vec![old, entry("42", None)]);
    assert_eq!(list(&driven), ["42"]);
    ask(&mut driven);
    late(&mut driven, Vec::new());
    assert!(list(&driven).is_empty(), "what was asked for since counts");
}
