//! Where the wizard meets the world: the loop, the jobs that carry effects out, the terminal, the signals.
//!
//! The core decides, this acts. Nothing here knows what a screen means.

mod borrow;
mod changes;
mod doctor;
mod environment;
mod full;
mod gather;
mod jobs;
mod line;
mod memory;
mod organization;
mod private;
mod prove;
mod reads;
mod retire;
mod secrets;
mod sign_in;
mod terminal;
mod token;
mod undo;
mod world;

use changes::ChangeError;
pub use doctor::{ask_github, doctor_tokens, examine_folder, examine_revision, list_declared};
pub use full::full_screen;
pub use gather::{Named, from_checkout, from_files, look};
pub use line::line_by_line;
pub use organization::{OrganizationRun, read_organization};
pub use reads::{read_access, read_all};
pub use secrets::{read_secrets, typed_secret, variable_secret};
pub use terminal::can_draw;
pub use token::ask_about;
pub use world::{DemoLink, Setup, World};

use crate::model::Timestamp;
use crate::net::{Clock, SystemClock};
use crate::wizard::{Settings, Wizard};

/// How a sitting ended.
#[derive(Debug)]
pub struct Ended {
    /// The wizard as it was left: its receipt is to be printed.
    pub wizard: Wizard,
    /// The signal that ended it, as a number; `None`: the person did.
    pub signal: Option<i32>,
}

/// The time now.
#[must_use]
pub fn now() -> Timestamp {
    SystemClock.now()
}

/// A wizard that knows what the world was set up with.
#[must_use]
pub fn wizard(world: &World) -> Wizard {
    let setup = &world.setup;
    let app = world.client_id.app();
    let named = match (app.name, app.owner) {
        (Some(name), Some(owner)) => format!("The App that signs you in is {name}, {owner}'s. "),
        _ => String::new(),
    };
    let mut overridden = world.endpoints.overridden();
    if world.github.is_overridden() {
        overridden.insert(0, "GitHub");
    }
    let whose = match setup.demo {
        Some(_) => "The App is the sandbox's own.",
        None => app.whose,
    };
    let settings = Settings {
        offline: setup.offline,
        config: setup.named.config.clone(),
        app: format!("{named}{whose}"),
        tools: world.tools.found(),
        overridden,
        demo: setup.demo.as_ref().map(|demo| demo.notes.clone()),
    };
    Wizard::new(settings, world.endpoints.clone(), now())
}
