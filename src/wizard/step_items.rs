//! How far each package of a step is: a line each, and of many only what wants to be looked at.

use super::{ItemState, Mark, Para, StepItem, StepScreen};
use crate::model::StepKind;

/// Up to so many packages have a line each.
const MOST: usize = 12;
/// How many of many are named.
const NAMED: usize = 3;
/// How many of those that went wrong in the same way are named.
const NAMED_FAILURES: usize = 12;

/// Before it begins the names; then a line for each package; of many how many are how far, what goes on, what went wrong with its hint, and the last ones.
pub(super) fn items(step: &StepScreen) -> Vec<Para> {
    if step.items.iter().all(|item| item.state == ItemState::Waiting) {
        return vec![Para::Text(names(step))];
    }
    let lines = |item: &StepItem| item_paras(item, width(step), whom(step));
    if step.items.len() <= MOST {
        return step.items.iter().flat_map(lines).collect();
    }
    let mut body = vec![Para::Text(counted(step))];
    let running = step.items.iter().filter(|item| item.state == ItemState::Running);
    body.extend(running.flat_map(lines));
    body.extend(gone_wrong(step));
    let accepted = |item: &&StepItem| matches!(item.state, ItemState::Accepted(_));
    body.extend(step.items.iter().filter(accepted).flat_map(lines));
    let done: Vec<&StepItem> = step.items.iter().filter(|item| settled(item)).collect();
    body.extend(done[done.len().saturating_sub(NAMED)..].iter().flat_map(|item| lines(item)));
    if done.len() > NAMED {
        body.push(Para::Faint(format!("  and {} before them", done.len() - NAMED)));
    }
    body
}

/// All of a few by name, the first ones of many.
fn names(step: &StepScreen) -> String {
    let all: Vec<&str> = step.items.iter().map(|item| item.package.name.as_str()).collect();
    match all.len() {
        0..=4 => all.join(", "),
        many => format!("{} and {} more", all[..NAMED].join(", "), many - NAMED),
    }
}

fn settled(item: &StepItem) -> bool {
    matches!(item.state, ItemState::Done(_) | ItemState::AlreadySo(_) | ItemState::Read(_) | ItemState::Stated)
}

/// `31 of 50 done, 4 failed, 15 waiting.`
fn counted(step: &StepScreen) -> String {
    let count = |is: &dyn Fn(&StepItem) -> bool| step.items.iter().filter(|item| is(item)).count();
    let others = [
        (count(&|item| matches!(item.state, ItemState::Accepted(_))), "accepted"),
        (count(&|item| matches!(item.state, ItemState::Failed(_))), "failed"),
        (count(&|item| matches!(item.state, ItemState::NotSeen(_))), "not seen"),
        (count(&|item| item.state == ItemState::Waiting), "waiting"),
    ];
    let mut text = format!("{} of {} done", count(&settled), step.items.len());
    for (many, word) in others.into_iter().filter(|(many, _)| *many > 0) {
        text.push_str(&format!(", {many} {word}"));
    }
    text.push('.');
    text
}

/// What went wrong, once for all packages to which the same happened.
fn gone_wrong(step: &StepScreen) -> Vec<Para> {
    let mut groups: Vec<(Trouble, Vec<&StepItem>)> = Vec::new();
    for item in &step.items {
        let Some(trouble) = Trouble::of(item) else { continue };
        match groups.iter_mut().find(|(known, _)| *known == trouble) {
            Some((_, items)) => items.push(item),
            None => groups.push((trouble, vec![item])),
        }
    }
    groups
        .into_iter()
        .flat_map(|(trouble, items)| match items.as_slice() {
            [one] => item_paras(one, width(step), whom(step)),
            many => trouble.paras(many),
        })
        .collect()
}

/// What went wrong with a package, in words that do not name it.
#[derive(PartialEq)]
struct Trouble {
    mark: Mark,
    what: String,
    hint: Option<String>,
}

impl Trouble {
    fn of(item: &StepItem) -> Option<Self> {
        if !matches!(item.state, ItemState::Failed(_) | ItemState::NotSeen(_)) {
            return None;
        }
        let (mark, what, hint) = told(&item.state, "");
        let name = item.package.name.as_str();
        let names = [name.to_owned(), name.replace('/', "%2f"), name.replace('/', "%2F")];
        let nameless = |text: String| names.iter().fold(text, |text, name| text.replace(name.as_str(), "…"));
        Some(Self { mark, what: nameless(what), hint: hint.map(nameless) })
    }

    fn paras(self, items: &[&StepItem]) -> Vec<Para> {
        let mut names: Vec<&str> = items.iter().map(|item| item.package.name.as_str()).take(NAMED_FAILURES).collect();
        let more = format!("and {} more", items.len() - names.len());
        if items.len() > names.len() {
            names.push(&more);
        }
        let mut paras = vec![Para::Marked(self.mark, format!("{} packages {}", items.len(), self.what))];
        paras.extend(self.hint.map(|hint| Para::Faint(format!("  {hint}"))));
        paras.push(Para::Text(format!("  {}", names.join(", "))));
        paras
    }
}

/// Who is asked in a step.
pub(super) fn whom(step: &StepScreen) -> &'static str {
    if step.kind == StepKind::Environment { "GitHub" } else { step.registry.title() }
}

/// The column of the names.
fn width(step: &StepScreen) -> usize {
    step.items.iter().map(|item| item.package.name.as_str().chars().count()).max().unwrap_or(0).min(30)
}

fn item_paras(item: &StepItem, width: usize, whom: &str) -> Vec<Para> {
    let (mark, what, hint) = told(&item.state, whom);
    let mut paras = vec![Para::Marked(mark, format!("{:width$}  {what}", item.package.name.as_str()))];
    paras.extend(hint.map(|hint| Para::Faint(format!("  {hint}"))));
    paras
}

/// How far a package is, and what to do about it.
fn told(state: &ItemState, whom: &str) -> (Mark, String, Option<String>) {
    match state {
        ItemState::Waiting => (Mark::No, "waiting".to_owned(), None),
        ItemState::Running => (Mark::Unknown, format!("asking {whom} …"), None),
        ItemState::Done(seen) => (Mark::Yes, format!("done: {seen}"), None),
        ItemState::AlreadySo(seen) => (Mark::Yes, format!("already so: {seen}"), None),
        ItemState::Stated => (Mark::Stated, "you said that it is saved".to_owned(), None),
        ItemState::Accepted(why) => (Mark::Stated, format!("accepted: {why}"), None),
        ItemState::Read(what) => (Mark::Yes, format!("read: {what}"), None),
        ItemState::NotSeen(why) => {
            (Mark::Unknown, format!("not seen: {why}"), Some("press r to look again".to_owned()))
        }
        ItemState::Failed(report) => (Mark::Refused, format!("failed: {}", report.line()), report.hint.clone()),
    }
}
