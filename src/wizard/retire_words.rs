//! What the retire step says: each secret with its place, age and users, why it stays or may go, and what cannot come back.

use super::retire_fate::{Fate, mains};
use super::{Ask, AskKind, Item, Mark, Para, Retire, RetireStage, Wizard};
use crate::model::{Registry, SecretPlace};
use crate::registry;
use crate::report::Report;
use crate::secrets::{Entry, Kept, delete_command};

/// Said before, wherever a secret is about to go.
const NO_WAY_BACK: &str =
    "A deleted secret cannot come back: GitHub shows its value to nobody, and untoken has never seen it.";

impl Wizard {
    pub(super) fn ask_retire(&self, retire: &Retire) -> Ask {
        match &retire.stage {
            RetireStage::Reading(_) => {
                Ask::note("retire.reading", "Reading the names of secrets, and who uses them …", Vec::new())
                    .wanting(AskKind::Wait)
            }
            RetireStage::List => self.ask_old_secrets(retire),
            RetireStage::Revoked => self.ask_revoked(retire),
            RetireStage::Name(wrong) => self.ask_name(retire, wrong.as_deref()),
            RetireStage::ByHand(why) => self.ask_by_hand(retire, why.as_ref()),
            RetireStage::Deleting => {
                Ask::note("retire.deleting", "GitHub is asked to delete it …", Vec::new()).wanting(AskKind::Wait)
            }
        }
    }

    fn ask_old_secrets(&self, retire: &Retire) -> Ask {
        let mut body = Vec::new();
        let none = retire.entries.is_empty();
        if none && retire.unread.is_empty() {
            body.push(Para::Marked(Mark::Yes, "No long-lived secret for it is left.".into()));
        }
        body.extend(retire.unread.iter().map(|why| Para::Marked(Mark::Unknown, format!("not read: {why}"))));
        if !self.sees_names() && !retire.unread.is_empty() {
            body.push(Para::Text("Sign in on the board (s) with an account that may see them.".into()));
        }
        if !none {
            body.push(Para::Text(NO_WAY_BACK.into()));
            body.push(Para::Faint(
                "Looked at: this repository's workflows as they are here and on its default branch. Other branches, and other \
                 places where the same token was stored, are not seen."
                    .into(),
            ));
        }
        let title = match retire.packages.as_slice() {
            [one] => format!("The old secrets of {}.", one.name),
            many => format!("The old secrets of {} packages.", many.len()),
        };
        if none {
            return Ask::note("retire", title, body);
        }
        let items = retire.entries.iter().map(|entry| self.item_of(entry)).collect();
        Ask::note("retire", title, body).wanting(AskKind::Choice { items, cursor: retire.cursor })
    }

    fn item_of(&self, entry: &Entry) -> Item {
        let (place, name) = self.place_and_name(entry);
        let (word, why) = match self.fate(entry) {
            Fate::CanGo(_) => ("can go", entry.judgement.as_ref().map(|j| j.why.clone()).unwrap_or_default()),
            Fate::Refused(why) => ("stays", why),
            Fate::Others(why) => ("not untoken's to delete", why),
        };
        let mut detail = vec![super::board::sentence(&why)];
        detail.push(self.age(entry));
        detail.extend(entry.uses.iter().take(3).map(|used| {
            let job = used.job.as_ref().map(|job| format!(", job {job}")).unwrap_or_default();
            format!("Used at {}{job}.", used.at)
        }));
        if entry.uses.len() > 3 {
            detail.push(format!("And at {} more places.", entry.uses.len() - 3));
        }
        Item { label: format!("{name} · {place} · {word}"), detail }
    }

    fn place_and_name(&self, entry: &Entry) -> (String, String) {
        match &entry.kept {
            Kept::Secret(place, name) => (place.in_words(), name.to_string()),
            Kept::Named(name) => ("place not seen".to_owned(), name.to_string()),
            Kept::Variable(name) => ("this machine".to_owned(), name.clone()),
            Kept::File(path, _) => ("this machine".to_owned(), path.clone()),
        }
    }

    fn age(&self, entry: &Entry) -> String {
        let days = |at: crate::model::Timestamp| self.facts.now.since(at) / (24 * 60 * 60);
        match (entry.updated, entry.created) {
            (Some(updated), _) => format!("Last set on {}, {} days ago.", updated.day(), days(updated)),
            (None, Some(created)) => format!("Made on {}, {} days ago.", created.day(), days(created)),
            (None, None) => "When it was set is not known.".to_owned(),
        }
    }

    /// The pages on which its token is revoked.
    fn revoke_pages(&self, retire: &Retire) -> Vec<(Registry, crate::model::Link)> {
        let registries = retire.current().map(|entry| mains(entry).collect::<Vec<_>>()).unwrap_or_default();
        let page = |registry| {
            let rule = registry::revoke_page(registry, &self.facts.endpoints);
            let mut link = rule.value;
            if rule.confidence == registry::Confidence::Reported {
                link.label.push_str(" (reported)");
            }
            (registry, link)
        };
        registries.into_iter().map(page).collect()
    }

    pub(super) fn revoke_link(&self, retire: &Retire) -> Option<String> {
        self.revoke_pages(retire).into_iter().next().map(|(_, link)| link.url)
    }

    fn ask_revoked(&self, retire: &Retire) -> Ask {
        let name = retire.target().map(|(_, name)| name.to_string()).unwrap_or_default();
        let mut body = vec![Para::Text(
            "To delete the secret leaves the token itself good: whoever has a copy can publish with it. Revoke it first.".into(),
        )];
        for (registry, link) in self.revoke_pages(retire) {
            body.push(Para::Text(format!("{registry}, {}:", link.label)));
            body.push(Para::Verbatim(link.url));
        }
        body.push(Para::Text(
            "Which token it is, the registry's list tells by name and last use; GitHub shows the value to nobody."
                .into(),
        ));
        body.push(Para::Text("Nobody else can read it: untoken writes down that you said so.".into()));
        Ask::note("retire.revoked", format!("Is the token in {name} revoked?"), body).wanting(AskKind::Confirm)
    }

    fn ask_name(&self, retire: &Retire, wrong: Option<&str>) -> Ask {
        let Some((home, name)) = retire.target() else { return Ask::note("retire.name", "No secret", Vec::new()) };
        let mut body = vec![Para::Strong(NO_WAY_BACK.into())];
        if let Some(slug) = self.slug() {
            body.push(Para::Pair("repository".into(), slug.to_string()));
        }
        body.push(Para::Pair("place".into(), home.place().in_words()));
        body.push(Para::Pair("secret".into(), name.to_string()));
        body.extend(wrong.map(|typed| Para::Marked(Mark::Refused, format!("`{typed}` is not its name"))));
        body.push(Para::Text("Type its name to delete it. untoken then reads the names again.".into()));
        Ask::note("retire.name", format!("Delete {name} from {}?", home.place().in_words()), body)
            .wanting(AskKind::Text { label: "the secret's name".into(), value: String::new() })
    }

    fn ask_by_hand(&self, retire: &Retire, why: Option<&Report>) -> Ask {
        let Some((home, name)) = retire.target() else { return Ask::note("retire.by-hand", "No secret", Vec::new()) };
        let mut body = Vec::new();
        match why {
            Some(report) => {
                body.push(Para::Marked(Mark::Refused, report.line()));
                body.extend(report.hint.clone().map(Para::Text));
            }
            None if !self.may_delete(&home) => body.push(Para::Text("This sign-in may not delete it. You can:".into())),
            None => {}
        }
        body.push(Para::Text(NO_WAY_BACK.into()));
        body.extend(self.retire_command(retire).map(Para::Command));
        body.push(Para::Text("or on the settings page:".into()));
        body.extend(self.retire_page(retire).map(Para::Verbatim));
        body.push(Para::Text("Then ↵: untoken reads the names again.".into()));
        Ask::note("retire.by-hand", format!("Delete {name} from {} yourself.", home.place().in_words()), body)
    }

    /// The command that deletes it with the person's own gh.
    pub(super) fn retire_command(&self, retire: &Retire) -> Option<String> {
        delete_command(&retire.current()?.kept, self.slug())
    }

    /// The settings page that lists it; an organisation's is the organisation's.
    pub(super) fn retire_page(&self, retire: &Retire) -> Option<String> {
        let (web, slug) = (self.facts.github.web.as_ref()?, self.slug()?);
        let Kept::Secret(place, _) = &retire.current()?.kept else { return None };
        Some(match place {
            SecretPlace::Repository => format!("{web}/{slug}/settings/secrets/actions"),
            SecretPlace::Environment(_) => format!("{web}/{slug}/settings/environments"),
            SecretPlace::Dependabot => format!("{web}/{slug}/settings/secrets/dependabot"),
            SecretPlace::Organization => format!("{web}/organizations/{}/settings/secrets/actions", slug.owner()),
        })
    }
}
