//! Which files git tracks: what is in its index is in the hands of everybody who has the repository.

use std::path::Path;

use super::remote::ask;
use super::source::CheckoutError;
use crate::model::RelPath;
use crate::tools::{Environment, Tool};

/// How many files are asked about at once: their names go into one command.
const MOST: usize = 200;

/// Those of these files that git tracks.
pub fn tracked(
    root: &Path,
    git: &Tool,
    environment: &Environment,
    paths: &[RelPath],
) -> Result<Vec<RelPath>, CheckoutError> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let mut args = vec!["--literal-pathspecs", "ls-files", "-z", "--"];
    args.extend(paths.iter().take(MOST).map(RelPath::as_str));
    let listed = ask(git, root, environment, &args)?;
    Ok(paths.iter().filter(|path| listed.split('\0').any(|known| known == path.as_str())).cloned().collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn only_what_is_in_the_index_is_tracked() {
        let dir = tempfile::tempdir().unwrap();
        let environment = Environment::of_this_process();
        let Some(git) = crate::tools::Tools::locate(environment.clone(), dir.path()).git else { return };
        let run = |args: &[&str]| {
            let done = std::process::Command::new(&git.path).args(args).current_dir(dir.path()).output().unwrap();
            assert!(done.status.success(), "{args:?}");
        };
        run(&["init", "-q"]);
        std::fs::write(dir.path().join(".npmrc"), "a").unwrap();
        std::fs::write(dir.path().join("b*"), "b").unwrap();
        run(&["add", ".npmrc"]);
        let paths = [".npmrc", "b*", "gone"].map(|path| RelPath::new(path).unwrap());
        assert_eq!(tracked(dir.path(), &git, &environment, &paths).unwrap(), paths[..1]);
        assert_eq!(tracked(dir.path(), &git, &environment, &[]).unwrap(), []);
    }
}
