//! One parser a form. Each says for which registries a token stands in the text, and nothing else of it.

use serde_json::Value;
use url::Url;

use crate::model::{Destination, Registry, clean_line};

/// The longest host or name that is shown.
const SHOWN: usize = 80;

fn other(speaks: Registry, host: &str) -> Destination {
    Destination::Other { speaks, host: clean_line(host, SHOWN) }
}

/// Whether a value is a token itself: not empty, and no reference to a variable (`${NAME}`, `$NAME`; on Windows and in NuGet
/// `%NAME%`).
fn is_literal(value: &str) -> bool {
    let value = value.trim().trim_matches(['"', '\'']);
    let reference = value.starts_with('$') || value.len() > 2 && value.starts_with('%') && value.ends_with('%');
    !value.is_empty() && !reference
}

/// The host of an address, or of a text that begins with one.
fn host(address: &str) -> Option<String> {
    let address = address.trim();
    let whole = if address.starts_with("//") { format!("https:{address}") } else { address.to_owned() };
    Url::parse(&whole).ok()?.host_str().map(str::to_ascii_lowercase)
}

/// The main registry by its hosts, else another place that speaks its language.
fn at(speaks: Registry, main: &[&str], address: &str) -> Destination {
    let host = host(address);
    match &host {
        Some(host) if main.contains(&host.as_str()) => Destination::Main(speaks),
        _ => other(speaks, host.as_deref().unwrap_or(address)),
    }
}

/// `[registry] token` is crates.io's; `[registries.NAME] token` another's.
pub(super) fn cargo(text: &str) -> Vec<Destination> {
    let Ok(document) = text.parse::<toml_edit::DocumentMut>() else { return Vec::new() };
    let token = |item: &toml_edit::Item| item.get("token").and_then(|token| token.as_str()).is_some_and(is_literal);
    let mut found = Vec::new();
    if document.get("registry").is_some_and(token) {
        found.push(Destination::Main(Registry::CratesIo));
    }
    for (name, item) in
        document.get("registries").and_then(|item| item.as_table_like()).into_iter().flat_map(|t| t.iter())
    {
        if token(item) {
            found.push(match name {
                "crates-io" => Destination::Main(Registry::CratesIo),
                name => other(Registry::CratesIo, name),
            });
        }
    }
    found
}

/// `//host/path/:_authToken=…`; without a host it is the main registry's.
pub(super) fn npmrc(text: &str) -> Vec<Destination> {
    let keys = ["_authToken", "_auth", "_password"];
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';']));
    let token = |line: &str| {
        let (key, value) = line.split_once('=')?;
        let (place, name) = key.trim().rsplit_once(':').unwrap_or(("", key.trim()));
        let counts = keys.contains(&name.trim()) && is_literal(value);
        counts.then(|| match place {
            "" => Destination::Main(Registry::Npm),
            place => at(Registry::Npm, &["registry.npmjs.org", "registry.npmjs.com"], place),
        })
    };
    lines.filter_map(token).collect()
}

/// A section with a `password` is a repository; `pypi` and `testpypi` are known without an address.
pub(super) fn pypirc(text: &str) -> Vec<Destination> {
    #[derive(Default)]
    struct Section<'a> {
        name: &'a str,
        address: Option<&'a str>,
        password: bool,
    }
    let mut sections: Vec<Section<'_>> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';'])) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            sections.push(Section { name: name.trim(), ..Section::default() });
        } else if let (Some(section), Some((key, value))) = (sections.last_mut(), line.split_once(['=', ':'])) {
            match key.trim() {
                "password" => section.password = is_literal(value),
                "repository" => section.address = Some(value.trim()),
                _ => {}
            }
        }
    }
    let place = |section: &Section<'_>| {
        let name = section.address.and_then(host).unwrap_or_else(|| section.name.to_owned());
        match name.as_str() {
            "pypi" | "pypi.org" | "upload.pypi.org" => Destination::Main(Registry::Pypi),
            "testpypi" | "test.pypi.org" => Destination::TestPypi,
            name => other(Registry::Pypi, name),
        }
    };
    sections.iter().filter(|section| section.password).map(place).collect()
}

/// `:rubygems_api_key: …` is rubygems.org's; a key that is an address is another server's.
pub(super) fn gem(text: &str) -> Vec<Destination> {
    let entry = |line: &str| {
        let line = line.trim();
        let (key, value) = line.rsplit_once(": ")?;
        let key = key.trim().trim_matches(['"', '\'']).trim_start_matches(':');
        if key.is_empty() || key.starts_with('#') || !is_literal(value) {
            return None;
        }
        Some(match key {
            "rubygems_api_key" | "rubygems" => Destination::Main(Registry::RubyGems),
            key => at(Registry::RubyGems, &["rubygems.org"], key),
        })
    };
    text.lines().filter_map(entry).collect()
}

/// `<apikeys>` by address, `<packageSourceCredentials>` by the source's name.
pub(super) fn nuget(text: &str) -> Vec<Destination> {
    let Ok(document) = roxmltree::Document::parse(text) else { return Vec::new() };
    let mut found = Vec::new();
    let literal = |node: &roxmltree::Node<'_, '_>| node.attribute("value").is_some_and(is_literal);
    for node in document.descendants().filter(|node| node.has_tag_name("add") && literal(node)) {
        let Some(parent) = node.parent_element() else { continue };
        let key = node.attribute("key").unwrap_or_default();
        if parent.tag_name().name().eq_ignore_ascii_case("apikeys") {
            found.push(at(Registry::Nuget, &["www.nuget.org", "api.nuget.org", "nuget.org"], key));
        } else if key.to_ascii_lowercase().ends_with("password")
            && parent.parent_element().is_some_and(|above| above.has_tag_name("packageSourceCredentials"))
        {
            found.push(other(Registry::Nuget, parent.tag_name().name()));
        }
    }
    found
}

/// The sign-in of `dart pub login`.
pub(super) fn pub_login(text: &str) -> Vec<Destination> {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return Vec::new() };
    let held = ["accessToken", "refreshToken"].iter().any(|key| value[*key].as_str().is_some_and(is_literal));
    if held { vec![Destination::Main(Registry::PubDev)] } else { Vec::new() }
}

/// What `dart pub token add` keeps: an address and a token each.
pub(super) fn pub_tokens(text: &str) -> Vec<Destination> {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return Vec::new() };
    let held = value["hosted"].as_array().into_iter().flatten();
    let held = held.filter(|entry| entry["token"].as_str().is_some_and(is_literal));
    held.map(|entry| at(Registry::PubDev, &["pub.dev", "pub.dartlang.org"], entry["url"].as_str().unwrap_or("unnamed")))
        .collect()
}
