//! The person's own npm: whether it is new enough, what it printed, and what its errors mean.

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::rules::TRUST;
use crate::model::{PublisherEntry, Registry, Trusted, TrustedPublisher, clean_line};
use crate::registry::{ApiError, Endpoints};
use crate::tools::{Output, Tool, ToolError, Tools};

/// npm, if it can do `npm trust`.
pub(in crate::registry) fn with_trust(tools: &Tools) -> Result<&Tool, ApiError> {
    let found = tools.found();
    if let Some(unmet) = TRUST.iter().find_map(|need| need.unmet(&found)) {
        let hint = format!("{}, or take the way in the browser", unmet.hint());
        return Err(ApiError::Tool { message: unmet.to_string(), hint });
    }
    tools.get("npm").map_err(|error| ApiError::Tool { message: error.to_string(), hint: error.hint() })
}

/// What npm calls `invalid json response body`.
const NO_JSON: &str = "npm got a web page, or something broken, where JSON was expected";

/// What npm said with `--json`.
pub(super) enum Said {
    /// It ended well; the values that it printed.
    Values(Vec<Value>),
    /// It failed.
    Failed(Failure),
}

/// npm's own account of a failure.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Failure {
    /// `E404`, `EOTP`.
    pub(super) code: String,
    /// The first line of it, cleaned.
    #[serde(default)]
    pub(super) summary: String,
    /// The page where a person approves, if the registry named one.
    #[serde(rename = "authUrl")]
    pub(super) page: Option<String>,
}

/// Reads stdout as a stream of JSON values: npm prints one object after the other, no array, and nothing at all for none.
pub(super) fn said(output: Result<Output, ToolError>) -> Result<Said, ApiError> {
    let output = output?;
    let values = serde_json::Deserializer::from_str(&output.stdout).into_iter::<Value>().collect::<Result<Vec<_>, _>>();
    if output.ok() {
        return values.map(Said::Values).map_err(|_| strange("npm printed something that is no JSON"));
    }
    let told = values.ok().and_then(|values| {
        let error = values.into_iter().rev().find_map(|mut value| value.get_mut("error").map(Value::take))?;
        serde_json::from_value::<Failure>(error).ok()
    });
    let failure = told.or_else(|| from_stderr(&output.stderr)).ok_or_else(|| ApiError::Tool {
        message: match output.code {
            Some(code) => format!("npm ended with {code} and did not say why"),
            None => "npm was stopped by a signal".to_owned(),
        },
        hint: "run it by hand to see what it says".to_owned(),
    })?;
    Ok(Said::Failed(Failure { summary: clean_line(&failure.summary, 300), ..failure }))
}

/// Where npm had no JSON for it: its lines on stderr, `npm error code E401` first.
fn from_stderr(stderr: &str) -> Option<Failure> {
    let mut lines = stderr.lines().filter_map(|line| line.strip_prefix("npm error "));
    let code = lines.find_map(|line| line.strip_prefix("code "))?.trim().to_owned();
    Some(Failure { code, summary: lines.next().unwrap_or_default().to_owned(), page: None })
}

impl Failure {
    /// What it means, where the code alone tells. `E403` and `E404` are the caller's to tell apart.
    pub(super) fn meaning(self, endpoints: &Endpoints) -> ApiError {
        let registry = Registry::Npm;
        let log_in = format!("run `{}` in this terminal", log_in(endpoints));
        match self.code.as_str() {
            "EOTP" => ApiError::NeedsSecondFactor { registry, page: self.page.filter(|page| is_own(page, endpoints)) },
            "ENEEDAUTH" => ApiError::NeedsCredential { registry, hint: log_in },
            "E401" => ApiError::Denied {
                registry,
                message: self.summary,
                hint: format!(
                    "{log_in}; a granular token in NPM_TOKEN or .npmrc is not accepted here and hides the login"
                ),
            },
            "E409" => ApiError::Refused {
                registry,
                message: self.summary,
                hint: "another entry stands in its way: delete that one on the package's access page".to_owned(),
            },
            code => match code.strip_prefix('E').and_then(|digits| digits.parse::<u16>().ok()) {
                Some(status) if status == 429 || (500..600).contains(&status) => ApiError::Unwell { registry, status },
                Some(_) => ApiError::Refused {
                    registry,
                    message: self.summary,
                    hint: "check the values, or take the way in the browser".to_owned(),
                },
                // npm's own words quote what came.
                None if self.summary.contains("invalid json") => strange(NO_JSON),
                None => ApiError::Tool {
                    message: format!("npm failed with {code}: {}", self.summary),
                    hint: "check your network and `npm config list`".to_owned(),
                },
            },
        }
    }
}

/// The command that logs in.
pub(super) fn log_in(endpoints: &Endpoints) -> String {
    format!("npm login --registry={}/", endpoints.npm.as_str())
}

/// Only a page of the registry or its website is ever shown as the place to approve at: same scheme, host and port, so that
/// it is https wherever the registry is not on this machine.
fn is_own(page: &str, endpoints: &Endpoints) -> bool {
    let Ok(page) = Url::parse(page) else { return false };
    let is_plain = page.username().is_empty() && page.password().is_none();
    is_plain && [&endpoints.npm, &endpoints.npm_site].iter().any(|own| own.join([]).origin() == page.origin())
}

/// An entry as `npm trust list --json` flattens it.
#[derive(Deserialize)]
struct Listed {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    file: Option<String>,
    repository: Option<String>,
    environment: Option<String>,
    #[serde(default)]
    permissions: Vec<String>,
}

/// The entries for GitHub among what `npm trust list` printed.
pub(super) fn entries(values: Vec<Value>) -> Result<Vec<PublisherEntry>, ApiError> {
    let mut entries = Vec::new();
    for value in values {
        let listed: Listed = serde_json::from_value(value).map_err(|_| strange("an entry of another shape"))?;
        if listed.kind == "github" {
            let id = clean_line(&listed.id, 60);
            entries.push(listed.entry().ok_or_else(|| strange(&format!("entry {id} holds impossible values")))?);
        }
    }
    Ok(entries)
}

impl Listed {
    fn entry(self) -> Option<PublisherEntry> {
        let publisher = Trusted::Workflow(TrustedPublisher {
            repository: self.repository?.parse().ok()?,
            workflow: self.file?.parse().ok()?,
            environment: self.environment.map(|e| e.parse()).transpose().ok()?,
        });
        Some(PublisherEntry { id: self.id, publisher, created: None, permissions: self.permissions })
    }
}

pub(super) fn strange(message: &str) -> ApiError {
    ApiError::Strange { registry: Registry::Npm, message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::registry::testing::{real, replaced};

    fn ended(code: i32, stdout: &str, stderr: &str) -> Result<Said, ApiError> {
        said(Ok(Output { code: Some(code), stdout: stdout.to_owned(), stderr: stderr.to_owned() }))
    }

    fn failed(code: &str) -> ApiError {
        Failure { code: code.to_owned(), summary: "words".to_owned(), page: None }.meaning(&real())
    }

    #[test]
    fn a_list_is_a_stream_of_objects_and_nothing_means_none() {
        let two = r#"

{"id":"a","type":"github","file":"release.yml","repository":"acme/widgets","environment":"npm","permissions":["createPackage"]}

{"id":"b","type":"gitlab","project":"acme/widgets","file":".gitlab-ci.yml","permissions":[]}
"#;
        let Ok(Said::Values(values)) = ended(0, two, "npm warn trust …") else { panic!("not read") };
        let entries = entries(values).unwrap();
        assert_eq!(entries.len(), 1, "other providers are left out");
        assert_eq!(entries[0].publisher.to_string(), "acme/widgets release.yml in npm");
        assert!(matches!(ended(0, "", ""), Ok(Said::Values(values)) if values.is_empty()));
        assert!(matches!(ended(0, "<html>", ""), Err(ApiError::Strange { .. })));
        for odd in [r#"{"id":"a","type":"github","file":"x/y.yml","repository":"acme/widgets"}"#, r#"{"a":1}"#, "[]"] {
            let Ok(Said::Values(values)) = ended(0, odd, "") else { panic!("not read") };
            assert!(matches!(super::entries(values), Err(ApiError::Strange { .. })), "{odd}");
        }
    }

    #[test]
    fn an_error_is_found_behind_other_objects_and_on_stderr() {
        let stdout = r#"{"package":"x"} {"error":{"code":"E404","summary":"Not\u001b[2J found","detail":""}}"#;
        let Ok(Said::Failed(failure)) = ended(1, stdout, "") else { panic!("not read") };
        assert_eq!((failure.code.as_str(), failure.summary.as_str()), ("E404", "Not[2J found"));
        let Ok(Said::Failed(failure)) = ended(1, "", "npm warn x\nnpm error code E401\nnpm error no\n") else {
            panic!("not read")
        };
        assert_eq!((failure.code.as_str(), failure.summary.as_str()), ("E401", "no"));
        assert!(matches!(ended(7, "", "Killed"), Err(ApiError::Tool { .. })));
    }

    #[test]
    fn codes_have_meanings() {
        assert!(matches!(failed("ENEEDAUTH"), ApiError::NeedsCredential { .. }));
        assert!(matches!(failed("E401"), ApiError::Denied { .. }));
        assert!(matches!(failed("E409"), ApiError::Refused { .. }));
        assert!(matches!(failed("E400"), ApiError::Refused { .. }));
        assert!(matches!(failed("E503"), ApiError::Unwell { status: 503, .. }));
        assert!(matches!(failed("E429"), ApiError::Unwell { .. }));
        assert!(matches!(failed("ECONNREFUSED"), ApiError::Tool { .. }));
    }

    #[test]
    fn only_the_registrys_own_page_is_shown() {
        let page = |page: &str, endpoints: &Endpoints| {
            let failure = Failure { code: "EOTP".to_owned(), summary: String::new(), page: Some(page.to_owned()) };
            match failure.meaning(endpoints) {
                ApiError::NeedsSecondFactor { page, .. } => page,
                other => panic!("{other:?}"),
            }
        };
        assert!(page("https://www.npmjs.com/auth/cli/1", &real()).is_some());
        for bad in [
            "http://www.npmjs.com/auth/cli/1",
            "https://www.npmjs.com.evil.example/",
            "https://www.npmjs.com@evil.example/",
            "https://me:pw@www.npmjs.com/auth",
            "javascript:alert(1)",
            "http://127.0.0.1:9/auth",
        ] {
            assert_eq!(page(bad, &real()), None, "{bad}");
        }
        assert!(page("http://127.0.0.1:9/auth", &replaced()).is_some());
        assert_eq!(page("http://127.0.0.1:10/auth", &replaced()), None);
        assert_eq!(page("https://www.npmjs.com/auth", &replaced()), None, "a replaced registry is its own website");
    }

    #[test]
    fn an_old_or_missing_npm_leads_to_the_browser() {
        let with = |version: Option<semver::Version>| {
            let mut tools = Tools::default();
            tools.npm = Some(Tool { name: "npm", path: "/usr/bin/npm".into(), version });
            with_trust(&tools).map(|_| ())
        };
        assert!(with(Some(semver::Version::new(11, 15, 0))).is_ok());
        for too_little in
            [with(Some(semver::Version::new(11, 14, 9))), with(None), with_trust(&Tools::default()).map(|_| ())]
        {
            assert!(
                matches!(&too_little, Err(ApiError::Tool { hint, .. }) if hint.contains("browser")),
                "{too_little:?}"
            );
        }
    }
}
