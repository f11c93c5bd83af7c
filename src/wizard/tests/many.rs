//! A step for fifty packages: counted, what went wrong once with its hint, and no line for each.

use super::*;
use crate::model::StepKind;
use crate::report::{Kind, Report};
use crate::wizard::{ItemState, Para, StepScreen};

const MANY: usize = 50;

fn name(number: usize) -> String {
    format!("@acme/many-{number:02}")
}

fn refused(number: usize) -> ItemState {
    let path = name(number).replace('/', "%2f");
    let report = Report::new(Kind::User, format!("403 Forbidden - GET /-/package/{path}/trust"));
    ItemState::Failed(report.hint(format!("your account must be allowed to write {}", name(number))))
}

/// The step with the states that `state` gives, on its stage.
pub(crate) fn step(stage: Stage, state: impl Fn(usize) -> ItemState) -> Driven {
    let packages: Vec<PackageId> = (1..=MANY).map(|number| id(Registry::Npm, &name(number))).collect();
    let mut driven = Driven::on_board_of(many(MANY), &packages);
    let mut step = StepScreen::new(StepKind::Register, Registry::Npm, packages);
    step.stage = stage;
    for (at, item) in step.items.iter_mut().enumerate() {
        item.state = state(at + 1);
    }
    driven.wizard.screen = Screen::Step(step);
    driven
}

/// Ended, with four refusals of the same kind and one of another.
pub(crate) fn half_failed() -> Driven {
    step(Stage::End, |number| match number {
        4 | 9 | 23 | 41 => refused(number),
        30 => ItemState::Failed(Report::new(Kind::User, "npm did not answer").hint("try again with r")),
        _ => ItemState::Done(format!("entry {number}, read back")),
    })
}

fn text(driven: &Driven) -> String {
    let line = |para: &Para| match para {
        Para::Text(text) | Para::Faint(text) | Para::Strong(text) | Para::Marked(_, text) => text.clone(),
        other => format!("{other:?}"),
    };
    driven.wizard.ask().body.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_same_failure_is_told_once_with_its_hint_and_every_name() {
    let text = text(&half_failed());
    assert!(text.starts_with("45 of 50 done, 5 failed."), "{text}");
    assert_eq!(text.matches("403 Forbidden").count(), 1, "{text}");
    assert!(text.contains("4 packages failed: 403 Forbidden - GET /-/package/…/trust"), "{text}");
    assert!(text.contains("your account must be allowed to write …"), "{text}");
    assert!(text.contains(&[4, 9, 23, 41].map(name).join(", ")), "{text}");
    assert!(text.contains("@acme/many-30  failed: npm did not answer") && text.contains("try again with r"), "{text}");
    assert!(text.contains("@acme/many-50  done") && text.contains("and 42 before them"), "{text}");
}

#[test]
fn while_it_runs_the_one_that_is_asked_about_comes_first() {
    let driven = step(Stage::Running, |number| match number {
        1..=3 => refused(number),
        4..=20 => ItemState::Done("read back".to_owned()),
        21 => ItemState::Running,
        _ => ItemState::Waiting,
    });
    let text = text(&driven);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "17 of 50 done, 3 failed, 29 waiting.");
    assert!(lines[1].starts_with("@acme/many-21  asking npm"), "{text}");
    assert!(lines[2].starts_with("3 packages failed"), "{text}");
    assert!(lines.len() < 12, "{text}");
}

#[test]
fn before_it_begins_the_first_ones_are_named() {
    let text = text(&step(Stage::Explain, |_| ItemState::Waiting));
    assert!(text.starts_with("@acme/many-01, @acme/many-02, @acme/many-03 and 47 more\n"), "{text}");
    assert!(text.contains("50 packages take 150 calls of npm"), "{text}");
}

#[test]
fn a_receipt_of_fifty_names_the_ends_of_their_publishers_once() {
    let mut driven = half_failed();
    let at = Timestamp::from_unix(NOW);
    for number in 1..=MANY {
        let package = id(Registry::Npm, &name(number));
        let list = vec![PublisherEntry { created: Some(at), ..entry(&number.to_string(), None) }];
        let facts = driven.wizard.facts.registries.entry(package).or_default();
        facts.publishers = Reading::seen(list, "test", at);
    }
    driven.tell(Msg::Act(Action::Back));
    driven.wizard.replan();
    driven.act(Action::Finish);
    let text = text(&driven);
    assert!(text.contains("50 publishers on npm lapse from"), "{text}");
    assert_eq!(text.matches("lapse").count(), 1, "{text}");
    assert!(text.contains("@acme/many-01, @acme/many-02, @acme/many-03 and 47 more (npm)"), "{text}");
}
