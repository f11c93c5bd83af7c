//! Which files on a machine hold a registry's token, and for which registry each token is. The token itself never leaves
//! here: a parser's answer is a list of destinations.
//!
//! Parsers are lenient: what they do not understand holds nothing that they could tell.

mod parse;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use crate::model::{Destination, RelPath};

/// A credential file that holds a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialFile {
    /// Its path as a person would write it: `~/.npmrc`, or relative to the checkout.
    pub path: String,
    /// Whether git tracks it: then everybody who has the repository has the token.
    pub tracked: bool,
    /// What its tokens are for.
    pub holds: Vec<Destination>,
}

/// The forms of credential files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// cargo's `credentials.toml`.
    Cargo,
    /// npm's `.npmrc`.
    Npmrc,
    /// Python's `.pypirc`.
    Pypirc,
    /// RubyGems' `credentials`.
    Gem,
    /// NuGet's `NuGet.Config`.
    Nuget,
    /// Dart's sign-in: one account for pub.dev.
    PubLogin,
    /// Dart's tokens for other servers.
    PubTokens,
}

impl Form {
    /// Which tokens a file of this form holds. A reference to a variable is none.
    #[must_use]
    pub fn holds(self, bytes: &[u8]) -> Vec<Destination> {
        let text = String::from_utf8_lossy(bytes);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let mut found = match self {
            Self::Cargo => parse::cargo(text),
            Self::Npmrc => parse::npmrc(text),
            Self::Pypirc => parse::pypirc(text),
            Self::Gem => parse::gem(text),
            Self::Nuget => parse::nuget(text),
            Self::PubLogin => parse::pub_login(text),
            Self::PubTokens => parse::pub_tokens(text),
        };
        found.sort();
        found.dedup();
        found
    }

    /// The form of a file of the checkout that may hold a token, by its name.
    #[must_use]
    pub fn in_checkout(path: &RelPath) -> Option<Self> {
        match path.file_name() {
            ".npmrc" => Some(Self::Npmrc),
            ".pypirc" => Some(Self::Pypirc),
            name if name.eq_ignore_ascii_case("nuget.config") => Some(Self::Nuget),
            _ => None,
        }
    }
}

/// Where the clients of the registries keep credentials for this user. `variable` looks up the environment.
#[must_use]
pub fn of_user(variable: &dyn Fn(&str) -> Option<PathBuf>) -> Vec<(Form, PathBuf)> {
    let set = |name: &str| variable(name).filter(|path| !path.as_os_str().is_empty());
    let Some(home) = set(if cfg!(windows) { "USERPROFILE" } else { "HOME" }) else { return Vec::new() };
    let or = |name: &str, below: &str| set(name).unwrap_or_else(|| home.join(below));
    let cargo = or("CARGO_HOME", ".cargo");
    let config = or("XDG_CONFIG_HOME", ".config");
    let data = or("XDG_DATA_HOME", ".local/share");
    let npmrc = set("NPM_CONFIG_USERCONFIG").or_else(|| set("npm_config_userconfig"));
    let dart = match std::env::consts::OS {
        "macos" => home.join("Library/Application Support/dart"),
        "windows" => set("APPDATA").unwrap_or_else(|| home.clone()).join("dart"),
        _ => config.join("dart"),
    };
    let mut files = vec![
        (Form::Cargo, cargo.join("credentials.toml")),
        (Form::Cargo, cargo.join("credentials")),
        (Form::Npmrc, npmrc.unwrap_or_else(|| home.join(".npmrc"))),
        (Form::Pypirc, home.join(".pypirc")),
        (Form::Gem, home.join(".gem/credentials")),
        (Form::Gem, data.join("gem/credentials")),
        (Form::Nuget, home.join(".nuget/NuGet/NuGet.Config")),
        (Form::Nuget, config.join("NuGet/NuGet.Config")),
        (Form::PubLogin, dart.join("pub-credentials.json")),
        (Form::PubLogin, or("PUB_CACHE", ".pub-cache").join("credentials.json")),
        (Form::PubTokens, dart.join("pub-tokens.json")),
    ];
    files.extend(set("APPDATA").map(|folder| (Form::Nuget, folder.join("NuGet/NuGet.Config"))));
    files
}
