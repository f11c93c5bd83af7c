//! The plain face: the same questions, line by line, for screen readers, dumb terminals and scripts.
//!
//! It shows what [`crate::wizard::Wizard::ask`] says and turns a typed line into the message that a key would be. No cursor moves, no
//! colours, no spinner. It decides nothing.

mod answer;
mod show;

pub use answer::{Line, understand};
pub use show::{news, question, show, waiting};
