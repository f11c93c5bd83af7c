//! Lends the terminal to the person's own tools, one command after the other, until one fails.
//!
//! What they print is theirs and is never read. Before and after, the journal says what was meant.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::World;
use crate::journal::Outcome;
use crate::model::{Package, PrivateFile, ToolCall};
use crate::registry;
use crate::report::{Kind, Report};
use crate::tools::RunDirs;
use crate::wizard::{Finished, Lending};

/// Runs the commands in the terminal as it is. The caller has given it away before.
pub(super) async fn run(world: &World, lending: &Lending) -> Finished {
    // A login or a second factor: npm asks for neither through a pipe, and fails without a word of use.
    if lending.intent.is_none() && !std::io::stdin().is_terminal() {
        let report =
            Report::new(Kind::User, "the tool asks for this only in a real terminal, and the input here is none");
        return Finished::NotStarted(report.hint("run untoken in a terminal, or take the way in the browser"));
    }
    let journalled = lending.intent.as_ref().map(|i| world.intend(&i.package, i.step, i.what.clone())).transpose();
    let journalled = match journalled {
        Ok(id) => id,
        Err(error) => return Finished::NotStarted(error.into()),
    };
    let finished = match lay(&world.private(), &lending.files) {
        Ok(()) => run_all(world, &lending.calls, lending.package.as_ref()).await,
        Err(error) => {
            let report = Report::from_error(Kind::User, &error);
            Finished::NotStarted(
                report.hint("nothing was sent; see that the folder for temporary files can be written"),
            )
        }
    };
    if let Some(id) = journalled {
        world.outcome(
            id,
            match &finished {
                Finished::Well => {
                    Outcome::Done { what: "the commands ended well; what they did is read again".to_owned() }
                }
                Finished::Badly(how) => Outcome::Failed { why: how.clone() },
                Finished::NotStarted(report) => Outcome::Failed { why: report.line() },
            },
        );
    }
    finished
}

/// Lays the files that the commands want into the private folder.
fn lay(private: &Path, files: &[PrivateFile]) -> std::io::Result<()> {
    for file in files {
        let path = private.join(&file.path);
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(&path, &file.text)?;
    }
    Ok(())
}

async fn run_all(world: &World, calls: &[ToolCall], package: Option<&Package>) -> Finished {
    let folder = package.map_or_else(PathBuf::new, |package| PathBuf::from(package.dir().as_str()));
    let dirs = RunDirs { package: world.setup.dir.join(folder), private: world.private() };
    let tokens = package.map_or(&[][..], |p| registry::guides(p.id.registry).rules().token_variables);
    for call in calls {
        let shown = call.shown_in(&dirs.package.display().to_string(), &dirs.private.display().to_string());
        say(&format!("\n{}\n$ {shown}\n", call.purpose));
        let command = match world.tools.command(call, tokens, &dirs) {
            Ok(command) => command,
            Err(error) => return Finished::NotStarted(error.into()),
        };
        match wait_for(command).await {
            Ok(status) if status.success() => {}
            Ok(status) => {
                say("\n");
                pause().await;
                return Finished::Badly(format!("`{shown}` ended with {status}"));
            }
            Err(error) => {
                return Finished::NotStarted(
                    Report::from_error(Kind::User, &error).hint(format!("try {} by hand", call.tool)),
                );
            }
        }
    }
    Finished::Well
}

/// Runs one command with the terminal as its own. Ctrl-C is for the command: untoken takes it and lets it go by.
async fn wait_for(mut command: tokio::process::Command) -> std::io::Result<std::process::ExitStatus> {
    let mut child = command.stdin(Stdio::inherit()).stdout(Stdio::inherit()).stderr(Stdio::inherit()).spawn()?;
    loop {
        tokio::select! {
            status = child.wait() => return status,
            _ = tokio::signal::ctrl_c() => {}
        }
    }
}

/// Lets a person read why a command failed before the screen covers it.
async fn pause() {
    say("Press Enter to go back to untoken. ");
    let mut line = String::new();
    let mut input = tokio::io::BufReader::new(tokio::io::stdin());
    let _ = tokio::io::AsyncBufReadExt::read_line(&mut input, &mut line).await;
}

/// A line of untoken's own between the commands. The screen is the person's now, so this is no result.
fn say(text: &str) {
    use std::io::Write as _;
    let mut out = std::io::stdout();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
