//! Whose a token is, by a read that does nothing else.

use serde::de::DeserializeOwned;

use super::ApiError;
use super::answers::{net, unexpected};
use crate::model::{Registry, clean_line};
use crate::net::Request;

/// Whose a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// It works.
    Works {
        /// Who said so: a host.
        by: String,
        /// Whose it is.
        login: String,
    },
    /// It opens nothing there.
    Refused {
        /// Who said so: a host.
        by: String,
        /// A fragment.
        why: String,
    },
}

/// Whose a token is, by an answer that names its user. A refused token is an answer too.
pub(super) async fn whose<T: DeserializeOwned>(
    registry: Registry,
    request: Request,
    name: impl Fn(T) -> String,
) -> Result<Whose, ApiError> {
    let answer = request.send().await.map_err(net(registry))?;
    let by = clean_line(answer.url.authority(), 100);
    match answer.status.as_u16() {
        200 => {
            let user = answer.json::<T>().map_err(net(registry))?;
            Ok(Whose::Works { by, login: clean_line(&name(user), 100) })
        }
        status @ (401 | 403) => {
            Ok(Whose::Refused { by, why: format!("HTTP {status}: it has ended, was revoked, or is none of its own") })
        }
        _ => Err(unexpected(registry, &answer)),
    }
}
