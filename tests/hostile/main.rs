//! Hostile repositories: whatever lies there, it is read without a crash, soon, and every place that is told exists.
//!
//! `UNTOKEN_CASES=N cargo test --test hostile -- --nocapture` looks at N generated trees; `UNTOKEN_SECONDS` ends the run
//! earlier, `UNTOKEN_SEED` and `UNTOKEN_FIRST` take a run up again at a case. With `UNTOKEN_CORPUS` real workflows are
//! mutated as well.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod harms;
mod trees;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use untoken::checkout::{self, FileSource as _, InMemory};
use untoken::doctor::{self, Diagnosis, Facts};
use untoken::model::{Place, Registry, RelPath, SourceFile};
use untoken::workflow::{self, Surroundings};
use untoken::{config, registry};

use harms::Harm;
use trees::Tree;

/// Longer than any case may take, by far: the machine may be slow and busy, and the build without optimisation.
const SOON: Duration = Duration::from_secs(20);

/// How many generated trees are looked at when nobody says.
const CASES: u64 = 48;

/// What the doctor reads and says of these files.
struct Seen {
    source: InMemory,
    facts: Facts,
    diagnosis: Diagnosis,
}

fn examine(tree: &Tree) -> Seen {
    let files = tree.iter().map(|(path, bytes)| SourceFile::new(RelPath::new(path).unwrap(), bytes.clone()));
    let source = InMemory::new(files);
    let checkout = checkout::look(&source);
    let around = Surroundings { source: &source, packages: &checkout.packages, claim: registry::claim };
    let reading = workflow::read(&checkout.workflows, &around);
    let config = config::read(&checkout.configs, &Registry::kinds());
    let facts = Facts { slug: "acme/widgets".parse().ok(), checkout, reading, config, ..Facts::default() };
    let diagnosis = doctor::examine(&facts);
    Seen { source, facts, diagnosis }
}

impl Seen {
    /// Every place that is told anywhere.
    fn places(&self) -> Vec<&Place> {
        let findings =
            self.facts.checkout.findings.iter().chain(&self.facts.reading.findings).chain(&self.facts.config.findings);
        let jobs = self.facts.reading.publish_jobs.iter().flat_map(|job| {
            [&job.at, &job.job_at].into_iter().chain(&job.exchange).chain(job.tokens.iter().map(|token| &token.at))
        });
        let uses = self.facts.reading.secret_uses.iter().map(|one| &one.at);
        let found = self.diagnosis.findings().filter_map(|found| found.at.as_ref());
        findings.filter_map(|finding| finding.at.as_ref()).chain(jobs).chain(uses).chain(found).collect()
    }

    /// The first place that is in no file.
    fn nowhere(&self) -> Option<String> {
        // Of each file how wide its lines are, and how many carriage returns it has: readers differ in whether one ends a line.
        let mut shapes: BTreeMap<&RelPath, Option<(Vec<usize>, usize)>> = BTreeMap::new();
        for place in self.places() {
            let shape = shapes.entry(&place.file).or_insert_with(|| {
                let file = self.source.read(&place.file).ok()?;
                let text = String::from_utf8_lossy(&file.bytes).into_owned();
                let widths = text.split('\n').map(|line| line.chars().count()).collect();
                Some((widths, text.matches('\r').count()))
            });
            let inside = match shape {
                Some((widths, returns)) => {
                    let lines = widths.len() + *returns;
                    let columns =
                        widths.get(place.line.wrapping_sub(1)).filter(|_| *returns == 0).map(|width| width + 1);
                    (1..=lines).contains(&place.line) && (1..=columns.unwrap_or(usize::MAX)).contains(&place.column)
                }
                // A file that is too large to be read is named at its beginning.
                None => self.source.paths().contains(&place.file) && (place.line, place.column) == (1, 1),
            };
            if !inside {
                return Some(format!("{place} is past the end of the file, or in none"));
            }
        }
        None
    }

    fn told(&self, word: &str) -> bool {
        let config = &self.facts.config.findings;
        let findings = self.facts.checkout.findings.iter().chain(&self.facts.reading.findings).chain(config);
        findings.map(|finding| &finding.message).any(|message| message.contains(word))
    }
}

#[test]
fn each_known_hostile_tree_ends_soon_and_is_told_where_it_must_be() {
    let mut wrong = Vec::new();
    for hostile in trees::all() {
        let start = Instant::now();
        let seen = examine(&hostile.tree);
        let took = start.elapsed();
        if std::env::var_os("UNTOKEN_TIMES").is_some() {
            eprintln!("{:>9.1} ms  {}", took.as_secs_f64() * 1000.0, hostile.name);
        }
        if took > SOON {
            wrong.push(format!("{} took {took:?}", hostile.name));
        }
        if let Some(nowhere) = seen.nowhere() {
            wrong.push(format!("{}: {nowhere}", hostile.name));
        }
        if let Some(word) = hostile.told.filter(|word| !seen.told(word)) {
            let all = (&seen.facts.checkout.findings, &seen.facts.reading.findings);
            wrong.push(format!("{}: no finding says {word:?}: {all:?}", hostile.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Sound trees to begin with: one of our own, and the corpus where there is one.
fn sound() -> Vec<Tree> {
    let mut all = vec![ours()];
    let Some(corpus) = std::env::var_os("UNTOKEN_CORPUS") else { return all };
    let mut repositories: Vec<_> =
        std::fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path().join("files")).collect();
    repositories.sort();
    for root in repositories.iter().filter(|root| root.is_dir()) {
        let disk = checkout::Disk::open(root).unwrap();
        let wanted = |path: &&RelPath| !path.as_str().contains('/') || path.as_str().starts_with(".github/");
        let files = disk.paths().iter().filter(wanted).filter_map(|path| disk.read(path).ok());
        let tree: Tree = files.map(|file| (file.path.to_string(), file.bytes.to_vec())).collect();
        if tree.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() < 200_000 {
            all.push(tree);
        }
    }
    all
}

fn ours() -> Tree {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/hostile");
    let disk = checkout::Disk::open(&folder).unwrap();
    let files = disk.paths().iter().map(|path| disk.read(path).unwrap());
    let tree: Tree = files.map(|file| (file.path.to_string(), file.bytes.to_vec())).collect();
    assert!(tree.len() > 15, "the tree to begin with is not there");
    tree
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

/// The generator of one case: each case can be made again without those before it.
fn runner(seed: u64, case: u64) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&case.to_le_bytes());
    let config = Config { failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

#[test]
fn whatever_is_done_to_a_sound_tree_it_is_read() {
    let seed = number("UNTOKEN_SEED").unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        now.as_secs()
    });
    let (first, cases) = (number("UNTOKEN_FIRST").unwrap_or(0), number("UNTOKEN_CASES").unwrap_or(CASES));
    let end = number("UNTOKEN_SECONDS").map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let sound = sound();
    eprintln!("seed {seed}, {} trees to begin with", sound.len());
    let harmed = (any::<prop::sample::Index>(), prop::collection::vec(harms::harm(), 1..16));
    let start = Instant::now();
    let (mut looked_at, mut slowest) = (0, (Duration::ZERO, 0));
    for case in first..first.saturating_add(cases) {
        if end.is_some_and(|end| Instant::now() >= end) {
            break;
        }
        let mut runner = runner(seed, case);
        let tree = harmed.new_tree(&mut runner).unwrap();
        let began = Instant::now();
        let result = runner.run_one(tree, |(base, harms)| read_harmed(&sound[base.index(sound.len())], &harms));
        if let Err(error) = result {
            panic!("UNTOKEN_SEED={seed} UNTOKEN_FIRST={case} UNTOKEN_CASES=1 finds it again: {error}");
        }
        slowest = slowest.max((began.elapsed(), case));
        looked_at += 1;
        if looked_at % 1000 == 0 {
            eprintln!("{looked_at} trees in {} s", start.elapsed().as_secs());
        }
    }
    let (took, case) = slowest;
    eprintln!(
        "seed {seed}: {looked_at} trees in {} s, the slowest (case {case}) in {took:?}",
        start.elapsed().as_secs()
    );
}

fn read_harmed(base: &Tree, harms: &[Harm]) -> Result<(), TestCaseError> {
    let mut tree = base.clone();
    harms.iter().for_each(|harm| harms::apply(harm, &mut tree));
    let start = Instant::now();
    let seen = examine(&tree);
    prop_assert!(start.elapsed() < SOON, "it took {:?}", start.elapsed());
    prop_assert_eq!(seen.nowhere(), None);
    Ok(())
}
