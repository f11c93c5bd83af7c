//! The values of a step: which one the cursor is on, and what is copied or typed of them.

use super::{Effect, StepScreen, Wizard};
use crate::model::Guide;

impl Wizard {
    pub(super) fn move_field(&mut self, step: &StepScreen, by: isize) -> Vec<Effect> {
        let last = self.copyable(step).len().saturating_sub(1);
        self.with_step(|step| step.field = step.field.saturating_add_signed(by).min(last));
        Vec::new()
    }

    pub(super) fn copy_field(&mut self, step: &StepScreen) -> Vec<Effect> {
        let mut values = self.copyable(step);
        if step.field < values.len() { vec![Effect::Copy(values.swap_remove(step.field))] } else { Vec::new() }
    }

    /// What can be copied: each value alone, or the lines to paste.
    pub(super) fn copyable(&self, step: &StepScreen) -> Vec<String> {
        match self.guide(step) {
            Some(guide) => guide.fields.into_iter().map(|field| field.value).collect(),
            None => self.paste(step).into_iter().collect(),
        }
    }
}

/// What the person in the browser would do with this guide: open its page and type its values.
pub(super) fn visit(guide: Guide) -> Option<Effect> {
    let typed = guide.fields.into_iter().map(|field| (field.label, field.value)).collect();
    guide.link.map(|link| Effect::Visit(link.url, typed))
}
