//! Whether the person at the keyboard may take a step at its registry, as far as that can be read.

use std::collections::BTreeMap;

use super::{Facts, Row};
use crate::model::{
    Existence, Identity, Owner, PackageId, Party, Permission, Reading, Registry, Right, StepKind, Unknown,
};
use crate::registry::{self, AccountBy, FirstPublish, ScopeOf};

/// How many owners are named in one line.
const NAMED: usize = 5;

/// What was read of owners and accounts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ownership {
    /// The owners of packages.
    pub owners: BTreeMap<PackageId, Reading<Vec<Owner>>>,
    /// Who the person's own tool is logged in as.
    pub accounts: BTreeMap<Registry, Reading<String>>,
}

/// Whether the person may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum May {
    /// They are among those who may.
    Yes,
    /// They are known, and not among them.
    No,
    /// Nobody can tell.
    Unknown,
}

/// Whether the person may, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The answer.
    pub may: May,
    /// One sentence.
    pub words: String,
}

/// Whether a step wants somebody with rights on a package that is there.
#[must_use]
pub fn wants_owner(facts: &Facts, package: &PackageId, kind: StepKind) -> bool {
    let rules = registry::guides(package.registry).rules();
    let there = matches!(facts.existence(package), Some(Existence::Exists { .. }));
    match kind {
        StepKind::Register | StepKind::Lock => there,
        // The record is made in a scope, which has its members before.
        StepKind::FirstPublish => !there && rules.first_publish.value == FirstPublish::Record,
        _ => false,
    }
}

/// Whether the person may take this step; `None`: the step wants nobody in particular, or nothing was read yet.
#[must_use]
pub fn access(facts: &Facts, me: Option<&Identity>, row: &Row, kind: StepKind) -> Option<Access> {
    let id = &row.package.id;
    match kind {
        StepKind::Environment => administers(facts, me),
        _ if wants_owner(facts, id, kind) => owns(facts, me, id, kind),
        StepKind::FirstPublish => in_scope(facts, me, id),
        _ => None,
    }
}

/// Whether the person may change the repository's settings on GitHub.
fn administers(facts: &Facts, me: Option<&Identity>) -> Option<Access> {
    let slug = facts.slug()?;
    let login = me.map_or("the token", |me| me.login.as_str());
    Some(match facts.github.repository.value().map(|repository| repository.permission) {
        Some(Some(Permission::Admin)) => yes(format!("You ({login}) are an administrator of {slug}.")),
        Some(Some(_)) => no(format!("{login} is not an administrator of {slug}, and only they change environments.")),
        Some(None) => cannot("administrators", "nobody is signed in to GitHub", ""),
        None => cannot("administrators", "the repository was not read from GitHub", ""),
    })
}

/// Whether the person may make a new name in a scope; `None`: it is in none, or the registry has none that are somebody's.
fn in_scope(facts: &Facts, me: Option<&Identity>, id: &PackageId) -> Option<Access> {
    let new_name = registry::guides(id.registry).owners().new_name?;
    let (scope, _) = id.name.as_str().strip_prefix('@')?.split_once('/')?;
    if new_name.value.scope == ScopeOf::Nobody || facts.existence(id) != Some(&Existence::Absent) {
        return None;
    }
    let account = account(facts, me, id.registry).ok();
    let login = account.as_ref().map_or("you", |account| account.name.as_str());
    Some(match login.eq_ignore_ascii_case(scope) {
        true => yes(format!("The scope @{scope} is your own ({login}).")),
        false => Access {
            may: May::Unknown,
            words: format!(
                "Whether {login} may publish in the scope @{scope} cannot be read: only its organisation knows."
            ),
        },
    })
}

/// Whether the person is among the package's owners.
fn owns(facts: &Facts, me: Option<&Identity>, id: &PackageId, kind: StepKind) -> Option<Access> {
    let rules = registry::guides(id.registry).owners();
    let owners = match facts.ownership.owners.get(id)? {
        Reading::NotRead => return None,
        Reading::Unknown(unknown) => return Some(cannot(rules.many, &unknown.why, "")),
        Reading::Seen(seen) => &seen.value,
    };
    let named = |limit| names(owners, limit);
    // Whom the registry knows the person as, and which owner that is.
    let (account, mine) = match account(facts, me, id.registry) {
        Ok(account) => {
            let mine = owners.iter().find(|owner| account.is(owner));
            (account, mine)
        }
        Err(why) => return Some(cannot(rules.many, &why.why, &format!(" They are: {}.", named(NAMED)))),
    };
    let login = account.name;
    let team = owners.iter().any(|owner| owner.party == Party::Team);
    Some(match mine.map(|owner| owner.right) {
        Some(Right::Manages) => yes(format!("You ({login}) are {} of {}.", rules.one, id.name)),
        Some(Right::Publishes) if kind == StepKind::FirstPublish => {
            yes(format!("You ({login}) may publish there, and this needs no more."))
        }
        Some(Right::Publishes) => no(format!(
            "{login} may publish {}, and is not among its {}: {}.",
            id.name,
            rules.many,
            names_of(owners.iter().filter(|owner| owner.right == Right::Manages), NAMED)
        )),
        Some(Right::Untold) => {
            cannot(rules.many, &format!("{} does not tell what {login} may do there", id.registry), "")
        }
        None if team => no(format!(
            "{login} is not among the {}: {}. Being in a team is not enough for this.",
            rules.many,
            named(NAMED)
        )),
        None => no(format!("{login} is not among the {}: {}.", rules.many, named(NAMED))),
    })
}

/// Who can take a step at its registry, for somebody who is asked to, in a sentence.
#[must_use]
pub(super) fn who_may(facts: &Facts, package: &PackageId, kind: StepKind) -> String {
    let rules = registry::guides(package.registry).owners();
    // A pending publisher makes the name, which nobody has yet.
    let new = facts.existence(package) == Some(&Existence::Absent);
    let kind = if kind == StepKind::Register && new { StepKind::FirstPublish } else { kind };
    let owners = facts.ownership.owners.get(package).and_then(Reading::value);
    let able = |owner: &&Owner| kind == StepKind::FirstPublish || owner.right != Right::Publishes;
    let able: Vec<&Owner> = owners.into_iter().flatten().filter(able).collect();
    let named = (!able.is_empty()).then(|| names_of(able.into_iter(), NAMED));
    match (kind, rules.new_name, named) {
        (StepKind::Environment, ..) => "Only an administrator of the repository on GitHub can do it.".to_owned(),
        (StepKind::FirstPublish, Some(new_name), None) => new_name.value.who.to_owned(),
        (StepKind::FirstPublish, Some(new_name), Some(names)) => format!("{} They are: {names}.", new_name.value.who),
        (_, _, Some(names)) => format!("Only {} can do it: {names}.", rules.many),
        (_, _, None) => format!("It takes somebody who is {} there.", rules.one),
    }
}

/// Whom a registry knows the person as.
struct Account {
    name: String,
    number: Option<u64>,
}

impl Account {
    fn is(&self, owner: &Owner) -> bool {
        owner.party == Party::Person
            && match self.number {
                Some(number) => owner.github_id == Some(number),
                // Logins are the same in any case, on GitHub and on npm.
                None => owner.name.eq_ignore_ascii_case(&self.name),
            }
    }
}

fn account(facts: &Facts, me: Option<&Identity>, registry: Registry) -> Result<Account, Unknown> {
    let signed_out = || Unknown::because(format!("nobody is signed in to GitHub, by which {registry} knows people"));
    match registry::guides(registry).owners().account.value {
        AccountBy::GithubLogin => me.map(|me| Account { name: me.login.clone(), number: None }).ok_or_else(signed_out),
        AccountBy::GithubNumber => {
            let me = me.ok_or_else(signed_out)?;
            let number = me.id.ok_or_else(|| Unknown::because("GitHub did not tell the number of your account"))?;
            Ok(Account { name: me.login.clone(), number: Some(number) })
        }
        AccountBy::Tool => match facts.ownership.accounts.get(&registry) {
            Some(Reading::Seen(seen)) => Ok(Account { name: seen.value.clone(), number: None }),
            Some(Reading::Unknown(unknown)) => Err(unknown.clone()),
            Some(Reading::NotRead) | None => Err(Unknown::because("your own tool was not asked who you are")),
        },
        AccountBy::Untold => Err(Unknown::because(format!("nothing here tells who you are on {registry}"))),
    }
}

fn yes(words: String) -> Access {
    Access { may: May::Yes, words }
}

fn no(words: String) -> Access {
    Access { may: May::No, words }
}

fn cannot(many: &str, why: &str, more: &str) -> Access {
    Access { may: May::Unknown, words: format!("Whether you are among the {many} cannot be read: {why}.{more}") }
}

fn names(owners: &[Owner], limit: usize) -> String {
    if owners.is_empty() {
        return "nobody".to_owned();
    }
    names_of(owners.iter(), limit)
}

fn names_of<'a>(owners: impl Iterator<Item = &'a Owner>, limit: usize) -> String {
    let all: Vec<String> = owners.map(Owner::in_words).collect();
    let more = all.len().saturating_sub(limit);
    let mut words = all.into_iter().take(limit).collect::<Vec<_>>().join(", ");
    if words.is_empty() {
        words.push_str("nobody");
    }
    if more > 0 {
        words.push_str(&format!(" and {more} more"));
    }
    words
}
