//! Any screen, from its words: a title, paragraphs, and a field or nothing.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Margin, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::super::widgets::{lines, wrap};
use crate::tui::Face;
use crate::wizard::{Ask, AskKind, Wizard};

pub(in crate::tui) fn ask(wizard: &Wizard, face: &Face, area: Rect, frame: &mut Frame<'_>) {
    words(&wizard.ask(), face, area, frame);
}

/// The words of a screen. Longer ones scroll; what is out of sight is said.
pub(super) fn words(ask: &Ask, face: &Face, area: Rect, frame: &mut Frame<'_>) {
    let area = area.inner(Margin::new(2, 0));
    let typed = u16::from(face.field.is_some()) * 3;
    let [title, body, field] =
        Layout::vertical([Constraint::Length(3), Constraint::Fill(1), Constraint::Length(typed)]).areas(area);
    let width = usize::from(area.width);
    let mut head = vec![Line::raw("")];
    let waiting = matches!(ask.kind, AskKind::Wait);
    let mut text = wrap(&ask.title, width.saturating_sub(2), face.theme.strong());
    if waiting && let Some(first) = text.first_mut() {
        first.spans.insert(0, Span::raw(format!("{} ", face.theme.spinner(face.tick))));
    }
    head.extend(text);
    frame.render_widget(Paragraph::new(head), title);
    scrolled(lines(&ask.body, width, face.theme), face, body, frame);
    if let Some(open) = &face.field {
        input(open, face, field, frame);
    }
}

/// Lines with the face's scroll, and a word where more is below.
pub(super) fn scrolled(mut all: Vec<Line<'static>>, face: &Face, area: Rect, frame: &mut Frame<'_>) {
    let height = usize::from(area.height);
    if all.len() > height && height > 1 {
        let first = face.scroll.min(all.len() - height + 1);
        let last = (first + height - 1).min(all.len());
        let below = all.len() - last;
        all = all.drain(first..last).collect();
        let hint = if below > 0 { format!("  {below} more lines: pgdn") } else { "  end: pgup".to_owned() };
        all.push(Line::styled(hint, face.theme.faint()));
    }
    frame.render_widget(Paragraph::new(all), area);
}

fn input(open: &super::super::Field, face: &Face, area: Rect, frame: &mut Frame<'_>) {
    let [label, line, rule] =
        Layout::vertical([Constraint::Length(1), Constraint::Length(1), Constraint::Length(1)]).areas(area);
    let count = open.count().map(|n| format!(" ({n} characters, not shown)")).unwrap_or_default();
    frame.render_widget(Line::styled(format!("{}{count}", open.label), face.theme.label()), label);
    let [pointer, text] = Layout::horizontal([Constraint::Length(2), Constraint::Fill(1)]).areas(line);
    frame.render_widget(Line::raw(face.theme.pointer()), pointer);
    frame.render_widget(open.area(), text);
    let width = usize::from(area.width);
    frame.render_widget(Line::styled(face.theme.line().repeat(width), face.theme.faint()), rule);
}
