//! `untoken demo`: a sandbox, a sample repository, a home of its own, and the very wizard on it.
//!
//! It cannot reach a real service: its environment is made anew, every address is on loopback, and its tools see no
//! credential but the sandbox's.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, ExitCode, Stdio};

use crate::cli::{Common, Demo as Args};
use crate::model::Registry;
use crate::output;
use crate::report::{Kind, Report};
use crate::runtime::{DemoLink, Named, Setup};
use crate::sandbox::{self, Fault, Sandbox, SandboxOptions};
use crate::tools::{Environment, Tools};
use crate::wizard::Demo;

/// Variables of this process that the demo keeps: how to find tools and how to speak to the terminal.
const KEPT: [&str; 18] = [
    "PATH",
    "TERM",
    "COLORTERM",
    "NO_COLOR",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TMPDIR",
    "TEMP",
    "TMP",
    "SystemRoot",
    "ACCESSIBLE",
    "RUSTUP_TOOLCHAIN",
    "CARGO_TARGET_DIR",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "SSH_CONNECTION",
];

/// The repository that the sample says it is.
const SLUG: &str = "acme/widgets";

/// The demo's places and environment.
struct Stage {
    sandbox: Sandbox,
    dir: PathBuf,
    environment: Vec<(OsString, OsString)>,
    token: String,
    left_out: Vec<String>,
    has_git: bool,
}

pub(super) async fn run(common: &Common, args: &Args) -> Result<ExitCode, Report> {
    let stage = set(args).await?;
    if args.serve {
        return serve(stage).await;
    }
    output::line(&format!("The demo's repository is {}", stage.dir.display()));
    for what in &stage.left_out {
        output::line(&format!("Left out on this machine: {what}."));
    }
    let environment =
        stage.environment.iter().fold(Environment::empty(), |all, (name, value)| all.with(name.clone(), value.clone()));
    let state_dir = stage.dir.with_file_name("state");
    let setup = Setup {
        dir: stage.dir.clone(),
        named: Named { repo: (!stage.has_git).then(|| SLUG.parse().ok()).flatten(), config: common.config.clone() },
        remote_only: false,
        offline: false,
        client_id: None,
        trusted_hosts: Vec::new(),
        environment,
        state_dir,
        demo: Some(DemoLink {
            notes: Demo {
                tokens: [(Registry::CratesIo, stage.token.clone())].into(),
                left_out: stage.left_out.clone(),
            },
        }),
    };
    let world = super::world(setup, common.verbose).await?;
    let code = super::wizard::converse(common, world).await;
    output::line(&format!("\nThe demo's repository stays at {}", stage.dir.display()));
    code
}

/// Prints where everything is, and serves until it is stopped.
async fn serve(stage: Stage) -> Result<ExitCode, Report> {
    let urls = stage.sandbox.urls();
    let env: serde_json::Map<String, serde_json::Value> = stage
        .environment
        .iter()
        .filter_map(|(name, value)| Some((name.to_str()?.to_owned(), value.to_str()?.into())))
        .collect();
    let line = serde_json::json!({
        "urls": {
            "github": urls.github, "github_api": urls.github_api, "crates_io": urls.crates_io,
            "crates_io_index": urls.crates_io_index, "npm": urls.npm, "pypi": urls.pypi,
            "jsr": urls.jsr, "jsr_api": urls.jsr_api, "rubygems": urls.rubygems,
            "pub_dev": urls.pub_dev, "nuget": urls.nuget,
        },
        "env": env,
        "dir": stage.dir,
        "crates_io_token": stage.token,
    });
    output::line(&line.to_string());
    stopped().await;
    Ok(ExitCode::SUCCESS)
}

#[cfg(unix)]
async fn stopped() {
    use tokio::signal::unix::{SignalKind, signal};
    if let (Ok(mut terminate), Ok(mut hangup)) = (signal(SignalKind::terminate()), signal(SignalKind::hangup())) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

#[cfg(not(unix))]
async fn stopped() {
    let _ = tokio::signal::ctrl_c().await;
}

async fn set(args: &Args) -> Result<Stage, Report> {
    let faults = args
        .fault
        .iter()
        .map(|text| Fault::parse(text))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Report::from_error(Kind::Usage, &error))?;
    let failed = |error: &(dyn std::error::Error + 'static)| {
        Report::from_error(Kind::User, error).hint("the demo needs a temporary folder and loopback ports")
    };
    let mut options = SandboxOptions { faults, ..SandboxOptions::default() };
    options.world.add_repositories(args.repositories.into());
    let sandbox = Sandbox::start(options).await.map_err(|e| failed(&e))?;
    // The folder stays after the demo: the person is told where, and can look at what was written.
    let root = tempfile::Builder::new().prefix("untoken-demo-").tempdir().map_err(|e| failed(&e))?.keep();
    let dir = root.join("widgets");
    sandbox::sample_repository(&dir).map_err(|e| failed(&e))?;
    let home = sandbox.write_home(&root.join("home")).map_err(|e| failed(&e))?;
    let token = sandbox.publisher_token();
    let own = std::env::current_exe().map_err(|e| failed(&e))?;
    let mut environment: Vec<(OsString, OsString)> =
        KEPT.iter().filter_map(|name| Some(((*name).into(), std::env::var_os(name)?))).collect();
    environment.extend(home.env.into_iter().map(|(name, value)| (name.into(), value)));
    environment.extend(sandbox.env().into_iter().map(|(name, value)| (name.into(), value.into())));
    environment.push(("UNTOKEN_STATE_DIR".into(), root.join("state").into()));
    environment.push(("UNTOKEN_SECRET_STORE".into(), "memory".into()));
    be_the_browser(&root.join("bin"), &own, &mut environment).map_err(|e| failed(&e))?;
    let known =
        environment.iter().fold(Environment::empty(), |all, (name, value)| all.with(name.clone(), value.clone()));
    let tools = Tools::find(known, &dir).await;
    let has_git = match &tools.git {
        Some(git) => make_repository(&git.path, &dir, &environment),
        None => false,
    };
    Ok(Stage { sandbox, dir, environment, token, left_out: left_out(&tools, has_git), has_git })
}

/// Puts an opener of our own first on PATH: npm opens its second factor's page with it, so that in the demo Enter at npm's
/// question is the visit. (`npm trust` of 11.19 does not mind npm's own `browser` setting.)
#[cfg(unix)]
fn be_the_browser(bin: &Path, own: &Path, environment: &mut [(OsString, OsString)]) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::create_dir_all(bin)?;
    let quoted = own.display().to_string().replace('\'', "'\\''");
    for opener in ["xdg-open", "open"] {
        let file = bin.join(opener);
        std::fs::write(&file, format!("#!/bin/sh\nexec '{quoted}' demo-visit \"$1\"\n"))?;
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755))?;
    }
    if let Some((_, path)) = environment.iter_mut().find(|(name, _)| name == "PATH") {
        let folders = std::iter::once(bin.to_owned()).chain(std::env::split_paths(path));
        *path = std::env::join_paths(folders).map_err(std::io::Error::other)?;
    }
    Ok(())
}

/// There, npm's page is opened by hand.
#[cfg(not(unix))]
fn be_the_browser(_bin: &Path, _own: &Path, _environment: &mut [(OsString, OsString)]) -> std::io::Result<()> {
    Ok(())
}

/// What this machine lacks for the whole demo.
fn left_out(tools: &Tools, has_git: bool) -> Vec<String> {
    let mut lacks = Vec::new();
    if !has_git {
        lacks.push("git is missing, so the sample is no git repository".to_owned());
    }
    if tools.cargo.is_none() {
        lacks.push("cargo is missing, so nothing can be published for the first time".to_owned());
    }
    match tools.npm.as_ref().map(|npm| npm.version.as_ref()) {
        None => lacks.push("npm is missing, so its publisher is set up on the web page".to_owned()),
        Some(Some(version)) if *version < semver::Version::new(11, 15, 0) => {
            lacks.push(format!("npm {version} is older than 11.15, so its publisher is set up on the web page"));
        }
        Some(_) => {}
    }
    lacks
}

/// Makes the sample a git repository with one commit and a remote.
fn make_repository(git: &Path, dir: &Path, environment: &[(OsString, OsString)]) -> bool {
    let run = |args: &[&str]| {
        Process::new(git)
            .current_dir(dir)
            .env_clear()
            .envs(environment.iter().cloned())
            .args(["-c", "user.name=mona", "-c", "user.email=mona@users.noreply.example", "-c", "commit.gpgsign=false"])
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    run(&["init", "--quiet", "--initial-branch=main"])
        && run(&["remote", "add", "origin", &format!("https://github.com/{SLUG}.git")])
        && run(&["add", "--all"])
        && run(&["commit", "--quiet", "--message=Widgets, as they are published today"])
}
