//! untoken retires long-lived publish tokens.
//!
//! It walks a maintainer, package by package, from "our CI holds a token" to "the registry trusts our workflow, it is proven,
//! and the tokens are gone". What it says about a package is an *evidence ladder* of seven rungs
//! ([`model::Rung`]): exists, ready, declared, registered, proven, locked, retired. A rung is seen, not seen, only stated by a
//! person, or unknown; what could not be read is never taken for "no".
//!
//! # How it is built
//!
//! Facts are read ([`checkout`], [`workflow`], [`config`], [`github`], [`registry`]), a pure function makes a [`plan`] of them,
//! and each step is applied by one effect. Around that stands a core in the manner of Elm:
//!
//! ```text
//!   key, paste, resize ─┐                             ┌─ tui::draw(&Wizard, frame)     pure
//!   signal ─────────────┼─► Msg ─► Wizard::update ────┤  plain::show(&Wizard)          pure
//!   job finished ───────┘        (pure, never waits)  └─► Vec<Effect> ─► runtime ─► adapters ─► Msg
//! ```
//!
//! # Who may name whom
//!
//! Arrows point down only; `tests/architecture.rs` holds them.
//!
//! ```text
//!   main ─► commands ─► runtime ─► tui, plain, output ─► wizard ─► plan ─► config, checkout, registry's rules ─► model
//!                                               ├────► doctor ─► plan, workflow
//!                                               └────► secrets ─► workflow, registry's rules
//!                          └─────► github, registry's APIs, net, tools, secret_store, journal
//!   sandbox names nobody: it has wire types of its own, so that it cannot share a mistake with the adapters
//! ```

pub mod checkout;
pub mod cli;
pub mod commands;
pub mod config;
pub mod doctor;
pub mod github;
pub mod journal;
pub mod log;
pub mod model;
pub mod net;
pub mod output;
pub mod plain;
pub mod plan;
pub mod registry;
pub mod report;
pub mod runtime;
pub mod sandbox;
pub mod secret_store;
pub mod secrets;
mod spread;
pub mod state_dir;
pub mod tools;
pub mod tui;
pub mod wizard;
pub mod workflow;
pub mod yaml;
