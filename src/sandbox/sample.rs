//! The sample repository of the demo, carried inside the binary.

use std::io;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

static SAMPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/sample");

/// How the manifests of the sample's crates end here: cargo packs no folder that has a `Cargo.toml` of its own, and untoken's
/// own crate would lack the sample.
const SHELVED: &str = ".in";

/// Why the sample repository could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the sample repository to {}; choose a folder that can be written", dir.display())]
pub struct SampleError {
    /// Where it was to go.
    dir: PathBuf,
    /// What the system said.
    source: io::Error,
}

/// Writes the sample repository into `dir`, which is made if it is not there. It is no git repository yet.
///
/// # Errors
/// [`SampleError`] when the folder can't be made or written.
pub fn sample_repository(dir: &Path) -> Result<(), SampleError> {
    let failed = |source| SampleError { dir: dir.to_owned(), source };
    std::fs::create_dir_all(dir).map_err(failed)?;
    for (path, bytes) in files() {
        let file = dir.join(path);
        file.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(failed)?;
        std::fs::write(file, bytes).map_err(failed)?;
    }
    Ok(())
}

/// Every file of the sample repository: its path with slashes, and what is in it.
pub(super) fn files() -> impl Iterator<Item = (String, Vec<u8>)> {
    let mut found = Vec::new();
    collect(&SAMPLE, &mut found);
    found.into_iter()
}

fn collect(dir: &Dir<'_>, found: &mut Vec<(String, Vec<u8>)>) {
    for file in dir.files() {
        let path: Vec<_> = file.path().components().map(|part| part.as_os_str().to_string_lossy()).collect();
        let path = path.join("/");
        let path = path.strip_suffix(SHELVED).map(str::to_owned).unwrap_or(path);
        found.push((path, file.contents().to_vec()));
    }
    for inner in dir.dirs() {
        collect(inner, found);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn every_file_is_written_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("not yet there");
        sample_repository(&target).unwrap();
        let mut count = 0;
        for (path, bytes) in files() {
            assert_eq!(std::fs::read(target.join(&path)).unwrap(), bytes, "{path}");
            count += 1;
        }
        assert!(count > 15, "{count} files");
    }

    #[test]
    fn the_workflow_publishes_with_tokens_and_asks_for_no_oidc() {
        let (_, release) = files().find(|(path, _)| path == ".github/workflows/release.yml").unwrap();
        let release = String::from_utf8(release).unwrap();
        for secret in ["CARGO_REGISTRY_TOKEN", "NPM_TOKEN", "PYPI_API_TOKEN"] {
            assert!(release.contains(&format!("secrets.{secret}")), "{secret}");
        }
        assert!(!release.contains("id-token"));
    }

    #[test]
    fn a_file_in_the_way_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = sample_repository(file.path()).unwrap_err();
        assert!(error.to_string().contains(&file.path().display().to_string()), "{error}");
    }
}
