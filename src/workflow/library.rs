//! Files of the repository that a workflow leads to: actions, scripts, manifests with scripts. Each is read once.
//!
//! Nothing is run, and what cannot be read is told to whoever asked.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::checkout::{FileSource, ReadError};
use crate::model::{Finding, RelPath, SourceFile};

use super::model::{CompositeAction, Workflow};
use super::parse;

/// How large a script may be to be read, in bytes.
const MAX_SCRIPT: usize = 256 * 1024;

/// Targets with their commands, those that are run first in front.
pub(super) type Recipes = Rc<[(String, String)]>;

/// The files, and what was made of them so far.
pub(super) struct Library<'a> {
    source: &'a dyn FileSource,
    pub(super) workflows: &'a [Workflow],
    actions: RefCell<BTreeMap<RelPath, Option<Rc<CompositeAction>>>>,
    scripts: RefCell<BTreeMap<RelPath, Option<Rc<str>>>>,
    manifests: RefCell<BTreeMap<RelPath, Option<Rc<serde_json::Value>>>>,
    recipes: RefCell<BTreeMap<(RelPath, String), Recipes>>,
    findings: RefCell<Vec<Finding>>,
    read: RefCell<Vec<SourceFile>>,
}

impl<'a> Library<'a> {
    pub(super) fn new(source: &'a dyn FileSource, workflows: &'a [Workflow]) -> Self {
        Self {
            source,
            workflows,
            actions: RefCell::default(),
            scripts: RefCell::default(),
            manifests: RefCell::default(),
            recipes: RefCell::default(),
            findings: RefCell::default(),
            read: RefCell::default(),
        }
    }

    /// The action in a folder: its `action.yml` or `action.yaml`; `None` where there is none that can be read.
    pub(super) fn action(&self, folder: &RelPath) -> Option<Rc<CompositeAction>> {
        if let Some(known) = self.actions.borrow().get(folder) {
            return known.clone();
        }
        let file = ["action.yml", "action.yaml"].iter().find_map(|name| self.file(&folder.join(name).ok()?));
        let action = file.and_then(|file| parse::action(&file, &mut self.findings.borrow_mut())).map(Rc::new);
        self.actions.borrow_mut().insert(folder.clone(), action.clone());
        action
    }

    /// A file's text, if it is there and small enough to be a script.
    pub(super) fn text(&self, path: &RelPath) -> Option<Rc<str>> {
        if let Some(known) = self.scripts.borrow().get(path) {
            return known.clone();
        }
        let file = self.file(path).filter(|file| file.bytes.len() <= MAX_SCRIPT);
        let text = file.and_then(|file| std::str::from_utf8(&file.bytes).ok().map(Rc::from));
        self.scripts.borrow_mut().insert(path.clone(), text.clone());
        text
    }

    /// A JSON file, if it is there and is one.
    pub(super) fn json(&self, path: &RelPath) -> Option<Rc<serde_json::Value>> {
        if let Some(known) = self.manifests.borrow().get(path) {
            return known.clone();
        }
        let text = self.text(path);
        let read = text.and_then(|text| serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()).map(Rc::new);
        self.manifests.borrow_mut().insert(path.clone(), read.clone());
        read
    }

    /// What a target of a file comes to; `read` tells it of the file's text, once.
    pub(super) fn recipes(
        &self,
        path: &RelPath,
        target: &str,
        read: impl FnOnce() -> Vec<(String, String)>,
    ) -> Recipes {
        let key = (path.clone(), target.to_owned());
        if let Some(known) = self.recipes.borrow().get(&key) {
            return Rc::clone(known);
        }
        let recipes: Recipes = read().into();
        self.recipes.borrow_mut().insert(key, Rc::clone(&recipes));
        recipes
    }

    /// Whether a file is there.
    pub(super) fn has(&self, path: &RelPath) -> bool {
        self.source.paths().binary_search(path).is_ok()
    }

    /// The files whose path ends so, at most this many.
    pub(super) fn ending(&self, end: &str, most: usize) -> Vec<RelPath> {
        self.source.paths().iter().filter(|path| path.as_str().ends_with(end)).take(most).cloned().collect()
    }

    /// The files that were asked for and read, and what was wrong with the others.
    pub(super) fn close(self) -> (Vec<SourceFile>, Vec<Finding>) {
        (self.read.into_inner(), self.findings.into_inner())
    }

    fn file(&self, path: &RelPath) -> Option<SourceFile> {
        match self.source.read(path) {
            Ok(file) => {
                self.read.borrow_mut().push(file.clone());
                Some(file)
            }
            Err(ReadError::Missing(_)) => None,
            Err(error) => {
                self.findings.borrow_mut().push(error.finding());
                None
            }
        }
    }
}
