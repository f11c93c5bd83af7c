//! The screens drawn at several sizes: nothing is cut without a sign, and help is always there.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::{Face, Theme, draw};
use crate::model::{DiffKind, PackageId, Registry, Rung, StepKind};
use crate::wizard::tests::many::half_failed;
use crate::wizard::tests::{Driven, id, local};
use crate::wizard::{Action, Binding, Msg, Screen, Stage, StepScreen, Wizard, bindings};

/// From the smallest size that is drawn at all to a large one.
const SIZES: [(u16, u16); 5] = [(60, 16), (72, 20), (80, 24), (100, 30), (140, 40)];

/// The rows of a screen of this size, without the blanks at their ends.
fn rows(wizard: &Wizard, (width, height): (u16, u16)) -> Vec<String> {
    let mut face = Face::new(Theme::default());
    face.follow(wizard);
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw(wizard, &face, frame)).unwrap();
    let cells = terminal.backend().buffer().content().chunks(usize::from(width));
    cells.map(|row| row.iter().map(|cell| cell.symbol()).collect::<String>().trim_end().to_owned()).collect()
}

fn all() -> Vec<PackageId> {
    local().packages.into_iter().map(|package| package.id).collect()
}

/// A screen each, by name.
fn screens() -> Vec<(&'static str, Wizard)> {
    let mut screens = Vec::new();
    let mut driven = Driven::on_board(&all());
    screens.push(("board", driven.wizard.clone()));
    for (name, registry, package) in
        [("crates.io", Registry::CratesIo, "one"), ("npm", Registry::Npm, "@acme/js"), ("PyPI", Registry::Pypi, "py")]
    {
        driven.on(&id(registry, package));
        driven.act(Action::Go);
        screens.push((name, driven.wizard.clone()));
        driven.act(Action::OtherWay);
        screens.push((name, driven.wizard.clone()));
        driven.act(Action::Back);
    }
    driven.act(Action::Review);
    screens.push(("review", driven.wizard.clone()));
    driven.act(Action::Back);
    driven.act(Action::Finish);
    screens.push(("receipt", driven.wizard));
    screens
}

#[test]
fn the_help_bar_shows_the_way_back_help_and_quit_and_counts_what_it_leaves_out() {
    for (name, wizard) in screens() {
        for size in SIZES {
            let rows = rows(&wizard, size);
            let bar = rows.last().unwrap();
            let known: Vec<_> = bindings(wizard.context())
                .filter(|binding| !binding.label.is_empty() && wizard.allows(binding.action))
                .collect();
            let shown = |binding: &Binding| bar.contains(&format!(" {} {}", binding.key.label(), binding.label));
            let hidden = known.iter().filter(|binding| !shown(binding)).count();
            assert!(bar.ends_with("q quit"), "{name} {size:?}: {bar}");
            match hidden {
                0 => assert!(bar.contains("? help  q quit"), "{name} {size:?}: {bar}"),
                n => assert!(bar.contains(&format!("? help ({n} more)")), "{name} {size:?}: {bar}"),
            }
            assert!(shown(&known[0]), "{name} {size:?}: {bar}");
            let back = known.iter().find(|binding| binding.action == Action::Back);
            assert!(back.is_none_or(shown), "{name} {size:?}: {bar}");
        }
    }
}

#[test]
fn help_names_every_key_that_the_bar_has_no_room_for() {
    let mut driven = Driven::on_board(&all());
    driven.act(Action::Help);
    let mut below = driven.wizard.clone();
    below.overlay = crate::wizard::Overlay::None;
    let text = rows(&driven.wizard, (80, 24)).join("\n");
    for binding in bindings(below.context()).filter(|b| !b.label.is_empty() && below.allows(b.action)) {
        assert!(text.contains(&format!("{} {}", binding.key.label(), binding.label)), "{binding:?}: {text}");
    }
    for row in rows(&driven.wizard, (60, 16)) {
        assert!(row.chars().count() <= 60, "{row}");
    }
}

#[test]
fn the_board_names_every_rung_and_a_shortened_reason_ends_in_an_ellipsis() {
    let mut driven = Driven::on_board(&all());
    driven.wizard.reads.clear();
    let whole: Vec<String> = rows(&driven.wizard, (140, 60));
    let ladder = &driven.wizard.current().unwrap().ladder;
    for size in [(80, 24), (100, 30)] {
        let rows = rows(&driven.wizard, size);
        let detail = rows.iter().skip_while(|row| !row.contains("next: "));
        let detail: Vec<&String> = detail.skip(1).collect();
        for (rung, standing) in ladder.iter() {
            let at = detail.iter().position(|row| row[..16.min(row.len())].contains(rung.label()));
            let at = at.unwrap_or_else(|| panic!("{rung:?} at {size:?}: {rows:#?}"));
            let mut said = detail[at].clone();
            for more in detail[at + 1..].iter().take_while(|row| row.starts_with("              ")) {
                said.push_str(&format!(" {}", more.trim()));
            }
            assert!(said.contains(standing.word()), "{said}");
            let reason = standing.why();
            assert!(said.contains(reason) || said.ends_with('…'), "{rung:?} at {size:?}: {said} of {reason}");
        }
        let cut = rows.iter().any(|row| row.ends_with('…'));
        let sign = rows.iter().any(|row| row.contains("v shows every reason whole"));
        assert_eq!(cut, sign, "{size:?}: {rows:#?}");
    }
    assert!(!whole.iter().any(|row| row.ends_with('…')), "{whole:#?}");
    assert_eq!(Rung::ALL.len(), ladder.iter().count());
}

#[test]
fn a_long_status_is_wrapped_and_replaced_services_are_counted_where_they_do_not_fit() {
    let mut driven = Driven::on_board(&all());
    let said = "crates.io takes the next new name at 12:00:00 at the earliest: take the step again then, it goes on where it is";
    driven.wizard.status = Some(said.to_owned());
    for size in SIZES {
        let rows = rows(&driven.wizard, size);
        let text = rows.iter().map(|row| row.trim()).collect::<Vec<_>>().join(" ");
        assert!(text.contains(said), "{size:?}: {rows:#?}");
    }
    driven.wizard.status = None;
    driven.wizard.reads.clear();
    driven.wizard.settings.overridden =
        vec!["GitHub", "crates.io", "crates.io's index", "npm", "PyPI", "JSR", "pub.dev", "RubyGems", "NuGet"];
    let status = |size: (u16, u16)| rows(&driven.wizard, size)[usize::from(size.1) - 3].clone();
    assert_eq!(status((60, 16)).trim(), "not the real GitHub, crates.io and 7 more");
    assert!(status((80, 24)).ends_with(" more"), "{}", status((80, 24)));
    assert!(status((140, 40)).ends_with("RubyGems, NuGet"), "{}", status((140, 40)));
}

#[test]
fn fifty_packages_say_which_rows_are_shown_and_a_half_failed_step_shows_reason_and_hint_at_once() {
    let mut driven = half_failed();
    for size in SIZES {
        let rows = rows(&driven.wizard, size);
        let text = rows.iter().map(|row| row.trim()).collect::<Vec<_>>().join(" ");
        for words in ["45 of 50 done, 5 failed", "4 packages failed: 403", "your account must be allowed to write"] {
            assert!(text.contains(words), "{words} at {size:?}: {rows:#?}");
        }
    }
    driven.act(Action::Back);
    for size in SIZES {
        let first = rows(&driven.wizard, size).join("\n");
        assert!(first.contains("rows 1 to ") || first.contains("@acme/many-50"), "{size:?}: {first}");
    }
    driven.act(Action::Last);
    let last = rows(&driven.wizard, (80, 24)).join("\n");
    assert!(last.contains("to 50 of 50") && last.contains(" ▸  @acme/many-50"), "{last}");
}

#[test]
fn a_review_shows_what_is_written_to_the_end_of_its_line_and_can_be_read_to_the_end() {
    let mut driven = Driven::on_board(&all());
    let repair = StepScreen::new(StepKind::RepairWorkflow, Registry::CratesIo, all());
    driven.wizard.queue.push_back(repair);
    driven.wizard.screen = Screen::Step(StepScreen { stage: Stage::End, ..repair_of_nothing() });
    driven.act(Action::Go);
    let Screen::Review(review) = driven.wizard.screen.clone() else { panic!("{:?}", driven.wizard.screen) };
    let written: Vec<String> = review
        .items
        .iter()
        .flat_map(|item| item.change.hunks(2))
        .filter(|line| line.kind == DiffKind::Added)
        .map(|line| line.text.trim().to_owned())
        .collect();
    assert!(written.iter().any(|line| line.len() > 60), "{written:?}");
    for size in [(60, 16), (80, 24)] {
        let mut wizard = driven.wizard.clone();
        let mut seen = String::new();
        for _ in 0..60 {
            for row in rows(&wizard, size) {
                seen.push_str(row.get(10..).unwrap_or_default());
            }
            wizard.update(Msg::Act(Action::Down));
        }
        let seen: String = seen.split_whitespace().collect();
        for line in &written {
            let line: String = line.split_whitespace().collect();
            assert!(seen.contains(&line), "{line} at {size:?}");
        }
        let last = rows(&wizard, size).join("\n");
        assert!(!last.contains("more line"), "{size:?}: {last}");
    }
}

fn repair_of_nothing() -> StepScreen {
    StepScreen::new(StepKind::Register, Registry::CratesIo, Vec::new())
}

#[test]
fn the_title_keeps_its_ends_and_shortens_the_names() {
    let mut driven = Driven::on_board(&all());
    driven.on(&id(Registry::Npm, "@acme/js"));
    driven.act(Action::Go);
    if let Screen::Step(step) = &mut driven.wizard.screen {
        step.items[0].package = id(Registry::Npm, "@acme/a-package-with-a-very-long-name-indeed");
    }
    for size in SIZES {
        let title = rows(&driven.wizard, size).remove(0);
        assert!(title.starts_with(" untoken") && title.ends_with("▸ REGISTER"), "{title}");
        assert!(title.contains("board ▸ @acme"), "{title}");
    }
}
