//! `untoken auth`: the GitHub sign-in without the wizard around it.

use std::process::ExitCode;
use std::sync::Arc;

use tokio::sync::mpsc::unbounded_channel;

use crate::cli::{Auth, Common};
use crate::output;
use crate::report::{Kind, Report};
use crate::runtime::World;
use crate::wizard::{DeviceNews, KeepIn, Msg, TokenFrom, Trouble};

pub(super) async fn run(common: &Common, command: Auth) -> Result<ExitCode, Report> {
    let world = super::world(super::setup(common, None)?, common.verbose).await?;
    match command {
        Auth::Login => login(&world).await,
        Auth::Logout => logout(&world).await,
        Auth::Status => status(&world).await,
    }
}

async fn login(world: &Arc<World>) -> Result<ExitCode, Report> {
    output::line(world.client_id.app().whose);
    let (tell, mut told) = unbounded_channel();
    let job = world.sign_in(crate::wizard::Ticket::FIRST, TokenFrom::Device, &tell);
    tokio::pin!(job);
    let (identity, _) = loop {
        tokio::select! {
            result = &mut job => break result?,
            Some(Msg::Device(_, news)) = told.recv() => output::line(&words(&news)),
        }
    };
    output::line(&format!("Signed in as {}.", identity.login));
    Arc::clone(world).keep(KeepIn::Keyring, tell.clone()).await;
    while let Ok(msg) = told.try_recv() {
        match msg {
            Msg::Kept(Ok(place)) => output::line(&format!("The sign-in is kept {place}.")),
            Msg::Kept(Err(Trouble::Failed(report) | Trouble::Credential(report))) => {
                return Err(report
                    .hint("set UNTOKEN_SECRET_STORE=file to keep it unencrypted in a file that only you may read"));
            }
            _ => {}
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn words(news: &DeviceNews) -> String {
    match news {
        DeviceNews::Code { user_code, verification_uri, .. } => format!(
            "Open this page:\n{verification_uri}\nand type this code, only because you started this here:\n{user_code}\nWaiting …"
        ),
        DeviceNews::SlowedDown { interval } => format!("GitHub asks for patience: asking every {interval} s."),
        DeviceNews::Trouble(what) => format!("Network trouble, still trying: {what}"),
        DeviceNews::Recovered => "The network is back.".to_owned(),
    }
}

async fn logout(world: &Arc<World>) -> Result<ExitCode, Report> {
    let sources = world.sources().await;
    if !sources.stored {
        output::line("No sign-in is kept here.");
        return Ok(ExitCode::SUCCESS);
    }
    world.hold_kept().await?;
    world.forget().await.map_err(|report| {
        report.hint("it is forgotten here; revoke it at https://github.com/settings/apps/authorizations")
    })?;
    output::line("Signed out: the token is revoked at GitHub and deleted here.");
    Ok(ExitCode::SUCCESS)
}

async fn status(world: &Arc<World>) -> Result<ExitCode, Report> {
    let sources = world.sources().await;
    if let Some(variable) = sources.environment {
        output::line(&format!("{variable} is set; it goes before a kept sign-in."));
    }
    let from = match (sources.environment, sources.stored) {
        (Some(_), _) => TokenFrom::Environment,
        (None, true) => TokenFrom::Stored,
        (None, false) => {
            let report = Report::new(Kind::User, "nobody is signed in").hint("run untoken auth login, or set GH_TOKEN");
            return Err(match sources.withheld {
                Some(variable) => {
                    report.because(format!("{variable} is left alone: it belongs to another host than the one in use"))
                }
                None => report,
            });
        }
    };
    let (tell, _told) = unbounded_channel();
    let (identity, from) = world.sign_in(crate::wizard::Ticket::FIRST, from, &tell).await?;
    output::line(&format!("Signed in as {} ({from}).", identity.login));
    Ok(ExitCode::SUCCESS)
}
