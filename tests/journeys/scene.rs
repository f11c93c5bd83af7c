//! Repositories that a journey starts from, as GitHub holds them.

use untoken::sandbox::world::actions::{JobPlan, Place};
use untoken::sandbox::world::github::{BranchPolicy, RefKind, RefPattern, Repo};
use untoken::sandbox::{SandboxOptions, World};

use crate::bench::Bench;

/// GitHub's number of the repository.
pub(crate) const REPO: u64 = 700_100_200;
/// Its workflow that publishes.
pub(crate) const RELEASE: &str = ".github/workflows/release.yml";

/// What it begins with: it runs on release tags, and may read.
pub(crate) const HEAD: &str = "name: Release
on:
  push:
    tags: ['v*']
permissions:
  contents: read
jobs:
";

/// Its environment takes release tags alone.
pub(crate) fn tags_alone(repo: &mut Repo) {
    let pattern = RefPattern { id: 1, pattern: "v*".to_owned(), kind: RefKind::Tag };
    repo.environments[0].branches = BranchPolicy::Custom(vec![pattern]);
}

/// A checkout of these files, with one job that publishes; its environment is guarded, and everything is pushed.
pub(crate) fn pushed(files: &[(&str, &str)], key: &str, publishes: (Place, &str)) -> Bench {
    let mut bench = Bench::bare(SandboxOptions { world: World::demo(), ..SandboxOptions::default() });
    for (path, text) in files {
        bench.write(path, text);
    }
    bench.git(&["init", "--quiet", "--initial-branch=main"]);
    bench.git(&["remote", "add", "origin", "https://github.com/acme/widgets.git"]);
    bench.commit();
    let github = {
        let mut world = bench.sandbox.world();
        world.actions.pace = 0;
        world.actions.plans[0].jobs = vec![JobPlan {
            key: key.to_owned(),
            name: "Publish".to_owned(),
            environment: Some("release".to_owned()),
            publishes: vec![(publishes.0, publishes.1.to_owned())],
        }];
        tags_alone(&mut world.github.repos[0]);
        let repo = &mut world.github.repos[0];
        repo.files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        repo.workflows.retain(|workflow| workflow.path == RELEASE);
        repo.secrets.clear();
        repo.organization_secrets.clear();
        repo.environments[0].secrets.clear();
        world.github.add_personal_token("mona", &["repo"])
    };
    bench.set("UNTOKEN_GITHUB_TOKEN", &github);
    bench
}
