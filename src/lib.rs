//! untoken retires long-lived publish tokens.

pub mod model;
pub mod net;
pub mod registry;
pub mod report;
pub mod sandbox;
pub mod tools;
