//! untoken retires long-lived publish tokens.

pub mod checkout;
pub mod config;
pub mod github;
pub mod journal;
pub mod log;
pub mod model;
pub mod net;
pub mod plan;
pub mod registry;
pub mod report;
pub mod sandbox;
pub mod secret_store;
pub mod state_dir;
pub mod tools;
pub mod tui;
pub mod wizard;
pub mod workflow;
