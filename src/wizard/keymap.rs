//! The one table of keys: which key means what where, and the word for it in the help bar.
//!
//! Both faces read it: the full screen turns key presses into actions by it, the plain face takes the same letters typed on a
//! line. No key stands anywhere else.

use super::Action;

/// A key press, free of any terminal library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// A character without modifiers (upper case included).
    Char(char),
    /// With Ctrl held.
    Ctrl(char),
    /// Enter
    Enter,
    /// Esc
    Esc,
    /// Arrow up
    Up,
    /// Arrow down
    Down,
    /// Arrow right
    Right,
    /// Page up
    PageUp,
    /// Page down
    PageDown,
    /// Home
    Home,
    /// End
    End,
}

impl Key {
    /// How it is written in the help bar.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Char(' ') => "space".to_owned(),
            Self::Char(c) => c.to_string(),
            Self::Ctrl(c) => format!("ctrl-{c}"),
            Self::Enter => "↵".to_owned(),
            Self::Esc => "esc".to_owned(),
            Self::Up => "↑".to_owned(),
            Self::Down => "↓".to_owned(),
            Self::Right => "→".to_owned(),
            Self::PageUp => "pgup".to_owned(),
            Self::PageDown => "pgdn".to_owned(),
            Self::Home => "home".to_owned(),
            Self::End => "end".to_owned(),
        }
    }

    /// How it is typed on a line of the plain face; `None`: it has no such form, and needs none.
    #[must_use]
    pub fn typed(self) -> Option<String> {
        match self {
            Self::Char(' ') => Some("space".to_owned()),
            Self::Right => Some("open".to_owned()),
            Self::Char(c) => Some(c.to_string()),
            Self::Enter => Some("enter".to_owned()),
            Self::Esc => Some("back".to_owned()),
            _ => None,
        }
    }
}

/// Where a key is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// What was found here.
    Look,
    /// Choosing how to sign in.
    SignInChoose,
    /// The device code is up.
    SignInCode,
    /// Something is being waited for.
    Wait,
    /// A yes or no.
    Confirm,
    /// A line of text is being typed: only Enter and Esc are keys.
    Text,
    /// Where to keep the token.
    Keep,
    /// Home.
    Board,
    /// A step, before it is done.
    Step,
    /// A step that is done in the browser, before it is done.
    StepBrowser,
    /// The message that hands a step over.
    HandOver,
    /// A step that only shows what to do.
    StepRead,
    /// A registry's code is up.
    StepCode,
    /// A step, done or failed.
    StepEnd,
    /// The release that proves, before it is awaited.
    Prove,
    /// A release is watched for, or was seen.
    ProveWatch,
    /// The old secrets.
    Retire,
    /// A secret that the person deletes.
    RetireByHand,
    /// The diffs.
    Review,
    /// A list to read.
    List,
    /// The receipt.
    Receipt,
    /// Help or a problem over the screen.
    Overlay,
}

impl Context {
    /// Whether something can be said while untoken waits.
    #[must_use]
    pub fn waits_and_listens(self) -> bool {
        matches!(self, Self::SignInCode | Self::StepCode | Self::ProveWatch)
    }

    /// All of them.
    pub const ALL: [Self; 22] = [
        Self::Look,
        Self::SignInChoose,
        Self::SignInCode,
        Self::Wait,
        Self::Confirm,
        Self::Text,
        Self::Keep,
        Self::Board,
        Self::Step,
        Self::StepBrowser,
        Self::HandOver,
        Self::StepRead,
        Self::StepCode,
        Self::StepEnd,
        Self::Prove,
        Self::ProveWatch,
        Self::Retire,
        Self::RetireByHand,
        Self::Review,
        Self::List,
        Self::Receipt,
        Self::Overlay,
    ];
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    /// Where.
    pub context: Context,
    /// Which key.
    pub key: Key,
    /// What it means.
    pub action: Action,
    /// The word in the help bar; empty: it works and is not shown there.
    pub label: &'static str,
}

const fn on(context: Context, key: Key, action: Action, label: &'static str) -> Binding {
    Binding { context, key, action, label }
}

use Action as A;
use Context as C;
use Key::Char;

/// Within a context the most useful ones first: a narrow help bar leaves out from the end.
const TABLE: &[Binding] = &[
    on(C::Look, Key::Enter, A::Go, "go on"),
    on(C::Look, Char('r'), A::Refresh, "look again"),
    on(C::SignInChoose, Key::Enter, A::Go, "sign in with a code"),
    on(C::SignInChoose, Char('k'), A::UseStored, "use the kept sign-in"),
    on(C::SignInChoose, Char('e'), A::UseEnvironment, "use the environment's token"),
    on(C::SignInChoose, Char('g'), A::UseGh, "use gh's login"),
    on(C::SignInChoose, Char('t'), A::PasteToken, "paste a token"),
    on(C::SignInChoose, Char('s'), A::Without, "go on without"),
    on(C::SignInCode, Char('o'), A::Open, "open"),
    on(C::SignInCode, Key::Enter, A::Open, ""),
    on(C::SignInCode, Char('c'), A::Copy, "copy code"),
    on(C::SignInCode, Char('v'), A::Visit, "type it for me"),
    on(C::SignInCode, Char('g'), A::UseGh, "use gh's login"),
    on(C::SignInCode, Char('t'), A::PasteToken, "paste a token"),
    on(C::SignInCode, Char('s'), A::Without, "go on without"),
    on(C::SignInCode, Key::Esc, A::Back, "stop"),
    on(C::Wait, Key::Esc, A::Back, "stop waiting"),
    on(C::Confirm, Char('y'), A::Yes, "yes"),
    on(C::Confirm, Key::Enter, A::Yes, ""),
    on(C::Confirm, Char('n'), A::No, "no"),
    on(C::Confirm, Char('o'), A::Open, "open"),
    on(C::Confirm, Key::Esc, A::Back, "back"),
    on(C::Text, Key::Enter, A::Go, "take it"),
    on(C::Text, Key::Esc, A::Back, "back"),
    on(C::Keep, Key::Enter, A::KeepInMemory, "this sitting only"),
    on(C::Keep, Char('f'), A::KeepInFile, "in a file"),
    on(C::Board, Key::Enter, A::Go, "step"),
    on(C::Board, Char('v'), A::Show, "show it all"),
    on(C::Board, Char(' '), A::Toggle, "select"),
    on(C::Board, Char('w'), A::Review, "review"),
    on(C::Board, Char('d'), A::RemoveOld, "old entries"),
    on(C::Board, Char('u'), A::Unlock, "read lists"),
    on(C::Board, Char('s'), A::SignIn, "sign in"),
    on(C::Board, Char('p'), A::Visit, "push for me"),
    on(C::Board, Char('f'), A::Finish, "finish"),
    on(C::Board, Char('n'), A::Next, "next"),
    on(C::Board, Char('r'), A::Refresh, "read again"),
    on(C::Board, Char('a'), A::ToggleAll, "all"),
    on(C::Board, Char('/'), A::Filter, "filter"),
    on(C::Board, Char('x'), A::Secrets, "secrets"),
    on(C::Board, Key::Esc, A::Back, ""),
    on(C::Step, Key::Enter, A::Go, "do it"),
    on(C::Step, Char('b'), A::TakeAll, "take the others"),
    on(C::Step, Char('w'), A::OtherWay, "other way"),
    on(C::Step, Char('h'), A::HandOver, "hand over"),
    on(C::Step, Char('e'), A::Edit, "edit"),
    on(C::Step, Char('v'), A::Show, "show it all"),
    on(C::Step, Char('o'), A::Open, "open page"),
    on(C::Step, Char('c'), A::Copy, "copy value"),
    on(C::Step, Key::Esc, A::Back, "back"),
    on(C::StepBrowser, Char('o'), A::Open, "open page"),
    on(C::StepBrowser, Key::Enter, A::Go, "it is saved"),
    on(C::StepBrowser, Char('c'), A::Copy, "copy value"),
    on(C::StepBrowser, Char('p'), A::Visit, "fill it in for me"),
    on(C::StepBrowser, Char('w'), A::OtherWay, "other way"),
    on(C::StepBrowser, Char('h'), A::HandOver, "hand over"),
    on(C::StepBrowser, Char('b'), A::TakeAll, "take the others"),
    on(C::StepBrowser, Char('e'), A::Edit, "edit"),
    on(C::StepBrowser, Key::Esc, A::Back, "back"),
    on(C::HandOver, Char('c'), A::Copy, "copy it"),
    on(C::HandOver, Key::Esc, A::Back, "back"),
    on(C::HandOver, Key::Enter, A::Back, ""),
    on(C::StepRead, Char('e'), A::Edit, "name the workflow"),
    on(C::StepRead, Char('c'), A::Copy, "copy the lines"),
    on(C::StepRead, Key::Esc, A::Back, "back"),
    on(C::StepRead, Key::Enter, A::Back, ""),
    on(C::StepCode, Char('o'), A::Open, "open"),
    on(C::StepCode, Key::Enter, A::Open, ""),
    on(C::StepCode, Char('c'), A::Copy, "copy code"),
    on(C::StepCode, Char('v'), A::Visit, "approve it for me"),
    on(C::StepCode, Char('t'), A::PasteToken, "type a token"),
    on(C::StepCode, Key::Esc, A::Back, "stop"),
    on(C::StepEnd, Key::Enter, A::Go, "go on"),
    on(C::StepEnd, Char('d'), A::RemoveOld, "old entries"),
    on(C::StepEnd, Char('r'), A::Retry, "again"),
    on(C::StepEnd, Char('w'), A::OtherWay, "other way"),
    on(C::StepEnd, Key::Esc, A::Back, "board"),
    on(C::Prove, Key::Enter, A::Go, "watch for it"),
    on(C::Prove, Char('p'), A::Visit, "release for me"),
    on(C::Prove, Char('c'), A::Copy, "copy commands"),
    on(C::Prove, Char('w'), A::OtherWay, "other way"),
    on(C::Prove, Char('o'), A::Open, "open page"),
    on(C::Prove, Key::Esc, A::Back, "back"),
    on(C::ProveWatch, Key::Enter, A::Go, "go on"),
    on(C::ProveWatch, Char('r'), A::Refresh, "look now"),
    on(C::ProveWatch, Char('p'), A::Visit, "do it for me"),
    on(C::ProveWatch, Char('o'), A::Open, "open the run"),
    on(C::ProveWatch, Key::Esc, A::Back, "board"),
    on(C::ProveWatch, Char('x'), A::Forget, "await no more"),
    on(C::ProveWatch, Char('c'), A::Copy, "copy commands"),
    on(C::Retire, Key::Enter, A::Go, "go on"),
    on(C::Retire, Char('w'), A::OtherWay, "by hand"),
    on(C::Retire, Char('o'), A::Open, "open settings"),
    on(C::Retire, Char('r'), A::Refresh, "read again"),
    on(C::Retire, Key::Esc, A::Back, "board"),
    on(C::RetireByHand, Key::Enter, A::Go, "look again"),
    on(C::RetireByHand, Char('c'), A::Copy, "copy command"),
    on(C::RetireByHand, Char('o'), A::Open, "open settings"),
    on(C::RetireByHand, Key::Esc, A::Back, "back"),
    on(C::Review, Char('w'), A::Write, "write all"),
    on(C::Review, Char(' '), A::Toggle, "take/leave"),
    on(C::Review, Char('o'), A::OtherWay, "one job or two"),
    on(C::Review, Key::Right, A::Show, "open"),
    on(C::Review, Key::Enter, A::Show, ""),
    on(C::Review, Char('p'), A::Patch, "as patch file"),
    on(C::Review, Key::Esc, A::Back, "back"),
    on(C::List, Key::Esc, A::Back, "back"),
    on(C::List, Key::Enter, A::Back, ""),
    on(C::Receipt, Key::Enter, A::Quit, "leave"),
    on(C::Receipt, Key::Esc, A::Back, "board"),
    on(C::Overlay, Key::Enter, A::Back, "close"),
    on(C::Overlay, Key::Esc, A::Back, ""),
];

/// Keys that mean the same wherever no text is typed.
const EVERYWHERE: &[(Key, Action, &str)] = &[
    (Char('?'), A::Help, "help"),
    (Char('q'), A::Quit, "quit"),
    (Key::Up, A::Up, ""),
    (Key::Down, A::Down, ""),
    (Key::PageUp, A::PageUp, ""),
    (Key::PageDown, A::PageDown, ""),
    (Key::Home, A::First, ""),
    (Key::End, A::Last, ""),
];

/// What a key means in a context.
#[must_use]
pub fn action_for(context: Context, key: Key) -> Option<Action> {
    bindings(context).find(|b| b.key == key).map(|b| b.action)
}

/// The key of an action in a context.
#[must_use]
pub fn key_of(context: Context, action: Action) -> Option<Key> {
    bindings(context).find(|b| b.action == action).map(|b| b.key)
}

/// Every binding of a context, its own first.
pub fn bindings(context: Context) -> impl Iterator<Item = Binding> {
    let own = TABLE.iter().copied().filter(move |b| b.context == context);
    let shared = EVERYWHERE
        .iter()
        .filter(move |_| context != Context::Text)
        .map(move |&(key, action, label)| Binding { context, key, action, label });
    own.chain(shared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things_in_one_place() {
        for (i, a) in TABLE.iter().enumerate() {
            for b in &TABLE[i + 1..] {
                assert!(a.context != b.context || a.key != b.key, "{a:?} and {b:?}");
            }
        }
    }

    #[test]
    fn text_takes_every_letter() {
        assert_eq!(action_for(Context::Text, Key::Char('q')), None);
        assert_eq!(action_for(Context::Board, Key::Char('q')), Some(Action::Quit));
    }
}
