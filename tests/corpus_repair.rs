//! Repairs every job of real workflows: `UNTOKEN_CORPUS=… cargo test --test corpus_repair -- --nocapture`.
//!
//! Whatever a repair makes of a file must be what `docs/repair.md` says, to the line; what is refused must say why. Without
//! the corpus the test says so and passes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod common;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use untoken::checkout::{Checkout, Disk, FileSource, InMemory, look};
use untoken::model::{Auth, EnvironmentName, IdToken, JobId, Package, PublishJob, RelPath, SourceFile};
use untoken::workflow::repair::{
    Access, ActionName, Level, Login, Mended, Refusal, Repair, StepRef, TokenInto, mend, plan,
};
use untoken::workflow::{Job, Permissions, Surroundings, Text, Workflow, WorkflowReading};

/// The share of token publishers that are mended. It only ever goes up.
const FLOOR: f64 = 0.8;

/// How many entries of one block are taken out, each by itself: the others stand in no other form.
const MANY: usize = 1;

/// A repository of the corpus.
struct Tree {
    name: String,
    disk: Disk,
    checkout: Checkout,
}

fn read(files: &[SourceFile], packages: &[Package], source: &dyn FileSource) -> WorkflowReading {
    untoken::workflow::read(files, &Surroundings { source, packages, claim: untoken::registry::claim })
}

fn checkouts() -> Option<Vec<Tree>> {
    let root = std::env::var_os("UNTOKEN_CORPUS").map(PathBuf::from).filter(|path| path.is_dir());
    let Some(root) = root else {
        common::left_out("repairing the corpus of real workflows", "UNTOKEN_CORPUS names no folder");
        return None;
    };
    let mut repositories: Vec<PathBuf> = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    repositories.retain(|path| path.join("truth.json").is_file());
    repositories.sort();
    let open = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let disk = Disk::open(&path.join("files")).unwrap();
        Tree { name, checkout: look(&disk), disk }
    };
    Some(repositories.iter().map(open).collect())
}

/// The same for every tree, by two threads that take the next one as they come to it; the answers in the order of the trees.
fn for_each<R: Send>(trees: &[Tree], work: impl Fn(&Tree) -> R + Sync) -> Vec<R> {
    let mut largest_first: Vec<usize> = (0..trees.len()).collect();
    largest_first.sort_by_key(|index| {
        std::cmp::Reverse(trees[*index].checkout.workflows.iter().map(|file| file.bytes.len()).sum::<usize>())
    });
    let next = AtomicUsize::new(0);
    let hand = || {
        let mut done = Vec::new();
        while let Some(index) = largest_first.get(next.fetch_add(1, Ordering::Relaxed)) {
            done.push((*index, work(&trees[*index])));
        }
        done
    };
    let mut hands: Vec<_> = thread::scope(|scope| {
        let hands = [scope.spawn(hand), scope.spawn(hand)];
        hands
            .into_iter()
            .flat_map(|hand| hand.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    hands.sort_by_key(|(index, _)| *index);
    hands.into_iter().map(|(_, answer)| answer).collect()
}

/// The table of `docs/repair.md`: for each repair the words that sum up to the lines added and removed.
fn table() -> BTreeMap<String, [String; 2]> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/repair.md")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = rows.map(|row| row.split('|').map(|cell| cell.trim().trim_matches('`').to_owned()).collect::<Vec<_>>());
    let table: BTreeMap<_, _> = cells.map(|cells| (cells[0].clone(), [cells[2].clone(), cells[3].clone()])).collect();
    assert_eq!(table.len(), 10);
    table
}

/// What a cell of the table comes to.
fn most(cell: &str, words: &BTreeMap<&str, usize>) -> usize {
    cell.split('+').map(str::trim).map(|part| part.parse().unwrap_or_else(|_| words[part])).sum()
}

fn kind(repair: &Repair) -> &'static str {
    match repair {
        Repair::JobPermissions { .. } => "permissions",
        Repair::Environment { .. } => "environment",
        Repair::LoginStep { login: Login::CratesIo { .. }, .. } => "exchange of crates.io",
        Repair::LoginStep { login: Login::RubyGems, .. } => "exchange of RubyGems",
        Repair::LoginStep { login: Login::Nuget { .. }, .. } => "exchange of NuGet",
        Repair::LoginStep { login: Login::PubDev, .. } => "exchange of pub.dev",
        Repair::DropEnv { .. } => "variable",
        Repair::DropInput { .. } => "input",
        Repair::DropOption { .. } => "option",
        Repair::DropLogin { .. } => "login",
        Repair::DropRegistryUrl { .. } => "registry-url",
        Repair::NpmNewEnough { .. } => "npm",
        Repair::PinAction { .. } => "pin",
        Repair::SplitIdToken { .. } => "split",
    }
}

/// Every repair that could be asked of a job.
fn all(workflow: &Workflow, job: &Job) -> Vec<Repair> {
    let id = || job.id.clone();
    let scopes = vec![("id-token".to_owned(), Access::Write)];
    let mut repairs = vec![
        Repair::JobPermissions { job: id(), scopes },
        Repair::Environment { job: id(), name: EnvironmentName::new("publishing").unwrap() },
    ];
    let mut actions = Vec::new();
    let envs = job.steps.iter().flat_map(|step| &step.env).chain(&job.env).chain(&workflow.env);
    let tokens: Vec<String> = envs.map(|(name, _)| name.value.clone()).collect();
    for (index, step) in job.steps.iter().enumerate() {
        let at = StepRef::nth(job, index).unwrap();
        let script = step.run.as_ref().map(|run| run.value.as_str()).unwrap_or_default();
        if step.run.is_some() && job.steps[..index].iter().filter(|step| step.run.is_some()).count() < MANY {
            // One login a job, in turns: they are spliced alike, and there are far more jobs than logins.
            let env = |name: &str| TokenInto::Env(name.to_owned());
            let login = match job.at.line % 4 {
                0 => Login::CratesIo { into: env("CARGO_REGISTRY_TOKEN"), url: None },
                1 => Login::RubyGems,
                2 => Login::Nuget { into: env("NUGET_API_KEY") },
                _ => Login::PubDev,
            };
            repairs.push(Repair::LoginStep { job: id(), publish: at, login });
            repairs.push(Repair::NpmNewEnough { job: id(), publish: at });
        }
        if step.run.is_some() {
            let options = [("cargo", "--token"), ("twine", "-p"), ("npm", "-w"), ("cargo", "-p")];
            for (program, option) in options.into_iter().filter(|(_, option)| script.contains(option)) {
                let (program, option) = (program.to_owned(), option.to_owned());
                repairs.push(Repair::DropOption { job: id(), step: at, program, option, tokens: tokens.clone() });
            }
            for mark in ["_authToken", "cargo login"].into_iter().filter(|mark| script.contains(mark)) {
                repairs.push(Repair::DropLogin { job: id(), step: at, mark: mark.to_owned(), tokens: tokens.clone() });
            }
        }
        actions.extend(step.action().map(|(name, _)| name));
        let drop = |(name, _): &(Text, _)| Repair::DropEnv { level: Level::Step(id(), at), name: name.value.clone() };
        repairs.extend(step.env.iter().take(MANY).map(drop));
        let input = |(name, _): &(Text, _)| Repair::DropInput { job: id(), step: at, name: name.value.clone() };
        if job.steps[..index].iter().all(|step| step.with.is_empty()) {
            repairs.extend(step.with.iter().take(MANY).map(input));
        }
        if step.action().is_some_and(|(name, _)| name == "actions/setup-node") {
            repairs.push(Repair::DropRegistryUrl { job: id(), step: at });
        }
    }
    for (level, env) in [(Level::Job(id()), &job.env), (Level::Workflow, &workflow.env)] {
        repairs.extend(
            env.iter().take(MANY).map(|(name, _)| Repair::DropEnv { level: level.clone(), name: name.value.clone() }),
        );
    }
    actions.sort();
    actions.dedup();
    let actions = actions.iter().filter_map(|name| ActionName::new(name).ok());
    repairs.extend(actions.map(|action| Repair::PinAction { job: id(), action }));
    repairs
}

fn find<'a>(workflow: &'a Workflow, id: &JobId) -> &'a Job {
    workflow.jobs.iter().find(|job| job.id == *id).unwrap()
}

/// How many of what the table counts a repair has before it.
fn words(repair: &Repair, before: &Job, after: &Job) -> BTreeMap<&'static str, usize> {
    let scopes = match &after.permissions {
        Permissions::Only { scopes, .. } => scopes.len(),
        _ => 0,
    };
    let script = match repair {
        Repair::DropOption { step, .. } | Repair::DropLogin { step, .. } => before.steps[step.index()].run.as_ref(),
        _ => None,
    };
    let script = script.map(|run| run.value.as_str()).unwrap_or_default();
    let (commands, uses) = match repair {
        Repair::DropOption { option, .. } => (script.matches(option.as_str()).count(), 0),
        Repair::PinAction { action, .. } => {
            let same = |step: &&untoken::workflow::Step| step.action().is_some_and(|(name, _)| name == action.as_str());
            (0, before.steps.iter().filter(same).count())
        }
        _ => (0, 0),
    };
    let step = match repair {
        Repair::DropLogin { step, .. } => {
            let next = before.steps.get(step.index() + 1).map(|step| step.at.line);
            next.map_or(usize::MAX, |next| next - before.steps[step.index()].at.line)
        }
        _ => 0,
    };
    let entry = match repair {
        Repair::DropInput { step, name, .. } => before.steps[step.index()].input(name),
        Repair::DropEnv { level: Level::Step(_, step), name } => variable(&before.steps[step.index()].env, name),
        Repair::DropEnv { level: Level::Job(_), name } => variable(&before.env, name),
        _ => None,
    };
    let entry = entry.map_or(0, |text| text.position(text.value.trim_end().len()).0 - text.at.line + 2);
    BTreeMap::from([("entry", entry), ("scopes", scopes), ("commands", commands), ("uses", uses), ("step", step)])
}

fn variable<'a>(env: &'a [(Text, Text)], name: &str) -> Option<&'a Text> {
    env.iter().find(|(key, _)| key.value == name).map(|(_, value)| value)
}

fn texts(workflow: &Workflow, but: &JobId) -> Vec<String> {
    let others = workflow.jobs.iter().filter(|job| job.id != *but);
    others.flat_map(|job| job.texts.iter().map(|text| text.value.clone())).collect()
}

/// What is said of the packages that a file publishes: no repair may hide one or invent one.
fn publishers(reading: &WorkflowReading) -> Vec<String> {
    reading.publish_jobs.iter().map(|job| format!("{} {} {:?}", job.destination, job.job, job.packages)).collect()
}

fn hold(
    tree: &Tree,
    before: &WorkflowReading,
    repair: &Repair,
    mended: &Mended,
    table: &BTreeMap<String, [String; 2]>,
) {
    let change = &mended.change;
    let what = format!("{} {} {repair:?}", tree.name, change.path);
    assert_eq!(mended.undone(), change.before, "{what}");
    let id = match repair {
        Repair::DropEnv { level: Level::Workflow, .. } => None,
        Repair::DropEnv { level: Level::Job(job) | Level::Step(job, _), .. }
        | Repair::JobPermissions { job, .. }
        | Repair::Environment { job, .. }
        | Repair::LoginStep { job, .. }
        | Repair::DropInput { job, .. }
        | Repair::DropOption { job, .. }
        | Repair::DropLogin { job, .. }
        | Repair::DropRegistryUrl { job, .. }
        | Repair::NpmNewEnough { job, .. }
        | Repair::SplitIdToken { job, .. }
        | Repair::PinAction { job, .. } => Some(job),
    };
    let after = read(&[SourceFile::new(change.path.clone(), change.after.clone())], &[], &InMemory::new([]));
    assert_eq!(before.findings.len(), after.findings.len(), "{what}");
    let (old, new) = (&before.workflows[0], &after.workflows[0]);
    let Some(id) = id else { return };
    assert_eq!(texts(old, id), texts(new, id), "{what}");
    let words = words(repair, find(old, id), find(new, id));
    let cells = &table[kind(repair).split(' ').next().unwrap()];
    let (added, removed) = (change.added(), change.removed());
    assert!(added <= most(&cells[0], &words), "{what}: {added} lines added\n{}", change.patch());
    assert!(removed <= most(&cells[1], &words), "{what}: {removed} lines removed\n{}", change.patch());
    match repair {
        Repair::JobPermissions { .. } | Repair::Environment { .. } | Repair::PinAction { .. } => {
            assert_eq!(publishers(before), publishers(&after), "{what}");
        }
        _ => {}
    }
}

/// How often repairs of a kind held already, were made, and were refused; and how often for which reason.
#[derive(Default)]
struct Tally {
    counts: BTreeMap<&'static str, [usize; 3]>,
    refusals: BTreeMap<String, usize>,
}

impl Tally {
    fn add(&mut self, other: Self) {
        for (kind, more) in other.counts {
            let count = self.counts.entry(kind).or_default();
            count.iter_mut().zip(more).for_each(|(count, more)| *count += more);
        }
        for (why, more) in other.refusals {
            *self.refusals.entry(why).or_default() += more;
        }
    }
}

/// Makes every repair of every job of a repository.
fn tally(tree: &Tree, table: &BTreeMap<String, [String; 2]>) -> Tally {
    let Tree { name, checkout, .. } = tree;
    let mut tally = Tally::default();
    for file in &checkout.workflows {
        // One file by itself: what lies around it is looked at below.
        let reading = read(std::slice::from_ref(file), &[], &InMemory::new([]));
        let Some(workflow) = reading.workflows.first() else { continue };
        for repair in workflow.jobs.iter().flat_map(|job| all(workflow, job)) {
            let count = tally.counts.entry(kind(&repair)).or_default();
            match mend(file, std::slice::from_ref(&repair), |_| Ok(())) {
                Ok(mended) if mended.is_empty() => count[0] += 1,
                Ok(mended) => {
                    count[1] += 1;
                    hold(tree, &reading, &repair, &mended, table);
                }
                Err(Refusal { why, paste }) => {
                    count[2] += 1;
                    assert!(!why.is_empty() && !paste.is_empty(), "{name} {} {repair:?}", file.path);
                    // The names differ, the reason does not.
                    let reason = why.split_whitespace().filter(|word| word.chars().all(|c| c.is_ascii_lowercase()));
                    let reason = format!("{}: {}", kind(&repair), reason.collect::<Vec<_>>().join(" "));
                    *tally.refusals.entry(reason).or_default() += 1;
                }
            }
        }
    }
    tally
}

#[test]
fn every_repair_of_every_job_keeps_to_its_lines() {
    let Some(checkouts) = checkouts() else { return };
    let table = table();
    let mut tallied = Tally::default();
    for_each(&checkouts, |tree| tally(tree, &table)).into_iter().for_each(|tally| tallied.add(tally));
    for (kind, [held, mended, refused]) in &tallied.counts {
        eprintln!("{kind}: {held} held, {mended} mended, {refused} refused");
    }
    for (why, count) in &tallied.refusals {
        eprintln!("  {count} {why}");
    }
    let mended = |kind: &str| tallied.counts.get(kind).map_or(0, |count| count[1]);
    let exchanges = ["crates.io", "RubyGems", "NuGet", "pub.dev"].map(|registry| format!("exchange of {registry}"));
    for kind in ["permissions", "environment", "variable", "npm", "pin"].map(str::to_owned).iter().chain(&exchanges) {
        assert!(mended(kind) > 0, "no {kind} was mended");
    }
}

/// The same publisher in another reading.
fn again<'a>(reading: &'a WorkflowReading, job: &PublishJob) -> Vec<&'a PublishJob> {
    let same = |other: &&PublishJob| {
        other.destination == job.destination && other.job == job.job && other.at.file == job.at.file
    };
    reading.publish_jobs.iter().filter(same).collect()
}

/// A file and all that it leads to or that lead to it by name, over any number of steps: what else lies beside it has no part
/// in how it publishes.
fn around(files: &[SourceFile], start: &RelPath) -> Vec<SourceFile> {
    let names =
        |file: &SourceFile, other: &SourceFile| String::from_utf8_lossy(&file.bytes).contains(other.path.file_name());
    let (mut taken, mut left): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.path == *start);
    let mut done = 0;
    while let Some(file) = taken.get(done).copied() {
        let (more, others) = left.into_iter().partition(|other| names(file, other) || names(other, file));
        left = others;
        taken.extend::<Vec<_>>(more);
        done += 1;
    }
    taken.into_iter().cloned().collect()
}

/// Mends all files that a publisher takes; they are read again with those that lead to them.
fn repaired(tree: &Tree, reading: &WorkflowReading, job: &PublishJob) -> Result<(usize, usize), String> {
    let environment = EnvironmentName::new("publishing").unwrap();
    let plan = plan(&reading.workflows, job, Some(&environment)).map_err(|why| why.to_string())?;
    let checkout = &tree.checkout;
    let packages: &[Package] = &checkout.packages;
    let mut files = around(&checkout.workflows, &job.at.file);
    if !files.is_empty() {
        assert_eq!(again(&read(&files, packages, &tree.disk), job), again(reading, job), "{}", tree.name);
    }
    let mut lines = (0, 0);
    for planned in &plan {
        let file = files.iter_mut().find(|file| file.path == planned.path).unwrap();
        let mended = mend(file, &planned.repairs, |_| Ok(())).map_err(|refusal| refusal.why)?;
        assert_eq!(mended.undone().unwrap(), file.bytes);
        if std::env::var_os("UNTOKEN_SHOW").is_some() {
            eprintln!("{}{}", mended.change.patch(), mended.notes.join("\n"));
        }
        lines = (lines.0 + mended.change.added(), lines.1 + mended.change.removed());
        file.bytes = mended.change.after.clone();
    }
    let after = read(&files, packages, &tree.disk);
    let now = again(&after, job);
    if now.is_empty() {
        return Err("the publisher is no longer found".to_owned());
    }
    for now in now {
        if now.auth != Auth::Oidc {
            return Err(format!("it would log in by {:?} ({})", now.auth, now.why.join("; ")));
        }
        assert!(matches!(now.id_token, IdToken::Granted(_)), "{now:?}");
    }
    Ok(lines)
}

#[test]
fn token_publishers_become_oidc_publishers_or_say_why_not() {
    let Some(checkouts) = checkouts() else { return };
    let counts = for_each(&checkouts, |tree| {
        let Tree { name, checkout, .. } = tree;
        let (mut mended, mut seen) = (0, 0);
        let reading = read(&checkout.workflows, &checkout.packages, &tree.disk);
        for job in reading
            .publish_jobs
            .iter()
            .filter(|job| matches!(job.auth, Auth::Token(_)) && job.destination.registry().is_some())
        {
            seen += 1;
            match repaired(tree, &reading, job) {
                Ok((added, removed)) => {
                    mended += 1;
                    eprintln!("{name} {} {}: +{added} -{removed}", job.destination, job.at);
                }
                Err(why) => eprintln!("{name} {} {}: refused: {why}", job.destination, job.at),
            }
        }
        (mended, seen)
    });
    let (mended, seen) = counts.iter().fold((0, 0), |(all, sum), (mended, seen)| (all + mended, sum + seen));
    eprintln!("{mended} of {seen} token publishers mended");
    let share = f64::from(mended) / f64::from(seen.max(1));
    assert!(share >= FLOOR, "only {share:.2} of the token publishers were mended");
}
