//! Who may take a step, and the message for those who may.

use crate::model::{
    EnvironmentRef, Existence, Identity, Owner, Party, Permission, Reading, Registry, Right, StepKind, TokenReach,
    Unknown,
};
use crate::plan::testing::{NOON, Scene};
use crate::plan::{Access, May, access, hand_over};

fn owners(list: Vec<Owner>) -> Reading<Vec<Owner>> {
    Reading::seen(list, "test", NOON)
}

fn person(name: &str, right: Right) -> Owner {
    Owner::person(name.to_owned(), right)
}

fn team(name: &str) -> Owner {
    Owner { party: Party::Team, ..person(name, Right::Publishes) }
}

fn mona() -> Identity {
    Identity { login: "mona".to_owned(), id: Some(7), reach: TokenReach::Untold }
}

fn told(scene: &Scene, me: Option<&Identity>, kind: StepKind) -> Option<Access> {
    access(&scene.facts, me, &scene.row(), kind)
}

#[track_caller]
fn says(scene: &Scene, me: Option<&Identity>, may: May, words: &str) {
    let access = told(scene, me, StepKind::Register).unwrap();
    assert_eq!((access.may, access.words.as_str()), (may, words));
}

fn scene(registry: Registry, name: &str, list: Vec<Owner>) -> Scene {
    let mut scene = Scene::of(registry, name);
    let id = scene.id();
    scene.facts.ownership.owners.insert(id, owners(list));
    scene
}

#[test]
fn on_crates_io_the_login_of_github_counts_and_a_team_is_not_enough() {
    let mine = scene(Registry::CratesIo, "widgets", vec![person("Mona", Right::Manages)]);
    says(&mine, Some(&mona()), May::Yes, "You (mona) are an owner of widgets.");
    let others = scene(Registry::CratesIo, "widgets", vec![person("ada", Right::Manages), team("github:acme:release")]);
    says(
        &others,
        Some(&mona()),
        May::No,
        "mona is not among the owners: ada, team github:acme:release. Being in a team is not enough for this.",
    );
    let named_so = scene(Registry::CratesIo, "widgets", vec![team("mona")]);
    assert_eq!(told(&named_so, Some(&mona()), StepKind::Register).unwrap().may, May::No, "a team is no person");
    let unknown = told(&others, None, StepKind::Register).unwrap();
    assert_eq!(unknown.may, May::Unknown);
    assert!(unknown.words.contains("nobody is signed in") && unknown.words.contains("ada"), "{unknown:?}");
}

#[test]
fn pub_devs_publisher_is_named_and_whether_one_is_in_it_is_unknown() {
    let publisher =
        Owner { party: Party::Hidden, ..person("the admins of the verified publisher acme.dev", Right::Manages) };
    let scene = scene(Registry::PubDev, "widgets", vec![publisher]);
    let words = "Whether you are among the admins of the package cannot be read: nothing here tells who you are on pub.dev. They are: the admins of the verified publisher acme.dev (not public).";
    says(&scene, Some(&mona()), May::Unknown, words);
    let message = hand_over(&scene.facts, &scene.row(), StepKind::Register).unwrap().to_string();
    assert!(
        message.contains("Only admins of the package can do it: the admins of the verified publisher acme"),
        "{message}"
    );
}

#[test]
fn npms_own_login_counts_and_githubs_does_not() {
    let mut scene = scene(Registry::Npm, "@acme/widgets", vec![person("mona-npm", Right::Manages)]);
    assert_eq!(told(&scene, Some(&mona()), StepKind::Register).unwrap().may, May::Unknown);
    let login = |name: &str| Reading::seen(name.to_owned(), "test", NOON);
    scene.facts.ownership.accounts.insert(Registry::Npm, login("mona-npm"));
    says(&scene, None, May::Yes, "You (mona-npm) are a maintainer of @acme/widgets.");
    scene.facts.ownership.accounts.insert(Registry::Npm, login("mona"));
    says(&scene, None, May::No, "mona is not among the maintainers: mona-npm.");
    let logged_out = Reading::Unknown(Unknown::because("your own tool is not logged in there"));
    scene.facts.ownership.accounts.insert(Registry::Npm, logged_out);
    let unknown = told(&scene, None, StepKind::Register).unwrap();
    assert!(unknown.may == May::Unknown && unknown.words.contains("not logged in"), "{unknown:?}");
}

#[test]
fn jsr_goes_by_the_number_and_a_member_may_make_a_package() {
    let member = |name: &str, number, right| Owner { github_id: number, ..person(name, right) };
    // The same name, another account.
    let list = vec![member("mona", Some(8), Right::Manages), member("Mona Lisa", Some(7), Right::Publishes)];
    let mut scene = scene(Registry::Jsr, "@acme/widgets", list);
    says(
        &scene,
        Some(&mona()),
        May::No,
        "mona may publish @acme/widgets, and is not among its admins of the scope: mona.",
    );
    assert_eq!(told(&scene, Some(&mona()), StepKind::FirstPublish), None, "it is there");
    scene.public().existence = Existence::Absent;
    assert_eq!(told(&scene, Some(&mona()), StepKind::FirstPublish).unwrap().may, May::Yes);
    assert_eq!(told(&scene, Some(&mona()), StepKind::Register), None, "a package that is not there has no settings");
    let untold = Identity { id: None, ..mona() };
    assert_eq!(told(&scene, Some(&untold), StepKind::FirstPublish).unwrap().may, May::Unknown);
}

#[test]
fn what_was_not_read_is_never_no() {
    for (registry, name) in [(Registry::Pypi, "widgets"), (Registry::RubyGems, "widgets")] {
        let scene = scene(registry, name, vec![person("ada", Right::Manages)]);
        let unknown = told(&scene, Some(&mona()), StepKind::Register).unwrap();
        assert!(unknown.may == May::Unknown && unknown.words.contains("They are: ada."), "{unknown:?}");
    }
    let mut failed = Scene::of(Registry::CratesIo, "widgets");
    assert_eq!(told(&failed, Some(&mona()), StepKind::Register), None, "nothing was read yet");
    let id = failed.id();
    failed.facts.ownership.owners.insert(id, Reading::Unknown(Unknown::because("crates.io could not be asked")));
    let unknown = told(&failed, Some(&mona()), StepKind::Register).unwrap();
    assert!(unknown.may == May::Unknown && unknown.words.contains("could not be asked"), "{unknown:?}");
    let many = (0..9).map(|n| person(&format!("ada{n}"), Right::Manages)).collect();
    let many = told(&scene(Registry::CratesIo, "widgets", many), Some(&mona()), StepKind::Register).unwrap();
    assert!(many.words.ends_with("ada4 and 4 more."), "{many:?}");
}

#[test]
fn the_message_has_the_page_and_every_value() {
    let hostile = person("a|da <b>`x`", Right::Manages);
    let scene = scene(Registry::CratesIo, "widgets", vec![hostile]);
    let text = hand_over(&scene.facts, &scene.row(), StepKind::Register).unwrap().to_string();
    for part in [
        "# Tell crates.io that this workflow may publish widgets\n",
        "Only owners can do it: a\\|da \\<b\\>\\`x\\`.",
        "1. Open <https://crates.io/crates/widgets/settings/new-trusted-publisher>",
        "   | Repository owner | `acme` |\n",
        "   | Workflow filename | `release.yml` (",
        "   | Environment | (leave empty)",
        "3. Save the form",
        "Undo: ",
        "`untoken status`",
    ] {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
    }
    assert_eq!(hand_over(&scene.facts, &scene.row(), StepKind::Declare), None);
}

#[test]
fn an_environment_is_for_administrators_of_the_repository() {
    let may = |permission, me: Option<&Identity>| {
        let mut scene = Scene::of(Registry::Npm, "widgets").on_github();
        if let Reading::Seen(seen) = &mut scene.facts.github.repository {
            seen.value.permission = permission;
        }
        let access = told(&scene, me, StepKind::Environment).unwrap();
        (access.may, access.words)
    };
    let mona = mona();
    let admin = may(Some(Permission::Admin), Some(&mona));
    assert_eq!(admin, (May::Yes, "You (mona) are an administrator of acme/widgets.".to_owned()));
    for less in [Permission::Maintain, Permission::Write, Permission::Read] {
        let (answer, words) = may(Some(less), Some(&mona));
        assert!(answer == May::No && words.starts_with("mona is not an administrator of acme/widgets"), "{words}");
    }
    let (answer, words) = may(None, None);
    assert!(answer == May::Unknown && words.ends_with("nobody is signed in to GitHub."), "{words}");
    let unread = told(&Scene::of(Registry::Npm, "widgets"), Some(&mona), StepKind::Environment).unwrap();
    assert!(unread.may == May::Unknown && unread.words.contains("not read from GitHub"), "{unread:?}");
}

#[test]
fn a_new_name_in_a_scope_of_npm_is_ones_own_or_nobody_can_tell() {
    let first = |name: &str, account: Option<&str>| {
        let mut scene = Scene::of(Registry::Npm, name);
        scene.public().existence = Existence::Absent;
        let account = account.map(|account| (Registry::Npm, Reading::seen(account.to_owned(), "test", NOON)));
        scene.facts.ownership.accounts.extend(account);
        told(&scene, Some(&mona()), StepKind::FirstPublish)
    };
    assert_eq!(first("widgets", Some("mona")), None, "a name without a scope is anybody's");
    assert_eq!(first("@mona/widgets", Some("Mona")).unwrap().may, May::Yes);
    for account in [None, Some("mona")] {
        let access = first("@acme/widgets", account).unwrap();
        assert!(access.may == May::Unknown && access.words.contains("the scope @acme cannot be read"), "{access:?}");
    }
}

#[test]
fn a_first_publish_is_handed_over_with_commands_that_can_be_typed() {
    let mut scene = Scene::of(Registry::Npm, "@acme/widgets");
    scene.public().existence = Existence::Absent;
    let text = hand_over(&scene.facts, &scene.row(), StepKind::FirstPublish).unwrap().to_string();
    for part in [
        "in a scope, only those whom its owner lets.",
        "1. In a clean checkout of `acme/widgets`, run `PRIVATE=$(mktemp -d \"$HOME/private.XXXXXX\")`",
        "2. Run `(",
        "npm pack --pack-destination $PRIVATE ",
        "3. Run `(cd $PRIVATE && ",
        " npm publish $PRIVATE/acme-widgets-1.0.0.tgz --access=public --ignore-scripts ",
    ] {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
    }
    assert!(!text.contains("owner there") && !text.contains("$PACKAGE"), "{text}");
}

#[test]
fn an_environment_is_handed_over_to_somebody_on_github() {
    let mut scene = Scene::of(Registry::CratesIo, "widgets").on_github();
    scene.local().publish_jobs[0].environment = EnvironmentRef::Named("release".parse().unwrap());
    let text = hand_over(&scene.facts, &scene.row(), StepKind::Environment).unwrap().to_string();
    for part in [
        "Only an administrator of the repository on GitHub can do it.",
        "(the environments of the repository), signed in to GitHub.",
        "   | Name | `release` |",
        "Instead of the page, these commands do the same:\n   - `gh api ",
    ] {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
    }
    assert!(!text.contains("crates.io.\n2."), "nobody has to sign in to a registry for it: {text}");
}

#[test]
fn a_pending_publisher_is_anybodys_to_add() {
    for registry in [Registry::Pypi, Registry::RubyGems] {
        let mut scene = Scene::of(registry, "widgets");
        scene.public().existence = Existence::Absent;
        let text = hand_over(&scene.facts, &scene.row(), StepKind::Register).unwrap().to_string();
        assert!(
            text.contains("owns the name from the first release on.") && !text.contains("an owner there"),
            "{text}"
        );
    }
}
