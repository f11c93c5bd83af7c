//! A repository's address, in whatever form people write it: https, ssh, scp-like and git forms, npm's shorthand, and hostile
//! text. Whoever reads one of these from a manifest, a remote or a registry reads it here.

use url::Url;

use super::RepoSlug;

/// Hosts that are github.com.
const GITHUB: [&str; 3] = ["github.com", "www.github.com", "ssh.github.com"];

/// A repository on GitHub, as a manifest or a registry names it: a web address, or npm's shorthand.
#[must_use]
pub fn mentioned_repository(text: &str) -> Option<RepoSlug> {
    let text = text.trim();
    let text = text.strip_prefix("git+").unwrap_or(text);
    let text = text.split(['#', '?']).next().unwrap_or_default();
    if let Some(short) = text.strip_prefix("github:") {
        return slug_of(short);
    }
    match split_address(text) {
        // A manifest may point into the tree: https://github.com/o/r/tree/main/crates/x
        Some((host, path)) if is_github(&host) => {
            let mut parts = path.trim_matches('/').splitn(3, '/');
            slug_of(&format!("{}/{}", parts.next()?, parts.next()?))
        }
        Some(_) => None,
        // npm's own shorthand: `owner/name`.
        None if text.split('/').count() == 2 && !text.contains(':') => slug_of(text),
        None => None,
    }
}

/// The keys under which Python's projects name their repository, the plainest first (packaging.python.org, well-known project
/// URLs, 2026-11-21).
const LINKS: [&str; 6] = ["repository", "source", "source code", "code", "github", "homepage"];

/// The repository on GitHub among a project's links, by their labels: one to a sponsor's page is none.
#[must_use]
pub fn repository_among<'t>(links: impl Iterator<Item = (&'t str, &'t str)> + Clone) -> Option<RepoSlug> {
    let url = |wanted: &str| links.clone().find(|(label, _)| label.eq_ignore_ascii_case(wanted)).map(|(_, url)| url);
    LINKS.iter().filter_map(|label| url(label)).find_map(mentioned_repository)
}

/// Whether a host, in lower case, is GitHub's.
#[must_use]
pub fn is_github(host: &str) -> bool {
    GITHUB.contains(&host)
}

/// Host (lower-case) and path of an address, if it has a host.
#[must_use]
pub fn split_address(address: &str) -> Option<(String, String)> {
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

/// `owner/name` of a path, with or without `.git`.
#[must_use]
pub fn slug_of(path: &str) -> Option<RepoSlug> {
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    path.parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

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
            assert_eq!(mentioned_repository(text), "acme/widgets".parse().ok(), "{text}");
        }
        for text in ["gitlab:acme/widgets", "https://gitlab.com/acme/widgets", "", "widgets", "gist:11081aaa281"] {
            assert_eq!(mentioned_repository(text), None, "{text}");
        }
    }
}
