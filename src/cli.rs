//! The command line: commands, flags, and what the environment adds. It parses and decides nothing.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::model::{EnvironmentName, OrganizationName, Registry, RelPath, RepoSlug, Rung, WorkflowFile};

/// Retires long-lived publish tokens: moves a repository's packages to trusted publishing, and shows the proof.
#[derive(Debug, Parser)]
#[command(name = "untoken", version, about, args_conflicts_with_subcommands = true, max_term_width = 100)]
pub struct Cli {
    /// What to do; without it: the wizard.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The checkout to work on.
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Print every way of every step with its exact commands, and do nothing.
    #[arg(long, conflicts_with_all = ["plain", "answers"])]
    pub dry_run: bool,
    /// What every command takes.
    #[command(flatten)]
    pub common: Common,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// The questions line by line, for screen readers and dumb terminals.
    #[arg(long, global = true)]
    pub plain: bool,
    /// No colours (NO_COLOR says the same).
    #[arg(long, global = true)]
    pub no_color: bool,
    /// Ask neither GitHub nor a registry.
    #[arg(long, global = true)]
    pub offline: bool,
    /// The file that holds, or is to hold, trust_policy; relative to DIR.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<RelPath>,
    /// The GitHub repository, instead of the remote's.
    #[arg(long, global = true, value_name = "OWNER/NAME")]
    pub repo: Option<RepoSlug>,
    /// Answers by question id, as a JSON object; never secrets. Used with --plain.
    #[arg(long, global = true, value_name = "FILE", requires = "plain")]
    pub answers: Option<PathBuf>,
    /// The client id of the GitHub App that signs in (UNTOKEN_GITHUB_CLIENT_ID says the same).
    #[arg(long, global = true, value_name = "ID")]
    pub client_id: Option<String>,
    /// A host that may stand in for a real service over https, named in an UNTOKEN_*_URL variable.
    #[arg(long, global = true, value_name = "HOST")]
    pub trust_endpoint: Vec<String>,
    /// More in the log; twice: everything.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The wizard on a sample repository, against a sandbox on this machine: no account, no network.
    Demo(Demo),
    /// The steps that the wizard would take.
    Plan(Plan),
    /// The packages and publishing steps that the checkout has.
    Scan(Scan),
    /// What is wrong with how the checkout publishes; for people and as a gate in CI.
    Doctor(Doctor),
    /// A publishing workflow for a repository that has none: printed, or written with --write.
    Workflow(Workflow),
    /// How each package stands on each rung of the ladder, from what can be read in public and with the sign-in that is there.
    Status(Status),
    /// What each registry offers to each provider of OIDC tokens, with source and date.
    Registries(Registries),
    /// What untoken did here, and taking it back.
    Undo(Undo),
    /// Which long-lived tokens there are, who uses them, and which can go. Names alone, never values.
    Secrets(Secrets),
    /// Sign in to GitHub, sign out, or see who is signed in.
    Auth {
        /// Which.
        #[command(subcommand)]
        command: Auth,
    },
    /// A script that completes commands and flags, for a shell.
    Completions(Completions),
    /// A page for man: `untoken man | man -l -`.
    Man(Man),
    /// What the demo's npm calls as its browser.
    #[command(hide = true)]
    DemoVisit {
        /// A page of the sandbox.
        url: String,
    },
}

/// `untoken demo`
#[derive(Debug, Args)]
pub struct Demo {
    /// Only the sandbox: one line of JSON with addresses, environment and folder, until it is stopped.
    #[arg(long)]
    pub serve: bool,
    /// With --serve: this many repositories more in its organisation.
    #[arg(long, value_name = "N", default_value_t = 0, requires = "serve", hide_default_value = true)]
    pub repositories: u16,
    /// Something that goes wrong: NAME or NAME@ROUTE, e.g. 429@npm:/-/package/*; may be given again.
    #[arg(long, value_name = "NAME[@ROUTE]")]
    pub fault: Vec<String>,
}

/// `untoken completions`
#[derive(Debug, Args)]
pub struct Completions {
    /// Which shell reads it.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `untoken man`
#[derive(Debug, Args)]
pub struct Man {
    /// Of which command, as it is typed: `secrets inspect`.
    #[arg(value_name = "COMMAND")]
    pub command: Vec<String>,
}

/// `untoken plan`
#[derive(Debug, Args)]
pub struct Plan {
    /// The checkout.
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// How it is printed.
    #[arg(long, value_enum, default_value_t = PlanFormat::Text)]
    pub format: PlanFormat,
    /// The same as --format json.
    #[arg(long)]
    pub json: bool,
}

/// How a plan is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PlanFormat {
    /// For a terminal.
    Text,
    /// For an issue.
    Markdown,
    /// For machines.
    Json,
}

/// `untoken scan`
#[derive(Debug, Args)]
pub struct Scan {
    /// The checkout, or any folder with its files.
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// For machines.
    #[arg(long)]
    pub json: bool,
}

/// `untoken doctor`
#[derive(Debug, Args)]
pub struct Doctor {
    /// The checkout, or any folder with its files.
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// How it is printed.
    #[arg(long, value_enum, default_value_t = DoctorFormat::Text)]
    pub format: DoctorFormat,
    /// The same as --format json.
    #[arg(long)]
    pub json: bool,
    /// Ask GitHub too, with the token of the environment.
    #[arg(long)]
    pub online: bool,
    /// Let warnings fail (exit code 1), and what could not be read too (3).
    #[arg(long)]
    pub strict: bool,
    /// Tell only what is new since this revision of git.
    #[arg(long, value_name = "REV")]
    pub base: Option<String>,
    /// Print the page of a code, e.g. UT012, and nothing else.
    #[arg(long, value_name = "CODE", conflicts_with_all = ["dir", "base", "online"])]
    pub explain: Option<String>,
}

/// How a diagnosis is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DoctorFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// As annotations of a GitHub Actions run.
    Github,
}

/// `untoken workflow`
#[derive(Debug, Args)]
pub struct Workflow {
    /// The checkout whose packages are to be published.
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Only the packages of this registry; may be given again.
    #[arg(long, value_name = "NAME", value_parser = registry)]
    pub registry: Vec<Registry>,
    /// The environment that the publish jobs run in.
    #[arg(long, value_name = "NAME", default_value = "release")]
    pub environment: EnvironmentName,
    /// After publishing, attest what was built, then make a release on GitHub of it.
    #[arg(long)]
    pub three_jobs: bool,
    /// A program of the cargo project that the release brings as binaries; may be given again.
    #[arg(long, value_name = "NAME", requires = "three_jobs")]
    pub binary: Vec<String>,
    /// Another registry for the crates: where its tokens are exchanged.
    #[arg(long, value_name = "URL", requires = "registry_name")]
    pub registry_url: Option<String>,
    /// The name that .cargo/config.toml gives that registry.
    #[arg(long, value_name = "NAME", requires = "registry_url")]
    pub registry_name: Option<String>,
    /// The account on NuGet.org that made the policy; without it the variable NUGET_USER is to say it.
    #[arg(long, value_name = "NAME")]
    pub nuget_user: Option<String>,
    /// The file's name in .github/workflows.
    #[arg(long, value_name = "NAME", default_value = "release.yml")]
    pub file: WorkflowFile,
    /// Write the file. One that is there is never replaced.
    #[arg(long)]
    pub write: bool,
}

/// `untoken status`
#[derive(Debug, Args)]
pub struct Status {
    /// The checkout.
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// For machines.
    #[arg(long)]
    pub json: bool,
    /// A gate: exit code 1 if a package is below this rung, 3 if that could not be read; may be given again.
    #[arg(long, value_name = "RUNG", value_parser = rung)]
    pub check: Vec<Rung>,
}

/// A rung by its word, in any case.
fn rung(text: &str) -> Result<Rung, String> {
    let words = || Rung::ALL.map(Rung::label).join(", ");
    Rung::ALL
        .into_iter()
        .find(|r| r.label().eq_ignore_ascii_case(text))
        .ok_or_else(|| format!("a rung is one of {}", words()))
}

/// `untoken registries`
#[derive(Debug, Args)]
pub struct Registries {
    /// For machines.
    #[arg(long)]
    pub json: bool,
}

/// `untoken undo`
#[derive(Debug, Args)]
pub struct Undo {
    /// The checkout.
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Take these back: numbers of the list (2, 1-3, 1,4) or all; without it, a terminal is asked.
    #[arg(long, value_name = "NUMBERS")]
    pub pick: Option<Picks>,
    /// Only the list, for machines.
    #[arg(long, conflicts_with = "pick")]
    pub json: bool,
}

/// Which of a numbered list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picks {
    /// All of it.
    All,
    /// These, from 1.
    Some(BTreeSet<usize>),
}

impl std::str::FromStr for Picks {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.trim().eq_ignore_ascii_case("all") {
            return Ok(Self::All);
        }
        let odd = || format!("`{}` names no numbers: write 2, 1-3, 1,4 or all", text.trim());
        let number = |text: &str| text.trim().parse().ok().filter(|n| (1..=MAX_PICK).contains(n)).ok_or_else(odd);
        let mut picked = BTreeSet::new();
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last): (usize, usize) = (number(first)?, number(last)?);
            if first > last {
                return Err(odd());
            }
            picked.extend(first..=last);
        }
        Ok(Self::Some(picked))
    }
}

/// More lines than any list has; it only keeps `1-9999999999` from being counted out.
const MAX_PICK: usize = 10_000;

/// A registry by its label or title, in any case.
fn registry(text: &str) -> Result<Registry, String> {
    let known = |registry: &Registry| [registry.label(), registry.title()].iter().any(|n| n.eq_ignore_ascii_case(text));
    Registry::ALL.into_iter().find(known).ok_or_else(|| format!("a registry is {}", Registry::choice()))
}

/// `untoken secrets`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Secrets {
    /// What else to do than to list.
    #[command(subcommand)]
    pub command: Option<SecretsCommand>,
    /// The checkout.
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// For machines.
    #[arg(long)]
    pub json: bool,
    /// For spreadsheets.
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// Every repository of this organisation that the sign-in can read: names alone, no workflows.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["dir", "repo", "offline"])]
    pub org: Option<OrganizationName>,
}

/// The commands below `untoken secrets`.
#[derive(Debug, Subcommand)]
pub enum SecretsCommand {
    /// What kind of token a text is, told from its form; nothing of it is printed.
    Inspect(Inspect),
}

/// `untoken secrets inspect`
#[derive(Debug, Args)]
pub struct Inspect {
    /// Read the token from standard input: one line, not echoed at a terminal. So it is without --env too.
    #[arg(long, conflicts_with = "env")]
    pub stdin: bool,
    /// The variable that holds the token.
    #[arg(long, value_name = "NAME")]
    pub env: Option<String>,
    /// Ask who made it whether it still works and whose it is, by a read that does nothing else (npm, JSR, GitHub).
    #[arg(long, conflicts_with = "offline")]
    pub ask: bool,
    /// For machines.
    #[arg(long)]
    pub json: bool,
}

/// `untoken auth`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum Auth {
    /// Sign in with a code.
    Login,
    /// Forget the sign-in, and revoke it at GitHub.
    Logout,
    /// Who is signed in.
    Status,
}
