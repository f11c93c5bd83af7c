//! The full-screen face: draws a [`Wizard`] and turns key presses into messages.
//!
//! Drawing is a pure function of the wizard and the face's own small state (an open text field, a scroll). It reads nothing,
//! waits for nothing, and decides nothing: what a key means is in the wizard's key table.

mod field;
mod frame;
mod input;
mod screens;
#[cfg(test)]
mod tests;
mod theme;
mod widgets;

pub use field::Field;
pub use input::{Input, translate};
pub use theme::{Glyphs, Theme};

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::widgets::Paragraph;

use crate::wizard::{AskKind, Context, Overlay, Screen, Wizard};

/// The smallest size that everything fits.
pub const SMALLEST: (u16, u16) = (60, 16);

/// What the face itself remembers.
#[derive(Debug, Default)]
pub struct Face {
    /// The text being typed, with the id of its question.
    pub field: Option<Field>,
    /// Lines scrolled away on top of a long text.
    pub scroll: usize,
    /// Which screen the scroll belongs to.
    scrolled: &'static str,
    /// Colours and glyphs.
    pub theme: Theme,
    /// Ticks seen, for the spinner.
    pub tick: usize,
}

impl Face {
    /// A face with this theme.
    #[must_use]
    pub fn new(theme: Theme) -> Self {
        Self { theme, ..Self::default() }
    }

    /// Opens or closes the text field as the wizard asks, and forgets a scroll that belonged to another screen.
    pub fn follow(&mut self, wizard: &Wizard) {
        let ask = wizard.ask();
        let wants = match &ask.kind {
            AskKind::Text { label, value } if wizard.context() == Context::Text => Some((label, Some(value))),
            AskKind::Secret { label } if wizard.context() == Context::Text => Some((label, None)),
            _ => None,
        };
        match (&self.field, wants) {
            (Some(field), Some(_)) if field.question == ask.id => {}
            (_, Some((label, value))) => self.field = Some(Field::new(ask.id, label, value.map(String::as_str))),
            (_, None) => self.field = None,
        }
        if self.scrolled != ask.id {
            self.scrolled = ask.id;
            self.scroll = 0;
        }
    }

    /// How many rows a page of this size has, for moving by pages.
    #[must_use]
    pub fn page(size: Rect) -> usize {
        usize::from(size.height.saturating_sub(8)).max(1)
    }
}

/// Draws everything.
pub fn draw(wizard: &Wizard, face: &Face, frame: &mut Frame<'_>) {
    let area = frame.area();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        frame::too_small(area, frame);
        return;
    }
    let told = frame::status(wizard, face, area.width);
    let [title, rule, body, status, rule_below, help] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(u16::try_from(told.len()).unwrap_or(1)),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(area);
    frame::title(wizard, face, title, frame);
    frame::rule(face, rule, frame);
    screen(wizard, face, body, frame);
    frame.render_widget(Paragraph::new(told), status);
    frame::rule(face, rule_below, frame);
    frame::help(wizard, face, help, frame);
}

/// What stands between the frame's lines.
fn screen(wizard: &Wizard, face: &Face, body: Rect, frame: &mut Frame<'_>) {
    if let (Overlay::None, Some((code, words))) = (&wizard.overlay, wizard.code_up()) {
        screens::code(wizard, face, (code, &words), body, frame);
        return;
    }
    match (&wizard.overlay, &wizard.screen) {
        (Overlay::Help, _) => screens::help(wizard, face, body, frame),
        (Overlay::Problem(_) | Overlay::Leave(_) | Overlay::Rungs, _) => screens::ask(wizard, face, body, frame),
        (Overlay::None, Screen::Board) => screens::board(wizard, face, body, frame),
        (Overlay::None, Screen::Step(step)) => screens::step(wizard, face, step, body, frame),
        (Overlay::None, Screen::Retire(_)) => screens::retire(wizard, face, body, frame),
        (Overlay::None, Screen::Review(review)) => screens::review(face, review, body, frame),
        (Overlay::None, _) => screens::ask(wizard, face, body, frame),
    }
}
