//! One file a screen that has a picture of its own; every other screen is drawn from its words.

mod ask;
mod board;
mod code;
mod help;
mod retire;
mod review;
mod step;
mod track;

pub(super) use ask::ask;
pub(super) use board::board;
pub(super) use code::code;
pub(super) use help::help;
pub(super) use retire::retire;
pub(super) use review::review;
pub(super) use step::step;
