//! Around every screen: title and crumbs above, status and keys below.

use ratatui::Frame;
use ratatui::layout::{Alignment, Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use super::widgets::{clip, wrap};
use super::{Face, SMALLEST};
use crate::model::clean_line;
use crate::wizard::{Account, Action, AskKind, Overlay, Wizard, bindings};

/// untoken · repository · who, and where we are.
pub(super) fn title(wizard: &Wizard, face: &Face, area: Rect, frame: &mut Frame<'_>) {
    let theme = face.theme;
    let mut rest = String::new();
    if wizard.settings.demo.is_some() {
        rest.push_str(&format!("{}demo", theme.dot()));
    }
    if let Some(slug) = wizard.slug() {
        rest.push_str(&format!("{}{slug}", theme.dot()));
    }
    if let Account::SignedIn(identity, _) = &wizard.account {
        rest.push_str(&format!("{}{}", theme.dot(), clean_line(&identity.login, 30)));
    }
    let name = " untoken";
    let width = usize::from(area.width);
    let spare = width.saturating_sub(name.len() + rest.width() + 3);
    let crumbs = format!("{} ", crumbs(wizard.crumbs(), theme.crumb(), spare.max(width / 2 - 1)));
    let taken = u16::try_from(crumbs.width()).unwrap_or(u16::MAX);
    let [left, right] = Layout::horizontal([Constraint::Fill(1), Constraint::Length(taken)]).areas(area);
    let rest = clip(&rest, usize::from(left.width).saturating_sub(name.len() + 1));
    frame.render_widget(Line::from(vec![Span::styled(name, theme.strong()), Span::raw(rest)]), left);
    frame.render_widget(Paragraph::new(crumbs).alignment(Alignment::Right), right);
}

/// The crumbs on so many columns: the names between the first and the last are shortened first.
fn crumbs(mut crumbs: Vec<String>, between: &str, width: usize) -> String {
    let line = crumbs.join(between);
    let last = crumbs.len().saturating_sub(1);
    let over = line.width().saturating_sub(width);
    if let Some(middle) = crumbs.get_mut(1).filter(|_| over > 0 && last > 1) {
        *middle = clip(middle, middle.width().saturating_sub(over).max(6));
    }
    clip(&crumbs.join(between), width)
}

pub(super) fn rule(face: &Face, area: Rect, frame: &mut Frame<'_>) {
    let line = face.theme.line().repeat(usize::from(area.width));
    frame.render_widget(Line::styled(line, face.theme.faint()), area);
}

/// How many rows the status may take before the rest of it is left out.
const STATUS_ROWS: usize = 3;

/// What happened last, or what goes on: a row as a rule, more where the sentence is longer.
pub(super) fn status(wizard: &Wizard, face: &Face, width: u16) -> Vec<Line<'static>> {
    let theme = face.theme;
    let width = usize::from(width).saturating_sub(4);
    let replaced = !wizard.settings.overridden.is_empty() && wizard.settings.demo.is_none();
    // A screen that waits shows by itself that something goes on.
    let waits = wizard.overlay == Overlay::None && matches!(wizard.ask().kind, AskKind::Wait);
    let (text, style) = match (&wizard.status, wizard.is_animating() && !waits) {
        (Some(status), _) => (status.clone(), Style::new()),
        (None, true) => (format!("{} at work", theme.spinner(face.tick)), theme.faint()),
        (None, false) if replaced => (replaced_services(&wizard.settings.overridden, width), theme.faint()),
        (None, false) => return vec![Line::raw("")],
    };
    let mut lines = wrap(&clean_line(&text, width * STATUS_ROWS), width, style);
    lines.truncate(STATUS_ROWS);
    for line in &mut lines {
        line.spans.insert(0, Span::raw("  "));
    }
    lines
}

/// Which services are not the real ones, by name as far as they fit on a line; the first screen names them all.
fn replaced_services(services: &[&str], width: usize) -> String {
    let named = |many: usize| match services.len() - many {
        0 => format!("not the real {}", services.join(", ")),
        left => format!("not the real {} and {left} more", services[..many].join(", ")),
    };
    (1..=services.len()).rev().map(named).find(|line| line.width() <= width).unwrap_or_else(|| named(1))
}

/// The keys that mean something now, as many as fit, the most useful first. The way back, help and quit are always there, and
/// help says how many keys more it knows.
pub(super) fn help(wizard: &Wizard, face: &Face, area: Rect, frame: &mut Frame<'_>) {
    let theme = face.theme;
    let overlaid = wizard.overlay != Overlay::None;
    let known: Vec<(String, &str, Action)> = bindings(wizard.context())
        .filter(|binding| !binding.label.is_empty() && (overlaid || wizard.allows(binding.action)))
        .map(|binding| (binding.key.label(), binding.label, binding.action))
        .collect();
    let always = |action: Action| matches!(action, Action::Help | Action::Quit | Action::Back);
    let width_of = |(key, label, _): &(String, &str, Action)| key.width() + 1 + label.width() + 2;
    let width = usize::from(area.width).saturating_sub(1);
    let reserved: usize = known.iter().filter(|(_, _, action)| always(*action)).map(width_of).sum();
    let all: usize = known.iter().map(width_of).sum();
    let counts = if all > width { " (10 more)".len() } else { 0 };
    let mut left = width.saturating_sub(reserved + counts);
    let mut shown = Vec::new();
    for entry in &known {
        let needs = width_of(entry);
        if always(entry.2) {
            shown.push(entry);
        } else if needs <= left {
            left -= needs;
            shown.push(entry);
        }
    }
    let hidden = known.len() - shown.len();
    let mut spans = vec![Span::raw(" ")];
    for (key, label, action) in shown {
        spans.push(Span::styled(key.clone(), theme.key()));
        match hidden {
            1.. if *action == Action::Help => spans.push(Span::raw(format!(" {label} ({hidden} more)  "))),
            _ => spans.push(Span::raw(format!(" {label}  "))),
        }
    }
    frame.render_widget(Line::from(spans), area);
}

/// One sentence instead of a torn screen.
pub(super) fn too_small(area: Rect, frame: &mut Frame<'_>) {
    let text = format!("untoken needs {}×{}; this is {}×{}.", SMALLEST.0, SMALLEST.1, area.width, area.height);
    let [_, middle, _] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(2), Constraint::Fill(1)]).areas(area);
    frame.render_widget(
        Paragraph::new(text).alignment(Alignment::Center).wrap(ratatui::widgets::Wrap { trim: true }),
        middle,
    );
}
