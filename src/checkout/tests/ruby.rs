//! Ruby's gems.

use pretty_assertions::assert_eq;

use super::*;

fn gemspec(body: &str) -> String {
    format!("# frozen_string_literal: true\nrequire \"x\"\n\nGem::Specification.new do |spec|\n{body}end\n")
}

#[test]
fn a_name_that_is_written_out_is_read_and_nothing_runs() {
    let body = "  # spec.name = \"comment\"\n  spec.name        = 'widgets'.freeze\n  spec.version = \"1.2.3\" # now\n  \
                spec.homepage = \"https://github.com/acme/widgets\"\n  spec.description = \"spec.name = no\"\n";
    let found = look_at(&[("other.gemspec", &gemspec(body))]);
    assert_eq!(names(&found), ["RubyGems widgets 1.2.3"]);
    assert_eq!(package(&found, "widgets").repository, "acme/widgets".parse().ok());
    assert_eq!(found.findings, []);
    let found = look_at(&[("w.gemspec", &gemspec("spec.name = \"widgets\"\nspec.version = Widgets::VERSION\n"))]);
    assert_eq!(names(&found), ["RubyGems widgets ?"]);
}

#[test]
fn a_computed_name_is_taken_to_be_the_filename() {
    for body in ["  spec.name = NAME\n", "  spec.name = \"wid#{1}gets\"\n", "  spec.name = \"wid\" + \"gets\"\n"] {
        let found = look_at(&[("widgets.gemspec", &gemspec(body))]);
        assert_eq!(names(&found), ["RubyGems widgets ?"], "{body}");
        assert!(found.findings[0].message.contains("computes its name"), "{:?}", found.findings);
    }
    assert_eq!(names(&look_at(&[("widgets.gemspec", &gemspec(""))])), ["RubyGems widgets ?"]);
    assert_eq!(names(&look_at(&[("%name%.gemspec", &gemspec("  spec.name = name\n"))])), [""; 0]);
    let after = format!("{}__END__\nspec.name = \"other\"\n", gemspec("spec.name = \"widgets\"\n"));
    assert_eq!(names(&look_at(&[("w.gemspec", &after)])), ["RubyGems widgets ?"]);
}

#[test]
fn a_gem_that_may_only_be_pushed_elsewhere_is_left_out() {
    let push = |line: &str| look_at(&[("w.gemspec", &gemspec(&format!("spec.name = \"widgets\"\n{line}\n")))]);
    let ours = push("spec.metadata[\"allowed_push_host\"] = \"https://rubygems.org\"");
    assert_eq!(names(&ours), ["RubyGems widgets ?"]);
    for line in [
        "spec.metadata[\"allowed_push_host\"] = \"https://gems.acme.example\"",
        "spec.metadata = { \"allowed_push_host\" => \"https://gems.acme.example\" }",
    ] {
        let found = push(line);
        assert_eq!(names(&found), [""; 0], "{line}");
        assert!(found.findings[0].message.contains("allowed_push_host"), "{line}: {:?}", found.findings);
    }
}

#[test]
fn what_gem_build_would_refuse_is_told_and_what_is_computed_is_not() {
    let lacks = |body: &str| package(&look_at(&[("w.gemspec", &gemspec(body))]), "widgets").lacks.clone();
    let name = "spec.name = \"widgets\"\n";
    assert_eq!(lacks(name), ["summary is missing", "authors are missing"]);
    let whole = "spec.summary = \"Widgets\"\nspec.authors = [\"mona\"]\n";
    assert_eq!(lacks(&format!("{name}{whole}")), [""; 0]);
    assert_eq!(lacks(&format!("{name}spec.summary = SUMMARY\nspec.author = \"mona\"\n")), [""; 0]);
    let template = "spec.description = \"TODO: Write a longer description\"\n\
                    spec.metadata[\"allowed_push_host\"] = \"TODO: Set to your gem server 'https://example.com'\"\n";
    assert_eq!(
        lacks(&format!("{name}{whole}{template}")),
        ["description is still the template's TODO", "allowed_push_host is still the template's TODO"]
    );
}

#[test]
fn gems_in_folders_of_their_own_name_stand_beside_the_roots() {
    let named = |name: &str| gemspec(&format!("spec.name = \"{name}\"\n"));
    let below = [
        ("core/core.gemspec", named("core")),
        ("gems/misc/other.gemspec", named("other")),
        ("spec/fixtures/fake/fake.gemspec", named("fake")),
        ("test/dummy/dummy.gemspec", named("dummy")),
    ];
    let mut files: Vec<(&str, &str)> = below.iter().map(|(path, text)| (*path, text.as_str())).collect();
    assert_eq!(names(&look_at(&files)), ["RubyGems core ?", "RubyGems other ?"]);
    let all = named("all");
    files.push(("all.gemspec", &all));
    assert_eq!(names(&look_at(&files)), ["RubyGems all ?", "RubyGems core ?"]);
}
