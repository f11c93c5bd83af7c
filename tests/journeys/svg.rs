//! A terminal's screen as an SVG: text as text, marks and lines as shapes, so that it looks the same with any fixed font.
//!
//! The words of the screen stand in `<desc>` as well, for those who read a picture by ear, and for the test.

use std::fmt::Write as _;

use vt100::{Cell, Color, Screen};

/// Width and height of a cell, and the margin around all of them.
const WIDTH: f32 = 8.4;
const HEIGHT: f32 = 18.0;
const MARGIN: f32 = 12.0;
/// DejaVu Sans Mono has every glyph of the wizard; the others are for machines without it.
const FONTS: &str = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace";
const PAPER: &str = "#1c1e26";
const INK: &str = "#d8dbe2";
/// The sixteen named colours.
const PALETTE: [&str; 16] = [
    "#2a2d37", "#ec6a6a", "#7fc77f", "#e2b659", "#6ea8f0", "#c594e0", "#5fc6cf", INK, "#8d94a3", "#ff8f8f", "#a5e3a5",
    "#ffd780", "#96c4ff", "#e0b4f5", "#8ce6ee", "#ffffff",
];

/// Draws a screen.
pub(crate) fn draw(screen: &Screen, title: &str) -> String {
    let (rows, columns) = screen.size();
    let width = f32::from(columns.get()) * WIDTH + 2.0 * MARGIN;
    let height = f32::from(rows.get()) * HEIGHT + 2.0 * MARGIN;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" font-family=\"{FONTS}\" font-size=\"14\">\n<title>{}</title>\n\
         <desc>\n{}\n</desc>\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{PAPER}\"/>\n",
        escaped(title),
        escaped(&words(screen)),
    );
    for row in 0..rows.get() {
        let cells: Vec<&Cell> = (0..columns.get()).filter_map(|column| screen.cell(row, column)).collect();
        draw_row(&mut out, &cells, MARGIN + f32::from(row) * HEIGHT);
    }
    out.push_str("</svg>\n");
    out
}

/// What a screen says, without the blanks at the ends of its lines.
pub(crate) fn words(screen: &Screen) -> String {
    screen.contents().lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// What a drawn screen says.
pub(crate) fn words_of(svg: &str) -> Option<String> {
    let (_, rest) = svg.split_once("<desc>\n")?;
    let (words, _) = rest.split_once("\n</desc>")?;
    Some(words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

fn draw_row(out: &mut String, cells: &[&Cell], top: f32) {
    let mut from = 0;
    while from < cells.len() {
        let look = Look::of(cells[from]);
        let glyph = cells[from].contents();
        let same = |cell: &&&Cell| Look::of(cell) == look && (cell.contents() == "─") == (glyph == "─");
        let until = from + cells[from..].iter().take_while(same).count();
        draw_run(out, &cells[from..until], look, column(from), top);
        from = until;
    }
}

/// Cells that look the same: their background, their shapes, and their words, each held to its columns.
fn draw_run(out: &mut String, cells: &[&Cell], look: Look, left: f32, top: f32) {
    let width = cells.len() as f32 * WIDTH;
    if let Some(paper) = look.paper {
        let _ = writeln!(
            out,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{HEIGHT}\" fill=\"{paper}\"/>"
        );
    }
    let middle = top + HEIGHT / 2.0;
    if cells[0].contents() == "─" {
        let _ = writeln!(out, "<path d=\"M{left:.1} {middle:.1}h{width:.1}\" stroke=\"{}\"/>", look.ink);
        return;
    }
    let glyphs: Vec<&str> = cells.iter().map(|cell| if cell.has_contents() { cell.contents() } else { " " }).collect();
    let mut from = 0;
    while from < glyphs.len() {
        let x = left + from as f32 * WIDTH;
        if let Some(shape) = shape(glyphs[from], look.ink, x + WIDTH / 2.0, middle) {
            let _ = writeln!(out, "{shape}");
            from += 1;
        } else if glyphs[from] == " " {
            from += 1;
        } else {
            let is_word = |glyph: &&&str| **glyph != " " && shape(glyph, "", 0.0, 0.0).is_none();
            let word: String = glyphs[from..].iter().take_while(is_word).copied().collect();
            let count = glyphs[from..].iter().take_while(is_word).count();
            let weight = if look.bold { " font-weight=\"bold\"" } else { "" };
            let (length, baseline) = (count as f32 * WIDTH, top + 13.0);
            let _ = writeln!(
                out,
                "<text x=\"{x:.1}\" y=\"{baseline:.1}\" textLength=\"{length:.1}\" fill=\"{}\"{weight}>{}</text>",
                look.ink,
                escaped(&word)
            );
            from += count;
        }
    }
}

/// The marks of the board and the pointer: not every font has them, and few draw them alike.
fn shape(glyph: &str, ink: &str, x: f32, y: f32) -> Option<String> {
    let ring = |more: &str| format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.2\" {more}/>");
    let line = format!("fill=\"none\" stroke=\"{ink}\" stroke-width=\"1.2\"");
    Some(match glyph {
        "●" => ring(&format!("fill=\"{ink}\"")),
        "○" => ring(&line),
        "◌" => ring(&format!("{line} stroke-dasharray=\"2 1.3\"")),
        "◍" => format!(
            "{}<path d=\"M{:.1} {:.1}v8M{:.1} {:.1}v8\" {line}/>",
            ring(&line),
            x - 1.5,
            y - 4.0,
            x + 1.5,
            y - 4.0
        ),
        "◐" => {
            format!("{}<path d=\"M{x:.1} {:.1}a4.2 4.2 0 0 0 0 8.4z\" fill=\"{ink}\"/>", ring(&line), y - 4.2)
        }
        "▸" => format!("<path d=\"M{:.1} {:.1}l6 3.6l-6 3.6z\" fill=\"{ink}\"/>", x - 3.0, y - 3.6),
        _ => return None,
    })
}

/// How a cell looks.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    ink: &'static str,
    paper: Option<&'static str>,
    bold: bool,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        let (mut ink, mut paper) = (named(cell.fgcolor()).unwrap_or(INK), named(cell.bgcolor()));
        if cell.inverse() {
            (ink, paper) = (paper.unwrap_or(PAPER), Some(ink));
        }
        Self { ink, paper, bold: cell.bold() }
    }
}

/// `None`: the terminal's own. The wizard uses no others than the sixteen.
fn named(color: Color) -> Option<&'static str> {
    match color {
        Color::Idx(index) => PALETTE.get(usize::from(index)).copied(),
        Color::Default | Color::Rgb(..) => None,
    }
}

fn column(index: usize) -> f32 {
    MARGIN + index as f32 * WIDTH
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
