//! PyPI's tokens: macaroons, whose caveats say in plain text what the token may do. Its signature stays unread.
//!
//! The form is version 2 of libmacaroons' binary format, in base64 for URLs; the caveats are those of pypi/warehouse
//! `warehouse/macaroons/caveats`, read 2026-11-21: a JSON list whose first entry is the kind, and an object before 2022.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

use crate::model::{Timestamp, clean_line};

/// The longest token that is looked at, in bytes; PyPI's have a few hundred.
const LONGEST: usize = 16 * 1024;
/// How many caveats are read, and how many names of one.
const MOST: usize = 100;
/// The longest name that is shown.
const SHOWN: usize = 100;

/// What a token of PyPI's says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PypiToken {
    /// The service that it was made for: `pypi.org`, `test.pypi.org`.
    pub location: String,
    /// What its caveats allow.
    pub limits: Limits,
}

/// What the caveats of a token allow. All of them hold at once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limits {
    /// The projects by name; empty: not limited to any by name.
    pub projects: Vec<String>,
    /// The projects by PyPI's own id.
    pub project_ids: Vec<String>,
    /// The account by PyPI's own id.
    pub user: Option<String>,
    /// A trusted publisher's token: short-lived.
    pub publisher: bool,
    /// From when it counts.
    pub not_before: Option<Timestamp>,
    /// Until when.
    pub expires: Option<Timestamp>,
    /// How many caveats are of a kind that untoken does not know.
    pub others: usize,
}

impl Limits {
    /// Whether it reaches every project of its account.
    #[must_use]
    pub fn whole_account(&self) -> bool {
        self.projects.is_empty() && self.project_ids.is_empty() && !self.publisher && self.others == 0
    }
}

/// Reads what stands behind `pypi-`.
pub(super) fn pypi(encoded: &str) -> Result<PypiToken, &'static str> {
    if encoded.len() > LONGEST {
        return Err("it is longer than any token of PyPI's");
    }
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let bytes =
        GeneralPurpose::new(&URL_SAFE, config).decode(encoded).map_err(|_| "it is cut or mistyped: no base64")?;
    let mut rest = bytes.strip_prefix(&[2]).ok_or("it is of another version of macaroons")?;
    let cut = "it is cut: its parts do not end where they should";
    let header = section(&mut rest).ok_or(cut)?;
    let location = header.iter().find(|(kind, _)| *kind == 1).map(|(_, text)| text).ok_or("it names no service")?;
    let mut token = PypiToken { location: shown(&String::from_utf8_lossy(location)), limits: Limits::default() };
    for _ in 0..MOST {
        let fields = section(&mut rest).ok_or(cut)?;
        if fields.is_empty() {
            // Only the signature is left. It is the secret part: nobody reads it.
            return Ok(token);
        }
        let id = fields.iter().find(|(kind, _)| *kind == 2).map_or(&[][..], |(_, text)| text);
        token.limits.take(id);
    }
    Err("it has more caveats than any token of PyPI's")
}

/// Fields up to the end of their section: kind, length, bytes each. `None`: they run out before.
fn section<'a>(rest: &mut &'a [u8]) -> Option<Vec<(u64, &'a [u8])>> {
    let mut fields = Vec::new();
    loop {
        let kind = number(rest)?;
        if kind == 0 {
            return Some(fields);
        }
        let length = usize::try_from(number(rest)?).ok()?;
        let (field, behind) = rest.split_at_checked(length)?;
        *rest = behind;
        fields.push((kind, field));
    }
}

/// A number in groups of seven bits, the lowest first.
fn number(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, behind) = rest.split_first()?;
        *rest = behind;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

impl Limits {
    fn take(&mut self, caveat: &[u8]) {
        let Ok(value) = serde_json::from_slice::<Value>(caveat) else {
            self.others += 1;
            return;
        };
        let understood = match &value {
            Value::Array(parts) => self.take_kind(parts),
            Value::Object(_) => self.take_object(&value),
            _ => false,
        };
        self.others += usize::from(!understood);
    }

    /// `[kind, fields…]`
    fn take_kind(&mut self, parts: &[Value]) -> bool {
        let at = |index: usize| parts.get(index);
        match at(0).and_then(Value::as_u64) {
            Some(0) => self.take_times(at(1), at(2)),
            Some(1) => names(at(1)).map(|names| self.projects.extend(names)).is_some(),
            Some(2) => names(at(1)).map(|ids| self.project_ids.extend(ids)).is_some(),
            Some(3) => {
                self.user = at(1).and_then(Value::as_str).map(shown);
                self.user.is_some()
            }
            Some(4) => {
                self.publisher = true;
                true
            }
            _ => false,
        }
    }

    /// `{"version": 1, "permissions": …}` and `{"nbf": …, "exp": …}`
    fn take_object(&mut self, value: &Value) -> bool {
        if value.get("exp").is_some() {
            return self.take_times(value.get("exp"), value.get("nbf"));
        }
        match value.get("permissions") {
            Some(Value::String(all)) => all == "user",
            Some(permissions) => names(permissions.get("projects")).map(|names| self.projects.extend(names)).is_some(),
            None => match names(value.get("project_ids")) {
                Some(ids) => {
                    self.project_ids.extend(ids);
                    true
                }
                None => false,
            },
        }
    }

    fn take_times(&mut self, until: Option<&Value>, from: Option<&Value>) -> bool {
        let time = |value: Option<&Value>| value.and_then(Value::as_i64).map(Timestamp::from_unix);
        let (until, from) = (time(until), time(from));
        self.expires = [self.expires, until].into_iter().flatten().min();
        self.not_before = [self.not_before, from].into_iter().flatten().max();
        until.is_some()
    }
}

fn names(value: Option<&Value>) -> Option<Vec<String>> {
    let list = value?.as_array()?;
    Some(list.iter().take(MOST).filter_map(Value::as_str).map(shown).collect())
}

fn shown(text: &str) -> String {
    clean_line(text, SHOWN)
}
