//! `${{ … }}`: what an expression comes to, as far as the files tell, and which secrets a text names.
//!
//! Expressions are never run: a look-up that the files do not answer stays unknown, and so does what hangs on it.

use github_actions_expressions::{
    Expr, SpannedExpr,
    call::{Call, Function},
    literal::Literal,
    op::{BinOp, UnOp},
};

use crate::model::SecretName;

use super::value::Value;

/// Where an expression's names are looked up.
pub(super) trait Lookup {
    /// What a context member holds: `inputs`, `version`; `steps`, `auth`, `outputs`, `token`. Parts are lower-cased.
    /// `None`: only a run knows.
    fn context(&self, parts: &[String]) -> Option<Value>;
}

/// A text with its expressions put in.
pub(super) fn resolve(text: &str, names: &impl Lookup) -> Value {
    let mut value = Value::default();
    let mut from = 0;
    for (start, inner) in expressions(text) {
        value.push(Value::text(&text[from..start - 3]));
        value.push(evaluate(inner, names));
        from = start + inner.len() + 2;
    }
    value.push(Value::text(&text[from..]));
    value
}

/// The longest expression that is evaluated, in bytes, and how deep it may nest: what GitHub's own runner takes
/// (`ExpressionConstants` in its source).
const MAX_LENGTH: usize = 21_000;
const MAX_DEPTH: usize = 50;
/// How many operators it may have: their tree is as deep as they are many, and no real one comes near.
const MAX_OPERATORS: usize = 500;

/// What the inside of `${{ … }}` comes to.
pub(super) fn evaluate(inner: &str, names: &impl Lookup) -> Value {
    if is_excessive(inner) {
        return Value::unknown(inner.chars().take(80).collect::<String>().trim());
    }
    match Expr::parse(inner.trim()) {
        Ok(expression) => of(&expression, names),
        Err(_) => Value::unknown(inner.trim()),
    }
}

/// Whether reading it could take more stack than there is: parser and evaluation go as deep as the expression does.
fn is_excessive(inner: &str) -> bool {
    let (mut depth, mut deepest, mut operators) = (0_usize, 0, 0);
    for byte in inner.bytes() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            b'!' | b'&' | b'|' | b'=' | b'<' | b'>' | b',' | b'.' => operators += 1,
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    // Most operators are two characters.
    inner.len() > MAX_LENGTH || deepest > MAX_DEPTH || operators > 2 * MAX_OPERATORS
}

/// Whether a step or job with this condition can run: `Some(false)` where the files already say no. A bare text is an
/// expression here, braces or not.
pub(super) fn condition(text: &str, names: &impl Lookup) -> Option<bool> {
    let text = text.trim();
    evaluate(only_expression(text).unwrap_or(text), names).truth()
}

fn of(expression: &SpannedExpr<'_>, names: &impl Lookup) -> Value {
    let unknown = || Value::unknown(expression.origin.raw.trim());
    match &expression.inner {
        Expr::Literal(Literal::Null) => Value::default(),
        Expr::Literal(literal) => Value::text(literal.as_str()),
        Expr::Identifier(name) => names.context(&[name.as_str().to_ascii_lowercase()]).unwrap_or_else(unknown),
        Expr::Context(context) => match path(context) {
            Some(parts) => names.context(&parts).unwrap_or_else(unknown),
            None => unknown(),
        },
        Expr::UnExpr { op: UnOp::Not, expr } => {
            of(expr, names).truth().map_or_else(unknown, |truth| Value::text((!truth).to_string()))
        }
        Expr::BinExpr(binary) => {
            let (left, right) = (of(&binary.lhs, names), of(&binary.rhs, names));
            match binary.op {
                BinOp::And => match left.truth() {
                    Some(true) => right,
                    Some(false) => left,
                    // Where the left side is not met the whole is what the left side is: something false.
                    None => Value::one_of([right, Value::text("false")]),
                },
                BinOp::Or => or(&left, right),
                BinOp::Eq => equal(&left, &right).map_or_else(unknown, |same| Value::text(same.to_string())),
                BinOp::Neq => equal(&left, &right).map_or_else(unknown, |same| Value::text((!same).to_string())),
                BinOp::Gt | BinOp::Ge | BinOp::Lt | BinOp::Le => unknown(),
            }
        }
        Expr::Call(call) => called(call, names).unwrap_or_else(unknown),
        Expr::Star | Expr::Index(_) => unknown(),
    }
}

/// The left side where it is true, else the right one; of a left side with alternatives the false ones fall away.
fn or(left: &Value, right: Value) -> Value {
    let mut kept = Vec::new();
    let mut open = false;
    for alternative in left.alternatives() {
        match alternative.truth() {
            Some(true) => kept.push(alternative),
            Some(false) => open = true,
            None => {
                kept.push(alternative);
                open = true;
            }
        }
    }
    if open {
        kept.push(right);
    }
    Value::one_of(kept)
}

/// GitHub compares text without regard to case.
fn equal(left: &Value, right: &Value) -> Option<bool> {
    Some(left.literal()?.eq_ignore_ascii_case(&right.literal()?))
}

fn called(call: &Call<'_>, names: &impl Lookup) -> Option<Value> {
    let argument = |index: usize| call.args.get(index).map(|argument| of(argument, names));
    match call.func {
        Function::Always | Function::Success => Some(Value::text("true")),
        Function::Format => {
            let form = argument(0)?.literal()?;
            let mut value = Value::default();
            let mut rest = form.as_str();
            while let Some(open) = rest.find('{') {
                let close = open + rest[open..].find('}')?;
                value.push(Value::text(&rest[..open]));
                value.push(argument(1 + rest[open + 1..close].parse::<usize>().ok()?)?);
                rest = &rest[close + 1..];
            }
            value.push(Value::text(rest));
            Some(value)
        }
        // Text stays text both ways; lists and objects are for the run.
        Function::ToJSON | Function::FromJSON => {
            let literal = argument(0)?.literal()?;
            (!literal.contains(['{', '[', '"'])).then(|| Value::text(literal))
        }
        _ => None,
    }
}

/// `secrets.X` and `secrets['X']` as parts, lower-cased; `None` where an index is computed.
fn path(context: &github_actions_expressions::context::Context<'_>) -> Option<Vec<String>> {
    let pattern = |part: &SpannedExpr<'_>| match &part.inner {
        Expr::Identifier(name) => Some(name.as_str().to_ascii_lowercase()),
        Expr::Index(index) => match &index.inner {
            Expr::Literal(Literal::String(text)) => Some(text.to_ascii_lowercase()),
            _ => None,
        },
        _ => None,
    };
    context.parts.iter().map(pattern).collect()
}

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
