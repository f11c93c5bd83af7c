//! A policy in monochange's own form, where the package's settings of trusted publishing stand or would stand.
//!
//! Only the package's own table is written, because the ecosystem's speaks for other packages too (where it does not, see
//! `shared`); and of it only what the
//! package would not inherit. A switch that is on (`trusted_publishing = true`) becomes a table that says so. (Its guides show
//! both spellings in one file; as a key may stand only once, TOML refuses that, and so it is one or the other here.)

use toml_edit::{InlineTable, Item, Key, Table, TableLike, Value};

use super::{SETTINGS, at, ecosystem_of, source};
use crate::config::document::Document;
use crate::config::edit::{CannotEdit, Keys, Splice, in_braces, in_lines, into_braces, lines_at_end, paragraph_below};
use crate::config::policy::{ENVIRONMENT, REPOSITORY};
use crate::config::render;
use crate::model::{RepoSlug, TrustPolicy, clean_line};

/// Makes what a package says and inherits the policy that is wanted. `id` is the file's own name for it.
pub(in crate::config) fn set_policy(
    document: &Document,
    id: &str,
    policy: &TrustPolicy,
) -> Result<(Vec<Splice>, Keys), CannotEdit> {
    let keys = keys(document, id, policy)?;
    let (holder, missing) = holder(document, id, &keys)?;
    let text = document.text();
    let splices = match (holder, &missing[..]) {
        (Holder::Switch(value), _) => {
            let mut pairs = vec!["enabled = true".to_owned()];
            pairs.extend(render::assignments(&keys.set));
            let range = value.span().ok_or(CannotEdit::UnknownForm)?;
            vec![Splice { range, text: format!("{{ {} }}", pairs.join(", ")) }]
        }
        (Holder::Braces(block), []) => in_braces(text, block, &keys)?,
        (Holder::Braces(outer), [first, below @ ..]) => {
            let settings = render::braces(&keys.set);
            let nested = below.iter().rev().fold(settings, |inner, key| format!("{{ {key} = {inner} }}"));
            vec![into_braces(text, outer, &format!("{first} = {nested}"))?]
        }
        (Holder::Lines(block, prefix), []) => in_lines(text, block, &prefix, &keys)?,
        (Holder::Lines(outer, prefix), missing) if outer.is_dotted() => {
            let prefix = format!("{prefix}{}.", missing.join("."));
            vec![lines_at_end(text, outer, &prefix, &keys.set).ok_or(CannotEdit::UnknownForm)?]
        }
        (Holder::Lines(outer, _), _) => vec![paragraph_below(text, outer, &render::monochange(id, &keys.set))],
    };
    Ok((splices, keys))
}

/// What the package's own table has to say, and no longer.
fn keys(document: &Document, id: &str, policy: &TrustPolicy) -> Result<Keys, CannotEdit> {
    let root = document.root();
    let own = at(root, &["package", id, "publish", SETTINGS]).and_then(Item::as_table_like);
    let ecosystem = ecosystem_of(root, id);
    let shared = ecosystem.and_then(|name| at(root, &["ecosystems", name, "publish", SETTINGS]));
    let inherited = |key: &str| shared?.as_table_like()?.get(key)?.as_str();
    if let (None, Some(environment), Some(ecosystem)) = (&policy.environment, inherited(ENVIRONMENT), ecosystem) {
        let table = format!("ecosystems.{ecosystem}.publish.{SETTINGS}");
        return Err(CannotEdit::Inherited(table, clean_line(environment, 100)));
    }
    let home = match inherited(REPOSITORY) {
        Some(text) => text.parse::<RepoSlug>().ok(),
        None => source(document, &mut Vec::new()),
    };
    let says = |key: &str, value: &str| match key {
        REPOSITORY => home.is_some() && home == policy.repository,
        _ => inherited(key) == Some(value),
    };
    let mut set = render::pairs(&policy.plain());
    set.retain(|(key, value)| own.is_some_and(|own| own.contains_key(key)) || !says(key, value));
    Ok(Keys { set, drop: policy.environment.is_none().then_some(ENVIRONMENT).into_iter().collect() })
}

/// The deepest of what is there on the way to the settings.
enum Holder<'a> {
    /// A table whose keys have lines of their own, and what they start with.
    Lines(&'a Table, String),
    Braces(&'a InlineTable),
    /// The settings are but a switch.
    Switch(&'a Value),
}

/// The holder, and the keys that are missing below it.
fn holder<'a>(document: &'a Document, id: &str, keys: &Keys) -> Result<(Holder<'a>, Vec<String>), CannotEdit> {
    let path = ["package", id, "publish", SETTINGS];
    let spelled = path.map(|key| Key::new(key).display_repr().into_owned());
    let mut holder = Holder::Lines(document.root(), String::new());
    for (depth, key) in path.iter().enumerate() {
        let last = depth + 1 == path.len();
        let next = match &holder {
            Holder::Lines(table, prefix) => table.get(key).map(|item| (item, prefix.as_str())),
            Holder::Braces(table) => TableLike::get(*table, key).map(|item| (item, "")),
            Holder::Switch(_) => None,
        };
        holder = match next {
            None => return Ok((holder, spelled[depth..].to_vec())),
            Some((Item::Table(table), prefix)) if table.is_dotted() => {
                Holder::Lines(table, format!("{prefix}{}.", spelled[depth]))
            }
            // Only sub-tables of the settings are there, and monochange has none.
            Some((Item::Table(table), _)) if last && table.is_implicit() => return Err(CannotEdit::UnknownForm),
            Some((Item::Table(table), _)) => Holder::Lines(table, String::new()),
            Some((Item::Value(Value::InlineTable(table)), _)) if table.is_dotted() => {
                return Err(CannotEdit::UnknownForm);
            }
            Some((Item::Value(Value::InlineTable(table)), _)) => Holder::Braces(table),
            Some((Item::Value(value), _)) if last && value.as_bool() == Some(true) && !keys.set.is_empty() => {
                Holder::Switch(value)
            }
            Some(_) => return Err(CannotEdit::NotATable(if last { SETTINGS } else { "publish" })),
        };
    }
    Ok((holder, Vec::new()))
}
