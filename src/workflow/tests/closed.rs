//! Programs and actions that cannot be read: what is said of them, and when nothing is.

use pretty_assertions::assert_eq;

use super::*;

const WIDGETS: &[&str] = &["@acme/a"];

#[test]
fn a_program_is_told_by_the_commands_that_it_spells_out_not_by_its_prose() {
    let found = |text: &str| {
        let reading = job_with("      - run: node tools/publish.mjs\n", &[("tools/publish.mjs", text)], WIDGETS);
        reading.publish_jobs.first().map(|job| (job.destination.label(), job.why[0].contains("`npm publish`")))
    };
    let spelled = Some(("npm".to_owned(), true));
    assert_eq!(found("await $`npm publish --access public`;\n"), spelled);
    assert_eq!(found("execFileSync('npm', ['publish', '--access', 'public']);\n"), spelled);
    let guessed = Some(("npm".to_owned(), false));
    assert_eq!(found("const hint = 'Publish it by `npm publish` yourself';\n"), guessed);
    assert_eq!(found("throw new Error('npm publish failed');\n"), guessed);
}

#[test]
fn a_token_that_only_reads_packages_is_no_publisher() {
    let npmrc = ("//npm.acme.example/:_authToken=${READ_TOKEN}\n", "registry=https://npm.acme.example/\n");
    let others = [
        (".npmrc", npmrc.0),
        ("package.json", r#"{"scripts": {"preinstall": "node tools/check.js", "build": "node tools/build.js"}}"#),
        ("tools/check.js", "check()"),
        ("tools/build.js", "build()"),
    ];
    let steps =
        "      - run: npm install && npm run build\n        env: {NODE_AUTH_TOKEN: '${{ secrets.READ_TOKEN }}'}\n";
    let text = format!("on: push\njobs:\n  test:\n    steps:\n{steps}");
    let mut files = vec![file("ci.yml", &text)];
    files.extend(others.iter().map(|(path, text)| other(path, text)));
    assert_eq!(places(&read(&files, &[package(Registry::Npm, "@acme/a", "package.json")])), []);
}

#[test]
fn an_unknown_action_is_told_by_its_name_and_the_secret_it_is_handed() {
    let told = |steps: &str| {
        let found = job("", steps);
        found.publish_jobs.iter().map(|job| (job.destination.label(), job.auth.clone(), job.pinned)).collect::<Vec<_>>()
    };
    let steps = |uses: &str, with: &str| format!("      - uses: {uses}\n        with: {{{with}}}\n");
    assert_eq!(
        told(&steps("acme/publish-to-npm@v1", "token: '${{ secrets.NPM }}'")),
        [("npm".to_owned(), token("NPM"), Pinned::Tag)]
    );
    assert_eq!(
        told(&steps("acme/release-it-all@main", "nugetApiKey: '${{ secrets.KEY }}'")),
        [("nuget".to_owned(), token("KEY"), Pinned::Branch)]
    );
    for (uses, with) in [
        ("scientific-python/upload-nightly-action@v1", "anaconda_nightly_upload_token: '${{ secrets.A }}'"),
        ("softprops/action-gh-release@v2", "token: '${{ secrets.A }}'"),
        ("acme/publish-to-npm@v1", "token: '${{ github.token }}'"),
        ("acme/setup-npm@v1", "npm-token: '${{ secrets.A }}'"),
        ("docker/build-push-action@v6", "password: '${{ secrets.A }}'"),
        ("JamesIves/github-pages-deploy-action@v4", "token: '${{ secrets.A }}'"),
    ] {
        assert_eq!(told(&steps(uses, with)), [], "{uses}");
    }
}

#[test]
fn a_registry_of_one_scope_is_for_its_packages_alone() {
    let place = |npmrc: &str| {
        let steps = "      - run: npm publish\n        working-directory: packages/a\n";
        places(&job_with(steps, &[(".npmrc", npmrc)], WIDGETS))[0].0.clone()
    };
    assert_eq!(place("@fonts:registry=https://npm.fonts.example/\n"), "npm");
    assert_eq!(place("@acme:registry=https://npm.pkg.github.com\n"), "other:npm.pkg.github.com");
    assert_eq!(place("registry=https://npm.pkg.github.com\n"), "other:npm.pkg.github.com");
    let yarn = |text: &str| {
        let steps = "      - run: yarn npm publish\n        working-directory: packages/a\n";
        places(&job_with(steps, &[(".yarnrc.yml", text)], WIDGETS))[0].0.clone()
    };
    assert_eq!(yarn("npmScopes:\n  jsr:\n    npmRegistryServer: \"https://npm.jsr.io\"\n"), "npm");
}

#[test]
fn a_build_program_in_csharp_is_told_by_its_push_and_its_target() {
    let code = "class Build {\n  Target Push => _ => _.Executes(() => {\n    DotNetNuGetPush(s => s\n      .SetSource(\"https://api.nuget.org/v3/index.json\"));\n  });\n}\n";
    let told = |run: &str, with: &str| {
        let text = format!("on: push\njobs:\n  all:\n    steps:\n      - run: {run}\n        env: {{{with}}}\n");
        let files = [
            file("a.yml", &text),
            other("build.sh", "dotnet run --project ./build/Build.csproj -- \"$@\"\n"),
            other("build/Build.csproj", "<Project/>"),
            other("build/Build.cs", code),
        ];
        let found = read(&files, &[]).publish_jobs;
        found.iter().map(|job| (job.destination.label(), job.auth.clone(), job.certainty)).collect::<Vec<_>>()
    };
    let pushed = [("nuget".to_owned(), token("KEY"), Certainty::Likely)];
    let key = "NuGetApiKey: '${{ secrets.KEY }}'";
    assert_eq!(told("./build.sh", key), pushed);
    assert_eq!(told("./build.sh --target=Publish", key), pushed);
    assert_eq!(told("dotnet run --project build/Build.csproj -- Push", key), pushed);
    assert_eq!(told("./build.sh --target=Test", key), []);
    assert_eq!(told("dotnet make publish --nuget-key='${{ secrets.KEY }}'", ""), pushed);
}
