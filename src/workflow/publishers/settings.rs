//! What the repository's own files set for a tool: the registry that it publishes to, and the logins that it reads.
//!
//! A step's own words go first, then the package's manifest, then what earlier steps set up, then project files.

use serde_json::Value as Json;

use crate::model::{Destination, Package, Registry, RelPath};

use super::super::library::Library;
use super::super::value::Value;
use super::auth::Handed;
use super::destination;
use super::packages::Meant;
use super::prepared::Prepared;
use super::walk::Candidate;

/// Where a step publishes to.
pub(super) fn destination(
    candidate: &Candidate,
    meant: &Meant,
    library: &Library<'_>,
    packages: &[Package],
) -> Destination {
    let family = candidate.family;
    let own = candidate.named.clone().map(|name| {
        let alias = candidate.prepared.alias(family, &name).cloned();
        alias.or_else(|| index_url(library, family.registry, &name)).unwrap_or(name)
    });
    let text = own
        .or_else(|| publish_config(library, family.registry, meant, packages))
        .or_else(|| scoped(&candidate.prepared, family.registry, meant, packages))
        .or_else(|| candidate.prepared.registry(family).cloned())
        .or_else(|| {
            let project = project(candidate, library);
            let scoped = scoped(&project, family.registry, meant, packages);
            scoped.or_else(|| project.registry(family).cloned())
        });
    text.map_or(Destination::Main(family.registry), |text| destination::of(&text, family))
}

/// What the tool would take for its token there: what the step hands over, and stored logins for that very place.
pub(super) fn handed(candidate: &Candidate, destination: &Destination, library: &Library<'_>) -> Vec<Handed> {
    let family = candidate.family;
    let mut handed = candidate.handed.clone();
    let project = project(candidate, library);
    let stored =
        candidate.prepared.logins.iter().chain(&project.logins).filter(|login| login.registry == family.registry);
    for login in stored {
        let there = match &login.host {
            None => true,
            Some(host) => match (destination::of(host, family), destination) {
                (Destination::Undecided { .. }, _) | (_, Destination::Undecided { .. }) => true,
                (for_host, there) => for_host == *there,
            },
        };
        if there {
            handed.push(Handed { by: login.by.to_owned(), value: login.value.clone(), at: login.at.clone() });
        }
    }
    handed
}

/// What the project's own files say, nearest first.
fn project(candidate: &Candidate, library: &Library<'_>) -> Prepared {
    let mut prepared = Prepared::default();
    match candidate.family.registry {
        registry if registry == super::families::NPM.registry => {
            let folder = candidate.folder.literal().unwrap_or_default();
            for folder in [String::new(), folder] {
                for name in [".npmrc", ".yarnrc.yml"] {
                    let Some(path) = RelPath::new(&format!("./{folder}/{name}")).ok().filter(|path| library.has(path))
                    else {
                        continue;
                    };
                    let Some(text) = library.text(&path) else { continue };
                    let handed = |name: &str| {
                        candidate.handed.iter().find(|handed| handed.by == name).map(|handed| handed.value.clone())
                    };
                    let value = Value::text(&*text).expanded(|name| Some(handed(name).unwrap_or_default()));
                    prepared.written(name, &value, &candidate.at);
                }
            }
        }
        registry if registry == super::families::CARGO.registry => {
            let default = toml(library, ".cargo/config.toml")
                .and_then(|document| document.get("registry")?.get("default")?.as_str().map(str::to_owned));
            prepared.registries.extend(default.map(|name| (registry, Value::text(name))));
        }
        _ => {}
    }
    // A variable that nobody hands over stands for nothing.
    prepared.logins.retain(|login| !login.value.is_empty());
    prepared
}

/// The registry of the packages' scope, where one is set for a scope: `@acme:registry=…`. Where no package is known it is
/// taken to be set for those that are published.
fn scoped(prepared: &Prepared, registry: Registry, meant: &Meant, packages: &[Package]) -> Option<Value> {
    let here = || packages.iter().filter(|p| p.id.registry == registry).map(|p| p.id.name.clone()).collect();
    let names: Vec<_> = match meant {
        Meant::Named(names) | Meant::Among(names) => names.clone(),
        Meant::Unknown => here(),
    };
    let fits = |scope: &str| {
        names.is_empty() && scope != "@jsr"
            || names.iter().any(|name| name.as_str().split_once('/').is_some_and(|(before, _)| before == scope))
    };
    let set = prepared.aliases.iter().rev().filter(|(known, scope, _)| *known == registry && scope.starts_with('@'));
    set.into_iter().find(|(_, scope, _)| fits(scope)).map(|(.., value)| value.clone())
}

/// `publishConfig.registry` of the packages' own manifests, where all that have one agree.
fn publish_config(library: &Library<'_>, registry: Registry, meant: &Meant, packages: &[Package]) -> Option<Value> {
    let (Meant::Named(names) | Meant::Among(names)) = meant else { return None };
    if registry != super::families::NPM.registry || names.len() > 50 {
        return None;
    }
    let manifests =
        packages.iter().filter(|p| p.id.registry == registry && names.contains(&p.id.name)).map(|p| &p.manifest);
    let mut found = manifests.filter_map(|path| {
        let json: Json = serde_json::from_str(&library.text(path)?).ok()?;
        json.get("publishConfig")?.get("registry")?.as_str().map(str::to_owned)
    });
    found.next().map(Value::text)
}

/// The address of an index that pyproject.toml names for uv.
fn index_url(library: &Library<'_>, registry: Registry, name: &Value) -> Option<Value> {
    if registry != super::families::PYTHON.registry {
        return None;
    }
    let document = toml(library, "pyproject.toml")?;
    let indexes = document.get("tool")?.get("uv")?.get("index")?.as_array_of_tables()?;
    let text = |table: &toml_edit::Table, key: &str| table.get(key).and_then(|item| item.as_str()).map(str::to_owned);
    let index = indexes.iter().find(|table| text(table, "name").is_some_and(|known| name.is(&known)))?;
    text(index, "publish-url").or_else(|| text(index, "url")).map(Value::text)
}

fn toml(library: &Library<'_>, path: &str) -> Option<toml_edit::DocumentMut> {
    let path = RelPath::new(path).ok().filter(|path| library.has(path))?;
    library.text(&path)?.parse().ok()
}
