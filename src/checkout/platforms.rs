//! The platforms of an npm package: one package each, made by the build, named in `optionalDependencies` of the one that people
//! install (the way of napi, esbuild, swc, biome and others; npm's page on package.json, read 2026-11-21).

use serde_json::Value;

use crate::model::{Package, PackageId, PackageName, Registry, RelPath};

use super::manifest::Shelf;

/// The most that are taken along of one package; the largest families known have about thirty.
const MOST: usize = 64;

/// Operating systems as such names have them: Node.js's `process.platform`, and what others call the same.
const SYSTEMS: [&str; 15] = [
    "linux",
    "linuxmusl",
    "darwin",
    "macos",
    "win32",
    "windows",
    "freebsd",
    "openbsd",
    "netbsd",
    "android",
    "sunos",
    "aix",
    "openharmony",
    "wasm32",
    "wasi",
];

/// Processors as such names have them: Node.js's `process.arch`, and what others call the same.
const PROCESSORS: [&str; 21] = [
    "x64",
    "x86",
    "64",
    "32",
    "ia32",
    "386",
    "amd64",
    "i686",
    "arm64",
    "aarch64",
    "arm",
    "armv6",
    "armv7",
    "riscv64",
    "ppc64",
    "ppc64le",
    "s390x",
    "loong64",
    "mips64el",
    "universal",
    "wasm32",
];

/// Takes the platforms along that a package's manifest names.
pub(super) fn read(shelf: &mut Shelf<'_>, path: &RelPath, name: &str, manifest: &Value) {
    let Ok(whose) = PackageName::new(name) else { return };
    let named = manifest.get("optionalDependencies").and_then(Value::as_object);
    let mut found: Vec<PackageName> = named
        .into_iter()
        .flat_map(|named| named.keys())
        .filter(|other| is_platform(name, other))
        .filter_map(|other| PackageName::new(other).ok())
        .collect();
    if found.is_empty() {
        return;
    }
    let left_out = found.len().saturating_sub(MOST);
    found.truncate(MOST);
    let cut = if left_out > 0 { format!("; {left_out} more were left out") } else { String::new() };
    let message = match found.len() {
        1 => format!("1 platform of {whose} is taken along, from its optionalDependencies{cut}"),
        many => format!("{many} platforms of {whose} are taken along, from its optionalDependencies{cut}"),
    };
    shelf.note(path, message);
    shelf.family.extend(found.into_iter().map(|name| Package {
        id: PackageId { registry: Registry::Npm, name: name.clone() },
        spelled: name,
        manifest: path.clone(),
        version: None,
        repository: None,
        lacks: Vec::new(),
        restricted: false,
        family: Some(whose.clone()),
    }));
}

/// Whether a name is that of a platform of a package: of the same scope, or the same name with more, and then a system and a
/// processor.
fn is_platform(name: &str, other: &str) -> bool {
    let parts = |name: &str| match name.split_once('/') {
        Some((scope, bare)) => (Some(scope.to_owned()), bare.to_owned()),
        None => (None, name.to_owned()),
    };
    let ((scope, bare), (other_scope, other_bare)) = (parts(name), parts(other));
    let kin = match (scope, other_scope) {
        (Some(scope), Some(other)) => scope == other,
        (None, Some(other)) => other.strip_prefix('@') == Some(bare.as_str()),
        (None, None) => other_bare.strip_prefix(&bare).is_some_and(|rest| rest.starts_with('-')),
        (Some(_), None) => false,
    };
    let words = || other_bare.split(['-', '_', '.']);
    kin && words().any(|word| SYSTEMS.contains(&word)) && words().any(|word| PROCESSORS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_are_told_from_other_optional_dependencies() {
        for (name, platform) in [
            ("@x/cli", "@x/cli-linux-x64"),
            ("@swc/core", "@swc/core-win32-ia32-msvc"),
            ("@biomejs/biome", "@biomejs/cli-darwin-arm64"),
            ("@napi-rs/canvas", "@napi-rs/canvas-wasm32-wasi"),
            ("esbuild", "@esbuild/aix-ppc64"),
            ("rollup", "@rollup/rollup-linux-arm-gnueabihf"),
            ("turbo", "turbo-windows-64"),
        ] {
            // rollup's scope is its name; so is esbuild's.
            assert!(is_platform(name, platform), "{platform}");
        }
        for (name, other) in [
            ("@x/cli", "@y/cli-linux-x64"),
            ("@x/cli", "cli-linux-x64"),
            ("@x/cli", "@x/cli-plugins"),
            ("@x/cli", "@x/linux-tools"),
            ("turbo", "turbo-linux"),
            ("turbo", "turbocharged-linux-x64"),
            ("turbo", "fsevents"),
        ] {
            assert!(!is_platform(name, other), "{other}");
        }
    }
}
