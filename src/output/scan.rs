//! What a scan found: for people, and as JSON that others build on.
//!
//! The fields of `publishers` are a contract: some are added, none is renamed.

use serde_json::{Value, json};

use super::json::{SCHEMA, finding};
use crate::model::{
    Auth, Certainty, EnvironmentRef, Finding, IdToken, OtherPackage, Package, PackageName, Pinned, PublishJob,
    Registry, WorkflowClaim, WorkflowRole, clean,
};
use crate::registry;

/// What a scan found.
#[derive(Debug, Clone, Copy)]
pub struct Scan<'a> {
    /// The packages of the manifests.
    pub packages: &'a [Package],
    /// Platforms of them, which a build makes: they have no manifest of their own here.
    pub platforms: &'a [Package],
    /// Packages of kinds that no registry of untoken takes.
    pub others: &'a [OtherPackage],
    /// How many workflow files were read.
    pub workflow_files: usize,
    /// The publishing steps.
    pub jobs: &'a [PublishJob],
    /// What could not be read, and what is odd about the rest.
    pub findings: &'a [Finding],
}

impl Scan<'_> {
    /// For machines.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({
            "schema": SCHEMA,
            "packages": self.packages.iter().map(package).collect::<Vec<_>>(),
            "platforms": self.platforms.iter().map(|one| json!({
                "registry": one.id.registry, "name": one.spelled, "of": one.family, "manifest": one.manifest,
            })).collect::<Vec<_>>(),
            "others": self.others.iter().map(other).collect::<Vec<_>>(),
            "workflow_files": self.workflow_files,
            "publishers": self.jobs.iter().map(|job| publisher(job, self.packages)).collect::<Vec<_>>(),
            "findings": self.findings.iter().map(finding).collect::<Vec<_>>(),
        })
    }

    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        for package in self.packages {
            out.push_str(&format!("package {} on {} ({})\n", package.spelled, package.id.registry, package.manifest));
        }
        for platform in self.platforms {
            let of = platform.meant_by();
            out.push_str(&format!("package {} on {} (a platform of {of})\n", platform.spelled, platform.id.registry));
        }
        for other in self.others {
            out.push_str(&format!("{other}\n"));
        }
        if !self.packages.is_empty() || !self.others.is_empty() {
            out.push('\n');
        }
        for job in self.jobs {
            self.publisher(job, &mut out);
        }
        if self.jobs.is_empty() {
            let files = match self.workflow_files {
                0 => "there is no workflow file".to_owned(),
                1 => "1 workflow file was read".to_owned(),
                n => format!("{n} workflow files were read"),
            };
            out.push_str(&format!(
                "No publisher found: {files}, and no step in sight publishes to {}.\n",
                Registry::choice()
            ));
        }
        out
    }

    fn publisher(&self, job: &PublishJob, out: &mut String) {
        let names = spelled(job, self.packages).map_or_else(|| "packages unknown".to_owned(), |names| names.join(", "));
        let mut line = |text: &str| out.push_str(&format!("{}\n", clean(text).trim_end()));
        line(&format!("{}: {names}", job.destination));
        line(&format!("  job `{}`, {}", job.job, job.at));
        if let Some(registry) = job.destination.registry() {
            let claim = registry::claim(registry);
            let file = job
                .workflow_anywhere(claim)
                .map_or_else(|| nameless(claim).to_owned(), |file| format!("workflow {file}"));
            line(&format!("  register: {file}, {}", environment(&job.environment)));
        }
        let login = match &job.auth {
            Auth::Oidc => "OIDC".to_owned(),
            Auth::Token(secret) => format!("the secret {secret}"),
            Auth::Unknown => "unknown".to_owned(),
        };
        let id_token = match &job.id_token {
            IdToken::Granted(_) => "id-token: write",
            IdToken::Missing => "no id-token: write",
            IdToken::Unknown(_) => "id-token unknown",
        };
        line(&format!("  logs in: {login} ({id_token}); {}", certainty(job.certainty)));
        job.why.iter().for_each(|why| line(&format!("    {why}")));
        out.push('\n');
    }
}

fn environment(environment: &EnvironmentRef) -> String {
    match environment {
        EnvironmentRef::None => "no environment".to_owned(),
        EnvironmentRef::Named(name) => format!("environment {name}"),
        EnvironmentRef::Expression(text) => format!("environment {text}, as a run decides"),
        EnvironmentRef::Unknown(why) => format!("environment unknown: {why}"),
    }
}

fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "certain",
        Certainty::Likely => "likely",
        Certainty::CannotTell => "cannot tell",
    }
}

/// Why there is no file to register.
fn nameless(claim: WorkflowClaim) -> &'static str {
    match claim {
        WorkflowClaim::None => "the repository (no workflow is compared)",
        _ => "no workflow that could be registered",
    }
}

pub(super) fn other(other: &OtherPackage) -> Value {
    json!({
        "kind": other.what,
        "name": other.name,
        "manifest": other.manifest,
        "why": other.why,
        "more": other.more,
    })
}

fn package(package: &Package) -> Value {
    json!({
        "registry": package.id.registry,
        "name": package.spelled,
        "manifest": package.manifest,
        "version": package.version,
        "lacks": package.lacks,
    })
}

/// The names as the manifests spell them: a reader finds them there again.
fn spelled(job: &PublishJob, packages: &[Package]) -> Option<Vec<String>> {
    let registry = job.destination.speaks();
    let known = |name: &PackageName| packages.iter().find(|p| p.id.registry == registry && p.id.name == *name);
    let spell = |name: &PackageName| known(name).map_or(name, |package| &package.spelled).to_string();
    job.packages.as_ref().map(|names| names.iter().map(spell).collect())
}

fn publisher(job: &PublishJob, packages: &[Package]) -> Value {
    let claim = registry::guides(job.destination.speaks()).rules().claim.value;
    json!({
        "registry": job.destination.label(),
        "packages": spelled(job, packages),
        "workflow": job.workflow_anywhere(claim),
        "workflow_role": match job.role(claim) {
            WorkflowRole::Direct => "direct",
            WorkflowRole::Caller => "caller",
            WorkflowRole::Callee => "callee",
            WorkflowRole::NotUsed => "not-used",
            WorkflowRole::Impossible => "impossible",
        },
        "job": job.job,
        "environment": match &job.environment {
            EnvironmentRef::None => Value::Null,
            EnvironmentRef::Named(name) => json!(name),
            EnvironmentRef::Expression(text) => json!({ "expression": text }),
            EnvironmentRef::Unknown(why) => json!({ "unknown": why }),
        },
        "id_token": match &job.id_token {
            IdToken::Granted(_) => json!(true),
            IdToken::Missing => json!(false),
            IdToken::Unknown(_) => Value::Null,
        },
        "auth": match &job.auth {
            Auth::Oidc => "oidc".to_owned(),
            Auth::Token(secret) => format!("token:{secret}"),
            Auth::Unknown => "unknown".to_owned(),
        },
        "pinned": match job.pinned {
            Pinned::Sha => "sha",
            Pinned::Tag => "tag",
            Pinned::Branch => "branch",
            Pinned::None => "none",
        },
        "at": { "file": job.at.file, "line": job.at.line },
        "certainty": certainty(job.certainty).replace(' ', "-"),
        "events": job.triggers.iter().map(|trigger| &trigger.event).collect::<Vec<_>>(),
        "tokens": job.tokens.iter().map(|used| json!({
            "secret": used.secret, "by": used.by, "at": { "file": used.at.file, "line": used.at.line },
        })).collect::<Vec<_>>(),
        "why": job.why,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::model::Registry;
    use crate::plan::testing::{job, package};

    #[test]
    fn a_platform_is_told_with_the_package_that_it_belongs_to() {
        let main = package(Registry::Npm, "@acme/widgets");
        let named = package(Registry::Npm, "@acme/widgets-linux-x64");
        let platforms = [Package { family: Some(main.id.name.clone()), ..named }];
        let scan =
            Scan { packages: &[main], platforms: &platforms, others: &[], workflow_files: 0, jobs: &[], findings: &[] };
        assert!(scan.text().contains("package @acme/widgets-linux-x64 on npm (a platform of @acme/widgets)"));
        let json = scan.json();
        assert_eq!(
            (json["packages"].as_array().unwrap().len(), &json["platforms"][0]["of"]),
            (1, &json!("@acme/widgets"))
        );
    }

    #[test]
    fn names_are_spelled_as_the_manifests_spell_them() {
        let flask = Package { spelled: "Flask".parse().unwrap(), ..package(Registry::Pypi, "flask") };
        let other = Package { spelled: "FLASK".parse().unwrap(), ..package(Registry::Npm, "flask") };
        let (packages, jobs) = ([other, flask], [job(Registry::Pypi, &["flask", "not-here"])]);
        let scan =
            Scan { packages: &packages, platforms: &[], others: &[], workflow_files: 1, jobs: &jobs, findings: &[] };
        assert!(scan.text().contains("PyPI: Flask, not-here\n"), "{}", scan.text());
        let scan = scan.json();
        assert_eq!(scan["packages"][1]["name"], "Flask");
        assert_eq!(scan["publishers"][0]["packages"], json!(["Flask", "not-here"]));
    }
}
