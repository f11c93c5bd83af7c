//! Tokens that stand in a workflow file: everybody who can read the repository has them.

use super::super::found::{Fix, Found};
use super::{Code, Facts};
use crate::model::{Place, holds_known_token};

/// A finding for each line that holds a token by its registry's or forge's own form. The token itself is never repeated.
pub(super) fn tokens(facts: &Facts) -> Vec<Found> {
    let mut found = Vec::new();
    for file in &facts.checkout.workflows {
        let text = String::from_utf8_lossy(&file.bytes);
        for (number, line) in (1..).zip(text.lines()) {
            let Some(column) = line.find(|c: char| !c.is_whitespace()).filter(|_| holds_known_token(line)) else {
                continue;
            };
            let message =
                "A token seems to be written on this line: whoever can read the repository, or could ever, has it.";
            let fix = Fix::say(
                "Revoke it at its registry now: taking it out of the file leaves it in git's history. \
                 Publish by OIDC, or from a secret.",
            );
            let at = Place { file: file.path.clone(), line: number, column: column + 1 };
            found.push(Found::new(Code::TokenInFile, "a token in the text", message).at(at).fix(fix));
        }
    }
    found
}
