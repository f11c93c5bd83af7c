#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod device;
mod rest;

use crate::sandbox::Sandbox;
use crate::sandbox::world::github::{Grant, Token};

/// A live token of the demo's App for mona.
fn app_token(sandbox: &Sandbox) -> String {
    let mut world = sandbox.world();
    let github = &mut world.github;
    let value = github.mint("ghu_");
    let client_id = github.clients[0].client_id.clone();
    github.tokens.push(Token {
        value: value.clone(),
        user: "mona".to_owned(),
        grant: Grant::App { client_id, only: None },
        expires_at: None,
        refresh: None,
    });
    value
}
