//! Which registry: the name alone. What a registry wants and checks is in `crate::registry`.

use std::fmt;

use super::token_name::{self, TokenNames};

/// A package registry that untoken can take a package to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Registry {
    /// crates.io
    CratesIo,
    /// The npm registry
    Npm,
    /// PyPI
    Pypi,
    /// JSR
    Jsr,
    /// pub.dev
    PubDev,
    /// RubyGems.org
    RubyGems,
    /// NuGet.org
    Nuget,
}

/// monochange's types of package, each with its ecosystem and the registry that its packages go to (its
/// docs/src/guide/04-configuration.md at commit 4580ed6 of 1 May 2026).
pub const MONOCHANGE_TYPES: [(&str, &str, Registry); 6] = [
    ("cargo", "cargo", Registry::CratesIo),
    ("npm", "npm", Registry::Npm),
    ("python", "python", Registry::Pypi),
    ("deno", "deno", Registry::Jsr),
    ("dart", "dart", Registry::PubDev),
    ("flutter", "dart", Registry::PubDev),
];

impl Registry {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 7] =
        [Self::CratesIo, Self::Npm, Self::Pypi, Self::Jsr, Self::PubDev, Self::RubyGems, Self::Nuget];

    /// The name as its own people write it, for screens and sentences.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::CratesIo => "crates.io",
            Self::Npm => "npm",
            Self::Pypi => "PyPI",
            Self::Jsr => "JSR",
            Self::PubDev => "pub.dev",
            Self::RubyGems => "RubyGems",
            Self::Nuget => "NuGet",
        }
    }

    /// All titles as a choice within a sentence: `crates.io, npm … or NuGet`.
    #[must_use]
    pub fn choice() -> String {
        let titles = Self::ALL.map(Self::title);
        match titles.split_last() {
            Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
            None => String::new(),
        }
    }

    /// By which words its tokens are known.
    #[must_use]
    pub fn token_names(self) -> &'static TokenNames {
        match self {
            Self::CratesIo => &token_name::CRATES_IO,
            Self::Npm => &token_name::NPM,
            Self::Pypi => &token_name::PYPI,
            Self::Jsr => &token_name::JSR,
            Self::PubDev => &token_name::PUB_DEV,
            Self::RubyGems => &token_name::RUBY_GEMS,
            Self::Nuget => &token_name::NUGET,
        }
    }

    /// What a config file calls a package of it: `crates`, `npm`, `pypi`; in untoken.toml also `jsr`, `pub`, `gem`, `nuget`.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::CratesIo => "crates",
            Self::Npm => "npm",
            Self::Pypi => "pypi",
            Self::Jsr => "jsr",
            Self::PubDev => "pub",
            Self::RubyGems => "gem",
            Self::Nuget => "nuget",
        }
    }

    /// The one whose packages a config file calls so.
    #[must_use]
    pub fn of_kind(kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|registry| registry.kind() == kind)
    }

    /// All kinds, each with its registry.
    #[must_use]
    pub fn kinds() -> [(&'static str, Self); 7] {
        Self::ALL.map(|registry| (registry.kind(), registry))
    }

    /// The name in JSON and in files.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::CratesIo => "crates.io",
            Self::Npm => "npm",
            Self::Pypi => "pypi",
            Self::Jsr => "jsr",
            Self::PubDev => "pub.dev",
            Self::RubyGems => "rubygems",
            Self::Nuget => "nuget",
        }
    }
}

impl fmt::Display for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.title())
    }
}

impl serde::Serialize for Registry {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.label())
    }
}

impl<'de> serde::Deserialize<'de> for Registry {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::ALL
            .into_iter()
            .find(|r| r.label() == text)
            .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no registry that untoken knows")))
    }
}
