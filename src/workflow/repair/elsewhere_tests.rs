//! What is said of publishers that lie in no workflow of the repository.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pretty_assertions::assert_eq;

use super::tests::file;
use super::*;
use crate::model::{RelPath, SourceFile};

/// The refusal for the only publisher of these files.
fn refused(workflow: &str, action: &str) -> CannotRepair {
    let path = RelPath::new(".github/actions/publish/action.yml").unwrap();
    let files = [file(workflow), SourceFile::new(path, action.as_bytes())];
    let reading = crate::workflow::testing::read(&files, &[]);
    let [publish] = &reading.publish_jobs[..] else { panic!("{:?}", reading.publish_jobs) };
    plan(&reading.workflows, publish, Some(&EnvironmentName::new("release").unwrap())).unwrap_err()
}

const CALLS: &str = "on: push\npermissions:\n  contents: read\njobs:\n  publish:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v7\n      - uses: ./.github/actions/publish\n        with:\n          token: ${{ secrets.PUBLISH }}\n";

fn action(step: &str) -> String {
    format!(
        "name: publish\ninputs:\n  token:\n    required: true\nruns:\n  using: composite\n  steps:\n    - run: {step}\n"
    )
}

#[test]
fn the_lines_for_a_local_action_name_both_files() {
    let cargo = "cargo publish\n      shell: bash\n      env:\n        CARGO_REGISTRY_TOKEN: ${{ inputs.token }}";
    let why = refused(CALLS, &action(cargo));
    let action_file = ".github/actions/publish/action.yml";
    assert_eq!(
        why.to_string(),
        format!(
            "the step that publishes lies in {action_file}, which is no workflow, and untoken writes only workflows of \
             this repository"
        )
    );
    let rows = why.paste();
    assert_eq!(rows[0], format!("# in {action_file}, before the step that publishes"));
    assert!(rows[1].starts_with("- uses: rust-lang/crates-io-auth-action@"), "{rows:?}");
    assert_eq!(rows[2..5], ["  id: auth", "# in the step that publishes", "env:"]);
    assert_eq!(rows[5], "  CARGO_REGISTRY_TOKEN: ${{ steps.auth.outputs.token }}");
    let away = rows.iter().find(|row| row.contains("take the secret PUBLISH away")).unwrap();
    assert!(away.contains("CARGO_REGISTRY_TOKEN") && away.starts_with("# in .github/"), "{away}");
    let end = &rows[rows.len() - 6..];
    let job = "# in .github/workflows/release.yml, in the job publish";
    assert_eq!(end, [job, "permissions:", "  contents: read", "  id-token: write", job, "environment: release"]);
}

#[test]
fn a_step_of_an_action_names_its_shell() {
    let npm = "npm publish\n      shell: bash\n      env:\n        NODE_AUTH_TOKEN: ${{ inputs.token }}";
    let why = refused(CALLS, &action(npm));
    assert_eq!(why.paste()[1..3], ["- run: npm install -g npm@^11.5.1", "  shell: bash"]);
}

#[test]
fn a_workflow_of_another_repository_is_named_as_such() {
    let calls = "on: push\njobs:\n  publish:\n    uses: acme/shared/.github/workflows/cargo-publish.yml@v1\n    secrets:\n      cargo-registry-token: ${{ secrets.CARGO_REGISTRY_TOKEN }}\n";
    let why = refused(calls, &action("true\n      shell: bash"));
    let callee = "acme/shared/.github/workflows/cargo-publish.yml@v1";
    assert!(why.to_string().contains(&format!("lies in {callee}, a workflow of another repository")), "{why}");
    assert!(!why.paste().iter().any(|row| row.starts_with("environment:")), "{why:?}");
    assert!(why.paste()[0].contains(callee), "{why:?}");
}
