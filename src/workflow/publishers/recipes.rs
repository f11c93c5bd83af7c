//! The commands of a target in a Makefile and of a recipe in a justfile, those that it depends on first.
//!
//! Both languages are read line by line, as far as their plain forms go; what is computed stays as it is written.

use std::collections::BTreeSet;

/// How many targets one call leads to at most.
const MAX_TARGETS: usize = 50;
/// How long a recipe may become by the variables that are put in, in bytes: one that doubles itself stays as it is written.
const MAX_RECIPE: usize = 64 * 1024;

/// The recipes of a make target, prerequisites first: name and shell text, a line each.
pub(super) fn make(text: &str, target: &str) -> Vec<(String, String)> {
    let rules = rules(text, |line| line.strip_prefix('\t'), |name| name.to_owned());
    let variables = assignments(text);
    let mut found = collect(&rules, target);
    for (_, recipe) in &mut found {
        *recipe = recipe.lines().map(|line| line.trim_start_matches(['@', '-', '+'])).collect::<Vec<_>>().join("\n");
        // `$$` is the shell's own dollar; `$(X)` and `${X}` are make's.
        for (name, value) in &variables {
            put_in(recipe, &format!("$({name})"), value);
            put_in(recipe, &format!("${{{name}}}"), value);
        }
        *recipe = recipe.replace("$$", "$");
    }
    found
}

fn put_in(recipe: &mut String, variable: &str, value: &str) {
    let many = recipe.matches(variable).count();
    if many > 0 && recipe.len() + many * value.len() <= MAX_RECIPE {
        *recipe = recipe.replace(variable, value);
    }
}

/// The recipes of a just recipe, dependencies first.
pub(super) fn just(text: &str, name: &str) -> Vec<(String, String)> {
    let rules = rules(
        text,
        |line| line.strip_prefix("    ").or_else(|| line.strip_prefix('\t')).or_else(|| line.strip_prefix("  ")),
        |head| head.split_whitespace().next().unwrap_or_default().trim_start_matches('@').to_owned(),
    );
    let mut found = collect(&rules, name);
    for (_, recipe) in &mut found {
        let plain = |line: &str| line.trim_start_matches(['@', '-']).replace("{{", "${").replace("}}", "}");
        *recipe = recipe.lines().filter(|line| !line.starts_with("#!")).map(plain).collect::<Vec<_>>().join("\n");
    }
    found
}

/// A rule: its names, what it depends on, its lines.
struct Rule {
    names: Vec<String>,
    needs: Vec<String>,
    lines: Vec<String>,
}

fn rules(text: &str, body: impl Fn(&str) -> Option<&str>, name: impl Fn(&str) -> String) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    let mut open = false;
    let joined = text.replace("\r\n", "\n");
    for line in joined.lines() {
        if open && let Some(line) = body(line) {
            rules.last_mut().into_iter().for_each(|rule| rule.lines.push(line.to_owned()));
            continue;
        }
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        open = false;
        let Some((head, rest)) =
            line.split_once(':').filter(|(head, rest)| !rest.starts_with('=') && !head.contains('='))
        else {
            continue;
        };
        open = true;
        let names = if head.contains(' ') && !name(head).contains(' ') && name(head) != head {
            vec![name(head)]
        } else {
            head.split_whitespace().map(&name).collect()
        };
        let (needs, inline) = rest.split_once(';').unwrap_or((rest, ""));
        let needs = needs.split('#').next().unwrap_or_default();
        let plain = |word: &str| word.trim_matches(['(', ')', ':', '&']).to_owned();
        let lines = if inline.trim().is_empty() { Vec::new() } else { vec![inline.trim().to_owned()] };
        rules.push(Rule { names, needs: needs.split_whitespace().map(plain).collect(), lines });
    }
    rules
}

fn collect(rules: &[Rule], target: &str) -> Vec<(String, String)> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    visit(rules, target, &mut seen, &mut found);
    found
}

fn visit(rules: &[Rule], target: &str, seen: &mut BTreeSet<String>, found: &mut Vec<(String, String)>) {
    if seen.len() >= MAX_TARGETS || !seen.insert(target.to_owned()) {
        return;
    }
    for rule in rules.iter().filter(|rule| rule.names.iter().any(|name| fits(name, target))) {
        rule.needs.iter().for_each(|need| visit(rules, need, seen, found));
        found.push((target.to_owned(), rule.lines.join("\n")));
    }
}

/// A name, or a pattern rule: `publish-rust-%`.
fn fits(name: &str, target: &str) -> bool {
    match name.split_once('%') {
        Some((before, behind)) => {
            target.len() >= before.len() + behind.len() && target.starts_with(before) && target.ends_with(behind)
        }
        None => name == target,
    }
}

fn assignments(text: &str) -> Vec<(String, String)> {
    let line = |line: &str| {
        let (name, value) = line.split_once('=')?;
        let name = name.trim_end_matches([':', '?', '+']).trim();
        let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        (plain && !line.starts_with('\t')).then(|| (name.to_owned(), value.trim().to_owned()))
    };
    text.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_make_target_brings_its_prerequisites_and_variables() {
        let text = "CARGO ?= cargo\n.PHONY: publish\npublish: build ## release it\n\t@$(CARGO) publish \\\n\t  --locked\n\techo $$HOME\nbuild:\n\tcargo build\n";
        let found = make(text, "publish");
        assert_eq!(found[0], ("build".to_owned(), "cargo build".to_owned()));
        assert_eq!(found.last().map(|(_, recipe)| recipe.as_str()), Some("cargo publish \\\n  --locked\necho $HOME"));
        assert_eq!(make(text, "nothing"), []);
        assert_eq!(make("publish-%:\n\tnpm publish\n", "publish-js").len(), 1);
    }

    #[test]
    fn a_just_recipe_brings_its_dependencies() {
        let text = "set shell := [\"bash\", \"-c\"]\nbuild:\n  cargo build\n\n@publish crate *args: build\n  @cargo publish -p {{crate}}\n";
        let found = just(text, "publish");
        assert_eq!(found[1], ("publish".to_owned(), "cargo publish -p ${crate}".to_owned()));
        assert_eq!(found[0].0, "build");
    }

    #[test]
    fn circles_end() {
        assert_eq!(make("a: b\n\tx\nb: a\n\ty\n", "a").len(), 2);
    }
}
