//! How a job of a run logs in at a registry: what the lines of its workflow say.

use super::github::Repo;

/// How a job logs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Login {
    /// By OIDC, for which it may ask.
    Oidc {
        /// Whom NuGet's login names, if the key that it hands out is then used.
        nuget_user: Option<String>,
    },
    /// By a secret that it names and that is there.
    Secret,
    /// Not at all.
    None,
}

impl Login {
    /// By a secret that the job names and that is there, else by OIDC where it may ask for it.
    pub(super) fn of(block: &str, repo: &Repo) -> Self {
        // Who logs in is no secret that publishes, wherever it is kept.
        let rest = || block.lines().filter(|line| !line.trim_start().starts_with("user:"));
        let named = rest().find_map(|line| line.split_once("secrets.")).map(|(_, rest)| first_word(rest));
        match named {
            Some(name) if repo.secrets.iter().any(|secret| secret.name == name) => Self::Secret,
            Some(_) => Self::None,
            None if block.contains("id-token: write") => Self::Oidc { nuget_user: nuget_user(block, repo) },
            None => Self::None,
        }
    }
}

/// Whom `NuGet/login` names: as it stands there, or in a variable of the repository. What a secret holds is not known here.
fn nuget_user(block: &str, repo: &Repo) -> Option<String> {
    let (_, after) = block.split_once("uses: NuGet/login@")?;
    let (with, _) = after.split_once("\n      - ")?;
    let user = with.lines().find_map(|line| line.trim().strip_prefix("user:"))?.trim().trim_matches(['"', '\'']);
    let user = match user.strip_prefix("${{") {
        None => user.to_owned(),
        Some(expression) => repo.variables.get(first_word(expression.trim().strip_prefix("vars.")?))?.clone(),
    };
    after.contains("outputs.NUGET_API_KEY").then_some(user)
}

fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// The lines of a job, by its key two blanks in.
pub(super) fn job_block(text: &str, key: &str) -> String {
    let head = format!("  {key}:");
    let mut lines = text.lines().skip_while(|line| line.trim_end() != head);
    let first: Vec<&str> = lines.by_ref().take(1).collect();
    let rest = lines.take_while(|line| line.is_empty() || line.starts_with("   "));
    first.into_iter().chain(rest).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::sandbox::World;
    use crate::sandbox::world::actions::{JobPlan, Place, State};
    use crate::sandbox::world::nuget::{Policy, Pushes};

    fn job(user: &str, key: &str) -> String {
        format!(
            "    permissions:\n      id-token: write\n    steps:\n      - uses: NuGet/login@v1\n        id: login\n        \
             with:\n          user: {user}\n      - run: dotnet nuget push --api-key {key}\n"
        )
    }

    #[test]
    fn nugets_user_is_read_where_it_is_named() {
        let mut repo = World::demo().github.repos.remove(0);
        repo.variables.insert("NUGET_USER".to_owned(), "mona".to_owned());
        let issued = "${{ steps.login.outputs.NUGET_API_KEY }}";
        for (user, key, named) in [
            ("mona", issued, Some("mona")),
            ("'octocat'", issued, Some("octocat")),
            ("${{ vars.NUGET_USER }}", issued, Some("mona")),
            ("${{ vars.NOBODY }}", issued, None),
            ("${{ secrets.NPM_TOKEN }}", issued, None),
            ("mona", "$KEY", None),
        ] {
            let wanted = Login::Oidc { nuget_user: named.map(str::to_owned) };
            assert_eq!(Login::of(&job(user, key), &repo), wanted, "{user} {key}");
        }
        assert_eq!(Login::of(&job("mona", "${{ secrets.NPM_TOKEN }}"), &repo), Login::Secret);
        assert_eq!(Login::of(&job("mona", "${{ secrets.NOT_THERE }}"), &repo), Login::None);
    }

    /// The demo's world with one job that pushes Acme.Widgets to NuGet, whose workflow names this user.
    fn pushing(user: &str, environment: Option<&str>) -> World {
        let mut world = World::demo();
        let text = format!(
            "jobs:\n  nuget:\n    permissions:\n      id-token: write\n    steps:\n      - uses: NuGet/login@v1\n        \
             id: login\n        with:\n          user: {user}\n      - run: dotnet nuget push --api-key \
             ${{{{ steps.login.outputs.NUGET_API_KEY }}}}\n"
        );
        world.github.repos[0].files.insert(".github/workflows/release.yml".to_owned(), text.into_bytes());
        world.actions.plans[0].jobs = vec![JobPlan {
            key: "nuget".to_owned(),
            name: "Push".to_owned(),
            environment: environment.map(str::to_owned),
            publishes: vec![(Place::Nuget, "Acme.Widgets".to_owned())],
        }];
        let enabled_at = world.now();
        world.nuget.policies.push(Policy {
            name: "widgets".to_owned(),
            creator: "mona".to_owned(),
            owner: "mona".to_owned(),
            repository_owner: "Acme".to_owned(),
            repository: "Widgets".to_owned(),
            workflow: "Release.yml".to_owned(),
            environment: Some("Release".to_owned()),
            pushes: Pushes::New,
            packages: vec!["*".to_owned()],
            enabled_at,
            locked_to: None,
        });
        world
    }

    #[test]
    fn nuget_takes_a_run_by_the_policy_of_the_user_that_it_names() {
        for (user, environment, change, state) in [
            ("Mona", Some("release"), "", State::Success),
            ("acme", Some("release"), "", State::Failure),
            ("mona", None, "", State::Failure),
            ("mona", Some("release"), "workflow", State::Failure),
            ("mona", Some("release"), "repository", State::Failure),
        ] {
            let mut world = pushing(user, environment);
            match change {
                "workflow" => world.nuget.policies[0].workflow = "publish.yml".to_owned(),
                "repository" => world.nuget.policies[0].repository = "gadgets".to_owned(),
                _ => {}
            }
            let repo = world.github.repos[0].id;
            let id = world.push_tag(repo, "v0.2.0", "mona")[0];
            world.play_out(id);
            assert_eq!(world.actions.runs[0].state, state, "{user} {environment:?} {change}");
            assert_eq!(world.nuget.package("acme.widgets").is_some(), state == State::Success);
        }
    }
}
