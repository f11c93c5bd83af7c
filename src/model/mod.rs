//! The words that every room of untoken shares: packages, registries, repositories, workflows, evidence, steps.
//!
//! Plain data only. Nothing here reads a file, opens a socket, looks at a clock or knows how it is drawn, and nothing here
//! may name another room of the crate.

mod address;
mod destination;
mod endpoint;
mod environment;
mod evidence;
mod file_change;
mod finding;
mod github;
mod guide;
mod names;
mod organization;
mod owners;
mod package;
mod publish_job;
mod published;
mod publisher;
mod reading;
mod registry;
mod run;
mod secret_shape;
mod source_file;
mod step;
mod tag_pattern;
mod text;
mod time;
mod token_name;
mod tool_need;

pub use address::{is_github, mentioned_repository, repository_among, slug_of, split_address};
pub use destination::Destination;
pub use endpoint::{Endpoint, EndpointError};
pub use environment::{
    Collaborator, EnvironmentMade, EnvironmentWish, GuardFacts, RefKind, RefPattern, Reviewer, Ruleset,
};
pub use evidence::{Ladder, Rung, Standing};
pub use file_change::{DiffKind, DiffLine, FileChange, Splice};
pub use finding::{Finding, Severity};
pub use github::{
    ActionTag, Asked, BranchPolicy, CommitId, EnvironmentFacts, GithubFacts, Identity, OidcSubject, Permission,
    Protection, RemoteWorkflow, RepositoryFacts, SecretDeleted, SecretFact, SecretHome, SecretNames, SecretPlace,
    TokenReach, WorkflowState,
};
pub use guide::{Arg, Field, FieldValue, Guide, Link, PrivateFile, RunIn, ToolCall, Way, Who, shell_word};
pub use names::{
    EnvironmentName, JobId, NameError, OrganizationName, PackageName, RelPath, RepoSlug, SecretName, WorkflowFile,
};
pub use organization::{OrganizationSecrets, RepositorySecrets, Requests};
pub use owners::{Owner, Party, Right};
pub use package::{GitlabProject, OtherPackage, Package, PackageId};
pub use publish_job::{
    Auth, Caller, Certainty, EnvironmentRef, IdToken, Pinned, Place, PublishJob, Reach, Refs, SecretUse, TokenUse,
    Trigger, WorkflowClaim, WorkflowRole,
};
pub use published::{
    Existence, NameFacts, Proof, PublicFacts, PublishedBy, PublisherEntry, RegistryFacts, Release, Trusted,
};
pub use publisher::{TrustPolicy, TrustedPublisher, TrustedWorkflow};
pub use reading::{Reading, Seen, Unknown};
pub use registry::{MONOCHANGE_TYPES, Registry};
pub use run::{Conclusion, Gate, RunDetail, RunJob, RunState, WorkflowRun};
pub use secret_shape::{cover, holds_known_token, may_hold_secret};
pub use source_file::SourceFile;
pub use step::{Step, StepKind, StepState};
pub use tag_pattern::TagPattern;
pub use text::{clean, clean_line};
pub use time::Timestamp;
pub use token_name::{TokenNames, name_parts, says_credential};
pub use tool_need::{ToolFound, ToolNeed, ToolsFound, Unmet};
