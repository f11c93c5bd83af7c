//! Journeys: a person's paths through untoken, with the built program in a terminal of its own and the sandbox as the
//! world. They check what the services hold and what the files say afterwards, not only the screen.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bench;
mod browser;
mod canary;
#[path = "../common/mod.rs"]
mod common;
mod config;
mod door;
mod edges;
mod environment;
mod faults;
mod fifty;
mod first;
mod hand_over;
mod jsr_and_gem;
mod killed;
mod kills;
mod leaving;
mod lent;
mod monochange;
mod named_config;
mod new_workflow;
mod old_entry;
mod parted;
mod person;
mod pictures;
mod plain;
mod prove;
mod repair;
mod repaired;
mod scene;
mod second_run;
mod served;
mod sign_in;
mod sizes;
mod stand_in;
mod status;
mod svg;
mod talk;
mod terminal;
mod tools;
mod undo;
mod whole_demo;
