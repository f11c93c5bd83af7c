//! The values of a step: which one the cursor is on, and what is copied or typed of them.

use super::{Effect, StepScreen, Wizard};
use crate::model::{FieldValue, Guide};

impl Wizard {
    /// Goes to the next value that can be copied, or the one before.
    pub(super) fn move_field(&mut self, step: &StepScreen, by: isize) -> Vec<Effect> {
        let last = self.copyable(step).len().saturating_sub(1);
        self.with_step(|step| step.field = step.field.saturating_add_signed(by).min(last));
        Vec::new()
    }

    pub(super) fn copy_field(&mut self, step: &StepScreen) -> Vec<Effect> {
        let mut values = self.copyable(step);
        if step.field < values.len() { vec![Effect::Copy(values.swap_remove(step.field))] } else { Vec::new() }
    }

    /// Which field of the guide the cursor is on, of all of them; `None`: none can be copied.
    #[must_use]
    pub fn pointed(&self, step: &StepScreen) -> Option<usize> {
        let fields = self.guide(step)?.fields;
        let exact = fields.iter().enumerate().filter(|(_, field)| field.value.exact().is_some());
        exact.map(|(at, _)| at).take(step.field + 1).last()
    }

    /// What can be copied: each exact value alone, or the lines to paste.
    pub(super) fn copyable(&self, step: &StepScreen) -> Vec<String> {
        match self.guide(step) {
            Some(guide) => guide.fields.iter().filter_map(|field| field.value.exact().map(str::to_owned)).collect(),
            None => self.paste(step).into_iter().collect(),
        }
    }
}

/// What the person in the browser would do with this guide: open its page and type its values.
pub(super) fn visit(guide: Guide) -> Option<Effect> {
    let text = |value: FieldValue| match value {
        FieldValue::Exact(text) => Some(text),
        FieldValue::Empty => Some(String::new()),
        FieldValue::Act(_) => None,
    };
    let typed = guide.fields.into_iter().filter_map(|field| Some((field.label, text(field.value)?))).collect();
    guide.link.map(|link| Effect::Visit(link.url, typed))
}
