//! `[[doctor.ignore]]` of untoken.toml: findings that a project silences, with the reason that it must give.

use toml_edit::{Item, TableLike};

use super::Flavour;
use super::document::Document;
use crate::model::{Finding, Place, RelPath, Severity};

/// A finding that is to be silent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    /// Its code, as written.
    pub code: String,
    /// Only in this file; `None`: everywhere.
    pub file: Option<RelPath>,
    /// Why.
    pub reason: String,
    /// Where it is written.
    pub at: Place,
}

/// Reads them; an entry without a code or a reason is a finding and silences nothing.
pub(super) fn read(document: &Document, flavour: Flavour, findings: &mut Vec<Finding>) -> Vec<Ignore> {
    let list = document.root().get("doctor").and_then(Item::as_table_like).and_then(|doctor| doctor.get("ignore"));
    let Some(list) = list.filter(|_| flavour == Flavour::Untoken) else { return Vec::new() };
    let tables: Vec<&dyn TableLike> = match list {
        Item::ArrayOfTables(tables) => tables.iter().map(|table| table as &dyn TableLike).collect(),
        Item::Value(toml_edit::Value::Array(array)) => {
            array.iter().filter_map(toml_edit::Value::as_inline_table).map(|table| table as &dyn TableLike).collect()
        }
        _ => {
            let finding = Finding::new(Severity::Error, "doctor.ignore is not a list of tables");
            findings.push(finding.at(document.place_of(list)).hint("write each one under [[doctor.ignore]]"));
            return Vec::new();
        }
    };
    tables.into_iter().filter_map(|table| one(document, list, table, findings)).collect()
}

fn one(document: &Document, list: &Item, table: &dyn TableLike, findings: &mut Vec<Finding>) -> Option<Ignore> {
    let at = table.iter().next().map_or_else(|| document.place_of(list), |(_, item)| document.place_of(item));
    let text = |key: &str| table.get(key).and_then(Item::as_str).map(str::trim).filter(|text| !text.is_empty());
    let (Some(code), Some(reason)) = (text("code"), text("reason")) else {
        let finding = Finding::new(Severity::Warning, "a doctor.ignore without code or reason silences nothing");
        findings.push(finding.at(at).hint("write code = \"UT012\" and reason = \"why\""));
        return None;
    };
    let file = match text("file").map(RelPath::new).transpose() {
        Ok(file) => file,
        Err(error) => {
            findings.push(Finding::new(Severity::Error, error.to_string()).at(at));
            return None;
        }
    };
    Some(Ignore { code: code.to_owned(), file, reason: reason.to_owned(), at })
}
