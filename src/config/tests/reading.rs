//! Files in, entries and findings out.

use pretty_assertions::assert_eq;

use super::*;

#[test]
fn putitoutthere_is_read_with_its_own_names_for_registries() {
    let reading = read(&[file("putitoutthere.toml", OLDER)], &KINDS);
    assert_eq!(messages(&reading), [""; 0]);
    let config = &reading.files[0];
    assert_eq!(config.flavour, Flavour::PutItOutThere(Schema::Paths));
    assert_eq!(config.entries.iter().map(|e| e.name.as_str()).collect::<Vec<_>>(), ["core", "core-py"]);
    let wheel = package("pypi", "core-py", "elsewhere/pyproject.toml");
    let (found, at) = reading.policy_of(&wheel.id).unwrap();
    assert_eq!(*found, policy("wheel.yml", None, Some("acme/widgets")));
    assert_eq!((at.line, at.column), (17, 16));
    assert_eq!(reading.policy_for(&wheel), reading.policy_of(&wheel.id));
    assert_eq!(reading.policy_for(&core()), None);
}

#[test]
fn the_kinds_of_other_registries_are_untokens_own() {
    let kinds = [("crates", Registry::CratesIo), ("jsr", Registry::Jsr), ("gem", Registry::RubyGems)];
    let text = |kind: &str| format!("[[package]]\nname = \"@acme/core\"\nkind = \"{kind}\"\npaths = [\"core\"]\n");
    let theirs = read(&[file("putitoutthere.toml", &text("jsr"))], &kinds);
    assert_eq!(theirs.files[0].entries[0].registry, None);
    assert!(messages(&theirs).iter().any(|message| message.contains("kind `jsr` is none")), "{:?}", messages(&theirs));
    let own = read(&[file("untoken.toml", &text("jsr"))], &kinds);
    assert_eq!(own.files[0].entries[0].registry, Some(Registry::Jsr));
}

#[test]
fn a_folder_tells_the_package_in_another_tools_file_alone() {
    let reading = read(&[file("putitoutthere.toml", OLDER)], &KINDS);
    let renamed = package("pypi", "renamed", "python/pyproject.toml");
    assert!(reading.policy_of(&renamed.id).is_none());
    assert!(reading.policy_for(&renamed).is_some());
    assert!(reading.policy_for(&package("npm", "renamed", "python/package.json")).is_none(), "another registry");
    let own = read(&[file("untoken.toml", OLDER.trim_start_matches("[putitoutthere]\nversion = 1\n"))], &KINDS);
    assert!(own.policy_for(&renamed).is_none());
}

#[test]
fn broken_toml_is_one_finding_with_its_line() {
    let reading =
        read(&[file("untoken.toml", "\u{feff}a = 1\nb = \"x\nc = 2\n"), file("putitoutthere.toml", OLDER)], &KINDS);
    assert_eq!((reading.files.len(), reading.findings.len()), (1, 1));
    assert!(
        messages(&reading)[0].starts_with("2:7 untoken.toml is not valid TOML: TOML parse error at line 2, column 7\n"),
        "{:?}",
        messages(&reading)
    );
    let latin = SourceFile::new(RelPath::new("untoken.toml").unwrap(), b"# ok\n# \xe4\n".as_slice());
    assert_eq!(messages(&read(&[latin], &KINDS)), ["2:3 untoken.toml is not UTF-8"]);
}

#[test]
fn bad_values_are_findings_with_their_place() {
    let text = "\
[[package]]
name = \"core\"
kind = \"crates\"
color = \"red\"
[package.trust_policy]
workflow = \".github/workflows/release.yml\"
environment = \"\"
repository = \"acme\"
work_flow = \"x\"
[[package]]
name = \"in valid\"
kind = \"npm\"
path = \"../x\"
[package.trust_policy]
[[package]]
name = \"else\"
kind = \"cobol\"
off_oidc = \"by hand\"
[package.trust_policy]
workflow = \"a.yml\"
[[package]]
name = \"core\"
kind = \"crates\"
";
    let reading = read(&[file("untoken.toml", text)], &KINDS);
    assert_eq!(
        messages(&reading),
        [
            "9:13 trust_policy of core has a key `work_flow` that nobody knows",
            "6:12 workflow of core: the workflow must be a bare filename that ends in .yml or .yaml",
            "7:15 environment of core: the environment name is empty",
            "8:14 repository of core: the repository must be owner/name",
            "4:9 package core has a key `color` that nobody knows",
            "11:8 the package name contains ' ', which no package name can",
            "13:8 the path must be relative and inside the checkout",
            "14:1 trust_policy of in valid names no workflow",
            "17:8 kind `cobol` is none that this version knows",
            "18:12 else is declared both off OIDC and with a trust_policy",
            "22:8 core stands here twice; the first one counts",
        ]
    );
    assert_eq!(
        reading.findings[1].hint.as_deref(),
        Some("registries compare the filename alone: workflow = \"release.yml\"")
    );
    assert_eq!(reading.policy_for(&core()), None);
}

#[test]
fn two_files_that_disagree_are_told() {
    let policy = |workflow: &str| {
        format!("[[package]]\nname = \"core\"\nkind = \"crates\"\ntrust_policy.workflow = \"{workflow}\"\n")
    };
    let files = [file("putitoutthere.toml", &policy("a.yml")), file("untoken.toml", &policy("b.yml"))];
    let reading = read(&files, &KINDS);
    assert_eq!(
        messages(&reading),
        ["4:1 core on crates.io is declared differently at putitoutthere.toml:4, which counts"]
    );
    assert_eq!(reading.policy_for(&core()).unwrap().0.names(), "a.yml");
}

#[test]
fn monochange_is_read_with_what_it_inherits() {
    let reading = read(&[file("monochange.toml", MONO)], &KINDS);
    assert_eq!(messages(&reading), [""; 0]);
    assert_eq!(reading.files[0].flavour, Flavour::Monochange);
    let found = |kind, manifest| reading.policy_for(&package(kind, "any", manifest)).map(|(policy, _)| policy.clone());
    assert_eq!(
        found("crates", "crates/core/Cargo.toml"),
        Some(policy("publish.yml", Some("publisher"), Some("acme/widgets")))
    );
    assert_eq!(found("npm", "cli/package.json"), Some(policy("cli.yml", None, Some("acme/other"))));
    let off = |manifest| reading.off_oidc(&package("crates", "any", manifest)).map(str::to_owned);
    assert!(off("old/Cargo.toml").unwrap().contains("trusted_publishing = false"));
    assert!(off("hand/Cargo.toml").unwrap().contains("external"));
    assert_eq!(off("crates/core/Cargo.toml"), None);
}

#[test]
fn an_inherited_mistake_is_told_once() {
    let reading = read(&[file("monochange.toml", &MONO.replace("publish.yml", "x/publish.yml"))], &KINDS);
    assert_eq!(reading.findings.len(), 1, "{:?}", messages(&reading));
}

/// A hostile file may be as deep, long and wrong as its size allows; that must be an answer, and soon.
#[test]
fn excess_is_survived() {
    let deep = 5_000;
    for text in [
        format!("[[package]]\n{}x = 1\n", "a.".repeat(deep)),
        format!("[[package]]\n[package.{}x]\n", "a.".repeat(deep)),
        format!("[[package]]\nx = {}{}\n", "[".repeat(deep), "]".repeat(deep)),
        format!("[[package]]\nx = {}1{}\n", "{a=".repeat(deep), "}".repeat(deep)),
    ] {
        let reading = read(&[file("untoken.toml", &text)], &KINDS);
        assert_eq!((reading.files.len(), reading.findings.len()), (0, 1));
        assert!(reading.findings[0].message.len() < 2 * deep, "{}", reading.findings[0].message.len());
    }
    for text in ["[[package]]\n".repeat(20_000), format!("package = [{}]", "{},".repeat(20_000))] {
        let reading = read(&[file("untoken.toml", &text)], &KINDS);
        assert_eq!((reading.files[0].entries.len(), reading.findings.len()), (20_000, MAX_FINDINGS + 1));
    }
}
