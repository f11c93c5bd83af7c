//! How a name comes to be on npm: the real version, the same one staged, or a placeholder.
//!
//! Nothing here ever runs a script of the package while the person's login is near.

use super::rules::STAGE;
use super::{npm_call, scope};
use crate::model::{Arg, Guide, Package, PrivateFile, RunIn, ToolCall, Way, Who};
use crate::registry::first::{PLACEHOLDER, placeholder_folder, placeholder_text, real_version, version_for_ever};
use crate::registry::rules::{documented, reported};
use crate::registry::{Endpoints, FirstWay, Rule};

/// What npm says of names that nobody uses.
const SQUATTING: Rule<&str> = documented(
    "npm's terms forbid to publish only to hold a name, and count a package without function as squatted",
    "npm/documentation content/policies/disputes.mdx, open-source-terms.mdx",
    "2026-08-21",
);

/// Code that its owners keep to themselves is never made public on the way (402: npm/documentation, private packages, read
/// 2026-08-21).
const RESTRICTED: &str = "package.json restricts who may read it, so it is sent with restricted access: npm answers 402 without \
                          a paid plan, and makes no provenance of what is not public.";

/// What is known of staging a package that is not there.
const STAGING: Rule<&str> = reported(
    "since 2026-10-02 the registry makes a new package from a staged one; before, it answered 404",
    "github.blog/changelog/2026-10-02-npm-staged-publishing-now-supports-creating-new-packages",
    "2026-11-20",
);

/// The ways, the same number for every package.
pub(super) fn ways(package: &Package, endpoints: &Endpoints) -> Vec<FirstWay> {
    let real = FirstWay::new(
        real_version(package),
        format!(
            "{}: its number is never free again, and a name unpublished whole is blocked for a day",
            version_for_ever(package)
        ),
        real(package, endpoints),
    );
    let staged = FirstWay {
        rule: Some(STAGING),
        ..FirstWay::new(
            "the same, staged (reported)",
            "0.0.0-stage under the tag latest, made by npm; your version waits for approval",
            staged(package, endpoints),
        )
    };
    let leaves = format!("{PLACEHOLDER}, empty, for ever; npm gives it the tag latest until the next version");
    let placeholder = FirstWay {
        rule: Some(SQUATTING),
        files: placeholder_files(package),
        ..FirstWay::new("a placeholder", leaves, placeholder(package, endpoints))
    };
    vec![real, staged, placeholder]
}

fn real(package: &Package, endpoints: &Endpoints) -> Guide {
    let name = &package.id.name;
    let mut text = vec![
        "npm trusts only packages that exist.".to_owned(),
        "The first command packs it, with your scripts and without your token. The second sends the tarball with your \
         token and runs no script."
            .to_owned(),
    ];
    if package.version.is_none() {
        text.push("package.json has no version: give it one first.".to_owned());
    }
    if package.restricted {
        text.push(RESTRICTED.to_owned());
    }
    Guide {
        way: Way::Tool,
        who: Who::YouInTerminal,
        title: format!("Publish {name} once with your own npm."),
        text,
        fields: Vec::new(),
        link: None,
        commands: package.version.as_deref().map_or_else(Vec::new, |v| publish_commands(package, v, endpoints)),
        verify: "untoken looks the package up on the registry; that can take some minutes.".to_owned(),
        undo: "A version can never be used again, even after `npm unpublish`.".to_owned(),
    }
}

fn staged(package: &Package, endpoints: &Endpoints) -> Guide {
    let name = &package.id.name;
    let mut real = real(package, endpoints);
    if let Some(send) = real.commands.last_mut() {
        send.args.insert(0, "stage".into());
        send.needs = &STAGE;
        send.purpose = "stages the tarball, with your login and without running its scripts".to_owned();
    }
    real.text.insert(
        1,
        "Nothing of your code is public until you approve it, on npm's page or with `npm stage approve`; or reject it, and \
         release by OIDC instead. It needs npm 11.15 and Node 22.14 or newer."
            .to_owned(),
    );
    Guide {
        title: format!("Stage {name} with your own npm, so that the name is there."),
        undo: "`npm stage reject` takes the staged version back; 0.0.0-stage stays.".to_owned(),
        ..real
    }
}

fn placeholder(package: &Package, endpoints: &Endpoints) -> Guide {
    let name = &package.id.name;
    let folder = Arg::Private(placeholder_folder(package));
    let args = publish_args(package, folder, endpoints).chain(["--tag=placeholder".into()]).collect();
    Guide {
        title: format!("Publish an empty {name} with your own npm, to have the name."),
        text: vec![
            "Take this only where the real version cannot be published from here, and release by OIDC right after it: a name \
             that is only held may be given to others."
                .to_owned(),
        ],
        commands: vec![npm_call(args, "sends a package.json and a README that says what it is, nothing else", endpoints)],
        ..real(package, endpoints)
    }
}

fn placeholder_files(package: &Package) -> Vec<PrivateFile> {
    let (name, folder, text) = (&package.id.name, placeholder_folder(package), placeholder_text(package));
    let mut manifest = serde_json::json!({ "name": name.as_str(), "version": PLACEHOLDER, "description": text });
    if let Some(repository) = &package.repository {
        let url = format!("git+https://github.com/{repository}.git");
        manifest["repository"] = serde_json::json!({ "type": "git", "url": url });
    }
    let file = |path: &str, text: String| PrivateFile { path: format!("{folder}/{path}"), text };
    vec![file("package.json", format!("{manifest:#}\n")), file("README.md", format!("# {name}\n\n{text}\n"))]
}

/// Pack with the scripts and without the token, then publish the tarball with the token and without the scripts.
fn publish_commands(package: &Package, version: &str, endpoints: &Endpoints) -> Vec<ToolCall> {
    let tarball = format!("{}-{version}.tgz", package.id.name.as_str().trim_start_matches('@').replace('/', "-"));
    let pack = vec!["pack".into(), "--pack-destination".into(), Arg::Private(String::new())];
    let pack = ToolCall {
        run_in: RunIn::Package,
        credential: false,
        ..npm_call(pack, "packs it, without your token", endpoints)
    };
    let mut args: Vec<Arg> = publish_args(package, Arg::Private(tarball), endpoints).collect();
    if semver::Version::parse(version).is_ok_and(|v| !v.pre.is_empty()) {
        args.push("--tag=next".into());
    }
    vec![pack, npm_call(args, "sends the tarball, with your token and without running its scripts", endpoints)]
}

/// `npm publish` of something that is ready. A tarball's own `publishConfig` is overruled on the command line where it could
/// send it elsewhere or make it fail here; who may read it stays as it says.
fn publish_args(package: &Package, what: Arg, endpoints: &Endpoints) -> impl Iterator<Item = Arg> {
    let registry = |scope| Arg::from(format!("--{scope}:registry={}/", endpoints.npm.as_str()));
    let elsewhere = scope(&package.id.name).map(registry);
    let access = if package.restricted { "--access=restricted" } else { "--access=public" };
    let args = ["publish".into(), what, access.into(), "--ignore-scripts".into(), "--provenance=false".into()];
    args.into_iter().chain(elsewhere)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::model::Registry;
    use crate::registry::testing::{package, replaced};

    const AT: &str = "--@acme:registry=http://127.0.0.1:9/npm/";
    const FLAGS: &str = "--access=public --ignore-scripts --provenance=false";

    fn shown(way: &FirstWay) -> Vec<String> {
        way.guide.commands.iter().map(ToolCall::shown).collect()
    }

    #[test]
    fn the_token_never_meets_a_script_and_the_tarball_cannot_choose_its_registry() {
        let ways = ways(&package(Registry::Npm, "@acme/widgets"), &replaced());
        let to = "--registry=http://127.0.0.1:9/npm/";
        let pack = format!("npm pack --pack-destination $PRIVATE {to}");
        let tarball = "$PRIVATE/acme-widgets-1.0.0.tgz";
        assert_eq!(shown(&ways[0]), [pack.clone(), format!("npm publish {tarball} {FLAGS} {AT} {to}")]);
        assert_eq!(shown(&ways[1]), [pack, format!("npm stage publish {tarball} {FLAGS} {AT} {to}")]);
        let placeholder = format!("npm publish $PRIVATE/placeholder-acme-widgets {FLAGS} {AT} --tag=placeholder {to}");
        assert_eq!(shown(&ways[2]), [placeholder]);
        for way in &ways {
            for call in &way.guide.commands {
                assert_eq!(call.credential, call.run_in == RunIn::Private, "{}", call.shown());
            }
        }
    }

    #[test]
    fn a_version_is_a_word_of_the_shell_whatever_the_manifest_calls_it() {
        let mut package = package(Registry::Npm, "widgets");
        package.version = Some("1.0.0; touch $(here)".to_owned());
        let sent = shown(&ways(&package, &replaced())[0]).pop().unwrap();
        assert!(sent.starts_with("npm publish $PRIVATE/'widgets-1.0.0; touch $(here).tgz' "), "{sent}");
    }

    #[test]
    fn what_its_owners_keep_to_themselves_is_never_sent_to_the_public() {
        let mut package = package(Registry::Npm, "@acme/widgets");
        package.restricted = true;
        for way in ways(&package, &replaced()) {
            let sent = shown(&way).pop().unwrap();
            assert!(sent.contains("--access=restricted") && !sent.contains("public"), "{sent}");
            assert!(way.guide.text.iter().any(|text| text.contains("402")) || way.label == "a placeholder");
        }
    }

    #[test]
    fn a_placeholder_is_whole_json_says_what_it_is_and_lies_in_the_private_folder_whatever_its_name() {
        let mut package = package(Registry::Npm, "@acme/w\"id/../..gets");
        package.repository = Some("acme/widgets".parse().unwrap());
        let way = ways(&package, &replaced()).remove(2);
        let manifest: serde_json::Value = serde_json::from_str(&way.files[0].text).unwrap();
        assert_eq!(manifest["name"], package.id.name.as_str());
        assert!(manifest["description"].as_str().unwrap().contains("https://github.com/acme/widgets"));
        for file in &way.files {
            let (folder, rest) = file.path.split_once('/').unwrap();
            assert!(
                folder.starts_with("placeholder-") && !folder.contains('.') && !rest.contains('/'),
                "{}",
                file.path
            );
        }
        assert!(way.rule.unwrap().value.contains("forbid") && way.leaves.contains("for ever"));
    }
}
