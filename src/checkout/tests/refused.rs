//! What a registry would refuse is told while the manifest is read.

use pretty_assertions::assert_eq;

use super::*;

#[test]
fn crates_io_counts_keywords_and_takes_no_star() {
    let more = "keywords = [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\"]\n\n[dependencies]\n\
                any = \"*\"\nalso = { version = \"*\" }\nfine = \"1\"\n";
    let found = look_at(&[("Cargo.toml", &krate("widgets", more))]);
    assert_eq!(
        package(&found, "widgets").lacks,
        [
            "6 keywords are more than the 5 that crates.io takes",
            "the dependency any takes any version (`*`)",
            "the dependency also takes any version (`*`)"
        ]
    );
}

#[test]
fn restricted_access_is_for_scopes_and_is_kept() {
    let manifest = |name: &str| {
        format!(
            "{{\"name\": \"{name}\", \"version\": \"1.0.0\", \"repository\": \"acme/widgets\", \"publishConfig\": {{\"access\": \"restricted\"}}}}"
        )
    };
    let found = look_at(&[("package.json", &manifest("widgets"))]);
    let plain = package(&found, "widgets");
    assert_eq!(
        (plain.lacks.as_slice(), plain.restricted),
        (["publishConfig.access is restricted, which npm allows in a scope alone".to_owned()].as_slice(), false)
    );
    let found = look_at(&[("package.json", &manifest("@acme/widgets"))]);
    let scoped = package(&found, "@acme/widgets");
    assert_eq!((scoped.lacks.len(), scoped.restricted), (0, true));
}

#[test]
fn a_package_that_the_config_names_and_the_manifest_keeps_back_is_a_finding() {
    let config = "[[package]]\nname = \"a\"\nkind = \"npm\"\npath = \"a\"\n\n[[package]]\nname = \"b\"\nkind = \"crates\"\npath = \"b\"\n\n\
                  [[package]]\nname = \"c\"\nkind = \"crates\"\npath = \"c\"\n\n[[package]]\nname = \"gone\"\nkind = \"npm\"\npath = \"gone\"\n";
    let found = look_at(&[
        ("putitoutthere.toml", config),
        ("a/package.json", "{\"name\": \"a\", \"version\": \"1.0.0\", \"private\": true}"),
        ("b/Cargo.toml", &krate("b", "publish = false\n")),
        ("c/Cargo.toml", &krate("c", "")),
    ]);
    assert_eq!(names(&found), ["crates.io c 1.0.0"]);
    let told: Vec<&str> = found.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(found.findings.iter().all(|finding| finding.at.as_ref().unwrap().file.as_str() == "putitoutthere.toml"));
    assert!(told[0].starts_with("the config names a as a package for npm, and its manifest keeps it back"), "{told:?}");
    assert!(told[1].starts_with("the config names b as a package for crates.io"), "{told:?}");
}
