//! Commands of the tools, one level down too: which publish, in which packages.

use pretty_assertions::assert_eq;

use super::*;

/// The registry to which a line publishes, at a root that holds a package of every registry.
fn line(command: &str) -> Vec<String> {
    let steps = format!("      - run: {command}\n");
    places(&job(OIDC, &steps)).into_iter().map(|(label, _)| label).collect()
}

#[test]
fn every_tool_is_known_by_its_verb() {
    for (registry, commands) in [
        (
            "crates.io",
            &[
                "cargo publish",
                "cargo hack publish",
                "cargo release --execute",
                "cargo release publish -x",
                "cargo workspaces publish",
                "cargo ws publish",
                "cargo smart-release --execute",
                "release-plz release",
            ][..],
        ),
        (
            "npm",
            &[
                "npm publish",
                "npm stage publish --access public",
                "pnpm -r publish",
                "yarn npm publish",
                "yarn publish",
                "bun publish",
                "npx changeset publish",
                "pnpm lerna publish from-package",
                "npx nx release publish",
                "npx semantic-release",
                "npx release-it --ci",
                "npx np --yolo",
                "npx beachball publish",
                "wasm-pack publish",
                "pnpm exec changeset publish",
                "yarn dlx semantic-release",
            ],
        ),
        (
            "pypi",
            &[
                "twine upload dist/*",
                "python -m twine upload dist/*",
                "uv publish",
                "poetry publish --build",
                "flit publish",
                "hatch publish",
                "pdm publish",
                "maturin publish",
                "maturin upload target/wheels/*",
                "uvx twine upload dist/*",
                "pipx run twine upload dist/*",
                "uv run maturin publish",
                "rye publish",
            ],
        ),
        ("jsr", &["npx jsr publish", "deno publish", "bunx jsr publish", "deno run -A jsr:@acme/publish-on-tag@0.1"]),
        (
            "pub.dev",
            &[
                "dart pub publish -f",
                "flutter pub publish --force",
                "melos publish --no-dry-run --yes",
                "melos exec -c1 --no-private -- dart pub publish -f",
            ],
        ),
        ("rubygems", &["gem push pkg/*.gem", "bundle exec rake release", "rake release", "bundle exec gem push a.gem"]),
        ("nuget", &["dotnet nuget push a.nupkg", "nuget push a.nupkg"]),
    ] {
        for command in commands {
            assert_eq!(line(command), [registry], "{command}");
        }
    }
}

#[test]
fn rehearsals_and_what_publishes_elsewhere_are_none() {
    for command in [
        "cargo publish --dry-run",
        "cargo publish -n",
        "cargo release",
        "cargo release --execute --no-publish",
        "npm publish --dry-run",
        "npm pack",
        "pnpm -r publish --dry-run",
        "npx lerna version",
        "npx nx release --skip-publish",
        "twine check dist/*",
        "uv build",
        "poetry build",
        "dart pub publish --dry-run",
        "dart pub publish -n",
        "melos publish",
        "gem build a.gemspec",
        "dotnet pack",
        "dotnet publish -c Release",
        "npx jsr publish --dry-run",
        "npx vsce publish",
        "pnpm exec ovsx publish a.vsix",
        "npx pkg-pr-new publish './packages/*'",
        "npx gh-pages -d dist",
        "npx chromatic",
        "docker push acme/a",
        "npx wrangler pages publish dist",
        "echo npm publish",
        "semantic-release --help",
        "npm unpublish a",
        "npm deprecate a b",
        "gh release create v1",
        "npm ci --workspaces",
        "npm test -w packages/a",
    ] {
        assert_eq!(line(command), [""; 0], "{command}");
    }
}

#[test]
fn commands_in_other_packages_publish_these() {
    let script = r#"{"scripts": {"release": "npm publish --access public"}}"#;
    let others = [("packages/a/package.json", script), ("packages/b/package.json", script)];
    let published = |command: &str| {
        let reading = job_with(&format!("      - run: {command}\n"), &others, &["@acme/a", "@acme/b"]);
        names(only(&reading)).map(|names| names.join(" "))
    };
    for command in [
        "yarn workspace @acme/a exec npm publish",
        "pnpm --filter @acme/a exec npm publish",
        "pnpm --filter=@acme/a run release",
        "pnpm --filter @acme/a release",
        "npm run release -w @acme/a",
        "npm run release --workspace packages/a",
        "yarn workspace @acme/a release",
    ] {
        assert_eq!(published(command).as_deref(), Some("@acme/a"), "{command}");
    }
    for command in [
        "pnpm -r exec npm publish",
        "npm run release --workspaces",
        "pnpm -r run release",
        "yarn workspaces foreach -A run release",
        "turbo run release",
        "npx lerna run release",
        "lerna exec -- npm publish",
    ] {
        assert_eq!(published(command).as_deref(), Some("@acme/a @acme/b"), "{command}");
    }
    assert_eq!(published("yarn workspace ${{ inputs.package }} exec npm publish"), None);
}

#[test]
fn a_matrix_of_folders_is_each_of_them() {
    let script = r#"{"scripts": {"publish": "npm publish a.tgz"}}"#;
    let text = "on: push\njobs:\n  publish:\n    strategy: {matrix: {package: [packages/a, packages/b]}}\n    permissions: {id-token: write}\n    steps:\n      - run: npm run publish -- --tag next\n        working-directory: ${{ matrix.package }}\n";
    let files =
        [file("a.yml", text), other("packages/a/package.json", script), other("packages/b/package.json", script)];
    let packages = [
        package(Registry::Npm, "a", "packages/a/package.json"),
        package(Registry::Npm, "b", "packages/b/package.json"),
    ];
    let reading = read(&files, &packages);
    assert_eq!(names(only(&reading)), Some(vec!["a", "b"]));
    assert_eq!(only(&reading).at.line, 7);
}
