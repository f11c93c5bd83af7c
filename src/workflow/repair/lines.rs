//! Lines of a text, and scalars as they are written into one.
//!
//! Pure text work: nothing here knows what a workflow is.

use super::Obstacle;

/// Where the line of a byte begins; a byte order mark belongs to no line.
pub(super) fn start_of(text: &str, byte: usize) -> usize {
    let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    text[..byte].rfind('\n').map_or(bom, |at| at + 1)
}

/// Where the line after that of a byte begins: the end of the text, if there is none.
pub(super) fn next_of(text: &str, byte: usize) -> usize {
    text[byte..].find('\n').map_or(text.len(), |at| byte + at + 1)
}

/// What stands before a byte on its line.
pub(super) fn before(text: &str, byte: usize) -> &str {
    &text[start_of(text, byte)..byte]
}

/// What stands after a byte on its line, without the line end.
pub(super) fn after(text: &str, byte: usize) -> &str {
    text[byte..next_of(text, byte)].trim_end_matches(['\n', '\r'])
}

/// Whether there is nothing to read there: blanks, or blanks and a comment.
pub(super) fn is_idle(rest: &str) -> bool {
    let body = rest.trim_start_matches([' ', '\t']);
    body.is_empty() || (body.starts_with('#') && body.len() < rest.len())
}

/// Whether a whole line is a comment.
pub(super) fn is_comment(line: &str) -> bool {
    line.trim_start_matches([' ', '\t']).starts_with('#')
}

/// The line end that is used around a byte: that of its own line, else of the first line.
pub(super) fn end_at(text: &str, byte: usize) -> &'static str {
    let of = |line: &str| match (line.ends_with("\r\n"), line.ends_with('\n')) {
        (true, _) => Some("\r\n"),
        (false, true) => Some("\n"),
        _ => None,
    };
    let own = &text[start_of(text, byte)..next_of(text, byte)];
    of(own).or_else(|| text.split_inclusive('\n').next().and_then(of)).unwrap_or("\n")
}

/// By how many columns a key is indented: only blanks may stand before it, or a dash as well for the first of a list's item.
pub(super) fn column(text: &str, key: usize, first: bool) -> Result<usize, Obstacle> {
    let before = before(text, key);
    let clean = |c: char| c == ' ' || (first && c == '-');
    if before.chars().all(clean) { Ok(before.len()) } else { Err(Obstacle::Odd) }
}

/// A text as a plain scalar of one line, or in single quotes where a plain one would be read otherwise.
pub(super) fn scalar(value: &str) -> String {
    if is_plain(value) { value.to_owned() } else { format!("'{}'", value.replace('\'', "''")) }
}

fn is_plain(value: &str) -> bool {
    const WORDS: &[&str] = &["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    let opens = |c: char| c.is_alphanumeric() || matches!(c, '_' | '/' | '.' | '$' | '^' | '(');
    let inside = |c: char| !c.is_control() && c != '\u{feff}';
    value.starts_with(opens)
        && value.chars().all(inside)
        && value.trim() == value
        && !value.contains(": ")
        && !value.contains(" #")
        && !value.ends_with(':')
        && !value.starts_with("...")
        && !WORDS.contains(&value.to_ascii_lowercase().as_str())
        && value.trim_start_matches('.').parse::<f64>().is_err()
        && !value.starts_with("0x")
        && !value.starts_with("0o")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_quoted_where_a_plain_one_would_be_read_otherwise() {
        for plain in ["release", "pypi-prod", "${{ steps.auth.outputs.token }}", "npm install -g npm@^11.5.1", "Prod 2"]
        {
            assert_eq!(scalar(plain), plain);
        }
        for quoted in ["", "true", "No", "1.10", "a: b", "a #b", "#x", "*x", "&x", "- x", "{x}", "x ", "@x", "~", "1e3"]
        {
            assert_eq!(scalar(quoted), format!("'{quoted}'"));
        }
        assert_eq!(scalar("it's: x"), "'it''s: x'");
    }

    #[test]
    fn a_hash_without_a_blank_before_it_is_no_comment() {
        assert!(is_idle("") && is_idle("  ") && is_idle(" # x") && is_idle("\t# x"));
        assert!(!is_idle("# x") && !is_idle(" x"));
    }
}
