//! Repairs of generated workflows: odd indentation, line ends, marks, comments, anchors, quotes, blocks that look like YAML.
//!
//! A file whose place of repair is written plainly must be mended, with only the lines of the table in `docs/repair.md`
//! changed; another one may be refused, and then with lines to paste.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;

use super::tests::{file, id_token, job, step};
use super::*;
use crate::workflow::{Permissions, Workflow};

/// How a generated file is written.
#[derive(Debug, Clone)]
struct Style {
    unit: usize,
    /// How far a list's dash is indented below its key.
    dash: usize,
    crlf: bool,
    bom: bool,
    open_end: bool,
    quoted: bool,
    apart: bool,
    comments: bool,
    blanks: bool,
}

/// What a generated file says where repairs look.
#[derive(Debug, Clone)]
struct Shape {
    top: usize,
    own: usize,
    environment: usize,
    odd: usize,
    run: usize,
    env: usize,
    first: bool,
}

const TOPS: &[&[&str]] = &[
    &[],
    &["permissions: {}"],
    &["permissions: read-all"],
    &["permissions:", ">contents: write # tags", ">pages: none"],
    &["permissions: { contents: read }"],
    &["permissions: write-all"],
];

/// The job's own permissions; those from `FLOW` on can't be edited.
const OWNS: &[&[&str]] = &[
    &[],
    &["permissions:", ">contents: read\t# a tab", ">'packages': write"],
    &["permissions: # why", ">#\ttab", ">id-token: none", ">contents: \"read\""],
    &["permissions: read-all # all"],
    &["\"permissions\":", ">id-token: read # not enough"],
    &["permissions: { contents: read }"],
    &["permissions: &p { contents: read }"],
];
const OWN_FLOW: usize = 5;

const ENVIRONMENTS: &[&[&str]] = &[
    &[],
    &["environment: staging # old"],
    &["environment: 'staging'"],
    &["environment:", ">url: https://acme.test", "># it's here", ">\"name\": \"staging\""],
    &["environment: { name: staging }"],
    &["environment: ${{ inputs.where }}"],
];
const ENVIRONMENT_ODD: usize = 4;

const RUNS: &[&[&str]] = &[
    &["run: npm publish"],
    &["run: |", ">permissions:", ">>id-token: none", ">", ">env:", ">>NPM_TOKEN: x", "># no comment", ">npm publish"],
    &["run: >-", ">npm publish", ">--access public"],
    &["run: \"npm publish\" # \u{e9}"],
    &["run: |2+", ">npm publish", ""],
];

const KEEPS: usize = 4;

const ENVS: &[&[&str]] = &[
    &["env:", ">NPM_TOKEN: ${{ secrets.NPM_TOKEN }} # t"],
    &["env: # here", "># a comment", ">OTHER: \"a: b\"", ">NPM_TOKEN: '${{ secrets.NPM_TOKEN }}'", ">LAST: 1"],
    &["'env': { NPM_TOKEN: \"${{ secrets.NPM_TOKEN }}\" }"],
    &["env:", ">'NPM_TOKEN': ${{ secrets.NPM_TOKEN }}", "", ">OTHER: x"],
    &["env: { NPM_TOKEN: \"${{ secrets.NPM_TOKEN }}\", OTHER: x }"],
];
const ENV_FLOW: usize = 4;
const ENV_FLOW_ALONE: usize = 2;

/// Forms of the whole job that may not be edited at all; the first is none.
const ODDS: usize = 4;

/// Writes lines; `>` is one level in.
struct Writer<'a> {
    style: &'a Style,
    text: String,
}

impl Writer<'_> {
    fn rows(&mut self, column: usize, rows: &[&str]) {
        for row in rows {
            let levels = row.len() - row.trim_start_matches('>').len();
            let body = &row[levels..];
            let pad = if body.is_empty() { 0 } else { column + levels * self.style.unit };
            self.text.push_str(&format!("{}{body}\n", " ".repeat(pad)));
        }
        self.between(column);
    }

    fn between(&mut self, column: usize) {
        if self.style.blanks {
            self.text.push_str("  \n");
        }
        if self.style.comments {
            self.text.push_str(&format!("{}#\tbetween: [keys]\n", " ".repeat(column)));
        }
    }
}

fn generate(style: &Style, shape: &Shape) -> String {
    let unit = style.unit;
    let mut w = Writer { style, text: String::new() };
    let quote = |key: &str| if style.quoted { format!("\"{key}\"") } else { key.to_owned() };
    w.rows(0, &["# a file", "on: [push]", "x-shared: &shared", ">runs-on: macos", ">steps: [{ run: x }]"]);
    w.rows(0, TOPS[shape.top]);
    w.text.push_str("jobs:\n");
    let id = quote("publish");
    match shape.odd {
        1 => w.rows(unit, &[&format!("{id}: *shared")]),
        2 => w.rows(unit, &[&format!("{id}: &own"), ">runs-on: a", ">steps: [{ run: npm publish }]", "again: *own"]),
        3 => w.rows(unit, &[&format!("{id}: {{ runs-on: a, steps: [{{ run: npm publish }}] }}")]),
        _ => {
            w.rows(unit, &[&format!("{id}: # the job")]);
            plain_job(&mut w, shape, &quote);
        }
    }
    w.rows(unit, &["other:", ">runs-on: x", ">permissions: { id-token: none }", ">steps:", ">>- run: permissions"]);
    finish(style, w.text)
}

fn plain_job(w: &mut Writer<'_>, shape: &Shape, quote: &impl Fn(&str) -> String) {
    let (unit, dash) = (w.style.unit, w.style.dash);
    let column = 2 * unit;
    w.rows(column, OWNS[shape.own]);
    let runs_on = quote("runs-on");
    if shape.first {
        w.rows(column, &[&format!("{runs_on}:"), ">- self-hosted", ">- linux"]);
    } else {
        w.rows(column, &[&format!("{runs_on}: ubuntu-latest # os")]);
    }
    w.rows(column, ENVIRONMENTS[shape.environment]);
    w.rows(column, &["steps:"]);
    let at = column + dash;
    for (number, step) in [&["uses: actions/checkout@v7"][..], &[][..], &["run: done"][..]].iter().enumerate() {
        if number > 0 && w.style.apart {
            w.text.push('\n');
        }
        let mut inner = Writer { style: w.style, text: String::new() };
        if number == 1 {
            let (run, env) = (RUNS[shape.run], ENVS[shape.env]);
            let parts = if shape.first { [env, run] } else { [run, env] };
            parts.iter().for_each(|rows| inner.rows(at + 2, rows));
        } else {
            inner.rows(at + 2, step);
        }
        let mut text = inner.text;
        text.replace_range(at..at + 1, "-");
        w.text.push_str(&text);
    }
}

fn finish(style: &Style, mut text: String) -> String {
    if style.open_end {
        text.truncate(text.trim_end().len());
    }
    if style.crlf {
        text = text.replace('\n', "\r\n");
    }
    if style.bom { format!("\u{feff}{text}") } else { text }
}

prop_compose! {
    fn styles()(
        unit in 2..5_usize, dash in prop::bool::ANY, crlf in any::<bool>(), bom in any::<bool>(), open_end in any::<bool>(),
        quoted in any::<bool>(), apart in any::<bool>(), comments in any::<bool>(), blanks in any::<bool>(),
    ) -> Style {
        Style { unit, dash: if dash { unit } else { 0 }, crlf, bom, open_end, quoted, apart, comments, blanks }
    }
}

prop_compose! {
    fn shapes()(
        top in 0..TOPS.len(), own in 0..OWNS.len(), environment in 0..ENVIRONMENTS.len(),
        odd in prop_oneof![6 => Just(0), 1 => 1..ODDS], run in 0..RUNS.len(), env in 0..ENVS.len(), first in any::<bool>(),
    ) -> Shape {
        Shape { top, own, environment, odd, run, env, first }
    }
}

fn reading(text: &str) -> Workflow {
    let mut reading = crate::workflow::testing::read(&[file(text)], &[]);
    assert_eq!(reading.findings, [], "{text}");
    reading.workflows.remove(0)
}

fn publishing(workflow: &Workflow) -> &crate::workflow::Job {
    workflow.jobs.iter().find(|other| other.id == job()).unwrap()
}

fn environment() -> Repair {
    Repair::Environment { job: job(), name: EnvironmentName::new("release").unwrap() }
}

fn drop_env(text: &str) -> Repair {
    let job = publishing(&reading(text)).clone();
    let index =
        job.steps.iter().position(|step| step.run.as_ref().is_some_and(|run| run.value.contains("npm publish")));
    Repair::DropEnv { level: Level::Step(self::job(), step(text, index.unwrap())), name: "NPM_TOKEN".to_owned() }
}

/// Logging in at a registry that hands its token to the variable.
fn exchange(text: &str, registry: usize) -> Repair {
    let Repair::DropEnv { level: Level::Step(job, publish), name } = drop_env(text) else { unreachable!() };
    if registry == 1 {
        return Repair::LoginStep { job, publish, login: Login::Nuget { into: TokenInto::Env(name) } };
    }
    Repair::LoginStep { job, publish, login: Login::CratesIo { into: TokenInto::Env(name), url: None } }
}

fn renew(text: &str) -> Repair {
    let Repair::DropEnv { level: Level::Step(job, publish), .. } = drop_env(text) else { unreachable!() };
    Repair::NpmNewEnough { job, publish }
}

/// Comments of the file, in order: none of them may go, but for those on the lines that go.
fn comments(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.trim_start().starts_with('#')).collect()
}

/// Mends a file, and holds what must be true of every result. `most`: lines added and removed.
fn hold(text: &str, repair: impl Fn(&str) -> Repair, sure: bool, most: (usize, usize)) -> Option<Workflow> {
    let mended = match mend(&file(text), &[repair(text)], |_| Ok(())) {
        Ok(mended) => mended,
        Err(refusal) => {
            assert!(!sure, "{}\n{text}", refusal.why);
            assert!(!refusal.paste.is_empty() && !refusal.why.is_empty());
            return None;
        }
    };
    let after = String::from_utf8(mended.change.after.to_vec()).unwrap();
    assert_eq!(mended.undone().unwrap()[..], *text.as_bytes(), "undo\n{text}\n{after}");
    let (added, removed) = (mended.change.added(), mended.change.removed());
    assert!(added <= most.0 && removed <= most.1, "+{added} -{removed}\n{text}\n{after}");
    assert_eq!(comments(text), comments(&after), "{after}");
    assert_eq!(text.ends_with('\n'), after.ends_with('\n'), "{after:?}");
    if text.contains("\r\n") {
        assert_eq!(after.matches('\n').count(), after.matches("\r\n").count(), "{after:?}");
    } else {
        assert!(!after.contains('\r'));
    }
    let again = mend(&file(&after), &[repair(&after)], |_| Ok(())).expect("what was mended can be looked at again");
    assert!(again.is_empty(), "twice\n{}", String::from_utf8_lossy(&again.change.after));
    let (before, now) = (reading(text), reading(&after));
    let others = |workflow: &Workflow| {
        let other = workflow.jobs.iter().filter(|other| other.id != job());
        other.flat_map(|job| job.texts.iter().map(|text| text.value.clone())).collect::<Vec<_>>()
    };
    assert_eq!(others(&before), others(&now));
    Some(now)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_job_gets_id_token(style in styles(), shape in shapes()) {
        let text = generate(&style, &shape);
        let sure = shape.odd == 0 && shape.own < OWN_FLOW;
        let most = if shape.own == 3 || (shape.own == 0 && shape.top == 2) { (15, 1) } else { (4, 1) };
        if let Some(now) = hold(&text, |_| id_token(), sure, most) {
            let job = publishing(&now);
            let permissions = if job.permissions == Permissions::Unset { &now.permissions } else { &job.permissions };
            let written = match permissions {
                Permissions::WriteAll(_) => true,
                Permissions::Only { scopes, .. } => {
                    let says = |scope: &str, level: &str| scopes.iter().any(|(s, l)| s.value == scope && l.value == level);
                    // What was inherited or there before is still there.
                    prop_assert!(shape.own != 1 || (says("contents", "read") && says("packages", "write")), "{:?}", scopes);
                    prop_assert!(shape.own != 0 || shape.top != 3 || says("contents", "write"), "{:?}", scopes);
                    says("id-token", "write")
                }
                _ => false,
            };
            prop_assert!(written, "{:?}", permissions);
        }
    }

    #[test]
    fn a_job_gets_its_environment(style in styles(), shape in shapes()) {
        let text = generate(&style, &shape);
        let sure = shape.odd == 0 && shape.environment < ENVIRONMENT_ODD;
        if let Some(now) = hold(&text, |_| environment(), sure, (1, 1)) {
            let want = crate::model::EnvironmentRef::Named(EnvironmentName::new("release").unwrap());
            prop_assert_eq!(&publishing(&now).environment, &want);
        }
    }

    #[test]
    fn a_token_goes(style in styles(), shape in shapes()) {
        let shape = Shape { odd: 0, ..shape };
        let text = generate(&style, &shape);
        // Blank lines behind what goes would be added to a block that keeps them; a comment would move up to the dash.
        let keeps = shape.run == KEEPS && !shape.first;
        let plain = shape.env < ENV_FLOW && !keeps && !(shape.first && (style.comments || shape.env == 1));
        if let Some(now) = hold(&text, drop_env, plain, (1, 4)) {
            let steps = &publishing(&now).steps;
            prop_assert!(steps.iter().all(|step| step.env.iter().all(|(key, _)| key.value != "NPM_TOKEN")));
            prop_assert_eq!(steps.len(), 3);
        }
    }

    #[test]
    fn npm_is_renewed_right_before(style in styles(), shape in shapes()) {
        let shape = Shape { odd: 0, ..shape };
        let text = generate(&style, &shape);
        if let Some(now) = hold(&text, renew, true, (2, 0)) {
            let steps = &publishing(&now).steps;
            prop_assert_eq!(steps[1].run.as_ref().map(|run| run.value.as_str()), Some("npm install -g npm@^11.5.1"));
            prop_assert_eq!(steps.len(), 4);
        }
    }

    #[test]
    fn a_token_is_exchanged_right_before(style in styles(), shape in shapes(), registry in 0..2_usize) {
        let shape = Shape { odd: 0, ..shape };
        let text = generate(&style, &shape);
        let flow = shape.env == ENV_FLOW || shape.env == ENV_FLOW_ALONE;
        let (id, output, most) = [("auth", "token", 4), ("login", "NUGET_API_KEY", 6)][registry];
        if let Some(now) = hold(&text, |text| exchange(text, registry), !flow, (most, 1)) {
            let steps = &publishing(&now).steps;
            prop_assert_eq!(steps[1].id.as_ref().map(|id| id.value.as_str()), Some(id));
            let (_, token) = steps[2].env.iter().find(|(key, _)| key.value == "NPM_TOKEN").unwrap();
            let want = format!("${{{{ steps.{id}.outputs.{output} }}}}");
            prop_assert_eq!(&token.value, &want);
            prop_assert_eq!(steps.len(), 4);
        }
    }

    #[test]
    fn a_key_that_the_tools_find_themselves_is_there_right_before(style in styles(), shape in shapes()) {
        let shape = Shape { odd: 0, ..shape };
        let text = generate(&style, &shape);
        let login = |text: &str| {
            let Repair::LoginStep { job, publish, .. } = exchange(text, 0) else { unreachable!() };
            Repair::LoginStep { job, publish, login: Login::RubyGems }
        };
        if let Some(now) = hold(&text, login, true, (2, 0)) {
            let steps = &publishing(&now).steps;
            prop_assert_eq!(steps[1].action().unwrap().0, "rubygems/configure-rubygems-credentials");
            prop_assert_eq!(steps.len(), 4);
        }
    }

    #[test]
    fn whatever_a_file_holds_a_repair_ends_and_keeps_every_other_byte(lines in prop::collection::vec("[ \\-]{0,8}(jobs|publish|runs-on|steps|env|run|'a'|&a|\\*a|<<|permissions|environment|name|#x|\\||>|!t)?(:( (x|\\{a: b\\}|\\[a\\]|\\||\\*a|&a|'x|\"))?)?[ \t]{0,2}\r?", 0..14)) {
        let text = lines.join("\n");
        for repair in [id_token(), environment()] {
            if let Ok(mended) = mend(&file(&text), &[repair], |_| Ok(())) {
                prop_assert_eq!(&mended.undone().unwrap()[..], text.as_bytes());
            }
        }
    }
}
