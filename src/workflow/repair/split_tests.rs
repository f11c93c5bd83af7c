//! A job that builds and publishes at PyPI becomes two.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pretty_assertions::assert_eq;
use proptest::prelude::*;

use super::tests::file;
use super::*;
use crate::model::{Auth, EnvironmentRef, IdToken};
use crate::workflow::Permissions;

const BEFORE: &str = "\
on: push
jobs:
  release:
    name: Release # of all
    runs-on: ubuntu-latest
    # the one that PyPI knows
    environment:
      name: pypi # here
      url: https://pypi.org/p/acme
    permissions:
      contents: read
      # mandatory for trusted publishing
      id-token: write # OIDC
    steps:
      - uses: actions/checkout@v7

      - run: python -m build # both

      # to PyPI
      - name: Publish
        uses: pypa/gh-action-pypi-publish@release/v1 # newest
        with:
          verbose: true
      # the end

  docs:
    runs-on: ubuntu-latest
    steps:
      - run: make docs
";

const AFTER: &str = "\
on: push
jobs:
  release:
    name: Release # of all
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@v7

      - run: python -m build # both

      - uses: actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1
        with:
          name: package
          path: dist/

  publish:
    needs: release
    runs-on: ubuntu-latest
    # the one that PyPI knows
    environment:
      name: pypi # here
      url: https://pypi.org/p/acme
    permissions:
      # mandatory for trusted publishing
      id-token: write # OIDC
    steps:
      - uses: actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1
        with:
          name: package
          path: dist/

      # to PyPI
      - name: Publish
        uses: pypa/gh-action-pypi-publish@release/v1 # newest
        with:
          verbose: true
      # the end

  docs:
    runs-on: ubuntu-latest
    steps:
      - run: make docs
";

fn split(text: &str, id: &str) -> Result<Mended, Refusal> {
    let reading = crate::workflow::testing::read(&[file(text)], &[]);
    let id = JobId::new(id).unwrap();
    let job = reading.workflows[0].jobs.iter().find(|job| job.id == id).unwrap();
    let publish = StepRef::nth(job, job.steps.len() - 1).unwrap();
    mend(&file(text), &[Repair::SplitIdToken { job: id, publish }], |_| Ok(()))
}

fn text_of(mended: &Mended) -> String {
    String::from_utf8(mended.change.after.to_vec()).unwrap()
}

#[test]
fn the_publishing_step_gets_a_job_of_its_own_and_stays_to_the_byte() {
    let mended = split(BEFORE, "release").unwrap();
    assert_eq!(text_of(&mended), AFTER);
    assert_eq!(mended.undone().unwrap()[..], *BEFORE.as_bytes());
    assert!(mended.notes[0].contains("dist/"), "{:?}", mended.notes);
    assert!(split(AFTER, "release").unwrap().is_empty() && split(AFTER, "publish").unwrap().is_empty());
}

#[test]
fn the_new_job_logs_in_by_oidc_and_the_old_one_can_not() {
    let reading = crate::workflow::testing::read(&[file(AFTER)], &[]);
    let [publisher] = &reading.publish_jobs[..] else { panic!("{:?}", reading.publish_jobs) };
    assert_eq!((publisher.job.as_str(), publisher.auth.clone()), ("publish", Auth::Oidc));
    assert!(matches!(publisher.id_token, IdToken::Granted(_)));
    assert!(matches!(&publisher.environment, EnvironmentRef::Named(name) if name.as_str() == "pypi"));
    let old = &reading.workflows[0].jobs[0];
    let Permissions::Only { scopes, .. } = &old.permissions else { panic!() };
    assert_eq!(scopes.iter().map(|(scope, _)| scope.value.as_str()).collect::<Vec<_>>(), ["contents"]);
    assert_eq!(old.environment, EnvironmentRef::None);
}

#[test]
fn names_are_free_ones_and_a_lone_permission_leaves_contents_to_read() {
    let text = "on: push\njobs:\n  publish:\n    permissions:\n      id-token: write\n    runs-on: x\n    steps:\n    \
                - run: build package\n    - run: package\n    - uses: pypa/gh-action-pypi-publish@v1\n      with: \
                { packages-dir: ./py/out/ }";
    let after = text_of(&split(text, "publish").unwrap());
    for part in [
        "  publish:\n    permissions:\n      contents: read\n    runs-on: x\n",
        "        name: package-2\n        path: py/out/\n",
        "\n  publish-2:\n    needs: publish\n    runs-on: ubuntu-latest\n    permissions:\n      id-token: write\n    steps:\n",
    ] {
        assert!(after.contains(part), "{part}\n{after}");
    }
    assert!(after.ends_with("{ packages-dir: ./py/out/ }"));
}

#[test]
fn every_other_shape_is_refused_with_lines_to_paste() {
    for (from, to, why) in [
        ("    name: Release", "    if: always()\n    name: Release", "has `if:`"),
        ("    name: Release", "    strategy: { matrix: { a: [b] } }\n    name: Release", "has `strategy:`"),
        ("    name: Release", "    outputs: { a: b }\n    name: Release", "has `outputs:`"),
        ("    name: Release", "    container: a\n    name: Release", "has `container:`"),
        ("    name: Release", "    env: { A: b }\n    name: Release", "has `env:`"),
        ("      - name: Publish", "      - name: Publish\n        if: true", "step that publishes has `if:`"),
        ("      - name: Publish", "      - name: Publish\n        id: pub", "step that publishes has `id:`"),
        ("verbose: true", "packages-dir: ../dist", "no plain one"),
        ("verbose: true", "packages-dir: .", "no plain one"),
        ("verbose: true", "packages-dir: /tmp/x", "no plain one"),
        ("verbose: true", "packages-dir: ${{ env.X }}", "only a run decides"),
        ("verbose: true", "password: x", "still takes a token"),
        ("  docs:\n", "  docs:\n    needs: release\n", "would no longer wait"),
        ("on: push\n", "on: push\npermissions:\n  id-token: write\n", "whole workflow"),
        ("      id-token: write # OIDC", "      id-token: none", "does not name id-token"),
        ("name: pypi # here", "name: ${{ inputs.where }}", "only a run decides"),
        ("python -m build", "python -m build ${{ secrets.X }}", "of its environment"),
        ("python -m build", "cosign a", "may need id-token itself"),
        ("python -m build", "uv publish", "may need id-token itself"),
        ("pypa/gh-action-pypi-publish", "acme/upload", "two jobs out of one"),
        ("  docs:\n", "    timeout-minutes: 5\n  docs:\n", "not the last part"),
    ] {
        assert!(BEFORE.contains(from), "{from}");
        let text = BEFORE.replacen(from, to, 1);
        let refusal = split(&text, "release").expect_err(why);
        assert!(refusal.why.contains(why), "{to}: {}", refusal.why);
        assert!(refusal.paste.iter().any(|line| line == "    id-token: write"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lines_only_move(
        unit in 2..5_usize, dash in any::<bool>(), crlf in any::<bool>(), bom in any::<bool>(), open in any::<bool>(),
        apart in any::<bool>(), comments in any::<bool>(), environment in 0..4_usize, alone in any::<bool>(),
    ) {
        let (one, two) = (" ".repeat(unit), " ".repeat(2 * unit));
        let (three, at) = (" ".repeat(3 * unit), " ".repeat(2 * unit + if dash { unit } else { 0 }));
        let note = |pad: &str| if comments { format!("{pad}# a: [note]\n") } else { String::new() };
        let environment = ["", "environment: pypi # e\n", "environment: { name: pypi }\n", "environment:\n>name: 'pypi'\n"][environment];
        let environment = if environment.is_empty() { String::new() } else { format!("{two}{}", environment.replace('>', &three)) };
        let contents = if alone { String::new() } else { format!("{three}contents: write\n") };
        let (gap, above) = (if apart { "\n" } else { "" }, note(&at));
        let mut text = format!(
            "# file\non: push\njobs:\n{one}ship: # it\n{two}runs-on: ubuntu-latest\n{}{environment}{two}permissions: # p\n{}\
             {three}'id-token': write\n{contents}{two}steps:\n{at}- run: a\n{gap}{above}{at}- uses: \
             pypa/gh-action-pypi-publish@v1.2\n{above}", note(&two), note(&three)
        );
        if open {
            text.truncate(text.trim_end().len());
        }
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        if bom {
            text.insert(0, '\u{feff}');
        }
        let mended = split(&text, "ship").unwrap_or_else(|refusal| panic!("{refusal:?}\n{text}"));
        let after = text_of(&mended);
        prop_assert_eq!(&mended.undone().unwrap()[..], text.as_bytes());
        // Every line that was there is there still, as often at least.
        let count = |text: &str, line: &str| text.split('\n').filter(|other| *other == line).count();
        for line in text.split('\n') {
            prop_assert!(count(&after, line) >= count(&text, line), "{line:?}\n{text}\n{after}");
        }
        prop_assert_eq!(crlf, after.contains('\r'));
        prop_assert!(!crlf || after.matches('\n').count() == after.matches("\r\n").count());
        prop_assert_eq!(text.ends_with('\n'), after.ends_with('\n'));
        prop_assert!(split(&after, "ship").unwrap().is_empty() && split(&after, "publish").unwrap().is_empty());
        let reading = crate::workflow::testing::read(&[file(&after)], &[]);
        prop_assert_eq!(&reading.findings, &[]);
        prop_assert_eq!(reading.publish_jobs[0].job.as_str(), "publish");
        prop_assert_eq!(&reading.publish_jobs[0].auth, &Auth::Oidc);
    }
}
