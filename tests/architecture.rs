//! Reads the sources and holds the arrows of the design: which room may name which, and that there is no circle.
//!
//! A room is a top-level module of the crate. What a room may name is written down here; a new arrow is a decision, made by
//! changing this table.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use syn::visit::{self, Visit};

/// Which rooms each room may name. `commands` and `runtime` tie everything together; `sandbox` names nobody.
const ARROWS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("report", &["model"]),
    ("state_dir", &[]),
    // Threads for pure work: the two readers of many files use it.
    ("spread", &[]),
    ("log", &["model", "state_dir"]),
    ("net", &["model"]),
    ("tools", &["model", "report"]),
    ("secret_store", &["model", "report"]),
    ("journal", &["model", "report", "state_dir"]),
    ("checkout", &["model", "report", "spread", "tools", "yaml"]),
    // A reader of YAML alone: workflows and manifests are both written in it, and neither room may name the other.
    ("yaml", &[]),
    ("workflow", &["model", "spread", "yaml", "checkout"]),
    ("config", &["model"]),
    ("registry", &["model", "report", "net", "tools"]),
    // The answers about an organisation outlive a run: GitHub confirms them by their tags at no cost.
    ("github", &["model", "report", "net", "tools", "secret_store", "state_dir"]),
    // A plan reads a mended workflow again, to judge it as it would be.
    ("plan", &["model", "registry", "config", "checkout", "workflow"]),
    ("doctor", &["model", "registry", "config", "checkout", "workflow", "plan"]),
    // What long-lived tokens there are, and whether they can go: pure, beside the plan and not above it. Which packages are
    // proven is handed in as data, so that the audit and the retire step refuse alike. What publishes with a token is the workflows' to say, which names clients read is the registry's.
    ("secrets", &["model", "registry", "workflow"]),
    // The retire step shows what the audit judged, and judges nothing of that again.
    ("wizard", &["model", "report", "plan", "registry", "config", "journal", "secrets"]),
    ("tui", &["model", "plan", "wizard"]),
    ("plain", &["model", "wizard"]),
    // What can be taken back is the journal's to tell, and is printed like any other result.
    ("output", &["model", "report", "journal", "plan", "doctor", "secrets", "registry", "wizard", "tui"]),
    ("cli", &["model"]),
    (
        "runtime",
        &[
            "model",
            "report",
            // Tools that get a credential run in a folder below untoken's own.
            "state_dir",
            "net",
            "tools",
            "secret_store",
            "journal",
            "checkout",
            "workflow",
            "config",
            "registry",
            "github",
            "plan",
            "doctor",
            "secrets",
            "wizard",
            "tui",
            "plain",
            "output",
            "sandbox",
        ],
    ),
    (
        "commands",
        &[
            // The name of the organisation that is to be looked through.
            "model",
            "report",
            "cli",
            "checkout",
            // A new workflow is a pure function of wishes: nothing is to be run for it.
            "workflow",
            "plan",
            "doctor",
            "secrets",
            "wizard",
            "tui",
            "output",
            "runtime",
            "sandbox",
            "state_dir",
            "log",
            "tools",
        ],
    ),
    ("sandbox", &[]),
    ("lib", &[]),
    ("main", &[]),
];

/// The rooms that see only the pure side of a registry: its async side is for the runtime alone.
const PURE: &[&str] = &["plan", "doctor", "secrets", "wizard", "tui", "plain", "output"];

/// What belongs to the async side of `registry`.
const ASYNC: &[&str] = &["Api", "Apis", "ApiError"];

/// One file of the crate, and what it names.
struct Source {
    path: PathBuf,
    room: String,
    text: String,
    names: Names,
}

/// All files, read once.
static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap();
            // Test modules may name whom they like; they live in files of these names.
            if matches!(name, "tests" | "testing") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let relative = path.strip_prefix(&root).unwrap();
                let room = relative.components().next().unwrap().as_os_str().to_str().unwrap();
                let room = room.trim_end_matches(".rs").to_owned();
                let text = std::fs::read_to_string(&path).unwrap();
                let names = Names::of(&syn::parse_file(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display())));
                found.push(Source { path, room, text, names });
            }
        }
    }
    assert!(found.len() > 100, "the sources were not found");
    found
});

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

/// Collects every path that begins with `crate`, without that word, and every pattern of a match.
#[derive(Default)]
struct Names {
    paths: Vec<Vec<String>>,
    arms: Vec<Vec<String>>,
    macros: Vec<String>,
}

impl Names {
    fn of(file: &syn::File) -> Self {
        let mut names = Self::default();
        names.visit_file(file);
        names
    }

    fn tree(&mut self, tree: &syn::UseTree, before: &[String]) {
        let with = |ident: &syn::Ident| before.iter().cloned().chain([ident.to_string()]).collect::<Vec<_>>();
        match tree {
            syn::UseTree::Path(path) => self.tree(&path.tree, &with(&path.ident)),
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(item, before)),
            syn::UseTree::Name(name) => self.take(with(&name.ident)),
            syn::UseTree::Rename(rename) => self.take(with(&rename.ident)),
            syn::UseTree::Glob(_) => self.take(before.to_vec()),
        }
    }

    fn take(&mut self, path: Vec<String>) {
        if let [first, rest @ ..] = path.as_slice()
            && first == "crate"
        {
            self.paths.push(rest.to_vec());
        }
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes = match item {
            syn::Item::Mod(item) => &item.attrs,
            syn::Item::Fn(item) => &item.attrs,
            syn::Item::Use(item) => &item.attrs,
            syn::Item::Impl(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_test(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.take(path.segments.iter().map(|s| s.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        let mut patterns = Patterns::default();
        patterns.visit_pat(&arm.pat);
        self.arms.extend(patterns.0);
        visit::visit_arm(self, arm);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        self.macros.extend(called.path.segments.last().map(|s| s.ident.to_string()));
        // What a macro is given is not parsed: its words are enough.
        let tokens = called.tokens.to_string();
        for part in tokens.split("crate :: ").skip(1) {
            self.paths.push(
                part.split(" :: ")
                    .map_while(|word| word.split_whitespace().next().map(str::to_owned))
                    .take(2)
                    .collect(),
            );
        }
        visit::visit_macro(self, called);
    }
}

/// The paths in a pattern.
#[derive(Default)]
struct Patterns(Vec<Vec<String>>);

impl<'ast> Visit<'ast> for Patterns {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.0.push(path.segments.iter().map(|s| s.ident.to_string()).collect());
    }
}

/// Who names whom, with a file as witness.
fn arrows() -> BTreeMap<(String, String), PathBuf> {
    let rooms: BTreeSet<&str> = ARROWS.iter().map(|(room, _)| *room).collect();
    let mut found = BTreeMap::new();
    for source in SOURCES.iter() {
        for path in &source.names.paths {
            let Some(named) = path.first().filter(|name| rooms.contains(name.as_str())) else { continue };
            if *named != source.room {
                found.entry((source.room.clone(), named.clone())).or_insert_with(|| source.path.clone());
            }
        }
    }
    found
}

#[test]
fn every_room_names_only_whom_it_may() {
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    for source in SOURCES.iter() {
        assert!(allowed.contains_key(source.room.as_str()), "{} is in no known room", source.path.display());
    }
    let wrong: Vec<String> = arrows()
        .into_iter()
        .filter(|((from, to), _)| !allowed[from.as_str()].contains(&to.as_str()))
        .map(|((from, to), witness)| format!("{from} may not name {to}: {}", witness.display()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_arrow_stands_here_for_nothing() {
    let found = arrows();
    let idle: Vec<String> = ARROWS
        .iter()
        .flat_map(|(from, all)| all.iter().map(move |to| ((*from).to_owned(), (*to).to_owned())))
        .filter(|arrow| !found.contains_key(arrow))
        .map(|(from, to)| format!("nothing in {from} names {to} any more: take the arrow out"))
        .collect();
    assert!(idle.is_empty(), "{idle:#?}");
}

#[test]
fn there_is_no_circle() {
    let mut left: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for ((from, to), _) in arrows() {
        left.entry(from).or_default().insert(to.clone());
        left.entry(to).or_default();
    }
    while !left.is_empty() {
        let ends: Vec<String> = left.iter().filter(|(_, to)| to.is_empty()).map(|(room, _)| room.clone()).collect();
        assert!(!ends.is_empty(), "a circle among {left:?}");
        for room in ends {
            left.remove(&room);
            left.values_mut().for_each(|to| {
                to.remove(&room);
            });
        }
    }
}

#[test]
fn only_the_runtime_reaches_the_asking_side_of_a_registry() {
    for source in SOURCES.iter().filter(|source| PURE.contains(&source.room.as_str())) {
        for path in &source.names.paths {
            let asks =
                path.first().is_some_and(|room| room == "registry") && path.iter().any(|n| ASYNC.contains(&n.as_str()));
            assert!(!asks, "{} names {}", source.path.display(), path.join("::"));
        }
    }
}

#[test]
fn only_the_registry_room_branches_on_the_registry() {
    for source in SOURCES.iter() {
        if source.room == "registry" || source.path.ends_with("model/registry.rs") {
            continue;
        }
        for arm in &source.names.arms {
            let on_registry = arm.iter().rev().nth(1).is_some_and(|name| name == "Registry");
            assert!(!on_registry, "{} branches on {}", source.path.display(), arm.join("::"));
        }
    }
}

#[test]
fn only_the_output_room_prints() {
    for source in SOURCES.iter() {
        if source.room == "output" {
            continue;
        }
        for called in &source.names.macros {
            let prints = matches!(called.as_str(), "print" | "println" | "eprint" | "eprintln" | "dbg");
            assert!(!prints, "{} calls {called}!", source.path.display());
        }
    }
}

#[test]
fn every_file_says_what_it_is_for_and_is_of_one_thought() {
    for source in SOURCES.iter() {
        assert!(source.text.starts_with("//!"), "{} does not say what it is for", source.path.display());
        let lines = source.text.lines().count();
        assert!(lines <= 420, "{} has {lines} lines", source.path.display());
    }
}
