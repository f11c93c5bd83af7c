//! GitHub: who signs in and how, what the repository says about itself, and what may be read at all.
//!
//! Everything here asks; what the answers mean for a package is the plan's business. A token is sent to the API that it was
//! given for and nowhere else; of secrets only names are read. No read fails for another one's sake, and what could not be
//! read is `Unknown`, never "none".

mod account;
mod answers;
mod api;
mod client_id;
mod delete_secret;
mod device;
mod endpoints;
mod environments;
mod error;
mod facts;
mod guard;
mod oauth;
mod organization;
mod paced;
mod refresh;
mod remote_files;
mod runs;
mod secret_names;
mod sign_in_error;
mod sources;
mod tags;
#[cfg(test)]
mod testing;
mod token;
mod token_store;
mod wire;
mod workflow_files;

pub use account::{identify, revoke};
pub use answers::Answers;
pub use client_id::{AppNote, ClientId, ClientIdError};
pub use delete_secret::delete_secret;
pub use device::{DeviceEvent, device_sign_in};
pub use endpoints::Endpoints;
pub use environments::{make_environment, read_environment};
pub use error::GithubError;
pub use facts::{read_facts, read_workflows};
pub use guard::read_guard;
pub use organization::read_organization;
pub use refresh::ensure_fresh;
pub use remote_files::{RemoteFiles, remote_files};
pub use runs::{Runs, read_run_detail, read_runs};
pub use secret_names::read_secret_names;
pub use sign_in_error::SignInError;
pub use sources::{Sources, TokenError, from_environment, from_gh, probe};
pub use tags::read_tags;
pub use token::{Token, TokenKind, TokenSource};
pub use token_store::TokenStore;
pub use workflow_files::read_workflow_files;
