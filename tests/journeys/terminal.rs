//! A terminal with a person at it: a pseudo-terminal, the program in it, and what its screen shows.
//!
//! It never sleeps: it blocks on what the program prints, up to a deadline, and a failure shows the screen.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

/// How long the screen may take to show what is waited for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) const ENTER: &str = "\r";
pub(crate) const ESC: &str = "\x1b";
pub(crate) const DOWN: &str = "\x1b[B";
pub(crate) const HOME: &str = "\x1b[H";
pub(crate) const PAGE_DOWN: &str = "\x1b[6~";
pub(crate) const CTRL_C: &str = "\x03";

/// The program in its terminal.
pub(crate) struct Terminal {
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    ended: Receiver<ExitStatus>,
    parser: vt100::Parser,
    raw: Vec<u8>,
    pid: Pid,
    modes: Option<String>,
    left: Option<ExitStatus>,
}

/// A program that was started in a pseudo-terminal.
pub(crate) struct Started {
    pub(crate) master: Box<dyn MasterPty + Send>,
    pub(crate) keyboard: Box<dyn Write + Send>,
    pub(crate) output: Receiver<Vec<u8>>,
    pub(crate) ended: Receiver<ExitStatus>,
    pid: Pid,
    modes: Option<String>,
}

impl Started {
    /// Starts a program in a terminal of `size` (columns, rows), with these variables and no others.
    pub(crate) fn new(
        program: &[OsString],
        cwd: &Path,
        environment: &[(OsString, OsString)],
        size: (u16, u16),
    ) -> Self {
        let pair = native_pty_system().openpty(pty_size(size)).unwrap();
        let mut command = CommandBuilder::from_argv(program.to_vec());
        command.env_clear();
        command.cwd(cwd);
        for (name, value) in environment {
            command.env(name, value);
        }
        let modes = modes(&*pair.master);
        let mut child = pair.slave.spawn_command(command).unwrap();
        let pid = Pid::from_raw(child.process_id().unwrap().cast_signed()).unwrap();
        // Else the reader would never see the end.
        drop(pair.slave);
        let (say_ended, ended) = channel();
        std::thread::spawn(move || say_ended.send(child.wait().unwrap()));
        let (print, output) = channel();
        read_all(pair.master.try_clone_reader().unwrap(), print);
        let keyboard = pair.master.take_writer().unwrap();
        Self { master: pair.master, keyboard, output, ended, pid, modes }
    }
}

/// Passes on what can be read, until its end, from a thread of its own.
pub(crate) fn read_all(mut reader: impl Read + Send + 'static, print: Sender<Vec<u8>>) {
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = reader.read(&mut buffer) {
            if print.send(buffer[..count].to_vec()).is_err() {
                return;
            }
        }
    });
}

impl Terminal {
    /// Starts a program in a terminal of `size` (columns, rows), with these variables and no others.
    pub(crate) fn start(
        program: &[OsString],
        cwd: &Path,
        environment: &[(OsString, OsString)],
        size: (u16, u16),
    ) -> Self {
        let Started { master, keyboard, output, ended, pid, modes } = Started::new(program, cwd, environment, size);
        let (columns, rows) = cells(size);
        let parser = vt100::Parser::new(rows, columns, 500);
        Self { master, keyboard, output, ended, parser, raw: Vec::new(), pid, modes, left: None }
    }

    /// Types keys, as the bytes that a terminal sends for them.
    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        // A program that has gone does not read: what it left behind says more than this error.
        let _ = self.keyboard.write_all(keys.as_bytes()).and_then(|()| self.keyboard.flush());
        self
    }

    /// Pastes a text, in brackets where the program asked for them.
    pub(crate) fn paste(&mut self, text: &str) -> &mut Self {
        match self.parser.screen().bracketed_paste() {
            true => self.keys(&format!("\x1b[200~{text}\x1b[201~")),
            false => self.keys(text),
        }
    }

    /// Waits until the screen shows every one of these texts, however its lines are broken.
    #[track_caller]
    pub(crate) fn wait_all(&mut self, texts: &[&str]) -> &mut Self {
        self.wait_until(&format!("{texts:?}"), |screen| texts.iter().all(|text| screen.contains(text)))
    }

    /// Waits until the screen shows this text, however its lines are broken.
    #[track_caller]
    pub(crate) fn wait(&mut self, text: &str) -> &mut Self {
        self.wait_all(&[text])
    }

    /// Waits until the screen, with every run of blanks as one space, is as wanted.
    #[track_caller]
    pub(crate) fn wait_until(&mut self, what: &str, wanted: impl Fn(&str) -> bool) -> &mut Self {
        self.wait_for(PATIENCE, what, wanted)
    }

    /// The same for what takes long.
    #[track_caller]
    pub(crate) fn wait_long(&mut self, patience: Duration, wanted: impl Fn(&str) -> bool) -> &mut Self {
        self.wait_for(patience, "the end of something long", wanted)
    }

    #[track_caller]
    fn wait_for(&mut self, patience: Duration, what: &str, wanted: impl Fn(&str) -> bool) -> &mut Self {
        let deadline = Instant::now() + patience;
        loop {
            self.take_waiting();
            if !self.is_drawing() && wanted(&self.words()) {
                return self;
            }
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Timeout) => {
                    panic!("{what} did not come within {patience:?}\n{}", self.picture())
                }
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("the program ended before {what} came\n{}", self.picture())
                }
            }
        }
    }

    /// Waits until the program has ended; its exit code.
    #[track_caller]
    pub(crate) fn end(&mut self) -> u32 {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("the program did not end\n{}", self.picture()),
            }
        }
        let status = self.ended.recv_timeout(PATIENCE).unwrap();
        let code = status.exit_code();
        self.left = Some(status);
        code
    }

    /// Sends a signal to the program alone.
    pub(crate) fn signal(&mut self, signal: Signal) -> &mut Self {
        kill_process(self.pid, signal).unwrap();
        self
    }

    /// Gives the terminal another size (columns, rows).
    pub(crate) fn resize(&mut self, size: (u16, u16)) -> &mut Self {
        let (columns, rows) = cells(size);
        self.parser.screen_mut().set_size(rows, columns);
        self.master.resize(pty_size(size)).unwrap();
        self
    }

    /// What the screen shows.
    pub(crate) fn screen(&mut self) -> String {
        self.take_waiting();
        self.parser.screen().contents()
    }

    /// The screen, cell by cell.
    pub(crate) fn cells(&mut self) -> &vt100::Screen {
        self.take_waiting();
        self.parser.screen()
    }

    /// What the screen shows, with every run of blanks as one space.
    pub(crate) fn words(&self) -> String {
        one_space(&self.parser.screen().contents())
    }

    /// Whether the screen shows a text now.
    pub(crate) fn shows(&mut self, text: &str) -> bool {
        self.take_waiting();
        self.words().contains(text)
    }

    /// Everything that the program has printed so far, escape sequences included.
    pub(crate) fn raw(&mut self) -> String {
        self.take_waiting();
        String::from_utf8_lossy(&self.raw).into_owned()
    }

    /// What was printed on the normal screen after the full screen was left, with every run of blanks as one space.
    pub(crate) fn farewell(&mut self) -> String {
        let raw = self.raw();
        one_space(&raw.rsplit("\x1b[?1049l").next().unwrap().replace("\x1b[?25h", ""))
    }

    /// Panics unless the terminal is as it was before: the normal screen, a cursor, plain paste, echo and line editing.
    #[track_caller]
    pub(crate) fn assert_restored(&mut self) {
        self.take_waiting();
        let screen = self.parser.screen();
        assert!(!screen.alternate_screen(), "still on the alternate screen");
        assert!(!screen.hide_cursor(), "the cursor is still hidden");
        assert!(!screen.bracketed_paste(), "paste is still bracketed");
        assert_eq!(modes(&*self.master), self.modes, "the line discipline is not as it was");
    }

    /// The screen in a frame, for a failure's message.
    fn picture(&self) -> String {
        let screen = self.parser.screen();
        let (_, columns) = screen.size();
        let line = "-".repeat(usize::from(columns.get()));
        let rows: Vec<String> = screen.rows(0, columns.get()).collect();
        format!("{line}\n{}\n{line}", rows.join("\n").trim_end())
    }

    /// Whether a picture is half drawn: the program marks where each begins and ends.
    fn is_drawing(&self) -> bool {
        let last = |mark: &[u8]| self.raw.windows(mark.len()).rposition(|bytes| bytes == mark);
        last(b"\x1b[?2026h") > last(b"\x1b[?2026l")
    }

    fn take_waiting(&mut self) {
        while let Ok(bytes) = self.output.try_recv() {
            self.take(&bytes);
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        self.parser.process(bytes);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if self.left.is_none() && self.ended.try_recv().is_err() {
            // The hang-up of the terminal, which closes next, ends what it has started itself.
            let _ = kill_process(self.pid, Signal::KILL);
        }
    }
}

/// A text with every run of blanks as one space.
pub(crate) fn one_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn modes(master: &dyn MasterPty) -> Option<String> {
    master.get_termios().map(|termios| {
        format!(
            "{:?} {:?} {:?} {:?}",
            termios.input_flags, termios.output_flags, termios.control_flags, termios.local_flags
        )
    })
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

fn cells((columns, rows): (u16, u16)) -> (NonZeroU16, NonZeroU16) {
    (NonZeroU16::new(columns).unwrap(), NonZeroU16::new(rows).unwrap())
}
