//! Whatever comes in whatever order: no panic, no write that nobody asked for, no secret in the state.

use proptest::prelude::*;

use super::*;
use crate::registry::{Login, Registered};
use crate::report::{Kind, Report};
use crate::wizard::{Finished, Trouble};

const ACTIONS: [Action; 24] = [
    Action::Go,
    Action::Back,
    Action::Help,
    Action::Up,
    Action::Down,
    Action::PageDown,
    Action::Last,
    Action::Yes,
    Action::No,
    Action::Refresh,
    Action::Retry,
    Action::Open,
    Action::Copy,
    Action::PasteToken,
    Action::Without,
    Action::Toggle,
    Action::ToggleAll,
    Action::Next,
    Action::Filter,
    Action::Unlock,
    Action::Review,
    Action::Edit,
    Action::OtherWay,
    Action::Write,
];

#[derive(Debug, Clone)]
enum Happening {
    Act(Action),
    Pick(usize),
    Text(String),
    Secret,
    /// The oldest open read is answered, well or not.
    Answer(bool),
    Registered(u8),
    Returned(bool),
    Written(bool),
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        6 => prop::sample::select(&ACTIONS[..]).prop_map(Happening::Act),
        1 => (0_usize..6).prop_map(Happening::Pick),
        1 => "[a-z./ ]{0,12}(\\.yml)?".prop_map(Happening::Text),
        1 => Just(Happening::Secret),
        2 => any::<bool>().prop_map(Happening::Answer),
        2 => (0_u8..5).prop_map(Happening::Registered),
        1 => any::<bool>().prop_map(Happening::Returned),
        1 => any::<bool>().prop_map(Happening::Written),
    ]
}

fn answer(driven: &mut Driven, well: bool) {
    let Some((&ticket, read)) = driven.wizard.reads.iter().next() else { return };
    let at = Timestamp::from_unix(NOW);
    let failed = || Report::new(Kind::Unreadable, "no answer");
    let answer = match read.clone() {
        Read::Look(_) => ReadAnswer::Look(if well { Ok((local(), Memory::default(), at)) } else { Err(failed()) }),
        Read::Github(..) => ReadAnswer::Github(crate::model::GithubFacts::default(), Memory::default()),
        Read::Public(id) => {
            let existence = if well { Existence::Exists { latest: None } } else { Existence::Absent };
            let facts = PublicFacts { existence, proof: Reading::NotRead, locked: None };
            ReadAnswer::Public(id, Ok((facts, "test".into(), at)))
        }
        Read::Publishers(id) => ReadAnswer::Publishers(
            id,
            if well { Ok((vec![entry("1", None)], "test".into(), at)) } else { Err(Trouble::SecondFactor) },
        ),
        Read::Login(registry) => {
            ReadAnswer::Login(registry, if well { Ok(Login::As("mona".into())) } else { Err(failed()) })
        }
    };
    driven.tell(Msg::Read(ticket, Box::new(answer)));
}

/// The packages whose registration was asked for and has not ended: the world answers only what was asked.
fn pending(driven: &Driven) -> Option<PackageId> {
    driven.effects.iter().rev().find_map(|effect| match effect {
        Effect::Register(package, _) => Some(package.clone()),
        _ => None,
    })
}

fn step(driven: &mut Driven, what: Happening) {
    match what {
        Happening::Act(action) => driven.act(action),
        Happening::Pick(index) => driven.tell(Msg::Pick(index)),
        Happening::Text(text) => driven.tell(Msg::Text(text)),
        Happening::Secret => driven.tell(Msg::Secret("canary-not-a-token".to_owned().into())),
        Happening::Answer(well) => answer(driven, well),
        Happening::Registered(how) => {
            let Some(package) = pending(driven) else { return };
            let failed = Report::new(Kind::User, "refused");
            driven.tell(Msg::Registered(
                package,
                match how {
                    0 => Ok(Registered::Done(entry("1", None))),
                    1 => Ok(Registered::NotSeen("not yet".into())),
                    2 => Err(Trouble::SecondFactor),
                    3 => Err(Trouble::Credential(failed)),
                    _ => Err(Trouble::Failed(failed)),
                },
            ));
        }
        Happening::Returned(well) => {
            driven.tell(Msg::Returned(if well { Finished::Well } else { Finished::Badly("exit status 1".into()) }));
        }
        Happening::Written(well) => {
            let result = if well { Ok(()) } else { Err(Report::new(Kind::User, "changed meanwhile")) };
            driven.tell(Msg::Written(RelPath::new("untoken.toml").unwrap(), result));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn nothing_breaks_and_nothing_is_written_unasked(happenings in prop::collection::vec(happening(), 1..60)) {
        let mut driven = Driven::on_board(&[id(Registry::CratesIo, "one"), id(Registry::Npm, "@acme/js")]);
        for what in happenings {
            let before = driven.effects.len();
            let on_review = matches!(driven.wizard.screen, Screen::Review(_));
            let asked = matches!(what, Happening::Act(Action::Write));
            step(&mut driven, what.clone());
            for effect in &driven.effects[before..] {
                let writes = matches!(effect, Effect::Write(_));
                prop_assert!(!writes || (asked && on_review), "{what:?} wrote a file");
                if let Effect::Register(package, publisher) = effect {
                    let wanted = driven.wizard.plan.row(package).map(|row| row.wanted.clone());
                    prop_assert_eq!(wanted, Some(Ok(publisher.clone())));
                }
            }
            let state = format!("{:?}", driven.wizard);
            prop_assert!(!state.contains("canary"), "a secret is in the state");
            // Every state has words, and a way on: something to do, to type, or something that is awaited.
            let ask = driven.wizard.ask();
            prop_assert!(!ask.title.is_empty());
            let typed = matches!(ask.kind, crate::wizard::AskKind::Text { .. } | crate::wizard::AskKind::Secret { .. });
            let ways = crate::wizard::bindings(driven.wizard.context()).filter(|b| driven.wizard.allows(b.action)).count();
            prop_assert!(typed || ways > 0);
        }
    }
}
