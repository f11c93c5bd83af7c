//! A release that is awaited: taken up from the journal, looked for, and seen in its several ways.

use super::*;
use crate::journal::Event;
use crate::plan::{self, Awaited, Outcome};
use crate::report::{Kind, Report};
use crate::wizard::{Look, Looked, Prove};

fn js() -> PackageId {
    id(Registry::Npm, "@acme/js")
}

fn awaited() -> Awaited {
    let workflow = WorkflowFile::new("release.yml").unwrap();
    Awaited { since: Timestamp::from_unix(NOW - 60), had: Some("1.0.0".into()), workflow }
}

/// On the board, all read, with a release of the npm package awaited; the look that follows.
fn awaiting() -> (Driven, Ticket, Look) {
    let mut driven = Driven::on_board(&[js()]);
    driven.answer(|read| matches!(read, Read::Github(..)), ReadAnswer::Github(Box::default(), Memory::default()));
    driven.wizard.facts.memory.awaited.insert(js(), awaited());
    driven.tell(Msg::Now(Timestamp::from_unix(NOW)));
    let (ticket, look) = next_look(&mut driven).expect("it is watched for");
    (driven, ticket, look)
}

fn next_look(driven: &mut Driven) -> Option<(Ticket, Look)> {
    let mut looks = driven.taken().into_iter().filter_map(|effect| match effect {
        Effect::Watch(ticket, look) => Some((ticket, *look)),
        _ => None,
    });
    let look = looks.next();
    assert_eq!(looks.next(), None, "one look at a time");
    look
}

fn version(number: &str) -> PublicFacts {
    let at = Timestamp::from_unix(NOW);
    let proof = Proof { version: number.into(), by: PublishedBy::Token(Some("mona".into())), published: None };
    PublicFacts {
        newest: None,
        name: crate::model::NameFacts::default(),
        existence: Existence::Exists { latest: Some(number.into()) },
        proof: Reading::seen(proof, "test", at),
        by_token: Reading::NotRead,
        locked: None,
    }
}

fn looked(public: Result<PublicFacts, Report>) -> Box<Looked> {
    let at = Timestamp::from_unix(NOW + 1);
    Box::new(Looked { at, runs: None, public: vec![(js(), public.map(|facts| (facts, "test".into(), at)))] })
}

#[test]
fn what_the_journal_remembers_is_watched_for_again_once() {
    let (mut driven, _, look) = awaiting();
    assert_eq!((look.pause, look.packages.as_slice(), look.runs.is_none()), (0, &[js()][..], true));
    assert!(look.always, "without a sign-in the registry is all there is");
    driven.tell(Msg::Now(Timestamp::from_unix(NOW + 5)));
    assert_eq!(next_look(&mut driven), None);
    let line = driven.wizard.awaited_line().unwrap();
    assert!(line.contains("release.yml") && line.contains("@acme/js"), "{line}");
}

#[test]
fn nothing_new_is_looked_for_again_and_a_forgotten_look_starts_nothing() {
    let (mut driven, ticket, _) = awaiting();
    driven.tell(Msg::Looked(ticket, looked(Ok(version("1.0.0")))));
    let (next, look) = next_look(&mut driven).unwrap();
    assert!(look.pause >= 10, "{look:?}");
    driven.tell(Msg::Looked(ticket, looked(Ok(version("2.0.0")))));
    assert_eq!(next_look(&mut driven), None, "its answer came before");
    assert!(driven.wizard.watches[0].goes_on());
    driven.tell(Msg::Looked(next, looked(Err(Report::new(Kind::Unreadable, "npm answered 500")))));
    let (_, look) = next_look(&mut driven).unwrap();
    assert!(look.pause >= 60, "a service in trouble is asked less often: {look:?}");
    assert_eq!(driven.wizard.watches[0].trouble.as_deref(), Some("npm answered 500"));
    assert!(matches!(driven.wizard.watches[0].packages[&js()], Outcome::NotYet(_)), "what was seen stays seen");
}

#[test]
fn a_version_by_token_ends_the_waiting_and_proves_nothing() {
    let (mut driven, ticket, _) = awaiting();
    driven.tell(Msg::Looked(ticket, looked(Ok(version("1.1.0")))));
    let effects = driven.taken();
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Watch(..))), "{effects:?}");
    let ended = |effect: &Effect| matches!(effect, Effect::Record(Event::AwaitsNoMore { package }) if *package == js());
    assert!(effects.iter().any(ended), "{effects:?}");
    assert!(matches!(driven.wizard.watches[0].packages[&js()], Outcome::ByToken(_)));
    assert!(driven.wizard.facts.memory.awaited.is_empty());
    assert_eq!(driven.wizard.awaited_line(), None);
}

#[test]
fn who_awaits_no_longer_is_not_asked_again() {
    let (mut driven, ticket, _) = awaiting();
    driven.wizard.screen = Screen::Prove(Prove { packages: vec![js()], way: 0 });
    driven.act(Action::Forget);
    let effects = driven.taken();
    assert!(matches!(effects[0], Effect::Cancel(cancelled) if cancelled == ticket), "{effects:?}");
    assert!(matches!(effects[1], Effect::Record(Event::AwaitsNoMore { .. })), "{effects:?}");
    driven.act(Action::Back);
    driven.tell(Msg::Now(Timestamp::from_unix(NOW + 5)));
    assert_eq!(next_look(&mut driven), None);
}

/// What the journal said before the release was awaited comes late: it takes nothing back, and is asked for again.
#[test]
fn a_late_reading_of_the_journal_forgets_nothing() {
    let (mut driven, ticket, _) = awaiting();
    driven.act(Action::Refresh);
    driven.wizard.remember(|memory, _| memory.awaited.insert(js(), awaited()));
    driven.looked();
    let journal = |read: &Read| *read == Read::Journal;
    assert!(driven.wizard.facts.memory.awaited.contains_key(&js()), "still awaited");
    assert!(driven.ticket(journal).is_some(), "what it lacks is asked for");
    driven.tell(Msg::Looked(ticket, looked(Ok(version("1.1.0")))));
    assert!(driven.wizard.facts.memory.awaited.is_empty(), "it came");
    let mut before = Memory::default();
    before.awaited.insert(js(), awaited());
    driven.answer(journal, ReadAnswer::Journal(before));
    assert!(driven.wizard.facts.memory.awaited.is_empty(), "what was read before that counts for nothing");
    driven.answer(journal, ReadAnswer::Journal(Memory::default()));
    assert_eq!(driven.ticket(journal), None, "nothing was remembered since it was asked for");
}

fn of_js(read: &Read) -> bool {
    *read == Read::Public(js())
}

/// What was asked for before the watch saw the release comes after it: it takes nothing back, and is asked for again.
#[test]
fn a_late_reading_of_the_registry_takes_no_release_back() {
    let (mut driven, watch, _) = awaiting();
    driven.act(Action::Refresh);
    driven.wizard.remember(|memory, _| memory.awaited.insert(js(), awaited()));
    driven.looked();
    let asked = driven.ticket(of_js).unwrap();
    driven.tell(Msg::Looked(watch, looked(Ok(version("1.1.0")))));
    let newest = |driven: &Driven| plan::newest(&driven.wizard.facts, &js()).map(str::to_owned);
    assert_eq!(newest(&driven).as_deref(), Some("1.1.0"));
    driven.public(&js(), true);
    assert_eq!(newest(&driven).as_deref(), Some("1.1.0"), "1.0.0 is older news");
    assert!(driven.wizard.facts.memory.awaited.is_empty());
    let again = driven.ticket(of_js).expect("what it may lack is asked for");
    assert_ne!(again, asked);
    driven.answer(of_js, ReadAnswer::Public(js(), Box::new(Err(Report::new(Kind::Unreadable, "npm answered 500")))));
    assert_eq!(newest(&driven), None, "the newest answer counts, also where it is none");
    assert_eq!(driven.ticket(of_js), None);
}

/// The other way round: a look that was asked for before somebody else heard is older news as well.
#[test]
fn a_late_look_takes_no_release_back() {
    let (mut driven, watch, _) = awaiting();
    driven.act(Action::Refresh);
    driven.wizard.remember(|memory, _| memory.awaited.insert(js(), awaited()));
    driven.looked();
    let later = Timestamp::from_unix(NOW + 2);
    driven.answer(of_js, ReadAnswer::Public(js(), Box::new(Ok((version("1.1.0"), "test".into(), later)))));
    driven.tell(Msg::Looked(watch, looked(Ok(version("1.0.0")))));
    assert_eq!(plan::newest(&driven.wizard.facts, &js()), Some("1.1.0"));
    assert!(driven.wizard.facts.memory.awaited.is_empty(), "what is known is judged");
}
