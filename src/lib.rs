//! untoken retires long-lived publish tokens.

pub mod checkout;
pub mod github;
pub mod model;
pub mod net;
pub mod registry;
pub mod report;
pub mod sandbox;
pub mod secret_store;
pub mod tools;
pub mod workflow;
