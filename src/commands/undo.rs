//! `untoken undo`: what the journal can take back, the pick of it, and taking it back one by one.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use crate::cli::{Common, Picks, Undo as Args};
use crate::output::{self, UndoList};
use crate::report::{Kind, Report};
use crate::runtime::World;

pub(super) async fn run(common: &Common, args: &Args) -> Result<ExitCode, Report> {
    let world = super::world(super::setup(common, args.dir.clone())?, common.verbose).await?;
    let list = world.undo_list()?;
    if args.json {
        output::json(&list.json());
        return Ok(ExitCode::SUCCESS);
    }
    let picks = match &args.pick {
        Some(picks) => picks.clone(),
        None => {
            output::text(&list.text());
            match ask(list.can.len()).await? {
                Some(picks) => picks,
                None => return Ok(ExitCode::SUCCESS),
            }
        }
    };
    take_back(&world, &list, &picks).await
}

/// Asks a person at a terminal which ones; `None`: nothing, or nobody is there to ask.
async fn ask(count: usize) -> Result<Option<Picks>, Report> {
    if count == 0 || !std::io::stdin().is_terminal() {
        return Ok(None);
    }
    loop {
        output::prompt("Take back which? (2, 1-3, all; Enter: nothing) ");
        let line = tokio::task::spawn_blocking(|| {
            let mut line = String::new();
            std::io::stdin().read_line(&mut line).map(|_| line)
        });
        let line = line.await.map_err(|e| Report::from_error(Kind::Internal, &e))?;
        let line = line.map_err(|e| Report::from_error(Kind::User, &e).hint("name the numbers with --pick"))?;
        if line.trim().is_empty() {
            return Ok(None);
        }
        match line.parse() {
            Ok(picks) => return Ok(Some(picks)),
            Err(odd) => output::line(&odd),
        }
    }
}

async fn take_back(world: &World, list: &UndoList, picks: &Picks) -> Result<ExitCode, Report> {
    // Newest first, whatever the order of the numbers: a change may stand on an older one.
    let numbers: Vec<usize> = match picks {
        Picks::All => (1..=list.can.len()).collect(),
        Picks::Some(numbers) => numbers.iter().copied().collect(),
    };
    if let Some(beyond) = numbers.iter().find(|&&number| number > list.can.len()) {
        let there = match list.can.len() {
            0 => "the list is empty".to_owned(),
            last => format!("it ends at {last}"),
        };
        return Err(Report::new(Kind::Usage, format!("number {beyond} is not in the list: {there}"))
            .hint("`untoken undo` shows the list"));
    }
    let mut failed = false;
    for (number, undoable) in (1..).zip(&list.can).filter(|(number, _)| numbers.contains(number)) {
        match world.insist(&undoable.reversal).await {
            Ok(changed) => {
                failed |= !changed.seen();
                output::line(&UndoList::outcome(number, undoable, &changed));
            }
            Err(report) => {
                failed = true;
                output::report(&report);
            }
        }
    }
    Ok(if failed { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
