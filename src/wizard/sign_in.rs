//! Signing in to GitHub: choosing how, the device code, whose token it is, and where it is kept.

use super::{
    Account, Action, Ask, AskKind, DeviceNews, Effect, KeepIn, Para, Read, Screen, Sources, Ticket, TokenFrom, Trouble,
    Wizard,
};
use crate::model::{Auth, Identity, Timestamp, TokenReach};
use crate::report::Report;

/// Where the sign-in stands.
#[derive(Debug, Clone, PartialEq)]
pub enum SignIn {
    /// Which way; `Some`: why the last try ended.
    Choose(Option<Report>),
    /// May gh be asked for its token?
    AskGh,
    /// A token is being pasted.
    Paste,
    /// A code was asked for.
    Starting(Ticket),
    /// The code is up.
    Code(DeviceCode),
    /// GitHub is asked whose token it is.
    Checking(Ticket, String, Keep),
    /// Is that you?
    Who(Identity, String, Keep),
    /// The keyring is asked to keep the token; `true`: it has been silent for a while.
    Keeping {
        /// No answer for some seconds: perhaps a password window is open.
        silent: bool,
    },
    /// No keyring keeps it, for this reason: where else?
    KeepElsewhere(String),
}

/// Whether a token that is not stored yet should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// It was obtained here.
    Offer,
    /// It lives elsewhere already (the environment, gh, the keyring).
    No,
}

/// The device code and its clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceCode {
    /// The flow that waits for it.
    pub ticket: Ticket,
    /// What to type.
    pub user_code: String,
    /// Where to type it.
    pub verification_uri: String,
    /// Since when.
    pub started: Timestamp,
    /// Until when it is good.
    pub expires: Timestamp,
    /// What troubles the waiting, if anything.
    pub trouble: Option<String>,
}

impl SignIn {
    /// Whether time matters on it.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        matches!(self, Self::Starting(_) | Self::Code(_) | Self::Checking(..) | Self::Keeping { .. })
    }

    fn ticket(&self) -> Option<Ticket> {
        match self {
            Self::Starting(ticket) | Self::Checking(ticket, ..) => Some(*ticket),
            Self::Code(code) => Some(code.ticket),
            _ => None,
        }
    }
}

impl Wizard {
    /// To the sign-in screen, or past it where a token is at hand.
    pub(super) fn begin_sign_in(&mut self) -> Vec<Effect> {
        if self.settings.offline || self.slug().is_none() {
            self.screen = Screen::Board;
            return Vec::new();
        }
        match &self.sources {
            Some(sources) if sources.environment.is_some() => self.sign_in_from(TokenFrom::Environment),
            Some(sources) if sources.stored => self.sign_in_from(TokenFrom::Stored),
            _ => {
                self.screen = Screen::SignIn(SignIn::Choose(None));
                Vec::new()
            }
        }
    }

    /// A keyring may be slow: who went on before it answered, and has chosen nothing yet, is signed in as if it had.
    pub(super) fn sources_known(&mut self, sources: Sources) -> Vec<Effect> {
        let first = self.sources.replace(sources).is_none();
        let unchosen = matches!(self.screen, Screen::SignIn(SignIn::Choose(None)));
        if first && unchosen { self.begin_sign_in() } else { Vec::new() }
    }

    fn sign_in_from(&mut self, from: TokenFrom) -> Vec<Effect> {
        let mut effects = self.stop_sign_in();
        let ticket = self.ticket();
        let checking = |what: &str, keep| SignIn::Checking(ticket, what.to_owned(), keep);
        self.screen = Screen::SignIn(match &from {
            TokenFrom::Device => SignIn::Starting(ticket),
            TokenFrom::Environment => checking("the environment's token", Keep::No),
            TokenFrom::Stored => checking("the token kept from last time", Keep::No),
            TokenFrom::Gh => checking("gh's token", Keep::No),
            TokenFrom::Pasted(_) => checking("the pasted token", Keep::No),
        });
        effects.push(Effect::SignIn(ticket, from));
        effects
    }

    fn stop_sign_in(&mut self) -> Vec<Effect> {
        match &self.screen {
            Screen::SignIn(sign_in) => sign_in.ticket().map(Effect::Cancel).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// An action on the sign-in screen.
    pub(super) fn act_sign_in(&mut self, action: Action) -> Vec<Effect> {
        let Screen::SignIn(sign_in) = &self.screen else { return Vec::new() };
        match (sign_in, action) {
            (SignIn::Choose(_), Action::Go) => self.sign_in_from(TokenFrom::Device),
            (SignIn::Choose(_), Action::UseStored) => self.sign_in_from(TokenFrom::Stored),
            (SignIn::Choose(_), Action::UseEnvironment) => self.sign_in_from(TokenFrom::Environment),
            (SignIn::AskGh, Action::Yes) => self.sign_in_from(TokenFrom::Gh),
            (SignIn::Choose(_) | SignIn::Code(_), Action::UseGh) => self.sign_in_stage(SignIn::AskGh),
            (SignIn::Choose(_) | SignIn::Code(_), Action::PasteToken) => self.sign_in_stage(SignIn::Paste),
            (SignIn::Choose(_) | SignIn::Code(_), Action::Without) => {
                let mut effects = self.stop_sign_in();
                self.account = Account::Nobody;
                // A token whose owner was not confirmed may still be held.
                effects.push(Effect::DropToken);
                effects.extend(self.go_home());
                effects
            }
            (SignIn::Code(code), Action::Open) => vec![Effect::Open(code.verification_uri.clone())],
            (SignIn::Code(code), Action::Copy) => vec![Effect::Copy(code.user_code.clone())],
            (SignIn::Code(code), Action::Visit) => vec![Effect::Visit(
                code.verification_uri.clone(),
                vec![("user_code".to_owned(), code.user_code.clone())],
            )],
            (SignIn::Who(identity, from, keep), Action::Yes) => {
                let keep = *keep;
                self.account = Account::SignedIn(identity.clone(), from.clone());
                self.status = Some(format!("signed in as {}", identity.login));
                let mut effects = self.go_home();
                if keep == Keep::Offer {
                    self.screen = Screen::SignIn(SignIn::Keeping { silent: false });
                    effects.push(Effect::KeepToken(KeepIn::Keyring));
                }
                effects
            }
            (SignIn::Who(..), Action::No) => {
                let mut effects = self.sign_in_stage(SignIn::Choose(None));
                effects.push(Effect::ForgetToken);
                effects
            }
            (SignIn::KeepElsewhere(_), Action::KeepInFile) => vec![Effect::KeepToken(KeepIn::File)],
            (SignIn::KeepElsewhere(_), Action::KeepInMemory) | (SignIn::Keeping { .. }, Action::Back) => {
                vec![Effect::KeepToken(KeepIn::Memory)]
            }
            (SignIn::Choose(_), Action::Back) => {
                self.screen = Screen::Look(None);
                Vec::new()
            }
            (_, Action::Back | Action::No) => self.sign_in_stage(SignIn::Choose(None)),
            _ => Vec::new(),
        }
    }

    fn sign_in_stage(&mut self, stage: SignIn) -> Vec<Effect> {
        let effects = self.stop_sign_in();
        self.screen = Screen::SignIn(stage);
        effects
    }

    /// A pasted token.
    pub(super) fn pasted(&mut self, token: secrecy::SecretString) -> Vec<Effect> {
        self.sign_in_from(TokenFrom::Pasted(token))
    }

    /// News of the device flow; of a forgotten one it is dropped.
    pub(super) fn device_news(&mut self, ticket: Ticket, news: DeviceNews) -> Vec<Effect> {
        let Screen::SignIn(sign_in) = &mut self.screen else { return Vec::new() };
        if sign_in.ticket() != Some(ticket) {
            return Vec::new();
        }
        match (sign_in, news) {
            (sign_in, DeviceNews::Code { user_code, verification_uri, expires }) => {
                let started = self.facts.now;
                *sign_in =
                    SignIn::Code(DeviceCode { ticket, user_code, verification_uri, started, expires, trouble: None });
            }
            (SignIn::Code(code), DeviceNews::SlowedDown { interval }) => {
                code.trouble = Some(format!("GitHub asks for patience: untoken now asks every {interval} s"));
            }
            (SignIn::Code(code), DeviceNews::Trouble(what)) => {
                code.trouble = Some(format!("network trouble, still trying: {what}"));
            }
            (SignIn::Code(code), DeviceNews::Recovered) => code.trouble = None,
            _ => {}
        }
        Vec::new()
    }

    /// The sign-in ended, one way or the other.
    pub(super) fn signed_in(&mut self, ticket: Ticket, result: Result<(Identity, String), Report>) -> Vec<Effect> {
        let Screen::SignIn(sign_in) = &self.screen else { return Vec::new() };
        if sign_in.ticket() != Some(ticket) {
            return Vec::new();
        }
        let keep = match sign_in {
            SignIn::Checking(_, _, keep) => *keep,
            _ => Keep::Offer,
        };
        self.screen = Screen::SignIn(match result {
            Ok((identity, from)) => SignIn::Who(identity, from, keep),
            Err(report) => SignIn::Choose(Some(report)),
        });
        Vec::new()
    }

    /// Whether the token is kept.
    pub(super) fn kept(&mut self, result: Result<String, Trouble>) -> Vec<Effect> {
        let waiting = matches!(&self.screen, Screen::SignIn(SignIn::Keeping { .. } | SignIn::KeepElsewhere(_)));
        match result {
            Ok(place) => {
                self.status = Some(format!("the sign-in is kept {place}"));
                if waiting {
                    self.screen = Screen::Board;
                }
            }
            Err(Trouble::Silent) if waiting => self.screen = Screen::SignIn(SignIn::Keeping { silent: true }),
            Err(Trouble::Failed(report) | Trouble::Credential(report)) if waiting => {
                self.screen = Screen::SignIn(SignIn::KeepElsewhere(report.line()));
            }
            Err(_) => {}
        }
        Vec::new()
    }

    /// Home, with everything read that the sign-in opens.
    pub(super) fn go_home(&mut self) -> Vec<Effect> {
        self.screen = Screen::Board;
        self.read_github().into_iter().collect()
    }

    pub(super) fn read_github(&mut self) -> Option<Effect> {
        if self.settings.offline {
            return None;
        }
        let slug = self.slug()?.clone();
        let asked = self.facts.local.value().map(crate::plan::asked).unwrap_or_default();
        Some(self.read(Read::Github(slug, asked)))
    }

    /// The sign-in screen in words.
    pub(super) fn ask_sign_in(&self, sign_in: &SignIn) -> Ask {
        match sign_in {
            SignIn::Choose(failed) => self.ask_choose(failed.as_ref()),
            SignIn::AskGh => Ask::note(
                "sign-in.gh",
                "Ask gh for its token?",
                vec![
                    Para::Text("untoken runs `gh auth token` once and keeps the token in memory only.".into()),
                    Para::Text(
                        "gh's tokens usually carry the scopes repo, read:org and gist: that is write access to every repository \
                         that you can write to. untoken only reads."
                            .into(),
                    ),
                ],
            )
            .wanting(AskKind::Confirm),
            SignIn::Paste => Ask::note(
                "sign-in.token",
                "Paste a GitHub token",
                vec![Para::Text(
                    "A fine-grained token for this repository is enough: read access to metadata, actions, contents, secrets and \
                     environments. It is not shown."
                        .into(),
                )],
            )
            .wanting(AskKind::Secret { label: "token".into() }),
            SignIn::Starting(_) => wait("sign-in.starting", "Asking GitHub for a code …", Vec::new()),
            SignIn::Code(_) => self.ask_code("sign-in.code"),
            SignIn::Checking(_, what, _) => {
                wait("sign-in.checking", "Asking GitHub who this is …", vec![Para::Faint(format!("with {what}"))])
            }
            SignIn::Who(identity, from, _) => {
                let mut body = vec![Para::Pair("token".into(), from.clone())];
                body.extend(reach(&identity.reach));
                Ask::note("sign-in.who", format!("Signed in as {} — is that you?", identity.login), body).wanting(AskKind::Confirm)
            }
            SignIn::Keeping { silent: false } => wait("sign-in.keeping", "Asking your keyring to keep the sign-in …", Vec::new()),
            SignIn::Keeping { silent: true } => wait(
                "sign-in.keeping",
                "Your keyring has not answered yet",
                vec![Para::Text("Look for its password window. Or stop waiting: then the sign-in lasts for this sitting only.".into())],
            ),
            SignIn::KeepElsewhere(why) => Ask::note(
                "sign-in.keep",
                "No keyring keeps the sign-in",
                vec![
                    Para::Faint(why.clone()),
                    Para::Text("It can last for this sitting only, or lie unencrypted in a file that only your account may read.".into()),
                ],
            ),
        }
    }

    fn ask_choose(&self, failed: Option<&Report>) -> Ask {
        let mut body = Vec::new();
        if let Some(report) = failed {
            body.push(Para::Marked(super::Mark::Refused, report.line()));
            body.extend(report.hint.iter().cloned().map(Para::Text));
            body.push(Para::Blank);
        }
        body.push(Para::Text(format!(
            "Signed in, untoken reads {}'s workflows, environments and the names of its secrets. Never their values.",
            self.slug().map_or_else(|| "the repository".to_owned(), ToString::to_string)
        )));
        body.push(Para::Blank);
        body.push(Para::Text(self.settings.app.clone()));
        body.push(Para::Text("What it may really do is shown after sign-in.".into()));
        body.push(Para::Blank);
        if let Some(sources) = &self.sources {
            if let Some(variable) = sources.environment {
                body.push(Para::Pair("environment".into(), format!("{variable} is set")));
            }
            if let Some(variable) = sources.withheld {
                body.push(Para::Pair(
                    "left alone".into(),
                    format!("{variable}: it belongs to another host than the one in use"),
                ));
            }
            if sources.gh {
                body.push(Para::Pair(
                    "gh".into(),
                    "is on this machine; its token is asked for only if you say so".into(),
                ));
            }
        }
        body.push(Para::Faint("Without a sign-in the plan is made from public facts and this checkout.".into()));
        let title = if failed.is_some() { "The sign-in did not work" } else { "GitHub wants to see you once" };
        Ask::note("sign-in", title, body)
    }

    /// Whether an action makes sense here.
    pub(super) fn allows_sign_in(&self, sign_in: &SignIn, action: Action) -> bool {
        let sources = self.sources.clone().unwrap_or_default();
        match action {
            Action::UseStored => sources.stored,
            Action::UseEnvironment => sources.environment.is_some(),
            Action::UseGh => sources.gh,
            Action::Visit => self.settings.demo.is_some(),
            Action::Open => matches!(sign_in, SignIn::Code(_)),
            _ => true,
        }
    }
}

fn wait(id: &'static str, title: &str, body: Vec<Para>) -> Ask {
    Ask::note(id, title, body).wanting(AskKind::Wait)
}

/// What a token may do, in lines.
fn reach(reach: &TokenReach) -> Vec<Para> {
    match reach {
        TokenReach::App { permissions } if permissions.is_empty() => vec![Para::Text(
            "The App is not installed on this repository's owner: private facts and names of secrets stay unknown."
                .into(),
        )],
        TokenReach::App { permissions } => {
            let all = permissions.iter().map(|(name, level)| format!("{name}: {level}")).collect::<Vec<_>>().join(", ");
            vec![Para::Pair("the App may".into(), all)]
        }
        TokenReach::Scopes(scopes) if scopes.is_empty() => vec![Para::Pair("scopes".into(), "none".into())],
        TokenReach::Scopes(scopes) => vec![Para::Pair("scopes".into(), scopes.join(", "))],
        TokenReach::Untold => vec![Para::Pair("rights".into(), "GitHub does not tell for this kind of token".into())],
    }
}

/// Whether any job logs in with a token, for the look screen's one line.
pub(super) fn uses_tokens(jobs: &[crate::model::PublishJob]) -> usize {
    jobs.iter().filter(|job| matches!(job.auth, Auth::Token(_))).count()
}
