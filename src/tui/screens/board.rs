//! Home: the table of packages and rungs, and the row under the cursor in words.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use super::super::widgets::{clip, cut, hang, wrap};
use super::ask::words;
use crate::model::{Finding, Rung, Standing};
use crate::plan::{Row, raises};
use crate::tui::Face;
use crate::wizard::{Action, Context, Mark, Wizard, heading, key_of};

/// From this width on the detail moves to the right half.
const WIDE: u16 = 130;

pub(in crate::tui) fn board(wizard: &Wizard, face: &Face, area: Rect, frame: &mut Frame<'_>) {
    if wizard.board.filtering {
        words(&wizard.ask(), face, area, frame);
        return;
    }
    let rows = wizard.board.visible(&wizard.plan);
    if rows.is_empty() {
        words(&wizard.ask(), face, area, frame);
        return;
    }
    if area.width >= WIDE {
        let [left, _, right] =
            Layout::horizontal([Constraint::Length(84), Constraint::Length(2), Constraint::Fill(1)]).areas(area);
        let [left, below] = Layout::vertical([Constraint::Fill(1), Constraint::Length(1)]).areas(left);
        if let Some(range) = table(wizard, face, &rows, left, frame) {
            frame.render_widget(Line::styled(format!("    {range}"), face.theme.faint()), below);
        }
        detail(wizard, face, right, frame);
        return;
    }
    let wanted = u16::try_from(rows.len()).unwrap_or(u16::MAX).saturating_add(1);
    let most = (area.height / 2).max(5);
    let [top, rule, bottom] =
        Layout::vertical([Constraint::Length(wanted.min(most)), Constraint::Length(1), Constraint::Fill(1)])
            .areas(area);
    let range = table(wizard, face, &rows, top, frame);
    let label = range.map(|range| format!(" {range} {}", face.theme.line())).unwrap_or_default();
    let line = face.theme.line().repeat(usize::from(rule.width).saturating_sub(label.width()));
    frame.render_widget(Line::styled(format!("{line}{label}"), face.theme.faint()), rule);
    detail(wizard, face, bottom, frame);
}

/// Column widths: name, registry, and one rung.
struct Columns {
    name: usize,
    registry: usize,
    rung: usize,
    words: bool,
}

impl Columns {
    fn fit(rows: &[&Row], width: u16) -> Self {
        let width = usize::from(width);
        let words = width >= 74;
        let rung = if words { 7 } else { 4 };
        let registry = 10;
        let longest = rows.iter().map(|row| row.package.id.name.as_str().width()).max().unwrap_or(0);
        let room = width.saturating_sub(4 + registry + rung * Rung::ALL.len() + 1);
        Self { name: longest.clamp(8, room.max(8)), registry, rung, words }
    }
}

/// Draws the rows around the cursor; which ones, where they are not all.
fn table(wizard: &Wizard, face: &Face, rows: &[&Row], area: Rect, frame: &mut Frame<'_>) -> Option<String> {
    let columns = Columns::fit(rows, area.width);
    let height = usize::from(area.height).saturating_sub(1);
    let first = wizard.board.cursor.saturating_sub(height.saturating_sub(2).max(1));
    let first = first.min(rows.len().saturating_sub(height));
    let mut lines = vec![header(&columns, face)];
    for (at, row) in rows.iter().enumerate().skip(first).take(height) {
        lines.push(line(wizard, face, &columns, row, at == wizard.board.cursor));
    }
    frame.render_widget(Paragraph::new(lines), area);
    let last = (first + height).min(rows.len());
    (last - first < rows.len()).then(|| format!("rows {} to {last} of {}", first + 1, rows.len()))
}

fn header(columns: &Columns, face: &Face) -> Line<'static> {
    let mut text =
        format!("    {:name$} {:registry$}", "package", "registry", name = columns.name, registry = columns.registry);
    for rung in Rung::ALL {
        let word = if columns.words { heading(rung) } else { &heading(rung)[..3] };
        text.push_str(&format!("{word:<width$}", width = columns.rung + usize::from(columns.words && word.len() > 6)));
    }
    Line::styled(text, face.theme.label())
}

fn line(wizard: &Wizard, face: &Face, columns: &Columns, row: &Row, current: bool) -> Line<'static> {
    let theme = face.theme;
    let style = if current { theme.cursor() } else { Style::new() };
    let pointer = if current { theme.pointer() } else { " " };
    let selected = if wizard.board.selected.contains(&row.package.id) { theme.check() } else { " " };
    let name = clip(row.package.id.name.as_str(), columns.name);
    let pad = columns.name.saturating_sub(name.width());
    let mut spans = vec![
        Span::styled(format!(" {pointer}{selected} "), style),
        Span::styled(format!("{name}{} ", " ".repeat(pad)), style),
        Span::styled(format!("{:<width$}", row.package.id.registry, width = columns.registry), style),
    ];
    for (rung, standing) in row.ladder.iter() {
        let mark = Mark::from(standing);
        let width = columns.rung + usize::from(columns.words && heading(rung).len() > 6);
        let note = match (rung, row.lapses_in, columns.words) {
            (Rung::Registered, Some(left), true) => format!(" {}", short(&crate::plan::hours(left))),
            _ => String::new(),
        };
        let cell = clip(&format!("{}{note}", theme.glyph(mark)), width);
        let lead = if columns.words { " ".repeat(usize::from(note.is_empty()) * 2) } else { String::new() };
        let pad = width.saturating_sub(cell.width() + lead.width());
        spans.push(Span::styled(format!("{lead}{cell}{}", " ".repeat(pad)), theme.mark(mark)));
    }
    Line::from(spans)
}

/// `29 days` as `29 d`: the column has no room for more.
fn short(time: &str) -> String {
    let (number, unit) = time.split_once(' ').unwrap_or((time, ""));
    format!("{number} {}", unit.chars().take(1).collect::<String>())
}

fn detail(wizard: &Wizard, face: &Face, area: Rect, frame: &mut Frame<'_>) {
    let theme = face.theme;
    let area = area.inner(Margin::new(2, 0));
    let summary = cut(wrap(&wizard.summary(), usize::from(area.width), Style::new()), 2, usize::from(area.width));
    let rows = u16::try_from(summary.len()).unwrap_or(1);
    let [head, body, foot] =
        Layout::vertical([Constraint::Length(1), Constraint::Fill(1), Constraint::Length(rows)]).areas(area);
    frame.render_widget(Paragraph::new(summary), foot);
    let Some(row) = wizard.current() else { return };
    let next = row
        .next()
        .map_or_else(|| "nothing is open".to_owned(), |step| format!("next: {}", step.kind.label().to_uppercase()));
    let about = [row.package.id.name.to_string(), row.package.id.registry.to_string(), row.package.origin()];
    let about = about.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(theme.dot());
    let about = clip(&about, usize::from(area.width).saturating_sub(next.width() + 2));
    let gap = usize::from(area.width).saturating_sub(about.width() + next.width());
    frame.render_widget(
        Line::from(vec![
            Span::styled(about, theme.strong()),
            Span::raw(" ".repeat(gap)),
            Span::styled(next, theme.key()),
        ]),
        head,
    );
    let width = usize::from(area.width);
    let mut lines: Vec<Line<'static>> = Vec::new();
    if let Some(awaited) = wizard.awaited_line() {
        lines.extend(wrap(&awaited, width, theme.strong()));
    }
    let rungs: Vec<_> =
        ordered(row).into_iter().map(|(rung, standing)| rung_lines(face, rung, standing, width)).collect();
    let findings = &wizard.plan.findings;
    let told = |finding: &Finding| {
        let head = Span::styled(format!("{} ", theme.glyph(Mark::Unknown)), theme.faint());
        hang(head, 2, &finding.message, width, theme.faint())
    };
    let findings_lines: Vec<_> = findings.iter().flat_map(told).collect();
    let height = usize::from(body.height);
    if lines.len() + rungs.iter().map(Vec::len).sum::<usize>() + findings_lines.len() <= height {
        lines.extend(rungs.into_iter().flatten().chain(findings_lines));
    } else {
        lines = cut(lines, height.saturating_sub(rungs.len() + 1).max(1), width);
        let room = height.saturating_sub(lines.len() + 1);
        lines.extend(shared(rungs, room, width));
        let key = key_of(Context::Board, Action::Show).map(|key| key.label()).unwrap_or_default();
        let too = match findings.len() {
            0 => String::new(),
            1 => ", and 1 finding".to_owned(),
            many => format!(", and {many} findings"),
        };
        lines.push(Line::styled(format!("  … {key} shows every reason whole{too}"), theme.faint()));
    }
    frame.render_widget(Paragraph::new(lines), body);
}

/// The reasons on so many rows: each has its first line as far as they go, the first ones get what is left over, and a
/// shortened one ends in an ellipsis.
fn shared(rungs: Vec<Vec<Line<'static>>>, rows: usize, width: usize) -> Vec<Line<'static>> {
    let mut over = rows.saturating_sub(rungs.len());
    let mut lines = Vec::new();
    for rung in rungs.into_iter().take(rows) {
        let most = (1 + over).min(rung.len());
        over -= most - 1;
        lines.extend(cut(rung, most, width));
    }
    lines
}

/// What the next step is about first, then what stands in the way, then the rest.
fn ordered(row: &Row) -> Vec<(Rung, &Standing)> {
    let next = row.next().map(|step| raises(step.kind));
    let mut all: Vec<_> = row.ladder.iter().collect();
    all.sort_by_key(|(rung, standing)| match standing {
        _ if Some(*rung) == next => 0,
        Standing::No(_) | Standing::HereOnly(_) => 1,
        Standing::Unknown(_) => 2,
        Standing::Yes(_) | Standing::Stated { .. } => 3,
        Standing::NotApplicable(_) => 4,
    });
    all
}

fn rung_lines(face: &Face, rung: Rung, standing: &Standing, width: usize) -> Vec<Line<'static>> {
    let theme = face.theme;
    let mark = Mark::from(standing);
    let seen = match standing {
        Standing::Yes(seen) | Standing::No(seen) | Standing::HereOnly(seen) => {
            format!(" ({}, {})", seen.source, seen.at.clock())
        }
        Standing::Stated { at, .. } => format!(" ({})", at.day()),
        Standing::Unknown(unknown) => unknown.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default(),
        Standing::NotApplicable(_) => String::new(),
    };
    let head = Span::styled(format!("{} {:<11}", theme.glyph(mark), rung.label()), theme.mark(mark));
    hang(head, 13, &format!("{}: {}{seen}", standing.word(), standing.why()), width, Style::new())
}
