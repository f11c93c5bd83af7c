//! A conversation line by line: what the program says is heard once and in order, and lines are said back.

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Instant;

use crate::bench::USUAL;
use crate::terminal::{PATIENCE, Started, read_all};

/// The program, and what it has said so far.
pub(crate) struct Talk {
    input: Option<Box<dyn Write + Send>>,
    output: Receiver<Vec<u8>>,
    ended: Receiver<u32>,
    heard: Vec<u8>,
    /// Up to here it has been listened to.
    at: usize,
    /// What ends a line: Enter's own byte in a terminal.
    enter: &'static str,
    _terminal: Option<Box<dyn portable_pty::MasterPty + Send>>,
}

impl Talk {
    /// Through pipes, as a script does.
    pub(crate) fn piped(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (print, output) = channel();
        read_all(child.stdout.take().unwrap(), print.clone());
        read_all(child.stderr.take().unwrap(), print);
        let input = child.stdin.take().map(|input| Box::new(input) as Box<dyn Write + Send>);
        let (say_ended, ended) = channel();
        std::thread::spawn(move || say_ended.send(child.wait().unwrap().code().unwrap_or(255).cast_unsigned()));
        Self { input, output, ended, heard: Vec::new(), at: 0, enter: "\n", _terminal: None }
    }

    /// In a terminal, as a person does.
    pub(crate) fn in_terminal(program: &[OsString], cwd: &Path, environment: &[(OsString, OsString)]) -> Self {
        let started = Started::new(program, cwd, environment, USUAL);
        let (say_ended, ended) = channel();
        let status = started.ended;
        std::thread::spawn(move || status.recv().map(|status| say_ended.send(status.exit_code())));
        let (input, output) = (Some(started.keyboard), started.output);
        Self { input, output, ended, heard: Vec::new(), at: 0, enter: "\r", _terminal: Some(started.master) }
    }

    /// Waits until the program says this, after everything that was heard before; what came up to its end.
    #[track_caller]
    pub(crate) fn hear(&mut self, text: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let rest = &self.heard[self.at..];
            if let Some(found) = rest.windows(text.len()).position(|window| window == text.as_bytes()) {
                let until = self.at + found + text.len();
                let heard = String::from_utf8_lossy(&self.heard[self.at..until]).into_owned();
                self.at = until;
                return heard;
            }
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.heard.extend(bytes),
                Err(why) => panic!("{text:?} was not said ({why}) after\n{}", String::from_utf8_lossy(rest)),
            }
        }
    }

    /// Waits until one of these is said, after everything that was heard before: which one, and what came up to its end.
    /// `None`: the program ended first.
    pub(crate) fn try_hear(&mut self, texts: &[&str]) -> Option<(usize, String)> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let rest = &self.heard[self.at..];
            let place = |text: &str| rest.windows(text.len()).position(|window| window == text.as_bytes());
            let found = texts.iter().enumerate().filter_map(|(which, text)| Some((place(text)? + text.len(), which)));
            if let Some((end, which)) = found.min() {
                let heard = String::from_utf8_lossy(&rest[..end]).into_owned();
                self.at += end;
                return Some((which, heard));
            }
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.heard.extend(bytes),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => panic!("none of {texts:?} was said after\n{}", self.all()),
            }
        }
    }

    /// The same as [`Self::answer`]; `None`: the program ended first.
    pub(crate) fn try_answer(&mut self, line: &str) -> Option<()> {
        self.try_hear(&["What next?"])?;
        self.try_hear(&[": "])?;
        self.say(line);
        Some(())
    }

    /// Says a line.
    pub(crate) fn say(&mut self, line: &str) -> &mut Self {
        if let Some(input) = &mut self.input {
            let _ = input.write_all(format!("{line}{}", self.enter).as_bytes()).and_then(|()| input.flush());
        }
        self
    }

    /// Waits for a question, and says this to it.
    #[track_caller]
    pub(crate) fn answer(&mut self, line: &str) -> &mut Self {
        self.hear("What next?");
        self.hear(": ");
        self.say(line)
    }

    /// Ends the input.
    pub(crate) fn hang_up(&mut self) {
        self.input = None;
    }

    /// Waits until the program has ended; its exit code.
    #[track_caller]
    pub(crate) fn end(&mut self) -> u32 {
        let deadline = Instant::now() + PATIENCE;
        while let Ok(bytes) = self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            self.heard.extend(bytes);
        }
        self.ended.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("it did not end\n{}", self.all()))
    }

    /// Everything that was said.
    pub(crate) fn all(&self) -> String {
        String::from_utf8_lossy(&self.heard).into_owned()
    }

    /// What was said after everything that was heard.
    pub(crate) fn rest(&self) -> String {
        String::from_utf8_lossy(&self.heard[self.at..]).into_owned()
    }
}
