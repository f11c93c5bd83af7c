//! All keys of the screen below, and what the marks mean.

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::text::{Line, Span};

use super::ask::scrolled;
use crate::tui::Face;
use crate::wizard::{Mark, Overlay, Wizard, bindings};

pub(in crate::tui) fn help(wizard: &Wizard, face: &Face, area: Rect, frame: &mut Frame<'_>) {
    let theme = face.theme;
    let mut below = wizard.clone();
    below.overlay = Overlay::None;
    let mut text = vec![Line::raw(""), Line::styled("Keys here", theme.strong()), Line::raw("")];
    let rows: Vec<_> = bindings(below.context()).filter(|b| !b.label.is_empty() && below.allows(b.action)).collect();
    let columns = if area.width >= 80 { 2 } else { 1 };
    for pair in rows.chunks(columns) {
        let mut spans = Vec::new();
        for binding in pair {
            spans.push(Span::styled(format!("  {:>6} ", binding.key.label()), theme.key()));
            spans.push(Span::raw(format!("{:<28}", binding.label)));
        }
        text.push(Line::from(spans));
    }
    text.push(Line::styled("         Arrows, pgup, pgdn, home and end move or scroll.", theme.faint()));
    text.push(Line::raw(""));
    text.push(Line::styled("Marks", theme.strong()));
    let marks = [
        (Mark::Yes, "yes, seen"),
        (Mark::No, "no"),
        (Mark::Unknown, "unknown: could not be read"),
        (Mark::Stated, "stated; nobody can read it"),
        (Mark::HereOnly, "here, not yet on GitHub"),
        (Mark::DoesNotApply, "does not apply"),
        (Mark::Refused, "refused or failed"),
    ];
    for pair in marks.chunks(columns) {
        let mut spans = Vec::new();
        for (mark, word) in pair {
            spans.push(Span::styled(format!("  {:>6} ", theme.glyph(*mark)), theme.mark(*mark)));
            spans.push(Span::raw(format!("{word:<28}")));
        }
        text.push(Line::from(spans));
    }
    scrolled(text, face, area.inner(Margin::new(2, 0)), frame);
}
