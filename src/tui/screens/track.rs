//! The steps of a package on one line, the one that is up in capitals: as many words as there is room for, and a mark for each
//! step however narrow it is.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::model::{Existence, Standing, Step, StepKind, StepState};
use crate::plan::{self, Row};
use crate::tui::{Face, Theme};
use crate::wizard::{Mark, StepScreen, Wizard};

/// How much of a step is shown.
#[derive(Clone, Copy)]
enum Name {
    Whole,
    Short,
    None,
}

pub(super) fn draw(wizard: &Wizard, face: &Face, step: &StepScreen, area: Rect, frame: &mut Frame<'_>) {
    let Some(row) = step.turn().and_then(|item| wizard.plan.row(&item.package)) else { return };
    let there = matches!(wizard.facts.existence(&row.package.id), Some(Existence::Exists { .. }));
    let marked: Vec<Marked> = row.steps.iter().map(|one| (one.kind, mark(row, one, there))).collect();
    frame.render_widget(line(&marked, step.kind, usize::from(area.width), face.theme), area);
}

/// A step and how it stands.
type Marked = (StepKind, Mark);

/// A step that nobody took is never drawn as one that was: a name that its first release makes, an environment that no job
/// names, a rung that does not apply; nor one that a person only stated as one that was seen.
fn mark(row: &Row, step: &Step, there: bool) -> Mark {
    match (&step.state, step.kind) {
        (StepState::Open | StepState::Blocked(_), _) => Mark::No,
        (StepState::Unknown(_), _) => Mark::Unknown,
        (StepState::Done, StepKind::FirstPublish) if !there => Mark::DoesNotApply,
        (StepState::Done, StepKind::Environment) => match &row.wanted {
            Ok(publisher) if publisher.environment.is_none() => Mark::DoesNotApply,
            _ => Mark::Yes,
        },
        (StepState::Done, kind) => match row.ladder.standing(plan::raises(kind)) {
            told @ (Standing::Stated { .. } | Standing::NotApplicable(_)) => told.into(),
            _ => Mark::Yes,
        },
    }
}

/// `● first publish  ▸ REGISTER  ○ repair  …`, the names shortened and then left out, those far from the current one first,
/// until it fits.
fn line(steps: &[Marked], current: StepKind, width: usize, theme: Theme) -> Line<'static> {
    let at = steps.iter().position(|(kind, _)| *kind == current).unwrap_or(0);
    let mut far: Vec<usize> = (0..steps.len()).collect();
    far.sort_by_key(|&index| (std::cmp::Reverse(index.abs_diff(at)), index));
    let mut names = vec![Name::Whole; steps.len()];
    let roomy = drawn(steps, &names, at, "  ", theme);
    if roomy.width() <= width {
        return roomy;
    }
    names.fill(Name::Short);
    for left_out in far {
        let tight = drawn(steps, &names, at, " ", theme);
        if tight.width() <= width || left_out == at {
            return tight;
        }
        names[left_out] = Name::None;
    }
    drawn(steps, &names, at, " ", theme)
}

fn drawn(steps: &[Marked], names: &[Name], at: usize, between: &str, theme: Theme) -> Line<'static> {
    let mut spans = Vec::new();
    for (index, ((kind, mark), name)) in steps.iter().zip(names).enumerate() {
        if index > 0 {
            spans.push(Span::raw(between.to_owned()));
        }
        let label = match name {
            Name::Whole => format!(" {}", kind.label()),
            Name::Short => format!(" {}", short(*kind)),
            Name::None => String::new(),
        };
        if index == at {
            spans.push(Span::styled(format!("{}{}", theme.pointer(), label.to_uppercase()), theme.strong()));
            continue;
        }
        spans.push(Span::styled(theme.glyph(*mark), theme.mark(*mark)));
        spans.push(Span::raw(label));
    }
    Line::from(spans)
}

/// At most nine columns: all eight steps take 76, which a terminal of 80 has.
fn short(kind: StepKind) -> &'static str {
    match kind {
        StepKind::FirstPublish => "publish",
        StepKind::Environment => "environ.",
        other => other.label(),
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr as _;

    use super::*;
    use crate::model::Registry;
    use crate::plan::testing::Scene;

    fn steps(kinds: &[StepKind]) -> Vec<Marked> {
        let mark = |kind: &StepKind| if *kind < StepKind::Declare { Mark::Yes } else { Mark::No };
        kinds.iter().map(|kind| (*kind, mark(kind))).collect()
    }

    #[test]
    fn what_nobody_did_has_no_mark_of_a_thing_done() {
        let mut scene = Scene::of(Registry::Pypi, "widgets");
        scene.public().existence = Existence::Absent;
        let row = scene.row();
        let marks = |there| -> Vec<Mark> { row.steps.iter().map(|step| mark(&row, step, there)).collect() };
        let at = |kind: StepKind| StepKind::ALL.iter().position(|one| *one == kind).unwrap_or_default();
        assert_eq!(row.step(StepKind::FirstPublish).map(|step| &step.state), Some(&StepState::Done));
        for kind in [StepKind::FirstPublish, StepKind::Lock] {
            assert_eq!(marks(false)[at(kind)], Mark::DoesNotApply, "{kind:?}");
        }
        assert_eq!(marks(true)[at(StepKind::FirstPublish)], Mark::Yes);
        let named = row.wanted.as_ref().is_ok_and(|publisher| publisher.environment.is_some());
        assert_eq!(marks(false)[at(StepKind::Environment)] == Mark::DoesNotApply, !named);
    }

    #[test]
    fn every_step_has_a_name_on_a_terminal_of_eighty_columns() {
        for current in StepKind::ALL {
            let text = line(&steps(&StepKind::ALL), current, 76, Theme::default()).to_string();
            assert!(text.width() <= 76, "{text}");
            for kind in StepKind::ALL {
                let name = if kind == current { short(kind).to_uppercase() } else { short(kind).to_owned() };
                assert!(text.split(' ').any(|word| word == name), "{name} in {text}");
            }
        }
    }

    #[test]
    fn a_narrow_line_keeps_a_mark_for_each_step_and_the_names_around_the_current_one() {
        let text = line(&steps(&StepKind::ALL), StepKind::Lock, 56, Theme::default()).to_string();
        assert_eq!(text, "● ● ● ● environ. ○ declare ○ prove ▸ LOCK ○ retire");
        for width in 0..100 {
            for current in StepKind::ALL {
                let text = line(&steps(&StepKind::ALL), current, width, Theme::default()).to_string();
                assert_eq!(text.matches(['●', '○', '▸']).count(), 8, "{text}");
                let name = ["▸ ", current.label(), "▸ ", short(current)].map(str::to_uppercase);
                assert!(text.contains(&name[..2].concat()) || text.contains(&name[2..].concat()), "{text}");
                assert!(text.width() <= width.max(24), "{text}");
            }
        }
    }

    #[test]
    fn where_there_is_room_every_name_is_whole() {
        let few = steps(&[StepKind::FirstPublish, StepKind::Register, StepKind::Environment]);
        let text = line(&few, StepKind::Register, 76, Theme::default()).to_string();
        assert_eq!(text, "● first publish  ▸ REGISTER  ● environment");
    }
}
