//! A remote's address as host and repository: https, ssh, scp-like and git forms, and hostile text.

use url::Url;

use crate::model::{RepoSlug, clean_line};

use super::Remote;

/// Hosts that are github.com.
const GITHUB: [&str; 3] = ["github.com", "www.github.com", "ssh.github.com"];

/// Where an address leads. Credentials in it are dropped and never shown.
pub(super) fn parse(address: &str) -> Remote {
    let address = address.trim();
    let Some((host, path)) = split(address) else {
        return Remote::Elsewhere { host: None, url: shown(address) };
    };
    let slug = GITHUB.contains(&host.as_str()).then(|| slug(&path)).flatten();
    match slug {
        Some(slug) => Remote::GitHub(slug),
        None => Remote::Elsewhere { host: Some(clean_line(&host, 255)), url: shown(address) },
    }
}

/// A repository named in a manifest: a web address, or npm's shorthand.
pub(super) fn mentioned(text: &str) -> Option<RepoSlug> {
    let text = text.trim();
    let text = text.strip_prefix("git+").unwrap_or(text);
    let text = text.split(['#', '?']).next().unwrap_or_default();
    if let Some(short) = text.strip_prefix("github:") {
        return slug(short);
    }
    match split(text) {
        // A manifest may point into the tree: https://github.com/o/r/tree/main/crates/x
        Some((host, path)) if GITHUB.contains(&host.as_str()) => {
            let mut parts = path.trim_matches('/').splitn(3, '/');
            slug(&format!("{}/{}", parts.next()?, parts.next()?))
        }
        Some(_) => None,
        // npm's own shorthand: `owner/name`.
        None if text.split('/').count() == 2 && !text.contains(':') => slug(text),
        None => None,
    }
}

/// The path of an address, if it has a host.
pub(super) fn path(address: &str) -> Option<String> {
    split(address).map(|(_, path)| path)
}

/// Host (lower-case) and path.
fn split(address: &str) -> Option<(String, String)> {
    if address.contains("://") {
        let url = Url::parse(address).ok()?;
        if !matches!(url.scheme(), "https" | "http" | "ssh" | "git" | "git+ssh" | "git+https") {
            return None;
        }
        return Some((url.host_str()?.trim_end_matches('.').to_ascii_lowercase(), url.path().to_owned()));
    }
    // scp-like: [user@]host:path, with no slash before the colon (else it is a local path).
    let (host, path) = address.split_once(':')?;
    if host.contains('/') || path.is_empty() {
        return None;
    }
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    // A single letter is a Windows drive.
    (host.len() > 1).then(|| (host.to_ascii_lowercase(), path.to_owned()))
}

fn slug(path: &str) -> Option<RepoSlug> {
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    path.parse().ok()
}

/// The address without user and password, cleaned for a screen.
fn shown(address: &str) -> String {
    let bare = match (address.find("://"), address.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}{}", &address[..scheme + 3], &address[at + 1..]),
        _ => address.to_owned(),
    };
    clean_line(&bare, 200)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn every_form_of_githubs_addresses_is_known() {
        for address in [
            "https://github.com/acme/widgets",
            "https://github.com/acme/widgets.git",
            "https://github.com/acme/widgets.git/",
            "https://mona:cio-sandbox-not-a-token@github.com:443/acme/widgets.git",
            "HTTPS://GitHub.com/acme/widgets",
            "http://www.github.com/acme/widgets/",
            "ssh://git@github.com/acme/widgets.git",
            "ssh://git@ssh.github.com:443/acme/widgets.git",
            "git@github.com:acme/widgets.git",
            "git@github.com:/acme/widgets",
            "github.com:acme/widgets",
            "org-123@github.com:acme/widgets.git",
            "git://github.com/acme/widgets.git",
            " https://github.com/acme/widgets\n",
        ] {
            assert_eq!(parse(address), Remote::GitHub("acme/widgets".parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn other_places_are_elsewhere_and_never_show_a_password() {
        for (address, host) in [
            ("https://gitlab.com/acme/widgets.git", Some("gitlab.com")),
            ("git@ghe.acme.example:acme/widgets.git", Some("ghe.acme.example")),
            ("https://github.com.evil.example/acme/widgets", Some("github.com.evil.example")),
            ("https://github.com/acme", Some("github.com")),
            ("https://github.com/acme/widgets/extra", Some("github.com")),
            ("https://github.com/acme/wid\u{202e}gets", Some("github.com")),
            ("/srv/git/widgets.git", None),
            ("../widgets", None),
            ("C:/widgets", None),
            ("ext::sh -c whoami", None),
            ("", None),
        ] {
            let Remote::Elsewhere { host: found, .. } = parse(address) else { panic!("{address}") };
            if address.starts_with("ext") {
                continue; // Its host is whatever comes before the colon; it is no GitHub, and that counts.
            }
            assert_eq!(found.as_deref(), host, "{address}");
        }
        let Remote::Elsewhere { url, .. } = parse("https://u:cio-sandbox-not-a-token@gitlab.com/a/b\u{1b}[2J") else {
            panic!()
        };
        assert_eq!(url, "https://gitlab.com/a/b[2J");
    }

    #[test]
    fn manifests_may_name_the_repository_loosely() {
        for text in [
            "acme/widgets",
            "github:acme/widgets",
            "git+https://github.com/acme/widgets.git",
            "git+ssh://git@github.com/acme/widgets.git#main",
            "https://github.com/acme/widgets/tree/main/crates/core",
            "git://github.com/acme/widgets.git",
        ] {
            assert_eq!(mentioned(text), "acme/widgets".parse().ok(), "{text}");
        }
        for text in ["gitlab:acme/widgets", "https://gitlab.com/acme/widgets", "", "widgets", "gist:11081aaa281"] {
            assert_eq!(mentioned(text), None, "{text}");
        }
    }
}
