//! The list of what can be taken back, what can't, and how it went.

use serde_json::{Value, json};

use crate::journal::{Lasting, Restore, Reversal, Undoable};
use crate::model::RepoSlug;
use crate::registry::Changed;

/// What the journals of a repository tell.
#[derive(Debug)]
pub struct UndoList {
    /// Whose journals.
    pub repository: RepoSlug,
    /// What can be taken back, newest first; the numbers are from 1.
    pub can: Vec<Undoable>,
    /// What could have been, and why it can't any more.
    pub cannot: Vec<(Undoable, String)>,
    /// What nothing takes back.
    pub lasting: Vec<Lasting>,
}

impl UndoList {
    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        if self.can.is_empty() {
            text.push_str(&format!("Nothing that untoken did for {} can be taken back.\n", self.repository));
        } else {
            text.push_str(&format!("What untoken did for {}, newest first:\n\n", self.repository));
        }
        for (number, Undoable { at, reversal }) in (1..).zip(&self.can) {
            text.push_str(&format!(
                "{number:>3}  {:<12}  {}\n{:>19}{}\n",
                at.day(),
                done(reversal),
                "",
                undoing(reversal)
            ));
        }
        let stays: Vec<(String, String)> = self
            .cannot
            .iter()
            .map(|(Undoable { at, reversal }, why)| (format!("{:<12}  {}", at.day(), done(reversal)), why.clone()))
            .chain(
                self.lasting
                    .iter()
                    .map(|Lasting { at, what, why }| (format!("{:<12}  {what}", at.day()), (*why).to_owned())),
            )
            .collect();
        if !stays.is_empty() {
            text.push_str("\nStays as it is:\n\n");
        }
        for (what, why) in stays {
            text.push_str(&format!("     {what}\n{:>19}{why}\n", ""));
        }
        if !self.can.is_empty() {
            text.push('\n');
        }
        text
    }

    /// For machines.
    #[must_use]
    pub fn json(&self) -> Value {
        let can = (1..).zip(&self.can).map(|(number, Undoable { at, reversal }): (usize, _)| {
            json!({ "number": number, "at": at.rfc3339(), "did": done(reversal), "undo": undoing(reversal) })
        });
        let cannot = self
            .cannot
            .iter()
            .map(|(Undoable { at, reversal }, why)| json!({ "at": at.rfc3339(), "did": done(reversal), "why": why }));
        let lasting =
            self.lasting.iter().map(|Lasting { at, what, why }| json!({ "at": at.rfc3339(), "did": what, "why": why }));
        json!({
            "schema": super::json::SCHEMA,
            "repository": self.repository,
            "can": can.collect::<Vec<_>>(),
            "stays": cannot.chain(lasting).collect::<Vec<_>>(),
        })
    }

    /// How one of them went.
    #[must_use]
    pub fn outcome(number: usize, undoable: &Undoable, changed: &Changed) -> String {
        let what = undoing(&undoable.reversal);
        match changed {
            Changed::Done => format!("{number:>3}  done: {what}"),
            Changed::AlreadySo => format!("{number:>3}  it was so already: {what}"),
            Changed::NotSeen(why) => format!("{number:>3}  not seen: {what} ({why})"),
        }
    }
}

/// What was done, as a fragment.
fn done(reversal: &Reversal) -> String {
    match reversal {
        Reversal::Unregister { package, entry, publisher } => {
            format!("{package}: {publisher} was registered (entry {entry})")
        }
        Reversal::Register { package, publisher } => format!("{package}: {publisher} was removed"),
        Reversal::SetLock { package, locked: true } => format!("{package}: tokens were accepted again"),
        Reversal::SetLock { package, locked: false } => format!("{package}: tokens were refused"),
        Reversal::PutBack(wrote) => match (&wrote.before, &wrote.after) {
            (None, _) => format!("{} was made", wrote.path),
            (Some(_), None) => format!("{} was taken away", wrote.path),
            (Some(_), Some(_)) => format!("{} was changed", wrote.path),
        },
    }
}

/// What taking it back does, as a fragment.
fn undoing(reversal: &Reversal) -> String {
    match reversal {
        Reversal::Unregister { package, .. } => format!("{} is told to forget this publisher", package.registry),
        Reversal::Register { package, .. } => format!("{} is told to trust it again", package.registry),
        Reversal::SetLock { package, locked: true } => format!("{} is told to refuse tokens again", package.registry),
        Reversal::SetLock { package, locked: false } => format!("{} is told to accept tokens again", package.registry),
        Reversal::PutBack(wrote) => match &wrote.back {
            Some(Restore::Remove) => format!("{} goes away", wrote.path),
            Some(Restore::Splices { splices }) => {
                let lines: usize = splices.iter().map(|splice| splice.text.lines().count()).sum();
                match lines {
                    0 => format!("{} loses the lines that came", wrote.path),
                    1 => format!("{} gets its old line back", wrote.path),
                    lines => format!("{} gets its {lines} old lines back", wrote.path),
                }
            }
            Some(Restore::Never { .. }) | None => format!("{} stays as it is", wrote.path),
        },
    }
}
