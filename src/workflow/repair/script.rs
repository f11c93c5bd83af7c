//! Tokens on command lines: an option taken out of a command, a line that logs in taken out of a script.
//!
//! Shell is only looked at as far as a line shows plainly what it does; anything else is left to a person.

use std::ops::Range;

use super::super::expression::{expressions, secrets};
use super::document::{Change, Document, Edit, Path};
use super::edit::remove_item;
use super::{Obstacle, Splice, StepRef, lines};
use crate::model::{JobId, SecretName};

/// Words after which a line can't be taken away without a hole.
const OPENS: &[&str] = &["then", "do", "else", "{", "(", "\\", "&&", "||", "|", "in"];

pub(super) fn drop_option(
    doc: &mut Document,
    job: &JobId,
    step: StepRef,
    (program, option): (&str, &str),
    tokens: &[String],
) -> Result<(), Obstacle> {
    let Some((index, body)) = doc.step(job, step)? else { return Ok(()) };
    let Some(run) = &body.run else { return Err(Obstacle::NoStep(job.clone())) };
    let value = run.value.clone();
    let gone = options(&value, (program, option), tokens)?;
    if gone.is_empty() {
        return Ok(());
    }
    let path = Path::step(job, index).key("run");
    let raw = raw(doc, &path)?;
    let cuts = options(&doc.text()[raw.clone()], (program, option), tokens)?;
    let edit = cut(doc, path, &raw, &cuts, without(&value, &gone));
    doc.make(edit)
}

pub(super) fn drop_login(
    doc: &mut Document,
    job: &JobId,
    step: StepRef,
    mark: &str,
    tokens: &[String],
) -> Result<(), Obstacle> {
    let Some((index, body)) = doc.step(job, step)? else { return Ok(()) };
    let Some(run) = &body.run else { return Err(Obstacle::NoStep(job.clone())) };
    let value = run.value.clone();
    let gone = logins(&value, mark, tokens)?;
    if gone.is_empty() {
        return Ok(());
    }
    let left = without(&value, &gone);
    if left.lines().all(|line| line.trim().is_empty() || lines::is_comment(line) || line.trim().starts_with("set -")) {
        let id = body.id.as_ref().map(|id| format!("steps.{}.", id.value));
        let used = |id: &String| doc.job(job).is_ok_and(|job| job.texts.iter().any(|text| text.value.contains(id)));
        if id.as_ref().is_some_and(used) {
            return Err(Obstacle::other("the step that logs in is referred to by its id"));
        }
        let edit = remove_item(doc, &Path::job(job).key("steps"), index)?;
        doc.make(edit)?;
        doc.moves.went(job, index);
        return Ok(());
    }
    let path = Path::step(job, index).key("run");
    let raw = raw(doc, &path)?;
    let cuts = logins(&doc.text()[raw.clone()], mark, tokens)?;
    let edit = cut(doc, path, &raw, &cuts, left);
    doc.make(edit)
}

/// The token of a script replaced wherever it names one of the secrets; every other byte of it stays.
pub(super) fn hand_over(
    doc: &mut Document,
    job: &JobId,
    index: usize,
    secrets: &[SecretName],
    token: &str,
) -> Result<(), Obstacle> {
    let Some(run) = &doc.job(job)?.steps[index].run else { return Err(Obstacle::NoStep(job.clone())) };
    let value = run.value.clone();
    let named = expressions_of(&value, secrets)?;
    if named.is_empty() {
        return Ok(());
    }
    let path = Path::step(job, index).key("run");
    let raw = raw(doc, &path)?;
    let written = doc.text()[raw.clone()].to_owned();
    let mut splices = Vec::new();
    for found in expressions_of(&written, secrets)?.into_iter().rev() {
        let removed = written[found.clone()].to_owned();
        splices.push(Splice { at: raw.start + found.start, removed, added: token.to_owned() });
    }
    let mut said = value;
    named.into_iter().rev().for_each(|found| said.replace_range(found, token));
    doc.make(Edit { splices, changes: vec![Change::Set(path, said.into())] })
}

/// Where a text holds `${{ secrets.NAME }}` of one of these; one inside a larger expression is not looked through.
fn expressions_of(text: &str, names: &[SecretName]) -> Result<Vec<Range<usize>>, Obstacle> {
    let is_one = |name: &SecretName| names.iter().any(|own| own.as_str().eq_ignore_ascii_case(name.as_str()));
    let mut found = Vec::new();
    for (start, inner) in expressions(text) {
        let range = start - "${{".len()..start + inner.len() + "}}".len();
        let alone = inner.trim().split_once('.').is_some_and(|(context, name)| {
            context.eq_ignore_ascii_case("secrets") && names.iter().any(|own| own.as_str().eq_ignore_ascii_case(name))
        });
        let named = secrets(&text[range.clone()]).iter().any(|(_, name)| is_one(name));
        match (named, alone) {
            (true, true) => found.push(range),
            (true, false) => return Err(Obstacle::other("the script names the secret inside a larger expression")),
            (false, _) => {}
        }
    }
    Ok(found)
}

/// The bytes of a script: whole lines of a block, or a scalar of one line.
fn raw(doc: &Document, path: &Path) -> Result<Range<usize>, Obstacle> {
    let node = doc.reach(path)?;
    let text = doc.text();
    if node.is_block_text() {
        return Ok(lines::start_of(text, node.start)..lines::next_of(text, node.end));
    }
    let written = &text[node.start..node.end];
    let escaped = (written.starts_with('"') && written.contains('\\'))
        || (written.starts_with('\'') && written.trim_matches('\'').contains("''"));
    if written.contains('\n') || escaped { Err(Obstacle::Odd) } else { Ok(node.start..node.end) }
}

fn cut(doc: &Document, path: Path, raw: &Range<usize>, cuts: &[Range<usize>], left: String) -> Edit {
    let text = &doc.text()[raw.clone()];
    let splice = |cut: &Range<usize>| Splice {
        at: raw.start + cut.start,
        removed: text[cut.clone()].to_owned(),
        added: String::new(),
    };
    Edit { splices: cuts.iter().rev().map(splice).collect(), changes: vec![Change::Set(path, left.into())] }
}

fn without(text: &str, gone: &[Range<usize>]) -> String {
    let mut left = text.to_owned();
    for range in gone.iter().rev() {
        left.replace_range(range.clone(), "");
    }
    left
}

/// Where an option that holds a token stands in the commands of a program, with the blanks before it.
fn options(script: &str, (program, option): (&str, &str), tokens: &[String]) -> Result<Vec<Range<usize>>, Obstacle> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut command = String::new();
    for line in script.split_inclusive('\n') {
        let body = line.trim_end();
        if !lines::is_comment(body) {
            command.push_str(body);
            if is_run(&command, program) {
                for range in options_of_line(body, option, tokens)? {
                    found.push(cut_of_line(line, body, range, at, !found_before(&found, at))?);
                }
            }
        }
        if !body.ends_with('\\') {
            command.clear();
        }
        at += line.len();
    }
    if !found.is_empty() && script.contains("<<") {
        return Err(Obstacle::other("the script holds a text of its own (`<<`)"));
    }
    Ok(found)
}

fn found_before(found: &[Range<usize>], line: usize) -> bool {
    found.last().is_some_and(|range| range.end > line)
}

/// One option's cut: the whole line where nothing else but a continuation would be left.
fn cut_of_line(line: &str, body: &str, range: Range<usize>, at: usize, only: bool) -> Result<Range<usize>, Obstacle> {
    let left = format!("{}{}", &body[..range.start], &body[range.end..]);
    match left.trim() {
        "\\" if only => Ok(at..at + line.len()),
        "" | "\\" => Err(Obstacle::other("the option is the end of a command over several lines")),
        _ => Ok(at + range.start..at + range.end),
    }
}

/// Whether a command line names a program as a word.
fn is_run(command: &str, program: &str) -> bool {
    command.match_indices(program).any(|(at, _)| {
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        !command[..at].ends_with(part) && !command[at + program.len()..].starts_with(part)
    })
}

fn options_of_line(body: &str, option: &str, tokens: &[String]) -> Result<Vec<Range<usize>>, Obstacle> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, _) in body.match_indices(option) {
        let blanks = body[..at].len() - body[..at].trim_end_matches([' ', '\t']).len();
        let rest = &body[at + option.len()..];
        if blanks == 0 || found.last().is_some_and(|range| range.end > at) {
            continue;
        }
        let gap = match rest.as_bytes().first() {
            Some(b'=') => 1,
            Some(b' ' | b'\t') => rest.len() - rest.trim_start_matches([' ', '\t']).len(),
            _ => continue,
        };
        let value = &rest[gap..];
        let length = word(value)?;
        let value = &value[..length];
        // At the line's beginning the blanks are its indentation.
        let from = if body[..at].trim().is_empty() { at } else { at - blanks };
        if value == "\\" || value.is_empty() {
            return Err(Obstacle::other("the option and its value stand on two lines"));
        }
        if is_token(value, tokens) {
            found.push(from..at + option.len() + gap + length);
        }
    }
    Ok(found)
}

/// Whether a text expands one of the secrets or variables that are the token.
fn is_token(text: &str, tokens: &[String]) -> bool {
    let upper = text.to_ascii_uppercase();
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.contains(['$', '%'])
        && tokens.iter().any(|name| {
            let name = name.to_ascii_uppercase();
            upper
                .match_indices(&name)
                .any(|(at, _)| !upper[..at].ends_with(part) && !upper[at + name.len()..].starts_with(part))
        })
}

/// The length of the shell word that a text begins with.
fn word(text: &str) -> Result<usize, Obstacle> {
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let skip = |close: &str, from: usize| rest[from..].find(close).map(|end| from + end + close.len());
        let step = match c {
            ' ' | '\t' | ';' | '|' | '&' | '>' | '<' | ')' => break,
            _ if rest.starts_with("${{") => skip("}}", 3),
            _ if rest.starts_with("${") => skip("}", 2),
            _ if rest.starts_with("$(") => None,
            '`' => None,
            '"' if rest[1..]
                .split('"')
                .next()
                .is_some_and(|inner| inner.contains(['`', '\\']) || inner.contains("$(")) =>
            {
                None
            }
            '"' => skip("\"", 1),
            '\'' => skip("'", 1),
            c => Some(c.len_utf8()),
        };
        at += step.ok_or_else(|| Obstacle::other("the option's value is more than a secret or a variable"))?;
    }
    Ok(at)
}

/// The whole lines that log in with a token.
fn logins(script: &str, mark: &str, tokens: &[String]) -> Result<Vec<Range<usize>>, Obstacle> {
    let rows: Vec<&str> = script.split_inclusive('\n').collect();
    let indent = |row: &str| row.len() - row.trim_start().len();
    let top = rows.iter().find(|row| !row.trim().is_empty()).map_or(0, |row| indent(row));
    let mut found = Vec::new();
    let mut at = 0;
    for (number, row) in rows.iter().enumerate() {
        let body = row.trim();
        if body.contains(mark) && !lines::is_comment(body) && is_token(body, tokens) {
            let before = rows[..number].iter().rev().map(|row| row.trim()).find(|row| !row.is_empty());
            let opened = before.is_some_and(|row| OPENS.iter().any(|word| row.ends_with(word)));
            let carries_on = rows.get(number + 1).is_some_and(|row| row.trim().starts_with(['|', '&']));
            if opened || carries_on || indent(row) != top || !stands_alone(body) || script.contains("<<") {
                return Err(Obstacle::other("the line that logs in is part of something larger"));
            }
            found.push(at..at + row.len());
        }
        at += row.len();
    }
    Ok(found)
}

/// Whether a line is one simple command, at most with its output sent to a file.
fn stands_alone(body: &str) -> bool {
    let plain = body.replace("${{", "").replace("}}", "");
    let starts = ["if ", "for ", "while ", "case ", "function "].iter().any(|word| plain.starts_with(word));
    !starts
        && !plain.contains("&&")
        && !plain.contains(';')
        && !plain.contains('|')
        && !plain.ends_with(['\\', '&', '{'])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn dropped(script: &str, program: &str, option: &str) -> Option<String> {
        options(script, (program, option), &["X".to_owned()]).ok().map(|gone| without(script, &gone))
    }

    #[test]
    fn options_with_a_token_go_and_others_stay() {
        for (script, program, option, left) in [
            ("cargo publish --token ${{ secrets.X }}", "cargo", "--token", "cargo publish"),
            ("cargo publish --token \"$X\" -p a", "cargo", "--token", "cargo publish -p a"),
            (
                "twine upload -u __token__ -p \"${{ secrets.X }}\" dist/*",
                "twine",
                "-p",
                "twine upload -u __token__ dist/*",
            ),
            ("poetry publish --password=$X", "poetry", "--password", "poetry publish"),
            (
                "cargo publish -p core && cargo publish -p $CRATE",
                "twine",
                "-p",
                "cargo publish -p core && cargo publish -p $CRATE",
            ),
            (
                "uv run -p ${{ matrix.python }} uv publish -p $X",
                "uv",
                "-p",
                "uv run -p ${{ matrix.python }} uv publish",
            ),
            ("cargo publish --token x", "cargo", "--token", "cargo publish --token x"),
            ("twine upload \\\n  -p $X \\\n  dist/*\n", "twine", "-p", "twine upload \\\n  dist/*\n"),
            ("# twine upload -p $X", "twine", "-p", "# twine upload -p $X"),
        ] {
            assert_eq!(dropped(script, program, option).as_deref(), Some(left));
        }
    }

    #[test]
    fn an_option_that_a_cut_would_not_take_out_cleanly_is_refused() {
        for script in [
            "twine upload dist/* \\\n  -p $X\n",
            "twine upload -p \\\n  $X dist/*",
            "twine upload -p $(cat token) dist/*",
            "twine upload -p $X dist/* <<EOF\nEOF",
        ] {
            assert_eq!(dropped(script, "twine", "-p"), None, "{script}");
        }
    }

    #[test]
    fn lines_that_log_in_go_if_they_stand_alone() {
        let script = "npm ci\nnpm config set //registry.npmjs.org/:_authToken $T\nnpm publish\n";
        assert_eq!(without(script, &logins(script, "_authToken", &["T".to_owned()]).unwrap()), "npm ci\nnpm publish\n");
        for script in [
            "if [ -n \"$T\" ]; then\n  cargo login $T\nfi\n",
            "true && cargo login $T",
            "cargo login \\\n  $T\n",
            "echo $T | cargo login\n",
        ] {
            assert!(
                logins(script, "cargo login", &["T".to_owned()]).map_or(true, |found| found.is_empty()),
                "{script}"
            );
        }
    }
}
