//! Dart's packages.

use pretty_assertions::assert_eq;

use super::*;

fn pubspec(name: &str, more: &str) -> String {
    format!("name: {name}\ndescription: \"d\" # of it\nversion: 1.2.3+4\n{more}")
}

#[test]
fn publish_to_decides() {
    let one = |more: &str| look_at(&[("pubspec.yaml", &pubspec("widgets", more))]);
    assert_eq!(names(&one("repository: https://github.com/acme/widgets\n")), ["pub.dev widgets 1.2.3+4"]);
    assert_eq!(
        package(&one("homepage: https://github.com/acme/widgets\n"), "widgets").repository,
        "acme/widgets".parse().ok()
    );
    assert_eq!(names(&one("publish_to: https://pub.dev\n")), ["pub.dev widgets 1.2.3+4"]);
    for none in ["publish_to: none\n", "publish_to: 'none'\n", "publish_to: \"none\" # private\n"] {
        assert_eq!(names(&one(none)), [""; 0]);
    }
    let elsewhere = one("publish_to: https://pub.acme.example\n");
    assert_eq!(names(&elsewhere), [""; 0]);
    assert!(elsewhere.findings[0].message.contains("pub.acme.example"), "{:?}", elsewhere.findings);
}

#[test]
fn an_app_without_a_version_is_no_package_and_a_missing_description_is_told() {
    assert_eq!(names(&look_at(&[("pubspec.yaml", "name: app\n")])), [""; 0]);
    let with = |file: &'static str, rest: &str| {
        let pubspec = format!("name: widgets\nversion: 1.0.0\n{rest}");
        package(&look_at(&[("pubspec.yaml", &pubspec), (file, "")]), "widgets").lacks.clone()
    };
    let licence = "a LICENSE file is missing beside it";
    assert_eq!(with("README.md", ""), ["description is missing", licence]);
    for file in ["LICENSE", "LICENSE.md", "COPYING.txt", "MIT-LICENSE", "UNLICENSE"] {
        assert_eq!(with(file, "description: Widgets\n"), [""; 0], "{file}");
    }
    for file in ["license", "docs/LICENSE", "LICENSES.md", "-LICENSE", "MY-OWN-LICENSE"] {
        assert_eq!(with(file, "description: Widgets\n"), [licence], "{file}");
    }
}

#[test]
fn workspaces_and_melos_name_their_members() {
    let members = [
        ("core/pubspec.yaml", pubspec("core", "resolution: workspace\n")),
        ("scripts/pubspec.yaml", pubspec("code_gen", "publish_to: 'none'\n")),
        ("core/example/pubspec.yaml", pubspec("core_example", "")),
        ("other/pubspec.yaml", pubspec("other", "")),
    ];
    let with = |path: &'static str, root: &'static str| {
        let mut files: Vec<(&str, &str)> = members.iter().map(|(path, text)| (*path, text.as_str())).collect();
        files.push((path, root));
        names(&look_at(&files))
    };
    let root = "name: all\npublish_to: none\nworkspace:\n  - scripts\n  - core\n";
    assert_eq!(with("pubspec.yaml", root), ["pub.dev core 1.2.3+4"]);
    let melos = "name: all\npackages:\n  - core/**\n  - core\nignore:\n  - \"**/example\"\n";
    assert_eq!(with("melos.yaml", melos), ["pub.dev core 1.2.3+4"]);
    assert_eq!(with("README.md", ""), ["pub.dev core 1.2.3+4", "pub.dev other 1.2.3+4"], "near the root, no examples");
}

#[test]
fn a_broken_pubspec_is_a_finding_at_its_line() {
    let found = look_at(&[("pubspec.yaml", "name: a\nname: b\n")]);
    let at = found.findings[0].at.clone().unwrap();
    assert_eq!((at.file.as_str(), at.line), ("pubspec.yaml", 2));
}
