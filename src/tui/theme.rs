//! Colours and glyphs. The sixteen named colours only, so that the person's own scheme rules; a glyph and a word always say
//! what a colour repeats.

use ratatui::style::{Color, Modifier, Style};

use crate::wizard::Mark;

/// Which glyphs the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Glyphs {
    /// ● ○ ◌ ◍
    #[default]
    Unicode,
    /// \* o ? ~
    Ascii,
}

/// How things look.
#[derive(Debug, Clone, Copy, Default)]
pub struct Theme {
    /// The glyphs.
    pub glyphs: Glyphs,
}

impl Theme {
    /// The glyph of a mark.
    #[must_use]
    pub fn glyph(self, mark: Mark) -> &'static str {
        match (self.glyphs, mark) {
            (Glyphs::Unicode, Mark::Yes) => "●",
            (Glyphs::Unicode, Mark::No) => "○",
            (Glyphs::Unicode, Mark::HereOnly) => "◐",
            (Glyphs::Unicode, Mark::Stated) => "◍",
            (Glyphs::Unicode, Mark::Unknown) => "◌",
            (Glyphs::Unicode, Mark::DoesNotApply) => "–",
            (Glyphs::Unicode, Mark::Refused) => "✗",
            (Glyphs::Ascii, Mark::Yes) => "*",
            (Glyphs::Ascii, Mark::No) => "o",
            (Glyphs::Ascii, Mark::HereOnly) => "h",
            (Glyphs::Ascii, Mark::Stated) => "~",
            (Glyphs::Ascii, Mark::Unknown) => "?",
            (Glyphs::Ascii, Mark::DoesNotApply) => "-",
            (Glyphs::Ascii, Mark::Refused) => "x",
        }
    }

    /// The colour of a mark.
    #[must_use]
    pub fn mark(self, mark: Mark) -> Style {
        match mark {
            Mark::Yes => Style::new().fg(Color::Green),
            Mark::No => Style::new().fg(Color::Yellow),
            Mark::HereOnly | Mark::Stated => Style::new().fg(Color::Cyan),
            Mark::Unknown | Mark::DoesNotApply => self.faint(),
            Mark::Refused => Style::new().fg(Color::Red),
        }
    }

    /// The cursor's own glyph.
    #[must_use]
    pub fn pointer(self) -> &'static str {
        match self.glyphs {
            Glyphs::Unicode => "▸",
            Glyphs::Ascii => ">",
        }
    }

    /// Beside a selected row.
    #[must_use]
    pub fn check(self) -> &'static str {
        match self.glyphs {
            Glyphs::Unicode => "✓",
            Glyphs::Ascii => "+",
        }
    }

    /// Between parts of a line.
    #[must_use]
    pub fn dot(self) -> &'static str {
        match self.glyphs {
            Glyphs::Unicode => " · ",
            Glyphs::Ascii => " - ",
        }
    }

    /// Where lines are left out.
    #[must_use]
    pub fn gap(self) -> &'static str {
        match self.glyphs {
            Glyphs::Unicode => "⋮",
            Glyphs::Ascii => ":",
        }
    }

    /// Between crumbs.
    #[must_use]
    pub fn crumb(self) -> &'static str {
        match self.glyphs {
            Glyphs::Unicode => " ▸ ",
            Glyphs::Ascii => " > ",
        }
    }

    /// A horizontal line's cell.
    #[must_use]
    pub fn line(self) -> &'static str {
        match self.glyphs {
            Glyphs::Unicode => "─",
            Glyphs::Ascii => "-",
        }
    }

    /// A frame of the spinner.
    #[must_use]
    pub fn spinner(self, tick: usize) -> &'static str {
        const UNICODE: [&str; 8] = ["⠋", "⠙", "⠸", "⠴", "⠦", "⠇", "⠏", "⠹"];
        const ASCII: [&str; 4] = ["|", "/", "-", "\\"];
        match self.glyphs {
            Glyphs::Unicode => UNICODE[tick % UNICODE.len()],
            Glyphs::Ascii => ASCII[tick % ASCII.len()],
        }
    }

    /// Less important text.
    #[must_use]
    pub fn faint(self) -> Style {
        Style::new().fg(Color::DarkGray)
    }

    /// The one thing to see.
    #[must_use]
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// The row under the cursor.
    #[must_use]
    pub fn cursor(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// A key in the help bar.
    #[must_use]
    pub fn key(self) -> Style {
        Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// A label before a value.
    #[must_use]
    pub fn label(self) -> Style {
        self.faint()
    }

    /// An added line of a diff.
    #[must_use]
    pub fn added(self) -> Style {
        Style::new().fg(Color::Green)
    }

    /// A removed line of a diff.
    #[must_use]
    pub fn removed(self) -> Style {
        Style::new().fg(Color::Red)
    }
}
