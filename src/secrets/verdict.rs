//! Whether a secret can go. GitHub's order decides whose value a step gets: the environment's, else the repository's, else
//! the organisation's; a run that Dependabot started gets Dependabot's alone.

use super::proof::{Proven, proven, still_needed};
use super::uses::Uses;
use super::{Facts, Judgement, OnGithub, Taken, Use, Verdict};
use crate::model::{EnvironmentName, EnvironmentRef, Reading, SecretFact, SecretName, SecretNames, SecretPlace};

/// Judges one secret; with the uses that can mean it.
pub(super) fn judge(facts: &Facts, all: &Uses, secret: &SecretFact, tokens: &[Taken]) -> (Judgement, Vec<Use>) {
    let OnGithub::Asked(names) = &facts.github else {
        return (Judgement::new(Verdict::Unknown, "GitHub was not asked"), Vec::new());
    };
    let level = Level { facts, all, names, secret, tokens };
    match &secret.place {
        SecretPlace::Environment(name) => level.environment(name),
        SecretPlace::Repository => level.repository(),
        SecretPlace::Organization => level.organization(),
        SecretPlace::Dependabot => level.dependabot(),
    }
}

struct Level<'a> {
    facts: &'a Facts,
    all: &'a Uses,
    names: &'a SecretNames,
    secret: &'a SecretFact,
    tokens: &'a [Taken],
}

impl Level<'_> {
    /// The uses in workflows.
    fn uses(&self) -> impl Iterator<Item = &Use> {
        self.all.get(&self.secret.name).iter().filter(|used| used.job.is_some())
    }

    fn environment(&self, name: &EnvironmentName) -> (Judgement, Vec<Use>) {
        let here = |used: &&Use| matches!(&used.environment, EnvironmentRef::Named(n) if n.same_on_github(name));
        let sure: Vec<Use> = self.uses().filter(here).cloned().collect();
        if !sure.is_empty() {
            return self.in_use(sure);
        }
        let open = |used: &&Use| matches!(used.environment, EnvironmentRef::Expression(_) | EnvironmentRef::Unknown(_));
        let maybe: Vec<Use> = self.uses().filter(open).cloned().collect();
        if let Some(first) = maybe.first() {
            let why = format!("{} names it, and only a run tells the environment of that job", first.at);
            return (Judgement::new(Verdict::Unknown, why), maybe);
        }
        (self.not_used(&format!("no job in environment {name} names it")), Vec::new())
    }

    fn repository(&self) -> (Judgement, Vec<Use>) {
        let uses: Vec<Use> = self.uses().filter(|used| !used.only_environment).cloned().collect();
        if uses.is_empty() {
            return (self.not_used("no workflow here names it"), uses);
        }
        let (hidden, seen): (Vec<Use>, Vec<Use>) = uses.into_iter().partition(|used| self.hidden_by(used).is_some());
        let Some(by) = hidden.first().and_then(|used| self.hidden_by(used)) else { return self.in_use(seen) };
        if !seen.is_empty() {
            return self.in_use(seen);
        }
        let why = format!("every job that names it runs in an environment with a secret of the same name ({by})");
        (self.unless_doubted(Judgement::new(Verdict::Shadowed, why)), hidden)
    }

    fn organization(&self) -> (Judgement, Vec<Use>) {
        if holds(&self.names.at_repository, &self.secret.name) {
            let why = "the repository has a secret of the same name, which goes before it here";
            return (Judgement::new(Verdict::Shadowed, why), Vec::new());
        }
        let (judgement, uses) = self.repository();
        if matches!(judgement.verdict, Verdict::InUse | Verdict::Unknown) {
            return (judgement, uses);
        }
        let why = format!("{}; other repositories of the organisation may use it", judgement.why);
        (Judgement::new(Verdict::Unknown, why), uses)
    }

    fn dependabot(&self) -> (Judgement, Vec<Use>) {
        let all = self.all.get(&self.secret.name);
        let own: Vec<Use> = all.iter().filter(|used| used.job.is_none()).cloned().collect();
        if let Some(first) = own.first() {
            return (Judgement::new(Verdict::InUse, format!("Dependabot's own settings name it at {}", first.at)), own);
        }
        let runs: Vec<Use> = self.uses().filter(|used| !used.only_environment).cloned().collect();
        if let Some(first) = runs.first() {
            let why = format!("runs that Dependabot starts are given it where {} names it", first.at);
            return (Judgement::new(Verdict::InUse, why), runs);
        }
        (self.not_used("neither Dependabot's settings nor a workflow here name it"), runs)
    }

    /// The environment whose secret of the same name goes before the repository's in that job.
    fn hidden_by(&self, used: &Use) -> Option<&EnvironmentName> {
        let EnvironmentRef::Named(name) = &used.environment else { return None };
        let environments = self.names.environments.value()?;
        let (known, list) = environments.iter().find(|(known, _)| known.same_on_github(name))?;
        holds(list, &self.secret.name).then_some(known)
    }

    fn in_use(&self, uses: Vec<Use>) -> (Judgement, Vec<Use>) {
        let feeds = uses.iter().find_map(|used| used.feeds.as_ref());
        let mut why = match (feeds, uses.first()) {
            (Some(feeds), _) => format!("it publishes to {} at {}", feeds.destination, feeds.at),
            (None, Some(first)) => format!("{} names it", first.at),
            (None, None) => "it is used".to_owned(),
        };
        if let Proven::Since(packages) = proven(self.facts, self.tokens, &uses)
            && let Some((package, version)) = packages.first()
        {
            why.push_str(&format!(
                "; {} {version} came by OIDC, and nothing by a token since: take it out of the workflow",
                package.name
            ));
        }
        (Judgement::new(Verdict::InUse, why), uses)
    }

    /// Nothing that was read uses it.
    fn not_used(&self, seen: &str) -> Judgement {
        let judgement = match (still_needed(self.facts, self.tokens), proven(self.facts, self.tokens, &[])) {
            (Some(why), _) => Judgement::new(Verdict::Kept, format!("{seen}; but {why}")),
            (None, Proven::Since(packages)) => {
                let all: Vec<String> = packages.iter().map(|(id, version)| format!("{} {version}", id.name)).collect();
                let shown = all.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
                let more = if all.len() > 3 { ", …" } else { "" };
                let why = format!("{seen}; {shown}{more} came by OIDC, and every version by a token is older");
                Judgement::new(Verdict::Replaced, why)
            }
            (None, Proven::Nothing) => Judgement::new(Verdict::Unused, seen),
            (None, Proven::Not(other)) => {
                Judgement::new(Verdict::Unused, format!("{seen}; but {other}: find out whose it was first"))
            }
            (None, Proven::Unknown(unknown)) => {
                let why = format!("{seen}; whether every version by a token is older is unknown: {}", unknown.why);
                Judgement::new(Verdict::Unused, why)
            }
        };
        self.unless_doubted(judgement)
    }

    /// The same, unless something that may use it was not read.
    fn unless_doubted(&self, judgement: Judgement) -> Judgement {
        let unread = self.facts.unread.first().map(|path| format!("{path} could not be read, and may use it"));
        let handed = self.all.all.first().map(|(at, what)| format!("{what} ({at})"));
        match unread.or(handed).or_else(|| self.facts.unpushed.clone()) {
            Some(doubt) => Judgement::new(Verdict::Unknown, format!("{}; but {doubt}", judgement.why)),
            None => judgement,
        }
    }
}

fn holds(list: &Reading<Vec<SecretFact>>, name: &SecretName) -> bool {
    list.value().is_some_and(|list| list.iter().any(|known| known.name == *name))
}
