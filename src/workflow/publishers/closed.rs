//! Programs of the repository that cannot be read: what the job hands them, and what their name says, tell what they may do.
//!
//! A token variable of a registry, an exchanged token or a registry that was set up is evidence; a name alone is a doubt that
//! is said and no more.

use crate::model::{Auth, Certainty, Destination, EnvironmentRef, IdToken, Pinned, PublishJob};

use super::auth::{self, Handed};
use super::families::{self, FAMILIES, Family, NPM};
use super::prepared::Login;
use super::remote;
use super::walk::Closed;
use super::{Context, destination, named};
use crate::workflow::value::{Part, Value};

/// The publishers that these programs may be. A registry that another step of the job publishes to is not said again.
pub(super) fn publish_jobs(context: &Context<'_>, closed: Vec<Closed>, known: &[PublishJob]) -> Vec<PublishJob> {
    let mut found: Vec<PublishJob> = Vec::new();
    // The one whose name says publishing goes before one that is merely handed the same.
    let (named, others): (Vec<Closed>, Vec<Closed>) = closed.into_iter().partition(|program| program.says);
    for (program, says) in named.into_iter().map(|p| (p, true)).chain(others.into_iter().map(|p| (p, false))) {
        for family in FAMILIES {
            let covered = known.iter().chain(&found).any(|job| job.destination.speaks() == family.registry);
            if covered {
                continue;
            }
            if let Some(job) = publisher(context, &program, family, says) {
                found.push(job);
            }
        }
    }
    found
}

fn publisher(context: &Context<'_>, program: &Closed, family: &'static Family, says: bool) -> Option<PublishJob> {
    let granted = matches!(context.id_token, IdToken::Granted(_));
    let action = program.pinned.is_some();
    // What is merely handed a token may want it to read packages: that counts where something around says publishing.
    if !says && !around_says(context) {
        return None;
    }
    let mut handed: Vec<Handed> = Vec::new();
    let names = program
        .vars
        .iter()
        .filter(|(name, _)| family.token_variables.contains(&name.as_str()) || remote::speaks_of(family, name));
    handed.extend(names.map(|(name, value)| Handed { by: name.clone(), value: value.clone(), at: program.at.clone() }));
    let stored = |login: &&Login| {
        let elsewhere =
            login.host.as_ref().is_some_and(|host| matches!(destination::of(host, family), Destination::Other { .. }));
        login.registry == family.registry && (says || !elsewhere)
    };
    let logins = program.prepared.logins.iter().filter(stored);
    handed.extend(logins.map(|login| Handed {
        by: login.by.to_owned(),
        value: login.value.clone(),
        at: login.at.clone(),
    }));
    let secret = handed.iter().any(|one| !one.value.secrets().is_empty());
    let exchange = program.prepared.exchanges.iter().find(|exchange| exchange.registry == family.registry);
    // What an exchange gave out is handed to the program that is meant to use it.
    let exchanged = handed.iter().any(|one| one.value.any(&|part| matches!(part, Part::Output(_))));
    let set_up = family.registry == NPM.registry
        && granted
        && (program.prepared.registry(family).is_some() || program.vars.contains_key("NPM_CONFIG_PROVENANCE"));
    // A name that says publishing, in a job that may ask for an OIDC token, where only one kind of package lies: a doubt.
    let only =
        context.packages.iter().all(|package| package.id.registry == family.registry) && !context.packages.is_empty();
    let suspect = says && granted && only && !action;
    let evidence = suspect || secret || exchange.is_some() && exchanged && granted || set_up && says;
    if !evidence {
        return None;
    }
    let place = program.prepared.registry(family).cloned().unwrap_or_default();
    let destination = destination::of(&place, family);
    let elsewhere = matches!(destination, Destination::Other { .. });
    let mut job = context.blank(destination.clone());
    job.at = program.at.clone();
    let what = if suspect && handed.is_empty() {
        format!(
            "{} cannot be read; its name says publishing, and only {} packages are here",
            program.label, family.registry
        )
    } else {
        format!("{} cannot be read, and is handed what {} wants", program.label, family.registry)
    };
    job.why.push(what);
    (job.auth, job.tokens) = auth::auth(&handed, &context.id_token, elsewhere, &mut job.why);
    job.pinned = program.pinned.unwrap_or(Pinned::None);
    if let Some(exchange) = exchange {
        job.exchange = Some(exchange.at.clone());
        job.pinned = exchange.pinned;
    }
    let mention = super::packages::Mention { folders: vec![Value::default()], all: true, ..Default::default() };
    let here = context.packages.iter().filter(|package| package.id.registry == family.registry).count();
    let meant = if here == 1 {
        super::packages::meant(family.registry, &mention, context.packages)
    } else {
        super::packages::Meant::Unknown
    };
    job.packages = named(&meant, &mut job.why);
    // Where the name says both publishing and the registry, and nothing else could be meant, it is more than a doubt.
    let told = suspect && family.registry.token_names().are_in(&program.label);
    // A secret that is named for a host which keeps packages for itself may be for that host.
    let keeper =
        |secret: &str| families::KEEPERS.iter().any(|host| secret.contains(host.split('.').next().unwrap_or(host)));
    let kept = job.tokens.iter().any(|token| keeper(&token.secret.as_str().to_ascii_lowercase()));
    let undecided = kept
        || matches!(destination, Destination::Undecided { .. })
        || !(secret || set_up || told || exchange.is_some() && exchanged);
    job.certainty =
        if says && !undecided && job.auth != Auth::Unknown { Certainty::Likely } else { Certainty::CannotTell };
    Some(job)
}

/// Whether the names of the job, its file and its environment say publishing.
fn around_says(context: &Context<'_>) -> bool {
    let environment = match &context.job.environment {
        EnvironmentRef::Named(name) => name.to_string(),
        EnvironmentRef::Expression(text) => text.clone(),
        EnvironmentRef::None | EnvironmentRef::Unknown(_) => String::new(),
    };
    let names = [context.job.id.as_str(), context.workflow.path.file_name(), &environment];
    names.into_iter().any(remote::says_publishing)
}
