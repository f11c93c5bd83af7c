//! Jobs that call reusable workflows: who is told to the registry, which secrets and permissions arrive.

use pretty_assertions::assert_eq;

use super::*;

const CALLEE: &str = "on: {workflow_call: {secrets: {token: {}}}}\njobs:\n  upload:\n    environment: ${{ inputs.to }}\n    \
    steps:\n      - run: uv publish\n        env: {UV_PUBLISH_TOKEN: '${{ secrets.token }}'}\n";

fn calling(job: &str) -> WorkflowReading {
    let caller =
        format!("on: [push, workflow_dispatch]\njobs:\n  call:\n    uses: ./.github/workflows/callee.yml\n{job}");
    read(&[file("callee.yml", CALLEE), file("top.yml", &caller)], &[])
}

#[test]
fn a_reusable_workflow_is_told_by_the_registrys_claim() {
    let reading = calling("    permissions: {id-token: write}\n    with: {to: release}\n");
    let job = only(&reading);
    let told = |claim| (job.workflow(claim).map(|file| file.as_str()), job.role(claim));
    assert_eq!(told(WorkflowClaim::Caller), (Some("top.yml"), WorkflowRole::Caller));
    assert_eq!(told(WorkflowClaim::Callee), (Some("callee.yml"), WorkflowRole::Callee));
    assert_eq!(events(job), ["push", "workflow_dispatch"]);
    assert_eq!(job.environment, EnvironmentRef::Named("release".parse().unwrap()));
    assert_eq!(job.job.as_str(), "upload");
    assert!(matches!(&job.id_token, IdToken::Granted(place) if place.file.file_name() == "top.yml"));
}

#[test]
fn secrets_have_the_callers_names() {
    assert_eq!(only(&calling("    secrets: {token: '${{ secrets.PYPI }}'}\n")).auth, token("PYPI"));
    assert_eq!(only(&calling("    secrets: inherit\n")).auth, token("TOKEN"));
    assert_eq!(only(&calling("    permissions: {id-token: write}\n")).auth, Auth::Oidc);
}

#[test]
fn a_called_job_never_has_more_than_its_caller() {
    let callee =
        "on: workflow_call\njobs:\n  a:\n    permissions: {id-token: write}\n    steps:\n      - run: uv publish\n";
    for (permissions, granted) in
        [("", false), ("permissions: {id-token: write}\n", true), ("permissions: {}\n", false)]
    {
        let top = format!("on: push\n{permissions}jobs:\n  b:\n    uses: $/.github/workflows/callee.yml\n");
        let reading = read(&[file("callee.yml", callee), file("top.yml", &top)], &[]);
        assert_eq!(matches!(only(&reading).id_token, IdToken::Granted(_)), granted, "{permissions}");
    }
    let alone = read(&[file("callee.yml", &callee.replace("    permissions: {id-token: write}\n", ""))], &[]);
    assert!(matches!(only(&alone).id_token, IdToken::Unknown(_)));
}

#[test]
fn chains_are_followed_as_far_as_github_does() {
    let link = |n: usize| {
        let on = if n == 0 { "push" } else { "workflow_call" };
        let step = if n == 9 {
            "steps: [{run: uv publish}]".into()
        } else {
            format!("uses: ./.github/workflows/w{}.yml", n + 1)
        };
        file(&format!("w{n}.yml"), &format!("on: {on}\npermissions: {{id-token: write}}\njobs:\n  a:\n    {step}\n"))
    };
    let files: Vec<SourceFile> = (0..10).map(link).collect();
    let reading = read(&files, &[]);
    let job = only(&reading);
    assert_eq!(job.workflow(WorkflowClaim::Caller).map(|file| file.as_str()), Some("w0.yml"));
    assert_eq!(job.auth, Auth::Oidc);
}

#[test]
fn circles_of_calls_end() {
    let text = |other: &str| {
        format!(
            "on: workflow_call\njobs:\n  a:\n    uses: ./.github/workflows/{other}\n  b:\n    steps: [{{run: uv publish}}]\n"
        )
    };
    let reading =
        read(&[file("a.yml", &text("b.yml")), file("b.yml", &text("a.yml")), file("c.yml", &text("c.yml"))], &[]);
    assert_eq!(reading.publish_jobs.len(), 3);
}
