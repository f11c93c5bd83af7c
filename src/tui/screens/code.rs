//! The device code: large and alone, with the page, a QR code where there is room, and the time left.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::super::widgets::{Qr, cut, hang, wrap};
use crate::model::clean_line;
use crate::plan::minutes;
use crate::tui::Face;
use crate::wizard::{CodeWords, DeviceCode, Wizard};

pub(in crate::tui) fn code(
    wizard: &Wizard,
    face: &Face,
    (code, words): (&DeviceCode, &CodeWords),
    area: Rect,
    frame: &mut Frame<'_>,
) {
    let theme = face.theme;
    let area = area.inner(Margin::new(2, 0));
    let qr = Qr::new(&code.verification_uri);
    let room = qr.as_ref().map(Qr::size).filter(|(width, height)| area.width >= 44 + width && area.height >= *height);
    let [left, right] =
        Layout::horizontal([Constraint::Fill(1), Constraint::Length(room.map_or(0, |(width, _)| width))]).areas(area);
    let width = usize::from(left.width).saturating_sub(1);
    let now = wizard.facts.now;
    let mut lines = vec![Line::raw(""), Line::styled(words.title.clone(), theme.strong()), Line::raw("")];
    lines.extend(hang(
        Span::styled("1  Open   ", theme.label()),
        10,
        &clean_line(&code.verification_uri, 200),
        width,
        Style::new(),
    ));
    lines.extend([
        Line::raw(""),
        Line::from(vec![
            Span::styled(format!("2  {:<7}", words.verb), theme.label()),
            Span::styled(clean_line(&code.user_code, 40), theme.strong()),
        ]),
        Line::raw(""),
    ]);
    lines.extend(wrap(&words.about, width, theme.faint()));
    lines.push(Line::raw(""));
    let waited = now.since(code.started).max(0);
    let left_over = minutes(code.expires.since(now));
    let waiting = format!(
        "{} Waiting for you in the browser · {waited} s · the code is good for {left_over}",
        theme.spinner(face.tick)
    );
    lines.extend(wrap(&waiting, width, Style::new()));
    if let Some(trouble) = &code.trouble {
        lines.extend(wrap(trouble, width, theme.removed()));
    }
    lines.push(Line::raw(""));
    lines.extend(wrap(words.warning, width, theme.strong()));
    // A low terminal has no rows for blanks.
    let mut over = lines.len().saturating_sub(usize::from(left.height));
    lines.retain(|line| {
        let drop = over > 0 && line.width() == 0;
        over -= usize::from(drop);
        !drop
    });
    frame.render_widget(Paragraph::new(cut(lines, usize::from(left.height), width)), left);
    if let (Some(qr), Some((width, height))) = (&qr, room) {
        frame.render_widget(qr, Rect { width, height: height.min(right.height), ..right });
    }
}
