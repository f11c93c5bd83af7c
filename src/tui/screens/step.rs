//! One step: the track of steps above, then its words with the cursor on the value that can be copied.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::widgets;
use super::ask::{scrolled, words};
use crate::model::{StepKind, StepState};
use crate::tui::Face;
use crate::wizard::{Mark, Para, Stage, StepScreen, Wizard};

pub(in crate::tui) fn step(wizard: &Wizard, face: &Face, step: &StepScreen, area: Rect, frame: &mut Frame<'_>) {
    let [track, rest] = Layout::vertical([Constraint::Length(2), Constraint::Fill(1)]).areas(area);
    // All six steps take 77 columns.
    let track = Rect { x: track.x + 2.min(track.width), width: track.width.saturating_sub(2), ..track };
    frame.render_widget(track_line(wizard, face, step), track);
    if step.stage != Stage::Explain {
        words(&wizard.ask(), face, rest, frame);
        return;
    }
    let ask = wizard.ask();
    let rest = rest.inner(Margin::new(2, 0));
    let width = usize::from(rest.width);
    let mut lines = widgets::wrap(&ask.title, width, face.theme.strong());
    lines.push(Line::raw(""));
    let fields = wizard.guide(step).map_or(0, |guide| guide.fields.len());
    let mut text = widgets::lines(&ask.body, width, face.theme);
    point_at_field(&ask.body, fields, step.field, &mut text, face, width);
    lines.extend(text);
    scrolled(lines, face, rest, frame);
}

/// Puts the pointer before the value under the cursor.
fn point_at_field(body: &[Para], fields: usize, at: usize, text: &mut [Line<'static>], face: &Face, width: usize) {
    if fields == 0 {
        return;
    }
    let Some(first) = body.iter().position(|para| matches!(para, Para::Pair(..))) else { return };
    let before: usize = widgets::lines(&body[..first + at.min(fields - 1)], width, face.theme).len();
    if let Some(line) = text.get_mut(before)
        && let Some(span) = line.spans.first_mut()
    {
        let rest: String = span.content.chars().skip(1).collect();
        span.content = format!("{}{rest}", face.theme.pointer()).into();
        span.style = Style::new().patch(face.theme.cursor());
    }
}

/// `first publish ● ── REGISTER ▸ ── repair ○ ── …` for the package whose turn it is.
fn track_line(wizard: &Wizard, face: &Face, step: &StepScreen) -> Line<'static> {
    let theme = face.theme;
    let Some(row) = step.turn().and_then(|item| wizard.plan.row(&item.package)) else { return Line::raw("") };
    let mut spans = Vec::new();
    // The last ones stand for themselves: the whole track would not fit.
    let closing = step.kind > StepKind::Prove;
    let shown = |kind: StepKind| if closing { kind >= StepKind::Prove } else { kind <= StepKind::Prove };
    for known in row.steps.iter().filter(|known| shown(known.kind)) {
        if !spans.is_empty() {
            spans.push(Span::styled(format!(" {} ", theme.line()), theme.faint()));
        }
        let label = known.kind.label();
        if known.kind == step.kind {
            spans.push(Span::styled(format!("{} {}", label.to_uppercase(), theme.pointer()), theme.strong()));
            continue;
        }
        let mark = match known.state {
            StepState::Done => Mark::Yes,
            StepState::Open | StepState::Blocked(_) => Mark::No,
            StepState::Unknown(_) => Mark::Unknown,
        };
        spans.push(Span::raw(format!("{label} ")));
        spans.push(Span::styled(theme.glyph(mark), theme.mark(mark)));
    }
    Line::from(spans)
}
