//! monochange.toml as it is written: by example, and with generated files.

use pretty_assertions::assert_eq;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

const SOURCE: &str = "[source]\nowner = \"acme\"\nrepo = \"widgets\"\n";

/// As the wizard asks for it.
fn wanted() -> TrustPolicy {
    policy("release.yml", Some("release"), Some("acme/widgets"))
}

fn mono(text: &str) -> [SourceFile; 1] {
    [file("monochange.toml", text)]
}

fn refused(text: &str, policy: TrustPolicy) -> Refused {
    let declaration = declare_one(&mono(text), None, &core(), policy);
    assert_eq!((declaration.changes.len(), declaration.refused.len()), (0, 1), "{text}");
    declaration.refused[0].clone()
}

/// The package's own lines before and after, in every form that TOML has for them.
const FORMS: [(&str, &str); 15] = [
    (
        "[package.core]\npath = \"crates/core\" # here\n",
        "[package.core]\npath = \"crates/core\" # here\n\n[package.core.publish.trusted_publishing]\nworkflow = \"release.yml\"\nenvironment = \"release\"\n",
    ),
    (
        "[package.core]\npath = \"crates/core\"\n[package.core.publish]\nmode = \"builtin\"\ntrusted_publishing = true # on\n",
        "[package.core]\npath = \"crates/core\"\n[package.core.publish]\nmode = \"builtin\"\ntrusted_publishing = { enabled = true, workflow = \"release.yml\", environment = \"release\" } # on\n",
    ),
    (
        "[package.core]\npath = \"crates/core\"\n[package.core.publish]\nmode = \"builtin\"\n[package.core.publish.attestations]\nrequire_registry_provenance = false\n\n# next\n",
        "[package.core]\npath = \"crates/core\"\n[package.core.publish]\nmode = \"builtin\"\n[package.core.publish.attestations]\nrequire_registry_provenance = false\n\n[package.core.publish.trusted_publishing]\nworkflow = \"release.yml\"\nenvironment = \"release\"\n\n# next\n",
    ),
    (
        "[package.core]\npath = \"crates/core\"\n[package.core.publish.trusted_publishing]\nworkflow = 'old.yml' # w\nenvironment = \"release\"\nrepository = \"acme/old\"\n",
        "[package.core]\npath = \"crates/core\"\n[package.core.publish.trusted_publishing]\nworkflow = 'release.yml' # w\nenvironment = \"release\"\nrepository = \"acme/widgets\"\n",
    ),
    (
        "[package.core]\npath = \"crates/core\"\n  [package.core.publish.trusted_publishing]\n  enabled = true\n",
        "[package.core]\npath = \"crates/core\"\n  [package.core.publish.trusted_publishing]\n  enabled = true\n  workflow = \"release.yml\"\n  environment = \"release\"\n",
    ),
    (
        "[package.core]\npath = \"crates/core\"\npublish.mode = \"builtin\"\n",
        "[package.core]\npath = \"crates/core\"\npublish.mode = \"builtin\"\npublish.trusted_publishing.workflow = \"release.yml\"\npublish.trusted_publishing.environment = \"release\"\n",
    ),
    (
        "[package.core]\npath = \"crates/core\"\npublish.trusted_publishing = true\n",
        "[package.core]\npath = \"crates/core\"\npublish.trusted_publishing = { enabled = true, workflow = \"release.yml\", environment = \"release\" }\n",
    ),
    (
        "[package.core]\npath = \"crates/core\"\n[package.core.publish]\ntrusted_publishing.workflow = \"old.yml\"\n",
        "[package.core]\npath = \"crates/core\"\n[package.core.publish]\ntrusted_publishing.workflow = \"release.yml\"\ntrusted_publishing.environment = \"release\"\n",
    ),
    (
        "[package.core]\npath = \"crates/core\"\npublish = { mode = \"builtin\" }\n",
        "[package.core]\npath = \"crates/core\"\npublish = { mode = \"builtin\", trusted_publishing = { workflow = \"release.yml\", environment = \"release\" } }\n",
    ),
    (
        "[package.core]\npath = \"crates/core\"\npublish = { trusted_publishing = { workflow = \"old.yml\" }, mode = \"builtin\" }\n",
        "[package.core]\npath = \"crates/core\"\npublish = { trusted_publishing = { workflow = \"release.yml\", environment = \"release\" }, mode = \"builtin\" }\n",
    ),
    (
        "[package.core]\npath = \"crates/core\"\npublish = {}\n",
        "[package.core]\npath = \"crates/core\"\npublish = { trusted_publishing = { workflow = \"release.yml\", environment = \"release\" } }\n",
    ),
    (
        "[package]\ncore = { path = \"crates/core\" }\n",
        "[package]\ncore = { path = \"crates/core\", publish = { trusted_publishing = { workflow = \"release.yml\", environment = \"release\" } } }\n",
    ),
    (
        "[package]\ncore.path = \"crates/core\"\ncli.path = \"cli\"\n",
        "[package]\ncore.path = \"crates/core\"\ncore.publish.trusted_publishing.workflow = \"release.yml\"\ncore.publish.trusted_publishing.environment = \"release\"\ncli.path = \"cli\"\n",
    ),
    (
        "[package.\"@acme/the core\"]\npath = \"crates/core\"\n",
        "[package.\"@acme/the core\"]\npath = \"crates/core\"\n\n[package.\"@acme/the core\".publish.trusted_publishing]\nworkflow = \"release.yml\"\nenvironment = \"release\"\n",
    ),
    (
        "[package.core]\r\npath = \"crates/core\"\r\n[package.cli]\r\npath = \"cli\"",
        "[package.core]\r\npath = \"crates/core\"\r\n\r\n[package.core.publish.trusted_publishing]\r\nworkflow = \"release.yml\"\r\nenvironment = \"release\"\r\n\r\n[package.cli]\r\npath = \"cli\"",
    ),
];

#[test]
fn it_is_written_in_the_form_that_is_there() {
    for (before, after) in FORMS {
        let [before, after] = [before, after].map(|own| format!("defaults.package_type = \"cargo\"\n{SOURCE}{own}"));
        assert_eq!(declared("monochange.toml", &before, wanted()), after);
        assert_eq!(declare_one(&mono(&after), None, &core(), wanted()).already, [core().id]);
    }
}

#[test]
fn what_is_inherited_is_not_written_again() {
    let text = |source: &str, ecosystem: &str| {
        let package = "[package.core]\npath = \"crates/core\"\ntype = \"cargo\"\n";
        format!("{package}\n{source}[ecosystems.cargo.publish.trusted_publishing]\n{ecosystem}")
    };
    let both = "workflow = \"release.yml\"\nenvironment = \"release\"\n";
    let here = "repository = \"acme/widgets\"\n";
    let written = |text: &str| {
        let after = declared("monochange.toml", text, wanted());
        let new = after.split("publish.trusted_publishing]\n").nth(1).unwrap().split("\n\n").next().unwrap();
        assert!(
            after.starts_with("[package.core]\npath = \"crates/core\"\ntype = \"cargo\"\n\n[package.core."),
            "{after}"
        );
        new.to_owned()
    };
    for (source, ecosystem) in [(SOURCE, both.to_owned()), ("", format!("{both}{here}"))] {
        let all = text(source, &ecosystem);
        assert_eq!(declare_one(&mono(&all), None, &core(), wanted()).already, [core().id]);
    }
    for (source, ecosystem, own) in [
        (SOURCE, "workflow = \"release.yml\"\n", "environment = \"release\""),
        (SOURCE, "workflow = \"old.yml\"\nenvironment = \"release\"\n", "workflow = \"release.yml\""),
        (SOURCE, "workflow = \"a/b.yml\"\nenvironment = \"release\"\n", "workflow = \"release.yml\""),
        ("", both, "repository = \"acme/widgets\""),
        (
            SOURCE,
            "workflow = \"release.yml\"\nenvironment = \"release\"\nrepository = \"acme/else\"\n",
            "repository = \"acme/widgets\"",
        ),
        (
            "[source]\nprovider = \"gitlab\"\nowner = \"acme\"\nrepo = \"widgets\"\n",
            both,
            "repository = \"acme/widgets\"",
        ),
    ] {
        assert_eq!(written(&text(source, ecosystem)), own, "{source}{ecosystem}");
    }
}

#[test]
fn the_types_inherit_from_their_own_ecosystem() {
    for (own, ecosystem, same) in [("deno", "deno", true), ("flutter", "dart", true), ("dart", "deno", false)] {
        let text = format!(
            "{SOURCE}[package.core]\npath = \"crates/core\"\ntype = \"{own}\"\n[ecosystems.{ecosystem}.publish]\ntrusted_publishing.workflow = \"release.yml\"\n"
        );
        let (kind, registry) = if own == "deno" { ("jsr", Registry::Jsr) } else { ("pub", Registry::PubDev) };
        let package = Package { id: PackageId { registry, ..core().id }, ..core() };
        let asked = Wanted { package: &package, kind, policy: policy("release.yml", None, Some("acme/widgets")) };
        let declaration = declare(&mono(&text), None, &[asked]);
        assert_eq!((declaration.already.len(), declaration.changes.len()), (usize::from(same), usize::from(!same)));
    }
}

#[test]
fn several_packages_are_written_in_one_go() {
    let text = format!(
        "{SOURCE}[package.core]\npath = \"crates/core\"\ntype = \"cargo\"\n\n# the front\n[package.cli]\npath = \"cli\"\ntype = \"npm\"\n"
    );
    let cli = package("npm", "@acme/cli", "cli/package.json");
    let all = [("crates", core()), ("npm", cli), ("npm", package("npm", "new", "new/package.json"))];
    let all: Vec<_> = all.iter().map(|(kind, package)| Wanted { package, kind, policy: wanted() }).collect();
    let declaration = declare(&mono(&text), None, &all);
    let [change, own] = &declaration.changes[..] else { panic!("{declaration:?}") };
    assert!(
        super::text(change).contains("[package.core.publish.trusted_publishing]\nworkflow"),
        "{}",
        super::text(change)
    );
    assert!(super::text(change).ends_with("type = \"npm\"\n\n[package.cli.publish.trusted_publishing]\nworkflow = \"release.yml\"\nenvironment = \"release\"\n"));
    assert_eq!(own.path.as_str(), "untoken.toml", "a package is never added to another tool's file");
}

/// Three crates and an npm package, of which the file says nothing yet, and what stands behind them.
fn workspace(macros: &str, rest: &str) -> String {
    let of = |name: &str, more: &str| format!("[package.{name}]\npath = \"crates/{name}\"\ntype = \"cargo\"\n{more}\n");
    let npm = "[package.cli]\npath = \"cli\"\ntype = \"npm\"\n";
    format!("{SOURCE}{}{}{}{npm}{rest}", of("core", ""), of("net", ""), of("macros", macros))
}

/// Declares these crates and gives back what was written.
fn declared_crates(text: &str, crates: &[(&str, &str)]) -> Declaration {
    let package = |name: &str| package("crates", name, &format!("crates/{name}/Cargo.toml"));
    let all: Vec<_> = crates.iter().map(|(name, workflow)| (package(name), *workflow)).collect();
    let wish = |workflow| policy(workflow, Some("release"), Some("acme/widgets"));
    let all: Vec<_> =
        all.iter().map(|(package, workflow)| Wanted { package, kind: "crates", policy: wish(workflow) }).collect();
    declare(&mono(text), None, &all)
}

const BLOCK: &str =
    "[ecosystems.cargo.publish.trusted_publishing]\nworkflow = \"release.yml\"\nenvironment = \"release\"\n";
const ALL: [(&str, &str); 3] = [("core", "release.yml"), ("net", "release.yml"), ("macros", "release.yml")];

#[test]
fn what_all_packages_of_an_ecosystem_want_is_written_once() {
    let publish = "[ecosystems.cargo.publish]\nmode = \"builtin\" # ours\n";
    for rest in ["", "\n# the crates\n[ecosystems.cargo]\nenabled = true\n", publish] {
        let before = workspace("", rest);
        let declaration = declared_crates(&before, &ALL);
        let [change] = &declaration.changes[..] else { panic!("{declaration:?}") };
        assert_eq!(super::text(change), format!("{before}\n{BLOCK}"));
        assert!(declaration.already.is_empty() && declaration.refused.is_empty(), "{declaration:?}");
        assert_eq!(declared_crates(super::text(change), &ALL).already.len(), 3, "it reads back");
    }
    let off = workspace("publish = { trusted_publishing = false }\n", "");
    let declaration = declared_crates(&off, &ALL[..2]);
    assert_eq!(super::text(&declaration.changes[0]), format!("{off}\n{BLOCK}"), "one that is off says so itself");
}

#[test]
fn a_block_of_the_ecosystem_never_speaks_for_a_package_that_was_not_asked_for() {
    let each = |text: &str, crates: &[(&str, &str)], many: usize| {
        let declaration = declared_crates(text, crates);
        let after = super::text(&declaration.changes[0]);
        assert!(!after.contains(BLOCK), "{after}");
        assert_eq!(after.matches("publish.trusted_publishing").count(), many, "{after}");
    };
    let plain = workspace("", "");
    each(&plain, &ALL[..2], 2);
    each(&plain, &[ALL[0], ALL[1], ("macros", "macros.yml")], 3);
    each(&workspace("publish.trusted_publishing.workflow = \"own.yml\"\n", ""), &ALL[..2], 3);
    each(&workspace("", "[ecosystems.cargo]\npublish.mode = \"builtin\"\n"), &ALL, 3);
    each(&workspace("", "[ecosystems]\ncargo = { enabled = true }\n"), &ALL, 3);
    each(&plain, &ALL[..1], 1);
}

#[test]
fn an_environment_goes_where_it_is_the_packages_own_and_is_told_where_it_is_inherited() {
    let without = policy("release.yml", None, Some("acme/widgets"));
    let package = "[package.core]\ntype = \"cargo\"\npath = \"crates/core\"\n";
    for (own, left) in [
        (
            "publish.trusted_publishing.environment = \"old\"\n",
            "publish.trusted_publishing.workflow = \"release.yml\"\n",
        ),
        (
            "publish.trusted_publishing = { environment = 'old', enabled = true }\n",
            "publish.trusted_publishing = { enabled = true, workflow = \"release.yml\" }\n",
        ),
        (
            "[package.core.publish.trusted_publishing]\nenvironment = 'old'\n",
            "[package.core.publish.trusted_publishing]\nworkflow = \"release.yml\"\n",
        ),
    ] {
        let after = declared("monochange.toml", &format!("{SOURCE}{package}{own}"), without.clone());
        assert_eq!(after, format!("{SOURCE}{package}{left}"));
    }
    let shared = "[ecosystems.cargo.publish.trusted_publishing]\nenvironment = \"\u{202e}prod\"\n";
    let own = refused(&format!("{package}publish.trusted_publishing = true\n{SOURCE}{shared}"), without.clone());
    assert!(
        own.paste.starts_with("# core on crates.io\n# in the place of its own publish.trusted_publishing:\n[package.")
    );
    let refused = refused(&format!("{package}{SOURCE}{shared}"), without);
    assert!(refused.paste.starts_with("# core on crates.io\n[package.core.publish.trusted_publishing]\n"));
    assert_eq!(
        refused.why,
        "[ecosystems.cargo.publish.trusted_publishing] gives it the environment prod, which a package cannot take back: move that line to those that use it"
    );
}

#[test]
fn what_is_off_on_purpose_is_never_turned_on() {
    let package = "[package.core]\ntype = \"cargo\"\npath = \"crates/core\"\n";
    for off in [
        "publish.trusted_publishing = false\n",
        "publish = { mode = \"external\" }\n",
        "[package.core.publish]\nenabled = false\n",
        "[package.core.publish.trusted_publishing]\nenabled = false\nworkflow = \"release.yml\"\n",
        "[ecosystems.cargo.publish]\ntrusted_publishing = false\n",
        "[ecosystems.cargo.publish]\nmode = \"external\"\n",
        "[ecosystems.cargo.publish.trusted_publishing]\nenabled = false\n[package.core.publish.trusted_publishing]\nworkflow = \"old.yml\"\n",
    ] {
        let refused = refused(&format!("{package}{off}"), wanted());
        assert!(
            refused.why.starts_with("the package is off OIDC on purpose: monochange.toml says "),
            "{}",
            refused.why
        );
    }
}

#[test]
fn an_unknown_form_is_given_to_paste() {
    let package = "[package.core]\ntype = \"cargo\"\npath = \"crates/core\"\n";
    for (own, why) in [
        ("publish = true\n", "its publish is no table"),
        ("publish.trusted_publishing = \"yes\"\n", "its trusted_publishing is no table"),
        (
            "[package.core.publish.trusted_publishing.extra]\nx = 1\n",
            "it is written there in a form that untoken does not take apart",
        ),
        (
            "publish = { trusted_publishing.workflow = \"old.yml\" }\n",
            "it is written there in a form that untoken does not take apart",
        ),
        ("[[package.core.publish]]\nmode = \"builtin\"\n", "its publish is no table"),
    ] {
        let refused = refused(&format!("{package}{own}"), wanted());
        assert_eq!(refused.why, why, "{own}");
        let lines = "\n[package.core.publish.trusted_publishing]\nworkflow = \"release.yml\"\n";
        assert!(refused.paste.contains(lines), "{}", refused.paste);
    }
    // As its guides spell it; TOML allows a key but once.
    let twice = format!(
        "{package}[ecosystems.cargo.publish]\ntrusted_publishing = true\n[ecosystems.cargo.publish.trusted_publishing]\nworkflow = \"release.yml\"\n"
    );
    assert!(refused(&twice, wanted()).why.starts_with("it could not be read: "));
}

fn layer(values: (&'static str, &'static str, &'static str)) -> Vec<(&'static str, &'static str)> {
    let (workflow, environment, repository) = values;
    let pairs = [("workflow", workflow), ("environment", environment), ("repository", repository)];
    pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

fn values() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    let workflow = select(&["", "\"release.yml\"", "'old.yml'"][..]);
    let environment = select(&["", "\"release\"", "'old'"][..]);
    let repository = select(&["", "\"acme/widgets\"", "\"acme/old\""][..]);
    (workflow, environment, repository).prop_map(layer)
}

/// One package with what it says of itself, in one of the forms.
fn package_text(id: &str, form: usize, tail: &str, pairs: &[(&str, &str)]) -> String {
    let head = format!("# {id}\n[package.{id}]{tail}\npath = \"{id}\"{tail}\n");
    let lines = |prefix: &str| pairs.iter().map(|(k, v)| format!("{prefix}{k} = {v}{tail}\n")).collect::<String>();
    let inline = pairs.iter().map(|(k, v)| format!("{k} = {v}")).collect::<Vec<_>>().join(", ");
    match form {
        0 => head,
        1 => format!("{head}[package.{id}.publish]\nmode = 'builtin'{tail}\ntrusted_publishing = true{tail}\n"),
        2 => format!("{head}\n[ package . {id} . publish . trusted_publishing ]{tail}\n\t# in it\n{}", lines("\t")),
        3 => format!("{head}publish . mode = \"builtin\"\n{}", lines("publish.trusted_publishing.")),
        4 => format!("{head}publish = {{ mode = 'builtin', trusted_publishing = {{ {inline} }} }}{tail}\n"),
        5 => format!("{head}publish = {{ trusted_publishing = true }}{tail}\n"),
        6 => format!("{head}[package.{id}.publish.attestations]\nrequire_registry_provenance = false{tail}\n"),
        _ => format!("{head}[package.{id}.publish]{tail}\ntrusted_publishing = {{ enabled = true }}{tail}\n"),
    }
}

/// Lines that a change may touch or bring.
fn is_ours(line: &str) -> bool {
    let line = line.trim_start();
    let starts = ["workflow", "environment", "repository", "publish", "trusted_publishing"];
    starts.iter().any(|key| line.starts_with(key))
        || line.trim().is_empty()
        || line.starts_with("[package.") && line.trim_end().ends_with(".publish.trusted_publishing]")
}

const IDS: [&str; 3] = ["alpha", "beta", "gamma"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_back_and_nothing_else_changes(
        own in prop::collection::vec((0..8usize, values(), select(&["", " # why", "\t# \"x\" [y]"][..])), 3),
        shared in prop::option::of(values()),
        (source, crlf, bom, newline) in (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()),
        (environment, repository) in (select(&[None, Some("release"), Some("it's \"prod\"")][..]), any::<bool>()),
        asked in 1..8usize,
    ) {
        let mut text = "[defaults]\npackage_type = \"cargo\" # all\n".to_owned();
        for (id, (form, pairs, tail)) in IDS.iter().zip(&own) {
            text.push_str(&package_text(id, *form, tail, pairs));
        }
        if let Some(shared) = &shared {
            let lines = shared.iter().map(|(k, v)| format!("{k} = {v}\n")).collect::<String>();
            text.push_str(&format!("[ecosystems.cargo.publish.trusted_publishing]\n{lines}"));
        }
        if source {
            text.push_str(SOURCE);
        }
        if !newline {
            text.truncate(text.trim_end().len());
        }
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        let text = if bom { format!("\u{feff}{text}") } else { text };

        let policy = policy("release.yml", environment, repository.then_some("acme/widgets"));
        let packages: Vec<_> = IDS.map(|id| package("crates", id, &format!("{id}/Cargo.toml"))).into();
        let asked: Vec<_> = packages.iter().enumerate().filter(|(i, _)| asked & (1 << i) != 0).map(|(_, p)| p).collect();
        let declare_it = |text: &str| {
            let wanted: Vec<_> = asked.iter().map(|package| Wanted { package, kind: "crates", policy: policy.clone() }).collect();
            declare(&mono(text), None, &wanted)
        };
        let first = declare_it(&text);
        let inherits = shared.as_ref().is_some_and(|shared| shared.iter().any(|(key, _)| *key == "environment"));
        for refused in &first.refused {
            let known = refused.why.contains("take back") && inherits || refused.why.contains("a comment with it");
            prop_assert!(known && environment.is_none(), "{refused:?}\n{text}");
        }
        let refused: Vec<_> = first.refused.iter().flat_map(|r| r.packages.clone()).collect();
        let before = read(&mono(&text), &KINDS);
        let after = first.changes.first().map_or(text.as_str(), |change| super::text(change));
        let reading = read(&mono(after), &KINDS);
        for package in &packages {
            let is = |reading: &ConfigReading| reading.policy_for(package).map(|(policy, _)| policy.clone());
            if refused.contains(&package.id) || !asked.contains(&package) {
                prop_assert_eq!(is(&before), is(&reading), "{}", after);
                continue;
            }
            let now = is(&reading).unwrap();
            prop_assert_eq!((&now.workflow, &now.environment), (&policy.workflow, &policy.environment));
            let stays = is(&before).and_then(|before| before.repository);
            match &policy.repository {
                None => prop_assert!(stays.is_none() || now.repository == stays, "{after}"),
                wanted => prop_assert_eq!(&now.repository, wanted),
            }
        }
        // Every line that is not of a policy stands as it stood, byte for byte, and only lines of a policy are new.
        let is_new = |line: &str| {
            is_ours(line) || shared.is_none() && line.trim_end() == "[ecosystems.cargo.publish.trusted_publishing]"
        };
        let kept = |text: &str| {
            text.split_inclusive('\n').filter(|line| !is_new(line)).map(str::to_owned).collect::<Vec<_>>()
        };
        let (mut old, mut new) = (kept(&text), kept(after));
        if !newline {
            // The last line may get the end that it lacked.
            for lines in [&mut old, &mut new] {
                if let Some(last) = lines.last_mut() {
                    last.truncate(last.trim_end().len());
                }
            }
        }
        prop_assert_eq!(old, new);
        prop_assert!(!crlf || after.matches('\n').count() == after.matches("\r\n").count());
        let second = declare_it(after);
        prop_assert_eq!((second.changes, second.refused.len(), second.already.len()), (vec![], first.refused.len(), asked.len() - refused.len()));
    }

    /// Anything at all: no panic, and whatever comes out reads back.
    #[test]
    fn noise_is_survived(text in "([\\[\\]{}=\",.#\r\n '\u{feff}]|package|path|type|publish|trusted_publishing|workflow|core|cargo|true){0,60}") {
        let text = format!("{text}\n[package.core]\ntype = 'cargo'\npath = 'crates/core'\n");
        for change in declare_one(&mono(&text), None, &core(), wanted()).changes {
            let after = String::from_utf8(change.after.to_vec()).unwrap();
            let reading = read(&[SourceFile::new(change.path.clone(), change.after.clone())], &KINDS);
            prop_assert_eq!(&reading.policy_for(&core()).unwrap().0, &wanted(), "{}", after);
        }
    }
}
