//! The programs that publish, one table row each.
//!
//! Data only: a new tool is a new row, and nothing branches on a tool.

use super::families::{CARGO, DART, DOTNET, FAMILIES, Family, JSR, NPM, PYTHON, RUBY};

/// To which registries a tool publishes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Serves {
    /// To that of its family.
    Family(&'static Family),
    /// To the registry of each package that this config file of the repository names, as far as it is one of these.
    Listed(&'static str, &'static [&'static Family]),
    /// To those of these families for which a variable is set: the switch or a token.
    Switched(&'static [(&'static Family, &'static [&'static str])]),
}

/// A tool that publishes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tool {
    /// Its program.
    pub(super) program: &'static str,
    /// The words after it that publish, any of them: `["npm publish"]` is `yarn npm publish`. An empty one: it publishes by
    /// being called.
    pub(super) verbs: &'static [&'static str],
    /// Options and words before the verb that take a value: `-C DIR`, `workspace NAME`.
    pub(super) leading: &'static [&'static str],
    /// Words before the verb that apply it to many packages.
    pub(super) passes: &'static [&'static str],
    /// Without one of these it publishes nothing.
    pub(super) requires: &'static [&'static str],
    /// With one of these it publishes nothing.
    pub(super) forbids: &'static [&'static str],
    /// Where to.
    pub(super) serves: Serves,
    /// Whether it publishes every package that changed, whatever its folder.
    pub(super) all: bool,
    /// Whether it may as well do something else by the project's own configuration.
    pub(super) configured: bool,
}

const fn tool(program: &'static str, verbs: &'static [&'static str], family: &'static Family) -> Tool {
    Tool {
        program,
        verbs,
        leading: &[],
        passes: &[],
        requires: &[],
        forbids: &[],
        serves: Serves::Family(family),
        all: false,
        configured: false,
    }
}

const MONOCHANGE: Tool = Tool {
    serves: Serves::Listed("monochange.toml", &FAMILIES),
    all: true,
    ..tool("monochange", &["step publish-packages", "publish-packages", "publish"], &NPM)
};

/// The tools, each with its verbs.
pub(super) const TOOLS: &[Tool] = &[
    Tool { leading: &["-C", "--config", "-Z", "--color"], ..tool("cargo", &["publish", "hack publish"], &CARGO) },
    Tool {
        requires: &["--execute", "-x"],
        forbids: &["--no-publish", "version", "replace", "hook", "commit", "tag", "push", "changes", "config"],
        all: true,
        ..tool("cargo", &["release publish", "release"], &CARGO)
    },
    Tool { all: true, ..tool("cargo", &["workspaces publish", "ws publish"], &CARGO) },
    Tool { requires: &["--execute"], all: true, ..tool("cargo", &["smart-release"], &CARGO) },
    Tool { all: true, ..tool("cargo", &["unleash", "publish-all", "publish-workspace", "mono publish"], &CARGO) },
    Tool { all: true, ..tool("release-plz", &["release"], &CARGO) },
    Tool {
        leading: &["--prefix", "-w", "--workspace", "--loglevel"],
        ..tool("npm", &["publish", "stage publish", "pub"], &NPM)
    },
    Tool { leading: &["--filter", "-F", "-C", "--dir"], ..tool("pnpm", &["publish"], &NPM) },
    Tool {
        leading: &["--cwd", "workspace"],
        passes: &["workspaces", "foreach"],
        ..tool("yarn", &["npm publish", "publish"], &NPM)
    },
    tool("bun", &["publish"], &NPM),
    tool("npm-publish", &[""], &NPM),
    tool("wasm-pack", &["publish"], &NPM),
    tool("np", &[""], &NPM),
    tool("clean-publish", &[""], &NPM),
    Tool { all: true, ..tool("changeset", &["publish"], &NPM) },
    Tool { all: true, ..tool("lerna", &["publish"], &NPM) },
    Tool {
        all: true,
        forbids: &["--skip-publish", "version", "changelog", "plan", "plan:check"],
        ..tool("nx", &["release publish", "release"], &NPM)
    },
    Tool { all: true, ..tool("rush", &["publish"], &NPM) },
    Tool { all: true, ..tool("beachball", &["publish"], &NPM) },
    Tool { all: true, ..tool("auto", &["shipit", "canary", "latest", "next"], &NPM) },
    Tool { configured: true, ..tool("semantic-release", &[""], &NPM) },
    Tool { configured: true, all: true, ..tool("multi-semantic-release", &[""], &NPM) },
    Tool {
        configured: true,
        forbids: &["--no-npm", "--npm.publish=false", "--no-npm.publish"],
        ..tool("release-it", &[""], &NPM)
    },
    Tool { all: true, ..tool("publib-npm", &[""], &NPM) },
    tool("twine", &["upload"], &PYTHON),
    Tool { leading: &["--directory", "--project"], ..tool("uv", &["publish"], &PYTHON) },
    Tool { leading: &["-C", "--directory", "-P", "--project"], ..tool("poetry", &["publish"], &PYTHON) },
    tool("flit", &["publish"], &PYTHON),
    tool("hatch", &["publish"], &PYTHON),
    Tool { leading: &["-p", "--project"], ..tool("pdm", &["publish"], &PYTHON) },
    tool("maturin", &["publish", "upload"], &PYTHON),
    tool("rye", &["publish"], &PYTHON),
    Tool { all: true, ..tool("publib-pypi", &[""], &PYTHON) },
    tool("setup.py", &["upload", "sdist upload", "sdist bdist_wheel upload", "bdist_wheel upload"], &PYTHON),
    tool("jsr", &["publish"], &JSR),
    tool("deno", &["publish"], &JSR),
    tool("publish-on-tag", &[""], &JSR),
    Tool { leading: &["-C", "--directory"], ..tool("dart", &["pub publish", "pub lish"], &DART) },
    Tool {
        leading: &["-C", "--directory"],
        ..tool("flutter", &["pub publish", "pub lish", "packages pub publish"], &DART)
    },
    tool("pub", &["publish", "lish"], &DART),
    Tool { requires: &["--no-dry-run"], all: true, ..tool("melos", &["publish"], &DART) },
    tool("gem", &["push", "release"], &RUBY),
    tool("rake", &["release", "release:rubygem_push", "gem:release"], &RUBY),
    Tool { leading: &["--roll-forward"], ..tool("dotnet", &["nuget push"], &DOTNET) },
    tool("nuget", &["push", "Push"], &DOTNET),
    tool("nuget.exe", &["push", "Push"], &DOTNET),
    Tool { all: true, ..tool("publib-nuget", &[""], &DOTNET) },
    Tool {
        serves: Serves::Switched(&[
            (&NPM, &["NPM_TRUSTED_PUBLISHER", "NPM_TOKEN"]),
            (&PYTHON, &["PYPI_TRUSTED_PUBLISHER", "TWINE_PASSWORD"]),
            (&DOTNET, &["NUGET_TRUSTED_PUBLISHER", "NUGET_API_KEY"]),
        ]),
        ..tool("publib", &[""], &NPM)
    },
    MONOCHANGE,
    Tool { program: "mc", ..MONOCHANGE },
    Tool {
        serves: Serves::Listed("putitoutthere.toml", &[&CARGO, &NPM]),
        all: true,
        ..tool("putitoutthere", &["publish"], &NPM)
    },
];

/// Programs that run the program that follows, with the words that may stand between.
pub(super) const LAUNCHERS: &[(&str, &[&str])] = &[
    ("npx", &[]),
    ("pnpx", &[]),
    ("bunx", &[]),
    ("uvx", &[]),
    ("npm", &["exec", "x"]),
    ("pnpm", &["exec", "dlx"]),
    ("yarn", &["exec", "dlx"]),
    ("bun", &["x"]),
    ("deno", &["run", "x"]),
    ("vp", &["exec", "dlx", "run"]),
    ("corepack", &[]),
    ("uv", &["run", "tool run"]),
    ("poetry", &["run"]),
    ("pdm", &["run"]),
    ("pipx", &["run"]),
    ("pipenv", &["run"]),
    ("python", &["-m"]),
    ("python3", &["-m"]),
    ("python", &[]),
    ("python3", &[]),
    ("py", &["-m"]),
    ("bundle", &["exec"]),
    ("fvm", &[]),
    ("mise", &["exec", "x"]),
    ("rustup", &["run"]),
    ("volta", &["run"]),
    ("opam", &["exec"]),
    ("nix-shell", &["--run"]),
    ("direnv", &["exec"]),
];

/// Programs of a project that package managers run by their bare names: `pnpm changeset publish`.
pub(super) const BARE_PROGRAMS: &[&str] = &[
    "changeset",
    "lerna",
    "nx",
    "semantic-release",
    "multi-semantic-release",
    "release-it",
    "jsr",
    "auto",
    "beachball",
    "publib-npm",
    "publib-pypi",
    "publib-nuget",
    "publib",
    "monochange",
    "putitoutthere",
    "np",
];
