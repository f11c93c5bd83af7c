//! The files of a repository that is not checked out: those that a look at a checkout would read, from the default branch.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::future::join_all;

use super::api::Api;
use super::facts::repository;
use super::wire::{Blob, Tree, TreeEntry};
use super::{Endpoints, GithubError, Token};
use crate::model::{RelPath, RepoSlug, SourceFile};
use crate::net::Http;

/// How many files are read.
const FILES: usize = 300;

/// How large each may be, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// How large the list of all files may be, in bytes; GitHub cuts it at 7 MB itself and says so.
const LIST: u64 = 16 * 1024 * 1024;

/// Manifests and configs that are read wherever they lie.
const MANIFESTS: [&str; 12] = [
    "Cargo.toml",
    "package.json",
    "pnpm-workspace.yaml",
    "pyproject.toml",
    "setup.cfg",
    "jsr.json",
    "jsr.jsonc",
    "deno.json",
    "deno.jsonc",
    "pubspec.yaml",
    "melos.yaml",
    "Directory.Build.props",
];

/// The ends of manifests that are called like their package.
const ENDINGS: [&str; 4] = [".gemspec", ".csproj", ".fsproj", ".vbproj"];

/// Configs that are read at the root alone.
const CONFIGS: [&str; 3] = ["putitoutthere.toml", "monochange.toml", "untoken.toml"];

/// What was read from afar.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RemoteFiles {
    /// The files, sorted by path.
    pub files: Vec<SourceFile>,
    /// Files that belong here and were left out: too large, or beyond the first 300 (the shallow ones come first).
    pub left_out: Vec<RelPath>,
}

/// Reads the manifests, configs and workflows of the default branch; a config of another name where it was named.
pub async fn remote_files(
    http: &Http,
    endpoints: &Endpoints,
    token: Option<&Token>,
    slug: &RepoSlug,
    config: Option<&RelPath>,
) -> Result<RemoteFiles, GithubError> {
    let api = Api::new(http, endpoints, token);
    let repository = repository(&api, slug).await?;
    let mut url = api.repo_url(&repository.slug, &["git", "trees", &repository.default_branch]);
    url.query_pairs_mut().append_pair("recursive", "1");
    let tree: Tree = api.large("the list of files", url, LIST).await?;
    if tree.truncated {
        let why = "GitHub cuts the list of files short".to_owned();
        return Err(GithubError::TooMuch { what: "the repository".to_owned(), why });
    }
    let (wanted, mut left_out) = choose(tree.tree, config);
    let read = join_all(wanted.into_iter().map(|(path, sha)| read(&api, &repository.slug, path, sha))).await;
    let mut files = read.into_iter().collect::<Result<Vec<_>, _>>()?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    left_out.sort();
    Ok(RemoteFiles { files, left_out })
}

async fn read(api: &Api<'_>, slug: &RepoSlug, path: RelPath, sha: String) -> Result<SourceFile, GithubError> {
    let what = path.as_str();
    let blob: Blob = api.one(what, api.repo_url(slug, &["git", "blobs", &sha])).await?;
    let bytes = match blob.encoding.as_str() {
        "utf-8" => Some(blob.content.into_bytes()),
        // GitHub breaks the lines.
        "base64" => STANDARD.decode(blob.content.split_ascii_whitespace().collect::<String>()).ok(),
        _ => None,
    };
    match bytes {
        Some(bytes) => Ok(SourceFile::new(path, bytes)),
        None => Err(GithubError::Strange { what: what.to_owned(), why: "the content cannot be decoded".to_owned() }),
    }
}

/// The files to read with their blob ids, and those that are left out. Only regular files: a link's text is no manifest.
fn choose(tree: Vec<TreeEntry>, config: Option<&RelPath>) -> (Vec<(RelPath, String)>, Vec<RelPath>) {
    let regular = tree.into_iter().filter(|e| matches!(e.mode.as_str(), "100644" | "100755"));
    let mut wanted: Vec<(RelPath, TreeEntry)> = regular
        .filter_map(|e| {
            RelPath::new(&e.path).ok().filter(|path| is_wanted(path) || Some(path) == config).map(|path| (path, e))
        })
        .collect();
    wanted.sort_by_key(|(path, _)| (path.as_str().matches('/').count(), path.clone()));
    let (mut read, mut left_out) = (Vec::new(), Vec::new());
    for (path, entry) in wanted {
        if read.len() < FILES && entry.size.unwrap_or(0) <= LARGEST {
            read.push((path, entry.sha));
        } else {
            left_out.push(path);
        }
    }
    (read, left_out)
}

fn is_wanted(path: &RelPath) -> bool {
    let name = path.file_name();
    let folder = path.parent();
    MANIFESTS.contains(&name)
        || ENDINGS.iter().any(|ending| name.ends_with(ending))
        || (folder.is_root() && CONFIGS.contains(&name))
        || (folder.as_str() == ".github/workflows" && (name.ends_with(".yml") || name.ends_with(".yaml")))
}

#[cfg(test)]
mod tests;
