//! Asks the one who made a token whether it still opens anything: on request only, by a read that does nothing else.

use std::sync::Arc;

use secrecy::SecretString;

use super::World;
use crate::github::{self, GithubError, Token};
use crate::model::Unknown;
use crate::registry::Whose;
use crate::report::Report;
use crate::secrets::inspect::{Askable, Asked};

/// Asks. The token goes in a header to that host, and nowhere else.
pub async fn ask_about(world: &Arc<World>, askable: Askable, token: &SecretString) -> Asked {
    match askable {
        Askable::Nobody(why) => Asked::Unknown(why),
        Askable::GitHub => {
            // Blanks around it are the input's, not the token's.
            let Some(token) = Token::pasted(token) else {
                return Asked::Unknown(Unknown::because("nothing was given"));
            };
            let by = world.github.api.as_str().split("://").last().unwrap_or_default().to_owned();
            match github::identify(&world.http, &world.github, &token, None).await {
                Ok(identity) => Asked::Works { by, login: identity.login },
                Err(GithubError::TokenRefused) => Asked::Refused { by, why: "it has ended or was revoked".to_owned() },
                Err(error) => Asked::Unknown(Unknown::from(&error)),
            }
        }
        Askable::Registry(registry) => match world.apis.get(registry).whose(token).await {
            Ok(Whose::Works { by, login }) => Asked::Works { by, login },
            Ok(Whose::Refused { by, why }) => Asked::Refused { by, why },
            Err(error) => {
                let report = Report::from(error);
                Asked::Unknown(Unknown { why: report.line(), hint: report.hint })
            }
        },
    }
}
