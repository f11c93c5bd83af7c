//! crates.io's JSON, field for field as the server writes it.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::sandbox::world::crates_io::{Crate, CratesIo, PublishedBy, Publisher, Publishing, User, Version};

/// A time as the server writes it, in microseconds.
fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// Whether the versions of a crate stand beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Versions {
    /// They do: the crate names their ids and the highest of them.
    Beside,
    /// They don't: the deprecated fields read `0.0.0`.
    Apart,
}

/// The version that the site shows first: the highest that is no pre-release, else the highest.
pub(super) fn default_version(krate: &Crate) -> Option<&Version> {
    let parsed = |version: &&Version| semver::Version::parse(&version.num).ok();
    krate.versions.iter().max_by_key(|version| parsed(version).map(|num| (num.pre.is_empty(), num)))
}

/// A crate.
pub(super) fn krate(krate: &Crate, versions: Versions) -> Value {
    let name = &krate.name;
    let default = default_version(krate).map(|version| version.num.as_str());
    let newest = krate.versions.last().map(|version| version.num.as_str());
    let (ids, link, max, newest) = match versions {
        Versions::Beside => {
            let ids: Vec<u32> = krate.versions.iter().rev().map(|version| version.id).collect();
            (Some(ids), None, default, newest)
        }
        Versions::Apart => (None, Some(format!("/api/v1/crates/{name}/versions")), None, None),
    };
    let updated_at = krate.versions.last().map_or(krate.created_at, |version| version.created_at);
    json!({
        "id": name,
        "name": name,
        "updated_at": time(updated_at),
        "versions": ids,
        "keywords": null,
        "categories": null,
        "badges": [],
        "created_at": time(krate.created_at),
        "downloads": 0,
        "recent_downloads": null,
        "default_version": default,
        "num_versions": krate.versions.len(),
        "yanked": false,
        "max_version": max.unwrap_or("0.0.0"),
        "newest_version": newest.unwrap_or("0.0.0"),
        "max_stable_version": max,
        "description": krate.description,
        "homepage": null,
        "documentation": null,
        "repository": krate.repository,
        "links": {
            "version_downloads": format!("/api/v1/crates/{name}/downloads"),
            "versions": link,
            "owners": format!("/api/v1/crates/{name}/owners"),
            "owner_team": format!("/api/v1/crates/{name}/owner_team"),
            "owner_user": format!("/api/v1/crates/{name}/owner_user"),
            "reverse_dependencies": format!("/api/v1/crates/{name}/reverse_dependencies"),
        },
        "exact_match": false,
        "trustpub_only": krate.publishing == Publishing::TrustedOnly,
    })
}

/// A version.
pub(super) fn version(crates_io: &CratesIo, krate: &Crate, version: &Version) -> Value {
    let (name, num) = (&krate.name, &version.num);
    let (published_by, trustpub_data) = match &version.published {
        PublishedBy::User(login) => (crates_io.user(login).map(public_user), Value::Null),
        PublishedBy::GitHub { repository, run_id, sha } => {
            (None, json!({ "provider": "github", "repository": repository, "run_id": run_id, "sha": sha }))
        }
    };
    let actions: Vec<Value> = published_by
        .iter()
        .map(|user| json!({ "action": "publish", "user": user, "time": time(version.created_at) }))
        .collect();
    json!({
        "id": version.id,
        "crate": name,
        "num": num,
        "dl_path": format!("/api/v1/crates/{name}/{num}/download"),
        "readme_path": format!("/api/v1/crates/{name}/{num}/readme"),
        "updated_at": time(version.created_at),
        "created_at": time(version.created_at),
        "downloads": 0,
        "features": {},
        "yanked": false,
        "yank_message": null,
        "lib_links": null,
        "license": version.license,
        "links": {
            "dependencies": format!("/api/v1/crates/{name}/{num}/dependencies"),
            "version_downloads": format!("/api/v1/crates/{name}/{num}/downloads"),
            "authors": format!("/api/v1/crates/{name}/{num}/authors"),
        },
        "crate_size": version.file.len(),
        "published_by": published_by,
        "audit_actions": actions,
        "checksum": version.checksum,
        "rust_version": null,
        "has_lib": true,
        "bin_names": [],
        "edition": null,
        "description": krate.description,
        "homepage": null,
        "documentation": null,
        "repository": krate.repository,
        "trustpub_data": trustpub_data,
        "linecounts": null,
    })
}

/// A user as everyone sees them.
pub(super) fn public_user(user: &User) -> Value {
    json!({
        "id": user.id,
        "login": user.login,
        "name": null,
        "avatar": null,
        "url": format!("https://github.com/{}", user.login),
        "github_username_matches": true,
        "created_at": null,
    })
}

/// A user as the owner of a crate.
pub(super) fn user_owner(user: &User) -> Value {
    json!({
        "id": user.id,
        "login": user.login,
        "kind": "user",
        "url": format!("https://github.com/{}", user.login),
        "name": null,
        "avatar": null,
        "github_username_matches": true,
    })
}

/// A team as the owner of a crate. Its login is `github:ORGANISATION:TEAM`.
pub(super) fn team_owner(id: usize, login: &str) -> Value {
    let organisation = login.split(':').nth(1).unwrap_or_default();
    json!({
        "id": id,
        "login": login,
        "kind": "team",
        "url": format!("https://github.com/{organisation}"),
        "name": login.rsplit(':').next(),
        "avatar": null,
    })
}

/// A trusted publisher.
pub(super) fn publisher(publisher: &Publisher) -> Value {
    json!({
        "id": publisher.id,
        "crate": publisher.krate,
        "repository_owner": publisher.repository_owner,
        "repository_owner_id": publisher.repository_owner_id,
        "repository_name": publisher.repository_name,
        "workflow_filename": publisher.workflow_filename,
        "environment": publisher.environment,
        "created_at": time(publisher.created_at),
    })
}
