//! The diffs: nothing is written before the person says so, and a failure keeps the rest.

use super::*;
use crate::model::{FileChange, StepKind};
use crate::report::{Kind, Report};

fn reviewing() -> Driven {
    let mut driven = Driven::on_board(&[]);
    driven.act(Action::Review);
    assert!(matches!(driven.wizard.screen, Screen::Review(_)));
    driven
}

fn writes(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::Write(_))).count()
}

#[test]
fn leaving_writes_nothing() {
    for leave in [Action::Quit, Action::Back] {
        let mut driven = reviewing();
        driven.act(leave);
        assert_eq!(writes(&driven.effects), 0);
    }
}

#[test]
fn only_what_is_taken_is_written_and_said() {
    let mut driven = reviewing();
    driven.act(Action::Toggle);
    driven.act(Action::Write);
    assert_eq!(writes(&driven.taken()), 0);
    driven.act(Action::Toggle);
    driven.act(Action::Write);
    let effects = driven.taken();
    let [Effect::Write(change)] = &effects[..] else { panic!("{effects:?}") };
    assert!(driven.wizard.done.is_empty(), "not before it is written");
    driven.tell(Msg::Written(change.path.clone(), Ok(())));
    assert!(driven.wizard.done.iter().any(|done| done.what.contains("untoken.toml")));
    assert_eq!(driven.wizard.screen, Screen::Board);
    assert!(driven.ticket(|read| matches!(read, Read::Look(_))).is_some(), "the files are read again");
}

#[test]
fn a_file_that_cannot_be_written_stays_on_the_screen() {
    let mut driven = reviewing();
    driven.act(Action::Write);
    let path = RelPath::new("untoken.toml").unwrap();
    driven.tell(Msg::Written(path, Err(Report::new(Kind::User, "the file changed since it was read"))));
    assert!(matches!(driven.wizard.screen, Screen::Review(_)));
    assert!(matches!(driven.wizard.overlay, crate::wizard::Overlay::Problem(_)));
    assert!(driven.wizard.done.is_empty());
    assert!(!driven.wizard.failed.is_empty());
}

#[test]
fn without_a_checkout_nothing_can_be_written() {
    let mut driven = reviewing();
    if let Reading::Seen(seen) = &mut driven.wizard.facts.local {
        seen.value.writable = false;
    }
    driven.act(Action::Write);
    assert_eq!(writes(&driven.effects), 0);
    driven.act(Action::Patch);
    assert!(
        matches!(driven.effects.last(), Some(Effect::SavePatch(patch)) if patch.contains("+[package.trust_policy]"))
    );
}

/// On the review of the repairs of all that the workflow publishes: registered, as a person said.
fn repairing() -> Driven {
    let mut driven = Driven::on_board(&[]);
    let step =
        |registry, name| crate::wizard::StepScreen::new(StepKind::RepairWorkflow, registry, vec![id(registry, name)]);
    let mut all = step(Registry::CratesIo, "two");
    all.items.extend(step(Registry::Npm, "@acme/js").items);
    all.items.extend(step(Registry::Pypi, "py").items);
    driven.wizard.queue.push_back(all);
    driven.wizard.next_group();
    driven
}

#[test]
fn repairs_of_several_registries_are_one_diff_and_say_that_the_secret_stays() {
    let mut driven = repairing();
    let Screen::Review(review) = &driven.wizard.screen else { panic!("{:?}", driven.wizard.screen) };
    assert_eq!((review.items.len(), review.refused.len()), (1, 0), "{:?}", review.refused);
    assert!(review.notes.iter().any(|note| note.contains("Keep the secrets")), "{:?}", review.notes);
    let after = String::from_utf8_lossy(&review.items[0].change.after).into_owned();
    assert!(after.matches("id-token: write").count() == 3 && !after.contains("secrets."), "{after}");
    assert_eq!(writes(&driven.effects), 0, "not before it is said");
    driven.act(Action::Write);
    assert_eq!(writes(&driven.effects), 1);
}

#[test]
fn a_repair_that_nothing_is_known_about_is_still_a_step() {
    let mut driven = Driven::on_board(&[]);
    if let Reading::Seen(seen) = &mut driven.wizard.facts.local {
        // The file that publishes it can't be read.
        seen.value.publish_jobs.clear();
        seen.value.unread_workflows = seen.value.workflow_files.iter().map(|file| file.path.clone()).collect();
    }
    let two = vec![id(Registry::CratesIo, "two")];
    driven.wizard.queue.push_back(crate::wizard::StepScreen::new(StepKind::RepairWorkflow, Registry::CratesIo, two));
    driven.wizard.next_group();
    assert!(matches!(driven.wizard.screen, Screen::Step(_)));
}

#[test]
fn a_new_file_is_not_said_to_keep_what_it_never_had() {
    let mut driven = reviewing();
    let Screen::Review(review) = &mut driven.wizard.screen else { panic!("no review") };
    assert!(review.items.iter().all(|item| item.change.before.is_none()), "nothing is declared yet");
    assert_eq!(review.promise(), "Nothing is written yet. The file is new: nothing that is here changes.");
    let mut changed = review.items[0].clone();
    changed.change.before = Some(b"# mine\n".as_slice().into());
    review.items.push(changed);
    assert!(review.promise().contains("Where a file is here already, its comments"), "{}", review.promise());
    review.items.remove(0);
    assert!(review.promise().contains("Your comments, order and line ends stay"), "{}", review.promise());
}

#[test]
fn two_jobs_out_of_one_are_offered_and_left_unless_they_are_chosen() {
    let mut driven = reviewing();
    driven.act(Action::OtherWay);
    let Screen::Review(review) = &mut driven.wizard.screen else { panic!() };
    let plain = review.items[0].change.clone();
    let parted = FileChange { after: b"parted".to_vec().into(), ..plain.clone() };
    let notes = vec!["an artifact is handed over".to_owned()];
    review.items[0].split = Some(super::super::Parting { other: parted.clone(), notes, taken: false });
    assert!(driven.wizard.allows(Action::OtherWay));
    let shown = |driven: &Driven| {
        let Screen::Review(review) = &driven.wizard.screen else { panic!() };
        (review.items[0].change.clone(), review.notes.iter().any(|note| note.contains("artifact")))
    };
    driven.act(Action::OtherWay);
    assert_eq!(shown(&driven), (parted.clone(), true));
    driven.act(Action::OtherWay);
    assert_eq!(shown(&driven), (plain, false));
    driven.act(Action::OtherWay);
    driven.act(Action::Write);
    let effects = driven.taken();
    let [Effect::Write(change)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(*change, parted);
    assert!(!driven.wizard.allows(Action::OtherWay), "it is being written");
}
