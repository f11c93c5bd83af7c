//! One step: the track of steps above, then its words with the cursor on the value that can be copied.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Margin, Rect};
use ratatui::style::Style;
use ratatui::text::Line;

use super::super::widgets;
use super::ask::{scrolled, words};
use super::track;
use crate::tui::Face;
use crate::wizard::{Para, Stage, StepScreen, Wizard};

pub(in crate::tui) fn step(wizard: &Wizard, face: &Face, step: &StepScreen, area: Rect, frame: &mut Frame<'_>) {
    // What is no explanation begins with a blank row of its own.
    let rows = if step.stage == Stage::Explain { 2 } else { 1 };
    let [track, rest] = Layout::vertical([Constraint::Length(rows), Constraint::Fill(1)]).areas(area);
    track::draw(wizard, face, step, track.inner(Margin::new(2, 0)), frame);
    if step.stage != Stage::Explain {
        words(&wizard.ask(), face, rest, frame);
        return;
    }
    let ask = wizard.ask();
    let rest = rest.inner(Margin::new(2, 0));
    let width = usize::from(rest.width);
    let mut lines = widgets::wrap(&ask.title, width, face.theme.strong());
    lines.push(Line::raw(""));
    let mut text = widgets::lines(&ask.body, width, face.theme);
    if let Some(at) = wizard.pointed(step) {
        point_at_field(&ask.body, at, &mut text, face, width);
    }
    lines.extend(text);
    scrolled(lines, face, rest, frame);
}

/// Puts the pointer before the value under the cursor.
fn point_at_field(body: &[Para], at: usize, text: &mut [Line<'static>], face: &Face, width: usize) {
    let Some(first) = body.iter().position(|para| matches!(para, Para::Pair(..))) else { return };
    let before: usize = widgets::lines(&body[..first + at], width, face.theme).len();
    if let Some(line) = text.get_mut(before)
        && let Some(span) = line.spans.first_mut()
    {
        let rest: String = span.content.chars().skip(1).collect();
        span.content = format!("{}{rest}", face.theme.pointer()).into();
        span.style = Style::new().patch(face.theme.cursor());
    }
}
