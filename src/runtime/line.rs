//! The loop of the plain face: print what is asked, read a line, carry out what follows, wait where something is awaited.

use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;

use secrecy::SecretString;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;

use super::full::Signals;
use super::jobs::{Foreground, Jobs};
use super::{Ended, World, borrow, now, wizard};
use crate::plain::{Line, show, understand};
use crate::report::{Kind, Report};
use crate::wizard::{AskKind, Msg, Wizard};

/// Runs the wizard line by line until it is left. `answers` go before what is typed: by question id.
///
/// # Errors
/// An input or output that is gone.
pub async fn line_by_line(world: Arc<World>, answers: BTreeMap<String, String>) -> Result<Ended, Report> {
    let (tell, told) = unbounded_channel();
    let sitting = Sitting {
        wizard: wizard(&world),
        jobs: Jobs::new(Arc::clone(&world), tell),
        told,
        world,
        answers,
        shown: String::new(),
        lent: false,
        pending: None,
        script_typed: false,
    };
    sitting.run().await
}

struct Sitting {
    wizard: Wizard,
    jobs: Jobs,
    told: UnboundedReceiver<Msg>,
    world: Arc<World>,
    answers: BTreeMap<String, String>,
    shown: String,
    /// A tool had the terminal: a Ctrl-C of that time was for it.
    lent: bool,
    /// A line that is being read. It cannot be called back, so it is begun only where the next question wants a line too.
    pending: Option<JoinHandle<std::io::Result<Option<String>>>>,
    /// A script has typed its one line at this wait; the next one is for the next question.
    script_typed: bool,
}

/// What came of news.
struct Heard {
    leave: bool,
    /// It was worth a line, so that the question has to be asked again.
    printed: bool,
}

impl Sitting {
    async fn run(mut self) -> Result<Ended, Report> {
        let mut signals = Signals::new().map_err(|e| gone(&e))?;
        let mut leave = self.tell(Msg::Started).await;
        let signal = loop {
            if leave {
                break None;
            }
            leave = tokio::select! {
                biased;
                number = signals.next() => break Some(number),
                step = self.step() => step?,
            };
            if std::mem::take(&mut self.lent) {
                signals = Signals::new().map_err(|e| gone(&e))?;
            }
        };
        // A signal may have come while a secret was being typed.
        let _ = ratatui::crossterm::terminal::disable_raw_mode();
        self.jobs.finish(&mut signals).await;
        Ok(Ended { wizard: self.wizard, signal })
    }

    /// Waits for what is under way, or asks for a line; `true`: leave.
    async fn step(&mut self) -> Result<bool, Report> {
        if self.is_busy() {
            self.print_new()?;
            let msg = if self.wizard.context().waits_and_listens() && !self.script_typed {
                match self.told_or_typed().await? {
                    Ok(msg) => msg,
                    Err(Some(line)) => {
                        self.script_typed = !std::io::stdin().is_terminal();
                        return self.typed(&line).await;
                    }
                    Err(None) => return Ok(true),
                }
            } else {
                let Some(msg) = self.told.recv().await else { return Ok(true) };
                msg
            };
            return Ok(self.hear(msg).await?.leave);
        }
        self.jobs.settle().await;
        if let Ok(msg) = self.told.try_recv() {
            return Ok(self.hear(msg).await?.leave);
        }
        self.shown.clear();
        self.script_typed = false;
        let question = format!("\n{}", show(&self.wizard));
        self.tell(Msg::Now(now())).await;
        if let AskKind::Secret { .. } = self.wizard.ask().kind {
            let secret = ask_secret(question).await.map_err(|e| gone(&e))?;
            return Ok(match secret {
                Some(secret) => self.tell(Msg::Secret(secret)).await,
                None => self.tell(Msg::Act(crate::wizard::Action::Back)).await,
            });
        }
        out(&question)?;
        let asked = self.wizard.ask().id;
        let line = loop {
            if let Some(answer) = self.answers.remove(asked) {
                out(&format!("{answer}\n"))?;
                break answer;
            }
            match self.told_or_typed().await? {
                Err(Some(line)) => break line,
                Err(None) => return Ok(true),
                Ok(msg) => {
                    let Heard { leave, printed } = self.hear(msg).await?;
                    // Where more is to be read, or something else is asked now, that comes before the line.
                    if leave || self.is_busy() || self.wizard.ask().id != asked {
                        return Ok(leave);
                    }
                    if printed {
                        out(&crate::plain::question(&self.wizard))?;
                    }
                }
            }
        };
        self.typed(&line).await
    }

    fn is_busy(&self) -> bool {
        matches!(self.wizard.ask().kind, AskKind::Wait) || !self.wizard.reads.is_empty()
    }

    /// Takes in what has come, and prints what it says of a release that is awaited.
    async fn hear(&mut self, msg: Msg) -> Result<Heard, Report> {
        let before = self.wizard.seen_of_releases();
        let mut leave = self.tell(Msg::Now(now())).await;
        leave |= self.tell(msg).await;
        let news = crate::plain::news(&before, &self.wizard);
        let printed = !news.is_empty();
        if printed {
            out(&format!("\n{news}"))?;
        }
        Ok(Heard { leave, printed })
    }

    async fn typed(&mut self, line: &str) -> Result<bool, Report> {
        match understand(line, &self.wizard) {
            Line::Tell(msg) => Ok(self.tell(msg).await),
            Line::Again(why) => {
                out(&format!("{why}\n"))?;
                Ok(false)
            }
        }
    }

    /// What comes first: news, or a line (`Err`; `None`: the input has ended, and no news can come by it).
    async fn told_or_typed(&mut self) -> Result<Result<Msg, Option<String>>, Report> {
        let mut reading = self.pending.take().unwrap_or_else(|| tokio::task::spawn_blocking(read_line));
        tokio::select! {
            biased;
            Some(msg) = self.told.recv() => {
                self.pending = Some(reading);
                Ok(Ok(msg))
            }
            line = &mut reading => Ok(Err(finished(line)?)),
        }
    }

    /// What is awaited, once.
    fn print_new(&mut self) -> Result<(), Report> {
        let text = match crate::plain::waiting(&self.wizard) {
            Some(text) => text,
            None => "Reading …\n".to_owned(),
        };
        if text == self.shown {
            return Ok(());
        }
        out(&format!("\n{text}"))?;
        self.shown = text;
        Ok(())
    }

    async fn tell(&mut self, msg: Msg) -> bool {
        let mut leave = false;
        let mut effects: std::collections::VecDeque<_> = self.wizard.update(msg).into();
        while let Some(effect) = effects.pop_front() {
            match self.jobs.start(effect) {
                None => {}
                Some(Foreground::Exit) => leave = true,
                Some(Foreground::Copy(text)) => {
                    effects.extend(self.wizard.update(Msg::Note(text)));
                }
                Some(Foreground::Lend(lending)) => {
                    let finished = borrow::run(&self.world, &lending).await;
                    self.lent = true;
                    effects.extend(self.wizard.update(Msg::Now(now())));
                    effects.extend(self.wizard.update(Msg::Returned(finished)));
                }
            }
        }
        leave
    }
}

fn finished(line: Result<std::io::Result<Option<String>>, tokio::task::JoinError>) -> Result<Option<String>, Report> {
    line.map_err(|error| Report::from_error(Kind::Internal, &error))?.map_err(|error| gone(&error))
}

fn gone(error: &std::io::Error) -> Report {
    Report::from_error(Kind::User, error).hint("untoken --plain needs an input and an output that stay open")
}

fn out(text: &str) -> Result<(), Report> {
    let mut out = std::io::stdout();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|e| gone(&e))
}

fn read_line() -> std::io::Result<Option<String>> {
    let mut line = String::new();
    Ok((std::io::stdin().read_line(&mut line)? > 0).then_some(line))
}

/// A secret: not echoed where the input is a terminal; `None`: nothing was typed.
///
/// The echo is off before the question is seen: an answer that is pasted at once must not show either.
pub(super) async fn ask_secret(question: String) -> std::io::Result<Option<SecretString>> {
    use ratatui::crossterm::terminal;
    let say = |text: &str| {
        let mut out = std::io::stdout();
        out.write_all(text.as_bytes()).and_then(|()| out.flush())
    };
    let ask = move || {
        if !std::io::stdin().is_terminal() {
            say(&question)?;
            return read_line();
        }
        terminal::enable_raw_mode()?;
        let typed = say(&question.replace('\n', "\r\n")).and_then(|()| read_hidden());
        terminal::disable_raw_mode()?;
        say("\n")?;
        typed
    };
    let typed = tokio::task::spawn_blocking(ask).await.map_err(std::io::Error::other)??;
    Ok(typed.map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).map(SecretString::from))
}

fn read_hidden() -> std::io::Result<Option<String>> {
    use ratatui::crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, read};
    let mut text = String::new();
    loop {
        let Event::Key(key) = read()? else { continue };
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            _ if key.kind == KeyEventKind::Release => {}
            KeyCode::Enter => return Ok(Some(text)),
            KeyCode::Char('j' | 'm') if control => return Ok(Some(text)),
            KeyCode::Esc => return Ok(None),
            KeyCode::Char('c' | 'd') if control => return Ok(None),
            KeyCode::Backspace => {
                text.pop();
            }
            KeyCode::Char(c) if !control => text.push(c),
            _ => {}
        }
    }
}
