//! `${{ … }}` as far as secrets are concerned: which names an expression mentions. Expressions are never evaluated.

use crate::model::SecretName;

/// The inner texts of all expressions, each with its offset in `text`.
pub(super) fn expressions(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text.get(from..)?.find("${{")? + 3;
        let end = start + text.get(start..)?.find("}}")?;
        from = end + 2;
        Some((start, &text[start..end]))
    })
}

/// The whole text, if it is one expression and nothing else.
pub(super) fn only_expression(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix("${{")?.strip_suffix("}}")?;
    (!inner.contains("${{")).then(|| inner.trim())
}

/// The secrets that the expressions in a text name, with their offsets. GitHub's own `GITHUB_TOKEN` is none that anybody
/// could retire and is left out.
pub(super) fn secrets(text: &str) -> Vec<(usize, SecretName)> {
    let mut found = Vec::new();
    for (start, inner) in expressions(text) {
        for (offset, name) in members(inner, "secrets") {
            match SecretName::new(name) {
                Ok(name) if name.as_str() != "GITHUB_TOKEN" => found.push((start + offset, name)),
                _ => {}
            }
        }
    }
    found
}

/// The members of a context that an expression names: `X` of `secrets.X` and of `secrets['X']`, with the offset of the
/// context's name.
pub(super) fn members<'a>(expression: &'a str, context: &str) -> Vec<(usize, &'a str)> {
    let lower = expression.to_ascii_lowercase();
    let mut found = Vec::new();
    for (at, _) in lower.match_indices(context) {
        let before = expression[..at].chars().next_back();
        if before.is_some_and(|c| is_name(c) || c == '.') {
            continue;
        }
        let rest = expression[at + context.len()..].trim_start();
        let name = if let Some(dotted) = rest.strip_prefix('.') {
            dotted.trim_start().split(|c| !is_name(c)).next()
        } else if let Some(indexed) = rest.strip_prefix('[') {
            indexed.trim_start().strip_prefix(['\'', '"']).and_then(|quoted| quoted.split(['\'', '"']).next())
        } else {
            None
        };
        found.extend(name.filter(|name| !name.is_empty()).map(|name| (at, name)));
    }
    found
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        secrets(text).into_iter().map(|(_, name)| name.to_string()).collect()
    }

    #[test]
    fn secrets_are_found_in_every_spelling_and_only_in_expressions() {
        assert_eq!(names("${{ secrets.NPM_TOKEN }}"), ["NPM_TOKEN"]);
        assert_eq!(names("a ${{secrets['npm_token']}} b ${{ Secrets.B || secrets.C }}"), ["NPM_TOKEN", "B", "C"]);
        assert_eq!(names("${{ secrets.GITHUB_TOKEN }} ${{ needs.secrets.outputs.x }} ${{ my-secrets.x }}"), [""; 0]);
        assert_eq!(names("echo secrets.NPM_TOKEN ${{ toJSON(secrets) }} ${{ unclosed secrets.X"), [""; 0]);
    }

    #[test]
    fn one_expression_is_told_from_a_text_around_it() {
        assert_eq!(only_expression(" ${{ inputs.env }} "), Some("inputs.env"));
        assert_eq!(only_expression("npm-${{ inputs.env }}"), None);
        assert_eq!(only_expression("${{ a }}${{ b }}"), None);
    }
}
