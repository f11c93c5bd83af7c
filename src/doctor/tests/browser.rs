//! What is special to single registries: who logs in to NuGet, pub.dev's tags, provenance that cannot be had.

use super::*;
use crate::model::{GithubFacts, Reading, RepositoryFacts, Timestamp};

const NUGET: (&str, &str) = (
    "src/Acme.Widgets/Acme.Widgets.csproj",
    "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><PackageId>Acme.Widgets</PackageId></PropertyGroup></Project>",
);
const PUBSPEC: (&str, &str) = ("pubspec.yaml", "name: widgets\nversion: 1.0.0\ndescription: d\n");

fn pushing_as(user: &str) -> Facts {
    let release = format!(
        "on:\n  push:\n    tags: ['v*']\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    environment: release\n    permissions:\n      \
         id-token: write\n    steps:\n      - uses: NuGet/login@8d196754b4036150537f80ac539e15c2f1028841\n        id: login\n        \
         with:\n          user: {user}\n      - run: dotnet nuget push out/Acme.Widgets.1.0.0.nupkg --api-key \
         ${{{{ steps.login.outputs.NUGET_API_KEY }}}} --source https://api.nuget.org/v3/index.json\n"
    );
    with_release(NUGET, &release)
}

fn owned_by_organization(mut facts: Facts, owned_by_organization: bool) -> Facts {
    let repository = RepositoryFacts {
        id: 7,
        slug: "acme/widgets".parse().unwrap(),
        owner_id: 1,
        owned_by_organization,
        default_branch: "main".to_owned(),
        private: false,
        archived: false,
        permission: None,
    };
    let repository = Reading::seen(repository, "GitHub", Timestamp::from_unix(1_795_262_400));
    facts.github = Some(GithubFacts { repository, ..GithubFacts::default() });
    facts
}

#[test]
fn only_a_person_logs_in_to_nuget() {
    let mail = only(&pushing_as("mona@example.com"), Code::LoginUser);
    assert!(mail.severity == Severity::Error && mail.message.contains("an e-mail address"), "{mail:?}");
    assert_eq!(mail.at.unwrap().line, 14, "the input itself");
    assert_eq!(only(&pushing_as("Acme"), Code::LoginUser).severity, Severity::Warning);
    let known = owned_by_organization(pushing_as("acme"), true);
    assert_eq!(only(&known, Code::LoginUser).severity, Severity::Error);
    let person = owned_by_organization(pushing_as("acme"), false);
    for fine in [person, pushing_as("mona"), pushing_as("${{ secrets.NUGET_USER }}")] {
        assert_eq!(found(&examine(&fine), Code::LoginUser), Vec::<Found>::new());
    }
}

fn tagged(filter: &str, more: &str, pattern: &str) -> Facts {
    let release = format!(
        "on:\n  push:\n    tags: ['{filter}']\n{more}jobs:\n  publish:\n    runs-on: ubuntu-latest\n    permissions:\n      id-token: \
         write\n    steps:\n      - run: dart pub publish --force\n"
    );
    let toml = format!(
        "[[package]]\nname = \"widgets\"\nkind = \"pub\"\n[package.trust_policy]\ntag_pattern = \"{pattern}\"\n"
    );
    facts(&[PUBSPEC, (".github/workflows/release.yml", &release), ("untoken.toml", &toml)])
}

#[test]
fn declared_tags_have_to_start_the_workflow() {
    assert_eq!(found(&examine(&tagged("v*", "", "v{{version}}")), Code::DeclaredTags), Vec::<Found>::new());
    let never = only(&tagged("v*", "", "widgets-v{{version}}"), Code::DeclaredTags);
    assert!(never.severity == Severity::Error && never.message.contains("runs on tags v*"), "{never:?}");
    assert_eq!(never.at.unwrap().file.as_str(), "untoken.toml");
    let by_hand = only(&tagged("v*", "  workflow_dispatch:\n", "w{{version}}"), Code::DeclaredTags);
    assert_eq!(by_hand.severity, Severity::Warning);
}

#[test]
fn provenance_is_demanded_only_where_it_can_be_had() {
    let mono = |more: &str| {
        let text = format!(
            "[package.core]\ntype = \"cargo\"\npath = \".\"\n[package.web]\ntype = \"npm\"\npath = \"web\"\n{more}\
             [ecosystems.cargo.publish.attestations]\nrequire_registry_provenance = true\n\
             [ecosystems.npm.publish.attestations]\nrequire_registry_provenance = true\n"
        );
        found(&examine(&facts(&[CARGO, ("monochange.toml", &text)])), Code::NoProvenance)
    };
    let inherited = mono("");
    assert_eq!(inherited.len(), 1, "npm can meet it: {inherited:?}");
    assert!(inherited[0].message.contains("for core, and crates.io keeps none"), "{inherited:?}");
    assert_eq!(inherited[0].at.as_ref().unwrap().line, 8);
    for off in [
        "[package.core.publish.attestations]\nrequire_registry_provenance = false\n",
        "[package.core.publish]\ntrusted_publishing = false\n",
        "[package.core.publish]\nmode = \"external\"\n",
        "[package.core.publish]\nenabled = false\n",
    ] {
        assert_eq!(mono(off), Vec::<Found>::new(), "{off}");
    }
}
