//! The pictures in docs/pictures: screens of the demo, as it shows them. With `UNTOKEN_PICTURES=write` they are drawn anew;
//! otherwise the committed ones must still say what the screens say.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use resvg::{tiny_skia, usvg};

use crate::bench::{UNTOKEN, USUAL, usual_environment};
use crate::terminal::{ENTER, ESC, Terminal};
use crate::whole_demo::after;
use crate::{person, svg, tools};

#[test]
fn the_pictures_say_what_the_screens_say() {
    let all = [tools::git("pictures"), tools::cargo("pictures"), tools::npm("pictures")];
    if all.contains(&false) {
        return;
    }
    let root = tempfile::tempdir().unwrap();
    let mut environment = usual_environment();
    environment.push(("TMPDIR".into(), root.path().into()));
    let mut terminal = Terminal::start(&[UNTOKEN.into(), "demo".into()], root.path(), &environment, USUAL);
    let mut album = Album::default();

    person::ask_for_code(&mut terminal);
    album.take(&mut terminal, "sign-in", "The code that GitHub asks for, and where to type it");
    terminal.keys("v");
    person::accept(&mut terminal);
    person::open(&mut terminal, person::CORE, &["▸ REGISTER", "repository"]);
    terminal.wait_until("who gets a mail", |screen| screen.contains("Who is mailed") && !screen.contains("at work"));
    album.take(&mut terminal, "register", "What will be registered on crates.io, before it is done");
    terminal.keys(ESC);
    person::board(&mut terminal);
    person::to_the_token(&mut terminal, person::CORE, false);
    let token = after(&mut terminal, "the token is ", " ");
    person::give_the_token(&mut terminal, &token);
    person::state_pypi(&mut terminal, |terminal| {
        terminal.keys("p").wait("the person in the browser has done it");
    });
    terminal.keys("w").wait("Nothing is written yet");
    album.take(&mut terminal, "review", "The lines that will be inserted into the config file");
    terminal.keys("w").wait("wrote putitoutthere.toml");
    person::board(&mut terminal);
    person::select(&mut terminal, person::CORE);
    album.take(&mut terminal, "board", "The board: a row a package, a column a rung of evidence");
    terminal.keys("f").wait("RECEIPT");
    album.take(&mut terminal, "receipt", "The receipt: what was done, and what is still open");
    terminal.keys(ENTER);
    assert_eq!(terminal.end(), 0);

    assert!(album.stale.is_empty(), "draw them anew with UNTOKEN_PICTURES=write: {}", album.stale.join("\n\n"));
}

/// The pictures, and those of them that no longer say what the screen says.
#[derive(Default)]
struct Album {
    stale: Vec<String>,
}

impl Album {
    fn take(&mut self, terminal: &mut Terminal, name: &str, title: &str) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/pictures/{name}.svg"));
        let screen = terminal.cells();
        if std::env::var_os("UNTOKEN_PICTURES").is_some_and(|value| value == "write") {
            let drawn = svg::draw(screen, title);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &drawn).unwrap();
            let _ = writeln!(std::io::stderr(), "drawn: {}", as_png(&drawn, name).display());
            return;
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        let (then, now) = (svg::words_of(&committed).unwrap_or_default(), svg::words(screen));
        if lasting(&then) != lasting(&now) {
            self.stale.push(format!("{}\n{now}\ninstead of\n{then}", path.display()));
        } else if let Err(error) = usvg::Tree::from_str(&committed, &usvg::Options::default()) {
            self.stale.push(format!("{}: {error}", path.display()));
        }
    }
}

/// A picture to look at, in the temporary folder.
fn as_png(svg: &str, name: &str) -> PathBuf {
    let mut options = usvg::Options::default();
    options.fontdb_mut().load_system_fonts();
    let tree = usvg::Tree::from_str(svg, &options).unwrap();
    let size = tree.size().to_int_size().scale_by(2.0).unwrap();
    let mut pixels = tiny_skia::Pixmap::new(size.width(), size.height()).unwrap();
    resvg::render(&tree, tiny_skia::Transform::from_scale(2.0, 2.0), &mut pixels.as_mut());
    let path = std::env::temp_dir().join(format!("untoken-{name}.png"));
    pixels.save_png(&path).unwrap();
    path
}

/// The words that are the same in every run: no times, ports, codes or frames of a spinner.
fn lasting(words: &str) -> Vec<String> {
    let same = |word: &str| {
        let is_code = word.len() == 9 && word.chars().all(|c| c.is_ascii_uppercase() || c == '-');
        if is_code { "CODE".to_owned() } else { one_number(word) }
    };
    words.split_whitespace().filter(|word| !word.starts_with(|c| ('⠀'..='⣿').contains(&c))).map(same).collect()
}

/// A word with every number as 0.
fn one_number(word: &str) -> String {
    let mut out = String::new();
    for c in word.chars() {
        match c.is_ascii_digit() {
            true if out.ends_with('0') => {}
            true => out.push('0'),
            false => out.push(c),
        }
    }
    out
}
