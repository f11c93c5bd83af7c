//! The capability matrix: as a table for a terminal, as JSON, and as the tables of docs/registries.md.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::json::SCHEMA;
use crate::model::Registry;
use crate::registry::{Ability, Able, Can, Capability, Confidence, Provenance, Rule, capabilities, guides};

/// The width of an ability's column; the two before them have 10 and 15.
const EACH: usize = 9;

/// For a terminal of 80 columns; with every fact and its source below, if `details`.
#[must_use]
pub fn registries_text(details: bool) -> String {
    let mut out = heading();
    let mut before = None;
    for row in capabilities() {
        let name = if before == Some(row.registry) { "" } else { row.registry.title() };
        before = Some(row.registry);
        let mut line = format!("{name:<10}{:<15}", row.provider.title());
        for (_, fact) in row.facts() {
            let _ = write!(line, "{:<EACH$}", word(fact));
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out.push('\n');
    for ability in Ability::ALL {
        let _ = writeln!(out, "{:<12}{}", ability.label(), ability.means());
    }
    out.push('\n');
    for able in Able::ALL {
        let _ = writeln!(out, "{:<12}{}", able.word(), able.means());
    }
    let _ = writeln!(out, "{:<12}reported by others, not read in a source or the registry's documents", "*");
    out.push_str("\nCan provenance be demanded, so that a publish without it fails?\n");
    for registry in Registry::ALL {
        let (is, how) = demanded(registry);
        let line = format!("  {:<10}{is:<5}{how}", registry.title());
        let options = textwrap::Options::new(80).subsequent_indent("                 ").break_words(false);
        let _ = writeln!(out, "{}", textwrap::fill(&line, options));
    }
    if details {
        capabilities().iter().for_each(|row| facts_text(row, &mut out));
    } else {
        out.push_str("\nEvery fact with its source and date: untoken registries -v, or --json.\n");
    }
    out
}

fn heading() -> String {
    let mut line = format!("{:<10}{:<15}", "registry", "provider");
    for ability in Ability::ALL {
        let _ = write!(line, "{:<EACH$}", ability.label());
    }
    format!("{}\n", line.trim_end())
}

fn facts_text(row: &Capability, out: &mut String) {
    let _ = writeln!(out, "\n{}, {}", row.registry, row.provider.title());
    for (ability, fact) in row.facts() {
        let _ = writeln!(out, "  {:<11}{:<9}{}", ability.label(), word(fact), fact.value.how);
        let _ = writeln!(out, "             {}, {}", fact.source, fact.read);
    }
}

/// The word for a fact; one that is only reported says so.
fn word(fact: &Rule<Can>) -> String {
    let reported = fact.confidence == Confidence::Reported && fact.value.able != Able::Unknown;
    format!("{}{}", fact.value.able.word(), if reported { "*" } else { "" })
}

/// Whether provenance can be demanded of a registry, and by which means, or why not.
fn demanded(registry: Registry) -> (&'static str, String) {
    match guides(registry).rules().provenance.value {
        Provenance::Demanded { by } => ("yes", by.to_owned()),
        Provenance::Kept { by } => ("no", format!("kept where it is sent by {by}")),
        Provenance::None => ("no", "it keeps none".to_owned()),
    }
}

/// For machines.
#[must_use]
pub fn registries_json() -> Value {
    let rows = capabilities();
    json!({
        "schema": SCHEMA,
        "capabilities": rows.iter().map(|row| json!({
            "registry": row.registry,
            "provider": row.provider.label(),
            "facts": row.facts().map(|(ability, fact)| (ability.label().to_owned(), fact_json(fact)))
                .collect::<serde_json::Map<_, _>>(),
        })).collect::<Vec<_>>(),
        "provenance": Registry::ALL.map(|registry| {
            let (rule, (is, how)) = (guides(registry).rules().provenance, demanded(registry));
            json!({
                "registry": registry,
                "can_be_demanded": is,
                "how": how,
                "source": rule.source,
                "read": rule.read,
                "confidence": rule.confidence.word(),
            })
        }),
    })
}

fn fact_json(fact: &Rule<Can>) -> Value {
    json!({
        "is": fact.value.able.word(),
        "how": fact.value.how,
        "source": fact.source,
        "read": fact.read,
        "confidence": fact.confidence.word(),
    })
}

/// The tables of docs/registries.md.
#[must_use]
pub fn registries_markdown() -> String {
    let labels = Ability::ALL.map(Ability::label).join(" | ");
    let mut out = format!("| registry | provider | {labels} |\n| {} |\n", ["---"; 8].join(" | "));
    for row in capabilities() {
        let words: Vec<String> = row.facts().map(|(_, fact)| word(fact).replace('*', "\\*")).collect();
        let _ = writeln!(out, "| {} | {} | {} |", row.registry, row.provider.title(), words.join(" | "));
    }
    out.push('\n');
    for able in Able::ALL {
        let _ = writeln!(out, "- **{}**: {}.", able.word(), able.means());
    }
    out.push_str("- **\\***: reported by others, not read in a source or the registry's documents.\n");
    out.push_str("\n### Can provenance be demanded?\n\nThat is: can a publish be made to fail without it?\n\n");
    out.push_str("| registry | is | how | source | read |\n| --- | --- | --- | --- | --- |\n");
    for registry in Registry::ALL {
        let (rule, (is, how)) = (guides(registry).rules().provenance, demanded(registry));
        let source = format!("{} ({})", escaped(rule.source), rule.confidence.word());
        let _ = writeln!(out, "| {registry} | {is} | {} | {source} | {} |", escaped(&how), rule.read);
    }
    for row in capabilities() {
        let _ = writeln!(out, "\n### {}, {}\n", row.registry, row.provider.title());
        out.push_str("| | is | how | source | read |\n| --- | --- | --- | --- | --- |\n");
        for (ability, fact) in row.facts() {
            let how = escaped(fact.value.how);
            let source = format!("{} ({})", escaped(fact.source), fact.confidence.word());
            let word = fact.value.able.word();
            let _ = writeln!(out, "| {} | {word} | {how} | {source} | {} |", ability.label(), fact.read);
        }
    }
    out
}

/// Markdown reads an underscore as its own.
fn escaped(text: &str) -> String {
    text.replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn the_table_fits_eighty_columns_and_marks_what_is_reported() {
        let text = registries_text(false);
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
        let row = |text: &str, provider: &str| text.lines().find(|line| line.contains(provider)).unwrap().to_owned();
        let npm = text.lines().skip_while(|line| !line.starts_with("npm")).nth(1).unwrap();
        assert!(npm.contains("GitLab CI") && npm.contains("there*"), "{npm}");
        assert!(row(&text, "ActiveState").contains("unknown"), "{text}");
        assert!(text.contains("reported by others"));
    }

    #[test]
    fn every_fact_of_the_json_says_where_it_comes_from() {
        let json = registries_json();
        assert_eq!(json["schema"], SCHEMA);
        let rows = json["capabilities"].as_array().unwrap();
        assert!(rows.len() >= 7);
        for row in rows {
            for ability in Ability::ALL {
                let fact = &row["facts"][ability.label()];
                for key in ["is", "how", "source", "read", "confidence"] {
                    assert!(fact[key].as_str().is_some_and(|text| !text.is_empty()), "{row:#}: {key}");
                }
            }
        }
    }
}
