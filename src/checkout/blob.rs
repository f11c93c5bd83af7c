//! Git's name for a file's content, to compare a file here with the one on GitHub without fetching it.

use sha1::{Digest, Sha1};

/// The SHA-1 object id that git gives these bytes as a blob: 40 lower-case hex digits.
///
/// Git may convert line ends on the way in (`core.autocrlf`), so a file that differs only there has another id than its
/// committed form.
#[must_use]
pub fn blob_id(bytes: &[u8]) -> String {
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", bytes.len()));
    hash.update(bytes);
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether these bytes are that blob. Git may keep line feeds where the checkout has CRLF: both are the same version.
#[must_use]
pub fn is_blob(bytes: &[u8], blob: &str) -> bool {
    if blob_id(bytes) == blob {
        return true;
    }
    let mut lf = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter().peekable();
    while let Some(&byte) = rest.next() {
        if !(byte == b'\r' && rest.peek() == Some(&&b'\n')) {
            lf.push(byte);
        }
    }
    blob_id(&lf) == blob
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_that_git_hash_object_prints() {
        assert_eq!(blob_id(b""), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        assert_eq!(blob_id(b"hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
    }
}
