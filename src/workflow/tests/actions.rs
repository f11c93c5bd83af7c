//! Actions that publish, under which inputs, and those that do not.

use pretty_assertions::assert_eq;

use super::*;

fn uses(action: &str, with: &str) -> WorkflowReading {
    job(OIDC, &format!("      - uses: {action}\n        with: {{{with}}}\n"))
}

#[test]
fn every_action_publishes_under_its_own_inputs() {
    for (registry, action, with) in [
        ("pypi", "pypa/gh-action-pypi-publish@release/v1", ""),
        ("testpypi", "pypa/gh-action-pypi-publish@release/v1", "repository-url: 'https://test.pypi.org/legacy/'"),
        ("pypi", "PyO3/maturin-action@v1", "command: upload"),
        ("npm", "JS-DevTools/npm-publish@v4", ""),
        ("npm", "changesets/action@v1", "publish: pnpm release"),
        ("npm", "changesets/action@v2", "publish-script: pnpm release"),
        ("npm", "changesets/action/publish@v2", ""),
        ("npm", "cycjimmy/semantic-release-action@v4", ""),
        ("crates.io", "katyo/publish-crates@v2", ""),
        ("crates.io", "release-plz/action@v0.5", ""),
        ("crates.io", "release-plz/action@v0.5", "command: release"),
        ("rubygems", "rubygems/release-gem@v1", ""),
        ("pub.dev", "bluefireteam/melos-action@v3", "publish: true"),
        ("nuget", "brandedoutcast/publish-nuget@v2", ""),
    ] {
        let found = uses(action, with);
        assert_eq!(places(&found), [(registry.to_owned(), 8)], "{action} {with}");
    }
}

#[test]
fn the_same_actions_without_them_do_not() {
    for (action, with) in [
        ("PyO3/maturin-action@v1", "command: build"),
        ("changesets/action@v1", "version: pnpm version"),
        ("changesets/action@v1", "publish: echo never here"),
        ("changesets/action/pack@v2", ""),
        ("release-plz/action@v0.5", "command: release-pr"),
        ("bluefireteam/melos-action@v3", "run-bootstrap: false"),
        ("JS-DevTools/npm-publish@v4", "dry-run: true"),
        ("docker/build-push-action@v6", "push: true"),
        ("softprops/action-gh-release@v2", "files: dist/*"),
        ("peaceiris/actions-gh-pages@v4", "publish_dir: site"),
        ("actions/upload-artifact@v4", "path: dist"),
    ] {
        assert_eq!(places(&uses(action, with)), [], "{action} {with}");
    }
}

#[test]
fn a_tool_for_several_registries_serves_those_it_can_log_in_to() {
    let steps = "      - run: cargo login ${{ secrets.CRATES }}\n      - uses: jbolda/covector/packages/action@covector-v0\n        env: {NODE_AUTH_TOKEN: '${{ secrets.NPM }}'}\n        with: {command: version-or-publish}\n";
    let found = job("", steps);
    let told: Vec<_> = found.publish_jobs.iter().map(|job| (job.destination.label(), job.auth.clone())).collect();
    assert_eq!(told, [("npm".to_owned(), token("NPM")), ("crates.io".to_owned(), token("CRATES"))]);
}
