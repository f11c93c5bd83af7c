//! What the registries' answers have in common.

use futures::future::BoxFuture;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use super::{ApiError, Changed, Confidence, Guides, Held, Registered};
use crate::model::{
    Existence, Finding, NameFacts, PublicFacts, PublisherEntry, Reading, Registry, Release, Severity, Timestamp,
    TrustedPublisher, Unknown, clean_line,
};
use crate::net::{Answer, NetError};

/// Says whose failure it was.
pub(super) fn net(registry: Registry) -> impl Fn(NetError) -> ApiError + Copy {
    move |source| ApiError::Net { registry, source }
}

/// A status that this call is not known to have.
pub(super) fn unexpected(registry: Registry, answer: &Answer) -> ApiError {
    let status = answer.status.as_u16();
    if status == 429 || answer.status.is_server_error() {
        return ApiError::Unwell { registry, status };
    }
    if status == 401 || status == 403 {
        return ApiError::Untold {
            registry,
            message: format!("refuses it without saying why (HTTP {status})"),
            hint: "see whether a proxy or a firewall stands in between, and try again later".to_owned(),
        };
    }
    ApiError::Strange { registry, message: format!("HTTP {status}") }
}

/// A 404 that is not in the registry's own words: something else answers in its place, and nothing is said of the package.
pub(super) fn foreign(registry: Registry, answer: &Answer) -> ApiError {
    match answer.json::<serde::de::IgnoredAny>() {
        Ok(_) => unexpected(registry, answer),
        Err(error) => net(registry)(error),
    }
}

/// What can be said of a name that nobody published.
pub(super) fn absent() -> PublicFacts {
    let nothing = Unknown::because("nothing is published under this name");
    PublicFacts {
        name: NameFacts::default(),
        existence: Existence::Absent,
        newest: None,
        proof: Reading::Unknown(nothing.clone()),
        by_token: Reading::Unknown(nothing),
        locked: None,
    }
}

/// What the registry's answer says of one version: when it was published, and whether by a token; `None`: it does not say.
pub(super) struct Told<'a> {
    pub(super) version: &'a str,
    pub(super) published: Option<Timestamp>,
    pub(super) by_token: Option<bool>,
}

/// The newest version that a token published. One version that nothing is said about leaves all of it open.
pub(super) fn by_token<'a>(
    registry: Registry,
    versions: impl Iterator<Item = Told<'a>>,
    source: &str,
    now: Timestamp,
) -> Reading<Option<Release>> {
    let mut newest: Option<Release> = None;
    let mut any = false;
    for told in versions {
        any = true;
        let open = |what: &str| {
            let version = clean_line(told.version, 60);
            Reading::Unknown(Unknown::because(format!("{registry} does not tell {what} {version} was published")))
        };
        match (told.by_token, told.published) {
            (None, _) => return open("how"),
            (Some(true), None) => return open("when"),
            (Some(true), Some(published)) if newest.as_ref().is_none_or(|known| known.published < published) => {
                newest = Some(Release { version: told.version.to_owned(), published });
            }
            (Some(_), _) => {}
        }
    }
    match any {
        true => Reading::seen(newest, source, now),
        false => Reading::Unknown(Unknown::because(format!("{registry}'s answer lists no version"))),
    }
}

/// Looks, sends only what is missing, and reads back: the one way to register. `send` is lazy.
pub(super) async fn register<'a>(
    guides: &dyn Guides,
    wanted: &TrustedPublisher,
    list: impl Fn() -> BoxFuture<'a, Result<Vec<PublisherEntry>, ApiError>>,
    send: BoxFuture<'a, Result<(), ApiError>>,
) -> Result<Registered, ApiError> {
    let registry = guides.rules().registry;
    if let Some(Finding { message, hint, .. }) =
        guides.check(wanted).into_iter().find(|finding| finding.severity == Severity::Error)
    {
        return Err(ApiError::Refused {
            registry,
            message,
            hint: hint.unwrap_or_else(|| "change that value".to_owned()),
        });
    }
    let find = |mut entries: Vec<PublisherEntry>| {
        let at = entries.iter().position(|entry| guides.same(wanted, entry))?;
        Some(Box::new(Held { entry: entries.remove(at), beside: entries }))
    };
    let before = list().await?;
    let full = full(guides, before.len());
    if let Some(held) = find(before) {
        return Ok(Registered::AlreadySo(held));
    }
    if let Some(message) = full {
        let hint = "remove one that is no longer used, then try again".to_owned();
        return Err(ApiError::Refused { registry, message, hint });
    }
    let lost = match send.await {
        Ok(()) => None,
        // Nobody knows whether it arrived: the list does.
        Err(error @ (ApiError::Net { .. } | ApiError::Unwell { .. } | ApiError::Tool { .. })) => Some(error),
        Err(error) => return Err(error),
    };
    match (list().await.map(find), lost) {
        (Ok(Some(held)), _) => Ok(Registered::Done(held)),
        (_, Some(error)) => Err(error),
        (Ok(None), None) => Ok(Registered::NotSeen(format!("{registry} took it, but does not list it yet"))),
        // A person can have it read: what was sent is found then.
        (Err(error @ ApiError::NeedsSecondFactor { .. }), None) => Err(error),
        (Err(error), None) => {
            Ok(Registered::NotSeen(format!("{registry} took it, but its list could not be read afterwards: {error}")))
        }
    }
}

/// Why a registry takes no more entries. A limit that is only reported stops nobody, and neither does one to which lapsed
/// entries do not count: the registry says it.
fn full(guides: &dyn Guides, held: usize) -> Option<String> {
    let rules = guides.rules();
    let most =
        rules.max_publishers.filter(|rule| rule.confidence == Confidence::Source && rules.lapses_after.is_none())?;
    // Where there is room for one alone, the new one takes the place of the old.
    let most = usize::from(most.value).max(1);
    if most == 1 {
        return None;
    }
    (held >= most).then(|| format!("it holds {held} publishers already and takes no more than {most}"))
}

/// Looks, takes the entry of this id away if it is there, and reads back: the one way to unregister. `send` is lazy.
pub(super) async fn unregister<'a>(
    registry: Registry,
    id: &str,
    list: impl Fn() -> BoxFuture<'a, Result<Vec<PublisherEntry>, ApiError>>,
    send: BoxFuture<'a, Result<(), ApiError>>,
) -> Result<Changed, ApiError> {
    let there = |entries: &[PublisherEntry]| entries.iter().any(|entry| entry.id == id);
    if !there(&list().await?) {
        return Ok(Changed::AlreadySo);
    }
    let lost = match send.await {
        Ok(()) => None,
        Err(error @ (ApiError::Net { .. } | ApiError::Unwell { .. } | ApiError::Tool { .. })) => Some(error),
        Err(error) => return Err(error),
    };
    match (list().await, lost) {
        (Ok(entries), _) if !there(&entries) => Ok(Changed::Done),
        (_, Some(error)) => Err(error),
        (Ok(_), None) => Ok(Changed::NotSeen(format!("{registry} took it, but still lists the entry"))),
        (Err(error), None) => {
            Ok(Changed::NotSeen(format!("{registry} took it, but its list could not be read afterwards: {error}")))
        }
    }
}

/// What came of a change: only what was seen afterwards counts. Where nobody knows whether it arrived, the look decides.
pub(super) fn settled(
    registry: Registry,
    sent: Result<(), ApiError>,
    seen: Result<bool, ApiError>,
    not: &str,
) -> Result<Changed, ApiError> {
    let lost = match sent {
        Ok(()) => None,
        Err(error @ (ApiError::Net { .. } | ApiError::Unwell { .. })) => Some(error),
        Err(error) => return Err(error),
    };
    match (seen, lost) {
        (Ok(true), _) => Ok(Changed::Done),
        (_, Some(error)) => Err(error),
        (Ok(false), None) => Ok(Changed::NotSeen(format!("{registry} took it, and {not}"))),
        (Err(error), None) => {
            Ok(Changed::NotSeen(format!("{registry} took it, and could not be read afterwards: {error}")))
        }
    }
}

/// Tells `null` from a field that is not there: `Some(None)` from `None`. With `#[serde(default)]`.
pub(super) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(d: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(d).map(Some)
}

/// A text that is a secret from here on.
pub(super) fn secret<'de, D: Deserializer<'de>>(d: D) -> Result<SecretString, D::Error> {
    String::deserialize(d).map(SecretString::from)
}

/// A value of another shape than expected counts as not there: one odd entry must not hide all others.
pub(super) fn lenient<'de, T: DeserializeOwned, D: Deserializer<'de>>(d: D) -> Result<Option<T>, D::Error> {
    serde_json::Value::deserialize(d).map(|value| serde_json::from_value(value).ok())
}
