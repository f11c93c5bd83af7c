//! JSR's packages.

use pretty_assertions::assert_eq;

use super::*;

fn manifest(name: &str) -> String {
    format!("{{\"name\": \"{name}\", \"version\": \"1.0.0\", \"exports\": \"./mod.ts\"}}")
}

#[test]
fn a_package_is_named_by_jsr_json_or_by_deno_json_with_a_version_and_exports() {
    assert_eq!(names(&look_at(&[("jsr.json", &manifest("@acme/a"))])), ["JSR @acme/a 1.0.0"]);
    assert_eq!(names(&look_at(&[("jsr.jsonc", &format!("// it\n{}", manifest("@acme/a")))])), ["JSR @acme/a 1.0.0"]);
    assert_eq!(names(&look_at(&[("deno.json", &manifest("@acme/a"))])), ["JSR @acme/a 1.0.0"]);
    let settings = "{\"name\": \"@acme/a\", /* no package */ \"tasks\": {},}";
    assert_eq!(names(&look_at(&[("deno.json", settings)])), [""; 0]);
    let off = "{\"name\": \"@acme/a\", \"version\": \"1\", \"exports\": {}, \"publish\": false}";
    assert_eq!(names(&look_at(&[("deno.json", off)])), [""; 0]);
    let both = look_at(&[("jsr.json", &manifest("@acme/a")), ("deno.json", &manifest("@acme/b"))]);
    assert_eq!(names(&both), ["JSR @acme/a 1.0.0"], "one folder is one package");
}

#[test]
fn what_jsr_would_refuse_is_told() {
    let found = look_at(&[("jsr.json", "{\"name\": \"@acme/a\"}")]);
    assert_eq!(package(&found, "@acme/a").lacks, ["version is missing", "exports are missing"]);
    let found = look_at(&[("jsr.json", &manifest("widgets"))]);
    assert_eq!(names(&found), [""; 0]);
    assert!(found.findings[0].message.contains("@scope/name"), "{:?}", found.findings);
}

#[test]
fn a_deno_workspace_has_its_members_and_nothing_else() {
    let root = "{\"workspace\": [\"./a\", \"libs/*\"]}";
    let found = look_at(&[
        ("deno.json", root),
        ("a/deno.json", &manifest("@acme/a")),
        ("libs/b/jsr.json", &manifest("@acme/b")),
        ("other/deno.json", &manifest("@acme/other")),
    ]);
    assert_eq!(names(&found), ["JSR @acme/a 1.0.0", "JSR @acme/b 1.0.0"]);
    let members = "{\"workspace\": {\"members\": [\"a\"]}}";
    let found = look_at(&[("deno.jsonc", members), ("a/deno.json", &manifest("@acme/a"))]);
    assert_eq!(names(&found), ["JSR @acme/a 1.0.0"]);
}

#[test]
fn members_of_an_npm_workspace_may_go_to_both_and_templates_to_none() {
    let found = look_at(&[
        ("package.json", r#"{"private": true, "workspaces": ["packages/**"]}"#),
        ("packages/a/package.json", r#"{"name": "@acme/a", "version": "1.0.0"}"#),
        ("packages/a/jsr.json", &manifest("@acme/a")),
        ("packages/deep/er/b/package.json", r#"{"name": "@acme/b", "version": "1.0.0"}"#),
        ("packages/deep/er/b/jsr.json", &manifest("@acme/b")),
        ("templates/package/jsr.json", &manifest("@acme/<%= name %>")),
        ("tests/fixtures/x/jsr.json", &manifest("@acme/fixture")),
    ]);
    let jsr: Vec<String> = names(&found).into_iter().filter(|name| name.starts_with("JSR")).collect();
    assert_eq!(jsr, ["JSR @acme/a 1.0.0", "JSR @acme/b 1.0.0"]);
    assert_eq!(found.findings, []);
}
