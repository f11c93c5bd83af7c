//! Steps that publish: with what, from where, as whom.

use pretty_assertions::assert_eq;

use super::*;

#[test]
fn environments_are_read_in_both_forms() {
    let environment = |text: &str| only(&job(text, "      - run: uv publish\n")).environment.clone();
    let release = EnvironmentRef::Named("release".parse().unwrap());
    assert_eq!(environment("    environment: release\n"), release);
    assert_eq!(environment("    environment: {name: release, url: x}\n"), release);
    assert_eq!(environment("    environment:\n      name: 'release'\n"), release);
    assert_eq!(environment(""), EnvironmentRef::None);
    let expression = "${{ inputs.to }}";
    assert_eq!(environment(&format!("    environment: {expression}\n")), EnvironmentRef::Expression(expression.into()));
}

#[test]
fn a_jobs_permissions_replace_the_workflows() {
    let granted = |top: &str, own: &str| {
        let text = format!("on: push\n{top}jobs:\n  a:\n{own}    steps:\n      - run: uv publish\n");
        matches!(only(&read(&[file("a.yml", &text)], &[])).id_token, IdToken::Granted(_))
    };
    assert!(granted("", "    permissions: {id-token: write}\n"));
    assert!(granted("permissions:\n  id-token: write\n", ""));
    assert!(granted("permissions: write-all\n", ""));
    assert!(granted("permissions: {}\n", "    permissions: write-all\n"));
    assert!(!granted("", ""));
    assert!(!granted("permissions: read-all\n", ""));
    assert!(!granted("permissions: {id-token: write}\n", "    permissions: {contents: read}\n"));
    assert!(!granted("permissions: {id-token: write}\n", "    permissions: {}\n"));
    assert!(!granted("permissions: {id-token: read}\n", ""));
}

#[test]
fn the_grants_place_is_the_line_that_grants() {
    let reading = job(OIDC, "      - run: uv publish\n");
    let IdToken::Granted(place) = &only(&reading).id_token else { panic!() };
    assert_eq!((place.line, place.column), (6, 7));
    assert_eq!(only(&reading).job_at.line, 3);
}

#[test]
fn the_publishing_line_is_found_in_every_style_with_crlf_and_bom() {
    for (step, line, column) in [
        ("      - run: npm publish\n", 6, 14),
        ("      - run: |\n          # npm publish\n\n          npm publish\n", 9, 11),
        ("      - run: >-\n          npm ci &&\n          npm publish\n", 8, 1),
        ("      - {name: x, run: \"npm publish\"}\n", 6, 24),
    ] {
        for text in [step.to_owned(), step.replace('\n', "\r\n")] {
            let reading = job("", &text);
            assert_eq!((only(&reading).at.line, only(&reading).at.column), (line, column), "{text:?}");
        }
    }
    let text = "\u{feff}on: push\r\njobs:\r\n  a:\r\n    steps:\r\n      - run: twine upload dist/*\r\n";
    let reading = read(&[file("a.yml", text)], &[]);
    assert_eq!((only(&reading).at.line, only(&reading).at.column), (5, 14));
}

#[test]
fn tokens_are_traced_through_env_variables_inputs_and_logins() {
    for (steps, secret) in [
        ("      - run: npm publish\n        env:\n          NODE_AUTH_TOKEN: ${{ secrets.NPM }}\n", "NPM"),
        ("      - run: NODE_AUTH_TOKEN=${{ secrets.NPM }} npm publish\n", "NPM"),
        ("      - run: cargo publish -p core --token ${T}\n        env: {T: '${{ secrets.CRATES }}'}\n", "CRATES"),
        ("      - run: twine upload -u ${{ secrets.USER }} -p ${{ secrets.PASS }} dist/*\n", "PASS"),
        ("      - run: cargo login ${{ secrets.CRATES }}\n      - run: cargo publish -p core\n", "CRATES"),
        (
            "      - run: echo '//registry.npmjs.org/:_authToken=${T}' > .npmrc\n        env: {T: '${{ secrets.NPM }}'}\n      - run: npm publish\n",
            "NPM",
        ),
        (
            "      - uses: pypa/gh-action-pypi-publish@v1\n        with:\n          user: __token__\n          password: ${{ secrets.PYPI }}\n",
            "PYPI",
        ),
        ("      - uses: katyo/publish-crates@v2\n        with: {registry-token: '${{ secrets.CRATES }}'}\n", "CRATES"),
        (
            "      - uses: PyO3/maturin-action@v1\n        with: {command: upload, args: '-p ${{ secrets.PYPI }}'}\n",
            "PYPI",
        ),
    ] {
        // A token beside id-token is a token.
        for head in ["", OIDC] {
            assert_eq!(only(&job(head, steps)).auth, token(secret), "{steps}");
        }
    }
    let env = "    env:\n      UV_PUBLISH_TOKEN: ${{ secrets.PYPI }}\n";
    assert_eq!(only(&job(env, "      - run: uv publish\n")).auth, token("PYPI"));
}

#[test]
fn what_is_no_registry_token_leaves_oidc() {
    for steps in [
        "      - run: npm publish\n        env:\n          NODE_AUTH_TOKEN: ''\n",
        "      - run: npm publish\n        env:\n          NODE_AUTH_TOKEN:\n",
        "      - run: npm publish\n        env:\n          GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}\n          OTHER: ${{ secrets.OTHER }}\n",
        "      - run: npm publish\n        env:\n          NODE_AUTH_TOKEN: ${{ secrets.GITHUB_TOKEN }}\n",
        "      - id: auth\n        uses: rust-lang/crates-io-auth-action@v1\n      - run: cargo publish -p core\n        env:\n          CARGO_REGISTRY_TOKEN: ${{ steps.auth.outputs.token }}\n",
        "      - run: twine upload dist/*\n        env:\n          TWINE_USERNAME: ${{ secrets.PYPI_USER }}\n",
    ] {
        assert_eq!(only(&job(OIDC, steps)).auth, Auth::Oidc, "{steps}");
        assert_eq!(only(&job("", steps)).auth, Auth::Unknown, "{steps}");
    }
}

#[test]
fn other_places_are_never_taken_for_the_main_registry() {
    for (steps, label) in [
        ("      - run: npm publish --registry https://npm.pkg.github.com\n", "other:npm.pkg.github.com"),
        (
            "      - uses: actions/setup-node@v4\n        with: {registry-url: 'https://npm.pkg.github.com'}\n      - run: npm publish\n",
            "other:npm.pkg.github.com",
        ),
        ("      - run: twine upload --repository testpypi dist/*\n", "testpypi"),
        ("      - run: twine upload -r testpypi dist/*\n", "testpypi"),
        ("      - run: uv publish\n        env: {UV_PUBLISH_URL: 'https://test.pypi.org/legacy/'}\n", "testpypi"),
        (
            "      - uses: pypa/gh-action-pypi-publish@v1\n        with: {repository-url: 'https://test.pypi.org/legacy/'}\n",
            "testpypi",
        ),
        (
            "      - run: npm publish --registry https://${{ env.HOST }}\n        env: {HOST: npm.acme.example}\n",
            "other:npm.acme.example",
        ),
    ] {
        let reading = job(OIDC, steps);
        assert_eq!(only(&reading).destination.label(), label, "{steps}");
        assert_eq!(only(&reading).destination.registry(), None, "{steps}");
    }
    // A name without an address is a company's own: there is nothing to say about it.
    assert_eq!(job(OIDC, "      - run: cargo publish --registry acme\n").publish_jobs, []);
    for steps in [
        "      - uses: actions/setup-node@v4\n        with: {registry-url: 'https://registry.npmjs.org/'}\n      - run: npm publish\n",
        "      - uses: pypa/gh-action-pypi-publish@v1\n        with: {repository-url: 'https://upload.pypi.org/legacy/'}\n",
        "      - run: cargo publish --registry crates-io\n",
    ] {
        assert!(only(&job(OIDC, steps)).certainty > Certainty::CannotTell, "{steps}");
    }
    let steps = "      - run: twine upload --repository-url ${{ vars.INDEX }} dist/*\n";
    assert_eq!(only(&job(OIDC, steps)).certainty, Certainty::CannotTell);
}

#[test]
fn packages_are_told_by_name_folder_or_all() {
    for (steps, expected) in [
        ("      - run: cargo publish -p core\n", Some(vec!["core"])),
        ("      - run: cargo publish\n", Some(vec!["top"])),
        ("      - run: cargo publish --workspace\n", Some(vec!["core", "top"])),
        ("      - run: cargo publish --workspace --exclude core\n", Some(vec!["top"])),
        ("      - run: cargo publish\n        working-directory: crates/core\n", Some(vec!["core"])),
        ("      - run: cd crates/core && cargo publish\n", Some(vec!["core"])),
        ("      - run: cargo publish --manifest-path crates/core/Cargo.toml\n", Some(vec!["core"])),
        ("      - run: npm publish ./packages/b\n", Some(vec!["@acme/b"])),
        ("      - run: pnpm --filter @acme/a publish\n", Some(vec!["@acme/a"])),
        ("      - run: pnpm -r publish\n", Some(vec!["@acme/a", "@acme/b"])),
        ("      - run: npm publish -w packages/${{ inputs.name }}\n", Some(vec!["@acme/a", "@acme/b"])),
        ("      - run: npm publish\n", None),
        ("      - run: npm publish \"$dir\"\n", None),
        ("      - uses: pypa/gh-action-pypi-publish@v1\n", Some(vec!["widgets"])),
        ("      - run: cargo publish -p core\n      - run: cargo publish -p top\n", Some(vec!["core", "top"])),
    ] {
        assert_eq!(names(only(&job(OIDC, steps))), expected, "{steps}");
    }
}

#[test]
fn steps_that_never_run_and_rehearsals_are_left_out() {
    for steps in [
        "      - run: npm publish\n        if: false\n",
        "      - run: npm publish\n        if: ${{ false }}\n",
        "      - run: echo npm publish\n",
        "      - uses: release-plz/action@v0.5\n        with: {command: release-pr}\n",
        "      - uses: changesets/action@v1\n",
        "      - uses: PyO3/maturin-action@v1\n        with: {command: build}\n",
        "      - uses: JS-DevTools/npm-publish@v3\n        with: {dry-run: true}\n",
    ] {
        assert_eq!(job(OIDC, steps).publish_jobs, [], "{steps}");
    }
}

#[test]
fn actions_carry_their_pin() {
    let reading = job(OIDC, "      - uses: pypa/gh-action-pypi-publish@release/v1\n");
    assert_eq!((only(&reading).pinned, only(&reading).certainty), (Pinned::Branch, Certainty::Certain));
    let auth = "      - uses: rust-lang/crates-io-auth-action@v1\n      - run: cargo publish -p core\n";
    assert_eq!(only(&job(OIDC, auth)).pinned, Pinned::Tag);
    assert_eq!(only(&job(OIDC, "      - run: uv publish\n")).pinned, Pinned::None);
}
