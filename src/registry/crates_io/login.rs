//! Whether cargo has a credential. Only whether: no token is kept, shown or returned.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::rules::RULES;
use super::{REPLACED, REPLACED_TOKEN};
use crate::registry::Login;
use crate::tools::Environment;

/// The largest file that is read, in bytes.
const LIMIT: u64 = 1 << 20;

#[derive(Deserialize, Default)]
struct Credentials {
    registry: Option<Section>,
    #[serde(default)]
    registries: std::collections::BTreeMap<String, Section>,
}

/// A part of cargo's credentials or config. What stands in it is passed over: it is there, or not.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Section {
    token: Option<IgnoredAny>,
    credential_provider: Option<IgnoredAny>,
    global_credential_providers: Option<IgnoredAny>,
}

/// Looks where cargo looks. `replaced`: for the registry that cargo is told to call `untoken`.
pub(super) async fn look(environment: &Environment, replaced: bool) -> Login {
    let (registry, variables) =
        if replaced { (REPLACED, &[REPLACED_TOKEN][..]) } else { ("crates-io", RULES.token_variables) };
    if let Some(name) = variables.iter().find(|name| environment.get(name).is_some_and(|value| !value.is_empty())) {
        return Login::Present((*name).to_owned());
    }
    let is_own = |name: &str| name == registry;
    if let Some(home) = cargo_home(environment) {
        for file in ["credentials.toml", "credentials"] {
            let path = home.join(file);
            let held = read(&path).await;
            let global = held.registry.as_ref().filter(|_| !replaced);
            let mut sections =
                held.registries.iter().filter(|(name, _)| is_own(name)).map(|(_, section)| section).chain(global);
            if sections.any(|section| section.token.is_some()) {
                return Login::Present(format!("a token in {}", path.display()));
            }
        }
        let config = read(&home.join("config.toml")).await;
        let own = config.registries.iter().any(|(name, section)| is_own(name) && section.credential_provider.is_some());
        let all = config.registry.is_some_and(|section| {
            section.global_credential_providers.is_some() || (!replaced && section.credential_provider.is_some())
        });
        if own || all {
            return Login::Present("a credential provider of cargo's".to_owned());
        }
    }
    Login::Absent { how: format!("cargo login --registry {registry}") }
}

fn cargo_home(environment: &Environment) -> Option<PathBuf> {
    let set = |name: &str| environment.get(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("CARGO_HOME").or_else(|| Some(set(if cfg!(windows) { "USERPROFILE" } else { "HOME" })?.join(".cargo")))
}

/// What cannot be read counts as empty: the worst is to be asked to log in once more.
async fn read(path: &Path) -> Credentials {
    let Ok(meta) = tokio::fs::metadata(path).await else { return Credentials::default() };
    if !meta.is_file() || meta.len() > LIMIT {
        return Credentials::default();
    }
    let text = tokio::fs::read_to_string(path).await.map(SecretString::from);
    text.ok().and_then(|text| toml_edit::de::from_str(text.expose_secret()).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    async fn with(files: &[(&str, &str)], replaced: bool) -> Login {
        let home = tempfile::tempdir().unwrap();
        for (file, text) in files {
            std::fs::write(home.path().join(file), text).unwrap();
        }
        look(&Environment::empty().with("CARGO_HOME", home.path()), replaced).await
    }

    #[tokio::test]
    async fn a_token_is_seen_and_never_told() {
        let token = "[registry]\ntoken = \"cio-sandbox-not-a-token\"\n";
        for file in ["credentials.toml", "credentials"] {
            let Login::Present(what) = with(&[(file, token)], false).await else { panic!("{file} was not seen") };
            assert!(what.ends_with(file) && !what.contains("not-a-token"), "{what}");
        }
        assert_eq!(
            with(&[("credentials.toml", token)], true).await,
            Login::Absent { how: "cargo login --registry untoken".to_owned() },
            "the real registry's token is none of a replaced one"
        );
        let replaced = "[registries.untoken]\ntoken = \"cio-sandbox-not-a-token\"\n";
        assert!(matches!(with(&[("credentials.toml", replaced)], true).await, Login::Present(_)));
        assert!(matches!(with(&[("credentials.toml", replaced)], false).await, Login::Absent { .. }));
    }

    #[tokio::test]
    async fn a_provider_may_hold_one_and_broken_files_hold_none() {
        let provider = "[registry]\nglobal-credential-providers = [\"cargo:libsecret\"]\n";
        assert!(matches!(with(&[("config.toml", provider)], false).await, Login::Present(_)));
        assert!(matches!(with(&[("credentials.toml", "[registry\ntoken")], false).await, Login::Absent { .. }));
    }

    #[tokio::test]
    async fn a_variable_is_a_login_of_its_own_registry_alone() {
        let environment = Environment::empty().with("CARGO_REGISTRY_TOKEN", "cio-sandbox-not-a-token");
        assert_eq!(look(&environment, false).await, Login::Present("CARGO_REGISTRY_TOKEN".to_owned()));
        assert!(matches!(look(&environment, true).await, Login::Absent { .. }));
    }
}
