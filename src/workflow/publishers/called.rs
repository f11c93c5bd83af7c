//! Jobs that call a reusable workflow of another repository: what is known of it, or what its name suggests.
//!
//! Its steps are not read. Nothing that is said here is more than likely unless the workflow is a known one.

use crate::model::{Auth, Certainty, Destination, EnvironmentRef, IdToken, Package, PackageName, PublishJob, Reach};

use super::super::library::Library;
use super::super::model::{Job, Secrets};
use super::super::value::Value;
use super::auth::Handed;
use super::families::Family;
use super::packages::{Meant, Mention};
use super::remote::{self, Remote};
use super::tools::Serves;
use super::{Context, actions, auth, below, listed, named, packages, resolved_environment};

/// What a job that calls a known workflow gives out, as far as the files tell.
pub(super) fn outputs(library: &Library<'_>, job: &Job, packages: &[Package]) -> Vec<(String, Value)> {
    let Some(remote) = remote::called(job).and_then(|(path, _)| remote::known(&path)) else { return Vec::new() };
    let Serves::Listed(config, _) = remote.serves else { return Vec::new() };
    let listed = listed::packages(library, config, &super::families::FAMILIES, packages);
    if listed.is_empty() {
        return Vec::new();
    }
    let registries: Vec<_> = listed.iter().map(|(family, _)| family.registry).collect();
    // What a file lists may be built in this run or not; what it does not list never is.
    let never = remote.outputs(&registries).into_iter().filter(|(_, listed)| !listed);
    never.map(|(name, _)| (name.to_owned(), Value::text("false"))).collect()
}

/// What the called workflow publishes.
pub(super) fn publish_jobs(context: &Context<'_>, path: &str, reference: &str) -> Vec<PublishJob> {
    match remote::known(path) {
        Some(remote) => known(context, remote, reference),
        None => guessed(context, path, reference),
    }
}

fn known(context: &Context<'_>, remote: &Remote, reference: &str) -> Vec<PublishJob> {
    let served: Vec<(&'static Family, Option<Vec<PackageName>>)> = match remote.serves {
        Serves::Family(family) => vec![(family, None)],
        Serves::Listed(config, families) => {
            let listed = listed::packages(context.library, config, families, context.packages);
            listed.into_iter().map(|(family, names)| (family, Some(names))).collect()
        }
        Serves::Switched(_) => Vec::new(),
    };
    let folders: Vec<Value> = remote
        .folder
        .iter()
        .filter_map(|name| input(context, name))
        .map(|path| below(&Value::default(), path))
        .collect();
    let mention = Mention {
        folders: if folders.is_empty() { vec![Value::default()] } else { folders },
        all: remote.all,
        ..Mention::default()
    };
    let given = remote.environment.and_then(|name| input(context, name)).filter(|value| !value.is_empty());
    let environment =
        remote::environment(given.map(|value| resolved_environment(&value, &value.shown())), Some(remote));
    let publisher = |(family, names): (&'static Family, Option<Vec<PackageName>>)| {
        let meant = packages::listed_or_meant(names, family.registry, &mention, context.packages);
        let mut job = blank(context, family, reference, environment.clone());
        job.packages = named(&meant, &mut job.why);
        let handed = handed(context, family);
        let (auth, tokens) = auth::auth(&handed, &context.id_token, false, &mut job.why);
        // Such a workflow takes the secret if it holds something, and OIDC otherwise: whether it does is not in the files.
        (job.auth, job.tokens) = if tokens.is_empty() { (auth, tokens) } else { (Auth::Unknown, tokens) };
        job.certainty = if job.auth == Auth::Oidc { Certainty::Certain } else { Certainty::Likely };
        job
    };
    served.into_iter().map(publisher).collect()
}

fn guessed(context: &Context<'_>, path: &str, reference: &str) -> Vec<PublishJob> {
    let Some(guess) = remote::guess(path, context.job) else { return Vec::new() };
    let family = guess.family;
    let mut job = blank(context, family, reference, remote::environment(None, None));
    job.why.push(guess.why);
    let handed = handed(context, family);
    if handed.is_empty() && !matches!(context.id_token, IdToken::Granted(_)) {
        return Vec::new();
    }
    (job.auth, job.tokens) = auth::auth(&handed, &context.id_token, false, &mut job.why);
    if matches!(context.job.secrets, Secrets::Inherit) {
        job.why.push("all secrets are handed over: whether one of them is used as a token cannot be seen".to_owned());
    }
    let meant = folders_among(context, family);
    job.packages = named(&meant, &mut job.why);
    job.certainty = Certainty::Likely;
    vec![job]
}

/// The packages whose folders or names the inputs spell out.
fn folders_among(context: &Context<'_>, family: &Family) -> Meant {
    let here: Vec<&Package> =
        context.packages.iter().filter(|package| package.id.registry == family.registry).collect();
    let mut found: Vec<PackageName> = Vec::new();
    for (name, _) in &context.job.with {
        let Some(value) = input(context, &name.value) else { continue };
        for text in
            value.alternatives().iter().filter_map(Value::literal).filter(|text| !text.is_empty() && text != ".")
        {
            let path = text.trim_start_matches("./").trim_end_matches('/');
            let fits = here.iter().filter(|package| package.dir().as_str() == path || package.id.name.as_str() == text);
            found.extend(fits.map(|package| package.id.name.clone()));
        }
    }
    found.sort();
    found.dedup();
    match (&found[..], &here[..]) {
        ([], [only]) => Meant::Named(vec![only.id.name.clone()]),
        ([], _) => Meant::Unknown,
        _ => Meant::Among(found),
    }
}

fn input(context: &Context<'_>, name: &str) -> Option<Value> {
    let given = context.job.with.iter().find(|(key, _)| key.value.eq_ignore_ascii_case(name));
    given.map(|(_, text)| context.frame.resolve(&text.value))
}

/// The secrets that are handed over under a name that means this registry.
fn handed(context: &Context<'_>, family: &Family) -> Vec<Handed> {
    let Secrets::These(pairs) = &context.job.secrets else { return Vec::new() };
    let meant = pairs.iter().filter(|(name, _)| remote::speaks_of(family, &name.value));
    let hand = |(name, text): &(super::super::model::Text, super::super::model::Text)| Handed {
        by: name.value.clone(),
        value: context.frame.resolve(&text.value),
        at: context.workflow.place(text.at),
    };
    meant.map(hand).collect()
}

fn blank(context: &Context<'_>, family: &Family, reference: &str, environment: EnvironmentRef) -> PublishJob {
    let uses = context.job.uses.as_ref();
    let at = uses.map_or_else(|| context.workflow.place(context.job.at), |text| context.workflow.place(text.at));
    let top = context.way.last().map_or((context.workflow, context.job), |call| (call.workflow, call.job));
    let callee = uses.map(|text| text.value.clone()).unwrap_or_default();
    PublishJob {
        reach: Reach::Remote {
            caller: crate::model::Caller { workflow: top.0.file.clone(), job: top.1.id.clone() },
            callee: callee.clone(),
        },
        environment,
        pinned: actions::pinned(reference),
        at,
        why: vec![format!("the reusable workflow {callee}")],
        ..context.blank(Destination::Main(family.registry))
    }
}
