//! How a step comes by a registry's credential: typed, handed out by a code in the browser, and the one-time code besides.

use secrecy::SecretString;

use super::{
    Action, Ask, AskKind, DeviceCode, DeviceNews, Effect, Mark, Para, Screen, SignIn, Stage, StepScreen, Ticket, Wizard,
};
use crate::model::Registry;
use crate::registry::{self, CredentialBy};
use crate::report::Report;

/// What stands around a code that is up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeWords {
    /// Who wants it.
    pub title: String,
    /// What it opens.
    pub about: String,
    /// What is done with it on the page: `Type`, `Compare`.
    pub verb: &'static str,
    /// When not to.
    pub warning: &'static str,
}

impl Wizard {
    /// The code that is up, and what stands around it: GitHub's or a registry's.
    #[must_use]
    pub fn code_up(&self) -> Option<(&DeviceCode, CodeWords)> {
        match &self.screen {
            Screen::SignIn(SignIn::Code(code)) => Some((
                code,
                CodeWords {
                    title: "GitHub wants to see you once.".to_owned(),
                    about: self.settings.app.clone(),
                    verb: "Type",
                    warning: "Type this code only because you started this here. Nobody will send you one.",
                },
            )),
            Screen::Step(StepScreen { stage: Stage::Code(code), registry, .. }) => {
                let wish = registry::guides(*registry).credential(&self.facts.endpoints);
                let words = CodeWords {
                    title: format!("{registry} wants to see you once."),
                    about: wish.map(|wish| format!("{} It stays in memory.", wish.what)).unwrap_or_default(),
                    verb: "Compare",
                    warning: "Approve it only if the page shows this very code, and because you started this here.",
                };
                Some((code, words))
            }
            _ => None,
        }
    }

    /// The code in words.
    pub(super) fn ask_code(&self, id: &'static str) -> Ask {
        let Some((code, words)) = self.code_up() else { return Ask::note(id, "No code is up", Vec::new()) };
        let mut body = vec![
            Para::Text("Open this page:".into()),
            Para::Verbatim(code.verification_uri.clone()),
            Para::Text(format!("and {} this code:", words.verb.to_lowercase())),
            Para::Verbatim(code.user_code.clone()),
            Para::Text(format!("The code is good for {}.", crate::plan::minutes(code.expires.since(self.facts.now)))),
        ];
        body.extend(code.trouble.clone().map(|trouble| Para::Marked(Mark::Unknown, trouble)));
        body.push(Para::Text(words.warning.to_owned()));
        Ask::note(id, "Waiting for you in the browser", body).wanting(AskKind::Wait)
    }

    /// Gets the registry's credential: by its code where it hands one out, else by asking the person for it.
    pub(super) fn want_credential(&mut self, registry: Registry, refused: Option<Report>) -> Vec<Effect> {
        let wish = registry::guides(registry).credential(&self.facts.endpoints);
        if wish.is_none_or(|wish| wish.by == CredentialBy::Typed) {
            return self.stage(Stage::Credential(refused));
        }
        self.status = refused.map(|report| report.line());
        let ticket = self.ticket();
        self.stage(Stage::Authorizing(ticket));
        vec![Effect::Authorize(ticket, registry)]
    }

    /// A credential was typed; it goes to the runtime and is not kept here.
    pub(super) fn credential(&mut self, secret: SecretString) -> Vec<Effect> {
        let Screen::Step(step) = &self.screen else { return Vec::new() };
        let registry = step.registry;
        self.credentials.insert(registry);
        let mut effects = vec![Effect::KeepCredential(registry, secret)];
        effects.extend(self.run());
        effects
    }

    /// A one-time code was typed: it goes along with the next calls.
    pub(super) fn one_time_code(&mut self, code: SecretString) -> Vec<Effect> {
        let Screen::Step(step) = &self.screen else { return Vec::new() };
        let mut effects = vec![Effect::TakeCode(step.registry, code)];
        effects.extend(self.run());
        effects
    }

    /// What a person does while a code is asked for or up; `None`: nothing of that.
    pub(super) fn act_code(&mut self, step: &StepScreen, action: Action) -> Option<Vec<Effect>> {
        let ticket = match &step.stage {
            Stage::Authorizing(ticket) => *ticket,
            Stage::Code(code) => code.ticket,
            _ => return None,
        };
        Some(match (&step.stage, action) {
            (_, Action::Back) => {
                self.step_back();
                vec![Effect::Cancel(ticket)]
            }
            (Stage::Code(_), Action::PasteToken) => {
                self.stage(Stage::Credential(None));
                vec![Effect::Cancel(ticket)]
            }
            (Stage::Code(code), Action::Open) => vec![Effect::Open(code.verification_uri.clone())],
            (Stage::Code(code), Action::Copy) => vec![Effect::Copy(code.user_code.clone())],
            (Stage::Code(code), Action::Visit) => {
                vec![Effect::Visit(code.verification_uri.clone(), vec![("code".to_owned(), code.user_code.clone())])]
            }
            _ => Vec::new(),
        })
    }

    /// News of the code; of a forgotten one it is dropped.
    pub(super) fn code_news(&mut self, ticket: Ticket, news: DeviceNews) -> Vec<Effect> {
        let started = self.facts.now;
        self.with_step(|step| match (&mut step.stage, news) {
            (Stage::Authorizing(asked), DeviceNews::Code { user_code, verification_uri, expires })
                if *asked == ticket =>
            {
                let trouble = None;
                step.stage = Stage::Code(DeviceCode { ticket, user_code, verification_uri, started, expires, trouble });
            }
            (Stage::Code(code), DeviceNews::Trouble(what)) if code.ticket == ticket => {
                code.trouble = Some(format!("trouble, still trying: {what}"));
            }
            (Stage::Code(code), DeviceNews::Recovered) if code.ticket == ticket => code.trouble = None,
            _ => {}
        });
        Vec::new()
    }

    /// The registry has handed out its credential, which the runtime holds; or why not.
    pub(super) fn authorized(&mut self, ticket: Ticket, result: Result<(), Report>) -> Vec<Effect> {
        let Screen::Step(step) = &self.screen else { return Vec::new() };
        let registry = step.registry;
        match &step.stage {
            Stage::Authorizing(asked) if *asked == ticket => {}
            Stage::Code(code) if code.ticket == ticket => {}
            _ => return Vec::new(),
        }
        match result {
            Ok(()) => {
                self.credentials.insert(registry);
                self.run()
            }
            Err(report) => self.stage(Stage::Credential(Some(report))),
        }
    }

    pub(super) fn ask_credential(&self, step: &StepScreen, refused: Option<&Report>) -> Ask {
        let guides = registry::guides(step.registry);
        let mut body = Vec::new();
        if let Some(report) = refused {
            body.push(Para::Marked(Mark::Refused, report.line()));
            body.extend(report.hint.iter().cloned().map(Para::Text));
        }
        if let Some(wish) = guides.credential(&self.facts.endpoints) {
            body.push(Para::Text(wish.what));
            body.push(Para::Verbatim(wish.page));
        }
        body.push(Para::Faint("It stays in memory, for this sitting only, and goes to that registry alone.".into()));
        if let Some(demo) = &self.settings.demo {
            body.push(Para::Text(match demo.tokens.get(&step.registry) {
                Some(token) => format!("In the demo the token is {token}"),
                None => format!("The demo has no token of {}.", step.registry),
            }));
        }
        Ask::note("step.credential", format!("{} wants a token", step.registry), body)
            .wanting(AskKind::Secret { label: format!("{} token", step.registry) })
    }

    pub(super) fn ask_one_time_code(&self, step: &StepScreen) -> Ask {
        let what = registry::guides(step.registry).one_time_code().unwrap_or_default();
        let body = vec![
            Para::Text(what.to_owned()),
            Para::Faint("A code that was refused or is used up is asked for again.".into()),
        ];
        Ask::note("step.code", format!("{} wants a one-time code", step.registry), body)
            .wanting(AskKind::Secret { label: "code".into() })
    }
}
