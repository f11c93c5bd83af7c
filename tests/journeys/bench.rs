//! What a journey starts from: the sandbox, a home with its false tokens, the sample repository, and untoken in a terminal.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use untoken::sandbox::{Sandbox, SandboxOptions, World, sample_repository};

use crate::terminal::Terminal;
use crate::tools;

/// The built program.
pub(crate) const UNTOKEN: &str = env!("CARGO_BIN_EXE_untoken");

/// The size that everything has to fit.
pub(crate) const USUAL: (u16, u16) = (80, 24);

/// A sandbox in this process, and the places and variables of a person who works against it.
pub(crate) struct Bench {
    pub(crate) sandbox: Sandbox,
    /// The checkout.
    pub(crate) dir: PathBuf,
    /// Where untoken keeps its journal and log.
    pub(crate) state: PathBuf,
    pub(crate) environment: Vec<(OsString, OsString)>,
    flags: Vec<OsString>,
    // In this order: the services end before their runtime, and the folder goes last.
    runtime: tokio::runtime::Runtime,
    root: tempfile::TempDir,
}

impl Bench {
    /// The demo's world and the sample repository, as a git checkout.
    pub(crate) fn new() -> Self {
        Self::with(World::demo())
    }

    /// Another world around the sample repository.
    pub(crate) fn with(world: World) -> Self {
        Self::with_options(SandboxOptions { world, ..SandboxOptions::default() })
    }

    /// Another sandbox around the sample repository.
    pub(crate) fn with_options(options: SandboxOptions) -> Self {
        let mut bench = Self::bare(options);
        sample_repository(&bench.dir).unwrap();
        if tools::git("reading the remote from git") {
            bench.git(&["init", "--quiet", "--initial-branch=main"]);
            bench.git(&["remote", "add", "origin", "https://github.com/acme/widgets.git"]);
            bench.commit();
        } else {
            bench.flags.push("--repo=acme/widgets".into());
        }
        bench
    }

    /// A sandbox and an empty folder.
    pub(crate) fn bare(options: SandboxOptions) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        let root = tempfile::Builder::new().prefix("untoken-journey-").tempdir().unwrap();
        let base = root.path().canonicalize().unwrap();
        let (dir, state) = (base.join("widgets"), base.join("state"));
        std::fs::create_dir(&dir).unwrap();
        std::fs::create_dir(base.join("tmp")).unwrap();
        let home = sandbox.write_home(&base.join("home")).unwrap();
        let mut environment = usual_environment();
        environment.extend(home.env.into_iter().map(|(name, value)| (name.into(), value)));
        environment.extend(sandbox.env().into_iter().map(|(name, value)| (name.into(), value.into())));
        environment.push(("UNTOKEN_STATE_DIR".into(), state.clone().into()));
        environment.push(("UNTOKEN_SECRET_STORE".into(), "memory".into()));
        environment.push(("TMPDIR".into(), base.join("tmp").into()));
        environment.push(("CARGO_TARGET_DIR".into(), base.join("target").into()));
        let mut bench = Self { sandbox, dir, state, environment, flags: Vec::new(), runtime, root };
        bench.answer_npm_by_visiting();
        bench
    }

    /// The wizard in a terminal of the usual size, on the checkout.
    pub(crate) fn start(&self) -> Terminal {
        self.start_with(&[])
    }

    /// The same, with flags before the checkout.
    pub(crate) fn start_with(&self, flags: &[&str]) -> Terminal {
        self.start_sized(flags, USUAL)
    }

    /// The same, in a terminal of this size (columns, rows).
    pub(crate) fn start_sized(&self, flags: &[&str], size: (u16, u16)) -> Terminal {
        let mut program: Vec<OsString> = vec![UNTOKEN.into()];
        program.extend(self.flags.iter().cloned());
        program.extend(flags.iter().map(OsString::from));
        program.push(self.dir.clone().into());
        Terminal::start(&program, self.root.path(), &self.environment, size)
    }

    /// untoken with these arguments, without a terminal.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(UNTOKEN);
        command.args(&self.flags).args(arguments).current_dir(&self.dir);
        command.env_clear().envs(self.environment.iter().cloned());
        command
    }

    /// What untoken prints with these arguments, where it ends well.
    #[track_caller]
    pub(crate) fn printed(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Sets a variable for what is started next.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.into(), value.into()));
    }

    /// A variable as it is set for what is started.
    pub(crate) fn variable(&self, name: &str) -> OsString {
        let found = self.environment.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone()).unwrap_or_else(|| panic!("{name} is not set"))
    }

    /// Every file below a folder of this journey.
    pub(crate) fn each_file(&self, folder: &str, mut look: impl FnMut(&Path, Vec<u8>)) {
        let mut folders = vec![self.root.path().join(folder)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                match entry.file_type().unwrap() {
                    kind if kind.is_dir() => folders.push(entry.path()),
                    kind if kind.is_file() => look(&entry.path(), std::fs::read(entry.path()).unwrap()),
                    _ => {}
                }
            }
        }
    }

    /// Runs git in the checkout.
    pub(crate) fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        git.current_dir(&self.dir)
            .env_clear()
            .envs(self.environment.iter().cloned())
            .args(["-c", "user.name=mona", "-c", "user.email=mona@users.noreply.example", "-c", "commit.gpgsign=false"])
            .args(arguments);
        let output = git.output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Commits everything.
    pub(crate) fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message=Widgets"]);
    }

    /// Reads a file of the checkout.
    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.dir.join(path)).unwrap()
    }

    /// Writes a file of the checkout.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Types the newest code on GitHub's page, as the person in the browser does.
    pub(crate) fn type_the_code(&self) {
        let page = self.sandbox.waiting_pages().into_iter().find(|page| !page.typed.is_empty()).unwrap();
        self.runtime.block_on(page.visit()).unwrap();
    }

    /// Opens a page of the sandbox, types into its form, and presses its button.
    pub(crate) fn visit(&self, url: &str, typed: &[(&str, &str)]) {
        self.runtime.block_on(untoken::sandbox::visit(url, typed)).unwrap();
    }

    /// Adds PyPI's pending publisher on its page, with the values that the sample's workflow asks for.
    pub(crate) fn save_pending_publisher(&self) {
        let page = format!("{}/manage/account/publishing/", self.sandbox.urls().pypi);
        let typed = [
            ("project_name", "widgets"),
            ("owner", "acme"),
            ("repository", "widgets"),
            ("workflow_filename", "release.yml"),
        ];
        self.visit(&page, &typed);
    }

    /// Puts widgets-macros on crates.io, as if it had been published once.
    pub(crate) fn publish_macros_beforehand(&self) {
        let mut world = self.sandbox.world();
        let mut copy = world.crates_io.krate("widgets-core").unwrap().clone();
        copy.id += 1_000_000;
        copy.name = "widgets-macros".to_owned();
        world.crates_io.crates.push(copy);
    }

    /// Panics unless each registry holds what the sample's workflow asks for, once.
    #[track_caller]
    pub(crate) fn assert_registered_once(&self, both_crates: bool, npm: bool) {
        let world = self.sandbox.world();
        let crates = [("widgets-core", true), ("widgets-macros", both_crates)];
        for (name, _) in crates.into_iter().filter(|(_, registered)| *registered) {
            let held = world.crates_io.publishers_of(name);
            assert_eq!(held.len(), 1, "{name}: {held:?}");
            assert_eq!((held[0].repository_owner.as_str(), held[0].repository_name.as_str()), ("acme", "widgets"));
            assert_eq!(held[0].workflow_filename, "release.yml");
            assert_eq!(held[0].environment.as_deref(), Some("release"));
        }
        if npm {
            let held = &world.npm.package("@acme/widgets").unwrap().publishers;
            assert_eq!(held.len(), 1, "{held:?}");
            assert_eq!((held[0].repository.as_str(), held[0].workflow.as_str()), ("acme/widgets", "release.yml"));
            assert_eq!(held[0].environment.as_deref(), Some("release"));
        }
        let pending = &world.pypi.pending;
        assert_eq!(pending.len(), 1, "{pending:?}");
        assert_eq!((pending[0].project.as_str(), pending[0].publisher.workflow.as_str()), ("widgets", "release.yml"));
        assert_eq!(pending[0].publisher.environment, None);
    }

    /// Writes down how these tools are called from now on, with the variables that they see, and lets them do their work.
    pub(crate) fn listen_to(&self, tools: &[&str]) -> PathBuf {
        let calls = self.root.path().join("calls");
        let path = std::env::var_os("PATH").unwrap();
        for tool in tools {
            let mut found = std::env::split_paths(&path).map(|folder| folder.join(tool));
            let Some(real) = found.find(|file| file.is_file()) else { continue };
            let (calls, real) = (calls.display(), real.display());
            let script = format!("#!/bin/sh\n{{ echo \"{tool} $*\"; env; }} >> '{calls}'\nexec '{real}' \"$@\"\n");
            executable(&self.root.path().join("bin").join(tool), &script);
        }
        calls
    }

    /// Panics if a secret stands in any file of this journey: checkout, state, log, home, temporary folders.
    #[track_caller]
    pub(crate) fn assert_nowhere(&self, secret: &str) {
        let mut files = 0;
        self.each_file("", |path, bytes| {
            files += 1;
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "the secret stands in {}", path.display());
        });
        assert!(files > 10, "only {files} files were looked at");
    }

    /// Has a tool tell this version from now on, and do nothing else.
    pub(crate) fn pretend(&self, tool: &str, version: &str) {
        let script = format!("#!/bin/sh\n[ \"$1\" = --version ] && echo '{version}'\n");
        executable(&self.root.path().join("bin").join(tool), &script);
    }

    /// npm opens the page of its second factor with what is called like this; here that is the visit itself.
    fn answer_npm_by_visiting(&mut self) {
        let bin = self.root.path().join("bin");
        be_the_browser(&bin);
        let path = std::env::join_paths(
            std::iter::once(bin).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
        );
        self.set("PATH", path.unwrap());
    }
}

/// The variables without which no program starts well; nothing of the person who runs the tests.
pub(crate) fn usual_environment() -> Vec<(OsString, OsString)> {
    let mut environment: Vec<(OsString, OsString)> =
        vec![("TERM".into(), "xterm-256color".into()), ("LANG".into(), "C.UTF-8".into())];
    environment.extend(std::env::var_os("PATH").map(|path| ("PATH".into(), path)));
    environment.extend(std::env::var_os("RUSTUP_TOOLCHAIN").map(|name| ("RUSTUP_TOOLCHAIN".into(), name)));
    environment.extend(rustup_home().map(|path| ("RUSTUP_HOME".into(), path.into())));
    environment
}

/// Where rustup's toolchains are, which cargo needs and which goes by `HOME` as a rule.
fn rustup_home() -> Option<PathBuf> {
    let usual = || Some(Path::new(&std::env::var_os("HOME")?).join(".rustup"));
    std::env::var_os("RUSTUP_HOME").map(PathBuf::from).or_else(usual).filter(|path| path.is_dir())
}

fn be_the_browser(bin: &Path) {
    std::fs::create_dir_all(bin).unwrap();
    for opener in ["xdg-open", "open"] {
        executable(&bin.join(opener), &format!("#!/bin/sh\nexec '{UNTOKEN}' demo-visit \"$1\"\n"));
    }
}

/// Writes a script that can be run.
pub(crate) fn executable(file: &Path, script: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::write(file, script).unwrap();
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).unwrap();
}
