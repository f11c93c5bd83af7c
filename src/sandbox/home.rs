//! A home for the demo's tools: npm and cargo find there the sandbox's registries and its false tokens, and nothing of
//! the person's own.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::Sandbox;
use super::world::crates_io::{EndpointScope, TokenScopes};
use super::world::npm::TokenKind;

/// A home that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoHome {
    /// `HOME`.
    pub home: PathBuf,
    /// `CARGO_HOME`, with a token for the registry `untoken`.
    pub cargo_home: PathBuf,
    /// npm's user configuration, with a session for the sandbox's registry.
    pub npmrc: PathBuf,
    /// What a child process needs to live in this home. The rest of its environment should be left out.
    pub env: Vec<(&'static str, OsString)>,
}

/// Why a home could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {} for the demo; choose a folder that can be written", path.display())]
pub struct HomeError {
    /// What was to be written.
    path: PathBuf,
    /// What the system said.
    source: io::Error,
}

impl Sandbox {
    /// Writes a home for npm and cargo into `home`, with new tokens of the users who are signed in in the browser.
    ///
    /// # Errors
    /// [`HomeError`] when a file or folder can't be written.
    pub fn write_home(&self, home: &Path) -> Result<DemoHome, HomeError> {
        let (npm_token, cargo_token) = self.mint_session();
        let npm = &self.urls().npm;
        let index = &self.urls().crates_io_index;
        let cargo_home = home.join(".cargo");
        let npmrc = home.join(".npmrc");
        let npm_host = npm.trim_start_matches("http:");
        make(&cargo_home)?;
        private(
            &npmrc,
            &format!(
                "registry={npm}/\n{npm_host}/:_authToken={npm_token}\nfund=false\naudit=false\nupdate-notifier=false\n"
            ),
        )?;
        private(&cargo_home.join("credentials.toml"), &format!("[registries.untoken]\ntoken = \"{cargo_token}\"\n"))?;
        let mut env = vec![
            ("HOME", home.as_os_str().to_owned()),
            ("CARGO_HOME", cargo_home.as_os_str().to_owned()),
            ("CARGO_REGISTRIES_UNTOKEN_INDEX", format!("sparse+{index}/").into()),
            ("NPM_CONFIG_USERCONFIG", npmrc.as_os_str().to_owned()),
            ("NPM_CONFIG_GLOBALCONFIG", home.join("npmrc-global").into_os_string()),
            ("NPM_CONFIG_CACHE", home.join(".npm").into_os_string()),
            ("XDG_CACHE_HOME", home.join(".cache").into_os_string()),
            ("XDG_CONFIG_HOME", home.join(".config").into_os_string()),
            ("XDG_DATA_HOME", home.join(".local/share").into_os_string()),
            ("XDG_STATE_HOME", home.join(".local/state").into_os_string()),
        ];
        env.extend(rustup_home().map(|path| ("RUSTUP_HOME", path.into_os_string())));
        Ok(DemoHome { home: home.to_owned(), cargo_home, npmrc, env })
    }

    /// A token of crates.io that may add trusted publishers, and nothing else: what a person makes on its token page.
    #[must_use]
    pub fn publisher_token(&self) -> String {
        let mut world = self.world();
        let user = world.crates_io.browser_user.clone();
        let scopes = TokenScopes::Scoped { endpoints: vec![EndpointScope::TrustedPublishing], crates: Vec::new() };
        world.crates_io.add_token(&user, scopes)
    }

    /// A session of npm and a token of crates.io that may publish.
    fn mint_session(&self) -> (String, String) {
        let mut world = self.world();
        let npm_user = world.npm.browser_user.clone();
        let npm_token = world.npm.add_token(&npm_user, TokenKind::Session);
        let cargo_user = world.crates_io.browser_user.clone();
        let scopes = TokenScopes::Scoped {
            endpoints: vec![EndpointScope::PublishNew, EndpointScope::PublishUpdate],
            crates: Vec::new(),
        };
        (npm_token, world.crates_io.add_token(&cargo_user, scopes))
    }
}

/// Where rustup keeps its toolchains: without it, its `cargo` would install one anew into the demo's home.
fn rustup_home() -> Option<PathBuf> {
    let named = std::env::var_os("RUSTUP_HOME").map(PathBuf::from);
    let usual = std::env::var_os("HOME").map(|home| Path::new(&home).join(".rustup"));
    named.or(usual).filter(|path| path.is_dir())
}

fn make(path: &Path) -> Result<(), HomeError> {
    fs::create_dir_all(path).map_err(|source| HomeError { path: path.to_owned(), source })
}

/// Writes a file that only its owner can read: the tokens are false, the habit is not.
fn private(path: &Path, text: &str) -> Result<(), HomeError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|source| HomeError { path: path.to_owned(), source })
}
