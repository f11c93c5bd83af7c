//! What a registry's rules mean inside a CI job: which credential wins, which client can ask for an OIDC token at all.
//!
//! Typed facts with their source, as in [`super::rules`]; the doctor reads them and branches on no registry.

use super::Rule;
use super::rules::documented;

/// Which credential a registry's clients use where a long-lived token and an OIDC token could both be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precedence {
    /// The long-lived token: OIDC is not even tried.
    Token,
    /// OIDC; the long-lived token takes over without a word when that fails.
    OidcThenToken,
}

/// A setting of a set-up action that leaves a placeholder where a token would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placeholder {
    /// The action, lower-case, without its ref.
    pub action: &'static str,
    /// Its input.
    pub input: &'static str,
}

/// The client that asks for the OIDC token by itself, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientNeed {
    /// Its name: `npm`.
    pub tool: &'static str,
    /// The command that publishes with it: `npm publish`.
    pub command: &'static str,
    /// The first version that can.
    pub least: (u64, u64, u64),
    /// The action that brings a runtime with the client in it, lower-case, without its ref.
    pub action: &'static str,
    /// The input that names the runtime's version.
    pub input: &'static str,
    /// The first runtime whose bundled client is new enough, as major and minor.
    pub since: (u64, u64),
    /// That runtime's name.
    pub runtime: &'static str,
    /// Parts of a script that bring another client.
    pub replaced_by: &'static [&'static str],
    /// The step to put in before publishing.
    pub fix: &'static str,
}

/// The input of a login action that names a person: the one who made what is trusted, never an organisation or an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoginUser {
    /// The action, lower-case, without its ref.
    pub action: &'static str,
    /// Its input.
    pub input: &'static str,
}

/// What it does with the repository that a manifest names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ManifestRepository {
    /// The key of the manifest.
    pub key: &'static str,
    /// The lines to write for a repository, `{}` standing for `owner/name`.
    pub lines: &'static str,
}

/// What holds for a registry of which nothing else is known.
pub(super) static PLAIN: CiRules = CiRules::plain(
    documented(Precedence::Token, "the clients' own help", "2026-11-21"),
    "its clients use a long-lived token wherever they are given one",
);

/// The facts of one registry.
#[derive(Debug, Clone, Copy)]
pub struct CiRules {
    /// Which credential wins.
    pub precedence: Rule<Precedence>,
    /// The same as one sentence for a person.
    pub precedence_says: &'static str,
    /// Variables that release tools take for its token, besides those of its own clients.
    pub more_token_variables: &'static [&'static str],
    /// A placeholder that shadows OIDC, where there is such a thing.
    pub placeholder: Option<Rule<Placeholder>>,
    /// The client that has to be new enough, where that is so.
    pub client: Option<Rule<ClientNeed>>,
    /// What it does with the manifest's repository, where it compares it.
    pub manifest: Option<Rule<ManifestRepository>>,
    /// The input that has to name a person, where there is one.
    pub login_user: Option<Rule<LoginUser>>,
    /// Whether repositories with immutable subjects are reported to have trouble with it.
    pub subject_trouble: Option<Rule<()>>,
    /// The variable that hands the doctor a credential for its list of publishers.
    pub doctor_token: Option<&'static str>,
}

impl CiRules {
    /// A registry whose clients send the long-lived token where there is one, and of which nothing else is known.
    #[must_use]
    pub(super) const fn plain(precedence: Rule<Precedence>, precedence_says: &'static str) -> Self {
        Self {
            precedence,
            precedence_says,
            more_token_variables: &[],
            placeholder: None,
            client: None,
            manifest: None,
            login_user: None,
            subject_trouble: None,
            doctor_token: None,
        }
    }
}
