//! How a person deletes a secret by hand.

use super::Kept;
use crate::model::{RepoSlug, SecretPlace};

/// The command that deletes a secret with the person's own login.
#[must_use]
pub fn delete_command(kept: &Kept, slug: Option<&RepoSlug>) -> Option<String> {
    let Kept::Secret(place, name) = kept else { return None };
    let level = match place {
        SecretPlace::Repository => String::new(),
        SecretPlace::Environment(name) => format!(" --env {}", quoted(name.as_str())),
        SecretPlace::Dependabot => " --app dependabot".to_owned(),
        SecretPlace::Organization => return None,
    };
    let repository = slug.map(|slug| format!(" --repo {slug}")).unwrap_or_default();
    Some(format!("gh secret delete {name}{level}{repository}"))
}

/// A word for a POSIX shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    match word.chars().all(plain) && !word.starts_with('-') {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}
