//! More repositories for the demo's organisation: as many as an audit of it has to get through.

use chrono::TimeDelta;

use super::World;
use super::github::{Environment, Repo, Secret, Visibility};

impl World {
    /// Adds this many repositories beside the first one. Every third has an environment with a secret, every fifth a token of
    /// npm's, every twentieth is archived and every twenty-fifth a fork; one in two is private. The organisation shares a
    /// secret with all.
    pub fn add_repositories(&mut self, count: usize) {
        let now = self.now();
        let Some(first) = self.github.repos.first().cloned() else { return };
        let secret = |name: &str| Secret {
            name: name.to_owned(),
            created_at: now - TimeDelta::days(400),
            updated_at: now - TimeDelta::days(120),
        };
        let every = |n: usize, step: usize| n.is_multiple_of(step);
        for (n, id) in (1..=count).zip(first.id + 1..) {
            let mut secrets = vec![secret("DEPLOY_HOST")];
            secrets.extend(every(n, 5).then(|| secret("NPM_TOKEN")));
            let mut environments: Vec<Environment> = first.environments.iter().take(1).cloned().collect();
            environments.iter_mut().for_each(|one| one.secrets = vec![secret("PYPI_API_TOKEN")]);
            environments.retain(|_| every(n, 3));
            self.github.repos.push(Repo {
                id,
                name: format!("part-{n:04}"),
                visibility: if every(n, 2) { Visibility::Private } else { Visibility::Public },
                archived: every(n, 20),
                fork: every(n, 25),
                secrets,
                environments,
                workflows: Vec::new(),
                ..first.clone()
            });
        }
    }
}
