//! Going back and stopping: what is left behind, what runs to its end, and what is never left in between.

use super::*;
use crate::model::{Rung, Standing};
use crate::registry::{Login, Registered};
use crate::report::{Kind, Report};
use crate::wizard::{Finished, ItemState, Overlay, Scope, Trouble};

fn one() -> PackageId {
    id(Registry::CratesIo, "one")
}

fn js() -> PackageId {
    id(Registry::Npm, "@acme/js")
}

fn failed() -> Report {
    Report::new(Kind::User, "it did not work")
}

/// The lists of npm are being read: nothing is typed for them.
fn reading_npm() -> Driven {
    let mut driven = Driven::on_board(&[js()]);
    driven.act(Action::Unlock);
    assert_eq!(*driven.stage(), Stage::Running);
    driven.effects.clear();
    driven
}

/// A registration is under way.
fn registering(packages: &[PackageId]) -> Driven {
    let mut driven = Driven::on_board(packages);
    driven.wizard.credentials.insert(Registry::CratesIo);
    driven.on(&one());
    driven.act(Action::Go);
    driven.act(Action::TakeAll);
    driven.act(Action::Go);
    assert_eq!(*driven.stage(), Stage::Running);
    driven.effects.clear();
    driven
}

#[test]
fn back_is_home_whatever_waits_and_the_selection_stays() {
    let mut driven = Driven::on_board(&[one(), js()]);
    driven.act(Action::ToggleAll);
    driven.act(Action::Go);
    assert!(!driven.wizard.queue.is_empty());
    driven.act(Action::Back);
    assert_eq!(driven.wizard.screen, Screen::Board);
    assert!(driven.wizard.queue.is_empty());
    assert_eq!(driven.wizard.board.selected.len(), 4, "going back loses no choice");
}

#[test]
fn a_read_is_left_at_any_time_and_its_late_answer_is_dropped() {
    let mut driven = reading_npm();
    let ticket = driven.ticket(|read| matches!(read, Read::Publishers(_))).unwrap();
    assert!(!driven.wizard.is_writing(), "a read is no write");
    driven.act(Action::Back);
    assert_eq!(driven.wizard.screen, Screen::Board);
    assert!(matches!(driven.effects[..], [Effect::Cancel(cancelled)] if cancelled == ticket));
    let before = driven.wizard.clone();
    let answer = ReadAnswer::Publishers(js(), Err(Trouble::SecondFactor));
    driven.tell(Msg::Read(ticket, Box::new(answer)));
    assert_eq!(driven.wizard, before);
}

#[test]
fn reading_lists_never_turns_into_registering() {
    let answer = |driven: &mut Driven, trouble| {
        let answer = ReadAnswer::Publishers(js(), Err(trouble));
        driven.answer(|read| matches!(read, Read::Publishers(_)), answer);
    };
    let mut driven = reading_npm();
    answer(&mut driven, Trouble::SecondFactor);
    driven.act(Action::No);
    assert_eq!(driven.wizard.screen, Screen::Board);
    let mut driven = reading_npm();
    answer(&mut driven, Trouble::SecondFactor);
    driven.act(Action::Yes);
    driven.tell(Msg::Returned(Finished::NotStarted(failed())));
    assert_eq!(driven.wizard.screen, Screen::Board);
    let mut driven = reading_npm();
    answer(&mut driven, Trouble::Failed(failed()));
    assert_eq!(*driven.stage(), Stage::End);
    assert!(!driven.wizard.allows(Action::OtherWay), "there is no other way to read");
}

#[test]
fn a_change_under_way_is_not_left_without_a_word() {
    let mut driven = registering(&[one()]);
    driven.act(Action::Back);
    assert_eq!(*driven.stage(), Stage::Running);
    for before in [Action::Quit, Action::Help] {
        driven.wizard.overlay = Overlay::None;
        driven.act(before);
        driven.wizard.overlay = match &driven.wizard.overlay {
            Overlay::Leave(_) => Overlay::Problem(failed()),
            other => other.clone(),
        };
        driven.act(Action::Quit);
        assert!(matches!(driven.wizard.overlay, Overlay::Leave(_)), "after {before:?}");
        assert!(driven.effects.is_empty());
    }
    driven.act(Action::Quit);
    assert!(matches!(driven.effects[..], [Effect::Exit]), "asked twice, it leaves");
}

#[test]
fn news_of_another_package_begin_nothing() {
    let two = id(Registry::CratesIo, "two");
    let mut driven = registering(&[one(), two.clone()]);
    for result in [Ok(Registered::NotSeen("x".into())), Err(Trouble::SecondFactor), Err(Trouble::Failed(failed()))] {
        driven.tell(Msg::Registered(js(), result));
        assert_eq!(*driven.stage(), Stage::Running);
        assert!(driven.effects.is_empty());
    }
}

#[test]
fn nobody_looking_is_not_seeing() {
    let mut driven = Driven::on_board(&[]);
    driven.on(&one());
    driven.act(Action::Go);
    driven.act(Action::Go);
    let login = ReadAnswer::Login(Registry::CratesIo, Ok(Login::Present("cargo".into())));
    driven.answer(|read| matches!(read, Read::Login(_)), login);
    driven.tell(Msg::Returned(Finished::Well));
    driven.act(Action::Back);
    assert_eq!(*driven.stage(), Stage::End);
    let Screen::Step(step) = &driven.wizard.screen else { panic!("not on a step") };
    assert!(matches!(step.items[0].state, ItemState::NotSeen(_)), "it was sent: that is not undone by going back");
    assert!(!driven.wizard.failed.is_empty());
    driven.act(Action::Retry);
    assert!(matches!(driven.stage(), Stage::LookingAgain(_)));
}

#[test]
fn a_token_whose_owner_was_not_confirmed_is_not_used() {
    let mut driven = Driven::new();
    driven.looked();
    driven.act(Action::Go);
    driven.act(Action::PasteToken);
    driven.tell(Msg::Secret("canary-not-a-token".to_owned().into()));
    let Some(Effect::SignIn(ticket, _)) = driven.effects.last() else { panic!("no sign-in") };
    let mona = crate::model::Identity { login: "mona".into(), id: Some(1), reach: crate::model::TokenReach::Untold };
    driven.tell(Msg::SignedIn(*ticket, Ok((mona, "pasted".into()))));
    driven.act(Action::Back);
    driven.effects.clear();
    driven.act(Action::Without);
    let at = |wanted: fn(&Effect) -> bool| driven.effects.iter().position(wanted);
    let dropped = at(|effect| matches!(effect, Effect::DropToken)).unwrap();
    let read = at(|effect| matches!(effect, Effect::Read(_, Read::Github(..)))).unwrap();
    assert!(dropped < read, "first it is dropped, then GitHub is asked");
}

#[test]
fn a_file_that_is_being_written_is_not_written_twice() {
    let mut driven = Driven::on_board(&[]);
    driven.act(Action::Review);
    driven.act(Action::Write);
    driven.effects.clear();
    driven.act(Action::Write);
    driven.act(Action::Toggle);
    driven.act(Action::Back);
    assert!(driven.effects.is_empty());
    let Screen::Review(review) = &driven.wizard.screen else { panic!("it left the review") };
    assert!(review.items[0].take && review.is_writing());
}

#[test]
fn leaving_right_after_a_write_waits_for_the_files_to_be_read_again_and_only_once() {
    let leaves = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::Exit));
    let mut driven = Driven::on_board(&[]);
    driven.act(Action::Review);
    driven.act(Action::Write);
    let Some(Effect::Write(change)) = driven.effects.iter().find(|effect| matches!(effect, Effect::Write(_))).cloned()
    else {
        panic!("nothing is written")
    };
    driven.tell(Msg::Written(change.path, Ok(())));
    driven.effects.clear();
    driven.act(Action::Quit);
    assert!(!leaves(&driven.effects), "the receipt would tell of the files as they were");
    let mut impatient = driven.wizard.clone();
    assert!(leaves(&impatient.update(Msg::Act(Action::Quit))));
    let look = Err(failed());
    driven.answer(|read| *read == Read::Look(Scope::Checkout), ReadAnswer::Look(look.map(Box::new)));
    assert!(leaves(&driven.effects));
}

#[test]
fn impatience_reads_everything_once() {
    let mut driven = Driven::on_board(&[]);
    for _ in 0..5 {
        driven.act(Action::Refresh);
    }
    assert_eq!(driven.wizard.reads.values().filter(|read| matches!(read, Read::Look(_))).count(), 1);
}

#[test]
fn what_lies_over_a_screen_takes_no_answer_to_it() {
    let mut driven = Driven::on_board(&[one()]);
    driven.on(&one());
    driven.act(Action::Go);
    driven.act(Action::Go);
    driven.taken();
    driven.act(Action::Help);
    driven.effects.clear();
    driven.tell(Msg::Secret("canary-not-a-token".to_owned().into()));
    assert!(driven.effects.is_empty());
    driven.wizard.screen = Screen::Board;
    driven.tell(Msg::Pick(0));
    assert_eq!(driven.wizard.screen, Screen::Board);
}

#[test]
fn saying_it_is_saved_outlives_the_list_that_was_read_before() {
    let mut driven = Driven::on_board(&[js()]);
    driven.act(Action::Unlock);
    let list = ReadAnswer::Publishers(js(), Ok((Vec::new(), "its list".into(), Timestamp::from_unix(NOW))));
    driven.answer(|read| matches!(read, Read::Publishers(_)), list);
    driven.act(Action::Go);
    driven.tell(Msg::Now(Timestamp::from_unix(NOW + 60)));
    driven.on(&js());
    driven.act(Action::Go);
    driven.act(Action::OtherWay);
    driven.act(Action::Go);
    driven.act(Action::Yes);
    let standing = driven.wizard.plan.row(&js()).unwrap().ladder.standing(Rung::Registered).clone();
    assert!(matches!(standing, Standing::Stated { .. }), "{standing:?}");
    assert!(driven.ticket(|read| matches!(read, Read::Publishers(_))).is_some(), "and the list is read again");
}
