//! untoken retires long-lived publish tokens.

pub mod sandbox;
