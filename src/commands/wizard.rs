//! `untoken [DIR]`: the wizard, full-screen or line by line, and its receipt.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use crate::cli::Common;
use crate::output;
use crate::report::{Kind, Report};
use crate::runtime::{self, Ended, World, can_draw};
use crate::tui::{Glyphs, Theme};
use crate::wizard::Screen;

pub(super) async fn run(common: &Common, dir: Option<PathBuf>) -> Result<ExitCode, Report> {
    let world = super::world(super::setup(common, dir)?, common.verbose).await?;
    converse(common, world).await
}

/// Runs the wizard by the face that fits, and prints the receipt on the normal screen.
pub(super) async fn converse(common: &Common, world: Arc<World>) -> Result<ExitCode, Report> {
    let accessible = world.variable("ACCESSIBLE").is_some_and(|value| !matches!(value.as_str(), "" | "0" | "false"));
    let plain = common.plain || accessible || !can_draw(world.variable("TERM").as_deref());
    let ended = if plain {
        runtime::line_by_line(Arc::clone(&world), answers(common)?).await?
    } else {
        runtime::full_screen(Arc::clone(&world), theme(&world)).await?
    };
    end(ended)
}

/// The receipt and the exit code: interrupted before failed before well.
fn end(ended: Ended) -> Result<ExitCode, Report> {
    let nothing_read = match ended.wizard.screen {
        Screen::Look(Some(ref report)) => Some(report.clone()),
        _ => None,
    };
    if nothing_read.is_none() {
        output::receipt(&ended.wizard.receipt());
    }
    match (ended.signal, nothing_read) {
        (Some(number), _) => Ok(ExitCode::from(128 + u8::try_from(number).unwrap_or(2))),
        (None, Some(report)) => Err(report),
        (None, None) if ended.wizard.failed.is_empty() => Ok(ExitCode::SUCCESS),
        (None, None) => Ok(ExitCode::FAILURE),
    }
}

/// ASCII glyphs where the locale is not UTF-8.
pub(super) fn theme(world: &World) -> Theme {
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| world.variable(name).filter(|v| !v.is_empty()));
    let unicode = locale.is_none_or(|locale| {
        let locale = locale.to_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    });
    Theme { glyphs: if unicode { Glyphs::Unicode } else { Glyphs::Ascii } }
}

fn answers(common: &Common) -> Result<BTreeMap<String, String>, Report> {
    let Some(path) = &common.answers else { return Ok(BTreeMap::new()) };
    let failed = |why: String| {
        Report::new(Kind::Usage, format!("the answers in {} can't be used", path.display()))
            .because(why)
            .hint("a JSON object of question ids and texts, e.g. {\"look\": \"enter\"}")
    };
    let text = std::fs::read_to_string(path).map_err(|e| failed(e.to_string()))?;
    serde_json::from_str(&text).map_err(|e| failed(e.to_string()))
}
