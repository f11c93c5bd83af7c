//! What the tools of one registry call things: options, variables, hosts.
//!
//! Data only: a new name is a new word here, and nothing branches on a family. The words are those of the tools' own manuals,
//! read in July to November 2026.

use crate::model::Registry;

/// What a family of tools calls things.
#[derive(Debug)]
pub(super) struct Family {
    /// Where it publishes to when nothing names another place.
    pub(super) registry: Registry,
    /// Short options that make it a rehearsal, beside `--dry-run`.
    pub(super) rehearsal: &'static [&'static str],
    /// Options whose value names a registry.
    pub(super) destination: &'static [&'static str],
    /// Variables that do the same.
    pub(super) destination_variables: &'static [&'static str],
    /// Names and hosts of the main registry.
    pub(super) main: &'static [&'static str],
    /// Options whose value is a token.
    pub(super) token: &'static [&'static str],
    /// Variables that hold a token.
    pub(super) token_variables: &'static [&'static str],
    /// Options whose value names a package.
    pub(super) package: &'static [&'static str],
    /// Options whose value is a folder.
    pub(super) folder: &'static [&'static str],
    /// Other options that take a value, so that it is not read as a folder.
    pub(super) valued: &'static [&'static str],
    /// Options that mean all packages.
    pub(super) all: &'static [&'static str],
    /// Whether a bare word after the verb is a folder or a file of the package.
    pub(super) bare_folder: bool,
    /// Actions that exchange the OIDC token, lower-case, without their ref.
    pub(super) exchange: &'static [&'static str],
}

/// cargo and what wraps it.
pub(super) const CARGO: Family = Family {
    registry: Registry::CratesIo,
    rehearsal: &["-n"],
    destination: &["--registry", "--index"],
    destination_variables: &["CARGO_REGISTRY_DEFAULT"],
    main: &["crates-io", "crates.io", "github.com/rust-lang/crates.io-index", "index.crates.io"],
    token: &["--token"],
    token_variables: &["CARGO_REGISTRY_TOKEN", "CARGO_REGISTRIES_CRATES_IO_TOKEN"],
    package: &["-p", "--package"],
    folder: &["-C", "--manifest-path"],
    valued: &[
        "--target-dir",
        "-j",
        "--jobs",
        "--features",
        "-F",
        "--config",
        "-Z",
        "--color",
        "--target",
        "--interval",
    ],
    all: &["--workspace", "--all"],
    bare_folder: false,
    exchange: &["rust-lang/crates-io-auth-action"],
};

/// npm, its siblings and what wraps them.
pub(super) const NPM: Family = Family {
    registry: Registry::Npm,
    rehearsal: &[],
    destination: &["--registry"],
    destination_variables: &[
        "NPM_CONFIG_REGISTRY",
        "npm_config_registry",
        "YARN_NPM_PUBLISH_REGISTRY",
        "YARN_NPM_REGISTRY_SERVER",
    ],
    main: &["registry.npmjs.org", "registry.npmjs.com", "registry.yarnpkg.com"],
    token: &["--//registry.npmjs.org/:_authToken"],
    token_variables: &[
        "NODE_AUTH_TOKEN",
        "NPM_TOKEN",
        "NPM_AUTH_TOKEN",
        "NPM_CONFIG_TOKEN",
        "YARN_NPM_AUTH_TOKEN",
        "npm_config__authToken",
        "NPM_CONFIG__AUTH",
        "NPM_CONFIG__AUTHTOKEN",
        "NPM_CONFIG_//registry.npmjs.org/:_authToken",
    ],
    package: &["--filter", "-F", "-w", "--workspace", "workspace", "--projects", "-p"],
    folder: &["-C", "--prefix", "--dir", "--cwd", "--contents", "--directory"],
    valued: &["--tag", "--access", "--otp", "--provenance-file", "--userconfig", "--loglevel", "--dist-tag"],
    all: &["-r", "--recursive", "--workspaces", "-ws", "foreach"],
    bare_folder: true,
    exchange: &[],
};

/// Python's tools.
pub(super) const PYTHON: Family = Family {
    registry: Registry::Pypi,
    rehearsal: &[],
    destination: &["--repository", "-r", "--repository-url", "--publish-url", "--index", "--repo", "--index-url"],
    destination_variables: &[
        "TWINE_REPOSITORY",
        "TWINE_REPOSITORY_URL",
        "UV_PUBLISH_URL",
        "UV_PUBLISH_INDEX",
        "MATURIN_REPOSITORY",
        "MATURIN_REPOSITORY_URL",
        "HATCH_INDEX_REPO",
        "FLIT_INDEX_URL",
        "PDM_PUBLISH_REPO",
    ],
    main: &["pypi", "main", "pypi.org", "upload.pypi.org", "pypi.python.org"],
    token: &["--password", "-p", "--token", "-t", "--auth", "-a"],
    token_variables: &[
        "TWINE_PASSWORD",
        "TWINE_API_KEY",
        "UV_PUBLISH_TOKEN",
        "UV_PUBLISH_PASSWORD",
        "POETRY_PYPI_TOKEN_PYPI",
        "POETRY_HTTP_BASIC_PYPI_PASSWORD",
        "FLIT_PASSWORD",
        "HATCH_INDEX_AUTH",
        "PDM_PUBLISH_PASSWORD",
        "MATURIN_PYPI_TOKEN",
        "MATURIN_PASSWORD",
    ],
    package: &["--package"],
    folder: &["-C", "--directory", "--project", "-m", "--manifest-path"],
    valued: &["--username", "-u", "--config-file", "--trusted-publishing", "--check-url", "--identity", "--user"],
    all: &[],
    bare_folder: false,
    exchange: &[],
};

/// JSR's tools.
pub(super) const JSR: Family = Family {
    registry: Registry::Jsr,
    rehearsal: &[],
    destination: &[],
    destination_variables: &["JSR_URL"],
    main: &["jsr.io"],
    token: &["--token"],
    token_variables: &["JSR_TOKEN"],
    package: &[],
    folder: &[],
    valued: &["--config", "-c", "--set-version"],
    all: &[],
    bare_folder: false,
    exchange: &[],
};

/// Dart's tools.
pub(super) const DART: Family = Family {
    registry: Registry::PubDev,
    rehearsal: &["-n"],
    destination: &["--server"],
    destination_variables: &["PUB_HOSTED_URL"],
    main: &["pub.dev", "pub.dartlang.org"],
    token: &[],
    token_variables: &["PUB_TOKEN", "PUB_CREDENTIALS", "PUB_DEV_CREDENTIALS"],
    package: &[],
    folder: &["-C", "--directory"],
    valued: &["--scope", "--ignore"],
    all: &[],
    bare_folder: false,
    exchange: &["dart-lang/setup-dart", "flutter-actions/setup-pubdev-credentials"],
};

/// Ruby's tools.
pub(super) const RUBY: Family = Family {
    registry: Registry::RubyGems,
    rehearsal: &[],
    destination: &["--host"],
    destination_variables: &["RUBYGEMS_HOST"],
    main: &["rubygems.org"],
    token: &[],
    token_variables: &["GEM_HOST_API_KEY", "RUBYGEMS_API_KEY", "RUBYGEMS_AUTH_TOKEN"],
    package: &[],
    folder: &["-C"],
    valued: &["-k", "--key", "--otp", "-p", "--http-proxy"],
    all: &[],
    bare_folder: false,
    exchange: &["rubygems/configure-rubygems-credentials"],
};

/// .NET's tools.
pub(super) const DOTNET: Family = Family {
    registry: Registry::Nuget,
    rehearsal: &[],
    destination: &["-s", "--source", "-Source", "-src"],
    destination_variables: &[],
    main: &["nuget.org", "api.nuget.org", "www.nuget.org", "nuget"],
    token: &["-k", "--api-key", "-ApiKey", "-apikey"],
    token_variables: &["NUGET_API_KEY", "FEED_API_KEY"],
    package: &[],
    folder: &[],
    valued: &["-t", "--timeout", "-sk", "--symbol-api-key", "-ss", "--symbol-source", "-Timeout", "-ConfigFile"],
    all: &[],
    bare_folder: false,
    exchange: &["nuget/login"],
};

/// The families.
pub(super) const FAMILIES: [&Family; 7] = [&CARGO, &NPM, &PYTHON, &JSR, &DART, &RUBY, &DOTNET];

/// Hosts that keep packages for themselves. Any other host may pass on what it is given.
pub(super) const KEEPERS: [&str; 16] = [
    "pkg.github.com",
    "feedz.io",
    "pkgs.dev.azure.com",
    "pkgs.visualstudio.com",
    "jfrog.io",
    "cloudsmith.io",
    "cloudsmith.com",
    "gitlab.com",
    "myget.org",
    "amazonaws.com",
    "gemfury.com",
    "fury.io",
    "pkg.dev",
    "packagecloud.io",
    "onepub.dev",
    "anaconda.org",
];
