//! What may stand in a generated file. A name that would mean something to a shell, to YAML or to GitHub's expressions is
//! refused: nobody has such names for good reasons, and a publishing workflow is no place to be clever.

use std::str::FromStr;

use crate::model::{Package, RelPath};

/// Why a name is not written into a workflow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameRefused {
    /// Nothing.
    #[error("it is empty")]
    Empty,
    /// A character that can't stand in a script.
    #[error("{0:?} in it could mean something to a shell")]
    Character(char),
    /// It would be read as an option.
    #[error("it begins like an option")]
    Option,
    /// GitHub would evaluate it.
    #[error("it holds an expression of GitHub's (`${{{{`)")]
    Expression,
    /// Of another form.
    #[error("it must be {0}")]
    Form(&'static str),
}

/// Letters, digits and what names and paths have besides; no blank, no quote, nothing of a shell's.
fn plain(text: &str, more: &str) -> Result<(), NameRefused> {
    if text.is_empty() {
        return Err(NameRefused::Empty);
    }
    if let Some(odd) = text.chars().find(|&c| !(c.is_ascii_alphanumeric() || "._-".contains(c) || more.contains(c))) {
        return Err(NameRefused::Character(odd));
    }
    if text.split('/').any(|part| part.starts_with('-')) { Err(NameRefused::Option) } else { Ok(()) }
}

/// Whether a package's name and folder can stand in a script as they are.
pub(super) fn check(package: &Package) -> Result<(), NameRefused> {
    plain(package.id.name.as_str(), "@/~")?;
    plain(package.manifest.as_str(), "@/+~")
}

/// Whether a folder can.
pub(super) fn folder(folder: &RelPath) -> Result<(), NameRefused> {
    if folder.is_root() { Ok(()) } else { plain(folder.as_str(), "@/+~") }
}

/// A text as a value of YAML: bare where that can mean nothing else, else in double quotes.
pub(super) fn yaml(text: &str) -> Result<String, NameRefused> {
    const WORDS: [&str; 10] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "~"];
    if text.contains("${{") {
        return Err(NameRefused::Expression);
    }
    let word = WORDS.contains(&text.to_ascii_lowercase().as_str());
    let bare = plain(text, "").is_ok() && text.starts_with(|c: char| c.is_ascii_alphabetic()) && !word;
    // A text of JSON is one of YAML too.
    Ok(if bare { text.to_owned() } else { serde_json::Value::from(text).to_string() })
}

/// The account on NuGet.org that made the policy: a person's, not an organisation's, and no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NugetUser(String);

impl NugetUser {
    /// The name as it is.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for NugetUser {
    type Err = NameRefused;

    fn from_str(text: &str) -> Result<Self, NameRefused> {
        plain(text, "")?;
        // It stands as a value of YAML, where a number or `no` would be no text.
        yaml(text).map(Self)
    }
}

/// A program of the project, or one of its files to run: `untoken`, `.ci/run`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program(String);

impl Program {
    /// The name as it is.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Program {
    type Err = NameRefused;

    fn from_str(text: &str) -> Result<Self, NameRefused> {
        plain(text, "/")?;
        Ok(Self(text.to_owned()))
    }
}

/// A registry of cargo's beside crates.io that gives tokens for OIDC in the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CargoRegistry {
    name: String,
    url: url::Url,
}

impl CargoRegistry {
    /// The name that the project's `.cargo/config.toml` gives it, and the address at which tokens are exchanged.
    ///
    /// # Errors
    ///
    /// The name is none of cargo's, or the address is no plain one of https.
    pub fn new(name: &str, url: &str) -> Result<Self, NameRefused> {
        plain(name, "").and(if name.contains('.') { Err(NameRefused::Character('.')) } else { Ok(()) })?;
        let form = NameRefused::Form("an address of https without a user, a query or a fragment");
        let odd = |url: &url::Url| {
            url.scheme() != "https"
                || !url.username().is_empty()
                || url.password().is_some()
                || url.query().is_some()
                || url.fragment().is_some()
        };
        let parsed = url::Url::parse(url).ok().filter(|url| !odd(url)).ok_or_else(|| form.clone())?;
        plain(parsed.as_str(), ":/").map_err(|_| form)?;
        Ok(Self { name: name.to_owned(), url: parsed })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Without the slash at its end.
    pub(super) fn url(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    /// The variable that cargo takes its token from.
    pub(super) fn token_variable(&self) -> String {
        format!("CARGO_REGISTRIES_{}_TOKEN", self.name.to_ascii_uppercase().replace('-', "_"))
    }
}
