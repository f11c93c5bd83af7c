//! The actions of a text by commit, with the version beside it; what nobody knows a commit of keeps its tag, and a note says so.

use super::super::repair::{ActionName, Pins};

/// The text with its actions pinned, and a note for each that is not.
pub(super) fn pin(text: &str, pins: &Pins) -> (String, Vec<String>) {
    let mut notes: Vec<String> = Vec::new();
    let mut pinned = String::new();
    for line in text.lines() {
        let used = line.trim_start().strip_prefix("- uses: ").and_then(|used| used.split_once('@'));
        let Some((name, reference)) = used else {
            pinned.push_str(line);
            pinned.push('\n');
            continue;
        };
        let known = ActionName::new(name).ok().and_then(|action| pins.meant_by(&action, reference));
        match known {
            Some(pin) => {
                let kept = &line[..line.len() - reference.len()];
                pinned.push_str(&format!("{kept}{} # {}\n", pin.sha, pin.version));
            }
            None => {
                pinned.push_str(line);
                pinned.push('\n');
                let note = format!("{name}@{reference} stays a tag: untoken knows no commit of it; pin it yourself");
                if !notes.contains(&note) {
                    notes.push(note);
                }
            }
        }
    }
    (pinned, notes)
}
