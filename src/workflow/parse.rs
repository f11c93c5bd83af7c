//! From a YAML tree to a [`Workflow`]. Tolerant: an odd part is a finding, and the parts around it are read.

use crate::model::{
    EnvironmentName, EnvironmentRef, Finding, JobId, Place, Refs, Severity, SourceFile, WorkflowFile, clean,
};

use super::model::{CompositeAction, Event, Input, Job, Mark, Permissions, Secrets, Step, Text, Workflow};
use crate::yaml::{self, Node, Value, YamlError};

/// Reads one file.
pub(super) fn workflow(file: &SourceFile, findings: &mut Vec<Finding>) -> Option<Workflow> {
    let name = match WorkflowFile::new(file.path.file_name()) {
        Ok(name) => name,
        Err(error) => {
            findings.push(Finding::new(Severity::Warning, format!("{} was not read: {error}", file.path)));
            return None;
        }
    };
    match yaml::parse(&file.bytes) {
        Ok(tree) => Some(Reader { file, findings }.workflow(name, &tree)),
        Err(error) => {
            findings.push(unreadable(file, &error));
            None
        }
    }
}

/// The workflow in a file whose tree was read already; what is odd about it was told then.
pub(super) fn workflow_of(file: &SourceFile, tree: &Node) -> Option<Workflow> {
    let name = WorkflowFile::new(file.path.file_name()).ok()?;
    Some(Reader { file, findings: &mut Vec::new() }.workflow(name, tree))
}

/// The finding for a file that is no YAML: what is wrong, the line, and a caret under the place.
fn unreadable(file: &SourceFile, error: &YamlError) -> Finding {
    const BEFORE: usize = 50;
    const WIDTH: usize = 70;
    let Mark { line, column, .. } = error.at;
    let text = String::from_utf8_lossy(&file.bytes);
    let source = text.trim_start_matches('\u{feff}').lines().nth(line - 1).unwrap_or_default();
    // A window around the column keeps a line of a megabyte on the screen.
    let skip = (column - 1).saturating_sub(BEFORE);
    let window: String = source.chars().skip(skip).take(WIDTH).collect();
    let number = line.to_string();
    let caret = " ".repeat(number.len() + 3 + column - 1 - skip) + "^";
    let message =
        format!("{} can't be read as YAML: {}\n{number} | {}\n{caret}", file.path, error.message, clean(&window));
    Finding::new(Severity::Error, message)
        .at(Place { file: file.path.clone(), line, column })
        .hint("GitHub can't read it either; repair the line and look again")
}

struct Reader<'a> {
    file: &'a SourceFile,
    findings: &'a mut Vec<Finding>,
}

impl Reader<'_> {
    fn odd(&mut self, at: Mark, message: impl Into<String>) {
        let place = Place { file: self.file.path.clone(), line: at.line, column: at.column };
        self.findings.push(Finding::new(Severity::Warning, message).at(place));
    }

    fn workflow(mut self, file: WorkflowFile, tree: &Node) -> Workflow {
        let mut jobs = Vec::new();
        match tree.get("jobs") {
            Some(node) if !node.entries().is_empty() => {
                for (id, body) in node.entries() {
                    jobs.extend(self.job(id, body));
                }
            }
            other => self.odd(other.map_or(tree.at, |node| node.at), format!("{file} has no jobs")),
        }
        Workflow {
            file,
            path: self.file.path.clone(),
            on: tree.get("on").map(events).unwrap_or_default(),
            permissions: permissions(tree.get("permissions")),
            env: pairs(tree.get("env")),
            working_directory: run_default(tree, "working-directory"),
            shell: run_default(tree, "shell"),
            jobs,
        }
    }

    fn job(&mut self, id: &Text, body: &Node) -> Option<Job> {
        let name = match JobId::new(&id.value) {
            Ok(name) => name,
            Err(error) => {
                self.odd(id.at, format!("a job was passed over: {error}"));
                return None;
            }
        };
        if !matches!(body.value, Value::Map(_)) {
            self.odd(id.at, format!("the job {name} is no mapping"));
            return None;
        }
        let mut texts = Vec::new();
        body.each_text(&mut |text| texts.push(text.clone()));
        let mut steps = Vec::new();
        for node in body.get("steps").map_or(&[][..], Node::items) {
            if matches!(node.value, Value::Map(_)) {
                steps.push(step(node));
            } else {
                self.odd(node.at, format!("a step of the job {name} is no mapping"));
            }
        }
        Some(Job {
            at: id.at,
            permissions: permissions(body.get("permissions")),
            environment: environment(body.get("environment")),
            env: pairs(body.get("env")),
            uses: text(body, "uses"),
            with: pairs(body.get("with")),
            secrets: secrets(body.get("secrets")),
            needs: body.get("needs").map(names).unwrap_or_default(),
            condition: text(body, "if"),
            runs_on: body.get("runs-on").map(labels).unwrap_or_default(),
            matrix: matrix(body),
            working_directory: run_default(body, "working-directory"),
            shell: run_default(body, "shell"),
            steps,
            texts,
            id: name,
        })
    }
}

fn step(node: &Node) -> Step {
    Step {
        at: node.at,
        name: text(node, "name"),
        id: text(node, "id"),
        uses: text(node, "uses"),
        run: text(node, "run"),
        with: pairs(node.get("with")),
        env: pairs(node.get("env")),
        condition: text(node, "if"),
        working_directory: text(node, "working-directory"),
        shell: text(node, "shell"),
    }
}

fn text(node: &Node, key: &str) -> Option<Text> {
    node.get(key).and_then(Node::text).cloned()
}

/// The scalar entries of a mapping. An empty value (`NPM_TOKEN:`) is an empty text: it sets the variable to nothing.
fn pairs(node: Option<&Node>) -> Vec<(Text, Text)> {
    let entries = node.map_or(&[][..], Node::entries);
    entries
        .iter()
        .filter_map(|(key, value)| match &value.value {
            Value::Text(text) => Some((key.clone(), text.clone())),
            Value::Null => Some((key.clone(), Text::empty(value.at))),
            _ => None,
        })
        .collect()
}

fn events(on: &Node) -> Vec<Event> {
    let events = names(on).into_iter();
    events
        .map(|name| {
            let node = on.get(&name.value);
            let refs = refs(&name.value, node);
            Event { refs, filter: filter(refs, node), inputs: inputs(node), name }
        })
        .collect()
}

fn inputs(node: Option<&Node>) -> Vec<Input> {
    let entries = node.and_then(|node| node.get("inputs")).map_or(&[][..], Node::entries).iter();
    let input = |(name, body): &(Text, Node)| Input {
        name: name.clone(),
        default: text(body, "default"),
        options: body.get("options").map(names).unwrap_or_default(),
    };
    entries.map(input).collect()
}

/// The values of a job's matrix, by the path under `matrix`: lists of texts, lists of mappings, and what `include` adds.
fn matrix(job: &Node) -> Vec<(String, Vec<Text>)> {
    let mut found: Vec<(String, Vec<Text>)> = Vec::new();
    let mut add = |path: String, value: &Text| match found.iter_mut().find(|(known, _)| *known == path) {
        Some((_, values)) => values.push(value.clone()),
        None => found.push((path, vec![value.clone()])),
    };
    let Some(matrix) = job.get("strategy").and_then(|strategy| strategy.get("matrix")) else { return found };
    for (key, values) in matrix.entries() {
        let (prefix, items) = match key.value.as_str() {
            "exclude" => continue,
            "include" => (String::new(), values.items()),
            key => (key.to_ascii_lowercase(), values.items()),
        };
        for item in items {
            if let (Some(text), false) = (item.text(), prefix.is_empty()) {
                add(prefix.clone(), text);
            }
            for (name, value) in item.entries() {
                let name = name.value.to_ascii_lowercase();
                let path = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
                value.text().into_iter().for_each(|text| add(path.clone(), text));
            }
        }
    }
    found
}

/// Reads the file of an action of this repository.
pub(super) fn action(file: &SourceFile, findings: &mut Vec<Finding>) -> Option<CompositeAction> {
    let tree = match yaml::parse(&file.bytes) {
        Ok(tree) => tree,
        Err(error) => {
            findings.push(unreadable(file, &error));
            return None;
        }
    };
    let steps = tree.get("runs").and_then(|runs| runs.get("steps")).map_or(&[][..], Node::items);
    let outputs = tree.get("outputs").map_or(&[][..], Node::entries);
    Some(CompositeAction {
        path: file.path.clone(),
        inputs: inputs(Some(&tree)),
        outputs: outputs.iter().filter_map(|(name, body)| Some((name.clone(), text(body, "value")?))).collect(),
        steps: steps.iter().filter(|step| matches!(step.value, Value::Map(_))).map(step).collect(),
    })
}

/// Which refs the runs of an event have, by its filters and GitHub's table of events (its docs, "Events that trigger
/// workflows", read 2026-11-21).
fn refs(event: &str, filters: Option<&Node>) -> Refs {
    let has = |filter: &str| filters.is_some_and(|node| node.get(filter).is_some());
    match event {
        "push" => match (has("tags") || has("tags-ignore"), has("branches") || has("branches-ignore")) {
            (true, false) => Refs::Tags,
            (false, true) => Refs::Branches,
            _ => Refs::Either,
        },
        "release" => Refs::Tags,
        "workflow_dispatch" | "workflow_call" | "create" | "deployment" | "deployment_status" => Refs::Either,
        _ => Refs::Branches,
    }
}

/// The filter that says which tags or branches those are.
fn filter(refs: Refs, filters: Option<&Node>) -> Vec<String> {
    let key = match refs {
        Refs::Tags => "tags",
        Refs::Branches => "branches",
        Refs::Either => return Vec::new(),
    };
    let written = filters.and_then(|node| node.get(key)).map(names).unwrap_or_default();
    written.into_iter().map(|text| text.value).collect()
}

/// A string, a list of strings, or the keys of a mapping: the three forms of `on` (and two of `needs`).
fn names(node: &Node) -> Vec<Text> {
    match &node.value {
        Value::Null => Vec::new(),
        Value::Text(text) => vec![text.clone()],
        Value::List(items) => items.iter().filter_map(|item| item.text().cloned()).collect(),
        Value::Map(entries) => entries.iter().map(|(key, _)| key.clone()).collect(),
    }
}

fn run_default(node: &Node, key: &str) -> Option<Text> {
    node.get("defaults")?.get("run").and_then(|run| text(run, key))
}

/// `runs-on` as a text, a list, or a group with labels.
fn labels(node: &Node) -> Vec<Text> {
    match &node.value {
        Value::Map(_) => node.get("labels").map(names).unwrap_or_default(),
        _ => names(node),
    }
}

fn permissions(node: Option<&Node>) -> Permissions {
    let Some(node) = node else { return Permissions::Unset };
    match &node.value {
        // `permissions:` with nothing behind it grants nothing by itself; read as not written, it takes nothing away either.
        Value::Null => Permissions::Unset,
        Value::Text(text) if text.value == "read-all" => Permissions::ReadAll(text.at),
        Value::Text(text) if text.value == "write-all" => Permissions::WriteAll(text.at),
        Value::Map(_) => Permissions::Only { at: node.at, scopes: pairs(Some(node)) },
        Value::Text(_) | Value::List(_) => Permissions::Odd(node.at),
    }
}

fn environment(node: Option<&Node>) -> EnvironmentRef {
    let name = node.and_then(|node| node.text().or_else(|| node.get("name").and_then(Node::text)));
    let Some(name) = name.map(|text| text.value.trim()).filter(|name| !name.is_empty()) else {
        return EnvironmentRef::None;
    };
    if name.contains("${{") {
        return EnvironmentRef::Expression(name.to_owned());
    }
    match EnvironmentName::new(name) {
        Ok(name) => EnvironmentRef::Named(name),
        Err(error) => EnvironmentRef::Unknown(error.to_string()),
    }
}

fn secrets(node: Option<&Node>) -> Secrets {
    match node.map(|node| &node.value) {
        Some(Value::Text(text)) if text.value == "inherit" => Secrets::Inherit,
        Some(Value::Map(_)) => Secrets::These(pairs(node)),
        _ => Secrets::None,
    }
}
