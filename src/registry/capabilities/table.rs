//! The facts of the matrix that are no rule of a registry, each with its source and date.

use super::super::rules::{documented, from_source, reported};
use super::Able::{No, There, Unknown, Yes, You};
use super::{Can, Provider, can};
use crate::model::Registry;
use crate::registry::Rule;

/// What a registry offers to a provider. `None`: as the registry's rules say.
pub(super) struct Offer {
    pub(super) registry: Registry,
    pub(super) provider: Provider,
    pub(super) verify: Option<Rule<Can>>,
    pub(super) automate: Rule<Can>,
    pub(super) prove: Option<Rule<Can>>,
    pub(super) provenance: Option<Rule<Can>>,
}

/// The day on which the server sources and documents were read.
const AUGUST: &str = "2026-08-22";
/// The day on which the clients, and what others report, were read.
const NOVEMBER: &str = "2026-11-20";

const CRATES_VERSION: &str = "rust-lang/crates.io crates/crates_io_api_types/src/lib.rs";
const NPM_TRUST: &str = "npm/cli lib/trust-cmd.js";
const NPM_OIDC: &str = "npm/cli lib/utils/oidc.js";
const NPM_REPORT: &str = "release notes of xcodethink/pixelcheck";
const PYPI_PAGES: &str = "pypi/warehouse warehouse/manage/views/oidc_publishers.py";
const PYPI_INTEGRITY: &str = "pypi/warehouse docs/user/api/integrity.md";
const PYPI_ATTESTED: &str = "pypi/pypi-attestations pull requests 114 and 117";
const JSR_PACKAGE: &str = "jsr-io/jsr api/src/api/package.rs";
const PUB_DEV: &str = "dart-lang/pub-dev app/lib/frontend/handlers/pubapi.dart";
const PUB_DEV_DATA: &str = "dart-lang/pub-dev pkg/_pub_shared/lib/data/package_api.dart";
const GEMS: &str = "rubygems/rubygems.org app/controllers/api/v1/oidc";
const NUGET_PAGES: &str = "NuGet/NuGetGallery src/NuGetGallery/Controllers/UsersController.cs";
const NUGET_DOCS: &str = "NuGet/docs.microsoft.com-nuget docs/nuget-org/trusted-publishing.md";
const NUGET_READS: &str = "NuGet/docs.microsoft.com-nuget docs/api/registration-base-url-resource.md";

const PYPI_YOURS: Rule<Can> =
    from_source(can(You, "no call reads it: only its owner sees it, on the project's page"), PYPI_PAGES, AUGUST);
const PYPI_FORM: Rule<Can> =
    from_source(can(You, "a form of the project or, for a new name, of the account"), PYPI_PAGES, AUGUST);
const NUGET_YOURS: Rule<Can> = from_source(can(You, "a policy on the account's page"), NUGET_PAGES, AUGUST);
const NUGET_MUTE: Rule<Can> =
    documented(can(No, "no public answer names who published a version"), NUGET_READS, AUGUST);

/// Registry by registry, GitHub first.
pub(super) static OFFERS: &[Offer] = &[
    Offer {
        registry: Registry::CratesIo,
        provider: Provider::GithubActions,
        verify: None,
        automate: from_source(
            can(Yes, "by its API, with a token of the scope trusted-publishing"),
            "rust-lang/crates.io src/controllers/trustpub/github_configs/create.rs",
            AUGUST,
        ),
        prove: None,
        provenance: None,
    },
    Offer {
        registry: Registry::CratesIo,
        provider: Provider::GitlabCi,
        verify: Some(from_source(
            can(There, "its list of GitLab publishers"),
            "rust-lang/crates.io src/controllers/trustpub/gitlab_configs",
            AUGUST,
        )),
        automate: from_source(
            can(There, "by its API; its page calls it a public beta"),
            "rust-lang/crates.io src/controllers/trustpub/gitlab_configs",
            AUGUST,
        ),
        prove: Some(from_source(can(There, "trustpub_data of the version"), CRATES_VERSION, AUGUST)),
        provenance: None,
    },
    Offer {
        registry: Registry::Npm,
        provider: Provider::GithubActions,
        verify: None,
        automate: from_source(can(Yes, "by `npm trust github`, with your own login"), NPM_TRUST, NOVEMBER),
        prove: None,
        provenance: None,
    },
    Offer {
        registry: Registry::Npm,
        provider: Provider::GitlabCi,
        verify: Some(from_source(can(There, "`npm trust list`"), NPM_TRUST, NOVEMBER)),
        automate: from_source(can(There, "by `npm trust gitlab`"), NPM_TRUST, NOVEMBER),
        prove: Some(reported(can(There, "_npmUser.trustedPublisher of the version"), NPM_REPORT, NOVEMBER)),
        provenance: Some(from_source(
            can(Yes, "made by itself where repository and package are public"),
            NPM_OIDC,
            NOVEMBER,
        )),
    },
    Offer {
        registry: Registry::Npm,
        provider: Provider::CircleCi,
        verify: Some(from_source(can(There, "`npm trust list`"), NPM_TRUST, NOVEMBER)),
        automate: from_source(can(There, "by `npm trust circleci`"), NPM_TRUST, NOVEMBER),
        prove: Some(reported(can(There, "_npmUser.trustedPublisher of the version"), NPM_REPORT, NOVEMBER)),
        provenance: Some(from_source(can(No, "the client makes none on CircleCI"), NPM_OIDC, NOVEMBER)),
    },
    Offer {
        registry: Registry::Pypi,
        provider: Provider::GithubActions,
        verify: None,
        automate: PYPI_FORM,
        prove: None,
        provenance: None,
    },
    Offer {
        registry: Registry::Pypi,
        provider: Provider::GitlabCi,
        verify: Some(PYPI_YOURS),
        automate: PYPI_FORM,
        prove: Some(documented(can(There, "the publisher in the integrity API"), PYPI_INTEGRITY, AUGUST)),
        provenance: Some(reported(can(Yes, "attestations name a GitLab publisher"), PYPI_ATTESTED, NOVEMBER)),
    },
    Offer {
        registry: Registry::Pypi,
        provider: Provider::GoogleCloud,
        verify: Some(PYPI_YOURS),
        automate: PYPI_FORM,
        prove: Some(documented(can(There, "the publisher in the integrity API"), PYPI_INTEGRITY, AUGUST)),
        provenance: Some(reported(can(Yes, "attestations name a Google publisher"), PYPI_ATTESTED, NOVEMBER)),
    },
    Offer {
        registry: Registry::Pypi,
        provider: Provider::ActiveState,
        verify: Some(PYPI_YOURS),
        automate: PYPI_FORM,
        prove: Some(reported(can(Unknown, "no attestation of it was found"), PYPI_ATTESTED, NOVEMBER)),
        provenance: Some(reported(can(Unknown, "no attestation of it was found"), PYPI_ATTESTED, NOVEMBER)),
    },
    Offer {
        registry: Registry::Jsr,
        provider: Provider::GithubActions,
        verify: None,
        automate: from_source(can(Yes, "by its API: the repository is linked to the package"), JSR_PACKAGE, AUGUST),
        prove: Some(from_source(
            can(No, "no public answer tells OIDC from a token: provenance comes with both"),
            "denoland/deno cli/tools/publish/mod.rs",
            "2026-11-21",
        )),
        provenance: None,
    },
    Offer {
        registry: Registry::PubDev,
        provider: Provider::GithubActions,
        verify: None,
        automate: from_source(can(You, "its call takes the web page's session alone"), PUB_DEV, AUGUST),
        prove: Some(from_source(can(No, "no public answer names who published a version"), PUB_DEV_DATA, AUGUST)),
        provenance: None,
    },
    Offer {
        registry: Registry::PubDev,
        provider: Provider::GoogleCloud,
        verify: Some(from_source(can(You, "only its admins see it, on the package's page"), PUB_DEV, AUGUST)),
        automate: from_source(can(You, "its call takes the web page's session alone"), PUB_DEV, AUGUST),
        prove: Some(from_source(can(No, "no public answer names who published a version"), PUB_DEV_DATA, AUGUST)),
        provenance: None,
    },
    Offer {
        registry: Registry::RubyGems,
        provider: Provider::GithubActions,
        verify: None,
        automate: from_source(
            can(Yes, "by its API, with a key of the scope configure_trusted_publishers"),
            GEMS,
            AUGUST,
        ),
        prove: None,
        provenance: None,
    },
    Offer {
        registry: Registry::Nuget,
        provider: Provider::GithubActions,
        verify: None,
        automate: NUGET_YOURS,
        prove: Some(NUGET_MUTE),
        provenance: None,
    },
    Offer {
        registry: Registry::Nuget,
        provider: Provider::GitlabCi,
        verify: Some(NUGET_YOURS),
        automate: documented(can(You, "a policy on the account's page; a beta"), NUGET_DOCS, AUGUST),
        prove: Some(NUGET_MUTE),
        provenance: None,
    },
];
