//! The core of untoken: what it knows, which screen is up, and what follows from each message.
//!
//! [`Wizard`] is plain data. [`Wizard::update`] takes a message, changes that data and answers with effects; it never waits,
//! never fails, reads no clock, and knows no terminal. Everything that happens in the world is a message, and everything
//! that untoken does to the world is an [`Effect`].

mod action;
mod ask;
mod board;
mod effect;
mod environment;
mod keymap;
mod look;
mod msg;
mod prove;
mod prove_words;
mod receipt;
mod remember;
mod retire;
mod retire_fate;
mod retire_words;
mod review;
mod shown;
mod sign_in;
mod step;
mod step_access;
mod step_ahead;
mod step_copy;
mod step_credential;
mod step_edit;
mod step_first;
mod step_flow;
mod step_items;
mod step_lock;
mod step_news;
mod step_old;
mod step_words;
#[cfg(test)]
pub(crate) mod tests;
mod update;
mod watch;

pub use action::Action;
pub use ask::{Ask, AskKind, Item, Mark, Para};
pub use board::{Board, heading};
pub use effect::{Effect, Intent, KeepIn, Lending, Read, Scope, Ticket, TokenFrom};
pub use keymap::{Binding, Context, Key, action_for, bindings, key_of};
pub use msg::{DeviceNews, Finished, Msg, ReadAnswer, Sources, Trouble};
pub use prove::Prove;
pub use receipt::Done;
pub use retire::{Retire, RetireStage};
pub use review::{Parting, Review, ReviewItem, changed_lines, refused_paras};
pub use sign_in::{DeviceCode, SignIn};
pub use step::{Aim, ItemState, Stage, StepItem, StepScreen};
pub use step_access::OwnersSeen;
pub use step_credential::CodeWords;
pub use watch::{Look, LookAtRuns, Looked, PublicSeen, RunsSeen, Watch};

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::model::{Identity, Reading, Registry, RelPath, RepoSlug, Timestamp, ToolsFound};
use crate::plan::{Answers, Facts, Plan};
use crate::registry::Endpoints;
use crate::report::Report;

/// What the command line and the environment decided before the first message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Never ask GitHub or a registry.
    pub offline: bool,
    /// The config file that was named, if one was.
    pub config: Option<RelPath>,
    /// Whose GitHub App signs in, in words for a person.
    pub app: String,
    /// What was found of the person's own tools, asked for their versions once.
    pub tools: ToolsFound,
    /// Services that are not the real ones, for the screen to say so.
    pub overridden: Vec<&'static str>,
    /// The demo: the sandbox stands in for the world.
    pub demo: Option<Demo>,
}

/// What the demo offers besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demo {
    /// The sandbox's credentials that a person would type, a registry each: they open nothing in the real world.
    pub tokens: BTreeMap<Registry, String>,
    /// What this machine lacks for the whole demo, as fragments.
    pub left_out: Vec<String>,
}

/// Who untoken works as on GitHub.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Account {
    /// Nobody yet, or on purpose: public facts only.
    #[default]
    Nobody,
    /// This account; the text says where the token came from.
    SignedIn(Identity, String),
}

/// The screens.
#[derive(Debug, Clone, PartialEq)]
pub enum Screen {
    /// What was found here; `Some`: why the look failed.
    Look(Option<Report>),
    /// Signing in to GitHub.
    SignIn(SignIn),
    /// Home.
    Board,
    /// One step of one or several packages.
    Step(StepScreen),
    /// The release that proves, named and watched for.
    Prove(Prove),
    /// The old secrets of packages, to be deleted one by one.
    Retire(Retire),
    /// Every pending change as a diff.
    Review(Review),
    /// The names of secrets.
    Secrets,
    /// What was done, and what is open.
    Receipt,
}

/// What lies over the screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Overlay {
    /// Nothing.
    #[default]
    None,
    /// The keys.
    Help,
    /// All rungs of the package under the cursor, and the findings.
    Rungs,
    /// Something went wrong; stays until dismissed.
    Problem(Report),
    /// Really leave, with this unfinished?
    Leave(String),
}

/// The whole state.
#[derive(Debug, Clone, PartialEq)]
pub struct Wizard {
    /// Decided before.
    pub settings: Settings,
    /// Everything that was read.
    pub facts: Facts,
    /// What the person decided instead.
    pub answers: Answers,
    /// What follows from both.
    pub plan: Plan,
    /// Who is signed in.
    pub account: Account,
    /// Where a token could come from.
    pub sources: Option<Sources>,
    /// The screen that is up.
    pub screen: Screen,
    /// What lies over it.
    pub overlay: Overlay,
    /// Home's own state, kept while other screens are up.
    pub board: Board,
    /// Steps of groups of packages that wait for their turn.
    pub queue: VecDeque<StepScreen>,
    /// Releases that are watched for, a workflow each.
    pub watches: Vec<Watch>,
    /// Registries whose credential the runtime holds for this sitting.
    pub credentials: BTreeSet<Registry>,
    /// What was done, for the receipt.
    pub done: Vec<Done>,
    /// What was tried in this sitting and did not work so far: packages and files by name.
    pub failed: BTreeSet<String>,
    /// A line about the last thing that happened.
    pub status: Option<String>,
    /// Reads under way.
    pub reads: BTreeMap<Ticket, Read>,
    /// It is left as soon as what was written has been read again: the receipt tells of it.
    pub leaving: bool,
    /// How many rows a page has, for moving by pages; told by the face.
    pub page: usize,
    next_ticket: u64,
    newer: remember::Newer,
}

impl Wizard {
    /// Nothing known yet.
    #[must_use]
    pub fn new(settings: Settings, endpoints: Endpoints, now: Timestamp) -> Self {
        let facts = Facts { tools: settings.tools.clone(), ..Facts::new(endpoints, now) };
        Self {
            settings,
            facts,
            answers: Answers::default(),
            plan: Plan::default(),
            account: Account::default(),
            sources: None,
            screen: Screen::Look(None),
            overlay: Overlay::None,
            board: Board::default(),
            queue: VecDeque::new(),
            watches: Vec::new(),
            credentials: BTreeSet::new(),
            done: Vec::new(),
            failed: BTreeSet::new(),
            status: None,
            reads: BTreeMap::new(),
            leaving: false,
            page: 10,
            next_ticket: 0,
            newer: remember::Newer::default(),
        }
    }

    /// The repository, as far as it is known.
    #[must_use]
    pub fn slug(&self) -> Option<&RepoSlug> {
        self.facts.slug()
    }

    /// Whether something on the screen moves with time: a countdown or a spinner.
    #[must_use]
    pub fn is_animating(&self) -> bool {
        let screen = match &self.screen {
            Screen::Look(failed) => failed.is_none() && matches!(self.facts.local, Reading::NotRead),
            Screen::SignIn(sign_in) => sign_in.is_waiting(),
            Screen::Step(step) => step.is_running(),
            Screen::Prove(prove) => self.watch_of(prove).is_some_and(Watch::goes_on),
            Screen::Retire(retire) => matches!(retire.stage, RetireStage::Reading(_) | RetireStage::Deleting),
            Screen::Board | Screen::Review(_) | Screen::Secrets | Screen::Receipt => false,
        };
        screen || !self.reads.is_empty()
    }

    /// Whether a write is under way, which runs to its end.
    #[must_use]
    pub fn is_writing(&self) -> bool {
        match &self.screen {
            Screen::Step(step) => step.is_changing(),
            Screen::Review(review) => review.is_writing(),
            Screen::Retire(retire) => retire.stage == RetireStage::Deleting,
            _ => false,
        }
    }

    fn ticket(&mut self) -> Ticket {
        self.next_ticket += 1;
        Ticket(self.next_ticket)
    }

    /// Starts a read and remembers its ticket.
    fn read(&mut self, read: Read) -> Effect {
        let ticket = self.ticket();
        self.reads.insert(ticket, read.clone());
        Effect::Read(ticket, read)
    }

    /// Judges the facts anew, and keeps the cursor on the board.
    fn replan(&mut self) {
        self.plan = Plan::make(&self.facts, &self.answers);
        let last = self.board.visible(&self.plan).len().saturating_sub(1);
        self.board.cursor = self.board.cursor.min(last);
        let known: BTreeSet<_> = self.plan.rows.iter().map(|row| row.package.id.clone()).collect();
        self.board.selected.retain(|id| known.contains(id));
    }

    /// Where the person is, for the breadcrumb.
    #[must_use]
    pub fn crumbs(&self) -> Vec<String> {
        match &self.screen {
            Screen::Look(_) => vec!["LOOK".into(), "sign in".into(), "board".into()],
            Screen::SignIn(_) => vec!["look".into(), "SIGN IN".into(), "board".into()],
            Screen::Board => vec!["look".into(), "BOARD".into()],
            Screen::Step(step) => {
                let who = match step.items.as_slice() {
                    [one] => one.package.name.to_string(),
                    many => format!("{} packages", many.len()),
                };
                vec!["board".into(), who, step.kind.label().to_uppercase()]
            }
            Screen::Prove(prove) => {
                let who = match prove.packages.as_slice() {
                    [one] => one.name.to_string(),
                    many => format!("{} packages", many.len()),
                };
                vec!["board".into(), who, "PROVE".into()]
            }
            Screen::Retire(retire) => {
                let who = match retire.packages.as_slice() {
                    [one] => one.name.to_string(),
                    many => format!("{} packages", many.len()),
                };
                vec!["board".into(), who, "RETIRE".into()]
            }
            Screen::Review(_) => vec!["board".into(), "REVIEW".into()],
            Screen::Secrets => vec!["board".into(), "SECRETS".into()],
            Screen::Receipt => vec!["board".into(), "RECEIPT".into()],
        }
    }
}
