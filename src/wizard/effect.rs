//! Everything that untoken can do to the world, as the core asks for it.

use secrecy::SecretString;

use super::Look;
use crate::journal::Event;
use crate::model::{
    ActionTag, Asked, EnvironmentName, EnvironmentWish, FileChange, Package, PackageId, PrivateFile, PublisherEntry,
    Registry, RepoSlug, SecretHome, SecretName, StepKind, ToolCall, TrustedPublisher,
};

/// Names a read, so that a late answer to a forgotten question can be told and dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Ticket(pub(super) u64);

impl Ticket {
    /// For a single question outside the wizard.
    pub const FIRST: Self = Self(0);
}

/// What follows from a look at the checkout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// GitHub and the registries are read again too.
    Everything,
    /// Only the files have changed: what is known of the rest stays.
    Checkout,
}

/// Something to read. Reads change nothing and can be cancelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// The checkout.
    Look(Scope),
    /// The journal alone.
    Journal,
    /// GitHub's facts about a repository.
    Github(RepoSlug, Asked),
    /// A package's public facts.
    Public(PackageId),
    /// A package's publishers, with the person's credential.
    Publishers(PackageId),
    /// The names of secrets with who uses them: everything that this rests on is read anew.
    Secrets,
    /// What the lock of these packages would hold for.
    Covers(Vec<PackageId>),
    /// Who the person's own tool is logged in as.
    Login(Registry),
    /// Who owns a package; and who the person's own tool is logged in as, where that is to be asked as well.
    Owners {
        /// The package.
        package: PackageId,
        /// Ask the tool too.
        account: bool,
    },
    /// The environment that a package is published from.
    Environment(PackageId, RepoSlug, EnvironmentName),
    /// Who can change what a release rests on: the default branch is named.
    Guard(RepoSlug, String),
    /// Which commits these tags of actions are.
    Actions(Vec<ActionTag>),
}

/// Where a GitHub token comes from.
#[derive(Debug, Clone)]
pub enum TokenFrom {
    /// The device flow: codes and waiting.
    Device,
    /// The environment.
    Environment,
    /// An earlier sign-in.
    Stored,
    /// gh.
    Gh,
    /// The person's clipboard.
    Pasted(SecretString),
}

/// Where a GitHub token is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeepIn {
    /// The operating system's keyring.
    Keyring,
    /// A file that only this account may read.
    File,
    /// This process.
    Memory,
}

/// What a lent terminal is to change, for the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// For which package.
    pub package: PackageId,
    /// By which step.
    pub step: StepKind,
    /// What, as a fragment.
    pub what: String,
}

/// Commands that get the terminal, one after the other, until one fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lending {
    /// The commands.
    pub calls: Vec<ToolCall>,
    /// What they want to find in the private folder.
    pub files: Vec<PrivateFile>,
    /// The package that they are about; its folder is where they may run.
    pub package: Option<Package>,
    /// What they change; `None`: nothing that the journal should know (a login, a second factor).
    pub intent: Option<Intent>,
}

impl Lending {
    /// One command that changes nothing the journal should know.
    /// It is for a login, a second factor, or a change whose outcome is read elsewhere.
    #[must_use]
    pub fn of(call: ToolCall, package: Option<Package>) -> Self {
        Self { calls: vec![call], files: Vec::new(), package, intent: None }
    }
}

/// Something to do.
#[derive(Debug, Clone)]
pub enum Effect {
    // reads
    /// Read something.
    Read(Ticket, Read),
    /// Look, after a while, at what came of a release.
    Watch(Ticket, Box<Look>),
    /// Forget a read or a look.
    Cancel(Ticket),
    /// See where a GitHub token could come from.
    FindSources,
    /// Get a GitHub token and ask whose it is.
    SignIn(Ticket, TokenFrom),
    // the sitting
    /// Keep the GitHub token.
    KeepToken(KeepIn),
    /// Hold the GitHub token no longer in this sitting; where it is kept, it stays.
    DropToken,
    /// Forget the GitHub token ("that is not me"): revoke what untoken obtained itself.
    ForgetToken,
    /// Have a registry hand out a credential by a code, and hold it for this sitting.
    Authorize(Ticket, Registry),
    /// Let a one-time code go along with the next calls to a registry.
    TakeCode(Registry, SecretString),
    /// Keep a registry's credential for this sitting.
    KeepCredential(Registry, SecretString),
    /// Open a page in the browser.
    Open(String),
    /// Send a text to the clipboard.
    Copy(String),
    /// The demo: do at this page what the person in the browser would do, with these values by field name.
    Visit(String, Vec<(String, String)>),
    // changes: each is journalled before and after, and runs to its end
    /// Make a package's record.
    Create(PackageId),
    /// Register a publisher.
    Register(PackageId, TrustedPublisher),
    /// Have a registry refuse tokens for a package.
    Lock(PackageId),
    /// Delete a secret at GitHub that served this package.
    DeleteSecret(PackageId, RepoSlug, SecretHome, SecretName),
    /// Take these entries away, which may have lapsed, and register the same publisher again.
    Renew(PackageId, TrustedPublisher, Vec<PublisherEntry>),
    /// Take an old entry away that a new one stands beside.
    Unregister(PackageId, PublisherEntry),
    /// Make the environment that a package is published from, or guard it.
    MakeEnvironment(PackageId, RepoSlug, EnvironmentWish),
    /// Lend the terminal.
    Lend(Box<Lending>),
    /// Write a file.
    Write(FileChange),
    /// Save all changes as a patch beside the checkout.
    SavePatch(String),
    /// Remember something that cannot be read back.
    Record(Event),
    /// Leave.
    Exit,
}
