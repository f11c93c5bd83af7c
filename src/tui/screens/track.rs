//! The steps of a package on one line, the one that is up in capitals: as many words as there is room for, and a mark for each
//! step however narrow it is.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::model::{Step, StepKind, StepState};
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
    frame.render_widget(line(&row.steps, step.kind, usize::from(area.width), face.theme), area);
}

/// `● first publish  ▸ REGISTER  ○ repair  …`, the names shortened and then left out, those far from the current one first,
/// until it fits.
fn line(steps: &[Step], current: StepKind, width: usize, theme: Theme) -> Line<'static> {
    let at = steps.iter().position(|step| step.kind == current).unwrap_or(0);
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

fn drawn(steps: &[Step], names: &[Name], at: usize, between: &str, theme: Theme) -> Line<'static> {
    let mut spans = Vec::new();
    for (index, (step, name)) in steps.iter().zip(names).enumerate() {
        if index > 0 {
            spans.push(Span::raw(between.to_owned()));
        }
        let label = match name {
            Name::Whole => format!(" {}", step.kind.label()),
            Name::Short => format!(" {}", short(step.kind)),
            Name::None => String::new(),
        };
        if index == at {
            spans.push(Span::styled(format!("{}{}", theme.pointer(), label.to_uppercase()), theme.strong()));
            continue;
        }
        let mark = match step.state {
            StepState::Done => Mark::Yes,
            StepState::Open | StepState::Blocked(_) => Mark::No,
            StepState::Unknown(_) => Mark::Unknown,
        };
        spans.push(Span::styled(theme.glyph(mark), theme.mark(mark)));
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
    use crate::wizard::tests::id;

    fn steps(kinds: &[StepKind]) -> Vec<Step> {
        let step = |kind: &StepKind| Step {
            package: id(Registry::CratesIo, "one"),
            kind: *kind,
            state: if *kind < StepKind::Declare { StepState::Done } else { StepState::Open },
            title: String::new(),
        };
        kinds.iter().map(step).collect()
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
