//! The codes of the findings. A number never changes its meaning and is never used again.

use std::fmt;
use std::str::FromStr;

use crate::model::Severity::{self, Error, Note, Warning};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $severity:expr, $title:literal;)*) => {
        /// What a finding is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// All of them, by number.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its number.
            #[must_use]
            pub fn number(self) -> u16 {
                match self { $(Self::$name => $number,)* }
            }

            /// How much it matters, unless a check knows better.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => $severity,)* }
            }

            /// What it is, in a few words.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

codes! {
    /// A workflow file that is no YAML.
    WorkflowUnreadable = 1, Error, "a workflow file can't be read";
    /// A part of a workflow that GitHub would refuse, or that was passed over.
    WorkflowOdd = 2, Warning, "a part of a workflow was passed over";
    /// A config file that can't be read, or a value in it that is wrong.
    ConfigWrong = 3, Error, "a config file can't be read as it is";
    /// A manifest that can't be read.
    ManifestUnreadable = 4, Warning, "a manifest can't be read";
    /// Nobody can tell the GitHub repository.
    NoRepository = 5, Note, "the GitHub repository is not known";
    /// An ignore comment that silences nothing.
    IdleIgnore = 6, Warning, "an ignore comment silences nothing";

    /// Nothing publishes a package.
    NoPublisher = 10, Warning, "no step publishes the package";
    /// The step that would publish is a comment.
    CommentedOut = 11, Error, "the publishing step is commented out";
    /// The job can't ask for an OIDC token.
    NoIdToken = 12, Error, "the publishing job has no id-token: write";
    /// The job tags or releases and may not.
    NoContents = 13, Error, "the job tags or releases without contents: write";
    /// Any job of the workflow could publish.
    NoEnvironment = 14, Warning, "the publishing job names no environment";

    /// The registry would refuse what the job presents.
    Refused = 20, Error, "the registry would refuse what the job presents";
    /// It would refuse the runs of some events.
    SomeEventsRefused = 21, Warning, "the registry would refuse the runs of some events";
    /// Nobody can tell what it would do.
    CannotTell = 22, Note, "what the registry would do is not known";
    /// One job needs two filenames.
    TwoFilenames = 23, Note, "the registries want different filenames for one job";

    /// The login names no person.
    LoginUser = 24, Error, "the login names somebody who can have made no policy";

    /// A declared workflow is not there.
    DeclaredMissing = 30, Error, "the declared workflow does not exist";
    /// A declared workflow does not publish the package.
    DeclaredOther = 31, Error, "the declared workflow is not the one that publishes";
    /// The environments differ.
    DeclaredEnvironment = 32, Error, "the declared environment differs from the workflow's";
    /// The repositories differ.
    DeclaredRepository = 33, Error, "the declared repository differs from the remote";
    /// This very run is not what is declared.
    RunDiffers = 34, Error, "this run is not the declared publisher";

    /// The declared tags never start the workflow.
    DeclaredTags = 35, Error, "the workflow never runs on the declared tags";
    /// Provenance is demanded where there is none to be had.
    NoProvenance = 36, Error, "provenance is demanded that the registry can't give";

    /// The registry holds no publisher.
    NotRegistered = 40, Error, "the registry holds no publisher for the package";
    /// None of the publishers that it holds is the declared one.
    OtherRegistered = 41, Error, "none of the registered publishers is the declared one";
    /// The registry refused the credential.
    CredentialRefused = 42, Error, "the registry refused the credential";
    /// The registry could not be asked.
    RegistryUnread = 43, Note, "the registry could not be read";

    /// A publishing action that may change under the project's feet.
    NotPinned = 50, Warning, "a publishing action is not pinned by commit";
    /// A token is used although the job could do without.
    TokenBesideOidc = 51, Error, "a long-lived token stands beside OIDC";
    /// Other jobs get an OIDC token too.
    IdTokenTooWide = 52, Warning, "id-token: write reaches more than the publishing job";
    /// The job may write everything.
    WriteAll = 53, Warning, "a publishing job may write everything";
    /// The manifest names another repository.
    ManifestRepository = 54, Error, "the manifest names another repository";
    /// A placeholder stands where a token would be.
    Placeholder = 55, Note, "a placeholder for a token shadows OIDC";
    /// The client is too old for OIDC.
    OldClient = 56, Error, "the client on the runner is too old for OIDC";
    /// A token for everybody to read.
    TokenInFile = 57, Error, "a token is written in a workflow file";

    /// An environment that GitHub does not have.
    EnvironmentMissing = 60, Warning, "an environment is not on GitHub";
    /// An environment that protects nothing.
    EnvironmentOpen = 61, Warning, "an environment protects nothing";
    /// Subjects with numbers in them.
    ImmutableSubject = 62, Note, "the repository's OIDC subjects are immutable";
    /// GitHub has another version of the file.
    OtherVersion = 63, Note, "the workflow on GitHub differs from the one here";
    /// GitHub could not be read.
    GithubUnread = 64, Note, "GitHub could not be read";
}

impl Code {
    /// Its page below the repository's root.
    #[must_use]
    pub fn page(self) -> String {
        format!("docs/findings/{self}.md")
    }

    /// Whether it says that something which was asked for could not be read.
    #[must_use]
    pub fn is_unread(self) -> bool {
        matches!(self, Self::RegistryUnread | Self::GithubUnread)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UT{:03}", self.number())
    }
}

/// Why a text is no code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no code of a finding; they go from UT001 to UT064")]
pub struct NoCode(String);

impl FromStr for Code {
    type Err = NoCode;

    fn from_str(text: &str) -> Result<Self, NoCode> {
        let known = Self::ALL.iter().find(|code| code.to_string().eq_ignore_ascii_case(text));
        known.copied().ok_or_else(|| NoCode(crate::model::clean_line(text, 40)))
    }
}
