//! Where a remote's address leads.

use crate::model::{clean_line, is_github, slug_of, split_address};

use super::Remote;

/// Where an address leads. Credentials in it are dropped and never shown.
pub(super) fn parse(address: &str) -> Remote {
    let address = address.trim();
    let Some((host, path)) = split_address(address) else {
        return Remote::Elsewhere { host: None, url: shown(address) };
    };
    let slug = is_github(&host).then(|| slug_of(&path)).flatten();
    match slug {
        Some(slug) => Remote::GitHub(slug),
        None => Remote::Elsewhere { host: Some(clean_line(&host, 255)), url: shown(address) },
    }
}

/// The path of an address, if it has a host.
pub(super) fn path(address: &str) -> Option<String> {
    split_address(address).map(|(_, path)| path)
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
}
