//! Which names of secrets and variables are taken for those of a registry's token. Everybody who judges by a name asks here:
//! the reading of workflows, the plan, the audit of secrets.
//!
//! A name is only a sign. What a workflow does with a secret goes before what it is called.

/// The words by which people name the tokens of one registry, lower-case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenNames {
    /// The registry itself and its own client. Each is a sign by itself.
    words: &'static [&'static str],
    /// Other clients that publish there. Signs in the name of a secret alone: an action is called after a client for many
    /// reasons.
    clients: &'static [&'static str],
    /// What its packages are written in: a sign only beside a word of credentials or of publishing.
    languages: &'static [&'static str],
}

pub(super) const CRATES_IO: TokenNames =
    TokenNames { words: &["crates", "crate", "cratesio", "cargo"], clients: &[], languages: &["rust"] };
pub(super) const NPM: TokenNames = TokenNames {
    words: &["npm", "npmjs"],
    clients: &["pnpm", "yarn"],
    languages: &["node", "js", "javascript", "typescript"],
};
pub(super) const PYPI: TokenNames = TokenNames {
    words: &["pypi"],
    clients: &["twine", "poetry", "flit", "hatch", "maturin", "pdm", "uv"],
    languages: &["python", "py", "wheel", "wheels"],
};
pub(super) const JSR: TokenNames = TokenNames { words: &["jsr"], clients: &[], languages: &["deno"] };
pub(super) const PUB_DEV: TokenNames =
    TokenNames { words: &["pub", "pubdev"], clients: &[], languages: &["dart", "flutter"] };
pub(super) const RUBY_GEMS: TokenNames =
    TokenNames { words: &["gem", "gems", "rubygems"], clients: &[], languages: &["ruby"] };
pub(super) const NUGET: TokenNames = TokenNames { words: &["nuget"], clients: &[], languages: &["dotnet"] };

/// Words of credentials.
const CREDENTIALS: [&str; 6] = ["token", "key", "password", "credentials", "auth", "apikey"];
/// Last words by which a name is that of a person, whatever else is in it.
const PERSONS: [&str; 5] = ["user", "username", "login", "email", "name"];
/// Last words by which a name without a word of credentials is that of a place or a setting.
const SETTINGS: [&str; 9] = ["url", "registry", "repository", "scope", "org", "index", "host", "source", "version"];
/// Names that are one word whatever their capitals.
const SPELLED: [&str; 6] = ["NuGet", "PyPI", "PyPi", "RubyGems", "GitHub", "MyGet"];
/// Words that often end another one, of three letters at least, without a mark between them.
const ENDS: [&str; 3] = ["apikey", "token", "password"];

impl TokenNames {
    /// The word by which the name of a secret (or of a variable that holds one) is taken for that of a token of this
    /// registry. A user name is no token, a public key is nothing of pub.dev's, and a token for PyPI's registry for trials is
    /// none for PyPI.
    #[must_use]
    pub fn sign_in(&self, name: &str) -> Option<&'static str> {
        let parts = parts(name);
        let last = parts.last().map(String::as_str).unwrap_or_default();
        let credential = has_credential(&parts);
        if PERSONS.contains(&last) || !credential && SETTINGS.contains(&last) {
            return None;
        }
        let languages = self.languages.iter().filter(|word| credential && word.len() > 2);
        let mut known = self.words.iter().chain(self.clients).chain(languages);
        known.find(|word| parts.iter().enumerate().any(|(at, part)| part == *word && !is_other(&parts, at))).copied()
    }

    /// Whether a word, lower-case, means this registry or its language: the kind of a package, a part of a file's name.
    #[must_use]
    pub fn mean(&self, word: &str) -> bool {
        self.words.contains(&word) || self.languages.contains(&word)
    }

    /// Whether the name of an action or a program has a word of this registry or its language in it.
    #[must_use]
    pub fn are_in(&self, name: &str) -> bool {
        name_parts(name).any(|part| part.len() > 2 && self.mean(&part))
    }
}

/// A word that means something else by its neighbour.
fn is_other(parts: &[String], at: usize) -> bool {
    let near = |index: Option<usize>| index.and_then(|index| parts.get(index)).map(String::as_str);
    match parts[at].as_str() {
        "pub" => near(Some(at + 1)) == Some("key"),
        "pypi" => near(at.checked_sub(1)) == Some("test") || near(Some(at + 1)) == Some("test"),
        _ => false,
    }
}

/// Whether a name of a variable, an input or a secret is that of a credential.
#[must_use]
pub fn says_credential(name: &str) -> bool {
    has_credential(&parts(name))
}

fn has_credential(parts: &[String]) -> bool {
    parts.iter().any(|part| CREDENTIALS.contains(&part.as_str()))
}

fn parts(name: &str) -> Vec<String> {
    name_parts(name).collect()
}

/// The words of a name, lower-case: `NPM_TOKEN`, `npm-token`, `npmToken` and `NPMTOKEN` have the same two.
pub fn name_parts(name: &str) -> impl Iterator<Item = String> {
    let mut name = name.to_owned();
    for one in SPELLED {
        name = name.replace(one, &format!("-{}-", one.to_ascii_lowercase()));
    }
    let mut parts: Vec<String> = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() || small && c.is_ascii_uppercase() {
            parts.push(String::new());
        }
        small = c.is_ascii_lowercase() || c.is_ascii_digit();
        if c.is_ascii_alphanumeric() {
            parts.last_mut().into_iter().for_each(|part| part.push(c.to_ascii_lowercase()));
        }
    }
    parts.into_iter().filter(|part| !part.is_empty()).flat_map(|part| {
        let end = ENDS.into_iter().find(|end| part.len() > end.len() + 2 && part.ends_with(end));
        let (before, end) = part.split_at(part.len() - end.map_or(0, str::len));
        [before.to_owned(), end.to_owned()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>()
    })
}

#[cfg(test)]
mod tests {
    use crate::model::Registry;

    fn registries(name: &str) -> Vec<Registry> {
        Registry::ALL.into_iter().filter(|registry| registry.token_names().sign_in(name).is_some()).collect()
    }

    #[test]
    fn names_that_real_repositories_use_are_known() {
        for (registry, names) in [
            (
                Registry::CratesIo,
                "CARGO_REGISTRY_TOKEN CRATES_TOKEN CRATES_IO_TOKEN CRATES_IO_DOCTOR_TOKEN CARGO_PUBLISH_TOKEN CARGO_LOGIN_KEY",
            ),
            (Registry::Npm, "NPM_TOKEN NODE_AUTH_TOKEN NPM_TOKEN_LEGACY ORG_NPM_PUBLISH_KEY NPMJS_TOKEN NPMTOKEN"),
            (
                Registry::Pypi,
                "PYPI_API_TOKEN TWINE_PASSWORD PYPI_TOKEN_DIST POETRY_PYPI_TOKEN_PYPI MATURIN_PYPI_TOKEN UV_PUBLISH_TOKEN \
                 FLIT_PASSWORD HATCH_INDEX_AUTH PYPI_PASSWORD POETRY_HTTP_BASIC_PYPI_PASSWORD PYPIPASSWORD",
            ),
            (Registry::Nuget, "NUGET_API_KEY NUGET_TOKEN NUGETAPIKEY"),
            (Registry::RubyGems, "GEM_HOST_API_KEY RUBYGEMS_API_KEY RUBYGEMS_AUTH_TOKEN"),
            (Registry::PubDev, "PUB_CREDENTIALS PUB_DEV_CREDENTIALS PUB_TOKEN"),
            (Registry::Jsr, "JSR_TOKEN"),
        ] {
            for name in names.split_whitespace() {
                assert_eq!(registries(name), [registry], "{name}");
            }
        }
    }

    #[test]
    fn what_is_no_token_is_not_taken_for_one() {
        for name in
            "TWINE_USERNAME POETRY_HTTP_BASIC_PYPI_USERNAME NPM_USER NPM_TOKEN_NAME PYPI_URL NPM_REGISTRY NODE_ENV \
                     GPG_PUB_KEY TEST_PYPI_API_TOKEN TESTPYPI_TOKEN DOCKER_TOKEN GITHUB_TOKEN CARGO_REGISTRIES_UNTOKEN_INDEX RUST_LOG CODECOV_TOKEN"
                .split_whitespace()
        {
            assert_eq!(registries(name), [], "{name}");
        }
    }
}
