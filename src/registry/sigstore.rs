//! Who signed: repository, workflow and run from the certificate that Sigstore gave to a run of GitHub Actions.
//!
//! The extensions are those of sigstore/fulcio docs/oid-info.md, read 2026-11-21. Nothing is verified here: the registry did
//! that before it kept the attestation, and what is read is what it vouches for.

use crate::model::{PublishedBy, RepoSlug, TrustedWorkflow, WorkflowFile};

/// 1.3.6.1.4.1.57264.1, the arc of Fulcio's extensions, as DER without its last number.
const ARC: [u8; 11] = [0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0xbf, 0x30, 0x01];
/// The issuer of the identity, as it stands.
const ISSUER: u8 = 1;
/// The repository of the run, `owner/name`.
const REPOSITORY: u8 = 5;
/// The workflow file that holds the job, as a URL with its ref.
const BUILD_SIGNER: u8 = 9;
/// The run, as a URL.
const RUN: u8 = 21;
const GITHUB_ACTIONS: &str = "https://token.actions.githubusercontent.com";

/// Who published, by a certificate in DER; `None`: it is none of GitHub Actions, or none that can be read.
pub(super) fn publisher(certificate: &[u8]) -> Option<PublishedBy> {
    // An enterprise may have an issuer of its own below GitHub's.
    let issuer = extension(certificate, ISSUER)?;
    if issuer != GITHUB_ACTIONS && !issuer.starts_with(&format!("{GITHUB_ACTIONS}/")) {
        return None;
    }
    let repository: RepoSlug = extension(certificate, REPOSITORY)?.parse().ok()?;
    let workflow = extension(certificate, BUILD_SIGNER).and_then(|url| file_of(&url, &repository));
    let runs = format!("https://github.com/{repository}/actions/runs/");
    let link = extension(certificate, RUN).filter(|run| run.starts_with(&runs));
    Some(PublishedBy::Oidc { repository: Some(repository), workflow, environment: None, link })
}

/// `https://github.com/acme/widgets/.github/workflows/release.yml@refs/heads/main` → `release.yml`, of acme/widgets if that is
/// not the run's own repository.
fn file_of(url: &str, repository: &RepoSlug) -> Option<TrustedWorkflow> {
    let (home, file) = url.split_once("/.github/workflows/")?;
    let file = WorkflowFile::new(file.split('@').next()?).ok()?;
    let home = home.strip_prefix("https://github.com/")?.parse().ok()?;
    Some(TrustedWorkflow::of(repository, file, Some(home)))
}

/// The text of an extension: plain in the old ones, a DER string in the newer.
fn extension(certificate: &[u8], number: u8) -> Option<String> {
    let at =
        certificate.windows(ARC.len() + 1).position(|part| part[..ARC.len()] == ARC && part[ARC.len()] == number)?;
    let value = value_of(0x04, certificate.get(at + ARC.len() + 1..)?)?;
    let text = value_of(0x0c, value).unwrap_or(value);
    String::from_utf8(text.to_vec()).ok()
}

/// The value of a DER element with this tag at the beginning of `bytes`.
fn value_of(tag: u8, bytes: &[u8]) -> Option<&[u8]> {
    let (&first, rest) = bytes.split_first()?;
    let (&short, rest) = rest.split_first()?;
    let (length, rest) = match short {
        0..=0x7f => (usize::from(short), rest),
        0x81 => (usize::from(*rest.first()?), rest.get(1..)?),
        0x82 => (usize::from(*rest.first()?) << 8 | usize::from(*rest.get(1)?), rest.get(2..)?),
        _ => return None,
    };
    (first == tag).then(|| rest.get(..length))?
}

#[cfg(test)]
pub(super) mod testing {
    use super::*;

    fn element(tag: u8, value: &[u8]) -> Vec<u8> {
        let length = value.len();
        let mut bytes = vec![tag];
        if length > 0x7f {
            bytes.push(0x82);
            bytes.extend([(length >> 8) as u8, length as u8]);
        } else {
            bytes.push(length as u8);
        }
        bytes.extend(value);
        bytes
    }

    fn with(number: u8, text: &[u8]) -> Vec<u8> {
        ARC.iter().copied().chain([number]).chain(element(0x04, text)).collect()
    }

    /// As much of a certificate as is read, of a run of this issuer and repository.
    pub(in crate::registry) fn certificate(issuer: &str, repository: &str) -> Vec<u8> {
        let signer = format!("https://github.com/{repository}/.github/workflows/release.yml@refs/heads/main");
        let run = format!("https://github.com/{repository}/actions/runs/77/attempts/1");
        [
            b"something before".to_vec(),
            with(ISSUER, issuer.as_bytes()),
            with(REPOSITORY, repository.as_bytes()),
            with(BUILD_SIGNER, &element(0x0c, signer.as_bytes())),
            with(RUN, &element(0x0c, run.as_bytes())),
        ]
        .concat()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::testing::certificate;
    use super::*;

    #[test]
    fn a_certificate_names_repository_workflow_and_run() {
        let long = format!("acme/{}", "w".repeat(90));
        for repository in ["acme/widgets", &long] {
            let Some(PublishedBy::Oidc { repository: seen, workflow, link, .. }) =
                publisher(&certificate(GITHUB_ACTIONS, repository))
            else {
                panic!("{repository} was not read")
            };
            assert_eq!(seen.unwrap().to_string(), repository);
            assert_eq!(workflow.unwrap().to_string(), "release.yml");
            assert!(link.unwrap().ends_with("/actions/runs/77/attempts/1"));
        }
    }

    #[test]
    fn a_workflow_of_another_repository_is_read_as_such() {
        let of = |url: &str| file_of(url, &"acme/widgets".parse().unwrap()).map(|file| file.to_string());
        let at = |home: &str| of(&format!("https://github.com/{home}/.github/workflows/r.yml@refs/tags/v1"));
        assert_eq!(at("acme/widgets").as_deref(), Some("r.yml"));
        assert_eq!(at("acme/shared").as_deref(), Some("r.yml of acme/shared"));
        for odd in ["https://gitlab.com/a/b/.github/workflows/r.yml@x", "https://github.com/acme/widgets/r.yml@x"] {
            assert_eq!(of(odd), None, "{odd}");
        }
    }

    #[test]
    fn what_is_not_of_github_actions_or_cut_short_names_nobody() {
        assert_eq!(publisher(&certificate("https://gitlab.com", "acme/widgets")), None);
        assert_eq!(publisher(&certificate("https://token.actions.githubusercontent.com.evil.example", "a/b")), None);
        let whole = certificate(GITHUB_ACTIONS, "acme/widgets");
        for end in 0..whole.len() {
            let seen = publisher(&whole[..end]);
            assert!(seen.is_none_or(|by| matches!(by, PublishedBy::Oidc { repository: Some(_), .. })), "{end}");
        }
        assert_eq!(publisher(b""), None);
    }
}
