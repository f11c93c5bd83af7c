//! Repairs of workflows as people write them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pretty_assertions::assert_eq;

use super::*;
use crate::model::{RelPath, SourceFile};

pub(super) fn file(text: &str) -> SourceFile {
    SourceFile::new(RelPath::new(".github/workflows/release.yml").unwrap(), text.as_bytes())
}

pub(super) fn job() -> JobId {
    JobId::new("publish").unwrap()
}

pub(super) fn step(text: &str, index: usize) -> StepRef {
    let reading = crate::workflow::testing::read(&[file(text)], &[]);
    let job = reading.workflows[0].jobs.iter().find(|other| other.id == job()).unwrap().clone();
    StepRef::nth(&job, index).unwrap()
}

pub(super) fn id_token() -> Repair {
    Repair::JobPermissions { job: job(), scopes: vec![("id-token".to_owned(), Access::Write)] }
}

fn environment(name: &str) -> Repair {
    Repair::Environment { job: job(), name: EnvironmentName::new(name).unwrap() }
}

fn drop_env(text: &str, index: usize, name: &str) -> Repair {
    Repair::DropEnv { level: Level::Step(job(), step(text, index)), name: name.to_owned() }
}

/// The text after the repairs; they must hold then, and be taken back to the byte.
pub(super) fn mended(text: &str, repairs: &[Repair]) -> String {
    let mended = mend(&file(text), repairs, |_| Ok(())).unwrap_or_else(|refusal| panic!("{refusal:?}\n{text}"));
    assert_eq!(mended.undone().unwrap()[..], *text.as_bytes());
    String::from_utf8(mended.change.after.to_vec()).unwrap()
}

fn refused(text: &str, repair: Repair) -> Refusal {
    match mend(&file(text), &[repair], |_| Ok(())) {
        Ok(mended) => panic!("{}", String::from_utf8_lossy(&mended.change.after)),
        Err(refusal) => refusal,
    }
}

/// A workflow whose job `publish` has this head (indented by four) and these steps (by six).
pub(super) fn workflow(top: &str, head: &str, steps: &str) -> String {
    format!("on: push\n{top}jobs:\n  publish:\n    runs-on: ubuntu-latest # here\n{head}    steps:\n{steps}")
}

const STEPS: &str = "      - uses: actions/checkout@v7\n      - run: cargo publish\n";

#[test]
fn permissions_are_added_with_what_the_job_had() {
    let cases = [
        ("", "    permissions:\n      contents: read\n      id-token: write\n"),
        ("permissions: {}\n", "    permissions:\n      id-token: write\n"),
        (
            "permissions:\n  contents: write # tags\n  pages: read\n",
            "    permissions:\n      contents: write\n      pages: read\n      id-token: write\n",
        ),
    ];
    for (top, want) in cases {
        assert_eq!(mended(&workflow(top, "", STEPS), &[id_token()]), workflow(top, want, STEPS));
    }
    let read_all = mended(&workflow("permissions: read-all\n", "", STEPS), &[id_token()]);
    assert!(read_all.contains("      contents: read\n") && read_all.contains("      statuses: read\n"));
}

#[test]
fn a_block_of_the_job_gets_one_line() {
    for (before, after) in [
        ("    permissions:\n      contents: read\n", "    permissions:\n      contents: read\n      id-token: write\n"),
        (
            "    permissions:   # least\n        # to clone\n        contents: read # x\n",
            "    permissions:   # least\n        # to clone\n        contents: read # x\n        id-token: write\n",
        ),
        ("    permissions:\n      id-token: none\n", "    permissions:\n      id-token: write\n"),
        ("    permissions:\n      'id-token': 'read'\n", "    permissions:\n      'id-token': 'write'\n"),
        ("    permissions: # none yet\n", "    permissions: # none yet\n      contents: read\n      id-token: write\n"),
    ] {
        assert_eq!(mended(&workflow("", before, STEPS), &[id_token()]), workflow("", after, STEPS), "{before}");
    }
    let text = workflow("", "    permissions: read-all # why\n", STEPS);
    let after = mended(&text, &[id_token()]);
    assert!(after.contains("    permissions: # why\n      actions: read\n"), "{after}");
    assert!(after.contains("      id-token: write\n    steps:"), "{after}");
}

#[test]
fn what_a_job_holds_already_is_left_alone() {
    for (top, head) in [
        ("", "    permissions:\n      id-token: write\n"),
        ("", "    permissions: { id-token: write }\n"),
        ("", "    permissions: write-all\n"),
        ("permissions:\n  id-token: write\n", ""),
        ("permissions: write-all\n", ""),
    ] {
        let text = workflow(top, head, STEPS);
        assert_eq!(mended(&text, &[id_token()]), text);
    }
    let text = workflow("", "    environment: release\n", STEPS);
    assert_eq!(mended(&text, &[environment("release")]), text);
}

#[test]
fn a_job_under_the_default_keeps_what_its_steps_are_known_to_need() {
    let steps = "      - run: gh release create v1\n";
    let text = workflow("", "", steps);
    let mended = mend(&file(&text), &[id_token()], |_| Ok(())).unwrap();
    let after = String::from_utf8(mended.change.after.to_vec()).unwrap();
    assert!(after.contains("permissions:\n      contents: write\n      id-token: write\n"), "{after}");
    assert!(mended.notes[0].contains("default permissions"), "{:?}", mended.notes);
    let text = workflow("", "", "      - run: scripts/publish --all\n");
    let mended = mend(&file(&text), &[id_token()], |_| Ok(())).unwrap();
    assert!(mended.notes[0].contains("(scripts/publish, which it runs,"), "{:?}", mended.notes);
}

#[test]
fn an_environment_is_added_or_renamed_in_its_own_form() {
    for (before, after) in [
        ("", "    environment: release\n"),
        ("    environment: pypi # old\n", "    environment: release # old\n"),
        ("    environment: \"pypi\"\n", "    environment: \"release\"\n"),
        (
            "    environment:\n      url: https://x.test\n      name: 'pypi'\n",
            "    environment:\n      url: https://x.test\n      name: 'release'\n",
        ),
    ] {
        let text = workflow("", before, STEPS);
        assert_eq!(mended(&text, &[environment("release")]), workflow("", after, STEPS), "{before}");
    }
    let text = workflow("", "", STEPS);
    assert_eq!(mended(&text, &[environment("true")]), workflow("", "    environment: 'true'\n", STEPS));
    let both = "    environment: release\n    permissions:\n      contents: read\n      id-token: write\n";
    assert_eq!(mended(&text, &[environment("release"), id_token()]), workflow("", both, STEPS));
    assert!(refused(&workflow("", "    environment: ${{ inputs.e }}\n", STEPS), environment("x")).why.contains("run"));
}

#[test]
fn line_ends_marks_and_the_last_line_stay() {
    let text = workflow("", "", STEPS);
    let after = mended(&text, &[id_token(), environment("release")]);
    let crlf = |text: &str| text.replace('\n', "\r\n");
    assert_eq!(mended(&crlf(&text), &[id_token(), environment("release")]), crlf(&after));
    let marked = |text: &str| format!("\u{feff}{text}");
    assert_eq!(mended(&marked(&text), &[id_token(), environment("release")]), marked(&after));
    let open = "on: push\njobs:\n  publish:\n    steps:\n    - run: x\n    runs-on: ubuntu-latest";
    assert_eq!(mended(open, &[environment("release")]), format!("{open}\n    environment: release"));
}

#[test]
fn a_variable_goes_and_its_block_when_it_would_be_empty() {
    let rest = "          OTHER: x\n";
    let head = "      - name: Publish\n        run: npm publish\n";
    let one =
        "        env: # the token\n          # for npm\n          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }} # x\n";
    let text = workflow("", "", &format!("{head}{one}{rest}"));
    let want = format!("{head}        env: # the token\n          # for npm\n{rest}");
    assert_eq!(mended(&text, &[drop_env(&text, 0, "NODE_AUTH_TOKEN")]), workflow("", "", &want));
    let text = workflow("", "", &format!("{head}{one}"));
    let want = format!("{head}          # for npm\n");
    assert_eq!(mended(&text, &[drop_env(&text, 0, "NODE_AUTH_TOKEN")]), workflow("", "", &want));
    let first = "      - env:\n          NPM_TOKEN: ${{ secrets.NPM_TOKEN }}\n        run: npm publish\n";
    let text = workflow("", "", first);
    assert_eq!(mended(&text, &[drop_env(&text, 0, "NPM_TOKEN")]), workflow("", "", "      - run: npm publish\n"));
    let flow = "      - run: npm publish\n        env: { NPM_TOKEN: '${{ secrets.NPM_TOKEN }}' }\n";
    let text = workflow("", "", flow);
    assert_eq!(mended(&text, &[drop_env(&text, 0, "NPM_TOKEN")]), workflow("", "", "      - run: npm publish\n"));
    let open = workflow("", "", "      - run: npm publish\n        env:\n          T: ${{ secrets.T }}");
    let want = workflow("", "", "      - run: npm publish");
    assert_eq!(mended(&open, &[drop_env(&open, 0, "T")]), want);
}

#[test]
fn a_variable_of_a_job_or_the_workflow_goes_unless_something_else_uses_it() {
    let text = workflow("env:\n  T: ${{ secrets.T }}\n", "    env:\n      T: ${{ secrets.T }}\n", STEPS);
    let at = |level| Repair::DropEnv { level, name: "T".to_owned() };
    let repairs = [at(Level::Workflow), at(Level::Job(job()))];
    assert_eq!(mended(&text, &repairs), workflow("", "", STEPS));
    let used = workflow("env:\n  T: ${{ secrets.T }}\n", "", "      - run: curl --header $T\n");
    assert!(refused(&used, at(Level::Workflow)).why.contains("used by more"));
    let put_out = workflow("", "    env:\n      T: ${{ steps.a.outputs.token }}\n", STEPS);
    assert_eq!(mended(&put_out, &[at(Level::Job(job()))]), put_out);
}

#[test]
fn an_input_goes_and_so_does_the_placeholder_of_the_main_registry() {
    let steps = "      - uses: pypa/gh-action-pypi-publish@v1\n        with:\n          Password: ${{ secrets.P }}\n          attestations: true\n";
    let text = workflow("", "", steps);
    let drop = |text: &str, name: &str| Repair::DropInput { job: job(), step: step(text, 0), name: name.to_owned() };
    let want = "      - uses: pypa/gh-action-pypi-publish@v1\n        with:\n          attestations: true\n";
    assert_eq!(mended(&text, &[drop(&text, "password")]), workflow("", "", want));
    for (url, goes) in [("https://registry.npmjs.org/", true), ("https://npm.pkg.github.com", false)] {
        let node = format!("      - uses: actions/setup-node@v7\n        with:\n          registry-url: '{url}'\n");
        let text = workflow("", "", &node);
        let repair = Repair::DropRegistryUrl { job: job(), step: step(&text, 0) };
        let want = if goes { "      - uses: actions/setup-node@v7\n".to_owned() } else { node };
        assert_eq!(mended(&text, &[repair]), workflow("", "", &want));
    }
}

const SHA: &str = "c6f97d42243bad5fab37ca0427f495c86d5b1a18";

fn exchange(text: &str, index: usize) -> Repair {
    let into = TokenInto::Env("CARGO_REGISTRY_TOKEN".to_owned());
    Repair::LoginStep { job: job(), publish: step(text, index), login: Login::CratesIo { into, url: None } }
}

#[test]
fn the_exchange_goes_before_the_step_that_publishes() {
    let steps = "      - uses: actions/checkout@v7\n\n      # now\n      - name: Publish\n        if: github.ref_type == 'tag'\n        run: |\n          cargo publish\n          # done\n        env:\n          CARGO_REGISTRY_TOKEN: ${{ secrets.CRATES }}\n";
    let text = workflow("", "", steps);
    let want = format!(
        "      - uses: actions/checkout@v7\n\n      - uses: rust-lang/crates-io-auth-action@{SHA} # v1.0.5\n        id: auth\n        if: github.ref_type == 'tag'\n\n      # now\n      - name: Publish\n        if: github.ref_type == 'tag'\n        run: |\n          cargo publish\n          # done\n        env:\n          CARGO_REGISTRY_TOKEN: ${{{{ steps.auth.outputs.token }}}}\n"
    );
    let repairs = [exchange(&text, 1), drop_env(&text, 1, "CARGO_REGISTRY_TOKEN")];
    let after = mended(&text, &repairs);
    assert_eq!(after, workflow("", "", &want));
    assert_eq!(mended(&after, &[exchange(&after, 2)]), after);
}

#[test]
fn an_exchange_that_is_there_is_used() {
    let steps = "      - uses: rust-lang/crates-io-auth-action@v1\n      - run: cargo publish\n";
    let text = workflow("", "", steps);
    let want = "      - uses: rust-lang/crates-io-auth-action@v1\n        id: auth\n      - run: cargo publish\n        env:\n          CARGO_REGISTRY_TOKEN: ${{ steps.auth.outputs.token }}\n";
    assert_eq!(mended(&text, &[exchange(&text, 1)]), workflow("", "", want));
    let text = workflow("", "", "      - id: auth\n        run: x\n      - run: cargo publish\n");
    assert!(mended(&text, &[exchange(&text, 1)]).contains("steps.crates-io-auth.outputs.token"));
}

#[test]
fn tokens_on_command_lines_go_with_their_option_or_line() {
    let steps = "      - name: Log in\n        run: cargo login ${{ secrets.T }}\n      - run: |\n          npm config set //registry.npmjs.org/:_authToken $T\n          npm publish\n      - run: 'cargo publish --token ${{ secrets.T }} -p a' # go\n";
    let text = workflow("", "", steps);
    let login = |index, mark: &str| Repair::DropLogin {
        job: job(),
        step: step(&text, index),
        mark: mark.to_owned(),
        tokens: vec!["T".to_owned()],
    };
    let option = Repair::DropOption {
        job: job(),
        step: step(&text, 2),
        program: "cargo".to_owned(),
        option: "--token".to_owned(),
        tokens: vec!["T".to_owned()],
    };
    let want = "      - run: |\n          npm publish\n      - run: 'cargo publish -p a' # go\n";
    assert_eq!(mended(&text, &[login(0, "cargo login"), login(1, "_authToken"), option]), workflow("", "", want));
}

#[test]
fn npm_is_renewed_unless_it_is_new_enough() {
    let node = |version: &str| {
        let node = format!("      - uses: actions/setup-node@v7\n        with:\n          node-version: {version}\n");
        workflow("", "", &format!("{node}      - run: npm publish\n"))
    };
    let repair = |text: &str| Repair::NpmNewEnough { job: job(), publish: step(text, 1) };
    for version in ["24", "lts/*", "25.1.0"] {
        assert_eq!(mended(&node(version), &[repair(&node(version))]), node(version));
    }
    for version in ["20", "22.x", "24.0.0", "${{ env.NODE }}"] {
        let after = mended(&node(version), &[repair(&node(version))]);
        assert!(after.ends_with("      - run: npm install -g npm@^11.5.1\n      - run: npm publish\n"), "{after}");
    }
    assert!(refused(&node("18"), repair(&node("18"))).why.contains("Node 18"));
}

#[test]
fn actions_are_pinned_to_the_version_that_their_ref_means_and_to_no_other() {
    let steps = "      - uses: rust-lang/crates-io-auth-action@v1 # log in\n      - uses: \"actions/checkout@v7\"\n      - uses: actions/checkout@v4\n";
    let text = workflow("", "", steps);
    let pin = |name: &str| Repair::PinAction { job: job(), action: ActionName::new(name).unwrap() };
    let repairs = [pin("rust-lang/crates-io-auth-action"), pin("actions/checkout")];
    let want = format!(
        "      - uses: rust-lang/crates-io-auth-action@{SHA} # v1.0.5 # log in\n      - uses: \"actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1\" # v7.0.1\n      - uses: actions/checkout@v4\n"
    );
    let mended = mend(&file(&text), &repairs, |_| Ok(())).unwrap();
    assert_eq!(String::from_utf8_lossy(&mended.change.after), workflow("", "", &want));
    assert!(mended.notes[0].contains("actions/checkout@v4"), "{:?}", mended.notes);
}

#[test]
fn what_cannot_be_spliced_safely_is_not_written() {
    let alias = "x: &x\n  runs-on: a\n  steps: [{ run: x }]\njobs:\n  publish: *x\n";
    let shared = "jobs:\n  publish: &x\n    runs-on: a\n    steps: [{ run: x }]\n  other: *x\n";
    let merge = "x: &x\n  runs-on: a\njobs:\n  publish:\n    <<: *x\n    runs-on: b\n    steps: [{ run: x }]\n";
    let flow = "jobs:\n  publish: { runs-on: a, steps: [{ run: x }] }\n";
    for (text, why) in [(alias, "alias"), (shared, "anchor"), (merge, "merge key"), (flow, "flow style")] {
        for repair in [id_token(), environment("release")] {
            let refusal = refused(text, repair);
            assert!(refusal.why.contains(why), "{}", refusal.why);
            assert!(refusal.paste.len() > 1, "{:?}", refusal.paste);
        }
    }
    let flow = workflow("", "    permissions: { contents: read } # x\n", STEPS);
    let refusal = refused(&flow, id_token());
    assert_eq!(refusal.paste, ["# in the job publish", "permissions:", "  contents: read", "  id-token: write"]);
}

#[test]
fn what_the_caller_refuses_is_withdrawn() {
    let text = workflow("", "", STEPS);
    let refusal = mend(&file(&text), &[id_token()], |_| Err("the branch may not".to_owned())).unwrap_err();
    assert!(refusal.why.contains("the branch may not"));
    let split = Repair::SplitIdToken { job: job(), publish: step(&text, 1) };
    assert!(refused(&text, split).paste.iter().any(|line| line == "    id-token: write"));
}

/// The plan for the only publisher of a file.
pub(super) fn planned(text: &str) -> Result<Vec<Repair>, CannotRepair> {
    let reading = crate::workflow::testing::read(&[file(text)], &[]);
    let plan = plan(&reading.workflows, &reading.publish_jobs[0], None)?;
    Ok(plan.into_iter().flat_map(|planned| planned.repairs).collect())
}

#[test]
fn a_plan_takes_the_token_from_every_step_that_publishes_and_from_no_other() {
    let private = "      - run: npm ci\n        env:\n          NODE_AUTH_TOKEN: ${{ secrets.NPM }}\n";
    let publish = |env: &str| format!("      - run: npm publish ./a\n{env}      - run: npm publish ./b\n{env}");
    let token = "        env:\n          NODE_AUTH_TOKEN: ${{ secrets.NPM }}\n";
    let text = workflow("", "", &format!("{private}{}", publish(token)));
    let after = mended(&text, &planned(&text).unwrap());
    let renew = "      - run: npm install -g npm@^11.5.1\n";
    let head = "    permissions:\n      contents: read\n      id-token: write\n";
    assert_eq!(after, workflow("", head, &format!("{private}{renew}{}", publish(""))));
    assert_eq!(planned(&after).unwrap(), []);
}

#[test]
fn a_token_of_the_whole_job_is_exchanged_for_every_step_that_publishes() {
    let env = "    env:\n      CARGO_REGISTRY_TOKEN: ${{ secrets.CRATES }}\n";
    let text = workflow("", env, "      - run: cargo publish -p a\n      - run: cargo publish -p b\n");
    let after = mended(&text, &planned(&text).unwrap());
    assert_eq!(after.matches("CARGO_REGISTRY_TOKEN: ${{ steps.auth.outputs.token }}").count(), 2, "{after}");
    assert_eq!(after.matches("crates-io-auth-action").count(), 1, "{after}");
    assert!(!after.contains("secrets."), "{after}");
}

#[test]
fn a_command_that_nothing_logs_in_gets_the_exchange() {
    let text = workflow("", "", "      - run: cargo publish\n");
    let after = mended(&text, &planned(&text).unwrap());
    assert!(after.contains("CARGO_REGISTRY_TOKEN: ${{ steps.auth.outputs.token }}"), "{after}");
    assert_eq!(planned(&after).unwrap(), []);
}

#[test]
fn what_has_no_login_by_oidc_is_not_planned() {
    let env = "        env:\n          POETRY_PYPI_TOKEN_PYPI: ${{ secrets.P }}\n";
    let poetry = workflow("", "", &format!("      - run: poetry publish\n{env}"));
    assert_eq!(planned(&poetry), Err(CannotRepair::Tool("poetry publish")));
    let other = "  other:\n    runs-on: x\n    steps:\n      - run: npm publish ./b\n";
    let shared = workflow("env:\n  NODE_AUTH_TOKEN: ${{ secrets.N }}\n", "", "      - run: npm publish ./a\n");
    let why = planned(&format!("{shared}{other}")).unwrap_err();
    assert!(matches!(why, CannotRepair::Shared { .. }), "{why}");
}

#[test]
fn a_token_of_the_whole_workflow_stays_until_no_job_takes_it() {
    let own = "\n        env:\n          CARGO_REGISTRY_TOKEN: ${{ steps.auth.outputs.token }}\n";
    let other = |env: &str| format!("  other:\n    runs-on: x\n    steps:\n      - run: cargo publish -p b{env}");
    let env = "env:\n  CARGO_REGISTRY_TOKEN: ${{ secrets.C }}\n";
    let first = workflow(env, "", "      - run: cargo publish -p a\n");
    let both = format!("{first}{}", other("\n"));
    let after = mended(&both, &planned(&both).unwrap());
    assert!(after.contains(env) && after.contains(own) && after.ends_with(&other("\n")), "{after}");
    let last = format!("{first}{}", other(own));
    let after = mended(&last, &planned(&last).unwrap());
    assert!(!after.contains(env) && after.ends_with(&other(own)), "{after}");
}

/// A workflow that calls another one, and that one; what the calling job is planned to hold.
fn handed_down(permissions: &str, called: &str) -> Vec<(String, Access)> {
    let calls = "on: push\njobs:\n  call:\n    uses: ./.github/workflows/publish.yml\n    secrets: inherit\n";
    let calls = format!("{permissions}{calls}");
    let steps = "    steps:\n      - run: npm publish\n        env:\n          NODE_AUTH_TOKEN: ${{ secrets.N }}\n";
    let called = format!("on: workflow_call\njobs:\n  publish:\n    runs-on: x\n{steps}{called}");
    let path = RelPath::new(".github/workflows/publish.yml").unwrap();
    let files = [file(&calls), SourceFile::new(path, called.as_bytes())];
    let reading = crate::workflow::testing::read(&files, &[]);
    let planned = plan(&reading.workflows, &reading.publish_jobs[0], None).unwrap();
    let caller = planned.into_iter().find(|planned| planned.path == files[0].path).unwrap();
    let [Repair::JobPermissions { scopes, .. }] = &caller.repairs[..] else { panic!("{:?}", caller.repairs) };
    scopes.clone()
}

#[test]
fn a_job_that_calls_a_workflow_of_this_repository_holds_what_the_called_jobs_need() {
    let named = |scopes: &[(String, Access)]| -> Vec<String> {
        scopes.iter().map(|(scope, access)| format!("{scope}: {}", access.word())).collect()
    };
    let release = "  release:\n    runs-on: x\n    steps:\n      - run: gh release create v1\n";
    assert_eq!(named(&handed_down("", release)), ["contents: write", "id-token: write"]);
    let pages = "  pages:\n    permissions:\n      pages: write\n    runs-on: x\n    steps:\n      - run: x\n";
    assert_eq!(named(&handed_down("", pages)), ["contents: read", "pages: write", "id-token: write"]);
    // What is not told, and what is named already, is left to the refusal and to the block that is there.
    for (top, called) in [
        ("", "  next:\n    uses: acme/other/.github/workflows/x.yml@v1\n"),
        ("", "  all:\n    permissions: write-all\n    runs-on: x\n    steps:\n      - run: x\n"),
        ("permissions:\n  contents: read\n", release),
    ] {
        assert_eq!(named(&handed_down(top, called)), ["id-token: write"], "{top}{called}");
    }
}
