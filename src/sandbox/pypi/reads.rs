//! Public reads: the simple index in both forms, a project's JSON, provenance.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{App, not_found, to_normal};
use crate::sandbox::page::escape;
use crate::sandbox::world::pypi::{Project, Release, normalise};
use crate::sandbox::{Urls, respond};

const SIMPLE_JSON: &str = "application/vnd.pypi.simple.v1+json";

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

fn file_url(urls: &Urls, project: &Project, release: &Release) -> String {
    format!("{}/packages/{}/{}", urls.pypi, normalise(&project.name), release.filename)
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `GET /simple/{name}`
pub(super) async fn simple_without_slash(Path(name): Path<String>) -> Response {
    respond::redirect(StatusCode::MOVED_PERMANENTLY, &format!("/simple/{}/", normalise(&name)))
}

/// `GET /simple/{name}/`: JSON (PEP 691) when asked for, else HTML (PEP 503).
pub(super) async fn simple(State(app): State<App>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    if let Some(redirect) = to_normal(&name, |name| format!("/simple/{name}/")) {
        return redirect;
    }
    let world = app.world();
    let wants_json = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains(SIMPLE_JSON));
    let Some(project) = world.pypi.project(&name) else {
        // Whatever was asked for (pypi/warehouse warehouse/views.py, httpexception_view).
        return respond::text(StatusCode::NOT_FOUND, "404 Not Found");
    };
    match wants_json {
        true => respond::bytes(SIMPLE_JSON, simple_json(app.urls(), project).to_string().into_bytes()),
        false => simple_html(app.urls(), project),
    }
}

fn simple_json(urls: &Urls, project: &Project) -> Value {
    let files: Vec<Value> = project
        .releases
        .iter()
        .map(|release| {
            let url = file_url(urls, project, release);
            let provenance = release.provenance.as_ref().map(|_| provenance_url(urls, project, release));
            json!({
                "filename": release.filename,
                "url": url,
                "hashes": { "sha256": sha256(&release.file) },
                "size": release.file.len(),
                "upload-time": time(release.uploaded_at),
                "yanked": false,
                "requires-python": null,
                "core-metadata": false,
                "data-dist-info-metadata": false,
                "provenance": provenance,
            })
        })
        .collect();
    json!({
        "meta": { "api-version": "1.4", "_last-serial": 1 },
        "name": normalise(&project.name),
        "versions": project.releases.iter().map(|release| &release.version).collect::<Vec<_>>(),
        "files": files,
        "alternate-locations": [],
        "project-status": { "status": "active" },
    })
}

fn simple_html(urls: &Urls, project: &Project) -> Response {
    let name = escape(&normalise(&project.name));
    let mut body = format!(
        "<!DOCTYPE html>\n<html>\n<head><meta name=\"pypi:repository-version\" content=\"1.4\">\
         <title>Links for {name}</title></head>\n<body>\n<h1>Links for {name}</h1>\n"
    );
    for release in &project.releases {
        let url = file_url(urls, project, release);
        let digest = sha256(&release.file);
        body.push_str(&format!(
            "<a href=\"{}#sha256={digest}\">{}</a><br />\n",
            escape(&url),
            escape(&release.filename)
        ));
    }
    body.push_str("</body>\n</html>\n");
    Html(body).into_response()
}

fn provenance_url(urls: &Urls, project: &Project, release: &Release) -> String {
    let (name, version) = (normalise(&project.name), &release.version);
    format!("{}/integrity/{name}/{version}/{}/provenance", urls.pypi, release.filename)
}

/// Only a project without any other release has a pre-release for its latest (warehouse/legacy/api/json.py, 2026-11-21).
fn latest(project: &Project) -> Option<&Release> {
    // PEP 440: `1.0a1`, `1.0rc1`, `1.0.dev1`; a `.post1` is none.
    let stable = |release: &&Release| !release.version.replace("post", "").contains(|c: char| c.is_ascii_alphabetic());
    project.releases.iter().rfind(stable).or(project.releases.last())
}

/// `GET /pypi/{name}/json`: 404 also while a project has no release.
pub(super) async fn project(State(app): State<App>, Path(name): Path<String>) -> Response {
    let world = app.world();
    let found = world.pypi.project(&name).and_then(|project| Some((project, latest(project)?)));
    let Some((project, latest)) = found else {
        return respond::json(StatusCode::NOT_FOUND, json!({ "message": "Not Found" }));
    };
    if let Some(redirect) = to_normal(&name, |name| format!("/pypi/{name}/json")) {
        return redirect;
    }
    let file = |release: &Release| {
        json!({
            "filename": release.filename,
            "url": file_url(app.urls(), project, release),
            "digests": { "sha256": sha256(&release.file) },
            "packagetype": if release.filename.ends_with(".whl") { "bdist_wheel" } else { "sdist" },
            "python_version": "source",
            "size": release.file.len(),
            "upload_time_iso_8601": time(release.uploaded_at),
            "yanked": false,
            "yanked_reason": null,
        })
    };
    let releases: Map<String, Value> =
        project.releases.iter().map(|release| (release.version.clone(), json!([file(release)]))).collect();
    let roles: Vec<Value> = project.owners.iter().map(|user| json!({ "role": "Owner", "user": user })).collect();
    let body = json!({
        "info": {
            "name": project.name,
            "version": latest.version,
            "summary": null,
            "project_url": format!("{}/project/{}/", app.urls().pypi, normalise(&project.name)),
            "package_url": format!("{}/project/{}/", app.urls().pypi, normalise(&project.name)),
            "release_url": format!("{}/project/{}/{}/", app.urls().pypi, normalise(&project.name), latest.version),
            "requires_dist": null,
            "requires_python": null,
            "yanked": false,
            "yanked_reason": null,
        },
        "last_serial": 1,
        "ownership": { "roles": roles, "organization": null },
        "releases": releases,
        "urls": [file(latest)],
        "vulnerabilities": [],
    });
    respond::json(StatusCode::OK, body)
}

/// `GET /integrity/{name}/{version}/{file}/provenance`: 404 for a file without attestations.
pub(super) async fn provenance(
    State(app): State<App>,
    Path((name, version, file)): Path<(String, String, String)>,
) -> Response {
    let world = app.world();
    let Some(project) = world.pypi.project(&name) else {
        return not_found();
    };
    let its = |release: &&Release| release.version == version && release.filename == file;
    let Some(release) = project.releases.iter().find(its) else {
        return not_found();
    };
    let Some(publisher) = &release.provenance else {
        let message = format!("No provenance available for {file}");
        return respond::json(StatusCode::NOT_FOUND, json!({ "message": message }));
    };
    let body = json!({
        "version": 1,
        "attestation_bundles": [{
            "publisher": {
                "kind": "GitHub",
                "repository": format!("{}/{}", publisher.owner, publisher.repository),
                "workflow": publisher.workflow,
                "environment": publisher.environment,
                "claims": null,
            },
            "attestations": [],
        }],
    });
    let response = respond::bytes("application/vnd.pypi.integrity.v1+json", body.to_string().into_bytes());
    respond::with_header(response, "cache-control", "max-age=600")
}
