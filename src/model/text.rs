//! Makes foreign text harmless before a person sees it: promise 4.
//!
//! This cleans for a terminal. Escaping for Markdown, CSV or Actions annotations is the output's own duty on top.

/// Whether a character can move the cursor, reorder or hide text: controls, bidi, zero-width, line and paragraph separators.
#[must_use]
pub(super) fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// The text with every hostile character but line feeds dropped and tabs made blanks.
#[must_use]
pub fn clean(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\n' => Some('\n'),
            '\t' => Some(' '),
            c if is_hostile(c) => None,
            c => Some(c),
        })
        .collect()
}

/// Like [`clean`], on one line: line breaks become blanks, and no more than `max` characters stay (the rest is an ellipsis).
#[must_use]
pub fn clean_line(text: &str, max: usize) -> String {
    let line = clean(text).replace('\n', " ");
    if line.chars().count() <= max {
        return line;
    }
    let mut cut: String = line.chars().take(max.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_bidi_are_dropped_and_words_stay() {
        assert_eq!(clean("a\u{1b}[31mred\u{202e}\u{200b}\tb\r\nc"), "a[31mred b\nc");
        assert_eq!(clean_line("one\ntwo", 20), "one two");
        assert_eq!(clean_line("abcdef", 4), "abc…");
    }
}
