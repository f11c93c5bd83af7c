//! What the places of the parts are filled with: names and folders of packages, and what one registry asks besides.

use super::fill::{Values, fill};
use super::names::{CargoRegistry, NugetUser, Program};
use crate::model::{Package, RelPath};

/// The folders as arguments; the root is `.`.
pub(super) fn folders(packages: &[&Package]) -> String {
    let folder = |package: &&Package| match package.dir() {
        dir if dir.is_root() => ".".to_owned(),
        dir => format!("./{dir}"),
    };
    packages.iter().map(folder).collect::<Vec<_>>().join(" ")
}

/// What cargo is told. Each crate by name, in one call: cargo puts them in the order of their dependencies, waits for each, and
/// since 1.90 packs crates that need each other. `--workspace` would take a new member along before anybody registered it.
pub(super) fn cargo(
    values: Values,
    packages: &[&Package],
    root: &RelPath,
    elsewhere: Option<&CargoRegistry>,
) -> Values {
    let manifest = if root.is_root() { None } else { Some(format!("--manifest-path {root}/Cargo.toml")) };
    let names = packages.iter().map(|package| format!("-p {}", package.id.name));
    let crates = manifest.into_iter().chain(names).collect::<Vec<_>>().join(" ");
    let there = elsewhere.map(|registry| format!("{crates} --registry {}", registry.name()));
    let with = elsewhere.map(|registry| format!("with:\n  url: {}", registry.url()));
    let variable = elsewhere.map_or_else(|| "CARGO_REGISTRY_TOKEN".to_owned(), CargoRegistry::token_variable);
    values
        .with("crates-there", there.unwrap_or_else(|| crates.clone()))
        .with("crates", crates)
        .with("auth-with", with.unwrap_or_default())
        .with("token-variable", variable)
}

/// Whom NuGet is told.
pub(super) fn nuget(values: Values, user: Option<&NugetUser>) -> Values {
    values.with("nuget-user", user.map_or("${{ vars.NUGET_USER }}", NugetUser::as_str))
}

/// The programs of a release.
pub(super) fn programs(programs: &[Program]) -> Values {
    let bins: Vec<String> = programs.iter().map(|program| format!("--bin {}", program.as_str())).collect();
    let pack = |program: &Program| {
        let name = program.as_str();
        format!("tar -czf \"packed/{name}-$TARGET.tar.gz\" -C target/release {name}")
    };
    let pack: Vec<String> = programs.iter().map(pack).collect();
    Values::new().with("bins", bins.join(" ")).with("pack", pack.join("\n"))
}

/// A list of steps. One that speaks of a package's own folder or manifest is there once for each.
pub(super) fn steps(text: &str, values: &Values, packages: &[&Package]) -> String {
    let mut all = String::new();
    for step in text.split("\n\n") {
        let each = ["<folder>", "<manifest>", "<path>"].iter().any(|place| step.contains(place));
        if !each {
            all.push_str(&fill(step, values));
            continue;
        }
        for package in packages {
            let own = values
                .with("folder", package.dir().as_str())
                .with("manifest", package.manifest.file_name())
                .with("path", package.manifest.as_str());
            all.push_str(&fill(step, &own));
        }
    }
    all
}
