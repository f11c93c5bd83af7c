//! Any screen, from its words: a title, paragraphs, and a field or nothing.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Margin, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::super::widgets::{cut, lines, wrap};
use crate::tui::Face;
use crate::wizard::{Ask, AskKind, Wizard};

pub(in crate::tui) fn ask(wizard: &Wizard, face: &Face, area: Rect, frame: &mut Frame<'_>) {
    words(&wizard.ask(), face, area, frame);
}

/// The words of a screen. Longer ones scroll; what is out of sight is said.
pub(super) fn words(ask: &Ask, face: &Face, area: Rect, frame: &mut Frame<'_>) {
    let area = area.inner(Margin::new(2, 0));
    let width = usize::from(area.width);
    let mut title = wrap(&ask.title, width.saturating_sub(2), face.theme.strong());
    let rows = |lines: usize| u16::try_from(lines).unwrap_or(u16::MAX);
    let typed = rows(face.field.iter().count()) * 3;
    // A long title keeps a few rows for what is below it.
    title = cut(title, usize::from(area.height.saturating_sub(typed + 5)).max(1), width.saturating_sub(2));
    let [_, head, _, body, field] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(rows(title.len())),
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(typed),
    ])
    .areas(area);
    if matches!(ask.kind, AskKind::Wait)
        && let Some(first) = title.first_mut()
    {
        first.spans.insert(0, Span::raw(format!("{} ", face.theme.spinner(face.tick))));
    }
    frame.render_widget(Paragraph::new(title), head);
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
        let hint = if below > 0 { format!("  {}: pgdn", more_lines(below)) } else { "  end: pgup".to_owned() };
        all.push(Line::styled(hint, face.theme.faint()));
    }
    frame.render_widget(Paragraph::new(all), area);
}

/// `1 more line`, `7 more lines`
pub(super) fn more_lines(count: usize) -> String {
    if count == 1 { "1 more line".to_owned() } else { format!("{count} more lines") }
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
