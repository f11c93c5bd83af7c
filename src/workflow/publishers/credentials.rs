//! Which secret, if any, reaches a publishing step as its token.
//!
//! Values are followed by name only: through `env` of workflow, job and step, shell variables, inputs and the secrets that a
//! caller hands over. What an expression would come to is never guessed.

use crate::model::SecretName;

use super::super::calls::Call;
use super::super::expression::{members, only_expression, secrets};
use super::super::model::{Secrets, Text};

/// How many names a value is followed through.
const MAX_HOPS: usize = 8;

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Credential {
    /// This secret's value.
    Secret(SecretName),
    /// No long-lived token: nothing, an empty literal, GitHub's own token, the output of a step.
    None,
    /// Decided by something that is not in these files.
    Unknown(String),
}

/// Where names are looked up: the variables in force, and the calls that lead here (innermost first).
#[derive(Debug, Clone)]
pub(super) struct Scope<'a> {
    /// The `env` blocks, the innermost first.
    pub(super) env: Vec<&'a [(Text, Text)]>,
    /// The calls, the innermost first; empty at the top level.
    pub(super) calls: &'a [Call<'a>],
}

impl<'a> Scope<'a> {
    /// A variable's text.
    pub(super) fn variable(&self, name: &str) -> Option<&'a Text> {
        self.env.iter().find_map(|block| block.iter().find(|(key, _)| key.value == name).map(|(_, value)| value))
    }

    /// What a value is.
    pub(super) fn credential(&self, value: &str) -> Credential {
        self.follow(value, MAX_HOPS)
    }

    /// What a line of a script hands on: its secrets, and the variables that it expands.
    pub(super) fn credentials_in(&self, line: &str) -> Vec<Credential> {
        let named = secrets(line).into_iter().map(|(_, name)| self.handed_over(name));
        let expanded = line.match_indices('$').filter_map(|(at, _)| shell_variable(&line[at..]));
        let held = expanded.filter_map(|name| self.variable(name)).map(|text| self.credential(&text.value));
        named.chain(held).collect()
    }

    fn follow(&self, value: &str, hops: usize) -> Credential {
        let value = value.trim();
        if value.is_empty() || hops == 0 {
            return Credential::None;
        }
        if let Some((_, name)) = secrets(value).into_iter().next() {
            return self.handed_over(name);
        }
        if let Some(expression) = only_expression(value) {
            if let Some((_, name)) = members(expression, "env").first() {
                return self.variable(name).map_or(Credential::None, |text| self.follow(&text.value, hops - 1));
            }
            if let Some((_, name)) = members(expression, "inputs").first() {
                return self.input(name, hops - 1);
            }
            return Credential::None;
        }
        match shell_variable(value) {
            Some(name) => self.variable(name).map_or(Credential::None, |text| self.follow(&text.value, hops - 1)),
            None => Credential::None,
        }
    }

    /// The secret as the caller names it.
    fn handed_over(&self, name: SecretName) -> Credential {
        let Some((call, outer)) = self.calls.split_first() else {
            return Credential::Secret(name);
        };
        match &call.job.secrets {
            Secrets::Inherit => self.outside(call, outer).handed_over(name),
            Secrets::None => Credential::None,
            Secrets::These(pairs) => {
                let given = pairs.iter().find(|(key, _)| key.value.eq_ignore_ascii_case(name.as_str()));
                given.map_or(Credential::None, |(_, text)| self.outside(call, outer).credential(&text.value))
            }
        }
    }

    fn input(&self, name: &str, hops: usize) -> Credential {
        let Some((call, outer)) = self.calls.split_first() else {
            return Credential::Unknown(format!("the input `{name}` decides"));
        };
        let given = call.job.with.iter().find(|(key, _)| key.value.eq_ignore_ascii_case(name));
        given.map_or(Credential::None, |(_, text)| self.outside(call, outer).follow(&text.value, hops))
    }

    fn outside(&self, call: &Call<'a>, outer: &'a [Call<'a>]) -> Self {
        Self { env: vec![&call.job.env, &call.workflow.env], calls: outer }
    }
}

/// `X` of `$X`, `${X}`, `${X:-…}`, and of a text that holds it, like `token:$X`.
fn shell_variable(text: &str) -> Option<&str> {
    let rest = &text[text.find('$')? + 1..];
    let rest = rest.strip_prefix("env:").or_else(|| rest.strip_prefix('{')).unwrap_or(rest);
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    (end > 0).then(|| &rest[..end])
}
