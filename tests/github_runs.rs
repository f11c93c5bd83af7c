//! untoken reads the runs of a workflow from the sandbox's GitHub: how far they are, who lets them through, what failed; and
//! under every fault it says that they could not be read, never that there is none.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use untoken::github::{Endpoints, GithubError, Runs, Token, TokenSource, read_run_detail, read_runs};
use untoken::model::{Conclusion, RepoSlug, Reviewer, RunState, Timestamp, WorkflowFile, WorkflowRun};
use untoken::net::Http;
use untoken::sandbox::world::github::{Role, Visibility};
use untoken::sandbox::{Fault, Sandbox, SandboxOptions, visit};

const REPO: u64 = 700_100_200;

struct Bench {
    sandbox: Sandbox,
    http: Http,
    endpoints: Endpoints,
    token: Token,
}

impl Bench {
    async fn new() -> Self {
        let sandbox = Sandbox::start(SandboxOptions::default()).await.unwrap();
        sandbox.world().actions.pace = 0;
        let env = sandbox.env();
        let lookup = |name: &str| env.iter().find(|(n, _)| *n == name).map(|(_, value)| value.clone());
        let value = sandbox.world().github.add_personal_token("mona", &["repo"]);
        let token = Token::new(value.into(), TokenSource::Environment("GH_TOKEN"));
        Self { endpoints: Endpoints::resolve(lookup, &[]).unwrap(), http: Http::new().unwrap(), token, sandbox }
    }

    async fn asked(&self, since: Option<Timestamp>, tag: Option<&str>) -> Result<Runs, GithubError> {
        let (slug, file): (RepoSlug, WorkflowFile) = ("acme/widgets".parse().unwrap(), "release.yml".parse().unwrap());
        read_runs(&self.http, &self.endpoints, Some(&self.token), (&slug, &file), since, tag).await
    }

    async fn runs(&self) -> Vec<WorkflowRun> {
        match self.asked(None, None).await.unwrap() {
            Runs::Newest { runs, .. } => runs,
            Runs::Same => panic!("nothing was known before"),
        }
    }
}

#[tokio::test]
async fn a_run_is_followed_from_the_tag_over_the_approval_to_its_end() {
    let bench = Bench::new().await;
    assert!(bench.runs().await.is_empty());
    let id = {
        let mut world = bench.sandbox.world();
        world.github.repos[0].environments[0].reviewers = vec!["mona".to_owned()];
        world.push_tag(REPO, "v0.2.0", "mona")[0]
    };
    let queued = bench.runs().await;
    assert_eq!((queued[0].state.clone(), queued[0].head.as_deref()), (RunState::Queued, Some("v0.2.0")));
    bench.sandbox.world().play(id);
    assert_eq!(bench.runs().await[0].state, RunState::InProgress);
    bench.sandbox.world().play(id);
    let waiting = bench.runs().await.remove(0);
    assert_eq!(waiting.state, RunState::Waiting);
    let slug: RepoSlug = "acme/widgets".parse().unwrap();
    let detail = read_run_detail(&bench.http, &bench.endpoints, Some(&bench.token), &slug, &waiting).await.unwrap();
    assert_eq!(detail.gates.len(), 1, "{detail:?}");
    assert_eq!(detail.gates[0].environment.as_str(), "release");
    assert_eq!(detail.gates[0].reviewers, [Reviewer::Person("mona".to_owned())]);
    assert!(detail.gates[0].mine);

    visit(&waiting.link, &[]).await.unwrap();
    let ended = async {
        loop {
            if let RunState::Completed(how) = bench.runs().await.remove(0).state {
                return how;
            }
        }
    };
    let how = tokio::time::timeout(std::time::Duration::from_secs(20), ended).await.unwrap();
    // widgets-macros is not on crates.io, so its job fails; the job says at which step.
    assert_eq!(how, Conclusion::Failure);
    let run = bench.runs().await.remove(0);
    let detail = read_run_detail(&bench.http, &bench.endpoints, Some(&bench.token), &slug, &run).await.unwrap();
    let failed: Vec<_> = detail.jobs.iter().filter(|job| job.state.went_wrong()).collect();
    assert_eq!(failed.len(), 1, "{detail:?}");
    assert_eq!(
        (failed[0].name.as_str(), failed[0].failed_step.as_deref()),
        ("Publish crates", Some("Publish widgets-macros"))
    );
}

#[tokio::test]
async fn an_unchanged_list_is_not_sent_again_and_old_runs_can_be_left_out() {
    let bench = Bench::new().await;
    bench.sandbox.world().push_tag(REPO, "v0.2.0", "mona");
    let Runs::Newest { runs, tag } = bench.asked(None, None).await.unwrap() else { panic!("asked for the first time") };
    assert_eq!(runs.len(), 1);
    assert_eq!(bench.asked(None, tag.as_deref()).await.unwrap(), Runs::Same);
    let later = runs[0].created.plus(60);
    let Runs::Newest { runs, .. } = bench.asked(Some(later), None).await.unwrap() else { panic!("another question") };
    assert!(runs.is_empty());
    bench.sandbox.world().push_tag(REPO, "v0.3.0", "mona");
    assert!(matches!(bench.asked(None, tag.as_deref()).await.unwrap(), Runs::Newest { runs, .. } if runs.len() == 2));
}

#[tokio::test]
async fn what_cannot_be_read_is_an_error_and_never_an_empty_list() {
    let route = "github:/repos/acme/widgets/actions/workflows";
    for (fault, says) in [
        ("401", "no longer accepts the token"),
        ("403", "may not read the runs of release.yml"),
        ("404", "shows no runs of release.yml"),
        ("429", "takes no more requests"),
        ("500", "answered 500"),
        ("cut", "could not be asked"),
        ("reset", "could not be asked"),
        ("html", "could not be asked"),
    ] {
        let bench = Bench::new().await;
        bench.sandbox.world().push_tag(REPO, "v0.2.0", "mona");
        bench.sandbox.add_fault(Fault::parse(&format!("{fault}@{route}")).unwrap());
        let error = bench.asked(None, None).await.expect_err(fault);
        assert!(error.to_string().contains(says), "{fault}: {error}");
        bench.sandbox.clear_faults();
        assert_eq!(bench.runs().await.len(), 1, "{fault}");
    }
}

#[tokio::test]
async fn runs_of_a_private_repository_are_for_those_who_may_see_it() {
    let bench = Bench::new().await;
    {
        let mut world = bench.sandbox.world();
        world.github.repos[0].visibility = Visibility::Private;
        world.github.repos[0].collaborators.insert("octocat".to_owned(), Role::Read);
        world.push_tag(REPO, "v0.2.0", "mona");
    }
    assert_eq!(bench.runs().await.len(), 1);
    bench.sandbox.world().github.repos[0].collaborators.clear();
    assert!(matches!(bench.asked(None, None).await, Err(GithubError::NotFound { .. })));
}
