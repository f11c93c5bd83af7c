//! The loop of the full-screen face: messages first, then keys, then signals, then the tick; a draw after each batch.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use ratatui::crossterm::event::{Event, EventStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::jobs::{Foreground, Jobs};
use super::terminal::{Screen, stop_here};
use super::{Ended, World, borrow, now, wizard};
use crate::report::{Kind, Report};
use crate::tui::{self, Face, Input, Theme};
use crate::wizard::{Action, Msg, Overlay, Wizard};

/// Runs the wizard full-screen until it is left.
///
/// # Errors
/// A terminal that cannot be used.
pub async fn full_screen(world: Arc<World>, theme: Theme) -> Result<Ended, Report> {
    let (tell, told) = unbounded_channel();
    let signals = Signals::new().map_err(|e| no_terminal(&e))?;
    let screen = Screen::take().map_err(|e| no_terminal(&e))?;
    let sitting = Sitting {
        wizard: wizard(&world),
        face: Face::new(theme),
        jobs: Jobs::new(Arc::clone(&world), tell),
        told,
        keys: Some(EventStream::new()),
        screen,
        signals,
        interrupted: false,
        world,
    };
    sitting.run().await
}

fn no_terminal(error: &std::io::Error) -> Report {
    Report::from_error(Kind::User, error).hint("use --plain: the same questions, line by line")
}

struct Sitting {
    wizard: Wizard,
    face: Face,
    jobs: Jobs,
    told: UnboundedReceiver<Msg>,
    keys: Option<EventStream>,
    screen: Screen,
    signals: Signals,
    /// The last key was Ctrl-C: to leave by it is to be interrupted, as where the terminal makes a signal of it.
    interrupted: bool,
    world: Arc<World>,
}

/// What woke the loop.
enum Woken {
    Told(Msg),
    Pressed(Event),
    InputGone,
    Signal(i32),
    Tick,
}

impl Sitting {
    async fn run(mut self) -> Result<Ended, Report> {
        let mut ticker = interval(Duration::from_millis(250));
        ticker.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut leave = self.tell(Msg::Started).await?;
        let signal = loop {
            if leave {
                break self.interrupted.then_some(2);
            }
            self.draw().map_err(|e| no_terminal(&e))?;
            leave = match self.woken(&mut ticker).await {
                Woken::Told(msg) => self.tell(msg).await?,
                Woken::Pressed(event) => self.pressed(event).await?,
                Woken::Tick => {
                    self.face.tick = self.face.tick.wrapping_add(1);
                    self.tell(Msg::Now(now())).await?
                }
                Woken::InputGone => break Some(1),
                Woken::Signal(number) => break Some(number),
            };
        };
        let Self { wizard, jobs, screen, keys, mut signals, .. } = self;
        drop(keys);
        drop(screen);
        jobs.finish(&mut signals).await;
        Ok(Ended { wizard, signal })
    }

    async fn woken(&mut self, ticker: &mut Interval) -> Woken {
        let moving = self.wizard.is_animating();
        let Self { told, keys, signals, .. } = self;
        let key = async {
            match keys {
                Some(keys) => keys.next().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            Some(msg) = told.recv() => Woken::Told(msg),
            event = key => match event {
                Some(Ok(event)) => Woken::Pressed(event),
                Some(Err(_)) | None => Woken::InputGone,
            },
            number = signals.next() => Woken::Signal(number),
            _ = ticker.tick(), if moving => Woken::Tick,
        }
    }

    fn draw(&mut self) -> std::io::Result<()> {
        self.face.follow(&self.wizard);
        let Self { wizard, face, screen, .. } = self;
        let terminal = screen.terminal();
        ratatui::crossterm::execute!(std::io::stdout(), ratatui::crossterm::terminal::BeginSynchronizedUpdate)?;
        terminal.draw(|frame| tui::draw(wizard, face, frame))?;
        ratatui::crossterm::execute!(std::io::stdout(), ratatui::crossterm::terminal::EndSynchronizedUpdate)
    }

    async fn pressed(&mut self, event: Event) -> Result<bool, Report> {
        let input = tui::translate(event, &self.wizard, &mut self.face);
        if !matches!(input, Input::Redraw | Input::Nothing) {
            self.interrupted = matches!(input, Input::Interrupt);
        }
        match input {
            Input::Tell(msg) => {
                self.tell(Msg::Now(now())).await?;
                self.tell(msg).await
            }
            Input::Interrupt if matches!(self.wizard.overlay, Overlay::Leave(_)) => Ok(true),
            Input::Interrupt => self.tell(Msg::Act(Action::Quit)).await,
            Input::Suspend => {
                self.suspend().map_err(|e| no_terminal(&e))?;
                Ok(false)
            }
            Input::Redraw | Input::Nothing => Ok(false),
        }
    }

    /// Gives a message to the wizard and starts what follows; `true`: leave.
    async fn tell(&mut self, msg: Msg) -> Result<bool, Report> {
        let size = self.screen.terminal().size().map_err(|e| no_terminal(&e))?;
        self.wizard.page = Face::page(ratatui::layout::Rect::from(((0, 0).into(), size)));
        let mut leave = false;
        for effect in self.wizard.update(msg) {
            match self.jobs.start(effect) {
                None => {}
                Some(Foreground::Exit) => leave = true,
                Some(Foreground::Copy(text)) => {
                    let note = match self.screen.copy(&text) {
                        Ok(()) => "sent to your clipboard",
                        Err(_) => "this terminal takes no copy; select it instead",
                    };
                    self.wizard.update(Msg::Note(note.to_owned()));
                }
                Some(Foreground::Lend(lending)) => {
                    // The reader must be gone before a child reads the same input.
                    self.keys = None;
                    self.screen.lend().map_err(|e| no_terminal(&e))?;
                    let finished = borrow::run(&self.world, &lending).await;
                    self.screen.take_back().map_err(|e| no_terminal(&e))?;
                    self.keys = Some(EventStream::new());
                    // A Ctrl-C meanwhile was for the child: only later signals are for us.
                    self.signals = Signals::new().map_err(|e| no_terminal(&e))?;
                    for effect in self
                        .wizard
                        .update(Msg::Now(now()))
                        .into_iter()
                        .chain(self.wizard.update(Msg::Returned(finished)))
                    {
                        self.jobs.start(effect);
                    }
                }
            }
        }
        Ok(leave)
    }

    fn suspend(&mut self) -> std::io::Result<()> {
        self.keys = None;
        self.screen.lend()?;
        stop_here()?;
        self.screen.take_back()?;
        self.keys = Some(EventStream::new());
        Ok(())
    }
}

/// The signals that end a sitting.
#[cfg(unix)]
pub(super) struct Signals([tokio::signal::unix::Signal; 3]);

#[cfg(unix)]
impl Signals {
    pub(super) fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self([signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?, signal(SignalKind::hangup())?]))
    }

    /// The next one, as its number.
    pub(super) async fn next(&mut self) -> i32 {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => 2,
            _ = terminate.recv() => 15,
            _ = hangup.recv() => 1,
        }
    }
}

#[cfg(not(unix))]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(super) fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    pub(super) async fn next(&mut self) -> i32 {
        let _ = tokio::signal::ctrl_c().await;
        2
    }
}
