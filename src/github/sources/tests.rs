#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use secrecy::ExposeSecret as _;

use super::*;
use crate::github::ClientId;
use crate::secret_store::Memory;

fn real() -> Endpoints {
    Endpoints::resolve(|_| None, &[]).unwrap()
}

fn loopback() -> Endpoints {
    let only_site = |name: &str| (name == "UNTOKEN_GITHUB_URL").then(|| "http://127.0.0.1:9".to_owned());
    Endpoints::resolve(only_site, &[]).unwrap()
}

fn env(name: &str) -> Option<String> {
    match name {
        "GH_TOKEN" => Some(" ".to_owned()),
        "GITHUB_TOKEN" => Some("ghp_real-not-a-token\n".to_owned()),
        "UNTOKEN_GITHUB_TOKEN" => Some("ghp_sandbox-not-a-token".to_owned()),
        _ => None,
    }
}

#[test]
fn each_github_has_its_own_variables() {
    let token = |endpoints| from_environment(&env, &endpoints).unwrap();
    let (real, loopback) = (token(real()), token(loopback()));
    assert_eq!(real.source, TokenSource::Environment("GITHUB_TOKEN"), "an empty variable counts as unset");
    assert_eq!(real.secret.expose_secret(), "ghp_real-not-a-token");
    assert_eq!(loopback.source, TokenSource::Environment("UNTOKEN_GITHUB_TOKEN"));
    assert!(from_environment(&|_| None, &self::real()).is_none());
}

#[tokio::test]
async fn a_sign_in_is_kept_for_the_host_that_it_was_made_at() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = Arc::new(Memory::default());
    let store = |endpoints: &Endpoints| TokenStore::new(secrets.clone(), folder.path(), endpoints);
    let mine = Token {
        client_id: ClientId::choose(Some("Iv1"), None).ok(),
        ..Token::new("ghu_not-a-token".into(), TokenSource::Device)
    };
    store(&real()).save(&mine).await.unwrap();
    let gh = Tool { name: "gh", path: "/usr/bin/gh".into(), version: None };
    let at = async |endpoints: Endpoints| probe(&env, Some(&store(&endpoints)), Some(&gh), &endpoints).await;
    let (environment, withheld) = (Some("GITHUB_TOKEN"), Some("UNTOKEN_GITHUB_TOKEN"));
    assert_eq!(at(real()).await, Sources { environment, withheld, stored: true, gh: true });
    assert_eq!(
        at(loopback()).await,
        Sources { environment: withheld, withheld: environment, stored: false, gh: false },
        "an overridden site alone is enough: what renews a token goes there"
    );
}

#[cfg(unix)]
mod gh {
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use super::*;
    use crate::tools::Environment;

    async fn tools(world: &Path, script: &str) -> Tools {
        let file = world.join("gh");
        std::fs::write(&file, format!("#!/bin/sh\n[ \"$1\" = --version ] && exit\n{script}\n")).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        let environment = Environment::empty().with("PATH", world).with("GH_TOKEN", "ghp_env-not-a-token");
        Tools::find(environment, Path::new("/nowhere")).await
    }

    #[tokio::test]
    async fn gh_is_asked_for_its_own_login() {
        let world = tempfile::tempdir().unwrap();
        let tools = tools(world.path(), r#"[ "$*" = "auth token --hostname github.com" ] && echo gho_${GH_TOKEN-own}"#);
        let tools = tools.await;
        let token = from_gh(&tools, &real()).await.unwrap();
        assert_eq!((token.secret.expose_secret(), token.source), ("gho_own", TokenSource::Gh));
        assert!(matches!(from_gh(&tools, &loopback()).await, Err(TokenError::OtherHost { .. })));
    }

    #[tokio::test]
    async fn no_login_is_told_in_ghs_words() {
        let world = tempfile::tempdir().unwrap();
        let tools = tools(world.path(), "echo no oauth token >&2; exit 1").await;
        let error = from_gh(&tools, &real()).await.unwrap_err();
        assert_eq!(error.to_string(), "gh has no login for github.com: no oauth token");
        assert!(matches!(from_gh(&Tools::default(), &real()).await, Err(TokenError::NoGh)));
    }
}
