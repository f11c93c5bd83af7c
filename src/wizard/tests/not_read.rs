//! A registry whose publishers nobody can read: its steps are a person's, and nothing is claimed for them.

use super::*;
use crate::model::{Existence, NameFacts, PublicFacts, Reading, Rung, Standing, StepKind, Unknown};
use crate::report::{Kind, Report};
use crate::wizard::ItemState;

const POLICIES: &str = "[[package]]
name = \"widgets\"
kind = \"pub\"
[package.trust_policy]
workflow = \"release.yml\"
";

/// On the board with a package of pub.dev, which says that it is there.
fn on_board() -> Driven {
    let file = |path: &str, text: &str| SourceFile::new(RelPath::new(path).unwrap(), text.as_bytes().to_vec());
    let files = vec![
        file("pubspec.yaml", "name: widgets\nversion: 1.0.0\ndescription: d\n"),
        file("untoken.toml", POLICIES),
        file(".github/workflows/release.yml", "on: push\njobs: {}\n"),
    ];
    let local = Local { writable: true, ..crate::runtime::from_files(files, 0, &slug(), None) };
    let at = Timestamp::from_unix(NOW);
    let mut driven = Driven::new();
    driven.answer(|read| matches!(read, Read::Look(_)), ReadAnswer::Look(Ok(Box::new((local, Memory::default(), at)))));
    let unknown = || Unknown::because("pub.dev does not show it");
    let existence = Existence::Exists { latest: Some("1.0.0".to_owned()) };
    let (proof, by_token) = (Reading::Unknown(unknown()), Reading::Unknown(unknown()));
    public(
        &mut driven,
        Ok(PublicFacts { name: NameFacts::default(), existence, newest: None, proof, by_token, locked: None }),
    );
    driven.tell(Msg::Sources(Sources::default()));
    driven.act(Action::Go);
    driven.act(Action::Without);
    assert_eq!(driven.wizard.screen, Screen::Board);
    driven.effects.clear();
    driven
}

fn dart() -> PackageId {
    id(Registry::PubDev, "widgets")
}

fn public(driven: &mut Driven, answer: Result<PublicFacts, Report>) {
    let wanted = Read::Public(dart());
    let answer = answer.map(|facts| (facts, "pub.dev".to_owned(), Timestamp::from_unix(NOW)));
    driven.answer(|read| *read == wanted, ReadAnswer::Public(dart(), Box::new(answer)));
}

fn standing(driven: &Driven, package: &PackageId, rung: Rung) -> Standing {
    driven.wizard.plan.row(package).unwrap().ladder.standing(rung).clone()
}

#[test]
fn a_publisher_is_stated_and_nothing_else_becomes_known() {
    let mut driven = on_board();
    driven.on(&dart());
    driven.act(Action::Go);
    assert!(matches!(&driven.wizard.screen, Screen::Step(step) if step.kind == StepKind::Register));
    driven.act(Action::Go);
    assert_eq!(*driven.stage(), Stage::Saved);
    driven.act(Action::Yes);
    let Standing::Stated { what, .. } = standing(&driven, &dart(), Rung::Registered) else { panic!("not stated") };
    assert_eq!(what, "you said that pub.dev trusts acme/widgets in any environment");
    assert!(matches!(standing(&driven, &dart(), Rung::Proven), Standing::Unknown(_)));
    assert!(!driven.taken().iter().any(|effect| matches!(effect, Effect::Register(..) | Effect::Lend(_))));
}

#[test]
fn a_first_publish_elsewhere_is_looked_up_and_never_taken_for_a_saved_publisher() {
    let package = dart();
    let mut driven = on_board();
    driven.on(&package);
    driven.tell(Msg::Act(Action::Go));
    let Screen::Step(step) = driven.wizard.screen.clone() else { panic!("no step") };
    driven.wizard.screen =
        Screen::Step(crate::wizard::StepScreen::new(StepKind::FirstPublish, step.registry, vec![package.clone()]));
    driven.taken();
    driven.act(Action::Go);
    assert!(matches!(driven.stage(), Stage::LookingAgain(_)), "{package}");
    assert!(matches!(driven.taken()[..], [Effect::Read(_, Read::Public(_))]), "{package}: no tool is lent");
    public(&mut driven, Err(Report::new(Kind::Unreadable, "pub.dev cannot answer right now")));
    let Screen::Step(step) = &driven.wizard.screen else { panic!("no step") };
    assert_eq!(step.stage, Stage::End);
    let ItemState::NotSeen(why) = &step.items[0].state else { panic!("{:?}", step.items[0].state) };
    assert_eq!(why, "pub.dev could not be asked");
    assert!(matches!(standing(&driven, &package, Rung::Registered), Standing::Unknown(_)), "{package}");
}

#[test]
fn their_lists_are_never_asked_for() {
    let mut driven = on_board();
    driven.act(Action::Unlock);
    assert!(!driven.taken().iter().any(|effect| matches!(effect, Effect::Read(_, Read::Publishers(_)))));
    assert_eq!(driven.wizard.screen, Screen::Board);
}
