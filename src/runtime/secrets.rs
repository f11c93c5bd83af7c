//! Gathers what the audit of secrets looks at: workflows, names at GitHub, what the registries show, names of variables, and
//! credential files. Of those files only what they are for leaves this place.

use std::collections::BTreeMap;
use std::io::{BufRead as _, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures::future::join_all;
use secrecy::SecretString;

use super::gather::{local, look};
use super::{World, now};
use crate::checkout::{self, Disk, FileSource, InMemory, Remote, read_regular};
use crate::github;
use crate::model::{
    Package, PackageId, Place, PublicFacts, Reading, RegistryFacts, RelPath, RemoteWorkflow, RepoSlug, Rung,
    SecretName, Unknown,
};
use crate::output;
use crate::plan::{self, Answers, Local, Plan};
use crate::report::{Kind, Report};
use crate::secrets::files::{self, CredentialFile, Form};
use crate::secrets::{Facts, OnGithub};
use crate::tools::Environment;
use crate::workflow;

/// Where Dependabot's settings are.
const DEPENDABOT: [&str; 2] = [".github/dependabot.yml", ".github/dependabot.yaml"];
/// How many credential files of a checkout are looked at.
const MAX_FILES: usize = 200;
/// How many names of variables are looked at.
const MAX_VARIABLES: usize = 10_000;

/// Reads all of it. Each part can fail alone.
///
/// # Errors
/// A folder that can't be read; a repository that is only on GitHub and can't be read there.
pub async fn read_secrets(world: &Arc<World>) -> Result<Facts, Report> {
    let (read, local) = if let (true, Some(slug)) = (world.setup.remote_only, &world.setup.named.repo) {
        let token = world.fresh_token().await;
        let config = world.setup.named.config.as_ref();
        let remote = github::remote_files(&world.http, &world.github, token.as_ref(), slug, config).await?;
        of_source(&InMemory::new(remote.files), Some(slug.clone()), config)
    } else {
        let inner = Arc::clone(world);
        let joined = tokio::task::spawn_blocking(move || of_folder(&inner)).await;
        joined.map_err(|error| Report::from_error(Kind::Internal, &error))??
    };
    let mut facts = Facts { variables: variables(world), ..read };
    facts.files.extend(of_user(world));
    world.found(facts.slug.clone());
    let slug = facts.slug.as_ref();
    let (github, workflows, public) =
        tokio::join!(names(world, slug), workflows(world, slug), published(world, &facts.packages));
    facts.github = github;
    facts.public = public.into_iter().collect();
    judged_by_the_ladder(world, &mut facts, local, workflows);
    Ok(facts)
}

/// What the ladder has to say of it: which packages are proven, and whether GitHub would run the workflows that lie here.
fn judged_by_the_ladder(world: &World, facts: &mut Facts, local: Local, workflows: Reading<Vec<RemoteWorkflow>>) {
    let mut seen = plan::Facts::new(world.endpoints.clone(), facts.now);
    seen.local = Reading::seen(local, "the checkout", facts.now);
    seen.github.workflows = workflows;
    if let OnGithub::Asked(names) = &facts.github {
        seen.github.repository = names.repository.clone();
        if let Some(repository) = names.repository.value() {
            facts.slug = Some(repository.slug.clone());
            world.known_as(repository.id);
        }
        // Files that were read from GitHub are those that it runs.
        facts.unpushed = if world.setup.remote_only { None } else { plan::unpushed(&seen) };
    }
    seen.memory = world.memory();
    let known = |(id, public): (&PackageId, &Reading<PublicFacts>)| {
        (id.clone(), RegistryFacts { public: public.clone(), publishers: Reading::NotRead })
    };
    seen.registries = facts.public.iter().map(known).collect();
    let plan = Plan::make(&seen, &Answers::default());
    let rungs = plan.rows.iter().map(|row| (row.package.id.clone(), row.ladder.standing(Rung::Proven).clone()));
    facts.proven = rungs.collect();
}

fn of_source(source: &dyn FileSource, slug: Option<RepoSlug>, config: Option<&RelPath>) -> (Facts, Local) {
    let (checkout, reading) = look(source, config);
    let read = |path: &RelPath| reading.workflows.iter().any(|workflow| workflow.path == *path);
    let unread = checkout.workflows.iter().map(|file| file.path.clone()).filter(|path| !read(path)).collect();
    let local = local(source, slug.clone(), None, (checkout, reading.clone()));
    let facts = Facts {
        now: now(),
        slug,
        packages: local.all().cloned().collect(),
        unread,
        dependabot: dependabot(source),
        github: OnGithub::NotAsked(Unknown::because("nobody asked")),
        public: BTreeMap::new(),
        proven: BTreeMap::new(),
        unpushed: None,
        variables: Vec::new(),
        files: Vec::new(),
        reading,
    };
    (facts, local)
}

fn of_folder(world: &World) -> Result<(Facts, Local), Report> {
    let dir = &world.setup.dir;
    let disk = Disk::open(dir)?;
    let slug = world.setup.named.repo.clone().or_else(|| {
        match checkout::remote(dir, world.tools.git.as_ref(), world.tools.environment()) {
            Ok(Remote::GitHub(slug)) => Some(slug),
            Ok(Remote::Elsewhere { .. } | Remote::None) | Err(_) => None,
        }
    });
    let (mut facts, local) = of_source(&disk, slug, world.setup.named.config.as_ref());
    facts.files = of_checkout(world, &disk);
    Ok((facts, local))
}

/// The names that Dependabot's settings take from its secrets.
fn dependabot(source: &dyn FileSource) -> Vec<(SecretName, Place)> {
    let path = |name: &&str| RelPath::new(name).ok();
    let files = DEPENDABOT.iter().filter_map(path).filter_map(|path| source.read(&path).ok());
    files.flat_map(|file| workflow::secrets_named(&file)).collect()
}

/// Credential files of the checkout that hold a token.
fn of_checkout(world: &World, disk: &Disk) -> Vec<CredentialFile> {
    let candidates = disk.paths().iter().filter_map(|path| Some((Form::in_checkout(path)?, path)));
    let mut found: Vec<(RelPath, CredentialFile)> = Vec::new();
    for (form, path) in candidates.take(MAX_FILES) {
        let Ok(file) = disk.read(path) else { continue };
        let holds = form.holds(&file.bytes);
        if !holds.is_empty() {
            found.push((path.clone(), CredentialFile { path: path.to_string(), tracked: false, holds }));
        }
    }
    if let Some(git) = &world.tools.git {
        let paths: Vec<RelPath> = found.iter().map(|(path, _)| path.clone()).collect();
        let tracked = checkout::tracked(&world.setup.dir, git, world.tools.environment(), &paths).unwrap_or_default();
        for (path, file) in &mut found {
            file.tracked = tracked.contains(path);
        }
    }
    found.into_iter().map(|(_, file)| file).collect()
}

/// Credential files of this user that hold a token. Links are followed, for many keep such files elsewhere; what is no
/// regular file of a bounded size is not.
fn of_user(world: &World) -> Vec<CredentialFile> {
    let environment = &world.setup.environment;
    let variable = |name: &str| environment.get(name).map(PathBuf::from);
    let home = variable("HOME");
    let mut found: Vec<CredentialFile> = Vec::new();
    for (form, path) in files::of_user(&variable) {
        let Some(bytes) = read_regular(&path) else { continue };
        let holds = form.holds(&bytes);
        let shown = shown(&path, home.as_deref());
        if !holds.is_empty() && !found.iter().any(|known| known.path == shown) {
            found.push(CredentialFile { path: shown, tracked: false, holds });
        }
    }
    found
}

/// A path as a person would write it.
fn shown(path: &Path, home: Option<&Path>) -> String {
    match home.and_then(|home| path.strip_prefix(home).ok()) {
        Some(below) => format!("~/{}", below.display()),
        None => path.display().to_string(),
    }
}

/// The names of the variables that are set to something.
fn variables(world: &World) -> Vec<String> {
    let names = world.setup.environment.set().filter(|name| !name.starts_with("UNTOKEN_"));
    names.take(MAX_VARIABLES).map(str::to_owned).collect()
}

async fn names(world: &World, slug: Option<&RepoSlug>) -> OnGithub {
    let not = |why: &str, hint: &str| OnGithub::NotAsked(Unknown::because(why).hint(hint));
    if world.setup.offline {
        return not("--offline asks nobody", "leave it out to read them");
    }
    let Some(slug) = slug else {
        return not("the GitHub repository is not known", "name it: --repo OWNER/NAME");
    };
    let Some(token) = world.fresh_token().await else {
        let hint = "run untoken auth login, or set GH_TOKEN (GH_TOKEN=$(gh auth token) takes gh's own login)";
        return not("nobody is signed in to GitHub", hint);
    };
    OnGithub::Asked(Box::new(github::read_secret_names(&world.http, &world.github, &token, slug).await))
}

/// The workflows on the default branch, where they are compared with those here.
async fn workflows(world: &World, slug: Option<&RepoSlug>) -> Reading<Vec<RemoteWorkflow>> {
    match (slug, world.setup.offline || world.setup.remote_only, world.fresh_token().await) {
        (Some(slug), false, Some(token)) => {
            github::read_workflows(&world.http, &world.github, Some(&token), slug).await
        }
        _ => Reading::NotRead,
    }
}

async fn published(world: &World, packages: &[Package]) -> Vec<(PackageId, Reading<PublicFacts>)> {
    let one = |id: PackageId| async move {
        if world.setup.offline {
            return (id, Reading::Unknown(Unknown::because("--offline asks no registry")));
        }
        let reading = match world.apis.get(id.registry).read_public(&id.name).await {
            Ok(public) => Reading::seen(public, format!("{}, public", id.registry), now()),
            Err(error) => {
                let report = Report::from(error);
                Reading::Unknown(Unknown { why: report.line(), hint: report.hint })
            }
        };
        (id, reading)
    };
    join_all(packages.iter().map(|package| one(package.id.clone()))).await
}

/// The longest line that is taken for a token, in bytes.
const LONGEST: u64 = 64 * 1024;

/// A token that is typed or piped in: one line, not echoed where the input is a terminal.
///
/// # Errors
/// An input that is gone or holds nothing.
pub async fn typed_secret(question: &str) -> Result<SecretString, Report> {
    let stdin = std::io::stdin();
    let typed = if stdin.is_terminal() {
        // The results may go to a file: the question is no part of them.
        let asked = if std::io::stdout().is_terminal() { question.to_owned() } else { String::new() };
        if asked.is_empty() {
            output::note(question.trim());
        }
        super::line::ask_secret(asked).await
    } else {
        let mut line = String::new();
        let read = stdin.lock().take(LONGEST).read_line(&mut line);
        read.map(|_| Some(line.trim().to_owned()).filter(|line| !line.is_empty()).map(SecretString::from))
    };
    let typed = typed.map_err(|error| Report::from_error(Kind::User, &error).hint("a token is one line of text"))?;
    typed.ok_or_else(|| Report::new(Kind::User, "nothing was given").hint("type the token, or pipe it in"))
}

/// The token that a variable holds.
///
/// # Errors
/// A variable that is not set, or is no text.
pub fn variable_secret(world: &Environment, name: &str) -> Result<SecretString, Report> {
    let value = world.get(name).and_then(|value| value.to_str()).map(str::trim).filter(|value| !value.is_empty());
    value.map(SecretString::from).ok_or_else(|| {
        Report::new(Kind::User, format!("the variable {name} is not set to a text")).hint("export it, or use --stdin")
    })
}
