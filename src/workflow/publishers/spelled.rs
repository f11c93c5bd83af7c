//! Publishing commands that a program in another language spells out: `["cargo", "publish", …]`, `"npm publish"`.
//!
//! The text is searched, not understood: what is found is likely at best.

/// The commands as shell lines, a line each; empty where none is spelled out.
pub(super) fn commands(text: &str) -> String {
    let mut found = Vec::new();
    for line in text.lines().map(str::trim) {
        let comment = line.starts_with('#') || line.starts_with("//") || line.starts_with('*');
        // What is only said to people.
        let said = SAYS.iter().any(|word| line.contains(word));
        if comment
            || said
            || !starts_a_text(line)
            || !line.contains("publish") && !line.contains("upload") && !line.contains("push")
        {
            continue;
        }
        // Quotes and commas of an argument list become blanks; what stands before the program falls away.
        let plain: String = line
            .chars()
            .map(|c| {
                if matches!(
                    c,
                    '"' | '\'' | '`' | ',' | '[' | ']' | '(' | ')' | '$' | ';' | '&' | '|' | '<' | '>' | '{' | '}'
                ) {
                    ' '
                } else {
                    c
                }
            })
            .collect();
        let words: Vec<&str> = plain.split_whitespace().collect();
        let start = words.iter().position(|word| PROGRAMS.contains(word));
        if let Some(start) = start {
            let words: Vec<&str> =
                words[start..].iter().copied().filter(|word| !word.contains('=') || word.starts_with('-')).collect();
            found.push(words.join(" "));
        }
    }
    found.join("\n")
}

/// Whether one of the programs begins a quoted text: in the middle of one it is prose.
fn starts_a_text(line: &str) -> bool {
    let mut open: Option<char> = None;
    let mut chars = line.char_indices();
    while let Some((at, c)) = chars.next() {
        match (open, c) {
            (Some(_), '\\') => drop(chars.next()),
            (Some(quote), c) if c == quote => open = None,
            (None, '"' | '\'' | '`') => {
                open = Some(c);
                let text = line[at + 1..].trim_start();
                let word = text.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
                if PROGRAMS.contains(&word) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// Words of lines that say something to people.
const SAYS: [&str; 12] = [
    "console.",
    "print(",
    "puts ",
    "log(",
    "logger",
    "Error(",
    "raise ",
    "throw ",
    "warn",
    "usage",
    "help=",
    "description",
];

/// Programs that are looked for.
const PROGRAMS: [&str; 12] =
    ["cargo", "npm", "pnpm", "yarn", "twine", "uv", "poetry", "gem", "dotnet", "jsr", "deno", "dart"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn argument_lists_and_command_lines_are_found_and_comments_are_not() {
        assert_eq!(commands("subprocess.run(['cargo', 'publish', '--no-verify'])"), "cargo publish --no-verify");
        assert_eq!(
            commands("  execSync(\"npm publish --access public\", { stdio: 'inherit' });").split(" stdio").next(),
            Some("npm publish --access public")
        );
        assert_eq!(
            commands("'Publish by `pnpm publish`, not `npm publish`',\nthrow new Error('npm publish failed')"),
            ""
        );
        assert_eq!(commands("const args = ['publish'];\nspawn('pnpm', args)"), "");
        assert_eq!(commands("# cargo publish\n// npm publish\nconsole.log('published')"), "");
    }
}
