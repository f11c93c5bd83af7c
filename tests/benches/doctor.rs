//! How fast the doctor is: `cargo bench --bench doctor`. Prints tables and judges nothing; `docs/benchmarks.md` says more.
//!
//! `UNTOKEN_CORPUS` names the folder of real repositories, `UNTOKEN_ZIZMOR` the program to compare with, `UNTOKEN_BIN` another
//! build of this program, `UNTOKEN_ROUNDS` the number of rounds. What is not there is left out, and that is said.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod generated;
#[path = "../hostile/trees.rs"]
mod trees;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn main() {
    // `cargo test --benches` runs this too, and has no time for it.
    if !std::env::args().any(|arg| arg == "--bench") {
        println!("the benchmarks are left out: run `cargo bench --bench doctor`");
        return;
    }
    println!("untoken: {}", program().display());
    println!("cores: {}\n", std::thread::available_parallelism().map_or(0, usize::from));
    corpus();
    generated_repository();
    hostile_trees();
}

fn program() -> PathBuf {
    std::env::var_os("UNTOKEN_BIN").map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_untoken")), PathBuf::from)
}

fn rounds() -> usize {
    std::env::var("UNTOKEN_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(5)
}

/// A process without anything of the machine's that could change what it does.
fn quiet(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", std::env::temp_dir());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn untoken(verb: &str, dir: &Path) -> Command {
    let mut command = quiet(&program());
    command.arg(verb).arg(dir);
    command
}

/// Runs it; how long that took, and its exit code.
fn time(mut command: Command) -> (Duration, Option<i32>) {
    let start = Instant::now();
    let status = command.status().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    (start.elapsed(), status.code())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn on_path(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Every repository of the corpus, a process for each, by one program after the other, in turns.
fn corpus() {
    println!("the corpus, one process for each repository");
    let Some(root) = std::env::var_os("UNTOKEN_CORPUS").map(PathBuf::from).filter(|root| root.is_dir()) else {
        println!("  left out: UNTOKEN_CORPUS names no folder\n");
        return;
    };
    let mut trees: Vec<PathBuf> =
        std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path().join("files")).collect();
    trees.retain(|tree| tree.is_dir());
    trees.sort();
    let other = std::env::var_os("UNTOKEN_ZIZMOR").map(PathBuf::from).or_else(|| on_path("zizmor"));
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut failed = 0;
    // The first round warms the caches of both and is not counted.
    for round in 0..=rounds() {
        let own: Duration = trees.iter().map(|tree| time(untoken("doctor", tree)).0).sum();
        let others: Vec<(Duration, Option<i32>)> =
            other.iter().flat_map(|zizmor| trees.iter().map(move |tree| time(compared(zizmor, tree)))).collect();
        failed = others.iter().filter(|(_, code)| matches!(code, None | Some(1 | 2))).count();
        if round > 0 {
            ours.push(own);
            theirs.push(others.iter().map(|(time, _)| *time).sum::<Duration>());
        }
    }
    let own = median(ours);
    println!("  {} repositories, {} rounds, medians", trees.len(), rounds());
    println!("  untoken doctor    {:>9.1} ms", ms(own));
    match &other {
        Some(zizmor) => {
            let theirs = median(theirs);
            let version =
                Command::new(zizmor).arg("--version").output().map(|output| output.stdout).unwrap_or_default();
            println!(
                "  zizmor --offline  {:>9.1} ms  ({}; {failed} trees it could not read)",
                ms(theirs),
                String::from_utf8_lossy(&version).trim()
            );
            println!(
                "  ratio             {:>9.3}     (target: at most 0.2)\n",
                own.as_secs_f64() / theirs.as_secs_f64()
            );
        }
        None => println!("  zizmor was left out: it is neither in UNTOKEN_ZIZMOR nor on PATH\n"),
    }
}

fn compared(zizmor: &Path, tree: &Path) -> Command {
    let mut command = quiet(zizmor);
    command.args(["--offline", "--no-progress"]).arg(tree);
    command
}

/// 1,000 packages and 200 workflows: cold, warm, and how much memory.
fn generated_repository() {
    let root = tempfile::tempdir().unwrap();
    let mut cold = Vec::new();
    let mut dropped = true;
    let mut files = 0;
    let mut last = PathBuf::new();
    for round in 0..rounds() {
        last = root.path().join(format!("copy{round}"));
        files = generated::write(&last);
        init(&last);
        dropped &= drop_caches();
        cold.push(time(untoken("doctor", &last)).0);
    }
    println!("{} packages, {} workflows, {files} files", generated::PACKAGES, generated::WORKFLOWS);
    let how =
        if dropped { "caches dropped before" } else { "first run of a fresh copy; the caches could not be dropped" };
    let warm = median((0..rounds()).map(|_| time(untoken("doctor", &last)).0).collect());
    println!("  cold              {:>9.1} ms  (target: 300; {how})", ms(median(cold)));
    println!("  warm              {:>9.1} ms", ms(warm));
    match peak(untoken("doctor", &last)) {
        Some(kib) => println!("  peak memory       {:>9.1} MB  (target: 64)\n", kib as f64 / 1024.0),
        None => println!("  peak memory was left out: there is no /proc here\n"),
    }
}

/// A git checkout with a remote, so that asking git counts as well. Without git it is a plain folder.
fn init(dir: &Path) {
    for args in [&["init", "-q"][..], &["remote", "add", "origin", "https://github.com/acme/widgets"]] {
        let _ = quiet(Path::new("git")).args(args).current_dir(dir).status();
    }
}

fn drop_caches() -> bool {
    let _ = quiet(Path::new("sync")).status();
    std::fs::write("/proc/sys/vm/drop_caches", "3").is_ok()
}

/// The most memory that a process held, in KiB: the kernel's own high-water mark, looked at until the end.
fn peak(mut command: Command) -> Option<u64> {
    let mut child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = peak.max(line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()));
        std::thread::sleep(Duration::from_micros(100));
    }
    peak
}

/// Every known hostile tree, each by both verbs.
fn hostile_trees() {
    println!("hostile trees (target: within 1,000 ms each)     doctor      scan     peak");
    for hostile in trees::all() {
        let dir = tempfile::tempdir().unwrap();
        for (path, bytes) in &hostile.tree {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        let (doctor, code) = time(untoken("doctor", dir.path()));
        let (scan, other) = time(untoken("scan", dir.path()));
        let memory = peak(untoken("doctor", dir.path())).unwrap_or_default() / 1024;
        let ended = match (code, other) {
            (Some(0 | 1), Some(0)) if hostile.told.is_some() => "  told",
            (Some(0 | 1), Some(0)) => "",
            _ => "  CRASHED",
        };
        println!("  {:<46} {:>6.0} ms {:>6.0} ms {memory:>5} MB{ended}", hostile.name, ms(doctor), ms(scan));
    }
}
