#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use secrecy::ExposeSecret as _;

use super::*;

fn kept(store: &dyn SecretStore, key: &str) -> Option<String> {
    store.get(key).unwrap().map(|s| s.expose_secret().to_owned())
}

fn goes_round(store: &dyn SecretStore) {
    assert_eq!(kept(store, "api.github.com"), None);
    for secret in ["first-not-a-token", "second-not-a-token"] {
        store.set("api.github.com", &secret.into()).unwrap();
        assert_eq!(kept(store, "api.github.com").as_deref(), Some(secret));
    }
    assert_eq!(kept(store, "127.0.0.1:8080"), None, "a key is a host: no other one gets its secret");
    store.delete("api.github.com").unwrap();
    store.delete("api.github.com").unwrap();
    assert_eq!(kept(store, "api.github.com"), None);
}

#[test]
fn memory_and_files_keep_and_forget() {
    let folder = tempfile::tempdir().unwrap();
    goes_round(&Memory::default());
    goes_round(&FileStore::new(folder.path().join("a/b")));
}

#[cfg(unix)]
#[test]
fn a_file_is_for_one_account_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("secrets");
    let store = FileStore::new(inside.clone());
    store.set("../../etc/x", &"not-a-token".into()).unwrap();
    let file = inside.join(".._.._etc_x.secret");
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&inside), mode(&file)), (0o700, 0o600));
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(store.get("../../etc/x"), Err(StoreError::Exposed { .. })));
    std::fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", &file).unwrap();
    assert!(matches!(store.get("../../etc/x"), Err(StoreError::Garbage { .. })), "links are not followed");
}

#[tokio::test]
async fn a_silent_keyring_can_be_waited_for() {
    let (answer, asked) = std::sync::mpsc::channel::<Result<Keyring, String>>();
    let waiting = Waiting::begin(move || asked.recv().unwrap());
    let Probe::Silent(waiting) = waiting.within(Duration::from_millis(10)).await else { panic!("it answered") };
    answer.send(Ok(Keyring)).unwrap();
    assert!(matches!(waiting.wait().await, Probe::Works(_)));
    let locked = Waiting::begin(|| Err("it is locked".to_owned())).wait().await;
    assert!(matches!(locked, Probe::None(why) if why == "it is locked"));
}

#[test]
fn only_three_words_choose_a_store() {
    let of = |text| Wanted::from_variable(Some(text));
    assert_eq!((Wanted::from_variable(None), of("")), (Some(Wanted::Keyring), Some(Wanted::Keyring)));
    assert_eq!((of("memory"), of("file"), of("plain")), (Some(Wanted::Memory), Some(Wanted::File), None));
}
