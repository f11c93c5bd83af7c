//! untoken retires long-lived publish tokens.

pub mod checkout;
pub mod cli;
pub mod commands;
pub mod config;
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
pub mod state_dir;
pub mod tools;
pub mod tui;
pub mod wizard;
pub mod workflow;
