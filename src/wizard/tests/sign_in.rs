//! Choosing how to sign in, the code and its clock, whose token it is, and where it is kept.

use super::*;
use crate::model::{Identity, TokenReach};
use crate::report::{Kind, Report};
use crate::wizard::{Account, DeviceNews, KeepIn, SignIn, TokenFrom, Trouble};

fn mona() -> Identity {
    Identity { login: "mona".into(), id: Some(1), reach: TokenReach::Scopes(vec!["repo".into()]) }
}

fn stage(driven: &Driven) -> &SignIn {
    match &driven.wizard.screen {
        Screen::SignIn(sign_in) => sign_in,
        other => panic!("not signing in: {other:?}"),
    }
}

fn looked(sources: Sources) -> Driven {
    let mut driven = Driven::new();
    driven.looked();
    driven.tell(Msg::Sources(sources));
    driven.effects.clear();
    driven.act(Action::Go);
    driven
}

fn flow(driven: &Driven) -> Ticket {
    match driven.effects.last() {
        Some(Effect::SignIn(ticket, _)) => *ticket,
        other => panic!("no sign-in was begun: {other:?}"),
    }
}

fn code(driven: &mut Driven, ticket: Ticket) {
    let news = DeviceNews::Code {
        user_code: "WDJB-MJHT".into(),
        verification_uri: "https://github.com/login/device".into(),
        expires: Timestamp::from_unix(NOW + 900),
    };
    driven.tell(Msg::Device(ticket, news));
}

#[test]
fn what_is_at_hand_is_used_without_asking() {
    let from_environment = looked(Sources { environment: Some("GH_TOKEN"), stored: true, ..Sources::default() });
    assert!(matches!(from_environment.effects[..], [Effect::SignIn(_, TokenFrom::Environment)]));
    let stored = looked(Sources { stored: true, ..Sources::default() });
    assert!(matches!(stored.effects[..], [Effect::SignIn(_, TokenFrom::Stored)]));
    let nothing = looked(Sources { gh: true, ..Sources::default() });
    assert!(nothing.effects.is_empty(), "gh is never asked by itself");
    assert_eq!(*stage(&nothing), SignIn::Choose(None));
}

#[test]
fn who_goes_on_before_the_keyring_answered_is_signed_in_all_the_same() {
    let hasty = || {
        let mut driven = Driven::new();
        driven.looked();
        driven.act(Action::Go);
        assert_eq!(*stage(&driven), SignIn::Choose(None));
        driven.effects.clear();
        driven
    };
    let stored = || Msg::Sources(Sources { stored: true, ..Sources::default() });
    let mut driven = hasty();
    driven.tell(stored());
    assert!(matches!(driven.effects[..], [Effect::SignIn(_, TokenFrom::Stored)]), "{:?}", driven.effects);
    let mut chosen = hasty();
    chosen.act(Action::Go);
    chosen.tell(stored());
    assert!(matches!(chosen.effects[..], [Effect::SignIn(_, TokenFrom::Device)]), "a choice is not taken back");
}

#[test]
fn gh_is_asked_only_after_a_yes() {
    let mut driven = looked(Sources { gh: true, ..Sources::default() });
    driven.act(Action::UseGh);
    assert!(driven.effects.is_empty());
    driven.act(Action::Yes);
    assert!(matches!(driven.effects[..], [Effect::SignIn(_, TokenFrom::Gh)]));
}

#[test]
fn the_code_flow_ends_on_the_board_and_offers_to_keep_the_token() {
    let mut driven = looked(Sources::default());
    driven.act(Action::Go);
    let ticket = flow(&driven);
    code(&mut driven, ticket);
    assert!(matches!(stage(&driven), SignIn::Code(code) if code.user_code == "WDJB-MJHT"));
    driven.tell(Msg::Device(ticket, DeviceNews::Trouble("no route".into())));
    assert!(
        matches!(stage(&driven), SignIn::Code(code) if code.trouble.as_ref().is_some_and(|t| t.contains("no route")))
    );
    driven.tell(Msg::SignedIn(ticket, Ok((mona(), "made just now".into()))));
    driven.effects.clear();
    driven.act(Action::Yes);
    assert!(matches!(&driven.wizard.account, Account::SignedIn(identity, _) if identity.login == "mona"));
    assert!(driven.effects.iter().any(|e| matches!(e, Effect::Read(_, Read::Github(..)))));
    assert!(driven.effects.iter().any(|e| matches!(e, Effect::KeepToken(KeepIn::Keyring))));
    driven.tell(Msg::Kept(Ok("in the keyring".into())));
    assert_eq!(driven.wizard.screen, Screen::Board);
}

#[test]
fn not_me_forgets_the_token() {
    let mut driven = looked(Sources::default());
    driven.act(Action::Go);
    let ticket = flow(&driven);
    driven.tell(Msg::SignedIn(ticket, Ok((mona(), "made just now".into()))));
    driven.effects.clear();
    driven.act(Action::No);
    assert!(matches!(driven.effects[..], [Effect::ForgetToken]));
    assert_eq!(driven.wizard.account, Account::Nobody);
}

#[test]
fn a_silent_keyring_can_be_left_waiting_and_none_asks_where() {
    let mut driven = looked(Sources::default());
    driven.act(Action::Go);
    let ticket = flow(&driven);
    driven.tell(Msg::SignedIn(ticket, Ok((mona(), "made just now".into()))));
    driven.act(Action::Yes);
    driven.tell(Msg::Kept(Err(Trouble::Silent)));
    assert_eq!(*stage(&driven), SignIn::Keeping { silent: true });
    driven.effects.clear();
    driven.act(Action::Back);
    assert!(matches!(driven.effects[..], [Effect::KeepToken(KeepIn::Memory)]));
    driven.tell(Msg::Kept(Err(Trouble::Failed(Report::new(Kind::User, "no keyring works here")))));
    assert!(matches!(stage(&driven), SignIn::KeepElsewhere(_)));
    driven.effects.clear();
    driven.act(Action::KeepInFile);
    assert!(matches!(driven.effects[..], [Effect::KeepToken(KeepIn::File)]), "a file only when the person says so");
}

#[test]
fn news_of_a_forgotten_flow_are_dropped() {
    let mut driven = looked(Sources::default());
    driven.act(Action::Go);
    let old = flow(&driven);
    code(&mut driven, old);
    driven.effects.clear();
    driven.act(Action::Back);
    assert!(matches!(driven.effects[..], [Effect::Cancel(ticket)] if ticket == old));
    let before = driven.wizard.clone();
    code(&mut driven, old);
    driven.tell(Msg::SignedIn(old, Ok((mona(), "late".into()))));
    assert_eq!(driven.wizard, before);
}

#[test]
fn a_failed_sign_in_keeps_the_other_ways_open() {
    let mut driven = looked(Sources { gh: true, ..Sources::default() });
    driven.act(Action::Go);
    let ticket = flow(&driven);
    driven.tell(Msg::SignedIn(ticket, Err(Report::new(Kind::User, "GitHub knows no App with this client id"))));
    assert!(matches!(stage(&driven), SignIn::Choose(Some(_))));
    for way in [Action::UseGh, Action::PasteToken, Action::Without, Action::Go] {
        assert!(driven.wizard.allows(way), "{way:?}");
    }
}

#[test]
fn offline_asks_nobody() {
    let mut driven = Driven::with(Settings { offline: true, ..demo() });
    driven.looked();
    driven.act(Action::Go);
    assert_eq!(driven.wizard.screen, Screen::Board);
    let asked = driven
        .effects
        .iter()
        .any(|e| matches!(e, Effect::SignIn(..) | Effect::Read(_, Read::Public(_) | Read::Github(..))));
    assert!(!asked, "{:?}", driven.effects);
}
