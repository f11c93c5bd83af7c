//! What a text comes to, as far as the files tell it.
//!
//! `${{ … }}` and shell variables are put in where the files say what they hold; what only a run knows stays an unknown part
//! with its own words. Secrets are known by name alone. Nothing here guesses.

use crate::model::SecretName;

/// How many alternatives and parts a value may have before it becomes unknown: people write two or three.
const MAX_PARTS: usize = 64;
/// How much a value may weigh when others are put into it: a part weighs 16 and its text's length. What doubles itself
/// again and again becomes unknown here.
const MAX_WEIGHT: usize = 64 * 1024;

/// How many values one with choices inside is spread out to at most.
const MAX_SPREAD: usize = 500;

/// A piece of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Known text.
    Text(String),
    /// The value of a secret.
    Secret(SecretName),
    /// GitHub's own short-lived token.
    GithubToken,
    /// What a step of this kind of action gave out: short-lived, and no secret of the repository.
    Output(String),
    /// One of these, as a run decides.
    OneOf(Vec<Value>),
    /// Only a run knows: the words that stand for it.
    Unknown(String),
}

/// Parts in a row. No part at all is the empty text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Value(pub(super) Vec<Part>);

impl Value {
    /// Known text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self(if text.is_empty() { Vec::new() } else { vec![Part::Text(text)] })
    }

    /// Something that only a run knows.
    pub(super) fn unknown(words: impl Into<String>) -> Self {
        Self(vec![Part::Unknown(words.into())])
    }

    /// One of these; equal ones count once, and a choice inside a choice is one choice.
    pub(super) fn one_of(values: impl IntoIterator<Item = Self>) -> Self {
        let mut flat: Vec<Self> = Vec::new();
        for value in values {
            let inner = match value.0.as_slice() {
                [Part::OneOf(inner)] => inner.clone(),
                _ => vec![value],
            };
            for value in inner {
                if !flat.contains(&value) {
                    flat.push(value);
                }
                if flat.len() > MAX_PARTS {
                    return Self::unknown("one of many");
                }
            }
        }
        match flat.len() {
            0 => Self::default(),
            1 => flat.swap_remove(0),
            _ if flat.iter().map(Self::weight).sum::<usize>() > MAX_WEIGHT => Self::unknown("one of many"),
            _ => Self(vec![Part::OneOf(flat)]),
        }
    }

    /// Puts another value behind this one.
    pub(super) fn push(&mut self, other: Self) {
        if self.0.is_empty() {
            *self = other;
            return;
        }
        if other.0.is_empty() {
            return;
        }
        if self.weight() + other.weight() > MAX_WEIGHT {
            let long = Part::Unknown("a long text".to_owned());
            if self.0.last() != Some(&long) {
                self.0.push(long);
            }
            return;
        }
        for part in other.0 {
            let room = self.0.len() < MAX_PARTS;
            match (self.0.last_mut(), part) {
                (Some(Part::Text(text)), Part::Text(more)) => text.push_str(&more),
                (_, part) if room => self.0.push(part),
                _ => {}
            }
        }
    }

    fn weight(&self) -> usize {
        let part = |part: &Part| match part {
            Part::Text(text) | Part::Output(text) | Part::Unknown(text) => text.len(),
            Part::Secret(_) | Part::GithubToken => 0,
            Part::OneOf(values) => values.iter().map(Self::weight).sum(),
        };
        self.0.iter().map(|one| 16 + part(one)).sum()
    }

    /// The whole text, where all of it is known.
    pub(super) fn literal(&self) -> Option<String> {
        match self.0.as_slice() {
            [] => Some(String::new()),
            [Part::Text(text)] => Some(text.clone()),
            _ => None,
        }
    }

    /// The literal, if it is this word.
    pub(super) fn is(&self, word: &str) -> bool {
        matches!(self.0.as_slice(), [Part::Text(text)] if text == word)
    }

    /// Whether it is known to be nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|part| match part {
            Part::Text(text) => text.trim().is_empty(),
            Part::OneOf(values) => values.iter().all(Self::is_empty),
            _ => false,
        })
    }

    /// What it can come to: each alternative by itself.
    pub(super) fn alternatives(&self) -> Vec<Self> {
        match self.0.as_slice() {
            [Part::OneOf(values)] => values.clone(),
            _ => vec![self.clone()],
        }
    }

    /// A text that has a choice inside (`packages/` and one of these) as one value for each choice.
    pub(super) fn spread(&self) -> Vec<Self> {
        let mut all = vec![Self::default()];
        for part in &self.0 {
            let choices = match part {
                Part::OneOf(values) if all.len() * values.len() <= MAX_SPREAD => values.clone(),
                part => vec![Self(vec![part.clone()])],
            };
            let longer = |before: &Self| {
                let before = before.clone();
                choices.iter().map(move |choice| {
                    let mut longer = before.clone();
                    longer.push(choice.clone());
                    longer
                })
            };
            all = all.iter().flat_map(longer).collect();
        }
        all
    }

    /// Every secret in it, also those of only some alternatives.
    pub(super) fn secrets(&self) -> Vec<&SecretName> {
        let mut found = Vec::new();
        for part in &self.0 {
            match part {
                Part::Secret(name) if !found.contains(&name) => found.push(name),
                Part::OneOf(values) => found.extend(values.iter().flat_map(Self::secrets)),
                _ => {}
            }
        }
        found.dedup();
        found
    }

    /// Whether any part of it is this kind of thing, at any depth.
    pub(super) fn any(&self, test: &impl Fn(&Part) -> bool) -> bool {
        self.0.iter().any(|part| match part {
            Part::OneOf(values) => values.iter().any(|value| value.any(test)),
            part => test(part),
        })
    }

    /// Each line by itself.
    pub(super) fn lines(&self) -> Vec<Self> {
        let mut lines = vec![Self::default()];
        for part in &self.0 {
            let Part::Text(text) = part else {
                lines.last_mut().into_iter().for_each(|line| line.0.push(part.clone()));
                continue;
            };
            for (index, piece) in text.split('\n').enumerate() {
                if index > 0 {
                    lines.push(Self::default());
                }
                lines.last_mut().into_iter().for_each(|line| line.push(Self::text(piece)));
            }
        }
        lines
    }

    /// What stands before and behind the first of these marks in its known text.
    pub(super) fn split_at(&self, mark: &str) -> Option<(Self, Self)> {
        for (index, part) in self.0.iter().enumerate() {
            let Part::Text(text) = part else { continue };
            let Some((before, behind)) = text.split_once(mark) else { continue };
            let (mut first, mut second) = (Self(self.0[..index].to_vec()), Self::text(behind));
            first.push(Self::text(before));
            second.push(Self(self.0[index + 1..].to_vec()));
            return Some((first, second));
        }
        None
    }

    /// With `${X}` in its known text put in, as tools do that read their settings from a file.
    pub(super) fn expanded(&self, variable: impl Fn(&str) -> Option<Self>) -> Self {
        let mut value = Self::default();
        for part in &self.0 {
            let Part::Text(text) = part else {
                value.push(Self(vec![part.clone()]));
                continue;
            };
            let mut rest = text.as_str();
            while let Some(at) = rest.find("${") {
                let after = &rest[at + 2..];
                let end = after.find('}').unwrap_or(after.len());
                let name = after[..end].trim_end_matches(['?', '-', ':']);
                value.push(Self::text(&rest[..at]));
                value.push(variable(name).unwrap_or_else(|| Self::text(&rest[at..(at + 3 + end).min(rest.len())])));
                rest = after.get(end + 1..).unwrap_or_default();
            }
            value.push(Self::text(rest));
        }
        value
    }

    /// Without blanks and quotes at its ends.
    pub(super) fn trimmed(&self) -> Self {
        let mut parts = self.0.clone();
        let blank = |c: char| c.is_whitespace() || matches!(c, '"' | '\'');
        if let Some(Part::Text(text)) = parts.first_mut() {
            *text = text.trim_start_matches(blank).to_owned();
        }
        if let Some(Part::Text(text)) = parts.last_mut() {
            *text = text.trim_end_matches(blank).to_owned();
        }
        parts.retain(|part| *part != Part::Text(String::new()));
        Self(parts)
    }

    /// For people and for patterns: what is known as it is, what is not as `${{ words }}`; a secret by its name.
    pub(super) fn shown(&self) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Secret(name) => format!("${{{{ secrets.{name} }}}}"),
            Part::GithubToken => "${{ github.token }}".to_owned(),
            Part::Output(words) | Part::Unknown(words) => format!("${{{{ {words} }}}}"),
            Part::OneOf(values) => {
                let each: Vec<String> = values.iter().map(|value| value.shown()).collect();
                format!("${{{{ one of: {} }}}}", each.join(", "))
            }
        };
        self.0.iter().map(part).collect()
    }

    /// Whether GitHub would take it for true; `None`: only a run knows.
    pub(super) fn truth(&self) -> Option<bool> {
        match self.0.as_slice() {
            [Part::OneOf(values)] => {
                let mut truths = values.iter().map(Self::truth);
                let first = truths.next()??;
                truths.all(|truth| truth == Some(first)).then_some(first)
            }
            _ => self.literal().map(|text| !matches!(text.as_str(), "" | "false" | "0" | "null")),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn choices_are_flat_and_each_counts_once() {
        let a = || Value::text("a");
        let nested = Value::one_of([a(), Value::one_of([a(), Value::text("b")])]);
        assert_eq!(nested.alternatives(), [a(), Value::text("b")]);
        assert_eq!(Value::one_of([a(), a()]), a());
        assert_eq!(nested.literal(), None);
    }

    #[test]
    fn text_joins_and_unknown_parts_keep_their_words() {
        let mut value = Value::text("x");
        value.push(Value::text("y"));
        value.push(Value::unknown("matrix.pkg"));
        assert_eq!(value.shown(), "xy${{ matrix.pkg }}");
        assert_eq!(value.truth(), None);
        assert!(Value::text(" ").is_empty() && Value::default().is_empty() && !value.is_empty());
    }
}
