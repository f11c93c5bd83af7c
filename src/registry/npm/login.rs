//! Which credential npm would use: its own login, or a token in a variable. Only which: no value is kept, shown or returned.
//!
//! npm runs in a folder of untoken's own, so that of all .npmrc files only the person's counts (npm/cli docs, npmrc, 11.19.1).

use std::path::PathBuf;

use crate::model::Endpoint;
use crate::tools::Environment;

/// The largest file that is read, in bytes.
const LIMIT: u64 = 1 << 20;

/// The variable that the person's .npmrc takes the token for this registry from, if it is set. What stands in such a variable
/// is a granular token as a rule, and `npm trust` takes none (npm/cli issue 9957, reported 2026-09).
pub(super) async fn variable(environment: &Environment, registry: &Endpoint) -> Option<String> {
    let path = environment.get("NPM_CONFIG_USERCONFIG").or_else(|| environment.get("npm_config_userconfig"));
    let path = path.map(PathBuf::from).or_else(|| {
        Some(PathBuf::from(environment.get(if cfg!(windows) { "USERPROFILE" } else { "HOME" })?).join(".npmrc"))
    })?;
    let meta = tokio::fs::metadata(&path).await.ok()?;
    if !meta.is_file() || meta.len() > LIMIT {
        return None;
    }
    let text = secrecy::SecretString::from(tokio::fs::read_to_string(path).await.ok()?);
    let name = named(secrecy::ExposeSecret::expose_secret(&text), registry)?;
    environment.get(&name).is_some_and(|value| !value.is_empty()).then_some(name)
}

/// The variable in the registry's `_authToken` line; the last such line counts.
fn named(npmrc: &str, registry: &Endpoint) -> Option<String> {
    let own =
        registry.as_str().split_once("://").map(|(_, rest)| format!("//{}/:_authToken", rest.trim_end_matches('/')))?;
    let mut found = None;
    for line in npmrc.lines() {
        let Some((key, value)) = line.split_once('=') else { continue };
        if key.trim() == own {
            let inner = value.trim().trim_matches('"').strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
            found = inner.map(|name| name.trim_end_matches('?').to_owned());
        }
    }
    found.filter(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::registry::testing::real;

    #[tokio::test]
    async fn only_a_token_from_a_variable_is_told_and_never_its_value() {
        let home = tempfile::tempdir().unwrap();
        let with = |npmrc: &str, set: bool| {
            std::fs::write(home.path().join(".npmrc"), npmrc).unwrap();
            let environment = Environment::empty().with("HOME", home.path());
            if set { environment.with("NPM_TOKEN", "npm_not-a-real-token") } else { environment }
        };
        let line = "registry=https://registry.npmjs.org/\n//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n";
        for (npmrc, set, expected) in [
            (line, true, Some("NPM_TOKEN")),
            (line, false, None),
            ("//registry.npmjs.org/:_authToken=npm_not-a-real-token\n", true, None),
            ("//npm.pkg.github.com/:_authToken=${NPM_TOKEN}\n", true, None),
            ("//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n//registry.npmjs.org/:_authToken=npm_x\n", true, None),
        ] {
            let environment = with(npmrc, set);
            assert_eq!(variable(&environment, &real().npm).await.as_deref(), expected, "{npmrc}");
        }
    }
}
