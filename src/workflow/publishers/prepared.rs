//! What earlier steps of a job have prepared for the tools: logins, registries, exchanged tokens.
//!
//! Commands and files are matched by the words of the tools' own manuals; values are carried on as they are, never judged.

use crate::model::{Pinned, Place, Registry};

use super::super::value::Value;
use super::families::{FAMILIES, Family};

/// How many stored tokens of one job are kept.
const MAX_LOGINS: usize = 50;

/// A token that is stored for a tool.
#[derive(Debug, Clone)]
pub(super) struct Login {
    /// Whose tools read it.
    pub(super) registry: Registry,
    /// For which host; `None`: for the one that the tool takes by itself.
    pub(super) host: Option<Value>,
    pub(super) value: Value,
    /// How it is stored, for people.
    pub(super) by: &'static str,
    pub(super) at: Place,
}

/// A step that exchanges the OIDC token.
#[derive(Debug, Clone)]
pub(super) struct Exchange {
    pub(super) registry: Registry,
    pub(super) at: Place,
    pub(super) pinned: Pinned,
}

/// What is prepared so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Prepared {
    pub(super) logins: Vec<Login>,
    /// Registries that the tools of a family take when nothing else is said; the last one holds.
    pub(super) registries: Vec<(Registry, Value)>,
    /// Names that stand for an address.
    pub(super) aliases: Vec<(Registry, String, Value)>,
    pub(super) exchanges: Vec<Exchange>,
}

impl Prepared {
    /// The registry that was set last for a family.
    pub(super) fn registry(&self, family: &Family) -> Option<&Value> {
        self.registries.iter().rev().find(|(registry, _)| *registry == family.registry).map(|(_, value)| value)
    }

    /// What a name stands for.
    pub(super) fn alias(&self, family: &Family, name: &Value) -> Option<&Value> {
        let known = self.aliases.iter().rev();
        known
            .filter(|(registry, ..)| *registry == family.registry)
            .find(|(_, known, _)| name.is(known))
            .map(|(.., v)| v)
    }

    fn login(&mut self, registry: Registry, host: Option<Value>, value: Value, by: &'static str, at: &Place) {
        if self.logins.len() >= MAX_LOGINS {
            return;
        }
        self.logins.push(Login { registry, host, value, by, at: at.clone() });
    }

    /// A command that stores something; `input` is what it is fed.
    pub(super) fn command(&mut self, words: &[Value], input: Option<&Value>, at: &Place) {
        let Some(program) = words.first().and_then(Value::literal) else { return };
        let rest = &words[1..];
        let bare: Vec<&Value> =
            rest.iter().filter(|word| !word.shown().starts_with("--") || word.shown().starts_with("--//")).collect();
        let start =
            |parts: &[&str]| bare.len() >= parts.len() && bare.iter().zip(parts).all(|(word, part)| word.is(part));
        match super::commands::program_name(&program) {
            "npm" | "pnpm" | "yarn" | "bun" => {
                let set = if start(&["config", "set"]) { 2 } else { usize::from(start(&["set"])) };
                if set > 0 {
                    self.npm_setting(&bare[set..], at);
                }
            }
            "cargo" if start(&["login"]) => {
                let given = bare.get(1).copied().filter(|word| !word.is("-")).or(input);
                given
                    .into_iter()
                    .for_each(|value| self.login(Registry::CratesIo, None, value.clone(), "`cargo login`", at));
            }
            "poetry" if start(&["config"]) => self.poetry(&bare[1..], at),
            "dotnet" | "nuget" | "nuget.exe" => self.dotnet(rest, at),
            "dart" | "flutter" if start(&["pub", "token", "add"]) => {
                let variable = option(rest, &["--env-var"]).and_then(|name| name.literal());
                let value =
                    variable.map_or_else(|| Value::unknown("a pub token"), |name| Value::unknown(format!("${name}")));
                self.login(
                    Registry::PubDev,
                    bare.get(3).map(|host| (*host).clone()),
                    value,
                    "`dart pub token add`",
                    at,
                );
            }
            _ => {}
        }
    }

    fn set_registry(&mut self, value: Value) {
        self.registries.retain(|(registry, _)| *registry != Registry::Npm);
        self.registries.push((Registry::Npm, value));
    }

    fn npm_setting(&mut self, words: &[&Value], at: &Place) {
        let pairs: Vec<(Value, Value)> = match words {
            [key, value, ..] if !key.shown().contains('=') => vec![((*key).clone(), (*value).clone())],
            words => words.iter().filter_map(|word| word.split_at("=")).collect(),
        };
        for (key, value) in pairs {
            self.npm_pair(&key, value, at);
        }
    }

    fn npm_pair(&mut self, key: &Value, value: Value, at: &Place) {
        let shown = key.shown();
        if shown.ends_with("_authToken")
            || shown.ends_with("_auth")
            || shown.ends_with("_password")
            || shown == "npmAuthToken"
        {
            let host = key.split_at("/:_").map(|(host, _)| host);
            self.login(Registry::Npm, host, value.trimmed(), "_authToken of .npmrc", at);
        } else if matches!(shown.as_str(), "registry" | "npmRegistryServer" | "npmPublishRegistry") {
            self.set_registry(value.trimmed());
        } else if let Some(scope) = shown.strip_suffix(":registry") {
            // For packages of that scope alone.
            self.aliases.push((Registry::Npm, scope.trim_matches('"').to_owned(), value.trimmed()));
        }
    }

    fn poetry(&mut self, words: &[&Value], at: &Place) {
        let Some((key, values)) = words.split_first().and_then(|(key, rest)| Some((key.literal()?, rest))) else {
            return;
        };
        if let Some(name) = key.strip_prefix("repositories.") {
            let name = name.trim_end_matches(".url");
            values
                .first()
                .into_iter()
                .for_each(|url| self.aliases.push((Registry::Pypi, name.to_owned(), (*url).clone())));
        }
        let name = key.strip_prefix("pypi-token.").or_else(|| key.strip_prefix("http-basic."));
        if let (Some(name), Some(value)) = (name, values.last()) {
            let host = (name != "pypi").then(|| Value::text(name));
            self.login(Registry::Pypi, host, (*value).clone(), "`poetry config`", at);
        }
    }

    fn dotnet(&mut self, words: &[Value], at: &Place) {
        let lower: Vec<String> = words.iter().map(|word| word.shown().to_ascii_lowercase()).collect();
        if lower.iter().any(|word| word == "setapikey") {
            let value = words.iter().zip(&lower).skip_while(|(_, word)| *word != "setapikey").nth(1);
            value
                .into_iter()
                .for_each(|(value, _)| self.login(Registry::Nuget, None, value.clone(), "`setapikey`", at));
        }
        let adds =
            lower.iter().any(|word| word == "add") && lower.iter().any(|word| word == "source" || word == "sources");
        let name = option(words, &["-n", "--name", "-Name"]).and_then(|name| name.literal());
        let url = words.iter().find(|word| word.shown().contains("://"));
        if let (true, Some(name), Some(url)) = (adds, name, url) {
            self.aliases.push((Registry::Nuget, name, url.clone()));
        }
    }

    /// Text that goes into a file which tools read their logins from.
    pub(super) fn written(&mut self, file: &str, text: &Value, at: &Place) {
        let name = file.rsplit(['/', '\\']).next().unwrap_or(file).trim_matches('"');
        let lines = text.lines();
        let simple = |mark: &'static str, key: &str| {
            let value = |line: &Value| {
                line.split_at(mark).filter(|(name, _)| name.shown().trim() == key).map(|(_, v)| v.trimmed())
            };
            lines.iter().filter_map(value).collect::<Vec<_>>()
        };
        let folder = file.contains(".cargo") || file.contains("CARGO_HOME");
        if name.contains("npmrc") {
            for (key, value) in lines.iter().filter_map(|line| line.split_at("=")) {
                self.npm_pair(&key.trimmed(), value, at);
            }
        } else if name.contains("yarnrc") {
            for (key, value) in lines.iter().filter_map(|line| line.split_at(":")) {
                // A registry further in is that of a scope, of which the key stands above it.
                let inner = key.shown().starts_with([' ', '\t']) && !key.shown().contains("uthToken");
                if !inner {
                    self.npm_pair(&key.trimmed(), value, at);
                }
            }
        } else if name.contains("pypirc") {
            let found = simple("=", "password").into_iter().chain(simple(":", "password")).collect::<Vec<_>>();
            found.into_iter().for_each(|value| self.login(Registry::Pypi, None, value, ".pypirc", at));
        } else if name.starts_with("credentials") && folder {
            let found = simple("=", "token");
            found
                .into_iter()
                .for_each(|value| self.login(Registry::CratesIo, None, value, "cargo's credentials file", at));
        } else if name == "credentials" && (file.contains("gem") || text.shown().contains("rubygems")) {
            let found: Vec<Value> =
                lines.iter().filter_map(|line| line.split_at("api_key:")).map(|(_, v)| v.trimmed()).collect();
            found
                .into_iter()
                .for_each(|value| self.login(Registry::RubyGems, None, value, "gem's credentials file", at));
        } else if name.contains("pub-credentials") {
            self.login(Registry::PubDev, None, text.clone(), "pub-credentials.json", at);
        }
    }

    /// An action that exchanges the OIDC token, or points the tools at a registry.
    pub(super) fn action(&mut self, name: &str, pinned: Pinned, input: impl Fn(&str) -> Option<Value>, at: &Place) {
        for family in FAMILIES.iter().filter(|family| family.exchange.contains(&name)) {
            self.exchanges.retain(|known| known.registry != family.registry);
            self.exchanges.push(Exchange { registry: family.registry, at: at.clone(), pinned });
        }
        if name == "actions/setup-node"
            && let Some(registry) = input("registry-url").filter(|value| !value.is_empty())
        {
            self.set_registry(registry);
        }
    }
}

/// The value behind one of these options.
fn option(words: &[Value], names: &[&str]) -> Option<Value> {
    let at = words.iter().position(|word| names.iter().any(|name| word.is(name)))?;
    words.get(at + 1).cloned()
}
