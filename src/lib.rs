//! untoken retires long-lived publish tokens.

pub mod checkout;
pub mod config;
pub mod journal;
pub mod log;
pub mod model;
pub mod net;
pub mod registry;
pub mod report;
pub mod sandbox;
pub mod state_dir;
pub mod tools;
pub mod workflow;
