//! What a person types over in a step: the workflow and the environment of the publisher that is to be registered.

use super::step::EditField;
use super::{Effect, Screen, Stage, Wizard};
use crate::model::{EnvironmentName, TrustedPublisher, WorkflowFile};
use crate::{plan, registry};

impl Wizard {
    /// A value was typed.
    pub(super) fn edited(&mut self, field: &EditField, text: &str) -> Vec<Effect> {
        match field {
            EditField::Workflow => match WorkflowFile::new(text.trim()) {
                Ok(workflow) => self.stage(Stage::Edit(EditField::Environment(workflow), None)),
                Err(why) => self.stage(Stage::Edit(EditField::Workflow, Some(why.to_string()))),
            },
            EditField::Environment(workflow) => {
                let environment = match text.trim() {
                    "" => Ok(None),
                    name => EnvironmentName::new(name).map(Some),
                };
                match environment {
                    Ok(environment) => self.take_edit(workflow, environment.as_ref()),
                    Err(why) => self.stage(Stage::Edit(field.clone(), Some(why.to_string()))),
                }
            }
        }
    }

    fn take_edit(&mut self, workflow: &WorkflowFile, environment: Option<&EnvironmentName>) -> Vec<Effect> {
        let (Screen::Step(step), Some(repository)) = (self.screen.clone(), self.slug().cloned()) else {
            return Vec::new();
        };
        // Only the file's name is typed: the workflow of another repository stays one.
        let row = step.turn().and_then(|item| self.plan.row(&item.package));
        let told = row.and_then(|row| plan::workflow_of(&self.facts, &row.package));
        let trusted = told.filter(|told| told.file_alone() == workflow).unwrap_or_else(|| workflow.clone().into());
        let publisher = TrustedPublisher { repository, workflow: trusted, environment: environment.cloned() };
        let refused = registry::guides(step.registry).check(&publisher);
        if let Some(finding) = refused.first() {
            let field = EditField::Environment(workflow.clone());
            return self.stage(Stage::Edit(field, Some(finding.message.clone())));
        }
        for item in &step.items {
            self.answers.publishers.insert(item.package.clone(), publisher.clone());
        }
        self.replan();
        self.stage(Stage::Explain)
    }
}
