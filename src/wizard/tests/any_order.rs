//! Whatever comes in whatever order: no panic, no write that nobody asked for, no secret in the state.

use proptest::prelude::*;

use super::*;
use crate::model::{Identity, NameFacts, TokenReach};
use crate::registry::{Login, Registered};
use crate::report::{Kind, Report};
use crate::wizard::{Context, DeviceNews, Finished, Trouble, bindings};

/// Everything that a key can mean, anywhere.
fn actions() -> Vec<Action> {
    let mut all: Vec<Action> = Context::ALL.into_iter().flat_map(bindings).map(|binding| binding.action).collect();
    all.sort();
    all.dedup();
    assert!(all.contains(&Action::Write) && all.contains(&Action::Quit));
    all
}

#[derive(Debug, Clone)]
enum Happening {
    Act(Action),
    Pick(usize),
    Text(String),
    Secret,
    /// The oldest open read is answered, well or not.
    Answer(bool),
    Registered(u8),
    /// News of a registration that nobody asked for.
    Unasked(u8),
    Device,
    SignedIn(bool),
    Kept(u8),
    Note,
    Returned(bool),
    Written(bool),
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        6 => prop::sample::select(actions()).prop_map(Happening::Act),
        1 => (0_usize..6).prop_map(Happening::Pick),
        1 => "[a-z./ ]{0,12}(\\.yml)?".prop_map(Happening::Text),
        1 => Just(Happening::Secret),
        2 => any::<bool>().prop_map(Happening::Answer),
        2 => (0_u8..5).prop_map(Happening::Registered),
        1 => (0_u8..5).prop_map(Happening::Unasked),
        1 => Just(Happening::Device),
        1 => any::<bool>().prop_map(Happening::SignedIn),
        1 => (0_u8..3).prop_map(Happening::Kept),
        1 => Just(Happening::Note),
        1 => any::<bool>().prop_map(Happening::Returned),
        1 => any::<bool>().prop_map(Happening::Written),
    ]
}

fn answer(driven: &mut Driven, well: bool) {
    let Some((&ticket, read)) = driven.wizard.reads.iter().next() else { return };
    let at = Timestamp::from_unix(NOW);
    let failed = || Report::new(Kind::Unreadable, "no answer");
    let answer = match read.clone() {
        Read::Look(_) => {
            ReadAnswer::Look(if well { Ok(Box::new((local(), Memory::default(), at))) } else { Err(failed()) })
        }
        Read::Github(..) => ReadAnswer::Github(Box::default(), Memory::default()),
        Read::Journal => ReadAnswer::Journal(Memory::default()),
        Read::Actions(_) => ReadAnswer::Actions(Vec::new()),
        Read::Public(id) => {
            let existence = if well { Existence::Exists { latest: None } } else { Existence::Absent };
            let facts = PublicFacts {
                newest: None,
                name: NameFacts::default(),
                existence,
                proof: Reading::NotRead,
                by_token: Reading::NotRead,
                locked: None,
            };
            ReadAnswer::Public(id, Box::new(Ok((facts, "test".into(), at))))
        }
        Read::Publishers(id) => ReadAnswer::Publishers(
            id,
            if well { Ok((vec![entry("1", None)], "test".into(), at)) } else { Err(Trouble::SecondFactor) },
        ),
        Read::Owners { package, .. } => {
            let owners = if well { Reading::seen(Vec::new(), "test", at) } else { Reading::NotRead };
            ReadAnswer::Owners(package, crate::wizard::OwnersSeen { owners, account: None })
        }
        Read::Environment(id, ..) => ReadAnswer::Environment(id, if well { Ok(None) } else { Err(failed()) }),
        Read::Secrets => ReadAnswer::Secrets(Err(failed())),
        Read::Covers(ids) => {
            ReadAnswer::Covers(if well { Ok(ids.into_iter().map(|id| id.name).collect()) } else { Err(failed()) })
        }
        Read::Guard(..) => ReadAnswer::Guard(crate::model::GuardFacts::default()),
        Read::Login(registry) => {
            ReadAnswer::Login(registry, if well { Ok(Login::As("mona".into())) } else { Err(failed()) })
        }
    };
    driven.tell(Msg::Read(ticket, Box::new(answer)));
}

/// The packages whose registration was asked for and has not ended: the world answers only what was asked.
fn pending(driven: &Driven) -> Option<PackageId> {
    driven.effects.iter().rev().find_map(|effect| match effect {
        Effect::Register(package, _) | Effect::Renew(package, ..) => Some(package.clone()),
        _ => None,
    })
}

fn registered(package: PackageId, how: u8) -> Msg {
    let failed = Report::new(Kind::User, "refused");
    let result = match how {
        0 => Ok(Registered::Done(held("1"))),
        1 => Ok(Registered::NotSeen("not yet".into())),
        2 => Err(Trouble::SecondFactor),
        3 => Err(Trouble::Credential(failed)),
        _ => Err(Trouble::Failed(failed)),
    };
    Msg::Registered(package, result)
}

/// The newest sign-in that was begun.
fn flow(driven: &Driven) -> Option<Ticket> {
    driven.effects.iter().rev().find_map(|effect| match effect {
        Effect::SignIn(ticket, _) => Some(*ticket),
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
            if let Some(package) = pending(driven) {
                driven.tell(registered(package, how));
            }
        }
        Happening::Unasked(how) => driven.tell(registered(id(Registry::CratesIo, "two"), how)),
        Happening::Device => {
            let news = DeviceNews::Code {
                user_code: "WDJB-MJHT".into(),
                verification_uri: "https://github.com/login/device".into(),
                expires: Timestamp::from_unix(NOW + 900),
            };
            if let Some(ticket) = flow(driven) {
                driven.tell(Msg::Device(ticket, news));
            }
        }
        Happening::SignedIn(well) => {
            let identity = Identity { login: "mona".into(), id: Some(1), reach: TokenReach::Untold };
            let result = if well { Ok((identity, "pasted".into())) } else { Err(Report::new(Kind::User, "not taken")) };
            if let Some(ticket) = flow(driven) {
                driven.tell(Msg::SignedIn(ticket, result));
            }
        }
        Happening::Kept(how) => driven.tell(Msg::Kept(match how {
            0 => Ok("in the keyring".into()),
            1 => Err(Trouble::Silent),
            _ => Err(Trouble::Failed(Report::new(Kind::User, "no keyring works here"))),
        })),
        Happening::Note => driven.tell(Msg::Note("opened in your browser".into())),
        Happening::Returned(well) => {
            driven.tell(Msg::Returned(if well { Finished::Well } else { Finished::Badly("exit status 1".into()) }));
        }
        Happening::Written(well) => {
            let result = if well { Ok(()) } else { Err(Report::new(Kind::User, "changed meanwhile")) };
            driven.tell(Msg::Written(RelPath::new("untoken.toml").unwrap(), result));
        }
    }
}

fn awaited(driven: &Driven, package: &PackageId) -> bool {
    matches!(&driven.wizard.screen, Screen::Step(step) if step.awaits(package))
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
            let unasked = matches!(what, Happening::Unasked(_)) && !awaited(&driven, &id(Registry::CratesIo, "two"));
            step(&mut driven, what.clone());
            for effect in &driven.effects[before..] {
                let writes = matches!(effect, Effect::Write(_));
                prop_assert!(!unasked || !matches!(effect, Effect::Register(..)), "news of nothing began something");
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
