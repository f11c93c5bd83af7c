//! Files and wishes in, changes out.

use pretty_assertions::assert_eq;

use super::*;

#[test]
fn the_block_goes_below_its_package() {
    let expected = OLDER
        .replace("CI\n\n", "CI\n\n[package.trust_policy]\nworkflow = \"release.yml\"\nenvironment = \"release\"\n\n");
    assert_eq!(declared("putitoutthere.toml", OLDER, release()), expected);
}

#[test]
fn line_ends_and_a_bom_stay_each_as_they_are() {
    let dos = format!("\u{feff}{}", OLDER.replace('\n', "\r\n"));
    let expected = dos.replace(
        "CI\r\n\r\n",
        "CI\r\n\r\n[package.trust_policy]\r\nworkflow = \"release.yml\"\r\nenvironment = \"release\"\r\n\r\n",
    );
    assert_eq!(declared("putitoutthere.toml", &dos, release()), expected);
    // Mixed: the line before the new ones decides for them alone.
    let mixed = OLDER.replace("CI\n", "CI\r\n");
    let expected = mixed.replace(
        "CI\r\n\n",
        "CI\r\n\r\n[package.trust_policy]\r\nworkflow = \"release.yml\"\r\nenvironment = \"release\"\r\n\n",
    );
    assert_eq!(declared("putitoutthere.toml", &mixed, release()), expected);
}

#[test]
fn every_form_of_the_block_is_changed_where_it_stands() {
    let cases = [
        // header
        (
            "[[package]]\nname = \"core\"\nkind = \"crates\"\n[package.trust_policy] # ours\nworkflow    = 'old.yml' # old\n\n# end\n",
            "[[package]]\nname = \"core\"\nkind = \"crates\"\n[package.trust_policy] # ours\nworkflow    = 'release.yml' # old\nenvironment = \"release\"\n\n# end\n",
        ),
        // header alone
        (
            "[[package]]\nname = \"core\"\nkind = \"crates\"\n  [package.trust_policy]",
            "[[package]]\nname = \"core\"\nkind = \"crates\"\n  [package.trust_policy]\n  workflow = \"release.yml\"\n  environment = \"release\"\n",
        ),
        // dotted
        (
            "[[package]]\n\ttrust_policy . workflow = \"\"\"\nold.yml\"\"\" # x\n\tname = \"core\"\n\tkind = \"crates\"\n",
            "[[package]]\n\ttrust_policy . workflow = \"release.yml\" # x\n\ttrust_policy.environment = \"release\"\n\tname = \"core\"\n\tkind = \"crates\"\n",
        ),
        // inline
        (
            "[[package]]\ntrust_policy = {workflow=\"old.yml\" } # x\nname = \"core\"\nkind = \"crates\"\n",
            "[[package]]\ntrust_policy = {workflow=\"release.yml\", environment = \"release\" } # x\nname = \"core\"\nkind = \"crates\"\n",
        ),
        // inline and empty
        (
            "[[package]]\nname = \"core\"\nkind = \"crates\"\ntrust_policy = {}",
            "[[package]]\nname = \"core\"\nkind = \"crates\"\ntrust_policy = { workflow = \"release.yml\", environment = \"release\" }",
        ),
        // bad values are mended
        (
            "[[package]]\nname = \"core\"\nkind = \"crates\"\ntrust_policy.workflow = \".github/workflows/release.yml\"\ntrust_policy.environment = 3\n",
            "[[package]]\nname = \"core\"\nkind = \"crates\"\ntrust_policy.workflow = \"release.yml\"\ntrust_policy.environment = \"release\"\n",
        ),
    ];
    for (before, after) in cases {
        assert_eq!(declared("untoken.toml", before, release()), after);
    }
}

#[test]
fn an_environment_that_is_not_wanted_goes_and_a_repository_stays() {
    let none = || policy("release.yml", None, None);
    let base = "[[package]]\nname = \"core\"\nkind = \"crates\"\n";
    let header = format!(
        "{base}[package.trust_policy]\nenvironment = \"x\"\nrepository = \"a/b\"\nworkflow = \"release.yml\"\n"
    );
    assert_eq!(declared("untoken.toml", &header, none()), header.replace("environment = \"x\"\n", ""));
    let inline =
        format!("{base}trust_policy = {{ environment = \"x\", workflow = \"y.yml\", repository = \"a/b\" }}\n");
    assert_eq!(
        declared("untoken.toml", &inline, none()),
        format!("{base}trust_policy = {{ workflow = \"release.yml\", repository = \"a/b\" }}\n")
    );
    let commented = header.replace("\"x\"", "\"x\" # for a reason");
    let declaration = declare_one(&[file("untoken.toml", &commented)], None, &core(), none());
    assert_eq!((declaration.changes.len(), declaration.refused.len()), (0, 1));
}

#[test]
fn the_new_block_keeps_clear_of_what_follows() {
    let base = "[[package]]\nname = \"core\"\nkind = \"crates\"\n";
    let block = "[package.trust_policy]\nworkflow = \"release.yml\"\nenvironment = \"release\"\n";
    let cases = [
        // Comments that hug the package stay with it, those that hug what follows stay with that.
        ("# about core\n\n[other]\nx = 1\n", format!("# about core\n\n{block}\n[other]\nx = 1\n")),
        ("# about other\n[other]\nx = 1\n", format!("\n{block}\n# about other\n[other]\nx = 1\n")),
        ("# the end", format!("# the end\n\n{block}")),
        ("", format!("\n{block}")),
        // Below sub-tables, even where another table stands between.
        (
            "[package.a.b]\nx = 1\n[[package.c]]\ny = 2\n",
            format!("[package.a.b]\nx = 1\n[[package.c]]\ny = 2\n\n{block}"),
        ),
        ("[other]\nx = 1\n[package.a]\ny = 2\n", format!("[other]\nx = 1\n[package.a]\ny = 2\n\n{block}")),
        ("[package.trust_policy.more]\ny = 2\n", format!("[package.trust_policy.more]\ny = 2\n\n{block}")),
    ];
    for (rest, expected) in cases {
        assert_eq!(
            declared("putitoutthere.toml", &format!("{base}paths = []\n{rest}"), release()),
            format!("{base}paths = []\n{expected}")
        );
    }
    let indented = "  [[package]]\n    name = \"core\"\n    kind = \"crates\"\n";
    assert_eq!(
        declared("untoken.toml", indented, release()),
        format!(
            "{indented}\n  [package.trust_policy]\n    workflow = \"release.yml\"\n    environment = \"release\"\n"
        )
    );
}

#[test]
fn declaring_twice_changes_nothing() {
    let once = declared("putitoutthere.toml", OLDER, release());
    let again = declare_one(&[file("putitoutthere.toml", &once)], None, &core(), release());
    assert_eq!(again, Declaration { already: vec![core().id], ..Declaration::default() });
}

#[test]
fn the_newer_schema_is_left_alone_and_said_so() {
    let newer = OLDER.replace("paths =", "globs =");
    let files = [file("putitoutthere.toml", &newer)];
    let reading = read(&files, &KINDS);
    assert_eq!(reading.files[0].flavour, Flavour::PutItOutThere(Schema::Globs));
    assert_eq!(reading.policy_of(&package("pypi", "core-py", "python/x").id), None, "it counts for nothing there");
    assert_eq!(
        messages(&reading),
        ["17:16 trust_policy of core-py: putitoutthere refuses this block since 27 April 2026"]
    );

    let declaration = declare_one(&files, None, &core(), release());
    assert_eq!(declaration.findings.len(), 1);
    let [change] = &declaration.changes[..] else { panic!("{declaration:?}") };
    assert_eq!((change.path.as_str(), &change.before), ("untoken.toml", &None));
    assert_eq!(
        text(change),
        "# What each registry is told to trust to publish a package. It holds no secret.\n\n\
         [[package]]\nname = \"core\"\nkind = \"crates\"\npath = \"crates/core\"\n\n\
         [package.trust_policy]\nworkflow = \"release.yml\"\nenvironment = \"release\"\n"
    );
}

#[test]
fn a_package_that_another_tool_does_not_know_goes_to_untoken_toml() {
    let new = package("npm", "@acme/new", "package.json");
    for chosen in [None, Some("putitoutthere.toml")] {
        let declaration = declare_one(&[file("putitoutthere.toml", OLDER)], chosen, &new, release());
        let [change] = &declaration.changes[..] else { panic!("{declaration:?}") };
        assert_eq!(change.path.as_str(), "untoken.toml");
        assert!(text(change).contains("name = \"@acme/new\"\nkind = \"npm\"\npath = \".\"\n"), "{}", text(change));
    }
}

#[test]
fn packages_are_added_to_what_untoken_toml_has() {
    let before = "# mine\r\n[[package]]\r\nname = \"core\"\r\nkind = \"crates\"";
    let wanted = [("npm", package("npm", "a", "a/package.json")), ("pypi", package("pypi", "b", "b/pyproject.toml"))];
    let wanted: Vec<_> =
        wanted.iter().map(|(kind, package)| Wanted { package, kind, policy: policy("r.yml", None, None) }).collect();
    let declaration = declare(&[file("untoken.toml", before)], None, &wanted);
    let [change] = &declaration.changes[..] else { panic!("{declaration:?}") };
    let added = |name: &str, kind: &str| {
        format!(
            "\n\n[[package]]\nname = \"{name}\"\nkind = \"{kind}\"\npath = \"{name}\"\n\n[package.trust_policy]\nworkflow = \"r.yml\""
        )
    };
    let expected = format!("{}{}\n", added("a", "npm"), added("b", "pypi")).replace('\n', "\r\n");
    assert_eq!(text(change), format!("{before}{expected}"));
}

#[test]
fn the_chosen_file_counts() {
    let chosen = file("ci/trust.toml", "[[package]]\nname = \"core\"\nkind = \"crates\"\n");
    let files = [file("putitoutthere.toml", OLDER), chosen];
    let at = |chosen| declare_one(&files, Some(chosen), &core(), release());
    assert_eq!(at("ci/trust.toml").changes[0].path.as_str(), "ci/trust.toml");
    assert_eq!(at("ci/new.toml").changes[0].before, None);
    let refused = declare_one(&[], Some("putitoutthere.toml"), &core(), release());
    assert_eq!((refused.changes.len(), refused.refused.len()), (0, 1));
}

#[test]
fn what_cannot_be_edited_safely_is_given_to_paste() {
    let inline = "package = [{ name = \"core\", kind = \"crates\", paths = [\"x\"] }]\n";
    let declaration = declare_one(&[file("putitoutthere.toml", inline)], None, &core(), release());
    assert_eq!(declaration.changes, []);
    assert_eq!(
        declaration.refused[0].paste,
        "# core on crates.io\ntrust_policy = { workflow = \"release.yml\", environment = \"release\" }\n"
    );
    for block in
        ["trust_policy = \"no\"", "[package.trust_policy.workflow]", "[[package.trust_policy]]\nworkflow = \"x\""]
    {
        let text = format!("[[package]]\nname = \"core\"\nkind = \"crates\"\n{block}\n");
        let declaration = declare_one(&[file("untoken.toml", &text)], None, &core(), release());
        assert_eq!((declaration.changes.len(), declaration.refused.len()), (0, 1), "{block}");
    }
    let broken = declare_one(&[file("putitoutthere.toml", "[[package")], None, &core(), release());
    assert_eq!(
        (broken.changes.len(), broken.refused.len()),
        (0, 1),
        "nothing is written past a file that can't be read"
    );
}

#[test]
fn off_oidc_is_read_and_respected() {
    let text = "[[package]]\nname = \"core\"\nkind = \"crates\"\noff_oidc = \"published from an air-gapped machine\"\n";
    let files = [file("untoken.toml", text)];
    assert_eq!(read(&files, &KINDS).off_oidc(&core()), Some("published from an air-gapped machine"));
    let declaration = declare_one(&files, None, &core(), release());
    assert_eq!((declaration.changes.len(), declaration.refused.len()), (0, 1));
}
