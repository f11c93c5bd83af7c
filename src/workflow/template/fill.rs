//! Fills the places `<…>` of a part. A value is never looked at again, so nothing in it can mean a place.

/// The values of places, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Values(Vec<(&'static str, String)>);

impl Values {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// The same with one more.
    pub(super) fn with(&self, name: &'static str, value: impl Into<String>) -> Self {
        let mut values = self.0.clone();
        values.retain(|(known, _)| *known != name);
        values.push((name, value.into()));
        Self(values)
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

/// The text with its places filled. A place alone on its line takes a value of many lines, each indented like it; a line with
/// a place whose value is empty goes. Unknown places stay.
pub(super) fn fill(text: &str, values: &Values) -> String {
    let mut filled = String::new();
    for line in text.lines() {
        let bare = line.trim_start();
        let indent = &line[..line.len() - bare.len()];
        let alone = bare.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).and_then(|name| values.get(name));
        match alone {
            Some(value) => value.lines().for_each(|line| push(&mut filled, indent, line)),
            None => {
                if let Some(line) = inline(bare, values) {
                    push(&mut filled, indent, &line);
                }
            }
        }
    }
    filled
}

fn push(text: &mut String, indent: &str, line: &str) {
    if !line.is_empty() {
        text.push_str(indent);
        text.push_str(line);
    }
    text.push('\n');
}

/// One line; `None`: one of its values is empty.
fn inline(line: &str, values: &Values) -> Option<String> {
    let mut filled = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        filled.push_str(before);
        let place = from.find('>').and_then(|end| Some((values.get(&from[1..end])?, end + 1)));
        let Some((value, end)) = place else {
            filled.push('<');
            rest = &from[1..];
            continue;
        };
        if value.is_empty() {
            return None;
        }
        filled.push_str(value);
        rest = &from[end..];
    }
    filled.push_str(rest);
    Some(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_the_indentation_and_are_not_read_again() {
        let values = Values::new().with("a", "x: <b>\n\ny: 1").with("b", "evil").with("none", "");
        assert_eq!(
            fill("k:\n  <a>\n  <none>\n  w: <none>\nz: 1 < 2 <b> <c>\n", &values),
            "k:\n  x: <b>\n\n  y: 1\nz: 1 < 2 evil <c>\n"
        );
    }
}
