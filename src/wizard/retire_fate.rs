//! Whether an old secret can go: only where nothing uses it, on GitHub too, and every package that it may serve is proven.

use super::Wizard;
use crate::model::{PackageId, Registry, Rung, SecretHome, SecretPlace};
use crate::plan::{self, Row};
use crate::secrets::{self, Entry, Kept, Verdict};

/// What becomes of a secret; reasons are fragments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// It can be deleted there.
    CanGo(SecretHome),
    /// Not now.
    Refused(String),
    /// Never by untoken: an organisation's.
    Others(String),
}

impl Wizard {
    /// Whether a token is taken to serve one of these packages.
    pub(super) fn serves(&self, entry: &Entry, packages: &[PackageId]) -> bool {
        let on_github = matches!(entry.kept, Kept::Secret(..) | Kept::Named(_));
        on_github && mains(entry).any(|registry| packages.iter().any(|id| id.registry == registry))
    }

    pub(super) fn fate(&self, entry: &Entry) -> Fate {
        let place = match &entry.kept {
            Kept::Secret(place, _) => place,
            Kept::Named(_) | Kept::Variable(_) | Kept::File(..) => {
                return Fate::Refused(judged(entry).unwrap_or_else(|| "it is not at GitHub".to_owned()));
            }
        };
        let Some(home) = place.home() else { return Fate::Others(self.whose(place)) };
        if let Some(why) = self.still_used(entry) {
            return Fate::Refused(why);
        }
        if let Some(why) = plan::unpushed(&self.facts) {
            return Fate::Refused(why);
        }
        let served = self.plan.rows.iter().filter(|row| mains(entry).any(|m| m == row.package.id.registry));
        let needed = |row: &Row| secrets::not_proven(&row.package.id, row.ladder.standing(Rung::Proven));
        match served.filter_map(needed).next() {
            Some(why) => Fate::Refused(why),
            None => Fate::CanGo(home),
        }
    }

    /// Any mention in a workflow counts, also of one that a secret of the same name goes before: without that it would be used.
    fn still_used(&self, entry: &Entry) -> Option<String> {
        let judgement = entry.judgement.as_ref()?;
        match judgement.verdict {
            Verdict::InUse | Verdict::Unknown | Verdict::Shadowed => Some(judgement.why.clone()),
            Verdict::Replaced | Verdict::Unused | Verdict::Kept if !entry.uses.is_empty() => {
                Some(judgement.why.clone())
            }
            Verdict::Replaced | Verdict::Unused | Verdict::Kept => None,
        }
    }

    fn whose(&self, place: &SecretPlace) -> String {
        let owner = self.slug().map(|slug| slug.owner().to_owned()).unwrap_or_default();
        let web = self.facts.github.web.as_deref().unwrap_or("https://github.com");
        format!(
            "it is a secret of {}, which other repositories may use: an owner of {owner} deletes it, at \
             {web}/organizations/{owner}/settings/secrets/actions",
            place.in_words()
        )
    }
}

/// The registries that a token opens.
pub(super) fn mains(entry: &Entry) -> impl Iterator<Item = Registry> {
    entry.tokens.iter().filter_map(|taken| taken.destination.registry())
}

fn judged(entry: &Entry) -> Option<String> {
    entry.judgement.as_ref().map(|judgement| judgement.why.clone())
}
