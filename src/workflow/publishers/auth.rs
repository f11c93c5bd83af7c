//! How a publishing step logs in: by a secret that reaches it, by OIDC, or the files do not tell.

use crate::model::{Auth, IdToken, Place, SecretName, TokenUse, may_hold_secret};

use super::super::value::{Part, Value};

/// A value that the tool would take for its token.
#[derive(Debug, Clone)]
pub(super) struct Handed {
    /// By what: a variable, an input, an option, a login.
    pub(super) by: String,
    pub(super) value: Value,
    pub(super) at: Place,
}

/// How a step logs in, and the secrets on the way. `own_token` says whether GitHub's own token opens that registry.
///
/// A token beside `id-token: write` is a token: the permission may serve provenance alone.
pub(super) fn auth(
    handed: &[Handed],
    id_token: &IdToken,
    own_token: bool,
    why: &mut Vec<String>,
) -> (Auth, Vec<TokenUse>) {
    let mut uses: Vec<TokenUse> = Vec::new();
    for one in handed {
        for secret in one.value.secrets() {
            let known = uses.iter().any(|known| known.secret == *secret && known.by == one.by);
            if !known {
                uses.push(TokenUse { secret: secret.clone(), by: one.by.clone(), at: one.at.clone() });
            }
        }
    }
    let github = || SecretName::new("GITHUB_TOKEN").ok();
    for one in handed {
        let always = one.value.alternatives().iter().all(|value| !value.secrets().is_empty());
        if let (true, Some(secret)) = (always, one.value.secrets().first()) {
            why.push(format!("the secret {secret} reaches it by {}", one.by));
            return (Auth::Token((*secret).clone()), uses);
        }
        if own_token
            && one.value.any(&|part| matches!(part, Part::GithubToken))
            && let Some(name) = github()
        {
            why.push(format!("GitHub's own token reaches it by {}", one.by));
            return (Auth::Token(name), uses);
        }
    }
    if let Some(some) = uses.first() {
        why.push(format!("only some runs hand over the secret {}, by {}", some.secret, some.by));
        return (Auth::Unknown, uses);
    }
    if let Some(open) = handed.iter().find(|one| one.value.any(&|part| matches!(part, Part::Unknown(_)))) {
        why.push(format!("{} is decided elsewhere: {}", open.by, open.value.shown()));
        return (Auth::Unknown, uses);
    }
    if let Some(written) = handed.iter().find(|one| one.value.literal().is_some_and(|text| may_hold_secret(&text))) {
        why.push(format!("a token seems to be written in the file itself, at {}", written.by));
        return (Auth::Unknown, uses);
    }
    let auth = match id_token {
        IdToken::Granted(place) => {
            why.push(format!("id-token: write by {place}"));
            Auth::Oidc
        }
        IdToken::Missing => {
            why.push("neither a token nor id-token: write is in sight".to_owned());
            Auth::Unknown
        }
        IdToken::Unknown(reason) => {
            why.push(reason.clone());
            Auth::Unknown
        }
    };
    (auth, uses)
}
