//! Credential files as the clients write them: what they hold is told, what stands in them is not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;

use super::*;
use crate::model::Registry;

const FORMS: [Form; 7] =
    [Form::Cargo, Form::Npmrc, Form::Pypirc, Form::Gem, Form::Nuget, Form::PubLogin, Form::PubTokens];

fn labels(form: Form, text: &str) -> Vec<String> {
    form.holds(text.as_bytes()).iter().map(Destination::label).collect()
}

#[test]
fn each_form_is_read_as_its_client_writes_it() {
    for (form, text, holds) in [
        (Form::Cargo, "[registry]\ntoken = \"cio-not-a-token\"\n", &["crates.io"][..]),
        (
            Form::Cargo,
            "[registries.crates-io]\ntoken = \"x\"\n[registries.acme]\ntoken = \"y\"\n",
            &["crates.io", "other:acme"],
        ),
        (Form::Cargo, "registries = { acme = { token = \"y\" } }\n", &["other:acme"]),
        (Form::Cargo, "[registry]\ndefault = \"acme\"\n", &[]),
        (Form::Npmrc, "//registry.npmjs.org/:_authToken=npm_not-a-real-token\n", &["npm"]),
        (Form::Npmrc, "//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n", &[]),
        (Form::Npmrc, "//registry.npmjs.org/:_authToken=\n# //a.example/:_authToken=x\n", &[]),
        (
            Form::Npmrc,
            "//npm.pkg.github.com/:_authToken = ghp_not-a-token\nregistry=https://x.example/\n",
            &["other:npm.pkg.github.com"],
        ),
        (Form::Npmrc, "_auth=bm90LWEtdG9rZW4=\n", &["npm"]),
        (Form::Pypirc, "[pypi]\nusername = __token__\npassword = pypi-not-a-token\n", &["pypi"]),
        (Form::Pypirc, "[distutils]\nindex-servers = a\n[testpypi]\npassword: x\n", &["testpypi"]),
        (
            Form::Pypirc,
            "[acme]\nrepository = https://pypi.acme.example/simple\npassword = x\n",
            &["other:pypi.acme.example"],
        ),
        (
            Form::Pypirc,
            "[acme]\nrepository = https://upload.pypi.org/legacy/\npassword = x\n[pypi]\nusername = a\n",
            &["pypi"],
        ),
        (Form::Gem, "---\n:rubygems_api_key: rubygems_not-a-token\n", &["rubygems"]),
        (Form::Gem, "---\n\"https://gems.acme.example\": abc\n", &["other:gems.acme.example"]),
        (
            Form::Nuget,
            "\u{feff}<configuration><apikeys><add key=\"https://www.nuget.org/api/v2/package\" value=\"AQAA\"/></apikeys></configuration>",
            &["nuget"],
        ),
        (
            Form::Nuget,
            "<configuration><packageSources><add key=\"nuget.org\" value=\"https://api.nuget.org/v3/index.json\"/></packageSources>\
             <packageSourceCredentials><Acme><add key=\"Username\" value=\"me\"/><add key=\"ClearTextPassword\" value=\"x\"/></Acme>\
             <Ci><add key=\"ClearTextPassword\" value=\"%CI_TOKEN%\"/></Ci></packageSourceCredentials></configuration>",
            &["other:Acme"],
        ),
        (Form::PubLogin, "{\"accessToken\":\"x\",\"refreshToken\":\"y\"}", &["pub.dev"]),
        (
            Form::PubTokens,
            "{\"version\":1,\"hosted\":[{\"url\":\"https://pub.acme.example\",\"token\":\"x\"},{\"url\":\"https://b.example\",\"env\":\"T\"}]}",
            &["other:pub.acme.example"],
        ),
    ] {
        assert_eq!(labels(form, text), holds, "{form:?}: {text}");
    }
}

#[test]
fn files_are_looked_for_where_the_clients_look() {
    let home = |name: &str| (name == "HOME").then(|| PathBuf::from("/home/mona"));
    let files = of_user(&home);
    let has = |form: Form, path: &str| files.contains(&(form, PathBuf::from(path)));
    assert!(has(Form::Cargo, "/home/mona/.cargo/credentials.toml") && has(Form::Npmrc, "/home/mona/.npmrc"));
    assert!(has(Form::Gem, "/home/mona/.gem/credentials") && has(Form::Gem, "/home/mona/.local/share/gem/credentials"));
    let moved = |name: &str| match name {
        "CARGO_HOME" => Some(PathBuf::from("/cargo")),
        "NPM_CONFIG_USERCONFIG" => Some(PathBuf::from("/etc/npmrc")),
        name => home(name),
    };
    let files = of_user(&moved);
    assert!(
        files.contains(&(Form::Cargo, "/cargo/credentials.toml".into()))
            && files.contains(&(Form::Npmrc, "/etc/npmrc".into()))
    );
    assert_eq!(of_user(&|_| None), []);
    let form = |path: &str| Form::in_checkout(&RelPath::new(path).unwrap());
    assert_eq!([form("a/.npmrc"), form("NuGet.config"), form("npmrc")], [Some(Form::Npmrc), Some(Form::Nuget), None]);
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for form in FORMS {
            let _ = form.holds(&bytes);
        }
    }

    #[test]
    fn a_token_is_never_among_what_is_told(token in "[a-zA-Z0-9_-]{20,60}") {
        for (form, text) in [
            (Form::Cargo, format!("[registry]\ntoken = \"{token}\"\n")),
            (Form::Npmrc, format!("//registry.npmjs.org/:_authToken={token}\n_auth={token}\n")),
            (Form::Pypirc, format!("[pypi]\npassword = {token}\n[x]\npassword={token}\n")),
            (Form::Gem, format!(":rubygems_api_key: {token}\nother: {token}\n")),
            (Form::Nuget, format!("<c><apikeys><add key=\"https://a.example\" value=\"{token}\"/></apikeys></c>")),
            (Form::PubLogin, format!("{{\"accessToken\":\"{token}\"}}")),
            (Form::PubTokens, format!("{{\"hosted\":[{{\"url\":\"https://a.example\",\"token\":\"{token}\"}}]}}")),
        ] {
            let told = form.holds(text.as_bytes());
            prop_assert!(!told.is_empty());
            prop_assert!(!format!("{told:?}").contains(&token), "{form:?}");
        }
        let _ = Registry::ALL;
    }
}
