//! Home: the cursor, selecting, the filter, and which step comes next.

use super::*;
use crate::model::StepKind;

fn all() -> Vec<PackageId> {
    local().packages.into_iter().map(|package| package.id).collect()
}

#[test]
fn the_next_step_of_each_package_is_offered() {
    let one = id(Registry::CratesIo, "one");
    let driven = Driven::on_board(&[one.clone(), id(Registry::Npm, "@acme/js")]);
    let next = |id: &PackageId| driven.wizard.plan.row(id).unwrap().next().unwrap().kind;
    assert_eq!(next(&one), StepKind::Register);
    assert_eq!(next(&id(Registry::CratesIo, "two")), StepKind::FirstPublish);
    assert_eq!(next(&id(Registry::Pypi, "py")), StepKind::Register, "a pending publisher needs no first publish");
}

#[test]
fn selected_packages_are_taken_registry_by_registry() {
    let mut driven = Driven::on_board(&all());
    driven.act(Action::ToggleAll);
    driven.act(Action::Go);
    let mut seen = Vec::new();
    while let Screen::Step(step) = &mut driven.wizard.screen {
        seen.push((step.registry, step.items.len()));
        step.stage = Stage::End;
        driven.act(Action::Go);
    }
    assert_eq!(seen, [(Registry::CratesIo, 2), (Registry::Npm, 1), (Registry::Pypi, 1)]);
    assert_eq!(driven.wizard.screen, Screen::Board);
    assert!(driven.wizard.board.selected.is_empty());
}

#[test]
fn the_filter_narrows_and_esc_clears_it() {
    let mut driven = Driven::on_board(&all());
    driven.act(Action::Filter);
    driven.tell(Msg::Text("npm".into()));
    assert_eq!(driven.wizard.board.visible(&driven.wizard.plan).len(), 1);
    driven.act(Action::Back);
    assert_eq!(driven.wizard.board.visible(&driven.wizard.plan).len(), 4);
    driven.act(Action::Filter);
    driven.act(Action::Back);
    assert_eq!(driven.wizard.board.visible(&driven.wizard.plan).len(), 4);
}

#[test]
fn the_cursor_stays_among_the_rows() {
    let mut driven = Driven::on_board(&all());
    for action in [Action::Up, Action::PageUp, Action::First] {
        driven.act(action);
        assert_eq!(driven.wizard.board.cursor, 0);
    }
    for action in [Action::Last, Action::Down, Action::PageDown] {
        driven.act(action);
        assert_eq!(driven.wizard.board.cursor, 3);
    }
}

#[test]
fn reading_the_lists_asks_for_a_credential_first_and_registers_nothing() {
    let mut driven = Driven::on_board(&all());
    driven.act(Action::Unlock);
    assert_eq!(*driven.stage(), Stage::Credential(None));
    driven.tell(Msg::Secret("cio-not-a-token".to_owned().into()));
    let one = id(Registry::CratesIo, "one");
    let list = vec![entry("1", None)];
    let at = Timestamp::from_unix(NOW);
    let wanted = Read::Publishers(one.clone());
    driven.answer(|read| *read == wanted, ReadAnswer::Publishers(one.clone(), Ok((list, "test".into(), at))));
    assert!(driven.wizard.plan.row(&one).unwrap().ladder.standing(crate::model::Rung::Registered).settled());
    assert!(!driven.effects.iter().any(|e| matches!(e, Effect::Register(..))));
}
