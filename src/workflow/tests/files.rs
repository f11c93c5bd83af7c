//! Files as they are written: every form of YAML, odd and hostile ones among them.

use pretty_assertions::assert_eq;

use super::*;

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
