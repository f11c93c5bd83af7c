//! Reads: of the checkout, of GitHub, of the registries. Each can fail alone, and none changes anything.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::StreamExt as _;

use super::jobs::trouble;
use super::{World, from_checkout, from_files, now};
use crate::github;
use crate::model::{
    Asked, GithubFacts, Identity, PackageId, PackageName, PublicFacts, Reading, RegistryFacts, RepoSlug, Step,
    Timestamp, Unknown,
};
use crate::plan::{self, Facts, Local, Memory, Plan, asked};
use crate::registry::{self, AccountBy, Login};
use crate::report::{Kind, Report};
use crate::secrets;
use crate::wizard::{OwnersSeen, Read, ReadAnswer};

/// The answer to one read of the wizard.
pub(super) async fn answer(world: &Arc<World>, read: Read) -> ReadAnswer {
    match read {
        Read::Look(_) => ReadAnswer::Look(look(world).await.map(Box::new)),
        Read::Github(slug, asked) => {
            let facts = from_github(world, &slug, &asked).await;
            ReadAnswer::Github(Box::new(facts), world.memory())
        }
        Read::Journal => ReadAnswer::Journal(world.memory()),
        Read::Public(id) => {
            let result = public(world, &id).await;
            ReadAnswer::Public(id, Box::new(result))
        }
        Read::Publishers(id) => {
            let credential = world.credential(id.registry);
            let result = world.apis.get(id.registry).list_publishers(&id.name, credential.as_ref()).await;
            let source = format!("{}, its list", id.registry);
            let registry = id.registry;
            ReadAnswer::Publishers(id, result.map(|list| (list, source, now())).map_err(|e| trouble(registry, e)))
        }
        Read::Secrets => {
            let read = super::read_secrets(world).await;
            ReadAnswer::Secrets(read.map(|facts| secrets::audit(&facts)))
        }
        Read::Covers(ids) => ReadAnswer::Covers(covers(world, &ids).await),
        Read::Login(registry) => {
            let result = world.apis.get(registry).login().await;
            ReadAnswer::Login(registry, result.map_err(Report::from))
        }
        Read::Owners { package, account } => {
            let seen = owners(world, &package, account).await;
            ReadAnswer::Owners(package, seen)
        }
        Read::Environment(id, slug, name) => {
            let token = world.fresh_token().await;
            let found = github::read_environment(&world.http, &world.github, token.as_ref(), &slug, &name).await;
            ReadAnswer::Environment(id, found.map_err(Report::from))
        }
        Read::Guard(slug, branch) => {
            let token = world.fresh_token().await;
            ReadAnswer::Guard(github::read_guard(&world.http, &world.github, token.as_ref(), &slug, &branch).await)
        }
        Read::Actions(tags) => {
            let token = world.fresh_token().await;
            ReadAnswer::Actions(github::read_tags(&world.http, &world.github, token.as_ref(), &tags).await)
        }
    }
}

/// All that the locks of these packages hold for, each once.
async fn covers(world: &World, ids: &[PackageId]) -> Result<Vec<PackageName>, Report> {
    let mut all: Vec<PackageName> = Vec::new();
    for id in ids {
        if all.contains(&id.name) {
            continue;
        }
        let credential = world.credential(id.registry);
        all.extend(world.apis.get(id.registry).lock_covers(&id.name, credential.as_ref()).await?);
    }
    all.sort();
    all.dedup();
    Ok(all)
}

/// Who owns a package, and who the person's own tool is logged in as where that is asked too.
async fn owners(world: &World, id: &PackageId, account: bool) -> OwnersSeen {
    let api = world.apis.get(id.registry);
    let unknown = |error: registry::ApiError| {
        let report = Report::from(error);
        Unknown { why: report.line(), hint: report.hint }
    };
    let named = async {
        if !account {
            return None;
        }
        Some(match api.login().await {
            Ok(Login::As(name)) => Reading::seen(name, "your own tool", now()),
            Ok(Login::Token(name)) => {
                Reading::Unknown(Unknown::because(format!("nobody can tell whose token {name} holds")))
            }
            Ok(Login::Present(_)) => Reading::Unknown(Unknown::because("nobody can tell whose credential it is")),
            Ok(Login::Absent { .. }) => Reading::Unknown(Unknown::because("your own tool is not logged in there")),
            Err(error) => Reading::Unknown(unknown(error)),
        })
    };
    let (owners, account) = tokio::join!(api.read_owners(&id.name), named);
    let owners = match owners {
        Ok(owners) => Reading::seen(owners, format!("{}, public", id.registry), now()),
        Err(error) => Reading::Unknown(unknown(error)),
    };
    OwnersSeen { owners, account }
}

async fn look(world: &Arc<World>) -> Result<(Local, Memory, Timestamp), Report> {
    let local = if let (true, Some(slug)) = (world.setup.remote_only, &world.setup.named.repo) {
        let token = world.fresh_token().await;
        let config = world.setup.named.config.as_ref();
        let remote = github::remote_files(&world.http, &world.github, token.as_ref(), slug, config).await?;
        from_files(remote.files, remote.left_out.len(), slug, config)
    } else {
        let inner = Arc::clone(world);
        let read = move || from_checkout(&inner.setup.dir, &inner.setup.named, &inner.tools);
        let joined = tokio::task::spawn_blocking(read).await;
        joined.map_err(|error| Report::from_error(Kind::Internal, &error))??
    };
    world.found(local.slug.clone());
    Ok((local, world.memory(), now()))
}

async fn from_github(world: &World, slug: &RepoSlug, asked: &Asked) -> GithubFacts {
    let token = world.fresh_token().await;
    let read = github::read_facts(&world.http, &world.github, token.as_ref(), slug, &asked.environments);
    let runs = super::prove::newest_runs(world, token.as_ref(), slug, &asked.workflows);
    let (mut facts, runs) = tokio::join!(read, runs);
    facts.runs = runs;
    if let Some(repository) = facts.repository.value() {
        world.known_as(repository.id);
    }
    facts
}

/// What a registry shows everybody, as of the moment when it was asked: what came later may not be in it.
pub(super) async fn public(world: &World, id: &PackageId) -> Result<(PublicFacts, String, Timestamp), Report> {
    let asked = now();
    let facts = world.apis.get(id.registry).read_public(&id.name).await?;
    Ok((facts, format!("{}, public", id.registry), asked))
}

/// How many packages are asked for at once; the registries' own pace goes before that.
const AT_ONCE: usize = 8;

/// Everything that can be read without asking the person anything: for the commands that do not converse. `tell` hears how
/// many of the packages have been read.
///
/// # Errors
/// Only what keeps the checkout from being read.
pub async fn read_all(world: &Arc<World>, tell: impl Fn(usize, usize)) -> Result<Facts, Report> {
    let (local, memory, at) = look(world).await?;
    let ids: Vec<PackageId> = local.all().map(|package| package.id.clone()).collect();
    let slug = local.slug.clone();
    let named = asked(&local);
    let mut facts = Facts::new(world.endpoints.clone(), at);
    facts.local = Reading::seen(local, "the checkout", at);
    facts.memory = memory;
    facts.tools = world.tools.found();
    if world.setup.offline {
        return Ok(facts);
    }
    let count = ids.len();
    let registries = async {
        let reads = ids.into_iter().map(|id| async move {
            let read = from_registry(world, &id).await;
            (id, read)
        });
        let mut reads = futures::stream::iter(reads).buffer_unordered(AT_ONCE);
        let mut read = BTreeMap::new();
        tell(0, count);
        while let Some((id, facts)) = reads.next().await {
            read.insert(id, facts);
            tell(read.len(), count);
        }
        read
    };
    let github = async {
        match &slug {
            Some(slug) => Some(from_github(world, slug, &named).await),
            None => None,
        }
    };
    let (registries, github) = tokio::join!(registries, github);
    facts.registries = registries;
    if let Some(github) = github {
        facts.github = github;
        facts.memory = world.memory();
    }
    Ok(facts)
}

/// Who may take the open steps of a plan: asks who owns their packages, who the person's own tools are logged in as, and whose
/// the GitHub token is. `None`: there is none, or GitHub did not tell.
pub async fn read_access(world: &Arc<World>, facts: &mut Facts, plan: &Plan) -> Option<Identity> {
    if world.setup.offline {
        return None;
    }
    let wants = |step: &&Step| plan::wants_owner(facts, &step.package, step.kind);
    let ids: BTreeSet<PackageId> = plan.open_steps().filter(wants).map(|step| step.package.clone()).collect();
    let mut asked = BTreeSet::new();
    let reads: Vec<_> = ids
        .into_iter()
        .map(|id| {
            let by_tool = registry::guides(id.registry).owners().account.value == AccountBy::Tool;
            let account = by_tool && asked.insert(id.registry);
            async move { (owners(world, &id, account).await, id) }
        })
        .collect();
    let identity = async {
        let token = world.fresh_token().await?;
        github::identify(&world.http, &world.github, &token, None).await.ok()
    };
    let reads = futures::stream::iter(reads).buffer_unordered(AT_ONCE).collect::<Vec<_>>();
    let (read, identity) = tokio::join!(reads, identity);
    for (seen, id) in read {
        facts.ownership.accounts.extend(seen.account.map(|account| (id.registry, account)));
        facts.ownership.owners.insert(id, seen.owners);
    }
    identity
}

/// What a registry says in public and, with a credential that is there, to the owner.
async fn from_registry(world: &Arc<World>, id: &PackageId) -> RegistryFacts {
    let unknown = |report: Report| Unknown { why: report.line(), hint: report.hint };
    let public = match public(world, id).await {
        Ok((public, source, at)) => Reading::seen(public, source, at),
        Err(report) => Reading::Unknown(unknown(report)),
    };
    let credential = world.credential(id.registry);
    let publishers = if credential.is_none() && !registry::guides(id.registry).list_is_public() {
        Reading::NotRead
    } else {
        match world.apis.get(id.registry).list_publishers(&id.name, credential.as_ref()).await {
            Ok(list) => Reading::seen(list, format!("{}, its list", id.registry), now()),
            Err(error) => Reading::Unknown(unknown(error.into())),
        }
    };
    RegistryFacts { public, publishers }
}
