//! Ruby's gems: gemspecs read as text. A gemspec is a program, and it is not run: only what is written out counts.
//!
//! Rules read in RubyGems' specification reference (name, version, metadata), 2026-11-21.

use url::Url;

use crate::model::{Registry, RelPath, mentioned_repository};

use super::manifest::{Shelf, Stated};
use super::roots;

const ENDING: &str = ".gemspec";
/// Hosts that are RubyGems.org.
const HOSTS: [&str; 2] = ["rubygems.org", "www.rubygems.org"];

/// Adds the gems. `named` are folders that a config file names.
pub(super) fn read(shelf: &mut Shelf<'_>, named: &[RelPath]) {
    let all = shelf.files_ending(&[ENDING]);
    let (at_root, below): (Vec<RelPath>, Vec<RelPath>) = all.into_iter().partition(|path| path.parent().is_root());
    let folders = roots::outermost(below.iter().map(RelPath::parent).collect());
    for path in &below {
        let folder = path.parent();
        // Beside gems at the root, only folders that are called like their gem are gems of their own.
        let own = at_root.is_empty() || stem(path) == folder.file_name();
        let found = named.is_empty() && own && folders.contains(&folder) && !has_part(&folder, "spec");
        if found || named.contains(&folder) {
            gem(shelf, path);
        }
    }
    for path in &at_root {
        gem(shelf, path);
    }
}

fn has_part(folder: &RelPath, word: &str) -> bool {
    folder.as_str().split('/').any(|part| part == word)
}

fn stem(path: &RelPath) -> &str {
    path.file_name().trim_end_matches(ENDING)
}

/// Reads a gemspec, and takes the gem in if RubyGems may get it.
fn gem(shelf: &mut Shelf<'_>, path: &RelPath) {
    let Some(text) = shelf.text(path) else { return };
    let spec = Spec::read(&text);
    let name = match spec.field("name") {
        Some(Written::Out(name)) => name,
        written => {
            if written.is_some() {
                shelf.note(path, format!("{path} computes its name; it is taken to be its filename"));
            }
            stem(path).to_owned()
        }
    };
    if !is_gem(&name) {
        return shelf.note(path, format!("{path} was passed over: `{name}` is no name of a gem"));
    }
    let host = spec.metadata("allowed_push_host").filter(|host| !is_rubygems(host) && !host.starts_with("TODO"));
    if let Some(elsewhere) = host {
        return shelf.note(path, format!("{name} goes to {elsewhere} by its allowed_push_host, so it was left out"));
    }
    let version = match spec.field("version") {
        Some(Written::Out(version)) => Some(version),
        Some(Written::Computed) | None => None,
    };
    let homepage = match spec.field("homepage") {
        Some(Written::Out(homepage)) => Some(homepage),
        Some(Written::Computed) | None => None,
    };
    let repository = spec.metadata("source_code_uri").or(homepage).and_then(|url| mentioned_repository(&url));
    let lacks = spec.lacks();
    shelf.add(Stated { version, repository, lacks, ..Stated::named(Registry::RubyGems, name, path.clone()) });
}

fn is_gem(name: &str) -> bool {
    name.chars().any(|c| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

fn is_rubygems(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| url.host_str().is_some_and(|host| HOSTS.contains(&host)))
}

/// A value in a gemspec.
#[derive(Debug, PartialEq, Eq)]
enum Written {
    /// Written out.
    Out(String),
    /// Only running the gemspec would tell.
    Computed,
}

/// The lines of a gemspec that are code.
struct Spec<'t> {
    lines: Vec<&'t str>,
    /// What the block calls the specification: `spec`, `s`.
    variable: Option<&'t str>,
}

impl<'t> Spec<'t> {
    fn read(text: &'t str) -> Self {
        let code = text.lines().map(str::trim).take_while(|line| *line != "__END__");
        let lines: Vec<&str> = code.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        let start = lines.iter().find_map(|line| line.split_once("Gem::Specification.new").map(|(_, rest)| rest));
        let variable = start.and_then(|rest| rest.split('|').nth(1)).map(str::trim).filter(|name| !name.is_empty());
        Self { lines, variable }
    }

    /// What is assigned to a field; the last one counts.
    fn field(&self, field: &str) -> Option<Written> {
        let variable = self.variable?;
        let mut values = self.lines.iter().rev().filter_map(|line| {
            let rest = line.strip_prefix(variable)?.strip_prefix('.')?.strip_prefix(field)?.trim_start();
            let value = rest.strip_prefix('=').filter(|value| !value.starts_with(['=', '~']))?;
            Some(literal(value).map_or(Written::Computed, Written::Out))
        });
        values.next()
    }

    /// What `gem build` would refuse, and what `gem push` would: only what is plainly not there, or still the template's
    /// (rubygems lib/rubygems/specification_policy.rs and bundler's template of a new gem, 2026-11-21).
    fn lacks(&self) -> Vec<String> {
        let mut lacks = Vec::new();
        // A gemspec that builds its specification in another way says nothing by what it lacks.
        if self.field("name").is_none() {
            return lacks;
        }
        if self.field("summary").is_none() {
            lacks.push("summary is missing".to_owned());
        }
        if self.field("authors").is_none() && self.field("author").is_none() {
            lacks.push("authors are missing".to_owned());
        }
        for field in ["summary", "description", "homepage"] {
            if matches!(self.field(field), Some(Written::Out(text)) if text.contains("TODO") || text.contains("FIXME"))
            {
                lacks.push(format!("{field} is still the template's TODO"));
            }
        }
        if self.metadata("allowed_push_host").is_some_and(|host| host.starts_with("TODO")) {
            lacks.push("allowed_push_host is still the template's TODO".to_owned());
        }
        lacks
    }

    /// What is written out under a key of `metadata`, by index or in a hash.
    fn metadata(&self, key: &str) -> Option<String> {
        self.lines.iter().find_map(|line| {
            let (before, rest) = line.split_once(key)?;
            if !before.ends_with(['"', '\'']) || before.contains('#') {
                return None;
            }
            let rest = rest.trim_start_matches(['"', '\'']).trim_start().trim_start_matches(']').trim_start();
            literal(rest.strip_prefix("=>").or_else(|| rest.strip_prefix('='))?)
        })
    }
}

/// A text in quotes that nothing computes, with at most `.freeze`, a comma or a comment after it.
fn literal(value: &str) -> Option<String> {
    let value = value.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (text, rest) = value[1..].split_once(quote)?;
    let rest = rest.trim_start().trim_start_matches(".freeze").trim_start();
    let ends = rest.is_empty() || rest.starts_with([',', '#', '}', ';']);
    (ends && !text.contains(['\\']) && !text.contains("#{")).then(|| text.to_owned())
}
