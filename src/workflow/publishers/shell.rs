//! A script as the commands that it plainly runs: comments, heredocs, quoted text and wrappers put aside.
//!
//! This reads lines, it is no shell: loops, functions and substitutions are seen as the plain commands that they hold.

/// A command: its words, unquoted, and the offset of its first word in the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) words: Vec<String>,
    /// `NAME=value` before it.
    pub(super) assignments: Vec<(String, String)>,
    pub(super) at: usize,
}

/// The commands of a script, in order, without leading assignments and shell keywords.
pub(super) fn commands(script: &str) -> Vec<Command> {
    let mut lexer = Lexer {
        rest: script,
        at: 0,
        current: None,
        words: Vec::new(),
        start: 0,
        out: Vec::new(),
        heredocs: Vec::new(),
    };
    lexer.run();
    lexer.out.retain_mut(|command| {
        let skip = command.words.iter().take_while(|word| is_prefix(word) || assignment(word).is_some()).count();
        command.assignments = command.words.drain(..skip).filter_map(|word| assignment(&word)).collect();
        !command.words.is_empty()
    });
    lexer.out
}

/// Keywords and wrappers that run the rest of the line.
fn is_prefix(word: &str) -> bool {
    const PREFIXES: [&str; 16] = [
        "if", "then", "else", "elif", "do", "while", "until", "!", "{", "(", "time", "exec", "command", "sudo", "env",
        "&",
    ];
    PREFIXES.contains(&word)
}

fn assignment(word: &str) -> Option<(String, String)> {
    let (name, value) = word.split_once('=')?;
    let valid = !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    valid.then(|| (name.to_owned(), value.to_owned()))
}

struct Lexer<'a> {
    rest: &'a str,
    at: usize,
    current: Option<String>,
    words: Vec<String>,
    start: usize,
    out: Vec<Command>,
    /// The end marks of heredocs that begin after this line.
    heredocs: Vec<String>,
}

impl Lexer<'_> {
    fn run(&mut self) {
        while let Some(c) = self.rest.chars().next() {
            match c {
                '\\' if self.rest[1..].starts_with("\r\n") => self.skip(3),
                '\\' if self.rest[1..].starts_with('\n') => self.skip(2),
                '\\' => {
                    self.skip(1);
                    if let Some(next) = self.rest.chars().next() {
                        self.push(next);
                        self.skip(next.len_utf8());
                    }
                }
                '\'' | '"' => self.quoted(c),
                '$' if self.rest.starts_with("${{") => self.expression(),
                '#' if self.current.is_none() => {
                    let line = self.rest.find('\n').unwrap_or(self.rest.len());
                    self.skip(line);
                }
                '<' if self.rest.starts_with("<<<") => {
                    self.end_word();
                    self.skip(3);
                }
                '<' if self.rest.starts_with("<<") => self.heredoc(),
                '\n' => {
                    self.end_command();
                    self.skip(1);
                    self.skip_heredocs();
                }
                ';' | '|' | '&' | '(' | ')' | '`' => {
                    // `>&2` and `&>` belong to a redirection.
                    if c == '&'
                        && (self.current.as_deref().is_some_and(|w| w.ends_with('>'))
                            || self.rest[1..].starts_with('>'))
                    {
                        self.push(c);
                    } else {
                        self.end_command();
                    }
                    self.skip(1);
                }
                '$' if self.rest.starts_with("$(") => {
                    self.end_command();
                    self.skip(2);
                }
                c if c.is_whitespace() => {
                    self.end_word();
                    self.skip(c.len_utf8());
                }
                c => {
                    self.push(c);
                    self.skip(c.len_utf8());
                }
            }
        }
        self.end_command();
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
        self.at += bytes;
    }

    fn word(&mut self) -> &mut String {
        if self.current.is_none() && self.words.is_empty() {
            self.start = self.at;
        }
        self.current.get_or_insert_default()
    }

    fn push(&mut self, c: char) {
        self.word().push(c);
    }

    fn end_word(&mut self) {
        self.words.extend(self.current.take());
    }

    fn end_command(&mut self) {
        self.end_word();
        if !self.words.is_empty() {
            self.out.push(Command { words: std::mem::take(&mut self.words), assignments: Vec::new(), at: self.start });
        }
    }

    /// A quoted part is one piece of a word, whatever it holds; an unclosed quote ends with the script.
    fn quoted(&mut self, quote: char) {
        self.word();
        self.skip(1);
        while let Some(c) = self.rest.chars().next() {
            if c == quote {
                self.skip(1);
                return;
            }
            if c == '$' && self.rest.starts_with("${{") {
                self.expression();
                continue;
            }
            if quote == '"' && c == '\\' && self.rest[1..].starts_with(['"', '\\', '$']) {
                self.skip(1);
                let escaped = self.rest.chars().next().unwrap_or('\\');
                self.push(escaped);
                self.skip(1);
                continue;
            }
            self.push(c);
            self.skip(c.len_utf8());
        }
    }

    /// `${{ … }}` is replaced before a shell sees it: one piece of a word, blanks and quotes included.
    fn expression(&mut self) {
        let end = self.rest.find("}}").map_or(self.rest.len(), |end| end + 2);
        let (inside, rest) = self.rest.split_at(end);
        self.word().push_str(inside);
        self.rest = rest;
        self.at += end;
    }

    fn heredoc(&mut self) {
        self.end_word();
        self.skip(2);
        if self.rest.starts_with('-') {
            self.skip(1);
        }
        let blanks = self.rest.len() - self.rest.trim_start_matches([' ', '\t']).len();
        self.skip(blanks);
        let end = self
            .rest
            .find(|c: char| c.is_whitespace() || matches!(c, ';' | '|' | '&' | ')' | '>'))
            .unwrap_or(self.rest.len());
        let mark = self.rest[..end].trim_matches(['\'', '"', '\\']).to_owned();
        self.skip(end);
        if !mark.is_empty() {
            self.heredocs.push(mark);
        }
    }

    fn skip_heredocs(&mut self) {
        for mark in std::mem::take(&mut self.heredocs) {
            while !self.rest.is_empty() {
                let line = self.rest.split_inclusive('\n').next().unwrap_or_default();
                let done = line.trim() == mark;
                self.skip(line.len());
                if done {
                    break;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(script: &str) -> Vec<String> {
        commands(script).into_iter().map(|command| command.words.join(" ")).collect()
    }

    #[test]
    fn commands_are_told_from_comments_text_and_heredocs() {
        assert_eq!(words("# npm publish\nnpm ci # npm publish\n"), ["npm ci"]);
        assert_eq!(words("echo 'npm publish; x' && npm publish"), ["echo npm publish; x", "npm publish"]);
        assert_eq!(words("cat <<'EOF' > f\nnpm publish\nEOF\nnpm ci"), ["cat > f", "npm ci"]);
        assert_eq!(words("read a <<< \"$b\"\nnpm ci"), ["read a $b", "npm ci"]);
        assert_eq!(words("cat <<-A <<B\nx\n\tA\ny\nB\nls"), ["cat", "ls"]);
    }

    #[test]
    fn lines_are_joined_and_wrappers_put_aside() {
        assert_eq!(words("cargo publish \\\n  -p core \\\r\n  --locked"), ["cargo publish -p core --locked"]);
        assert_eq!(words("if A=1 sudo npm publish; then x; fi"), ["npm publish", "x", "fi"]);
        assert_eq!(words("out=$(npm publish 2>&1)"), ["npm publish 2>&1"]);
        assert_eq!(words("a || (cd x && npm publish)"), ["a", "cd x", "npm publish"]);
    }

    #[test]
    fn expressions_stay_whole() {
        let found = commands("twine upload -p ${{ secrets.A || 'b;c' }} \"x y\" dist/*");
        assert_eq!(found[0].words, ["twine", "upload", "-p", "${{ secrets.A || 'b;c' }}", "x y", "dist/*"]);
    }

    #[test]
    fn offsets_point_at_the_first_word() {
        let script = "ls\n  X=1 npm publish\n";
        assert_eq!(commands(script)[1].at, 5);
    }

    #[test]
    fn odd_scripts_end() {
        for script in
            ["'", "\"", "\\", "${{", "<<", "<<''", "cat <<E", "$(", "a\\\n", "\u{1f600}\\\u{1f600}\"\\\u{1f600}"]
        {
            let _ = commands(script);
        }
    }
}
