//! Runs a tool: piped, with an end in time and size, or made ready to borrow the terminal.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Command;

use super::{Env, Tool, Tools};
use crate::model::{Arg, RunIn, ToolCall};
use crate::report::{Kind, Report};

/// How long a piped call may take. `npm trust` waits for the network; nothing that untoken pipes builds anything.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a tool may think about its own version.
const VERSION_PATIENCE: Duration = Duration::from_secs(5);
/// A folder with no settings in it or above it.
pub(crate) const NOWHERE: &str = if cfg!(windows) { "C:\\" } else { "/" };
/// How much of each output stream is taken, in bytes.
const MOST_OUTPUT: u64 = 8 << 20;

/// What a piped call printed. Bytes that are no UTF-8 are replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its exit code; `None`: a signal ended it.
    pub code: Option<i32>,
    /// What it printed on stdout.
    pub stdout: String,
    /// What it printed on stderr.
    pub stderr: String,
}

impl Output {
    /// Whether it ended with 0.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.code == Some(0)
    }
}

/// The folders in which a [`ToolCall`] may run, both absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunDirs {
    /// The package's own folder in the checkout.
    pub package: PathBuf,
    /// An empty folder of untoken's own.
    pub private: PathBuf,
}

/// Why a tool gave no output.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// It was not found.
    #[error("{tool} is not on PATH outside the checkout")]
    Missing {
        /// Its name.
        tool: String,
    },
    /// The system would not start it, or its pipes broke.
    #[error("{tool} could not be run")]
    Io {
        /// Its name.
        tool: &'static str,
        /// The system's words.
        #[source]
        source: std::io::Error,
    },
    /// It did not end in time, and was stopped.
    #[error("{tool} did not answer within {seconds} s")]
    Slow {
        /// Its name.
        tool: &'static str,
        /// The limit.
        seconds: u64,
    },
    /// It printed more than anybody reads, and was stopped.
    #[error("{tool} printed more than {limit} bytes")]
    Loud {
        /// Its name.
        tool: &'static str,
        /// The limit.
        limit: u64,
    },
}

impl ToolError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Missing { tool } => format!("install {tool}, or put its folder on PATH"),
            Self::Io { tool, .. } => format!("try `{tool} --version` in this terminal"),
            Self::Slow { tool, .. } | Self::Loud { tool, .. } => format!("run {tool} by hand to see what it does"),
        }
    }
}

impl From<ToolError> for Report {
    fn from(error: ToolError) -> Self {
        Self::from_error(Kind::User, &error).hint(error.hint())
    }
}

impl Tools {
    /// Runs a tool with its output caught and nothing on stdin, for at most a minute; it is stopped when this is dropped.
    /// Any exit code is an [`Output`].
    pub async fn run<A: AsRef<std::ffi::OsStr>>(
        &self,
        tool: &Tool,
        args: &[A],
        cwd: &Path,
        env: Env,
    ) -> Result<Output, ToolError> {
        let mut command = self.prepared(tool, cwd, env);
        command.args(args);
        piped(tool.name, command, PATIENCE).await
    }

    /// Runs a call like [`Tools::run`]; `tokens` are the variables that it may see if it takes a credential.
    pub async fn run_call(
        &self,
        call: &ToolCall,
        tokens: &'static [&'static str],
        dirs: &RunDirs,
    ) -> Result<Output, ToolError> {
        piped(call.tool, self.command(call, tokens, dirs)?, PATIENCE).await
    }

    /// The call as a command in its folder and with its environment, for the caller to attach to the terminal and spawn.
    /// `tokens` are the variables that it may see if it takes a credential. It is killed when its child is dropped.
    pub fn command(
        &self,
        call: &ToolCall,
        tokens: &'static [&'static str],
        dirs: &RunDirs,
    ) -> Result<Command, ToolError> {
        let cwd = match call.run_in {
            RunIn::Package => &dirs.package,
            RunIn::Private => &dirs.private,
        };
        let env = if call.credential { Env::Credential(tokens) } else { Env::Plain };
        let mut command = self.prepared(self.get(call.tool)?, cwd, env);
        command.envs(call.env.iter().map(|(name, value)| (name, value)));
        command.args(call.args.iter().map(|arg| match arg {
            Arg::Text(text) => OsString::from(text),
            Arg::Private(file) => below(&dirs.private, file),
            Arg::Package(file) => below(&dirs.package, file),
        }));
        Ok(command)
    }

    fn prepared(&self, tool: &Tool, cwd: &Path, env: Env) -> Command {
        let mut command = Command::new(&tool.path);
        command.current_dir(cwd).env_clear().envs(self.environment.under(env)).kill_on_drop(true);
        command
    }
}

fn below(folder: &Path, file: &str) -> OsString {
    if file.is_empty() { folder.into() } else { folder.join(file).into() }
}

/// Asks for the version from a folder that has none above it and is nobody's to write, so that no rust-toolchain or .npmrc of
/// the checkout, or of a temporary folder that is shared, decides the answer.
pub(super) async fn version(tools: &Tools, tool: &Tool) -> Option<semver::Version> {
    let mut command = tools.prepared(tool, Path::new(NOWHERE), Env::Plain);
    command.arg("--version");
    let output = piped(tool.name, command, VERSION_PATIENCE).await.ok()?;
    read_version(&output.stdout)
}

/// The first version in `git version 2.45.1.windows.1`, `cargo 1.95.0 (f2d3ce0bd 2026-03-21)`, `11.19.1`, `v22.14.0`.
fn read_version(text: &str) -> Option<semver::Version> {
    text.lines().next()?.split_whitespace().find_map(|word| {
        let word = word.strip_prefix('v').unwrap_or(word);
        semver::Version::parse(word).ok().or_else(|| {
            let three = word.splitn(4, '.').take(3).collect::<Vec<_>>().join(".");
            semver::Version::parse(&three).ok()
        })
    })
}

async fn piped(tool: &'static str, mut command: Command, patience: Duration) -> Result<Output, ToolError> {
    let failed = |source| ToolError::Io { tool, source };
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(failed)?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let all = async {
        let (stdout, stderr) = tokio::try_join!(bounded(tool, stdout), bounded(tool, stderr))?;
        let status = child.wait().await.map_err(failed)?;
        Ok(Output { code: status.code(), stdout, stderr })
    };
    tokio::time::timeout(patience, all).await.map_err(|_| ToolError::Slow { tool, seconds: patience.as_secs() })?
}

async fn bounded(tool: &'static str, pipe: Option<impl AsyncRead + Unpin>) -> Result<String, ToolError> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        pipe.take(MOST_OUTPUT + 1).read_to_end(&mut bytes).await.map_err(|source| ToolError::Io { tool, source })?;
    }
    if bytes.len() as u64 > MOST_OUTPUT {
        return Err(ToolError::Loud { tool, limit: MOST_OUTPUT });
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::tools::Environment;

    fn shell(text: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", text]).kill_on_drop(true);
        command
    }

    #[tokio::test]
    async fn a_tool_that_never_ends_and_one_that_never_stops_talking_are_ended() {
        let slow = piped("sh", shell("exec sleep 600"), Duration::from_millis(50)).await;
        assert!(matches!(slow, Err(ToolError::Slow { .. })), "{slow:?}");
        let loud = piped("sh", shell("exec cat /dev/zero"), PATIENCE).await;
        assert!(matches!(loud, Err(ToolError::Loud { .. })), "{loud:?}");
    }

    #[tokio::test]
    async fn a_failing_tool_is_an_output() {
        let output = piped("sh", shell("cat; echo out; echo err >&2; exit 3"), PATIENCE).await.unwrap();
        assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (Some(3), "out\n", "err\n"));
        assert!(!output.ok());
    }

    #[tokio::test]
    async fn a_call_runs_in_its_folder_with_its_arguments_and_no_token() {
        let (package, private) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let dirs = RunDirs { package: package.path().into(), private: private.path().into() };
        let tools = Tools {
            npm: Some(Tool { name: "npm", path: "/bin/sh".into(), version: None }),
            environment: Environment::empty().with("NPM_TOKEN", "npm-not-a-token").with("GH_TOKEN", "gh-not-a-token"),
            ..Tools::default()
        };
        let mut call = ToolCall {
            tool: "npm",
            args: vec![
                "-c".into(),
                "pwd -P; echo \"${NPM_TOKEN-none} ${GH_TOKEN-none} $A\"; echo \"$0\"; echo \"$1\"".into(),
                Arg::Private("a.tgz".into()),
                Arg::Package(String::new()),
            ],
            run_in: RunIn::Package,
            env: vec![("A".into(), "b c".into())],
            purpose: "a test".into(),
            credential: false,
            needs: &[],
        };
        let here = |p: &Path| p.canonicalize().unwrap().display().to_string();
        let rest = format!("{}/a.tgz\n{}\n", private.path().display(), package.path().display());

        let output = tools.run_call(&call, &["NPM_TOKEN"], &dirs).await.unwrap();
        assert_eq!(output.stdout, format!("{}\nnone none b c\n{rest}", here(package.path())));
        (call.run_in, call.credential) = (RunIn::Private, true);
        let output = tools.run_call(&call, &["NPM_TOKEN"], &dirs).await.unwrap();
        assert_eq!(output.stdout, format!("{}\nnpm-not-a-token none b c\n{rest}", here(private.path())));
    }

    #[test]
    fn versions_are_read_from_what_the_tools_print() {
        for (text, version) in [
            ("11.19.1\n", Some((11, 19, 1))),
            ("git version 2.45.1.windows.1", Some((2, 45, 1))),
            ("cargo 1.95.0 (f2d3ce0bd 2026-03-21)", Some((1, 95, 0))),
            ("gh version 2.40.1 (2023-12-13)\nhttps://example/2.40.1", Some((2, 40, 1))),
            ("v22.14.0\n", Some((22, 14, 0))),
            ("no idea", None),
            ("", None),
        ] {
            assert_eq!(read_version(text), version.map(|(a, b, c)| semver::Version::new(a, b, c)), "{text}");
        }
    }
}
