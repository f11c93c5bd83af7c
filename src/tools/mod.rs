//! The person's own tools: git, cargo, npm with its node, gh. Found once, outside the checkout, and run without what they must not see.
//!
//! Never by a bare name, never through a shell, never from a folder of the checkout, and never with a token variable that
//! the call was not given: a hostile checkout gets nothing by being looked at (promise 5).

mod environment;
mod run;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

pub use environment::{Env, Environment};
pub use run::{Output, RunDirs, ToolError};

use crate::model::{ToolFound, ToolsFound};

/// A tool on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// The name that it goes by: `npm`.
    pub name: &'static str,
    /// Its absolute path, outside the checkout.
    pub path: PathBuf,
    /// The version that it printed; `None`: it printed something else, or nothing in time.
    pub version: Option<semver::Version>,
}

/// The tools that were found, and the environment that they run in. `None`: not on PATH, or only inside the checkout.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tools {
    /// git
    pub git: Option<Tool>,
    /// cargo
    pub cargo: Option<Tool>,
    /// npm
    pub npm: Option<Tool>,
    /// node, by which npm runs: the same PATH leads both to it
    pub node: Option<Tool>,
    /// gh
    pub gh: Option<Tool>,
    environment: Environment,
}

impl Tools {
    /// Looks along the environment's PATH and asks each tool for its version. Folders that are relative or inside `checkout`
    /// are passed over, and are taken out of the PATH that the tools get themselves (`npm` looks there for `node`).
    pub async fn find(environment: Environment, checkout: &Path) -> Self {
        let folders = safe_folders(environment.get("PATH"), checkout);
        let environment = match std::env::join_paths(&folders) {
            Ok(path) => environment.with("PATH", path),
            Err(_) => environment,
        };
        let mut tools = Self { environment, ..Self::default() };
        let one = |name| look(&tools, name, &folders, checkout);
        let found = tokio::join!(one("git"), one("cargo"), one("npm"), one("node"), one("gh"));
        (tools.git, tools.cargo, tools.npm, tools.node, tools.gh) = found;
        tools
    }

    /// The same without asking any tool for its version: starts nothing.
    #[must_use]
    pub fn locate(environment: Environment, checkout: &Path) -> Self {
        let folders = safe_folders(environment.get("PATH"), checkout);
        let environment = match std::env::join_paths(&folders) {
            Ok(path) => environment.with("PATH", path),
            Err(_) => environment,
        };
        let one = |name| find(name, &folders, checkout);
        let (git, cargo, npm, node, gh) = (one("git"), one("cargo"), one("npm"), one("node"), one("gh"));
        Self { git, cargo, npm, node, gh, environment }
    }

    /// The tool of this name.
    pub fn get(&self, name: &str) -> Result<&Tool, ToolError> {
        self.each()
            .find_map(|(known, tool)| tool.as_ref().filter(|_| known == name))
            .ok_or_else(|| ToolError::Missing { tool: name.to_owned() })
    }

    /// What was found of each, for those who only judge.
    #[must_use]
    pub fn found(&self) -> ToolsFound {
        let what = |tool: &Option<Tool>| match tool {
            None => ToolFound::Missing,
            Some(Tool { version: None, .. }) => ToolFound::Silent,
            Some(Tool { version: Some(version), .. }) => ToolFound::Version(version.clone()),
        };
        self.each().map(|(name, tool)| (name, what(tool))).collect()
    }

    fn each(&self) -> impl Iterator<Item = (&'static str, &Option<Tool>)> {
        let Self { git, cargo, npm, node, gh, environment: _ } = self;
        [("git", git), ("cargo", cargo), ("npm", npm), ("node", node), ("gh", gh)].into_iter()
    }

    /// The environment that the tools are given, before a call's own rule takes the tokens out of it.
    #[must_use]
    pub fn environment(&self) -> &Environment {
        &self.environment
    }
}

/// The folders of PATH that cannot be the checkout's doing, in order.
fn safe_folders(path: Option<&OsStr>, checkout: &Path) -> Vec<PathBuf> {
    let checkout = canonical(checkout);
    std::env::split_paths(path.unwrap_or_default())
        .filter(|folder| folder.is_absolute() && !canonical(folder).starts_with(&checkout))
        .collect()
}

fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

async fn look(tools: &Tools, name: &'static str, folders: &[PathBuf], checkout: &Path) -> Option<Tool> {
    let tool = find(name, folders, checkout)?;
    let version = run::version(tools, &tool).await;
    Some(Tool { version, ..tool })
}

fn find(name: &'static str, folders: &[PathBuf], checkout: &Path) -> Option<Tool> {
    let checkout = canonical(checkout);
    // Not the canonical path itself: rustup's and others' shims are links that go by the name they were called with.
    let path = folders
        .iter()
        .flat_map(|folder| file_names(name).map(|file| folder.join(file)))
        .find(|file| is_executable(file) && !canonical(file).starts_with(&checkout))?;
    Some(Tool { name, path, version: None })
}

/// The files that a tool may be: npm is a script called `npm.cmd` on Windows.
fn file_names(name: &str) -> impl Iterator<Item = String> {
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd"] } else { &[""] };
    endings.iter().map(move |ending| format!("{name}{ending}"))
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn script(folder: &Path, name: &str, text: &str) {
        fs::create_dir_all(folder).unwrap();
        let file = folder.join(name);
        fs::write(&file, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn path_of(folders: &[&Path]) -> Environment {
        Environment::empty().with("PATH", std::env::join_paths(folders).unwrap())
    }

    #[tokio::test]
    async fn a_tool_inside_the_checkout_is_passed_over_however_it_is_reached() {
        let world = tempfile::tempdir().unwrap();
        let (checkout, outside) = (world.path().join("checkout"), world.path().join("bin"));
        script(&checkout.join("bin"), "git", "echo git version 6.6.6");
        script(&outside, "git", "echo git version 2.39.5");
        let linked = world.path().join("linked");
        std::os::unix::fs::symlink(checkout.join("bin"), &linked).unwrap();
        let file_link = world.path().join("shims");
        fs::create_dir(&file_link).unwrap();
        std::os::unix::fs::symlink(checkout.join("bin/git"), file_link.join("git")).unwrap();

        let all = path_of(&[&checkout.join("bin"), &linked, Path::new("bin"), &file_link, &outside]);
        let tools = Tools::find(all, &checkout).await;
        let git = tools.get("git").unwrap();
        assert_eq!(git.path, outside.join("git"));
        assert_eq!(git.version, Some(semver::Version::new(2, 39, 5)));
        let handed_on = tools.environment().get("PATH").unwrap().to_owned();
        assert_eq!(std::env::split_paths(&handed_on).collect::<Vec<_>>(), [file_link, outside]);
        assert!(matches!(tools.get("npm"), Err(ToolError::Missing { .. })));
    }

    #[tokio::test]
    async fn files_of_the_checkout_do_not_steer_the_version_question() {
        let world = tempfile::tempdir().unwrap();
        script(&world.path().join("bin"), "cargo", "[ \"$(pwd)\" = / ] && echo cargo 1.95.0 || echo cargo 0.0.1");
        let tools = Tools::find(path_of(&[&world.path().join("bin"), Path::new("/bin")]), Path::new("/nowhere")).await;
        assert_eq!(tools.get("cargo").unwrap().version, Some(semver::Version::new(1, 95, 0)));
    }
}
