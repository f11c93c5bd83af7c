//! GitHub's JSON, field for field as its OpenAPI description asks. The many addresses come from tables.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use crate::sandbox::Urls;
use crate::sandbox::world::github::{
    Account, AccountKind, BranchPolicy, Client, ClientKind, Environment, GitHub, Installation, Level, Reach, RefKind,
    RefPattern, Repo, Role, Secret, SelfReview, Visibility, Workflow, WorkflowState,
};

/// When everything without a time of its own was made.
const LONG_AGO: &str = "2024-03-01T09:00:00Z";

/// Addresses of an account below its API address.
const ACCOUNT_URLS: [(&str, &str); 9] = [
    ("followers_url", "/followers"),
    ("following_url", "/following{/other_user}"),
    ("gists_url", "/gists{/gist_id}"),
    ("starred_url", "/starred{/owner}{/repo}"),
    ("subscriptions_url", "/subscriptions"),
    ("organizations_url", "/orgs"),
    ("repos_url", "/repos"),
    ("events_url", "/events{/privacy}"),
    ("received_events_url", "/received_events"),
];

/// Addresses of a repository below its API address.
const REPO_URLS: [(&str, &str); 37] = [
    ("archive_url", "/{archive_format}{/ref}"),
    ("assignees_url", "/assignees{/user}"),
    ("blobs_url", "/git/blobs{/sha}"),
    ("branches_url", "/branches{/branch}"),
    ("collaborators_url", "/collaborators{/collaborator}"),
    ("comments_url", "/comments{/number}"),
    ("commits_url", "/commits{/sha}"),
    ("compare_url", "/compare/{base}...{head}"),
    ("contents_url", "/contents/{+path}"),
    ("contributors_url", "/contributors"),
    ("deployments_url", "/deployments"),
    ("downloads_url", "/downloads"),
    ("events_url", "/events"),
    ("forks_url", "/forks"),
    ("git_commits_url", "/git/commits{/sha}"),
    ("git_refs_url", "/git/refs{/sha}"),
    ("git_tags_url", "/git/tags{/sha}"),
    ("hooks_url", "/hooks"),
    ("issue_comment_url", "/issues/comments{/number}"),
    ("issue_events_url", "/issues/events{/number}"),
    ("issues_url", "/issues{/number}"),
    ("keys_url", "/keys{/key_id}"),
    ("labels_url", "/labels{/name}"),
    ("languages_url", "/languages"),
    ("merges_url", "/merges"),
    ("milestones_url", "/milestones{/number}"),
    ("notifications_url", "/notifications{?since,all,participating}"),
    ("pulls_url", "/pulls{/number}"),
    ("releases_url", "/releases{/id}"),
    ("stargazers_url", "/stargazers"),
    ("statuses_url", "/statuses/{sha}"),
    ("subscribers_url", "/subscribers"),
    ("subscription_url", "/subscription"),
    ("tags_url", "/tags"),
    ("teams_url", "/teams"),
    ("trees_url", "/git/trees{/sha}"),
    ("url", ""),
];

/// A time as GitHub writes it.
pub(super) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn node_id(kind: &str, id: u64) -> String {
    STANDARD.encode(format!("{kind}:{id}"))
}

/// One object out of several; later fields win.
fn merged<const N: usize>(parts: [Value; N]) -> Value {
    let mut whole = Map::new();
    for part in parts {
        if let Value::Object(part) = part {
            whole.extend(part);
        }
    }
    Value::Object(whole)
}

fn addresses(base: &str, table: &[(&str, &str)]) -> Value {
    table.iter().map(|(name, path)| ((*name).to_owned(), json!(format!("{base}{path}")))).collect::<Map<_, _>>().into()
}

/// An account as it stands inside other objects.
pub(super) fn simple_user(urls: &Urls, account: &Account) -> Value {
    let api = format!("{}/users/{}", urls.github_api, account.login);
    let kind = match account.kind {
        AccountKind::User => "User",
        AccountKind::Organization => "Organization",
    };
    let own = json!({
        "login": account.login,
        "id": account.id,
        "node_id": node_id(kind, account.id),
        "avatar_url": format!("{}/avatars/{}", urls.github, account.id),
        "gravatar_id": "",
        "url": api,
        "html_url": format!("{}/{}", urls.github, account.login),
        "type": kind,
        "user_view_type": "public",
        "site_admin": false,
    });
    merged([addresses(&api, &ACCOUNT_URLS), own])
}

/// An account by itself.
pub(super) fn public_user(urls: &Urls, account: &Account) -> Value {
    let profile = json!({
        "name": null, "company": null, "blog": "", "location": null, "email": null, "hireable": null, "bio": null,
        "twitter_username": null, "public_repos": 1, "public_gists": 0, "followers": 0, "following": 0,
        "created_at": LONG_AGO, "updated_at": LONG_AGO,
    });
    merged([simple_user(urls, account), profile])
}

fn rights(role: Role) -> Value {
    json!({ "permissions": {
        "admin": role >= Role::Admin,
        "maintain": role >= Role::Maintain,
        "push": role >= Role::Write,
        "triage": role >= Role::Triage,
        "pull": role >= Role::Read,
    }})
}

/// Somebody with a role in a repository.
pub(super) fn collaborator(urls: &Urls, account: &Account, role: Role) -> Value {
    let name = match role {
        Role::Read => "read",
        Role::Triage => "triage",
        Role::Write => "write",
        Role::Maintain => "maintain",
        Role::Admin => "admin",
    };
    merged([simple_user(urls, account), rights(role), json!({ "role_name": name })])
}

/// A repository as it stands in lists.
pub(super) fn listed_repo(urls: &Urls, github: &GitHub, repo: &Repo, role: Option<Role>) -> Value {
    let full_name = repo.full_name();
    let api = format!("{}/repos/{full_name}", urls.github_api);
    let html = format!("{}/{full_name}", urls.github);
    let private = repo.visibility == Visibility::Private;
    let owner = github.account(&repo.owner).map(|owner| simple_user(urls, owner));
    let own = json!({
        "id": repo.id,
        "node_id": node_id("Repository", repo.id),
        "name": repo.name,
        "full_name": full_name,
        "owner": owner,
        "private": private,
        "visibility": if private { "private" } else { "public" },
        "html_url": html,
        "description": null,
        "fork": repo.fork,
        "git_url": format!("git://github.com/{full_name}.git"),
        "ssh_url": format!("git@github.com:{full_name}.git"),
        "clone_url": format!("{html}.git"),
        "svn_url": html,
        "mirror_url": null,
        "homepage": null,
        "license": null,
        "language": "Rust",
        "default_branch": repo.default_branch,
        "archived": repo.archived,
        "disabled": false,
        "topics": [],
        "pushed_at": time(repo.created_at),
        "created_at": time(repo.created_at),
        "updated_at": time(repo.created_at),
    });
    let counts = json!({
        "forks": 0, "forks_count": 0, "stargazers_count": 0, "watchers": 0, "watchers_count": 0, "size": 8,
        "open_issues": 0, "open_issues_count": 0,
        "has_issues": true, "has_projects": true, "has_wiki": false, "has_pages": false, "has_downloads": true,
        "has_discussions": false, "is_template": false, "allow_forking": true, "web_commit_signoff_required": false,
    });
    let rights = role.map_or_else(|| json!({}), rights);
    merged([addresses(&api, &REPO_URLS), own, counts, rights])
}

/// A repository by itself.
pub(super) fn full_repo(urls: &Urls, github: &GitHub, repo: &Repo, role: Option<Role>) -> Value {
    let more = json!({ "subscribers_count": 1, "network_count": 0, "temp_clone_token": null });
    merged([listed_repo(urls, github, repo, role), more])
}

/// A place where the App is installed.
pub(super) fn installation(urls: &Urls, github: &GitHub, place: &Installation, client: &Client) -> Value {
    let (app_id, slug) = match &client.kind {
        ClientKind::App { id, slug, .. } => (*id, slug.as_str()),
        ClientKind::OAuthApp => (0, ""),
    };
    let account = github.account(&place.account);
    let permissions: Map<String, Value> = place
        .permissions
        .iter()
        .map(|(permission, level)| {
            let level = match level {
                Level::Read => "read",
                Level::Write => "write",
            };
            (permission.name().to_owned(), json!(level))
        })
        .chain([("metadata".to_owned(), json!("read"))])
        .collect();
    json!({
        "id": place.id,
        "client_id": place.client_id,
        "account": account.map(|account| simple_user(urls, account)),
        "repository_selection": match place.reach { Reach::All => "all", Reach::Selected(_) => "selected" },
        "access_tokens_url": format!("{}/app/installations/{}/access_tokens", urls.github_api, place.id),
        "repositories_url": format!("{}/installation/repositories", urls.github_api),
        "html_url": format!("{}/settings/installations/{}", urls.github, place.id),
        "app_id": app_id,
        "app_slug": slug,
        "target_id": account.map_or(0, |account| account.id),
        "target_type": match account.map(|account| account.kind) {
            Some(AccountKind::Organization) => "Organization",
            _ => "User",
        },
        "permissions": permissions,
        "events": [],
        "created_at": LONG_AGO,
        "updated_at": LONG_AGO,
        "single_file_name": null,
        "has_multiple_single_files": false,
        "single_file_paths": [],
        "suspended_by": null,
        "suspended_at": place.suspended_at.map(time),
    })
}

/// A workflow.
pub(super) fn workflow(urls: &Urls, repo: &Repo, workflow: &Workflow) -> Value {
    let full_name = repo.full_name();
    let file = workflow.path.rsplit('/').next().unwrap_or_default();
    json!({
        "id": workflow.id,
        "node_id": node_id("Workflow", workflow.id),
        "name": workflow.name,
        "path": workflow.path,
        "state": match workflow.state {
            WorkflowState::Active => "active",
            WorkflowState::DisabledManually => "disabled_manually",
            WorkflowState::DisabledInactivity => "disabled_inactivity",
        },
        "created_at": time(repo.created_at),
        "updated_at": time(repo.created_at),
        "url": format!("{}/repos/{full_name}/actions/workflows/{}", urls.github_api, workflow.id),
        "html_url": format!("{}/{full_name}/blob/{}/{}", urls.github, repo.default_branch, workflow.path),
        "badge_url": format!("{}/{full_name}/workflows/{file}/badge.svg", urls.github),
    })
}

/// A secret, without a value.
pub(super) fn secret(secret: &Secret) -> Value {
    json!({ "name": secret.name, "created_at": time(secret.created_at), "updated_at": time(secret.updated_at) })
}

/// An environment with its rules.
pub(super) fn environment(urls: &Urls, github: &GitHub, repo: &Repo, environment: &Environment) -> Value {
    let full_name = repo.full_name();
    let name: String = url::form_urlencoded::byte_serialize(environment.name.as_bytes()).collect();
    let mut rules = Vec::new();
    if environment.wait_minutes > 0 {
        rules.push(json!({
            "id": environment.id * 10 + 1, "node_id": node_id("GateW", environment.id),
            "type": "wait_timer", "wait_timer": environment.wait_minutes,
        }));
    }
    if !environment.reviewers.is_empty() {
        let reviewers: Vec<Value> = environment
            .reviewers
            .iter()
            .filter_map(|login| github.account(login))
            .map(|account| json!({ "type": "User", "reviewer": simple_user(urls, account) }))
            .collect();
        rules.push(json!({
            "id": environment.id * 10 + 2, "node_id": node_id("GateR", environment.id),
            "type": "required_reviewers",
            "prevent_self_review": environment.self_review == SelfReview::Prevented,
            "reviewers": reviewers,
        }));
    }
    if environment.branches != BranchPolicy::Any {
        rules.push(json!({
            "id": environment.id * 10 + 3, "node_id": node_id("GateB", environment.id), "type": "branch_policy",
        }));
    }
    let policy = match environment.branches {
        BranchPolicy::Any => Value::Null,
        BranchPolicy::Protected => {
            json!({ "protected_branches": true, "custom_branch_policies": false })
        }
        BranchPolicy::Custom(_) => {
            json!({ "protected_branches": false, "custom_branch_policies": true })
        }
    };
    json!({
        "id": environment.id,
        "node_id": node_id("Environment", environment.id),
        "name": environment.name,
        "url": format!("{}/repos/{full_name}/environments/{name}", urls.github_api),
        "html_url": format!("{}/{full_name}/deployments/activity_log?environments_filter={name}", urls.github),
        "created_at": time(repo.created_at),
        "updated_at": time(repo.created_at),
        "can_admins_bypass": true,
        "protection_rules": rules,
        "deployment_branch_policy": policy,
    })
}

/// A pattern of branches or tags that may deploy.
pub(super) fn branch_policy(pattern: &RefPattern) -> Value {
    json!({
        "id": pattern.id,
        "node_id": node_id("GateBranchPolicy", pattern.id),
        "name": pattern.pattern,
        "type": match pattern.kind { RefKind::Branch => "branch", RefKind::Tag => "tag" },
    })
}
