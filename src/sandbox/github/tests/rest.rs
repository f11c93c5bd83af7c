use reqwest::Response;
use serde_json::{Value, json};

use super::app_token;
use crate::sandbox::testing::{client, client_named, demo};
use crate::sandbox::world::github::{BranchPolicy, Permission, Reach, RefKind, RefPattern, Rename, Secret, Visibility};
use crate::sandbox::{Credential, Sandbox, Service};

async fn get(sandbox: &Sandbox, path: &str, token: Option<&str>) -> Response {
    let mut request = client().get(format!("{}{path}", sandbox.urls().github_api));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    request.send().await.unwrap()
}

async fn json_of(response: Response) -> Value {
    response.json().await.unwrap()
}

#[tokio::test]
async fn the_repository_is_found_in_any_case_and_shown_in_its_own() {
    let sandbox = demo().await;
    let token = app_token(&sandbox);
    let repo = json_of(get(&sandbox, "/repos/ACME/Widgets", Some(&token)).await).await;
    assert_eq!(repo["full_name"], "acme/widgets");
    assert_eq!(repo["owner"]["type"], "Organization");
    assert_eq!(repo["default_branch"], "main");
    assert_eq!(repo["permissions"]["admin"], true);
}

#[tokio::test]
async fn a_former_name_leads_to_the_id_and_the_id_to_the_repository() {
    let sandbox = demo().await;
    let repo = sandbox.world().github.repos[0].id;
    sandbox.world().github.renames.push(Rename { from: "acme/gadgets".to_owned(), repo });
    let response = get(&sandbox, "/repos/acme/gadgets/environments?per_page=5", None).await;
    assert_eq!(response.status(), 301);
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(location, format!("{}/repositories/{repo}/environments?per_page=5", sandbox.urls().github_api));
    let environments = json_of(client().get(location).send().await.unwrap()).await;
    assert_eq!(environments["environments"][0]["name"], "release");
}

#[tokio::test]
async fn a_token_that_does_not_work_and_a_missing_agent_are_refused() {
    let sandbox = demo().await;
    let response = get(&sandbox, "/repos/acme/widgets", Some("ghu_not-a-token")).await;
    assert_eq!(response.status(), 401);
    assert_eq!(json_of(response).await["message"], "Bad credentials");
    let url = format!("{}/repos/acme/widgets", sandbox.urls().github_api);
    assert_eq!(client_named(None).get(url).send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn names_of_secrets_need_the_permission_and_the_refusal_says_which() {
    let sandbox = demo().await;
    let token = app_token(&sandbox);
    let path = "/repos/acme/widgets/actions/secrets";
    let secrets = json_of(get(&sandbox, path, Some(&token)).await).await;
    assert_eq!(secrets["total_count"], 3);
    sandbox.world().github.installations[0].permissions.remove(&Permission::Secrets);
    let response = get(&sandbox, path, Some(&token)).await;
    assert_eq!(response.status(), 403);
    assert_eq!(response.headers()["x-accepted-github-permissions"], "secrets=read");
    assert_eq!(json_of(response).await["message"], "Resource not accessible by integration");
    assert_eq!(get(&sandbox, path, None).await.status(), 401);
}

#[tokio::test]
async fn an_app_that_does_not_reach_a_private_repository_sees_none() {
    let sandbox = demo().await;
    let token = app_token(&sandbox);
    sandbox.world().github.repos[0].visibility = Visibility::Private;
    assert_eq!(get(&sandbox, "/repos/acme/widgets", None).await.status(), 404);
    assert_eq!(get(&sandbox, "/repos/acme/widgets", Some(&token)).await.status(), 200);
    // The demo's App was not granted files.
    assert_eq!(get(&sandbox, "/repos/acme/widgets/contents/README.md", Some(&token)).await.status(), 403);
    sandbox.world().github.installations[0].reach = Reach::Selected(Vec::new());
    assert_eq!(get(&sandbox, "/repos/acme/widgets", Some(&token)).await.status(), 404);
}

#[tokio::test]
async fn scopes_are_told_and_a_missing_one_refuses() {
    let sandbox = demo().await;
    let path = "/repos/acme/widgets/actions/secrets";
    let poor = sandbox.world().github.add_personal_token("mona", &["gist"]);
    let response = get(&sandbox, path, Some(&poor)).await;
    assert_eq!(response.status(), 403);
    assert_eq!(response.headers()["x-oauth-scopes"], "gist");
    assert_eq!(response.headers()["x-accepted-oauth-scopes"], "repo");
    let rich = sandbox.world().github.add_personal_token("mona", &["repo", "read:org"]);
    assert_eq!(get(&sandbox, path, Some(&rich)).await.status(), 200);
    let stranger = sandbox.world().github.add_personal_token("octocat", &["repo"]);
    assert_eq!(get(&sandbox, path, Some(&stranger)).await.status(), 403);
}

#[tokio::test]
async fn a_list_is_paged_by_links_alone() {
    let sandbox = demo().await;
    let token = app_token(&sandbox);
    let template = sandbox.world().github.repos[0].secrets[0].clone();
    sandbox.world().github.repos[0].secrets =
        (0..130).map(|n| Secret { name: format!("SECRET_{n:03}"), ..template.clone() }).collect();
    let mut url = format!("{}/repos/acme/widgets/actions/secrets?per_page=500", sandbox.urls().github_api);
    let mut seen = Vec::new();
    loop {
        let response = client().get(&url).bearer_auth(&token).send().await.unwrap();
        let link = response.headers().get("link").map(|link| link.to_str().unwrap().to_owned());
        let body = json_of(response).await;
        assert_eq!(body["total_count"], 130);
        seen.push(body["secrets"].as_array().unwrap().len());
        let next = link.iter().flat_map(|link| link.split(", ")).find(|part| part.ends_with("rel=\"next\""));
        let Some(next) = next else { break };
        url = next[1..next.find('>').unwrap()].to_owned();
    }
    assert_eq!(seen, [100, 30]);
}

#[tokio::test]
async fn an_unchanged_answer_is_not_sent_again() {
    let sandbox = demo().await;
    let token = app_token(&sandbox);
    let path = "/repos/acme/widgets/actions/workflows";
    let tag = get(&sandbox, path, Some(&token)).await.headers()["etag"].clone();
    let again = || {
        let url = format!("{}{path}", sandbox.urls().github_api);
        client().get(url).bearer_auth(&token).header("if-none-match", tag.clone()).send()
    };
    let unchanged = again().await.unwrap();
    assert_eq!(unchanged.status(), 304);
    assert_eq!(unchanged.text().await.unwrap(), "");
    sandbox.world().github.repos[0].workflows.pop();
    assert_eq!(again().await.unwrap().status(), 200);
}

#[tokio::test]
async fn branch_policies_are_there_only_for_custom_ones() {
    let sandbox = demo().await;
    let path = "/repos/acme/widgets/environments/release/deployment-branch-policies";
    assert_eq!(get(&sandbox, path, None).await.status(), 404, "bare at first");
    let tags = RefPattern { id: 1, pattern: "v*".to_owned(), kind: RefKind::Tag };
    sandbox.world().github.repos[0].environments[0].branches = BranchPolicy::Custom(vec![tags]);
    let policies = json_of(get(&sandbox, path, None).await).await;
    assert_eq!(policies["branch_policies"][0]["name"], "v*");
    assert_eq!(policies["branch_policies"][0]["type"], "tag");
    sandbox.world().github.repos[0].environments[0].branches = BranchPolicy::Protected;
    assert_eq!(get(&sandbox, path, None).await.status(), 404);
}

#[tokio::test]
async fn an_environment_with_a_slash_is_found_percent_encoded() {
    let sandbox = demo().await;
    let token = app_token(&sandbox);
    sandbox.world().github.repos[0].environments[0].name = "release/prod".to_owned();
    let path = "/repos/acme/widgets/environments/release%2Fprod/secrets";
    assert_eq!(json_of(get(&sandbox, path, Some(&token)).await).await["total_count"], 1);
}

#[tokio::test]
async fn files_come_raw_or_as_json_and_trees_lead_to_blobs() {
    let sandbox = demo().await;
    let url = format!("{}/repos/acme/widgets/contents/.github%2Fworkflows%2Frelease.yml", sandbox.urls().github_api);
    let raw = client().get(&url).header("accept", "application/vnd.github.raw+json").send().await.unwrap();
    assert!(raw.text().await.unwrap().contains("name: Release"));
    let file = json_of(client().get(&url).send().await.unwrap()).await;
    assert_eq!((&file["type"], &file["encoding"]), (&json!("file"), &json!("base64")));
    sandbox.world().github.repos[0].files.insert("empty".to_owned(), Vec::new());
    let empty = json_of(get(&sandbox, "/repos/acme/widgets/contents/empty", None).await).await;
    assert_eq!(empty["sha"], "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", "git's own id of the empty file");
    let folder = json_of(get(&sandbox, "/repos/acme/widgets/contents/.github/workflows", None).await).await;
    assert_eq!(folder.as_array().unwrap().len(), 2);
    let tree = json_of(get(&sandbox, "/repos/acme/widgets/git/trees/main?recursive=1", None).await).await;
    let nodes = tree["tree"].as_array().unwrap();
    let node = nodes.iter().find(|node| node["path"] == ".github/workflows/release.yml").unwrap();
    assert_eq!(node["sha"], file["sha"]);
    let blob = json_of(client().get(node["url"].as_str().unwrap()).send().await.unwrap()).await;
    assert_eq!(blob["content"], file["content"]);
    assert_eq!(get(&sandbox, "/repos/acme/widgets/contents/missing.txt", None).await.status(), 404);
    assert_eq!(get(&sandbox, "/repos/acme/widgets/contents/README.md?ref=nowhere", None).await.status(), 404);
}

#[tokio::test]
async fn installations_are_for_tokens_of_the_app() {
    let sandbox = demo().await;
    let token = app_token(&sandbox);
    let places = json_of(get(&sandbox, "/user/installations", Some(&token)).await).await;
    assert_eq!(places["installations"][0]["permissions"]["secrets"], "read");
    let id = &places["installations"][0]["id"];
    let reach = json_of(get(&sandbox, &format!("/user/installations/{id}/repositories"), Some(&token)).await).await;
    assert_eq!(reach["repositories"][0]["full_name"], "acme/widgets");
    let personal = sandbox.world().github.add_personal_token("mona", &["repo"]);
    assert_eq!(get(&sandbox, "/user/installations", Some(&personal)).await.status(), 403);
}

#[tokio::test]
async fn revoking_takes_no_credential_and_ends_the_token() {
    let sandbox = demo().await;
    let token = app_token(&sandbox);
    let url = format!("{}/credentials/revoke", sandbox.urls().github_api);
    let body = json!({ "credentials": [token] });
    let refused = client().post(&url).bearer_auth(&token).json(&body).send().await.unwrap();
    assert_eq!(refused.status(), 403);
    assert_eq!(client().post(&url).json(&body).send().await.unwrap().status(), 202);
    assert_eq!(get(&sandbox, "/user", Some(&token)).await.status(), 401);
}

#[tokio::test]
async fn the_log_knows_of_credentials_and_not_which() {
    let sandbox = demo().await;
    let token = app_token(&sandbox);
    get(&sandbox, "/user", Some(&token)).await;
    get(&sandbox, "/repos/acme/widgets?x=1", None).await;
    let log = sandbox.requests();
    assert_eq!(log.len(), 2);
    assert_eq!((log[0].service, log[0].credential), (Service::GitHubApi, Credential::Sent));
    assert_eq!((log[1].path.as_str(), log[1].query.as_str()), ("/repos/acme/widgets", "x=1"));
    assert!(!format!("{log:?}").contains(&token));
}
