//! Around every screen: title and crumbs above, status and keys below.

use ratatui::Frame;
use ratatui::layout::{Alignment, Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use super::{Face, SMALLEST};
use crate::model::clean_line;
use crate::wizard::{Account, Action, Wizard, bindings};

/// untoken · repository · who, and where we are.
pub(super) fn title(wizard: &Wizard, face: &Face, area: Rect, frame: &mut Frame<'_>) {
    let theme = face.theme;
    let mut crumbs = wizard.crumbs().join(theme.crumb());
    crumbs.push(' ');
    let width = u16::try_from(crumbs.width()).unwrap_or(u16::MAX).min(area.width / 2);
    let [left, right] = Layout::horizontal([Constraint::Fill(1), Constraint::Length(width)]).areas(area);
    let mut parts = vec![Span::styled(" untoken", theme.strong())];
    if wizard.settings.demo.is_some() {
        parts.push(Span::raw(format!("{}demo", theme.dot())));
    }
    if let Some(slug) = wizard.slug() {
        parts.push(Span::raw(format!("{}{slug}", theme.dot())));
    }
    if let Account::SignedIn(identity, _) = &wizard.account {
        parts.push(Span::raw(format!("{}{}", theme.dot(), clean_line(&identity.login, 30))));
    }
    frame.render_widget(Line::from(parts), left);
    frame.render_widget(Paragraph::new(crumbs).alignment(Alignment::Right), right);
}

pub(super) fn rule(face: &Face, area: Rect, frame: &mut Frame<'_>) {
    let line = face.theme.line().repeat(usize::from(area.width));
    frame.render_widget(Line::styled(line, face.theme.faint()), area);
}

/// What happened last, or what goes on.
pub(super) fn status(wizard: &Wizard, face: &Face, area: Rect, frame: &mut Frame<'_>) {
    let width = usize::from(area.width).saturating_sub(4);
    let line = match (&wizard.status, wizard.is_animating()) {
        (Some(status), _) => Line::raw(format!("  {}", clean_line(status, width))),
        (None, true) => Line::styled(format!("  {} at work", face.theme.spinner(face.tick)), face.theme.faint()),
        (None, false) if !wizard.settings.overridden.is_empty() && wizard.settings.demo.is_none() => {
            let services = wizard.settings.overridden.join(", ");
            Line::styled(
                format!("  {}", clean_line(&format!("not the real service: {services}"), width)),
                face.theme.faint(),
            )
        }
        (None, false) => Line::raw(""),
    };
    frame.render_widget(line, area);
}

/// The keys that mean something now, as many as fit; help and quit always.
pub(super) fn help(wizard: &Wizard, face: &Face, area: Rect, frame: &mut Frame<'_>) {
    let theme = face.theme;
    let overlaid = wizard.overlay != crate::wizard::Overlay::None;
    let shown: Vec<(String, &str, Action)> = bindings(wizard.context())
        .filter(|binding| !binding.label.is_empty() && (overlaid || wizard.allows(binding.action)))
        .map(|binding| (binding.key.label(), binding.label, binding.action))
        .collect();
    let always = |action: &Action| matches!(action, Action::Help | Action::Quit);
    let width_of = |(key, label, _): &(String, &str, Action)| key.width() + 1 + label.width() + 2;
    let reserved: usize = shown.iter().filter(|(_, _, action)| always(action)).map(width_of).sum();
    let mut left = usize::from(area.width).saturating_sub(reserved + 1);
    let mut spans = vec![Span::raw(" ")];
    for entry in &shown {
        let needs = width_of(entry);
        if !always(&entry.2) {
            if needs > left {
                continue;
            }
            left -= needs;
        }
        spans.push(Span::styled(entry.0.clone(), theme.key()));
        spans.push(Span::raw(format!(" {}  ", entry.1)));
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
