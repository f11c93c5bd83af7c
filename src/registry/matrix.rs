//! Every registry against every answer that it may give, and against everything that may come in the place of one: what the
//! ladder shows. A registry, an answer or a hardship without its cell does not compile, or fails here.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod hardship;
mod page;
mod states;

use self::hardship::{Clients, Hardship};
use self::states::{Case, Cell, states};
use super::testing::ladder::{Machine, Part, RUNGS, Remembered, Rungs, Served, Subject, Whose, has_npm};
use super::{crates_io, jsr, npm, nuget, pub_dev, pypi, ruby_gems};
use crate::model::{Registry, Rung, Standing};

/// How a registry answers.
pub(super) fn subject(registry: Registry) -> Subject {
    match registry {
        Registry::CratesIo => crates_io::subject::SUBJECT,
        Registry::Npm => npm::subject::SUBJECT,
        Registry::Pypi => pypi::subject::SUBJECT,
        Registry::Jsr => jsr::subject::SUBJECT,
        Registry::PubDev => pub_dev::subject::SUBJECT,
        Registry::RubyGems => ruby_gems::subject::SUBJECT,
        Registry::Nuget => nuget::subject::SUBJECT,
    }
}

/// What the ladder shows of an answer that is given.
async fn given(subject: &Subject, whose: Whose, remembered: Remembered, clients: &Clients) -> Rungs {
    let server = subject.server().await;
    for served in (subject.serves)(&server.uri(), whose) {
        served.mount(&server).await;
    }
    subject.climb(&Machine::new(&server.uri(), &clients.patient, true).await.apis, remembered).await
}

#[tokio::test]
async fn each_state_of_a_package_is_shown_as_it_is() {
    let clients = Clients::new();
    for registry in Registry::ALL {
        let (subject, states) = (subject(registry), states(registry));
        if subject.by_tool() && !has_npm().await {
            continue;
        }
        for (state, cell) in states.named() {
            let Cell::Shows(cases) = cell else { continue };
            for Case(whose, remembered, expected) in *cases {
                let rungs = given(&subject, *whose, *remembered, &clients).await;
                for (rung, (standing, expected)) in RUNGS.iter().zip(rungs.iter().zip(expected)) {
                    let (word, why) = expected.split_once(": ").unwrap();
                    let what = format!("{registry}, {state}, {remembered:?}, {}: {standing:?}", rung.label());
                    assert_eq!(standing.word(), word, "{what}");
                    assert!(standing.why().contains(why), "{what}, not {why:?}");
                }
            }
        }
    }
}

/// Whether a rung rests on what a hardship hit. `locked` does so where the public answer tells it.
fn rests_on(rung: Rung, hit: Option<Part>) -> bool {
    match hit {
        None => true,
        Some(Part::Public) => rung != Rung::Registered,
        Some(Part::List) => rung == Rung::Registered,
        Some(Part::PublicAndList) => true,
        Some(Part::Proof) => rung == Rung::Proven,
    }
}

/// One hardship at every read of a registry, and at each one alone: what rests on it is unknown, and says why; all else stands.
/// Hands out what is shown otherwise.
async fn breaks_under(registry: Registry, hardship: Hardship, clients: &Clients) -> Vec<String> {
    let subject = subject(registry);
    let usual = given(&subject, Whose::Ours, Remembered::Nothing, clients).await;
    let parts: Vec<Part> = (subject.serves)("", Whose::Ours).into_iter().map(|Served(part, ..)| part).collect();
    let mut cells = Vec::new();
    for (nth, form) in hardship.forms(&subject).into_iter().enumerate() {
        cells.push((nth, form.clone(), None));
        if hardship.may_hit_one() {
            cells.extend((0..parts.len()).map(|at| (nth, form.clone(), Some(at))));
        }
    }
    let otherwise = cells.into_iter().map(async |(nth, form, at)| {
        let part = at.map(|at| parts[at]);
        // The tool is slow: it is started once where every read is hit, and for every further form where its own is.
        let matters = matches!((part, nth), (None, 0) | (Some(Part::List), 1..));
        let tool = !subject.by_tool() || (matters && has_npm().await);
        let rungs = hardship.climbed(&subject, &form, at, tool, clients).await;
        let wrong = RUNGS.into_iter().zip(rungs.iter().zip(&usual)).filter(|(rung, (standing, usual))| {
            let is_as = if !rests_on(*rung, part) || usual.word() == "does not apply" {
                (standing.word(), standing.why()) == (usual.word(), usual.why())
            } else {
                is_unknown(hardship, *rung, part, standing)
            };
            !is_as && (tool || *rung != Rung::Registered)
        });
        let say = |(rung, (standing, _)): (Rung, (&Standing, _))| {
            format!("{registry}, {hardship:?} at {part:?}, {}: {standing:?}", rung.label())
        };
        wrong.map(say).collect::<Vec<_>>()
    });
    futures::future::join_all(otherwise).await.concat()
}

/// Whether a rung is unknown because of this: it says so, unless the registry tells nobody what it rests on.
fn is_unknown(hardship: Hardship, rung: Rung, hit: Option<Part>, standing: &Standing) -> bool {
    let why = standing.why();
    let told = matches!(
        (rung, hit),
        (Rung::Exists, _) | (Rung::Registered, None | Some(Part::List)) | (Rung::Proven, Some(Part::Proof))
    );
    // npm's attestation only adds a name to what its metadata tells.
    let silent = ["only to their owner", "does not name the repository"].iter().any(|part| why.contains(part));
    let says = !told || silent || hardship.says().iter().any(|part| why.contains(part));
    standing.word() == "unknown" && says
}

#[tokio::test]
async fn whatever_goes_wrong_is_unknown_and_never_an_answer() {
    let clients = Clients::new();
    for hardship in Hardship::ALL {
        let otherwise = Registry::ALL.map(|registry| breaks_under(registry, hardship, &clients));
        // A mock server waits for a lock while it is dropped: a task whose budget of polls is spent would wait for ever.
        let otherwise = tokio::task::unconstrained(futures::future::join_all(otherwise)).await.concat();
        assert!(otherwise.is_empty(), "{}", otherwise.join("\n"));
    }
}

/// A list that its registry does not give, in its own words, of a package that everybody sees.
#[tokio::test]
async fn a_list_that_is_not_there_is_no_empty_one() {
    let clients = Clients::new();
    for registry in Registry::ALL {
        let subject = subject(registry);
        let served = (subject.serves)("", Whose::Ours);
        let Some(at) = served.iter().position(|Served(part, ..)| *part == Part::List) else { continue };
        if subject.by_tool() && !has_npm().await {
            continue;
        }
        let [exists, registered, ..] =
            Hardship::NotFound.climbed(&subject, &(subject.refusal)(404).into(), Some(at), true, &clients).await;
        assert_eq!([exists.word(), registered.word()], ["yes", "unknown"], "{registry}: {registered:?}");
    }
}
