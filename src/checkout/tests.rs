//! Checkouts as they are found, read as a whole.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod dart;
mod dotnet;
mod hostile;
mod jsr;
mod refused;
mod ruby;

use pretty_assertions::assert_eq;

use super::*;
use crate::model::{Registry, Severity};

/// Looks at files that are given as path and text.
fn look_at(files: &[(&str, &str)]) -> Checkout {
    let files = files.iter().map(|(path, text)| SourceFile::new(RelPath::new(path).unwrap(), text.as_bytes()));
    look(&InMemory::new(files))
}

/// `registry name version`, one for each package.
fn names(checkout: &Checkout) -> Vec<String> {
    let line = |package: &Package| {
        let version = package.version.as_deref().unwrap_or("?");
        format!("{} {} {version}", package.id.registry, package.id.name)
    };
    checkout.packages.iter().map(line).collect()
}

fn package<'c>(checkout: &'c Checkout, name: &str) -> &'c Package {
    checkout.packages.iter().find(|package| package.id.name.as_str() == name).expect(name)
}

const FULL: &str = "version = \"1.0.0\"\ndescription = \"d\"\nlicense = \"MIT\"\n";

fn krate(name: &str, more: &str) -> String {
    format!("[package]\nname = \"{name}\"\n{FULL}{more}")
}

#[test]
fn cargo_members_are_globs_excludes_and_path_dependencies_and_nothing_else() {
    let workspace = "[workspace]\nmembers = [\"crates/*\", \"tools/kept\"]\nexclude = [\"crates/left\", \"tools\"]\n";
    let files = [
        (
            "Cargo.toml",
            format!(
                "{workspace}{}[dependencies]\nimplied = {{ path = \"deep/implied\", version = \"1\" }}\n",
                krate("top", "")
            ),
        ),
        ("crates/a/Cargo.toml", krate("a", "[dev-dependencies]\nby-test = { path = \"../../deep/by-test\" }\n")),
        ("crates/left/Cargo.toml", krate("left", "")),
        ("crates/a/fixture/Cargo.toml", krate("fixture", "")),
        ("deep/implied/Cargo.toml", krate("implied", "")),
        ("deep/by-test/Cargo.toml", krate("by-test", "publish = false\n")),
        ("tools/kept/Cargo.toml", krate("kept", "")),
        ("tools/other/Cargo.toml", krate("other", "")),
        ("examples/x/Cargo.toml", krate("x", "")),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let found = look_at(&files);
    let expected = ["crates.io a 1.0.0", "crates.io implied 1.0.0", "crates.io kept 1.0.0", "crates.io top 1.0.0"];
    assert_eq!(names(&found), expected);
    assert_eq!(found.findings, []);
}

#[test]
fn cargo_publish_decides_and_is_inherited() {
    let root = "[workspace]\nmembers = [\"*\"]\n[workspace.package]\nversion = \"2.0.0\"\npublish = false\n\
                description = \"d\"\nlicense = \"MIT\"\nrepository = \"https://github.com/acme/widgets\"\n";
    let own = "[package]\nname = \"own\"\nversion.workspace = true\ndescription = { workspace = true }\n\
               license.workspace = true\nrepository.workspace = true\n";
    let found = look_at(&[
        ("Cargo.toml", root),
        ("own/Cargo.toml", own),
        ("off/Cargo.toml", &krate("off", "publish.workspace = true\n")),
        ("elsewhere/Cargo.toml", &krate("elsewhere", "publish = [\"acme\"]\n")),
        ("both/Cargo.toml", &krate("both", "publish = [\"acme\", \"crates-io\"]\n")),
        ("nowhere/Cargo.toml", &krate("nowhere", "publish = []\n")),
        ("versionless/Cargo.toml", "[package]\nname = \"versionless\"\n"),
    ]);
    assert_eq!(names(&found), ["crates.io both 1.0.0", "crates.io own 2.0.0"]);
    let own = package(&found, "own");
    assert_eq!(own.repository, "acme/widgets".parse().ok());
    assert_eq!(own.lacks, [""; 0]);
}

#[test]
fn what_crates_io_would_refuse_is_told() {
    let text = "[package]\nname = \"a\"\nversion = \"1.0.0\"\n[dependencies]\nb = { path = \"b\" }\n\
                c = { git = \"https://x.example\", version = \"1\" }\n[dev-dependencies]\nd = { path = \"d\" }\n";
    let found = look_at(&[("Cargo.toml", text)]);
    assert_eq!(
        package(&found, "a").lacks,
        ["description is missing", "license or license-file is missing", "the dependency b has no version"]
    );
}

#[test]
fn a_native_half_is_no_crate_to_publish() {
    let cdylib = krate("widgets-py", "[lib]\ncrate-type = [\"cdylib\"]\n");
    let found = look_at(&[
        ("bindings/python/Cargo.toml", &cdylib),
        ("bindings/python/pyproject.toml", "[project]\nname = \"widgets\"\ndynamic = [\"version\"]\n"),
        ("core/Cargo.toml", &krate("widgets", "")),
    ]);
    assert_eq!(names(&found), ["crates.io widgets 1.0.0", "PyPI widgets ?"]);
    assert_eq!(found.findings.iter().map(|f| f.severity).collect::<Vec<_>>(), [Severity::Note]);
}

#[test]
fn npm_workspaces_in_all_forms() {
    let member =
        |name: &str| format!("{{\"name\": \"{name}\", \"version\": \"1.0.0\", \"repository\": \"acme/widgets\"}}");
    let private = "{\"name\": \"tools\", \"private\": true}";
    let (a, b, c) = (member("@acme/a"), member("b"), member("c"));
    let tail: [(&str, &str); 5] = [
        ("packages/a/package.json", &a),
        ("packages/b/package.json", &b),
        ("packages/tools/package.json", private),
        ("packages/a/node_modules/c/package.json", &c),
        ("examples/c/package.json", &c),
    ];
    let list = "{\"private\": true, \"workspaces\": [\"packages/*\"]}";
    let object = "{\"private\": true, \"workspaces\": {\"packages\": [\"./packages/*\"]}}";
    for root in [list, object] {
        let found = look_at(&[&[("package.json", root)], &tail[..]].concat());
        assert_eq!(names(&found), ["npm @acme/a 1.0.0", "npm b 1.0.0"], "{root}");
        assert_eq!(package(&found, "b").repository, "acme/widgets".parse().ok());
        assert!(!found.by_pnpm);
    }
    let pnpm = "packages:\n  - 'packages/**'\n  - '!packages/b'\n  - '!**/node_modules/**'\n";
    let found = look_at(&[&[("package.json", private), ("pnpm-workspace.yaml", pnpm)], &tail[..]].concat());
    assert_eq!(names(&found), ["npm @acme/a 1.0.0"]);
    assert!(found.by_pnpm);
    for (manager, by_pnpm) in [("pnpm@10.4.1", true), ("npm@11.0.0", false)] {
        let root = format!("{{\"private\": true, \"packageManager\": \"{manager}\"}}");
        assert_eq!(look_at(&[("package.json", &root)]).by_pnpm, by_pnpm, "{manager}");
    }
    let settings = [("package.json", list), ("pnpm-workspace.yaml", "catalog:\n  chalk: ^5\n")];
    let found = look_at(&[&settings[..], &tail[..]].concat());
    assert_eq!(names(&found), ["npm @acme/a 1.0.0", "npm b 1.0.0"]);
}

#[test]
fn npm_packages_near_a_private_root_and_for_other_registries() {
    let elsewhere = "{\"name\": \"@acme/in\", \"version\": \"1.0.0\", \"publishConfig\": {\"registry\": \"https://npm.pkg.github.com\"}}";
    let found = look_at(&[
        ("package.json", "{\"private\": true, \"devDependencies\": {}}"),
        ("npm/package.json", "{\"name\": \"widgets\", \"main\": \"index.js\"}"),
        ("in/package.json", elsewhere),
        ("ui/package.json", "{\"name\": \"ui\", \"devDependencies\": {}}"),
        ("fixtures/x/package.json", "{\"name\": \"x\", \"version\": \"1.0.0\"}"),
    ]);
    assert_eq!(names(&found), ["npm widgets ?"]);
    assert_eq!(package(&found, "widgets").lacks[0], "version is missing");
    assert!(found.findings[0].message.contains("npm.pkg.github.com"));
}

#[test]
fn python_names_in_every_place_and_normalised() {
    for (text, expected) in [
        ("[project]\nname = \"My_Widgets..Core\"\nversion = \"1.0\"\n", vec!["PyPI my-widgets-core 1.0"]),
        ("[project]\nname = \"w\"\ndynamic = [\"version\"]\n", vec!["PyPI w ?"]),
        ("[project]\nname = \"w\"\ndynamic = [\"version\"]\n[tool.poetry]\nversion = \"3\"\n", vec!["PyPI w 3"]),
        ("[tool.poetry]\nname = \"w\"\nversion = \"2.0\"\n", vec!["PyPI w 2.0"]),
        ("[tool.poetry]\nname = \"w\"\nversion = \"2.0\"\npackage-mode = false\n", vec![]),
        ("[project]\nname = \"w\"\nversion = \"1\"\nclassifiers = [\"Private :: Do Not Upload\"]\n", vec![]),
        ("[project]\nname = \"w\"\nversion = \"1\"\n[tool.uv]\npackage = false\n", vec![]),
        ("[tool.ruff]\nline-length = 100\n", vec![]),
    ] {
        assert_eq!(names(&look_at(&[("pyproject.toml", text)])), expected, "{text}");
    }
    let cfg = "[metadata]\nname = Widgets\nversion = attr: widgets.__version__\n[options]\nname = no\n";
    assert_eq!(names(&look_at(&[("setup.cfg", cfg)])), ["PyPI widgets ?"]);
}

#[test]
fn python_workspaces_and_projects_near_the_root() {
    let project = |name: &str| format!("[project]\nname = \"{name}\"\nversion = \"1\"\n");
    let (a, b, root) = (
        project("a"),
        project("b"),
        project("root") + "[tool.uv.workspace]\nmembers = [\"p/*\"]\nexclude = [\"p/b\"]\n",
    );
    let found = look_at(&[("pyproject.toml", &root), ("p/a/pyproject.toml", &a), ("p/b/pyproject.toml", &b)]);
    assert_eq!(names(&found), ["PyPI a 1", "PyPI root 1"]);
    let found = look_at(&[("python/pyproject.toml", &a), ("tests/b/pyproject.toml", &b)]);
    assert_eq!(names(&found), ["PyPI a 1"]);
}

#[test]
fn folders_that_putitoutthere_names_are_looked_at() {
    let found = look_at(&[
        ("Cargo.toml", &krate("top", "")),
        ("deep/down/here/package.json", "{\"name\": \"w\", \"version\": \"1.0.0\"}"),
        ("putitoutthere.toml", "[[package]]\nname = \"w\"\nkind = \"npm\"\npath = \"deep/down/here\"\n"),
    ]);
    assert_eq!(names(&found), ["crates.io top 1.0.0", "npm w 1.0.0"]);
    assert_eq!(found.configs.len(), 1);
}

#[test]
fn a_broken_manifest_is_one_finding_and_the_rest_goes_on() {
    let found = look_at(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"a\", \"b\"]\n"),
        ("a/Cargo.toml", "[package\nname = \"a\"\n"),
        ("b/Cargo.toml", &krate("b", "")),
        ("package.json", "{\"name\": "),
        ("pyproject.toml", "[project]\nname = \"w\u{202e}x\"\nversion = \"1\"\n"),
    ]);
    assert_eq!(names(&found), ["crates.io b 1.0.0"]);
    let messages: Vec<&str> = found.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages.len(), 3, "{messages:?}");
    assert!(messages[0].contains("a/Cargo.toml") && messages[0].contains('^'), "{}", messages[0]);
    assert_eq!(found.findings[0].at.as_ref().map(|at| at.line), Some(1));
}

#[test]
fn a_broken_json_is_placed_by_characters_and_not_by_bytes() {
    let found = look_at(&[("package.json", "{\"name\": \"wïdgets\", \"é")]);
    let at = found.findings[0].at.clone().unwrap();
    assert_eq!((at.line, at.column), (1, "{\"name\": \"wïdgets\", \"é".chars().count()));
    let found = look_at(&[("jsr.json", "{ /* é */ \"name\": nö }")]);
    let at = found.findings[0].at.clone().unwrap();
    assert!(at.line == 1 && (20..=21).contains(&at.column), "{at}");
}

#[test]
fn crlf_and_bom_change_nothing() {
    let text = format!("\u{feff}{}", krate("a", "")).replace('\n', "\r\n");
    assert_eq!(names(&look_at(&[("Cargo.toml", &text)])), ["crates.io a 1.0.0"]);
    assert_eq!(
        names(&look_at(&[("package.json", "\u{feff}{\"name\": \"w\",\r\n\"version\": \"1.0.0\"}")])),
        ["npm w 1.0.0"]
    );
}

#[test]
fn steering_files_are_listed_on_the_way_to_a_package_only() {
    let found = look_at(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"crates/a\"]\n"),
        ("crates/a/Cargo.toml", &krate("a", "")),
        ("crates/a/.cargo/config.toml", ""),
        ("crates/rust-toolchain", ""),
        (".npmrc", ""),
        ("examples/.npmrc", ""),
        (".github/workflows/release.yml", "on: push\n"),
        (".github/workflows/deep/no.yml", ""),
        (".github/workflows/readme.md", ""),
        ("untoken.toml", ""),
    ]);
    let text = |paths: &[RelPath]| paths.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(text(&found.redirects), [".npmrc", "crates/a/.cargo/config.toml", "crates/rust-toolchain"]);
    assert_eq!(found.workflows.len(), 1);
    assert_eq!(found.configs[0].path.as_str(), "untoken.toml");
}

#[test]
fn a_manifest_that_is_reached_twice_is_passed_over_once() {
    let found = look_at(&[
        ("package.json", "{\"private\": true, \"workspaces\": [\"w\"]}"),
        ("w/package.json", "{\"name\": \"no\\u001b[2J\", \"version\": \"1.0.0\"}"),
        ("putitoutthere.toml", "[[package]]\nname = \"w\"\nkind = \"npm\"\npath = \"w\"\n"),
    ]);
    assert_eq!(names(&found), [""; 0]);
    assert_eq!(found.findings.len(), 1, "{:?}", found.findings);
}

#[test]
#[cfg(unix)]
fn a_config_that_leads_out_of_the_checkout_is_not_read_and_said() {
    let world = tempfile::tempdir().unwrap();
    let (dir, outside) = (world.path().join("checkout"), world.path().join("outside.toml"));
    std::fs::create_dir(&dir).unwrap();
    std::fs::write(&outside, "").unwrap();
    std::os::unix::fs::symlink(&outside, dir.join("putitoutthere.toml")).unwrap();
    let found = look(&Disk::open(&dir).unwrap());
    assert!(found.configs.is_empty());
    assert!(found.findings[0].message.contains("putitoutthere.toml is no regular file"), "{:?}", found.findings);
}

#[test]
fn members_outside_the_checkout_and_circles_end_nowhere() {
    let found = look_at(&[
        (
            "Cargo.toml",
            &(krate(
                "a",
                "[dependencies]\nb = { path = \"../b\", version = \"1\" }\nc = { path = \"c\", version = \"1\" }\n",
            ) + "[workspace]\nmembers = [\"../x\", \"[\"]\n"),
        ),
        ("c/Cargo.toml", &krate("c", "[dependencies]\na = { path = \"..\", version = \"1\" }\n")),
    ]);
    assert_eq!(names(&found), ["crates.io a 1.0.0", "crates.io c 1.0.0"]);
    assert_eq!(found.packages[0].id.registry, Registry::CratesIo);
}

#[test]
fn python_names_are_normalised_and_their_spelling_is_kept() {
    let found = look_at(&[("pyproject.toml", "[project]\nname = \"Flask_Login\"\nversion = \"1\"\n")]);
    let package = package(&found, "flask-login");
    assert_eq!(package.spelled.as_str(), "Flask_Login");
}

#[test]
fn crates_come_after_those_that_their_publish_needs() {
    let member = |name: &str, rest: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nlicense = \"MIT\"\ndescription = \"x\"\n{rest}")
    };
    let needs = |kind: &str, on: &str| format!("[{kind}]\n{on} = {{ path = \"../{on}\", version = \"1\" }}\n");
    let checkout = look_at(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"*\"]\n"),
        ("a/Cargo.toml", &member("a", &needs("dependencies", "z"))),
        ("m/Cargo.toml", &member("m", "")),
        // A circle by way of development dependencies is no circle.
        ("z/Cargo.toml", &member("z", &(needs("build-dependencies", "m") + &needs("dev-dependencies", "a")))),
    ]);
    let order: Vec<&str> = checkout.order.iter().map(|id| id.name.as_str()).collect();
    assert_eq!(order, ["m", "z", "a"]);
    let circle = look_at(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"*\"]\n"),
        ("a/Cargo.toml", &member("a", &needs("dependencies", "b"))),
        ("b/Cargo.toml", &member("b", &needs("dependencies", "a"))),
    ]);
    assert_eq!(circle.order.len(), 2, "a real circle ends too");
}

#[test]
fn platforms_of_an_npm_package_are_taken_along_once_and_without_harm() {
    let many: String = (0..100).map(|n| format!(", \"@x/cli-linux-x64-{n:03}\": \"1\"")).collect();
    let cli = |more: &str| {
        format!(
            "{{\"name\": \"@x/cli\", \"version\": \"1.0.0\", \"optionalDependencies\": {{\"@x/cli-linux-x64\": \"1.0.0\", \
             \"@x/cli-darwin-arm64\": \"1.0.0\", \"fsevents\": \"2\", \"@x/cli-\\u001b[2J-linux-x64\": \"1\"{more}}}}}"
        )
    };
    let own = "{\"name\": \"@x/cli-darwin-arm64\", \"version\": \"1.0.0\"}";
    let text = cli("");
    let found = look_at(&[
        ("package.json", "{\"private\": true, \"workspaces\": [\"packages/*\"]}"),
        ("packages/cli/package.json", &text),
        ("packages/darwin/package.json", own),
    ]);
    assert_eq!(names(&found), ["npm @x/cli 1.0.0", "npm @x/cli-darwin-arm64 1.0.0"]);
    let [platform] = &found.family[..] else { panic!("{:?}", found.family) };
    assert_eq!((platform.id.name.as_str(), platform.meant_by().as_str()), ("@x/cli-linux-x64", "@x/cli"));
    assert_eq!(platform.origin(), "from optionalDependencies of @x/cli");
    let found = look_at(&[("package.json", &cli(&many))]);
    assert_eq!(found.family.len(), 64);
    assert!(
        found.findings.iter().any(|finding| finding.message.ends_with("38 more were left out")),
        "{:?}",
        found.findings
    );
}
