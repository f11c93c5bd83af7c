//! The tools that publish, one table row each, and what a family of them calls things.
//!
//! Data only: a new tool is a new row, and nothing branches on a tool or a registry.

use crate::model::Registry;

/// A tool that publishes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tool {
    /// Its program.
    pub(super) program: &'static str,
    /// The words after it that publish, any of them: `["npm publish"]` is `yarn npm publish`.
    pub(super) verbs: &'static [&'static str],
    /// Options and words before the verb that take a value: `-C DIR`, `workspace NAME`.
    pub(super) leading: &'static [&'static str],
    /// Words before the verb that apply it to many packages.
    pub(super) passes: &'static [&'static str],
    /// Without one of these it publishes nothing.
    pub(super) requires: &'static [&'static str],
    /// With one of these it publishes nothing.
    pub(super) forbids: &'static [&'static str],
    /// What its options mean.
    pub(super) options: &'static Options,
    /// Whether it publishes every package that changed, whatever its folder.
    pub(super) all: bool,
}

/// What a family of tools calls things.
#[derive(Debug)]
pub(super) struct Options {
    /// Where it publishes to.
    pub(super) registry: Registry,
    /// Short options that make it a rehearsal, beside `--dry-run`.
    pub(super) rehearsal: &'static [&'static str],
    /// Options whose value names another place, unless it is one of `main`.
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
    /// Options that mean all packages.
    pub(super) all: &'static [&'static str],
    /// Whether a bare word after the verb is a folder or a file of the package.
    pub(super) bare_folder: bool,
    /// Texts in an earlier step that log in with a token.
    pub(super) login: &'static [&'static str],
    /// An action that points the tools at a registry, and its input.
    pub(super) set_up: Option<(&'static str, &'static str)>,
    /// Actions that exchange the OIDC token, without their ref.
    pub(super) exchange: &'static [&'static str],
}

/// cargo and what wraps it.
pub(super) const CARGO: Options = Options {
    registry: Registry::CratesIo,
    rehearsal: &["-n"],
    destination: &["--registry", "--index"],
    destination_variables: &["CARGO_REGISTRY_DEFAULT"],
    main: &["crates-io"],
    token: &["--token"],
    token_variables: &["CARGO_REGISTRY_TOKEN", "CARGO_REGISTRIES_CRATES_IO_TOKEN"],
    package: &["-p", "--package"],
    folder: &["-C", "--manifest-path"],
    all: &["--workspace", "--all"],
    bare_folder: false,
    login: &["cargo login"],
    set_up: None,
    exchange: &["rust-lang/crates-io-auth-action"],
};

/// npm, its siblings and what wraps them.
pub(super) const NPM: Options = Options {
    registry: Registry::Npm,
    rehearsal: &[],
    destination: &["--registry", "--@jsr:registry"],
    destination_variables: &["NPM_CONFIG_REGISTRY", "npm_config_registry", "YARN_NPM_PUBLISH_REGISTRY"],
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
    ],
    package: &["--filter", "-F", "-w", "--workspace", "workspace"],
    folder: &["-C", "--prefix", "--dir", "--cwd"],
    all: &["-r", "--recursive", "--workspaces", "-ws", "foreach"],
    bare_folder: true,
    login: &["_authToken", "npmAuthToken", "npm-cli-login", "_auth="],
    set_up: Some(("actions/setup-node", "registry-url")),
    exchange: &[],
};

/// Python's tools.
pub(super) const PYTHON: Options = Options {
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
    all: &[],
    bare_folder: false,
    login: &["pypi-token.pypi", "http-basic.pypi", ".pypirc"],
    set_up: None,
    exchange: &[],
};

/// The families.
pub(super) const FAMILIES: [&Options; 3] = [&CARGO, &NPM, &PYTHON];

const fn tool(program: &'static str, verbs: &'static [&'static str], options: &'static Options) -> Tool {
    Tool { program, verbs, leading: &[], passes: &[], requires: &[], forbids: &[], options, all: false }
}

/// The tools, each with its verbs.
pub(super) const TOOLS: &[Tool] = &[
    Tool { leading: &["-C", "--config", "-Z", "--color"], ..tool("cargo", &["publish"], &CARGO) },
    Tool {
        requires: &["--execute", "-x"],
        forbids: &["--no-publish"],
        all: true,
        ..tool("cargo", &["release"], &CARGO)
    },
    Tool { all: true, ..tool("cargo", &["workspaces publish", "ws publish"], &CARGO) },
    Tool { requires: &["--execute"], all: true, ..tool("cargo", &["smart-release"], &CARGO) },
    Tool { all: true, ..tool("release-plz", &["release"], &CARGO) },
    Tool { leading: &["--prefix", "-w", "--workspace"], ..tool("npm", &["publish", "pub"], &NPM) },
    Tool { leading: &["--filter", "-F", "-C", "--dir"], ..tool("pnpm", &["publish"], &NPM) },
    Tool {
        leading: &["--cwd", "workspace"],
        passes: &["workspaces", "foreach"],
        ..tool("yarn", &["npm publish", "publish"], &NPM)
    },
    tool("bun", &["publish"], &NPM),
    Tool { all: true, ..tool("changeset", &["publish"], &NPM) },
    Tool { all: true, ..tool("lerna", &["publish"], &NPM) },
    Tool { all: true, forbids: &["--skip-publish"], ..tool("nx", &["release publish"], &NPM) },
    tool("twine", &["upload"], &PYTHON),
    Tool { leading: &["--directory", "--project"], ..tool("uv", &["publish"], &PYTHON) },
    Tool { leading: &["-C", "--directory", "-P", "--project"], ..tool("poetry", &["publish"], &PYTHON) },
    tool("flit", &["publish"], &PYTHON),
    tool("hatch", &["publish"], &PYTHON),
    Tool { leading: &["-p", "--project"], ..tool("pdm", &["publish"], &PYTHON) },
    tool("maturin", &["publish", "upload"], &PYTHON),
];

/// Programs that run the program that follows, with the words that may stand between.
pub(super) const LAUNCHERS: &[(&str, &[&str])] = &[
    ("npx", &[]),
    ("pnpx", &[]),
    ("bunx", &[]),
    ("uvx", &[]),
    ("npm", &["exec"]),
    ("pnpm", &["exec", "dlx"]),
    ("yarn", &["exec", "dlx", "run"]),
    ("bun", &["x", "run"]),
    ("corepack", &[]),
    ("uv", &["run", "tool run"]),
    ("poetry", &["run"]),
    ("pdm", &["run"]),
    ("hatch", &["run"]),
    ("pipx", &["run"]),
    ("python", &["-m"]),
    ("python3", &["-m"]),
    ("py", &["-m"]),
];
