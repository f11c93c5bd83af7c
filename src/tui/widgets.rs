//! Pieces that several screens draw: wrapped text with marks, and the QR code.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Theme;
use crate::model::{clean, clean_line};
use crate::wizard::Para;

/// Paragraphs as lines no wider than `width`.
pub(super) fn lines(paras: &[Para], width: usize, theme: Theme) -> Vec<Line<'static>> {
    let label = paras
        .iter()
        .filter_map(|para| match para {
            Para::Pair(label, _) => Some(label.width()),
            _ => None,
        })
        .max()
        .unwrap_or(0)
        .clamp(8, 22);
    paras.iter().flat_map(|para| one(para, width, label, theme)).collect()
}

fn one(para: &Para, width: usize, label_width: usize, theme: Theme) -> Vec<Line<'static>> {
    match para {
        Para::Text(text) => indented(text, width, Style::new()),
        Para::Faint(text) => indented(text, width, theme.faint()),
        Para::Strong(text) => wrap(text, width, theme.strong()),
        Para::Verbatim(text) => vec![Line::styled(format!("  {}", clean(text).replace('\n', " ")), theme.strong())],
        Para::Command(text) => hang(Span::styled("  $ ", theme.faint()), 6, text, width, theme.strong()),
        Para::Blank => vec![Line::raw("")],
        Para::Pair(label, value) => {
            let indent = label_width + 4;
            let label = format!("  {:label_width$}  ", clean(label));
            hang(Span::styled(label, theme.label()), indent, value, width, Style::new())
        }
        Para::Option { chosen, label, note } => {
            let (pointer, style) = if *chosen { (theme.pointer(), theme.strong()) } else { (" ", Style::new()) };
            let mut lines = hang(Span::styled(format!("  {pointer} "), style), 4, label, width, style);
            // Of the others the screen has room for the label; the key that takes them shows the rest.
            if *chosen {
                lines.extend(hang(Span::raw("      "), 6, note, width, theme.faint()));
            }
            lines
        }
        Para::Marked(mark, text) => {
            let head = Span::styled(format!("{} ", theme.glyph(*mark)), theme.mark(*mark));
            match column(text, width / 2) {
                None => hang(head, 2, text, width, Style::new()),
                Some((name, rest)) => {
                    let mut lines = hang(Span::raw(clean(name)), 2 + name.width(), rest, width, Style::new());
                    if let Some(first) = lines.first_mut() {
                        first.spans.insert(0, head);
                    }
                    lines
                }
            }
        }
    }
}

/// A name with the blanks that make a column of it, and what stands beside; `None`: there is none, or it is too wide.
fn column(text: &str, most: usize) -> Option<(&str, &str)> {
    let blanks = text.find("  ")?;
    let rest = text[blanks..].trim_start();
    let name = &text[..text.len() - rest.len()];
    (!rest.is_empty() && !name.contains('\n') && name.width() <= most).then_some((name, rest))
}

/// A head on the first line, and the text beside it, wrapped under itself. A head that is wider than the indent narrows the text.
pub(super) fn hang(head: Span<'static>, indent: usize, text: &str, width: usize, style: Style) -> Vec<Line<'static>> {
    let taken = indent.max(head.width());
    let mut wrapped = wrap(text, width.saturating_sub(taken).max(10), style).into_iter();
    let mut lines = Vec::new();
    let mut first = vec![head];
    first.extend(wrapped.next().map(|line| line.spans).into_iter().flatten().map(|span| span.style(style)));
    lines.push(Line::from(first));
    for line in wrapped {
        let mut spans = vec![Span::raw(" ".repeat(indent))];
        spans.extend(line.spans.into_iter().map(|span| span.style(style)));
        lines.push(Line::from(spans));
    }
    lines
}

/// Wraps text under the blanks that it begins with, and beside the number or the dash of a list.
fn indented(text: &str, width: usize, style: Style) -> Vec<Line<'static>> {
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = match (text.strip_prefix("- "), digits.strip_prefix(". ")) {
        (Some(rest), _) => rest,
        (None, Some(rest)) if digits.len() < text.len() => rest,
        (None, _) => text.trim_start_matches(' '),
    };
    let head = &text[..text.len() - rest.len()];
    if head.is_empty() {
        wrap(text, width, style)
    } else {
        hang(Span::raw(head.to_owned()), head.len(), rest, width, style)
    }
}

/// Wraps cleaned text at blanks; a word that is too long is broken.
pub(super) fn wrap(text: &str, width: usize, style: Style) -> Vec<Line<'static>> {
    clean(text)
        .split('\n')
        .flat_map(|line| {
            let options = textwrap::Options::new(width.max(10))
                .break_words(true)
                // A path or a number with hyphens stays in one piece as long as it fits.
                .word_splitter(textwrap::WordSplitter::NoHyphenation);
            textwrap::wrap(line, options).into_iter().map(std::borrow::Cow::into_owned).collect::<Vec<_>>()
        })
        .map(|line| Line::from(Span::styled(line, style)))
        .collect()
}

/// One line of no more than so many columns; an ellipsis stands for the rest.
pub(super) fn clip(text: &str, width: usize) -> String {
    let line = clean_line(text, usize::MAX);
    if line.width() <= width {
        return line;
    }
    if width == 0 {
        return String::new();
    }
    let mut cut = String::new();
    for c in line.chars() {
        if cut.width() + c.width().unwrap_or(0) >= width {
            break;
        }
        cut.push(c);
    }
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
}

/// The first of these lines, no more than so many; what is left out of the last one is an ellipsis.
pub(super) fn cut(mut lines: Vec<Line<'static>>, most: usize, width: usize) -> Vec<Line<'static>> {
    if lines.len() <= most {
        return lines;
    }
    lines.truncate(most);
    if let Some(last) = lines.last_mut() {
        let spare = width.saturating_sub(last.width());
        if let Some(span) = last.spans.last_mut() {
            let text = span.content.trim_end();
            span.content = clip(&format!("{text} …"), text.width() + spare).into();
        }
    }
    lines
}

/// A QR code: two modules a cell, black on white whatever the theme, because scanners need the contrast.
pub(super) struct Qr(Vec<String>);

impl Qr {
    /// `None` where the text does not fit a code.
    pub(super) fn new(text: &str) -> Option<Self> {
        let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::L).ok()?;
        let picture = code.render::<qrcode::render::unicode::Dense1x2>().quiet_zone(true).build();
        Some(Self(picture.lines().map(str::to_owned).collect()))
    }

    /// Columns and rows.
    pub(super) fn size(&self) -> (u16, u16) {
        let width = self.0.first().map_or(0, |line| line.chars().count());
        (u16::try_from(width).unwrap_or(u16::MAX), u16::try_from(self.0.len()).unwrap_or(u16::MAX))
    }
}

impl Widget for &Qr {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        // Of the fixed 256: black on white, whatever the scheme makes of the sixteen.
        let style = Style::new().fg(Color::Indexed(16)).bg(Color::Indexed(231));
        for (line, y) in self.0.iter().zip(area.top()..area.bottom()) {
            buffer.set_string(area.left(), y, line, style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_wider_than_its_column_costs_no_word() {
        let value = "Acme.Widgets   (a line for each package; * is any letters)";
        let paras = [Para::Pair("Glob Patterns and Packages".to_owned(), value.to_owned())];
        for width in [60, 70, 78] {
            let shown = lines(&paras, width, Theme::default());
            assert!(shown.iter().all(|line| line.width() <= width), "{width}: {shown:?}");
            let text: Vec<String> = shown.iter().map(ToString::to_string).collect();
            let words: Vec<&str> = text.iter().flat_map(|line| line.split_whitespace()).collect();
            assert!(value.split_whitespace().all(|word| words.contains(&word)), "{width}: {text:?}");
        }
    }
}
