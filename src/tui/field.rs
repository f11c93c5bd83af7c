//! One line of text being typed. A secret is masked, and leaves the widget as a `SecretString`; the widget is dropped with it.

use ratatui::crossterm::event::KeyEvent;
use ratatui::style::Style;
use secrecy::SecretString;
use tui_textarea::{CursorMove, TextArea};

use crate::model::clean_line;

/// An open field.
pub struct Field {
    /// The id of the question that it answers.
    pub question: &'static str,
    /// What is wanted.
    pub label: String,
    secret: bool,
    area: TextArea<'static>,
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Field").field("question", &self.question).field("secret", &self.secret).finish_non_exhaustive()
    }
}

/// What was typed.
#[derive(Debug)]
pub enum Typed {
    /// A line.
    Text(String),
    /// A secret.
    Secret(SecretString),
}

impl Field {
    /// A field with a value to start from; `None`: a secret, which starts empty.
    #[must_use]
    pub fn new(question: &'static str, label: &str, value: Option<&str>) -> Self {
        let mut area = TextArea::new(vec![clean_line(value.unwrap_or_default(), 255)]);
        area.move_cursor(CursorMove::End);
        area.set_cursor_line_style(Style::default());
        area.set_max_histories(0);
        if value.is_none() {
            area.set_mask_char('•');
        }
        Self { question, label: label.to_owned(), secret: value.is_none(), area }
    }

    /// A key that is neither Enter nor Esc.
    pub fn key(&mut self, key: KeyEvent) {
        self.area.input(key);
    }

    /// A paste: its first line, without blanks around it.
    pub fn paste(&mut self, text: &str) {
        let line = text.trim().lines().next().unwrap_or_default().trim();
        let line: String = line.chars().filter(|c| !c.is_control()).collect();
        self.area.insert_str(line);
    }

    /// How many characters a secret has so far.
    #[must_use]
    pub fn count(&self) -> Option<usize> {
        self.secret.then(|| self.area.lines().first().map_or(0, |line| line.chars().count()))
    }

    /// Takes what was typed; the field is gone.
    #[must_use]
    pub fn take(self) -> Typed {
        let text = self.area.into_lines().into_iter().next().unwrap_or_default();
        if self.secret { Typed::Secret(SecretString::from(text)) } else { Typed::Text(text) }
    }

    pub(super) fn area(&self) -> &TextArea<'static> {
        &self.area
    }
}
