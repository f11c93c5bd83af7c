//! How a name comes to be on crates.io: the real version, or a placeholder.
//!
//! Nothing of the crate ever runs while the person's token is near.

use super::{REPLACED, REPLACED_INDEX};
use crate::model::{Arg, Guide, Package, PackageName, PrivateFile, RunIn, ToolCall, Way, Who};
use crate::registry::first::{PLACEHOLDER, placeholder_folder, placeholder_text, real_version, version_for_ever};
use crate::registry::rules::documented;
use crate::registry::{Endpoints, FirstWay, Rule};

/// What crates.io says of names that nobody uses.
const SQUATTING: Rule<&str> = documented(
    "crates.io disallows what only holds a name for long, without function or real activity in its repository",
    "rust-lang/crates.io svelte/src/routes/policies",
    "2026-08-21",
);
const UNDO: &str = "A published version cannot be taken back, only yanked; a new crate can be deleted within 72 hours.";

/// The ways, the same number for every crate.
pub(super) fn ways(package: &Package, endpoints: &Endpoints) -> Vec<FirstWay> {
    let real = FirstWay::new(
        real_version(package),
        format!("{}; it can be yanked, and a new crate deleted within 72 hours", version_for_ever(package)),
        real(package, endpoints),
    );
    let leaves = format!("{PLACEHOLDER}, empty, for ever; as a pre-release no build takes it by itself");
    let placeholder = FirstWay {
        rule: Some(SQUATTING),
        files: placeholder_files(package),
        ..FirstWay::new("a placeholder", leaves, placeholder(package, endpoints))
    };
    vec![real, placeholder]
}

fn real(package: &Package, endpoints: &Endpoints) -> Guide {
    Guide {
        way: Way::Tool,
        who: Who::YouInTerminal,
        title: format!("Publish {} once with your own cargo.", package.id.name),
        text: vec![
            "crates.io trusts only crates that exist, and OIDC cannot create one.".to_owned(),
            "The first command builds and checks the package without your token. The second sends it with your token \
             and runs nothing of the crate, away from the checkout's cargo settings."
                .to_owned(),
            "cargo refuses a checkout with changes that are not committed: commit first.".to_owned(),
            "It needs a description, a licence, and a verified e-mail address on your account.".to_owned(),
        ],
        fields: Vec::new(),
        link: None,
        commands: publish_commands(&package.id.name, endpoints),
        verify: "untoken looks the crate up on crates.io.".to_owned(),
        undo: UNDO.to_owned(),
    }
}

fn placeholder(package: &Package, endpoints: &Endpoints) -> Guide {
    let name = &package.id.name;
    let manifest = Arg::Private(format!("{}/Cargo.toml", placeholder_folder(package)));
    Guide {
        title: format!("Publish an empty {name} with your own cargo, to have the name."),
        text: vec![
            "Take this only where the real version cannot be published from here, and release by OIDC right after it: a name \
             that is only held may be given to others."
                .to_owned(),
            "It needs a verified e-mail address on your account.".to_owned(),
        ],
        commands: vec![send(name, manifest, "sends a crate without code whose README says what it is", endpoints)],
        ..real(package, endpoints)
    }
}

/// There is nothing in it that a licence could be given for, and crates.io wants to be told: a file says so.
fn placeholder_files(package: &Package) -> Vec<PrivateFile> {
    let (name, folder, text) = (&package.id.name, placeholder_folder(package), placeholder_text(package));
    let mut manifest = toml_edit::DocumentMut::new();
    let mut table = toml_edit::Table::new();
    for (key, value) in [
        ("name", name.as_str()),
        ("version", PLACEHOLDER),
        ("edition", "2021"),
        ("description", &text),
        ("readme", "README.md"),
        ("license-file", "LICENSE"),
    ] {
        table.insert(key, toml_edit::value(value));
    }
    if let Some(repository) = &package.repository {
        table.insert("repository", toml_edit::value(format!("https://github.com/{repository}")));
    }
    manifest.insert("package", toml_edit::Item::Table(table));
    // A workspace of its own, whatever lies above untoken's private folder.
    manifest.insert("workspace", toml_edit::Item::Table(toml_edit::Table::new()));
    let file = |path: &str, text: String| PrivateFile { path: format!("{folder}/{path}"), text };
    vec![
        file("Cargo.toml", manifest.to_string()),
        file("src/lib.rs", format!("//! {text}\n")),
        file("README.md", format!("# {name}\n\n{text}\n")),
        file("LICENSE", "This version holds no code: there is nothing to license.\n".to_owned()),
    ]
}

/// What cargo calls the registry, and the environment that makes the name known to it.
pub(super) fn cargo_registry(endpoints: &Endpoints) -> (&'static str, Vec<(String, String)>) {
    let index = &endpoints.crates_io_index;
    if index.is_overridden() {
        (REPLACED, vec![(REPLACED_INDEX.to_owned(), format!("sparse+{}/", index.as_str()))])
    } else {
        ("crates-io", Vec::new())
    }
}

/// Package with everything but the token, then publish with the token and nothing else: the second call runs no code of the
/// crate, and runs outside the checkout, whose .cargo/config.toml and rust-toolchain file cargo would otherwise obey.
fn publish_commands(name: &PackageName, endpoints: &Endpoints) -> Vec<ToolCall> {
    let check = ToolCall {
        run_in: RunIn::Package,
        credential: false,
        ..call(vec!["package".into()], name, "builds and checks it, without your token", endpoints)
    };
    let manifest = Arg::Package("Cargo.toml".to_owned());
    vec![check, send(name, manifest, "sends it, with your token and without running any of its code", endpoints)]
}

fn send(name: &PackageName, manifest: Arg, purpose: &str, endpoints: &Endpoints) -> ToolCall {
    let args = vec!["publish".into(), "--no-verify".into(), "--manifest-path".into(), manifest];
    call(args, name, purpose, endpoints)
}

fn call(mut args: Vec<Arg>, name: &PackageName, purpose: &str, endpoints: &Endpoints) -> ToolCall {
    let (registry, env) = cargo_registry(endpoints);
    args.extend([format!("--package={name}").into(), format!("--registry={registry}").into()]);
    let purpose = purpose.to_owned();
    ToolCall { tool: "cargo", args, run_in: RunIn::Private, env, purpose, credential: true, needs: &[] }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::model::Registry;
    use crate::registry::testing::{package, real as real_endpoints, replaced};

    fn shown(endpoints: &Endpoints) -> (Vec<String>, Vec<ToolCall>) {
        let guide = ways(&package(Registry::CratesIo, "widgets-core"), endpoints).remove(0).guide;
        (guide.commands.iter().map(ToolCall::shown).collect(), guide.commands)
    }

    #[test]
    fn the_token_never_meets_a_build_script() {
        let (shown, calls) = shown(&real_endpoints());
        assert_eq!(
            shown,
            [
                "cargo package --package=widgets-core --registry=crates-io",
                "cargo publish --no-verify --manifest-path $PACKAGE/Cargo.toml --package=widgets-core --registry=crates-io"
            ]
        );
        let rules: Vec<_> = calls.iter().map(|call| (call.run_in, call.credential, call.env.len())).collect();
        assert_eq!(rules, [(RunIn::Package, false, 0), (RunIn::Private, true, 0)]);
    }

    #[test]
    fn a_replaced_index_is_never_called_crates_io() {
        let (shown, calls) = shown(&replaced());
        assert!(shown.iter().all(|s| s.ends_with(" --registry=untoken")), "{shown:?}");
        let index = ("CARGO_REGISTRIES_UNTOKEN_INDEX".to_owned(), "sparse+http://127.0.0.1:9/index/".to_owned());
        assert!(calls.iter().all(|call| call.env == [index.clone()]));
    }

    #[test]
    fn a_placeholder_has_what_crates_io_wants_and_is_a_workspace_of_its_own() {
        let mut package = package(Registry::CratesIo, "widgets-core");
        package.repository = Some("acme/widgets".parse().unwrap());
        let way = ways(&package, &replaced()).remove(1);
        let manifest: toml_edit::DocumentMut = way.files[0].text.parse().unwrap();
        assert_eq!(way.files[0].path, "placeholder-widgets-core/Cargo.toml");
        assert!(manifest.get("workspace").is_some());
        for key in ["name", "version", "description", "license-file", "repository"] {
            assert!(manifest["package"][key].as_str().is_some_and(|text| !text.is_empty()), "{key}");
        }
        assert_eq!(
            way.guide.commands[0].shown(),
            "cargo publish --no-verify --manifest-path $PRIVATE/placeholder-widgets-core/Cargo.toml \
             --package=widgets-core --registry=untoken"
        );
        assert!(way.rule.unwrap().value.contains("disallows") && way.leaves.contains("for ever"));
    }
}
