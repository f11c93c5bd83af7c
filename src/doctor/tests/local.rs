//! The first phase.

use super::*;

fn without(text: &str, line: &str) -> String {
    assert!(text.contains(line), "{line}");
    text.replace(line, "")
}

#[test]
fn a_job_without_id_token_is_an_error_with_the_lines_to_write() {
    let release = without(GOOD, "    permissions:\n      contents: read\n      id-token: write\n");
    let release = release.replace("permissions: {}", "permissions:\n  contents: read\n  packages: write");
    let found = only(&with_release(CARGO, &release), Code::NoIdToken);
    assert_eq!(found.severity, Severity::Error);
    let at = found.at.unwrap();
    assert_eq!((at.file.as_str(), at.line, at.column), (".github/workflows/release.yml", 8, 3));
    // The job's block replaces the workflow's, so what is in force is in the fix.
    assert_eq!(
        found.fix.unwrap().lines,
        ["permissions:", "  contents: read", "  packages: write", "  id-token: write"]
    );
}

#[test]
fn a_caller_that_hands_nothing_down_is_named() {
    let callee = GOOD.replace("on:\n  push:\n    tags: ['v*']\n", "on: workflow_call\n");
    let caller =
        "on: push\njobs:\n  go:\n    permissions:\n      contents: read\n    uses: ./.github/workflows/publish.yml\n";
    let facts = facts(&[CARGO, (".github/workflows/publish.yml", &callee), (".github/workflows/ci.yml", caller)]);
    let found = only(&facts, Code::NoIdToken);
    assert!(found.message.contains("`go` of ci.yml"), "{}", found.message);
}

#[test]
fn a_commented_step_is_an_error_only_where_nothing_live_publishes() {
    let step = "      - run: cargo publish\n";
    let commented = GOOD.replace(step, "      # - run: cargo publish\n");
    let commented = commented.replace("        env:\n          CARGO", "      #   env:\n      #     CARGO");
    let facts_with = |release: &str| with_release(CARGO, release);
    let found = only(&facts_with(&commented), Code::CommentedOut);
    assert_eq!((found.severity, found.at.unwrap().line), (Severity::Error, 16));
    let both = format!("{GOOD}      # - run: cargo publish\n");
    assert_eq!(codes(&facts_with(&both)), [""; 0]);
    let prose = GOOD.replace(step, "      # cargo publish is done by hand, see RELEASING.md\n      - run: 'true'\n");
    assert_eq!(codes(&facts_with(&prose)), ["UT010"]);
}

#[test]
fn a_job_that_releases_needs_contents_write_only_with_githubs_own_token() {
    let release =
        |env: &str| format!("{GOOD}      - run: gh release create v1\n        env:\n          GH_TOKEN: {env}\n");
    let found = only(&with_release(CARGO, &release("${{ github.token }}")), Code::NoContents);
    assert_eq!(found.at.unwrap().line, 19);
    for other in ["${{ secrets.RELEASE_PAT }}", "${{ steps.app.outputs.token }}"] {
        assert_eq!(codes(&with_release(CARGO, &release(other))), [""; 0], "{other}");
    }
    let tag = format!("{GOOD}      - run: |\n          git tag v1\n          git push origin --tags\n");
    assert_eq!(only(&with_release(CARGO, &tag), Code::NoContents).severity, Severity::Warning);
    let checkout = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1\n";
    let by_key =
        tag.replace(checkout, &format!("{checkout}        with:\n          ssh-key: ${{{{ secrets.KEY }}}}\n"));
    assert_eq!(codes(&with_release(CARGO, &by_key)), [""; 0]);
    let granted = release("${{ github.token }}").replace("contents: read", "contents: write");
    assert_eq!(codes(&with_release(CARGO, &granted)), [""; 0]);
    let action = format!("{GOOD}      - uses: softprops/action-gh-release@3d0d9888cb7fd7b750713d6e236d1fcb99157228\n");
    assert_eq!(codes(&with_release(CARGO, &action)), ["UT013"]);
    // Nobody wrote permissions down: the repository's default decides, and that is not known.
    let unset = without(
        &without(&action, "permissions: {}\n"),
        "    permissions:\n      contents: read\n      id-token: write\n",
    );
    assert!(!codes(&with_release(CARGO, &unset)).contains(&"UT013".to_owned()));
}

#[test]
fn a_missing_environment_is_a_warning_and_one_that_a_run_decides_is_none() {
    let found = only(&with_release(CARGO, &without(GOOD, "    environment: release\n")), Code::NoEnvironment);
    assert_eq!(found.severity, Severity::Warning);
    let dynamic = GOOD.replace("environment: release", "environment: ${{ inputs.where }}");
    assert_eq!(codes(&with_release(CARGO, &dynamic)), [""; 0]);
}

#[test]
fn packages_off_oidc_are_told_and_are_no_finding() {
    let off = "[[package]]\nname = \"widgets-core\"\nkind = \"crates\"\noff_oidc = \"by hand\"\n";
    let release = without(GOOD, "      id-token: write\n");
    let mut facts = facts(&[CARGO, (".github/workflows/release.yml", &release), ("untoken.toml", off)]);
    assert_eq!(codes(&facts), [""; 0]);
    assert!(examine(&facts).phases[0].remarks.iter().any(|remark| remark.contains("by hand")));
    facts.config = Default::default();
    assert_eq!(codes(&facts), ["UT012"]);
}

#[test]
fn a_broken_workflow_is_one_finding_with_a_caret_and_hides_nothing() {
    let broken = "on: push\njobs:\n  a: [\n";
    let release = without(GOOD, "    environment: release\n");
    let facts = facts(&[CARGO, (".github/workflows/a.yml", broken), (".github/workflows/release.yml", &release)]);
    let found = only(&facts, Code::WorkflowUnreadable);
    assert!(found.message.lines().last().unwrap().trim_end().ends_with('^'), "{}", found.message);
    assert_eq!(codes(&facts), ["UT001", "UT014"]);
}
