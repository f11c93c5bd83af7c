//! Takes the terminal and gives it back: on quit, panic, signal, Ctrl-Z, and while a tool borrows it.

use std::io::{self, IsTerminal as _, Write as _, stdout};

use ratatui::crossterm::clipboard::CopyToClipboard;
use ratatui::crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use ratatui::crossterm::{execute, queue, terminal};
use ratatui::layout::{Position, Rect};
use ratatui::{DefaultTerminal, crossterm};

/// Whether the full-screen face can be used: both ends are a terminal, and it is not a dumb one.
#[must_use]
pub fn can_draw(term: Option<&str>) -> bool {
    io::stdin().is_terminal() && stdout().is_terminal() && term != Some("dumb")
}

/// The terminal, taken. Dropping it gives it back.
pub(super) struct Screen {
    terminal: DefaultTerminal,
}

impl Screen {
    /// Takes the terminal. ratatui's panic hook gives it back before a panic is printed.
    pub(super) fn take() -> io::Result<Self> {
        let terminal = ratatui::try_init()?;
        let screen = Self { terminal };
        execute!(stdout(), EnableBracketedPaste)?;
        Ok(screen)
    }

    pub(super) fn terminal(&mut self) -> &mut DefaultTerminal {
        &mut self.terminal
    }

    /// Gives the terminal away for a while. The screen is the normal one, keys are echoed, paste is plain.
    pub(super) fn lend(&mut self) -> io::Result<()> {
        restore()
    }

    /// Takes it back: what was typed meanwhile is thrown away, and everything is drawn anew.
    pub(super) fn take_back(&mut self) -> io::Result<()> {
        terminal::enable_raw_mode()?;
        drain()?;
        execute!(stdout(), terminal::EnterAlternateScreen, EnableBracketedPaste)?;
        // Not `clear()`: that asks the terminal where its cursor is, and a terminal that is slow to say would end the sitting.
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::from((Position::ORIGIN, size)))
    }

    /// Sends a text to the terminal's clipboard (OSC 52). There is no receipt.
    pub(super) fn copy(&mut self, text: &str) -> io::Result<()> {
        queue!(stdout(), CopyToClipboard::to_clipboard_from(text))?;
        stdout().flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Nothing more can be done about a terminal that is gone.
        let _ = restore();
    }
}

fn restore() -> io::Result<()> {
    execute!(stdout(), DisableBracketedPaste)?;
    ratatui::try_restore()
}

/// Throws away what is waiting on the input.
fn drain() -> io::Result<()> {
    forget_typed()?;
    while crossterm::event::poll(std::time::Duration::ZERO)? {
        crossterm::event::read()?;
    }
    Ok(())
}

/// Polling alone misses keys that were typed without Enter while the terminal edited lines.
#[cfg(unix)]
fn forget_typed() -> io::Result<()> {
    Ok(rustix::termios::tcflush(io::stdin(), rustix::termios::QueueSelector::IFlush)?)
}

/// There, polling sees every key.
#[cfg(not(unix))]
fn forget_typed() -> io::Result<()> {
    Ok(())
}

/// Stops this process until it is continued, as Ctrl-Z does.
#[cfg(unix)]
pub(super) fn stop_here() -> io::Result<()> {
    rustix::process::kill_current_process_group(rustix::process::Signal::TSTP)?;
    Ok(())
}

/// There is no such thing here.
#[cfg(not(unix))]
pub(super) fn stop_here() -> io::Result<()> {
    Ok(())
}
