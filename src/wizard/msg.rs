//! Everything that can happen, as the core hears it.

use secrecy::SecretString;

use super::{Action, Looked, OwnersSeen, Ticket};
use crate::model::{
    ActionTag, CommitId, EnvironmentFacts, EnvironmentMade, GithubFacts, GuardFacts, Identity, PackageId, PackageName,
    PublicFacts, PublisherEntry, Registry, RelPath, SecretDeleted, SecretHome, SecretName, Timestamp,
};
use crate::plan::{Local, Memory};
use crate::registry::{Changed, Login, Registered};
use crate::report::Report;
use crate::secrets::Audit;

/// A message.
#[derive(Debug, Clone)]
pub enum Msg {
    // the person
    /// Wants something.
    Act(Action),
    /// Picked an item of a list, from 0.
    Pick(usize),
    /// Typed a line.
    Text(String),
    /// Typed a secret.
    Secret(SecretString),
    // the world
    /// The run begins.
    Started,
    /// Time has passed; sent only while something moves, and before anything that needs the time.
    Now(Timestamp),
    /// Where a GitHub token could come from.
    Sources(Sources),
    /// News of the device flow.
    Device(Ticket, DeviceNews),
    /// A token was obtained and GitHub said whose it is; the text says where it came from.
    SignedIn(Ticket, Result<(Identity, String), Report>),
    /// A registry has handed out a credential by a code, or not.
    Authorized(Ticket, Result<(), Report>),
    /// Whether the token is kept, and where.
    Kept(Result<String, Trouble>),
    /// A read has its answer.
    Read(Ticket, Box<ReadAnswer>),
    /// A look at an awaited release has its answer.
    Looked(Ticket, Box<Looked>),
    /// A page could not be opened, or something could not be copied.
    Note(String),
    // the ends of effects that change something: these always arrive
    /// A registration ended.
    Registered(PackageId, Result<Registered, Trouble>),
    /// An old entry was taken away, or not.
    Unregistered(PackageId, Box<PublisherEntry>, Result<Changed, Trouble>),
    /// A package's record was made, or not.
    Created(PackageId, Result<Changed, Trouble>),
    /// A registry was told to refuse tokens for a package, or not.
    Locked(PackageId, Result<Changed, Trouble>),
    /// A secret was deleted at GitHub, or not.
    SecretDeleted(SecretHome, SecretName, Result<SecretDeleted, Report>),
    /// The environment of a package was made, or not.
    EnvironmentMade(PackageId, Box<Result<EnvironmentMade, Report>>),
    /// The terminal is ours again.
    Returned(Finished),
    /// A file was written, or not.
    Written(RelPath, Result<(), Report>),
    /// A patch file was written, or not; the text is its path.
    Patched(Result<String, Report>),
}

/// Where a GitHub token could come from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sources {
    /// The variable that holds one.
    pub environment: Option<&'static str>,
    /// The variable that holds one for another host than the one in use, and is left alone.
    pub withheld: Option<&'static str>,
    /// One is kept from an earlier sign-in.
    pub stored: bool,
    /// gh is on this machine and may have one.
    pub gh: bool,
}

/// News of the device flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceNews {
    /// The code to type.
    Code {
        /// The code.
        user_code: String,
        /// Where to type it.
        verification_uri: String,
        /// Until when it is good.
        expires: Timestamp,
    },
    /// GitHub asks to be asked less often.
    SlowedDown {
        /// The new interval, in seconds.
        interval: u64,
    },
    /// The network is in trouble; asking goes on.
    Trouble(String),
    /// The network is back.
    Recovered,
}

/// Why an effect did not come to its end, where the core has to go on differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// A person has to approve it in a browser first.
    SecondFactor,
    /// A credential is missing or was refused: it has to be typed (again).
    Credential(Report),
    /// The keyring does not answer; perhaps a password window is open.
    Silent,
    /// Anything else.
    Failed(Report),
}

/// What a read brought.
#[derive(Debug, Clone)]
pub enum ReadAnswer {
    /// The checkout, and the journal that belongs to it.
    Look(Result<Box<(Local, Memory, Timestamp)>, Report>),
    /// GitHub's facts, and what the journal says now that the repository's number is known.
    Github(Box<GithubFacts>, Memory),
    /// What the journal says now.
    Journal(Memory),
    /// A package's public facts; the text says who answered.
    Public(PackageId, Box<Result<(PublicFacts, String, Timestamp), Report>>),
    /// A package's publishers.
    Publishers(PackageId, Result<(Vec<PublisherEntry>, String, Timestamp), Trouble>),
    /// The audit of secrets.
    Secrets(Result<Audit, Report>),
    /// What a lock would hold for.
    Covers(Result<Vec<PackageName>, Report>),
    /// Who the person's own tool is logged in as.
    Login(Registry, Result<Login, Report>),
    /// Who owns a package.
    Owners(PackageId, OwnersSeen),
    /// The environment that a package is published from; `None`: GitHub shows none of that name.
    Environment(PackageId, Result<Option<EnvironmentFacts>, Report>),
    /// Who can change what a release rests on.
    Guard(GuardFacts),
    /// The commits of tags of actions, of those that could be read.
    Actions(Vec<(ActionTag, CommitId)>),
}

/// How a borrowed terminal came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finished {
    /// Every command ended well.
    Well,
    /// One did not; the text names it and how it ended.
    Badly(String),
    /// It could not be started.
    NotStarted(Report),
}
