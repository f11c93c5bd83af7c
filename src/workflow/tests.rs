//! Workflows as they are written, read as a whole.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pretty_assertions::assert_eq;

use super::testing::read;
use super::*;
use crate::model::{
    Auth, Certainty, EnvironmentRef, IdToken, PackageId, PackageName, Pinned, Registry, RelPath, Severity,
    WorkflowClaim, WorkflowRole,
};

fn file(name: &str, text: &str) -> SourceFile {
    SourceFile::new(RelPath::new(&format!(".github/workflows/{name}")).unwrap(), text.as_bytes())
}

fn package(registry: Registry, name: &str, manifest: &str) -> Package {
    Package {
        id: PackageId { registry, name: PackageName::new(name).unwrap() },
        spelled: name.parse().unwrap(),
        manifest: RelPath::new(manifest).unwrap(),
        version: None,
        repository: None,
        lacks: Vec::new(),
    }
}

/// One job in one file, its steps given as YAML that is indented by six.
fn job(head: &str, steps: &str) -> WorkflowReading {
    let text = format!("on: push\njobs:\n  publish:\n    runs-on: ubuntu-latest\n{head}    steps:\n{steps}");
    let all = [
        package(Registry::CratesIo, "core", "crates/core/Cargo.toml"),
        package(Registry::CratesIo, "top", "Cargo.toml"),
        package(Registry::Npm, "@acme/a", "packages/a/package.json"),
        package(Registry::Npm, "@acme/b", "packages/b/package.json"),
        package(Registry::Pypi, "widgets", "python/pyproject.toml"),
    ];
    read(&[file("release.yml", &text)], &all)
}

fn events(job: &PublishJob) -> Vec<&str> {
    job.triggers.iter().map(|trigger| trigger.event.as_str()).collect()
}

fn only(reading: &WorkflowReading) -> &PublishJob {
    let [one] = &reading.publish_jobs[..] else { panic!("{:#?}", reading.publish_jobs) };
    one
}

fn names(job: &PublishJob) -> Option<Vec<&str>> {
    job.packages.as_ref().map(|names| names.iter().map(PackageName::as_str).collect())
}

fn token(name: &str) -> Auth {
    Auth::Token(name.parse().unwrap())
}

const OIDC: &str = "    permissions:\n      id-token: write\n";

#[test]
fn on_is_read_in_all_three_forms() {
    for on in
        ["on: push", "on: [push]", "on:\n- push", "on:\n  push:\n    tags: ['v*']", "'on': push", "\"on\": {push: }"]
    {
        let reading = read(&[file("a.yml", &format!("{on}\njobs:\n  a:\n    steps: []\n"))], &[]);
        assert_eq!(reading.workflows[0].on.iter().map(|e| e.name.value.as_str()).collect::<Vec<_>>(), ["push"], "{on}");
        assert_eq!(reading.findings, []);
    }
}

#[test]
fn environments_are_read_in_both_forms() {
    let environment = |text: &str| only(&job(text, "      - run: uv publish\n")).environment.clone();
    let release = EnvironmentRef::Named("release".parse().unwrap());
    assert_eq!(environment("    environment: release\n"), release);
    assert_eq!(environment("    environment: {name: release, url: x}\n"), release);
    assert_eq!(environment("    environment:\n      name: 'release'\n"), release);
    assert_eq!(environment(""), EnvironmentRef::None);
    let expression = "${{ inputs.to }}";
    assert_eq!(environment(&format!("    environment: {expression}\n")), EnvironmentRef::Expression(expression.into()));
}

#[test]
fn a_jobs_permissions_replace_the_workflows() {
    let granted = |top: &str, own: &str| {
        let text = format!("on: push\n{top}jobs:\n  a:\n{own}    steps:\n      - run: uv publish\n");
        matches!(only(&read(&[file("a.yml", &text)], &[])).id_token, IdToken::Granted(_))
    };
    assert!(granted("", "    permissions: {id-token: write}\n"));
    assert!(granted("permissions:\n  id-token: write\n", ""));
    assert!(granted("permissions: write-all\n", ""));
    assert!(granted("permissions: {}\n", "    permissions: write-all\n"));
    assert!(!granted("", ""));
    assert!(!granted("permissions: read-all\n", ""));
    assert!(!granted("permissions: {id-token: write}\n", "    permissions: {contents: read}\n"));
    assert!(!granted("permissions: {id-token: write}\n", "    permissions: {}\n"));
    assert!(!granted("permissions: {id-token: read}\n", ""));
}

#[test]
fn the_grants_place_is_the_line_that_grants() {
    let reading = job(OIDC, "      - run: uv publish\n");
    let IdToken::Granted(place) = &only(&reading).id_token else { panic!() };
    assert_eq!((place.line, place.column), (6, 7));
    assert_eq!(only(&reading).job_at.line, 3);
}

#[test]
fn the_publishing_line_is_found_in_every_style_with_crlf_and_bom() {
    for (step, line, column) in [
        ("      - run: npm publish\n", 6, 14),
        ("      - run: |\n          # npm publish\n\n          npm publish\n", 9, 11),
        ("      - run: >-\n          npm ci &&\n          npm publish\n", 8, 1),
        ("      - {name: x, run: \"npm publish\"}\n", 6, 24),
    ] {
        for text in [step.to_owned(), step.replace('\n', "\r\n")] {
            let reading = job("", &text);
            assert_eq!((only(&reading).at.line, only(&reading).at.column), (line, column), "{text:?}");
        }
    }
    let text = "\u{feff}on: push\r\njobs:\r\n  a:\r\n    steps:\r\n      - run: twine upload dist/*\r\n";
    let reading = read(&[file("a.yml", text)], &[]);
    assert_eq!((only(&reading).at.line, only(&reading).at.column), (5, 14));
}

#[test]
fn tokens_are_traced_through_env_variables_inputs_and_logins() {
    for (steps, secret) in [
        ("      - run: npm publish\n        env:\n          NODE_AUTH_TOKEN: ${{ secrets.NPM }}\n", "NPM"),
        ("      - run: NODE_AUTH_TOKEN=${{ secrets.NPM }} npm publish\n", "NPM"),
        ("      - run: cargo publish -p core --token ${T}\n        env: {T: '${{ secrets.CRATES }}'}\n", "CRATES"),
        ("      - run: twine upload -u ${{ secrets.USER }} -p ${{ secrets.PASS }} dist/*\n", "PASS"),
        ("      - run: cargo login ${{ secrets.CRATES }}\n      - run: cargo publish -p core\n", "CRATES"),
        (
            "      - run: echo '//registry.npmjs.org/:_authToken=${T}' > .npmrc\n        env: {T: '${{ secrets.NPM }}'}\n      - run: npm publish\n",
            "NPM",
        ),
        (
            "      - uses: pypa/gh-action-pypi-publish@v1\n        with:\n          user: __token__\n          password: ${{ secrets.PYPI }}\n",
            "PYPI",
        ),
        ("      - uses: katyo/publish-crates@v2\n        with: {registry-token: '${{ secrets.CRATES }}'}\n", "CRATES"),
        (
            "      - uses: PyO3/maturin-action@v1\n        with: {command: upload, args: '-p ${{ secrets.PYPI }}'}\n",
            "PYPI",
        ),
    ] {
        // A token beside id-token is a token.
        for head in ["", OIDC] {
            assert_eq!(only(&job(head, steps)).auth, token(secret), "{steps}");
        }
    }
    let env = "    env:\n      UV_PUBLISH_TOKEN: ${{ secrets.PYPI }}\n";
    assert_eq!(only(&job(env, "      - run: uv publish\n")).auth, token("PYPI"));
}

#[test]
fn what_is_no_registry_token_leaves_oidc() {
    for steps in [
        "      - run: npm publish\n        env:\n          NODE_AUTH_TOKEN: ''\n",
        "      - run: npm publish\n        env:\n          NODE_AUTH_TOKEN:\n",
        "      - run: npm publish\n        env:\n          GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}\n          OTHER: ${{ secrets.OTHER }}\n",
        "      - run: npm publish\n        env:\n          NODE_AUTH_TOKEN: ${{ secrets.GITHUB_TOKEN }}\n",
        "      - id: auth\n        uses: rust-lang/crates-io-auth-action@v1\n      - run: cargo publish -p core\n        env:\n          CARGO_REGISTRY_TOKEN: ${{ steps.auth.outputs.token }}\n",
        "      - run: twine upload dist/*\n        env:\n          TWINE_USERNAME: ${{ secrets.PYPI_USER }}\n",
    ] {
        assert_eq!(only(&job(OIDC, steps)).auth, Auth::Oidc, "{steps}");
        assert_eq!(only(&job("", steps)).auth, Auth::Unknown, "{steps}");
    }
}

#[test]
fn other_places_are_never_taken_for_the_main_registry() {
    for (steps, label) in [
        ("      - run: npm publish --registry https://npm.pkg.github.com\n", "other:npm.pkg.github.com"),
        (
            "      - uses: actions/setup-node@v4\n        with: {registry-url: 'https://npm.pkg.github.com'}\n      - run: npm publish\n",
            "other:npm.pkg.github.com",
        ),
        ("      - run: twine upload --repository testpypi dist/*\n", "testpypi"),
        ("      - run: twine upload -r testpypi dist/*\n", "testpypi"),
        ("      - run: uv publish\n        env: {UV_PUBLISH_URL: 'https://test.pypi.org/legacy/'}\n", "testpypi"),
        (
            "      - uses: pypa/gh-action-pypi-publish@v1\n        with: {repository-url: 'https://test.pypi.org/legacy/'}\n",
            "testpypi",
        ),
        (
            "      - run: npm publish --registry https://${{ env.HOST }}\n        env: {HOST: npm.acme.example}\n",
            "other:npm.acme.example",
        ),
    ] {
        let reading = job(OIDC, steps);
        assert_eq!(only(&reading).destination.label(), label, "{steps}");
        assert_eq!(only(&reading).destination.registry(), None, "{steps}");
    }
    // A name without an address is a company's own: there is nothing to say about it.
    assert_eq!(job(OIDC, "      - run: cargo publish --registry acme\n").publish_jobs, []);
    for steps in [
        "      - uses: actions/setup-node@v4\n        with: {registry-url: 'https://registry.npmjs.org/'}\n      - run: npm publish\n",
        "      - uses: pypa/gh-action-pypi-publish@v1\n        with: {repository-url: 'https://upload.pypi.org/legacy/'}\n",
        "      - run: cargo publish --registry crates-io\n",
    ] {
        assert!(only(&job(OIDC, steps)).certainty > Certainty::CannotTell, "{steps}");
    }
    let steps = "      - run: twine upload --repository-url ${{ vars.INDEX }} dist/*\n";
    assert_eq!(only(&job(OIDC, steps)).certainty, Certainty::CannotTell);
}

#[test]
fn packages_are_told_by_name_folder_or_all() {
    for (steps, expected) in [
        ("      - run: cargo publish -p core\n", Some(vec!["core"])),
        ("      - run: cargo publish\n", Some(vec!["top"])),
        ("      - run: cargo publish --workspace\n", Some(vec!["core", "top"])),
        ("      - run: cargo publish --workspace --exclude core\n", Some(vec!["top"])),
        ("      - run: cargo publish\n        working-directory: crates/core\n", Some(vec!["core"])),
        ("      - run: cd crates/core && cargo publish\n", Some(vec!["core"])),
        ("      - run: cargo publish --manifest-path crates/core/Cargo.toml\n", Some(vec!["core"])),
        ("      - run: npm publish ./packages/b\n", Some(vec!["@acme/b"])),
        ("      - run: pnpm --filter @acme/a publish\n", Some(vec!["@acme/a"])),
        ("      - run: pnpm -r publish\n", Some(vec!["@acme/a", "@acme/b"])),
        ("      - run: npm publish -w packages/${{ inputs.name }}\n", Some(vec!["@acme/a", "@acme/b"])),
        ("      - run: npm publish\n", None),
        ("      - run: npm publish \"$dir\"\n", None),
        ("      - uses: pypa/gh-action-pypi-publish@v1\n", Some(vec!["widgets"])),
        ("      - run: cargo publish -p core\n      - run: cargo publish -p top\n", Some(vec!["core", "top"])),
    ] {
        assert_eq!(names(only(&job(OIDC, steps))), expected, "{steps}");
    }
}

#[test]
fn steps_that_never_run_and_rehearsals_are_left_out() {
    for steps in [
        "      - run: npm publish\n        if: false\n",
        "      - run: npm publish\n        if: ${{ false }}\n",
        "      - run: echo npm publish\n",
        "      - uses: release-plz/action@v0.5\n        with: {command: release-pr}\n",
        "      - uses: changesets/action@v1\n",
        "      - uses: PyO3/maturin-action@v1\n        with: {command: build}\n",
        "      - uses: JS-DevTools/npm-publish@v3\n        with: {dry-run: true}\n",
    ] {
        assert_eq!(job(OIDC, steps).publish_jobs, [], "{steps}");
    }
}

#[test]
fn actions_carry_their_pin() {
    let reading = job(OIDC, "      - uses: pypa/gh-action-pypi-publish@release/v1\n");
    assert_eq!((only(&reading).pinned, only(&reading).certainty), (Pinned::Branch, Certainty::Certain));
    let auth = "      - uses: rust-lang/crates-io-auth-action@v1\n      - run: cargo publish -p core\n";
    assert_eq!(only(&job(OIDC, auth)).pinned, Pinned::Tag);
    assert_eq!(only(&job(OIDC, "      - run: uv publish\n")).pinned, Pinned::None);
}

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

#[test]
fn secret_uses_carry_job_and_line() {
    let text = "on: push\nenv:\n  A: ${{ secrets.A }}\njobs:\n  one:\n    steps:\n      - run: |\n          x\n          echo ${{ secrets.B }}\n";
    let reading = read(&[file("a.yml", text)], &[]);
    let uses: Vec<_> = reading.secret_uses.iter().map(|u| (u.secret.as_str(), u.at.line, u.job.as_str())).collect();
    assert_eq!(uses, [("A", 3, "one"), ("B", 9, "one")]);
}

#[test]
fn anchors_flow_style_and_odd_parts_hide_nothing() {
    let text = "on: push\njobs:\n  a:\n    permissions: &p {id-token: write}\n    steps: &s\n      - run: uv publish\n      - just a text\n      - [a, list]\n  \
                b: {permissions: *p, steps: *s}\n  c: null\n  d: text\n  e: {steps: 7, environment: [x], env: text}\n";
    let reading = read(&[file("a.yml", text)], &[]);
    assert_eq!(reading.publish_jobs.iter().map(|job| job.job.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert!(reading.publish_jobs.iter().all(|job| job.auth == Auth::Oidc));
    assert_eq!(reading.findings.len(), 6, "{:#?}", reading.findings);
}

#[test]
fn one_unreadable_file_is_one_finding_with_a_caret() {
    let good = "on: push\njobs:\n  a:\n    steps: [{run: uv publish}]\n";
    for (bad, line) in [
        (&b"on: push\njobs:\n\ta: b\n"[..], 3),
        (b"on: push\njobs:\n  a: {}\n  a: {}\n", 4),
        (b"on: push\nname: \xff\xfe\n", 2),
        (b"a: [\n", 1),
    ] {
        let bytes = SourceFile::new(RelPath::new(".github/workflows/bad.yml").unwrap(), bad);
        let reading = read(&[bytes, file("good.yml", good)], &[]);
        assert_eq!(reading.publish_jobs.len(), 1);
        let [finding] = &reading.findings[..] else { panic!("{:?}", reading.findings) };
        assert_eq!((finding.severity, finding.at.as_ref().unwrap().line), (Severity::Error, line));
        assert!(finding.message.contains("bad.yml") && finding.message.ends_with('^'), "{}", finding.message);
    }
}

#[test]
fn empty_files_and_jobs_that_are_null_are_findings() {
    for text in ["", "on: push\n", "on: push\njobs:\n", "on: push\njobs: []\n", "just text", "- a\n- b\n"] {
        let reading = read(&[file("a.yml", text)], &[]);
        assert_eq!((reading.publish_jobs.len(), reading.findings.len()), (0, 1), "{text:?}");
    }
}

#[test]
fn large_files_are_read_soon() {
    let steps = |step: &str| format!("on: push\njobs:\n  a:\n    steps:\n{}", step.repeat(1_000_000 / step.len()));
    let env = "  A: ${{ secrets.A }}\n".replace("A:", "A0:");
    let shared: String = (0..20_000).map(|n| env.replace("A0:", &format!("A{n}:"))).collect();
    let jobs: String = (0..40_000).map(|n| format!("  j{n}: {{}}\n")).collect();
    for text in [
        steps("      - run: npm publish\n"),
        steps("      - run: cargo login $X\n"),
        steps("      - run: \"$(<<E ${{ \\\\'\"\n"),
        steps("      - uses: actions/setup-node@v1\n"),
        format!("on: push\nenv:\n{shared}jobs:\n{jobs}"),
    ] {
        let start = std::time::Instant::now();
        let reading = read(&[file("a.yml", &text)], &[package(Registry::Npm, "a", "package.json")]);
        assert_eq!(reading.workflows.len(), 1);
        // A debug build on a busy machine; the release build takes a tenth of it.
        assert!(start.elapsed().as_secs() < 10, "{} took {:?}", &text[..60], start.elapsed());
    }
}

#[test]
fn files_that_all_call_each_other_end() {
    let calls: String = (0..30).map(|n| format!("  j{n}:\n    uses: ./.github/workflows/w{n}.yml\n")).collect();
    let text = format!("on: [push, workflow_call]\njobs:\n{calls}  p:\n    steps: [{{run: uv publish}}]\n");
    let files: Vec<SourceFile> = (0..30).map(|n| file(&format!("w{n}.yml"), &text)).collect();
    assert_eq!(read(&files, &[]).publish_jobs.len(), 30);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_text_makes_it_stumble(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), script in "[ \\PC\\n]{0,80}") {
        let _ = read(&[SourceFile::new(RelPath::new(".github/workflows/a.yml").unwrap(), bytes)], &[]);
        let run: String = script.lines().map(|line| format!("          {line}\n")).collect();
        let _ = job("", &format!("      - run: |\n{run}"));
    }

    #[test]
    fn no_order_of_the_shells_signs_makes_it_stumble(script in "[-a$({})<>'\"\\\\|&;#=` \n]{0,60}(npm publish|)[$({<'\"\\\\ ]{0,9}") {
        let run: String = script.lines().map(|line| format!("          {line}\n")).collect();
        let _ = job("", &format!("      - run: |\n{run}"));
    }
}
