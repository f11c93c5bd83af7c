//! A repository of 1,000 packages and 200 workflows, the same on every machine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

/// How many packages there are, in all.
pub(crate) const PACKAGES: usize = CRATES + NPM + PYTHON;
/// How many workflow files.
pub(crate) const WORKFLOWS: usize = 200;
const CRATES: usize = 400;
const NPM: usize = 350;
const PYTHON: usize = 250;
/// Files of source beside each manifest: a walk meets them as well.
const SOURCES: usize = 4;
/// How many composite actions, scripts and reusable workflows are shared.
const SHARED: usize = 20;

fn put(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// Writes it all below `root`; says how many files that took.
pub(crate) fn write(root: &Path) -> usize {
    let mut files = packages();
    files.extend((0..WORKFLOWS).map(|n| (format!(".github/workflows/w{n}.yml"), workflow(n))));
    for n in 0..SHARED {
        files.push((format!(".github/actions/a{n}/action.yml"), action(n)));
        files.push((format!("scripts/release-{n}.sh"), script(n)));
    }
    let targets: String =
        (0..SHARED).map(|n| format!("release-{n}: build\n\tbash scripts/release-{n}.sh\n\n")).collect();
    files.push(("Makefile".to_owned(), format!("{targets}build:\n\techo built\n")));
    files.iter().for_each(|(path, text)| put(root, path, text));
    files.len()
}

fn packages() -> Vec<(String, String)> {
    let mut files = vec![
        (
            "Cargo.toml".to_owned(),
            "[workspace]\nmembers = [\"crates/*\"]\n[workspace.package]\nversion = \"1.0.0\"\nlicense = \"MIT\"\nrepository = \
             \"https://github.com/acme/widgets\"\n"
                .to_owned(),
        ),
        ("package.json".to_owned(), "{\"private\": true, \"workspaces\": [\"packages/*\"]}\n".to_owned()),
        (
            "pyproject.toml".to_owned(),
            "[project]\nname = \"acme-root\"\nversion = \"1.0.0\"\nclassifiers = [\"Private :: Do Not Upload\"]\n\
             [tool.uv.workspace]\nmembers = [\"python/*\"]\n"
                .to_owned(),
        ),
    ];
    let mut add = |folder: String, manifest: &str, text: String, ending: &str| {
        files.push((format!("{folder}/{manifest}"), text));
        files.extend((0..SOURCES).map(|n| (format!("{folder}/src/part{n}.{ending}"), "// nothing\n".repeat(40))));
    };
    for n in 0..CRATES {
        let before = n.saturating_sub(1);
        let text = format!(
            "[package]\nname = \"acme-crate-{n}\"\nversion.workspace = true\nlicense.workspace = true\nrepository.workspace = true\n\
             description = \"crate {n}\"\n\n[dependencies]\nserde = {{ version = \"1\", features = [\"derive\"] }}\ntokio = \"1\"\n\
             acme-crate-{before} = {{ path = \"../c{before}\", version = \"1.0.0\" }}\n\n[dev-dependencies]\ninsta = \"1\"\n"
        );
        add(format!("crates/c{n}"), "Cargo.toml", text, "rs");
    }
    for n in 0..NPM {
        let text = format!(
            "{{\n  \"name\": \"@acme/package-{n}\",\n  \"version\": \"1.0.0\",\n  \"main\": \"src/part0.js\",\n  \"repository\": \
             {{\"type\": \"git\", \"url\": \"git+https://github.com/acme/widgets.git\"}},\n  \"scripts\": {{\"build\": \"tsc\", \
             \"release\": \"npm run build && npm publish --access public\"}},\n  \"dependencies\": {{\"left-pad\": \"1\", \"right-pad\": \"1\"}}\n}}\n"
        );
        add(format!("packages/p{n}"), "package.json", text, "js");
    }
    for n in 0..PYTHON {
        let text = format!(
            "[project]\nname = \"acme-python-{n}\"\nversion = \"1.0.0\"\ndescription = \"package {n}\"\ndependencies = [\"requests\"]\n\
             urls = {{ Repository = \"https://github.com/acme/widgets\" }}\n[build-system]\nrequires = [\"hatchling\"]\n\
             build-backend = \"hatchling.build\"\n"
        );
        add(format!("python/y{n}"), "pyproject.toml", text, "py");
    }
    files
}

const CHECK: &str = "  check:
    runs-on: ${{ matrix.os }}
    strategy:
      matrix:
        os: [ubuntu-latest, windows-latest, macos-latest]
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
      - run: |
          set -euo pipefail
          for part in one two three; do
            echo \"checking $part\" && ./check.sh \"$part\"
          done
          if [[ -n \"${CI:-}\" ]]; then cargo test --workspace; else echo no; fi
";

fn workflow(n: usize) -> String {
    let shared = n % SHARED;
    let head =
        if n < SHARED { "on:\n  workflow_call:\n" } else { "on:\n  push:\n    tags: ['v*']\n  workflow_dispatch:\n" };
    let job = match n % 6 {
        _ if n < SHARED => steps(&format!("      - run: cargo publish -p acme-crate-{n}\n"), "secrets.CARGO_TOKEN"),
        0 => format!(
            "  publish:\n    uses: ./.github/workflows/w{shared}.yml\n    permissions:\n      id-token: write\n    secrets: inherit\n"
        ),
        1 => steps(&format!("      - run: cargo publish -p acme-crate-{n}\n"), "steps.auth.outputs.token"),
        2 => steps(
            &format!("      - run: npm run release\n        working-directory: packages/p{n}\n"),
            "secrets.NPM_TOKEN",
        ),
        3 => steps(
            &format!("      - uses: ./.github/actions/a{shared}\n        with:\n          name: acme-crate-{n}\n"),
            "secrets.CARGO_TOKEN",
        ),
        4 => steps(&format!("      - run: make release-{shared}\n"), "secrets.CARGO_TOKEN"),
        _ => steps(
            &format!(
                "      - run: uv build python/y{n}\n      - uses: pypa/gh-action-pypi-publish@ed0c53931b1dc9bd32cbe73a98c7f6766f8a527e\n"
            ),
            "secrets.PYPI_TOKEN",
        ),
    };
    format!(
        "name: workflow {n}\n{head}permissions:\n  contents: read\nenv:\n  SHARED: ${{{{ secrets.SHARED }}}}\njobs:\n{CHECK}{job}"
    )
}

fn steps(publish: &str, token: &str) -> String {
    format!(
        "  publish:\n    needs: check\n    runs-on: ubuntu-latest\n    environment: release\n    permissions:\n      id-token: write\n    \
         env:\n      CARGO_REGISTRY_TOKEN: ${{{{ {token} }}}}\n      NODE_AUTH_TOKEN: ${{{{ {token} }}}}\n    steps:\n      - uses: \
         actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683\n      - uses: \
         rust-lang/crates-io-auth-action@e919bc7605cde86df457cf5b93c5e103838bd879\n        id: auth\n{publish}"
    )
}

fn action(n: usize) -> String {
    format!(
        "name: publish {n}\ninputs:\n  name: {{required: true}}\nruns:\n  using: composite\n  steps:\n    - shell: bash\n      run: |\n        \
         cargo package -p \"${{{{ inputs.name }}}}\"\n        cargo publish -p \"${{{{ inputs.name }}}}\"\n    - shell: bash\n      run: \
         bash scripts/release-{n}.sh\n"
    )
}

fn script(n: usize) -> String {
    format!(
        "#!/usr/bin/env bash\nset -euo pipefail\nmain() {{\n  local name=\"acme-crate-{n}\"\n  case \"${{1:-}}\" in\n    --dry) echo dry ;;\n    \
         *) cargo publish -p \"$name\" ;;\n  esac\n}}\nmain \"$@\"\n"
    )
}
