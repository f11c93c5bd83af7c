//! Newtypes for the names that travel through untoken, each checked once where it enters.
//!
//! A value of these types is safe to show and to compare. It is not yet escaped for a URL, a shell or a TOML file: that
//! belongs to the place that writes it.

use std::fmt;

use super::text::is_hostile;

/// Why a text is no name of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing was there.
    #[error("the {0} is empty")]
    Empty(&'static str),
    /// Longer than any registry or GitHub allows.
    #[error("the {what} is longer than {max} characters")]
    TooLong {
        /// What was being read.
        what: &'static str,
        /// The limit, in characters.
        max: usize,
    },
    /// A control, bidi, zero-width or otherwise impossible character.
    #[error("the {what} contains {found:?}, which no {what} can")]
    Character {
        /// What was being read.
        what: &'static str,
        /// The offending character.
        found: char,
    },
    /// Of another form altogether.
    #[error("the {what} must be {form}")]
    Form {
        /// What was being read.
        what: &'static str,
        /// The form it must have.
        form: &'static str,
    },
}

fn checked(what: &'static str, max: usize, text: &str, allowed: impl Fn(char) -> bool) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty(what));
    }
    if text.chars().count() > max {
        return Err(NameError::TooLong { what, max });
    }
    match text.chars().find(|&c| is_hostile(c) || !allowed(c)) {
        Some(found) => Err(NameError::Character { what, found }),
        None => Ok(()),
    }
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                Self::new(text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = String::deserialize(d)?;
                Self::new(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

name! {
    /// A package's name as its registry spells it (`widgets-core`, `@acme/widgets`).
    PackageName
}

impl PackageName {
    /// At most 214 characters (npm's limit, the largest of all), no blanks.
    pub fn new(text: &str) -> Result<Self, NameError> {
        checked("package name", 214, text, |c| !c.is_whitespace())?;
        Ok(Self(text.to_owned()))
    }
}

name! {
    /// The bare filename of a workflow, as registries want it: `release.yml`, never a path.
    WorkflowFile
}

impl WorkflowFile {
    /// A filename that ends in `.yml` or `.yaml`.
    pub fn new(text: &str) -> Result<Self, NameError> {
        let form = NameError::Form { what: "workflow", form: "a bare filename that ends in .yml or .yaml" };
        if text.contains(['/', '\\']) || !(text.ends_with(".yml") || text.ends_with(".yaml")) {
            return Err(form);
        }
        checked("workflow filename", 255, text, |_| true)?;
        Ok(Self(text.to_owned()))
    }

    /// Where GitHub looks for it.
    #[must_use]
    pub fn path(&self) -> RelPath {
        RelPath(format!(".github/workflows/{}", self.0))
    }
}

name! {
    /// A GitHub deployment environment's name, in the spelling that was read.
    EnvironmentName
}

impl EnvironmentName {
    /// At most 255 characters. What a registry refuses beyond that is the registry's own rule.
    pub fn new(text: &str) -> Result<Self, NameError> {
        checked("environment name", 255, text, |_| true)?;
        Ok(Self(text.to_owned()))
    }

    /// GitHub's environments ignore case (crates.io and PyPI do too; npm does not).
    #[must_use]
    pub fn same_on_github(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

name! {
    /// The name of an Actions secret, upper-cased: GitHub ignores its case and shows it so.
    SecretName
}

impl SecretName {
    /// Letters, digits and underscores, not starting with a digit.
    pub fn new(text: &str) -> Result<Self, NameError> {
        checked("secret name", 255, text, |c| c.is_ascii_alphanumeric() || c == '_')?;
        if text.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(NameError::Form {
                what: "secret name",
                form: "letters, digits and underscores, not starting with a digit",
            });
        }
        Ok(Self(text.to_ascii_uppercase()))
    }
}

name! {
    /// The id of a job in a workflow file.
    JobId
}

impl JobId {
    /// Any id GitHub would take, and the odd ones that it would not: they are only shown.
    pub fn new(text: &str) -> Result<Self, NameError> {
        checked("job id", 255, text, |_| true)?;
        Ok(Self(text.to_owned()))
    }
}

name! {
    /// A path inside the checkout: forward slashes, relative, without `..`. The root itself is the empty text.
    RelPath
}

impl RelPath {
    /// Normalises `./` and doubled slashes away; refuses absolute paths and `..`.
    pub fn new(text: &str) -> Result<Self, NameError> {
        let form = NameError::Form { what: "path", form: "relative and inside the checkout" };
        if text.starts_with('/') || text.contains('\\') {
            return Err(form);
        }
        let mut parts = Vec::new();
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." => return Err(form),
                part => parts.push(part),
            }
        }
        let joined = parts.join("/");
        if !joined.is_empty() {
            checked("path", 4096, &joined, |_| true)?;
        }
        Ok(Self(joined))
    }

    /// The checkout itself.
    #[must_use]
    pub fn root() -> Self {
        Self(String::new())
    }

    /// Whether this is the checkout itself.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// A path below this one; the same rules as [`RelPath::new`].
    pub fn join(&self, below: &str) -> Result<Self, NameError> {
        if self.is_root() { Self::new(below) } else { Self::new(&format!("{}/{below}", self.0)) }
    }

    /// The folder that holds it; the root's parent is the root.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.0.rsplit_once('/').map_or("", |(dir, _)| dir).to_owned())
    }

    /// Its last part.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }
}

name! {
    /// The login of an organisation on GitHub.
    OrganizationName
}

impl OrganizationName {
    /// By the rule of a repository's owner.
    pub fn new(text: &str) -> Result<Self, NameError> {
        checked("organisation", 255, text, |c| c.is_ascii_alphanumeric() || c == '-' || c == '_')?;
        if text.starts_with('-') {
            return Err(NameError::Form { what: "organisation", form: "the name that stands in its address" });
        }
        Ok(Self(text.to_owned()))
    }
}

/// `owner/name` on GitHub, in the spelling that was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoSlug {
    owner: String,
    name: String,
}

impl RepoSlug {
    /// Owner: letters, digits, hyphens. Name: also dots and underscores. (crates.io's and GitHub's own rule.)
    pub fn new(owner: &str, name: &str) -> Result<Self, NameError> {
        checked("repository owner", 255, owner, |c| c.is_ascii_alphanumeric() || c == '-' || c == '_')?;
        checked("repository name", 255, name, |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))?;
        if owner.starts_with('-') || matches!(name, "." | "..") {
            return Err(NameError::Form { what: "repository", form: "owner/name" });
        }
        Ok(Self { owner: owner.to_owned(), name: name.to_owned() })
    }

    /// The account that owns it.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The repository's name without its owner.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// GitHub ignores case; some registries do not (their rules say so).
    #[must_use]
    pub fn same_on_github(&self, other: &Self) -> bool {
        self.owner.eq_ignore_ascii_case(&other.owner) && self.name.eq_ignore_ascii_case(&other.name)
    }
}

impl fmt::Display for RepoSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

impl std::str::FromStr for RepoSlug {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        match text.split_once('/') {
            Some((owner, name)) => Self::new(owner, name),
            None => Err(NameError::Form { what: "repository", form: "owner/name" }),
        }
    }
}

impl serde::Serialize for RepoSlug {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for RepoSlug {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workflow_is_a_bare_filename() {
        assert_eq!(
            WorkflowFile::new("release.yml").map(|w| w.path().to_string()),
            Ok(".github/workflows/release.yml".into())
        );
        for bad in [".github/workflows/release.yml", "release", "", "a\u{202e}b.yml", "a\n.yml"] {
            assert!(WorkflowFile::new(bad).is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn a_path_never_leaves_the_checkout() {
        assert_eq!(RelPath::new("./crates//core/").map(|p| p.to_string()), Ok("crates/core".into()));
        for bad in ["../x", "a/../../x", "/etc/passwd", "a\\b", "a\u{7}b"] {
            assert!(RelPath::new(bad).is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn repositories_compare_as_github_does() {
        let [a, b, c] = ["Acme/Widgets", "acme/widgets", "acme/widget"].map(|s| s.parse::<RepoSlug>().ok());
        assert!(a.as_ref().zip(b.as_ref()).is_some_and(|(a, b)| a.same_on_github(b) && a != b));
        assert!(a.zip(c).is_some_and(|(a, c)| !a.same_on_github(&c)));
    }
}
