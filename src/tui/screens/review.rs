//! Every pending change as a diff.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Margin, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::super::widgets::{clip, lines, wrap};
use super::ask::more_lines;
use crate::model::{DiffKind, clean_line};
use crate::tui::Face;
use crate::wizard::{Review, ReviewItem, changed_lines, refused_paras};

pub(in crate::tui) fn review(face: &Face, review: &Review, area: Rect, frame: &mut Frame<'_>) {
    let area = area.inner(Margin::new(1, 0));
    let width = usize::from(area.width);
    let promise = wrap(&review.promise(), width, face.theme.strong());
    let rows = u16::try_from(promise.len()).unwrap_or(1);
    let [_, list, foot] =
        Layout::vertical([Constraint::Length(1), Constraint::Fill(1), Constraint::Length(rows + 1)]).areas(area);
    let mut text = Vec::new();
    for (at, item) in review.items.iter().enumerate() {
        text.push(head(face, item, at == review.cursor, width));
        if item.open {
            text.extend(diff(face, &item.change.hunks(2), width));
        }
    }
    for refused in &review.refused {
        text.push(Line::raw(""));
        text.extend(lines(&refused_paras(refused), width, face.theme));
    }
    for note in &review.notes {
        text.push(Line::raw(""));
        text.extend(wrap(note, width, face.theme.faint()));
    }
    let height = usize::from(list.height);
    let scroll = review.scroll.min(text.len().saturating_sub(height.max(1)));
    let below = text.len().saturating_sub(scroll + height);
    frame.render_widget(Paragraph::new(text.into_iter().skip(scroll).take(height).collect::<Vec<_>>()), list);
    let more = if below > 0 { format!("  {}: ↓", more_lines(below)) } else { String::new() };
    let mut foot_lines = vec![Line::styled(more, face.theme.faint())];
    foot_lines.extend(promise);
    frame.render_widget(Paragraph::new(foot_lines), foot);
}

fn head(face: &Face, item: &ReviewItem, current: bool, width: usize) -> Line<'static> {
    let theme = face.theme;
    let pointer = if current { theme.pointer() } else { " " };
    let fold = if item.open { "-" } else { "+" };
    let state = match (&item.result, item.writing, item.take) {
        (Some(Ok(())), _, _) => "written".to_owned(),
        (Some(Err(report)), _, _) => format!("failed: {}", report.line()),
        (None, true, _) => "writing …".to_owned(),
        (None, false, true) => "[x] write".to_owned(),
        (None, false, false) => "[ ] leave".to_owned(),
    };
    let new = if item.change.before.is_none() { " (new file)" } else { "" };
    let left = format!("{pointer} {fold} {}{new}", item.change.path);
    let right = format!("{}   {state}", changed_lines(&item.change));
    // The path is whole as long as half the line is left for how it stands.
    let right = clip(&right, width.saturating_sub(left.width() + 2).max(width / 2));
    let left = clip(&left, width.saturating_sub(right.width() + 2));
    let gap = width.saturating_sub(left.width() + right.width()).max(2);
    Line::from(vec![Span::styled(left, theme.strong()), Span::raw(" ".repeat(gap)), Span::raw(right)])
}

/// The lines of a diff, with a mark where lines are left out between them.
fn diff(face: &Face, lines: &[crate::model::DiffLine], width: usize) -> Vec<Line<'static>> {
    let mut text = Vec::new();
    let mut next = None;
    for line in lines {
        if let (Some(expected), Some(at)) = (next, line.new)
            && at > expected
        {
            text.push(Line::styled(format!("         {}", face.theme.gap()), face.theme.faint()));
        }
        text.extend(diff_line(face, line, width));
        next = line.new.map(|at| at + 1).or(next);
    }
    text
}

/// A line of a diff. What is written or taken out is shown to its end, on as many rows as that takes.
fn diff_line(face: &Face, line: &crate::model::DiffLine, width: usize) -> Vec<Line<'static>> {
    let theme = face.theme;
    let (sign, style) = match line.kind {
        DiffKind::Same => (" ", theme.faint()),
        DiffKind::Added => ("+", theme.added()),
        DiffKind::Removed => ("-", theme.removed()),
    };
    let number = line.new.or(line.old).map(|n| n.to_string()).unwrap_or_default();
    let text = clean_line(&line.text.replace('\t', "    "), usize::MAX);
    let room = width.saturating_sub(10).max(10);
    let rows = match line.kind {
        DiffKind::Same => vec![clip(&text, room)],
        DiffKind::Added | DiffKind::Removed => pieces(&text, room),
    };
    let head = |at: usize| if at == 0 { format!("  {sign} {number:>4}  ") } else { format!("  {sign}       ") };
    rows.into_iter().enumerate().map(|(at, row)| Line::styled(format!("{}{row}", head(at)), style)).collect()
}

/// A text cut into rows of so many columns, every character kept; at least one row.
fn pieces(text: &str, width: usize) -> Vec<String> {
    let mut rows = vec![String::new()];
    for c in text.chars() {
        if let Some(last) = rows.last_mut()
            && last.width() + c.width().unwrap_or(0) <= width
        {
            last.push(c);
        } else {
            rows.push(c.to_string());
        }
    }
    rows
}
