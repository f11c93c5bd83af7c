//! A workflow file opened for repair: its text, where its parts lie, and what it says.
//!
//! Every edit is made twice: as splices on the text, and as a change of what the file says. The new text must then read as
//! exactly that, else the edit is withdrawn; so an edit that reached further than it should can't get out of this file.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::super::model::{Job, Step, Workflow};
use super::super::parse;
use super::layout::{self, Kind, Node};
use super::step_ref::{Moves, StepRef};
use super::{Obstacle, Splice};
use crate::model::{JobId, SourceFile};
use crate::yaml;

/// A step on the way to a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Seg {
    Key(String),
    Item(usize),
}

/// The way from the root to a node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Path(pub(super) Vec<Seg>);

impl Path {
    pub(super) fn job(job: &JobId) -> Self {
        Self::default().key("jobs").key(job.as_str())
    }

    pub(super) fn step(job: &JobId, index: usize) -> Self {
        Self::job(job).key("steps").item(index)
    }

    pub(super) fn key(&self, key: &str) -> Self {
        Self(self.0.iter().cloned().chain([Seg::Key(key.to_owned())]).collect())
    }

    pub(super) fn item(&self, index: usize) -> Self {
        Self(self.0.iter().cloned().chain([Seg::Item(index)]).collect())
    }
}

/// A change of what a file says.
#[derive(Debug, Clone)]
pub(super) enum Change {
    /// The node has this value; a new entry of a mapping, or another value of an old one.
    Set(Path, Value),
    /// The entry, or the item, is gone.
    Remove(Path),
    /// There is a new item before the one that the path leads to.
    Insert(Path, Value),
}

/// An edit: what becomes of the text (from the last place to the first), and what that means.
#[derive(Debug, Clone)]
pub(super) struct Edit {
    pub(super) splices: Vec<Splice>,
    pub(super) changes: Vec<Change>,
}

/// A file opened for repair.
#[derive(Debug)]
pub(super) struct Document {
    file: SourceFile,
    text: String,
    root: Node,
    aliased: HashSet<usize>,
    meaning: Value,
    workflow: Workflow,
    /// Everything that was spliced so far, in order.
    pub(super) splices: Vec<Splice>,
    /// The steps that came and went.
    pub(super) moves: Moves,
}

impl Document {
    /// Opens a file.
    pub(super) fn open(file: &SourceFile) -> Result<Self, Obstacle> {
        let unreadable = |why: &str| Obstacle::Unreadable(why.to_owned());
        let tree = yaml::parse(&file.bytes).map_err(|error| unreadable(&error.to_string()))?;
        let workflow = parse::workflow_of(file, &tree).ok_or_else(|| unreadable("it is no workflow"))?;
        let text = String::from_utf8(file.bytes.to_vec()).map_err(|error| unreadable(&error.to_string()))?;
        let root = layout::read(&text).ok_or_else(|| unreadable("its parts can't be found again"))?;
        let mut aliased = HashSet::new();
        root.each(&mut |node| {
            if let Kind::Alias(id) = node.kind {
                aliased.insert(id);
            }
        });
        let meaning = meaning(&tree);
        Ok(Self {
            file: file.clone(),
            text,
            root,
            aliased,
            meaning,
            workflow,
            splices: Vec::new(),
            moves: Moves::default(),
        })
    }

    /// The text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The file as it would be now.
    pub(super) fn file(&self) -> &SourceFile {
        &self.file
    }

    /// What the file says about publishing.
    pub(super) fn workflow(&self) -> &Workflow {
        &self.workflow
    }

    /// A job of it.
    pub(super) fn job(&self, id: &JobId) -> Result<&Job, Obstacle> {
        self.workflow.jobs.iter().find(|job| job.id == *id).ok_or_else(|| Obstacle::NoJob(id.clone()))
    }

    /// A step and its number now; `None`: a repair took it out.
    pub(super) fn step(&self, id: &JobId, step: StepRef) -> Result<Option<(usize, &Step)>, Obstacle> {
        let job = self.job(id)?;
        let written = self.says(&Path::job(id).key("steps")).and_then(Value::as_array).map_or(0, Vec::len);
        let Some(index) = self.moves.now(id, step) else { return Ok(None) };
        // A step that is no mapping is left out of the reading: then the numbers differ.
        match job.steps.get(index).filter(|_| written == job.steps.len()) {
            Some(step) => Ok(Some((index, step))),
            None => Err(Obstacle::NoStep(id.clone())),
        }
    }

    /// The node at the end of a way on which every mapping and sequence can be edited.
    pub(super) fn reach(&self, path: &Path) -> Result<&Node, Obstacle> {
        let mut node = self.open_node(&self.root)?;
        for (depth, seg) in path.0.iter().enumerate() {
            let next = match seg {
                Seg::Key(key) => node.entry(key).map(|(_, value)| value),
                Seg::Item(index) => node.items().get(*index),
            };
            node = next.ok_or_else(|| Obstacle::NotThere(shown(&path.0[..=depth])))?;
            self.open_node(node).map_err(|obstacle| obstacle.at(&shown(&path.0[..=depth])))?;
        }
        Ok(node)
    }

    /// Whether something is at the end of the way, in whatever form it is written.
    pub(super) fn has(&self, path: &Path) -> bool {
        find(&self.meaning, &path.0).is_some()
    }

    /// What a node says.
    pub(super) fn says(&self, path: &Path) -> Option<&Value> {
        find(&self.meaning, &path.0)
    }

    /// Refuses a node whose bytes can't be changed without reaching further.
    fn open_node<'a>(&self, node: &'a Node) -> Result<&'a Node, Obstacle> {
        if node.anchor > 0 && self.aliased.contains(&node.anchor) {
            return Err(Obstacle::Anchored(String::new()));
        }
        match &node.kind {
            _ if node.tagged => Err(Obstacle::Tagged(String::new())),
            Kind::Alias(_) => Err(Obstacle::Alias(String::new())),
            Kind::Map { flow: true, .. } | Kind::List { flow: true, .. } => Err(Obstacle::Flow(String::new())),
            Kind::Map { entries, .. } if entries.iter().any(|(key, _)| key.text() == Some("<<")) => {
                Err(Obstacle::MergeKey(String::new()))
            }
            _ => Ok(node),
        }
    }

    /// Whether anything in a node is referred to from elsewhere.
    pub(super) fn is_referred_to(&self, node: &Node) -> bool {
        let mut found = false;
        node.each(&mut |node| found |= node.anchor > 0 && self.aliased.contains(&node.anchor));
        found
    }

    /// Makes an edit, if the result says what it should and nothing else.
    pub(super) fn make(&mut self, edit: Edit) -> Result<(), Obstacle> {
        let mut text = self.text.clone();
        for splice in &edit.splices {
            splice.apply(&mut text).ok_or(Obstacle::Unsound)?;
        }
        let mut wanted = self.meaning.clone();
        for change in &edit.changes {
            change.apply(&mut wanted).ok_or(Obstacle::Unsound)?;
        }
        let file = SourceFile::new(self.file.path.clone(), text.as_bytes());
        let mut next = Self::open(&file).map_err(|_| Obstacle::Unsound)?;
        if next.meaning != wanted {
            return Err(Obstacle::Unsound);
        }
        next.splices = std::mem::take(&mut self.splices);
        next.splices.extend(edit.splices);
        next.moves = std::mem::take(&mut self.moves);
        *self = next;
        Ok(())
    }
}

impl Change {
    fn apply(&self, value: &mut Value) -> Option<()> {
        let (Self::Set(path, _) | Self::Remove(path) | Self::Insert(path, _)) = self;
        let (last, way) = path.0.split_last()?;
        let parent = way.iter().try_fold(value, |value, seg| match seg {
            Seg::Key(key) => value.get_mut(key),
            Seg::Item(index) => value.get_mut(*index),
        })?;
        match (self, last) {
            (Self::Set(_, new), Seg::Key(key)) => {
                parent.as_object_mut()?.insert(key.clone(), new.clone());
            }
            (Self::Set(_, new), Seg::Item(index)) => *parent.get_mut(*index)? = new.clone(),
            (Self::Remove(_), Seg::Key(key)) => {
                parent.as_object_mut()?.remove(key)?;
            }
            (Self::Remove(_), Seg::Item(index)) => {
                let items = parent.as_array_mut().filter(|items| *index < items.len())?;
                items.remove(*index);
            }
            (Self::Insert(_, new), Seg::Item(index)) => {
                let items = parent.as_array_mut().filter(|items| *index <= items.len())?;
                items.insert(*index, new.clone());
            }
            (Self::Insert(..), Seg::Key(_)) => return None,
        }
        Some(())
    }
}

fn find<'a>(value: &'a Value, path: &[Seg]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, seg| match seg {
        Seg::Key(key) => value.get(key),
        Seg::Item(index) => value.get(*index),
    })
}

/// What a document says, without places and spelling. Depth and size are bounded by the reading.
fn meaning(node: &yaml::Node) -> Value {
    match &node.value {
        yaml::Value::Null => Value::Null,
        yaml::Value::Text(text) => Value::String(text.value.clone()),
        yaml::Value::List(items) => Value::Array(items.iter().map(meaning).collect()),
        yaml::Value::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| (key.value.clone(), meaning(value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
    }
}

/// A way as people write it: `jobs.publish.steps[2]`.
fn shown(path: &[Seg]) -> String {
    let mut text = String::new();
    for seg in path {
        match seg {
            Seg::Key(key) if text.is_empty() => text.push_str(key),
            Seg::Key(key) => text.extend([".", key]),
            Seg::Item(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}
