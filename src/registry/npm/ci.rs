//! npm inside a CI job: its client tries OIDC by itself, since a certain version, and goes on with a token without a word.

use crate::registry::ci::{CiRules, ClientNeed, ManifestRepository, Placeholder, Precedence};
use crate::registry::rules::{documented, from_source, reported};

pub(super) static CI: CiRules = CiRules {
    placeholder: Some(reported(
        Placeholder { action: "actions/setup-node", input: "registry-url" },
        "issue threads of projects whose exchange failed: npm answered E401 or E404",
        "2026-11-20",
    )),
    client: Some(documented(
        ClientNeed {
            tool: "npm",
            command: "npm publish",
            least: (11, 5, 1),
            action: "actions/setup-node",
            input: "node-version",
            // Node.js 24.5.0 is the first with npm 11.5.1 in it; 22 and older stay with npm 10. (Node.js changelog.)
            since: (24, 5),
            runtime: "Node.js",
            replaced_by: &["npm@", "-g npm", "--global npm", "npm -g", "npm --global", "location=global"],
            fix: "- run: npm install --global npm@^11.5.1",
        },
        "npm/documentation content/packages-and-modules/securing-your-code/trusted-publishers.mdx",
        "2026-08-21",
    )),
    manifest: Some(documented(
        ManifestRepository {
            key: "repository",
            lines: "\"repository\": {\n  \"type\": \"git\",\n  \"url\": \"git+https://github.com/{}.git\"\n}",
        },
        "npm/documentation content/packages-and-modules/securing-your-code/trusted-publishers.mdx",
        "2026-08-21",
    )),
    subject_trouble: Some(reported((), "npm/cli issue 9969", "2026-11-20")),
    ..CiRules::plain(
        from_source(Precedence::OidcThenToken, "npm/cli lib/utils/oidc.js, npm 11.19.1", "2026-11-20"),
        "npm 11.5.1 and newer try OIDC first and go on with the token without a word when that fails; older ones and other \
         clients use the token",
    )
};
