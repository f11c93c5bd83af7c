//! Carries out everything about the GitHub token: getting, keeping, renewing and forgetting it.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;

use super::World;
use crate::github::{self, DeviceEvent, Token, TokenSource, TokenStore};
use crate::model::{Identity, Registry};
use crate::registry::AuthorizeEvent;
use crate::report::{Kind, Report};
use crate::secret_store::{self, Probe, Wanted};
use crate::wizard::{DeviceNews, KeepIn, Msg, Sources, Ticket, TokenFrom, Trouble};

impl World {
    /// Where a token could come from. A keyring is looked into only if it answers at once.
    pub async fn sources(&self) -> Sources {
        if self.store().is_none()
            && let Probe::Works(secrets) = secret_store::choose(self.wanted_store(), &self.setup.state_dir).await
        {
            self.keep_in(Some(TokenStore::new(secrets, &self.setup.state_dir, &self.github)));
        }
        let lookup = |name: &str| self.variable(name);
        let found = github::probe(&lookup, self.store().as_ref(), self.tools.gh.as_ref(), &self.github).await;
        Sources { environment: found.environment, withheld: found.withheld, stored: found.stored, gh: found.gh }
    }

    fn wanted_store(&self) -> Wanted {
        Wanted::from_variable(self.variable("UNTOKEN_SECRET_STORE").as_deref()).unwrap_or_default()
    }

    /// Gets a token and asks GitHub whose it is.
    ///
    /// # Errors
    /// Why there is none, or why GitHub does not take it.
    pub async fn sign_in(
        &self,
        ticket: Ticket,
        from: TokenFrom,
        tell: &UnboundedSender<Msg>,
    ) -> Result<(Identity, String), Report> {
        let token = match from {
            TokenFrom::Device => {
                let progress = |event| {
                    // The receiver is gone only when untoken leaves.
                    let _ = tell.send(Msg::Device(ticket, news(event)));
                };
                github::device_sign_in(&self.http, &self.github, &self.client_id, progress).await?
            }
            TokenFrom::Environment => {
                let lookup = |name: &str| self.variable(name);
                github::from_environment(&lookup, &self.github).ok_or_else(|| {
                    Report::new(Kind::User, "the environment holds no GitHub token").hint("set GH_TOKEN")
                })?
            }
            TokenFrom::Stored => self.stored().await?,
            TokenFrom::Gh => github::from_gh(&self.tools, &self.github).await?,
            TokenFrom::Pasted(text) => Token::pasted(&text).ok_or_else(|| {
                Report::new(Kind::User, "nothing was pasted").hint("paste a token, or sign in with a code")
            })?,
        };
        let identity = github::identify(&self.http, &self.github, &token, self.shelf_slug().as_ref()).await?;
        let from = words(token.source);
        self.hold_token(Some(token));
        Ok((identity, from))
    }

    /// Has a registry hand out a credential by a code, and holds it for this sitting.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn authorize(
        &self,
        ticket: Ticket,
        registry: Registry,
        tell: &UnboundedSender<Msg>,
    ) -> Result<(), Report> {
        let progress = |event| {
            // The time first: the code is counted down from it. The receiver is gone only when untoken leaves.
            let _ = tell.send(Msg::Now(super::now()));
            let _ = tell.send(Msg::Device(ticket, heard(event)));
        };
        let token = self.apis.get(registry).authorize(&progress).await?;
        self.hold_credential(registry, token);
        Ok(())
    }

    /// Holds the kept token as it is, without asking GitHub: for signing out.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn hold_kept(&self) -> Result<(), Report> {
        let store = self.store().ok_or_else(none_kept)?;
        let token = store.load().await.map_err(|e| Report::from_error(Kind::User, &e).hint(e.hint()))?;
        self.hold_token(Some(token.ok_or_else(none_kept)?));
        Ok(())
    }

    /// Uses the environment's token, if it has one, without asking whose it is.
    pub fn use_environment_token(&self) {
        let lookup = |name: &str| self.variable(name);
        self.hold_token(github::from_environment(&lookup, &self.github));
    }

    /// Uses whatever sign-in is at hand: the environment's token, else a kept one. Asks nobody whose it is; a keyring is
    /// looked into only if it answers at once.
    ///
    /// # Errors
    /// Why a kept one could not be used.
    pub async fn use_what_is_at_hand(&self) -> Result<(), Report> {
        self.use_environment_token();
        if self.token().is_none() && self.sources().await.stored {
            self.hold_token(Some(self.stored().await?));
        }
        Ok(())
    }

    async fn stored(&self) -> Result<Token, Report> {
        let none = || Report::new(Kind::User, "no sign-in is kept").hint("sign in with a code");
        let store = self.store().ok_or_else(none)?;
        let token =
            store.load().await.map_err(|e| Report::from_error(Kind::User, &e).hint(e.hint()))?.ok_or_else(none)?;
        Ok(github::ensure_fresh(&self.http, &self.github, &store, &token).await?)
    }

    /// The token of this sitting, renewed if it is about to end.
    pub async fn fresh_token(&self) -> Option<Token> {
        let token = self.token()?;
        let Some(store) = self.store() else { return Some(token) };
        match github::ensure_fresh(&self.http, &self.github, &store, &token).await {
            Ok(fresh) => {
                self.hold_token(Some(fresh.clone()));
                Some(fresh)
            }
            Err(error) => {
                tracing::warn!(%error, "the sign-in could not be renewed");
                Some(token)
            }
        }
    }

    /// Keeps the token, and tells where.
    pub async fn keep(self: Arc<Self>, place: KeepIn, tell: UnboundedSender<Msg>) {
        let wanted = match place {
            KeepIn::Keyring => self.wanted_store(),
            KeepIn::File => Wanted::File,
            KeepIn::Memory => Wanted::Memory,
        };
        let mut probe = secret_store::choose(wanted, &self.setup.state_dir).await;
        if let Probe::Silent(waiting) = probe {
            let _ = tell.send(Msg::Kept(Err(Trouble::Silent)));
            probe = waiting.wait().await;
        }
        let result = match probe {
            Probe::Works(secrets) => {
                self.keep_there(TokenStore::new(secrets, &self.setup.state_dir, &self.github)).await
            }
            Probe::Silent(_) => return,
            Probe::None(why) => Err(Report::new(Kind::User, "no keyring works here").because(why)),
        };
        let _ = tell.send(Msg::Kept(result.map_err(Trouble::Failed)));
    }

    async fn keep_there(&self, store: TokenStore) -> Result<String, Report> {
        if let Some(token) = self.token() {
            store.save(&token).await.map_err(|e| Report::from_error(Kind::User, &e).hint(e.hint()))?;
        }
        let place = format!("in {}", store.place());
        self.keep_in(Some(store));
        Ok(place)
    }

    /// Forgets the token; what untoken obtained itself is revoked at GitHub.
    ///
    /// # Errors
    /// Why it could not be revoked. It is forgotten here in any case.
    pub async fn forget(&self) -> Result<(), Report> {
        let token = self.token();
        self.hold_token(None);
        if let Some(store) = self.store()
            && let Err(error) = store.forget().await
        {
            tracing::warn!(%error, "the kept sign-in was not deleted");
        }
        match token {
            Some(token) if token.source.is_own() => Ok(github::revoke(&self.http, &self.github, &token).await?),
            _ => Ok(()),
        }
    }
}

fn none_kept() -> Report {
    Report::new(Kind::User, "no sign-in is kept").hint("sign in with a code")
}

fn words(source: TokenSource) -> String {
    match source {
        TokenSource::Environment(name) => format!("from {name}"),
        TokenSource::Stored => "kept from an earlier sign-in".to_owned(),
        TokenSource::Gh => "gh's own, in memory only".to_owned(),
        TokenSource::Pasted => "pasted, in memory only".to_owned(),
        TokenSource::Device => "made just now, for this App".to_owned(),
    }
}

fn heard(event: AuthorizeEvent) -> DeviceNews {
    match event {
        AuthorizeEvent::Code { code, page, expires } => {
            DeviceNews::Code { user_code: code, verification_uri: page, expires }
        }
        AuthorizeEvent::Trouble(what) => DeviceNews::Trouble(what),
        AuthorizeEvent::Recovered => DeviceNews::Recovered,
    }
}

fn news(event: DeviceEvent) -> DeviceNews {
    match event {
        DeviceEvent::Code { user_code, verification_uri, expires } => {
            DeviceNews::Code { user_code, verification_uri, expires }
        }
        DeviceEvent::SlowedDown { interval_seconds } => DeviceNews::SlowedDown { interval: interval_seconds },
        DeviceEvent::Trouble(what) => DeviceNews::Trouble(what),
        DeviceEvent::Recovered => DeviceNews::Recovered,
    }
}
