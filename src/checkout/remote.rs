//! Which repository this checkout belongs to: asks git, so that `insteadOf`, worktrees and includes hold.
//!
//! git is asked for one line and must run nothing that the repository names: fsmonitor and hooks are switched off, no
//! prompt is possible, and it has a few seconds.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::model::{Finding, RepoSlug, Severity, clean_line};
use crate::tools::{Environment, Tool};

use super::slug;
use super::source::{Bounded, CheckoutError, read_bounded};

/// How long git may take; it reads a local file.
const LIMIT: Duration = Duration::from_secs(10);

/// Where the checkout's remote lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remote {
    /// On github.com.
    GitHub(RepoSlug),
    /// On another host, or no repository of github.com.
    Elsewhere {
        /// The host; `None`: a local path or a form that names none.
        host: Option<String>,
        /// The address, without credentials.
        url: String,
    },
    /// There is no remote.
    None,
}

impl Remote {
    /// Why untoken can't take packages from there to trusted publishing; `None` on github.com.
    #[must_use]
    pub fn finding(&self) -> Option<Finding> {
        match self {
            Self::GitHub(_) => None,
            Self::None => Some(
                Finding::new(Severity::Error, "this checkout has no remote, so nobody can tell its GitHub repository")
                    .hint("add one with `git remote add origin URL`, or name the repository: --repo OWNER/NAME"),
            ),
            Self::Elsewhere { host: Some(host), url } if host == "gitlab.com" => Some(
                Finding::new(
                    Severity::Warning,
                    format!("the remote {url} is on {host}: untoken signs in to GitHub and sets up GitHub publishers alone"),
                )
                .hint(
                    "`untoken plan` and `untoken status` show what to enter for GitLab CI; if the packages are published from \
                     github.com, name that repository: --repo OWNER/NAME",
                ),
            ),
            Self::Elsewhere { host, url } => {
                let place = host.as_deref().unwrap_or("no host at all");
                let message = format!(
                    "the remote {url} is on {place}: registries trust a GitHub publisher only by tokens that \
                     token.actions.githubusercontent.com signs, and only workflows on github.com get those"
                );
                Some(
                    Finding::new(Severity::Error, message)
                        .hint("if the packages are published from github.com, name that repository: --repo OWNER/NAME"),
                )
            }
        }
    }
}

/// Reads the remote `origin`, or the only one that there is.
///
/// Without git on the machine the plain text of `.git/config` is read, where `insteadOf` can't hold.
pub fn remote(root: &Path, git: Option<&Tool>, environment: &Environment) -> Result<Remote, CheckoutError> {
    let real = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let Some(top) = real.ancestors().find(|dir| dir.join(".git").exists()) else {
        return Err(CheckoutError::NotGit(root.to_owned()));
    };
    let Some(git) = git else { return from_config(top) };
    let ask = |args: &[&str]| ask(git, root, environment, args);
    if let Ok(url) = ask(&["remote", "get-url", "origin"]) {
        return Ok(slug::parse(&url));
    }
    let names = ask(&["remote"])?;
    match names.lines().collect::<Vec<_>>()[..] {
        [only] => ask(&["remote", "get-url", only]).map(|url| slug::parse(&url)),
        _ => Ok(Remote::None),
    }
}

pub(super) fn ask(git: &Tool, root: &Path, environment: &Environment, args: &[&str]) -> Result<String, CheckoutError> {
    let failed = |message: String| CheckoutError::Git { message: clean_line(&message, 200) };
    let mut child = Command::new(&git.path)
        .args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.pager=cat"])
        .args(args)
        .current_dir(root)
        // The checkout's own git settings are read here: no token may be near.
        .env_clear()
        .envs(environment.plain())
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("LC_ALL", "C")
        // Variables that would point git at another repository than the one that was named.
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_COMMON_DIR")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    let (Some(mut stdout), Some(mut stderr)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(failed("its output is not there".to_owned()));
    };
    let (done, output) = mpsc::channel();
    std::thread::spawn(move || {
        let out = read_some(&mut stdout);
        let err = read_some(&mut stderr);
        // Nobody listens any more after the time limit.
        let _ = done.send((out, err));
    });
    let Ok((out, err)) = output.recv_timeout(LIMIT) else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(CheckoutError::GitHangs(LIMIT.as_secs()));
    };
    let status = child.wait().map_err(|error| failed(error.to_string()))?;
    if status.success() { Ok(out) } else { Err(failed(err.lines().last().unwrap_or("it said nothing").to_owned())) }
}

/// An address or a message fits in far less.
fn read_some(from: &mut impl std::io::Read) -> String {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    let _ = from.take(64 * 1024).read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The url of `origin`, or of the only remote, from the text of `.git/config`.
fn from_config(top: &Path) -> Result<Remote, CheckoutError> {
    let Ok(Bounded::Read(bytes)) = read_bounded(&top.join(".git/config"), false) else {
        // A worktree's `.git` is a file that leads elsewhere; following it is git's own art.
        return Err(CheckoutError::Git { message: "git is not installed, and .git/config can't be read".to_owned() });
    };
    let text = String::from_utf8_lossy(&bytes);
    let mut remotes: Vec<(String, String)> = Vec::new();
    let mut section = None;
    for line in text.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            section = header.strip_prefix("remote \"").and_then(|rest| rest.split('"').next()).map(str::to_owned);
        } else if let (Some(name), Some(("url", url))) =
            (&section, line.split_once('=').map(|(key, value)| (key.trim(), value.trim())))
        {
            remotes.push((name.clone(), url.trim_matches('"').to_owned()));
        }
    }
    let origin = remotes.iter().find(|(name, _)| name == "origin");
    let only = remotes.first().filter(|_| remotes.len() == 1);
    Ok(origin.or(only).map_or(Remote::None, |(_, url)| slug::parse(url)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn remote(root: &Path, git: Option<&Tool>) -> Result<Remote, CheckoutError> {
        super::remote(root, git, &Environment::of_this_process())
    }

    fn git() -> Option<Tool> {
        let path =
            std::env::split_paths(&std::env::var_os("PATH")?).map(|dir| dir.join("git")).find(|p| p.is_file())?;
        Some(Tool { name: "git", path, version: None })
    }

    fn checkout(config: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["refs/heads", "objects"] {
            std::fs::create_dir_all(dir.path().join(".git").join(folder)).unwrap();
        }
        std::fs::write(dir.path().join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
        let text = format!("[core]\n\trepositoryformatversion = 0\n{config}");
        std::fs::write(dir.path().join(".git/config"), text).unwrap();
        dir
    }

    fn widgets() -> Remote {
        Remote::GitHub("acme/widgets".parse().unwrap())
    }

    #[test]
    fn git_resolves_instead_of_and_falls_back_to_the_only_remote() {
        let Some(git) = git() else { return };
        let short = "[url \"https://github.com/\"]\n\tinsteadOf = gh:\n";
        let dir = checkout(&format!("{short}[remote \"origin\"]\n\turl = gh:acme/widgets.git\n"));
        assert_eq!(remote(dir.path(), Some(&git)).unwrap(), widgets());
        let dir = checkout("[remote \"upstream\"]\n\turl = git@github.com:acme/widgets.git\n");
        assert_eq!(remote(dir.path(), Some(&git)).unwrap(), widgets());
        assert_eq!(remote(checkout("").path(), Some(&git)).unwrap(), Remote::None);
    }

    #[test]
    fn git_runs_nothing_that_the_repository_names() {
        let Some(git) = git() else { return };
        let dir = checkout("");
        let mark = dir.path().join("was-run");
        let config = format!(
            "[core]\n\trepositoryformatversion = 0\n\tfsmonitor = \"touch {0}\"\n\tpager = \"touch {0}\"\n\
             \thooksPath = hooks\n[remote \"origin\"]\n\turl = https://github.com/acme/widgets\n",
            mark.display()
        );
        std::fs::write(dir.path().join(".git/config"), config).unwrap();
        assert_eq!(remote(dir.path(), Some(&git)).unwrap(), widgets());
        assert!(!mark.exists());
    }

    #[test]
    #[cfg(unix)]
    fn git_is_given_no_token() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = checkout("");
        let spy = dir.path().join("spy");
        std::fs::write(&spy, "#!/bin/sh\necho \"https://github.com/acme/${GH_TOKEN:-widgets}\"\n").unwrap();
        std::fs::set_permissions(&spy, std::fs::Permissions::from_mode(0o755)).unwrap();
        let spy = Tool { name: "git", path: spy, version: None };
        let environment = Environment::of_this_process().with("GH_TOKEN", "seen-by-git");
        assert_eq!(super::remote(dir.path(), Some(&spy), &environment).unwrap(), widgets());
    }

    #[test]
    fn without_git_the_config_is_read_as_text() {
        let dir = checkout("[remote \"origin\"]\n\turl = https://github.com/acme/widgets.git\n");
        assert_eq!(remote(dir.path(), None).unwrap(), widgets());
        assert_eq!(remote(checkout("").path(), None).unwrap(), Remote::None);
        let below = dir.path().join("crates/core");
        std::fs::create_dir_all(&below).unwrap();
        assert_eq!(remote(&below, None).unwrap(), widgets());
        let worktree = tempfile::tempdir().unwrap();
        std::fs::write(worktree.path().join(".git"), "gitdir: /elsewhere\n").unwrap();
        assert!(matches!(remote(worktree.path(), None), Err(CheckoutError::Git { .. })));
    }

    #[test]
    fn a_plain_folder_is_no_checkout_and_other_hosts_are_a_finding() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(remote(dir.path(), None), Err(CheckoutError::NotGit(_))));
        let elsewhere = slug::parse("git@ghe.acme.example:acme/widgets.git").finding().unwrap();
        assert!(elsewhere.message.contains("ghe.acme.example") && elsewhere.hint.is_some());
        assert!(widgets().finding().is_none());
    }
}
