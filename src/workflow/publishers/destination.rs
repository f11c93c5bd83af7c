//! Where a step publishes to: the main registry, a registry for trials, another host, or only a run tells.

use crate::model::Destination;

use super::super::value::Value;
use super::families::Family;

/// Names and hosts of PyPI's registry for trials.
const TRIALS: [&str; 3] = ["testpypi", "test.pypi.org", "test"];

/// What a name or an address means to these tools. Nothing is the main registry.
pub(super) fn of(value: &Value, family: &Family) -> Destination {
    let mut found: Vec<Destination> = Vec::new();
    for alternative in value.alternatives() {
        let destination = one(&alternative, family);
        if !found.contains(&destination) {
            found.push(destination);
        }
    }
    if found.len() == 1 { found.swap_remove(0) } else { undecided(value, family) }
}

fn undecided(value: &Value, family: &Family) -> Destination {
    Destination::Undecided { speaks: family.registry, by: value.shown() }
}

fn one(value: &Value, family: &Family) -> Destination {
    if value.is_empty() {
        return Destination::Main(family.registry);
    }
    let shown = value.shown();
    let known = shown.split("${{").next().unwrap_or_default();
    let Some(host) = host(known, known.len() == shown.len()) else { return undecided(value, family) };
    if family.main.contains(&host.as_str()) {
        Destination::Main(family.registry)
    } else if family.registry == crate::model::Registry::Pypi && TRIALS.contains(&host.as_str()) {
        Destination::TestPypi
    } else {
        Destination::Other { speaks: family.registry, host }
    }
}

/// The host of an address, or the bare name; of a text that goes on unknown, only where the host is complete.
fn host(text: &str, whole: bool) -> Option<String> {
    let text = text.trim().trim_start_matches("sparse+").trim_start_matches("registry+");
    let rest = text.split_once("//").map_or(text, |(_, rest)| rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let end = rest.find(['/', ':', '?', '#']);
    match end {
        Some(end) if end > 0 => Some(rest[..end].to_ascii_lowercase()),
        None if whole && !rest.is_empty() => Some(rest.to_ascii_lowercase()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::families::{CARGO, DOTNET, NPM, PYTHON};
    use super::*;
    use crate::model::Registry;

    #[test]
    fn the_main_registry_is_told_from_every_other_place() {
        let label = |text: &str, family: &Family| of(&Value::text(text), family).label();
        assert_eq!(label("https://registry.npmjs.org/", &NPM), "npm");
        assert_eq!(label("//registry.npmjs.org", &NPM), "npm");
        assert_eq!(label("https://npm.pkg.github.com/acme", &NPM), "other:npm.pkg.github.com");
        assert_eq!(label("https://test.pypi.org/legacy/", &PYTHON), "testpypi");
        assert_eq!(label("testpypi", &PYTHON), "testpypi");
        assert_eq!(label("https://upload.pypi.org/legacy/", &PYTHON), "pypi");
        assert_eq!(label("artifactory", &CARGO), "other:artifactory");
        assert_eq!(label("https://api.nuget.org/v3/index.json", &DOTNET), "nuget");
    }

    #[test]
    fn what_only_a_run_knows_is_undecided_unless_the_host_is_there() {
        let mut open = Value::text("https://npm.pkg.github.com/");
        open.push(Value::unknown("github.repository_owner"));
        assert_eq!(of(&open, &NPM).label(), "other:npm.pkg.github.com");
        let either = Value::one_of([Value::default(), Value::text("https://test.pypi.org/legacy/")]);
        let undecided =
            |value: &Value| matches!(of(value, &PYTHON), Destination::Undecided { speaks: Registry::Pypi, .. });
        assert!(undecided(&either) && undecided(&Value::unknown("vars.URL")));
    }
}
