//! What the screen is now, for a face: where its keys are pressed, which of them make sense, and what it says in words. Nothing
//! here changes anything.

use super::bindings;
use super::{Action, Ask, AskKind, Context, Overlay, Para, RetireStage, Screen, SignIn, Stage, Wizard};
use crate::model::{Reading, Way};

impl Wizard {
    /// Where keys are pressed now.
    #[must_use]
    pub fn context(&self) -> Context {
        if self.overlay != Overlay::None {
            return Context::Overlay;
        }
        match &self.screen {
            Screen::Look(_) => Context::Look,
            Screen::SignIn(sign_in) => match sign_in {
                SignIn::Choose(_) => Context::SignInChoose,
                SignIn::AskGh | SignIn::Who(..) => Context::Confirm,
                SignIn::Paste => Context::Text,
                SignIn::Starting(_) | SignIn::Checking(..) | SignIn::Keeping { .. } => Context::Wait,
                SignIn::Code(_) => Context::SignInCode,
                SignIn::KeepElsewhere(_) => Context::Keep,
            },
            Screen::Board if self.board.filtering => Context::Text,
            Screen::Board => Context::Board,
            Screen::Step(step) => match &step.stage {
                Stage::Explain if !self.can_do(step) => Context::StepRead,
                Stage::Explain if self.guide(step).is_some_and(|guide| guide.way == Way::Browser) => {
                    Context::StepBrowser
                }
                Stage::Explain => Context::Step,
                Stage::HandOver => Context::HandOver,
                Stage::Edit(..) | Stage::Credential(_) | Stage::OneTimeCode => Context::Text,
                Stage::Authorizing(_) => Context::Wait,
                Stage::Code(_) => Context::StepCode,
                Stage::Redirects
                | Stage::Login(_)
                | Stage::SecondFactor
                | Stage::Saved
                | Stage::Covers
                | Stage::Old => Context::Confirm,
                Stage::CheckingLogin(_) | Stage::Lent(_) | Stage::Running | Stage::LookingAgain(_) => Context::Wait,
                Stage::End => Context::StepEnd,
            },
            Screen::Prove(prove) => match self.watch_of(prove) {
                None => Context::Prove,
                Some(_) => Context::ProveWatch,
            },
            Screen::Retire(retire) => match retire.stage {
                RetireStage::Reading(_) | RetireStage::Deleting => Context::Wait,
                RetireStage::List => Context::Retire,
                RetireStage::Revoked => Context::Confirm,
                RetireStage::Name(_) => Context::Text,
                RetireStage::ByHand(_) => Context::RetireByHand,
            },
            Screen::Review(_) => Context::Review,
            Screen::Secrets => Context::List,
            Screen::Receipt => Context::Receipt,
        }
    }

    /// Whether an action makes sense now; the help bar and the plain face show only those that do.
    #[must_use]
    pub fn allows(&self, action: Action) -> bool {
        match &self.screen {
            Screen::Look(failed) => match action {
                Action::Go => failed.is_none() && matches!(self.facts.local, Reading::Seen(_)),
                _ => true,
            },
            Screen::SignIn(sign_in) => self.allows_sign_in(sign_in, action),
            Screen::Board => self.allows_board(action),
            Screen::Step(step) => self.allows_step(step, action),
            Screen::Prove(prove) => self.allows_prove(prove, action),
            Screen::Retire(retire) => self.allows_retire(retire, action),
            Screen::Review(review) => action != Action::OtherWay || review.may_part(),
            Screen::Secrets | Screen::Receipt => true,
        }
    }

    /// The screen in words; what lies over it comes first.
    #[must_use]
    pub fn ask(&self) -> Ask {
        match &self.overlay {
            Overlay::Problem(report) => {
                let mut body: Vec<Para> =
                    report.causes.iter().map(|cause| Para::Text(format!("because: {cause}"))).collect();
                body.extend(report.hint.iter().map(|hint| Para::Strong(hint.clone())));
                return Ask::note("problem", format!("Something did not work: {}", report.message), body);
            }
            Overlay::Leave(text) => {
                return Ask::note("leave", "Leave now?", vec![Para::Text(text.clone())]).wanting(AskKind::Confirm);
            }
            Overlay::Help => return self.ask_help(),
            Overlay::Rungs => return self.ask_rungs(),
            Overlay::None => {}
        }
        match &self.screen {
            Screen::Look(failed) => self.ask_look(failed.as_ref()),
            Screen::SignIn(sign_in) => self.ask_sign_in(sign_in),
            Screen::Board => self.ask_board(),
            Screen::Step(step) => self.ask_step(step),
            Screen::Prove(prove) => self.ask_prove(prove),
            Screen::Retire(retire) => self.ask_retire(retire),
            Screen::Review(review) => self.ask_review(review),
            Screen::Secrets => self.ask_secrets(),
            Screen::Receipt => self.receipt(),
        }
    }

    /// The keys of the screen below.
    fn ask_help(&self) -> Ask {
        let mut below = self.clone();
        below.overlay = Overlay::None;
        let body = bindings(below.context())
            .filter(|binding| !binding.label.is_empty() && below.allows(binding.action))
            .map(|binding| Para::Pair(binding.key.label(), binding.label.to_owned()))
            .collect();
        Ask::note("help", "Keys here", body)
    }
}
