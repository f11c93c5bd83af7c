//! Writing: all or nothing, inside the checkout, over the bytes that were reviewed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::*;

fn change(path: &str, before: Option<&str>, after: &str) -> FileChange {
    FileChange {
        path: RelPath::new(path).unwrap(),
        before: before.map(|b| b.as_bytes().into()),
        after: after.as_bytes().into(),
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_file_is_replaced_and_keeps_its_mode() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.toml");
    fs::write(&file, "old").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o751)).unwrap();
    apply(dir.path(), &change("a.toml", Some("old"), "new")).unwrap();
    assert_eq!((fs::read_to_string(&file).unwrap().as_str(), mode(&file)), ("new", 0o751));
    assert_eq!(names(dir.path()), ["a.toml"]);
}

#[test]
fn a_new_file_is_made_once_and_readable_as_usual() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("usual"), "").unwrap();
    apply(dir.path(), &change("new.toml", None, "new")).unwrap();
    assert_eq!(mode(&dir.path().join("new.toml")), mode(&dir.path().join("usual")));
    assert!(matches!(apply(dir.path(), &change("new.toml", None, "x")), Err(WriteError::AlreadyThere(_))));
    assert_eq!(fs::read_to_string(dir.path().join("new.toml")).unwrap(), "new");
}

#[test]
fn folders_are_made_for_a_new_file_and_never_behind_a_link() {
    let dir = tempfile::tempdir().unwrap();
    let (root, away) = (dir.path().join("root"), dir.path().join("away"));
    fs::create_dir_all(root.join(".git")).unwrap();
    fs::create_dir(&away).unwrap();
    symlink("../away", root.join("link")).unwrap();
    apply(&root, &change(".github/workflows/a.yml", None, "new")).unwrap();
    assert_eq!(fs::read_to_string(root.join(".github/workflows/a.yml")).unwrap(), "new");
    for path in ["link/x/a.yml", ".git/x/a.yml"] {
        assert!(apply(&root, &change(path, None, "new")).is_err(), "{path}");
    }
    assert_eq!((names(&away), names(&root.join(".git"))), (vec![], vec![]));
}

#[test]
fn a_file_that_changed_or_went_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.toml");
    for other in ["older", "ol", "odd", ""] {
        fs::write(&file, other).unwrap();
        assert!(matches!(apply(dir.path(), &change("a.toml", Some("old"), "new")), Err(WriteError::Changed(_))));
        assert_eq!(fs::read_to_string(&file).unwrap(), other);
    }
    fs::remove_file(&file).unwrap();
    assert!(matches!(apply(dir.path(), &change("a.toml", Some("old"), "new")), Err(WriteError::Changed(_))));
    assert_eq!(names(dir.path()), [""; 0]);
}

#[test]
fn links_are_followed_inside_and_refused_outside() {
    let dir = tempfile::tempdir().unwrap();
    let (root, away) = (dir.path().join("root"), dir.path().join("away"));
    fs::create_dir_all(root.join("real")).unwrap();
    fs::create_dir_all(root.join(".git/hooks")).unwrap();
    fs::create_dir(&away).unwrap();
    for file in [root.join("real/a.toml"), away.join("a.toml"), root.join(".git/hooks/pre-commit")] {
        fs::write(file, "old").unwrap();
    }
    symlink("real/a.toml", root.join("inside.toml")).unwrap();
    symlink("../away/a.toml", root.join("outside.toml")).unwrap();
    symlink("../away", root.join("folder")).unwrap();
    symlink(".git/hooks/pre-commit", root.join("hook.toml")).unwrap();
    symlink("nowhere", root.join("dangling.toml")).unwrap();

    apply(&root, &change("inside.toml", Some("old"), "new")).unwrap();
    assert_eq!(fs::read_to_string(root.join("real/a.toml")).unwrap(), "new");
    assert!(fs::symlink_metadata(root.join("inside.toml")).unwrap().is_symlink());

    for path in ["outside.toml", "folder/a.toml", "hook.toml", ".git/hooks/pre-commit"] {
        let result = apply(&root, &change(path, Some("old"), "new"));
        assert!(matches!(result, Err(WriteError::Outside { .. })), "{path}: {result:?}");
    }
    assert!(apply(&root, &change("folder/new.toml", None, "new")).is_err());
    assert!(apply(&root, &change("dangling.toml", None, "new")).is_err());
    assert_eq!(fs::read_to_string(away.join("a.toml")).unwrap(), "old");
    assert_eq!(names(&away), ["a.toml"]);
}

#[test]
fn what_must_not_or_cannot_be_written_is_named() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.toml"), "old").unwrap();
    fs::set_permissions(dir.path().join("a.toml"), fs::Permissions::from_mode(0o444)).unwrap();
    fs::create_dir(dir.path().join("folder.toml")).unwrap();
    let error = apply(dir.path(), &change("a.toml", Some("old"), "new")).unwrap_err();
    assert!(matches!(error, WriteError::ReadOnly(_)));
    assert!(Report::from(error).to_string().starts_with("error: a.toml is read-only\n  hint: allow"));
    assert!(matches!(apply(dir.path(), &change("folder.toml", Some("old"), "new")), Err(WriteError::NotAFile(_))));
    assert_eq!(names(dir.path()), ["a.toml", "folder.toml"]);
}

#[test]
fn a_folder_that_takes_no_file_is_named() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.toml"), "old").unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o555)).unwrap();
    // Root writes everywhere: there is nothing to see then.
    let refused = tempfile::tempfile_in(dir.path()).is_err();
    let result = apply(dir.path(), &change("a.toml", Some("old"), "new"));
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(matches!(result, Err(WriteError::Folder { .. })), refused, "{result:?}");
    assert_eq!(names(dir.path()), ["a.toml"]);
}

#[test]
fn one_writes_at_a_time_and_what_a_kill_left_is_cleared() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.toml"), "old").unwrap();
    fs::write(dir.path().join(".untoken-writing-x1.tmp"), "half").unwrap();
    let other = File::open(dir.path()).unwrap();
    other.lock().unwrap();
    let change = change("a.toml", Some("old"), "new");
    assert!(matches!(apply(dir.path(), &change), Err(WriteError::Busy(_))));
    assert_eq!(names(dir.path()), [".untoken-writing-x1.tmp", "a.toml"], "another's file is not ours to clear");
    drop(other);
    apply(dir.path(), &change).unwrap();
    assert_eq!(names(dir.path()), ["a.toml"]);
}

#[test]
fn a_file_goes_only_as_long_as_it_holds_what_is_known() {
    let dir = tempfile::tempdir().unwrap();
    let path = RelPath::new("a.toml").unwrap();
    fs::write(dir.path().join("a.toml"), "mine").unwrap();
    assert!(matches!(remove(dir.path(), &path, b"other"), Err(WriteError::Changed(_))));
    assert_eq!(current(dir.path(), &path).unwrap().as_deref(), Some(&b"mine"[..]));
    remove(dir.path(), &path, b"mine").unwrap();
    assert_eq!(current(dir.path(), &path).unwrap(), None);
    assert!(matches!(remove(dir.path(), &path, b"mine"), Err(WriteError::Changed(_))));
}

#[test]
fn nothing_outside_is_looked_at_or_taken_away() {
    let (dir, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(outside.path().join("x"), "theirs").unwrap();
    symlink(outside.path().join("x"), dir.path().join("link")).unwrap();
    let path = RelPath::new("link").unwrap();
    assert!(matches!(current(dir.path(), &path), Err(WriteError::Outside { .. })));
    assert!(matches!(remove(dir.path(), &path, b"theirs"), Err(WriteError::Outside { .. })));
    assert_eq!(fs::read(outside.path().join("x")).unwrap(), b"theirs");
}
