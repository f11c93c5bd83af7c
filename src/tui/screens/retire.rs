//! The old secrets: a line each, and more about the one under the cursor.

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::widgets;
use super::ask::{scrolled, words};
use crate::tui::Face;
use crate::wizard::{AskKind, Wizard};

pub(in crate::tui) fn retire(wizard: &Wizard, face: &Face, area: Rect, frame: &mut Frame<'_>) {
    let ask = wizard.ask();
    let AskKind::Choice { items, cursor } = &ask.kind else {
        words(&ask, face, area, frame);
        return;
    };
    let area = area.inner(Margin::new(2, 0));
    let width = usize::from(area.width);
    let mut lines = vec![Line::raw("")];
    lines.extend(widgets::wrap(&ask.title, width, face.theme.strong()));
    lines.push(Line::raw(""));
    for (at, item) in items.iter().enumerate() {
        let here = at == *cursor;
        let style = if here { Style::new().patch(face.theme.cursor()) } else { Style::new() };
        let pointer = if here { face.theme.pointer() } else { " " };
        for (row, mut line) in widgets::wrap(&item.label, width.saturating_sub(2), style).into_iter().enumerate() {
            line.spans.insert(0, Span::styled(if row == 0 { format!("{pointer} ") } else { "  ".to_owned() }, style));
            lines.push(line);
        }
        let about = item.detail.iter().filter(|_| here);
        for text in about {
            for mut line in widgets::wrap(text, width.saturating_sub(4), Style::new()) {
                line.spans.insert(0, Span::raw("    "));
                lines.push(line);
            }
        }
    }
    lines.push(Line::raw(""));
    lines.extend(widgets::lines(&ask.body, width, face.theme));
    scrolled(lines, face, area, frame);
}
