//! The packages that a release tool's config file lists, by registry: monochange.toml, putitoutthere.toml.

use toml_edit::{DocumentMut, Item, TableLike};

use crate::model::{Package, PackageName, RelPath};

use super::super::library::Library;
use super::families::Family;

/// The packages of each of these families that the file lists. Empty where the file is not there or lists none.
pub(super) fn packages(
    library: &Library<'_>,
    config: &str,
    families: &[&'static Family],
    packages: &[Package],
) -> Vec<(&'static Family, Vec<PackageName>)> {
    let document = RelPath::new(config)
        .ok()
        .and_then(|path| library.text(&path))
        .and_then(|text| text.parse::<DocumentMut>().ok());
    let Some(document) = document else { return Vec::new() };
    let default = document.get("defaults").and_then(|table| table.get("package_type")).and_then(Item::as_str);
    let mut found: Vec<(&'static Family, Vec<PackageName>)> = Vec::new();
    for (kind, path) in entries(&document, default) {
        let Some(family) = families.iter().find(|family| family.registry.token_names().mean(&kind)) else { continue };
        let names =
            packages.iter().filter(|p| p.id.registry == family.registry && p.dir() == path).map(|p| p.id.name.clone());
        match found.iter_mut().find(|(known, _)| known.registry == family.registry) {
            Some((_, known)) => known.extend(names),
            None => found.push((family, names.collect())),
        }
    }
    for (_, names) in &mut found {
        names.sort();
        names.dedup();
    }
    found
}

/// Kind and folder of each entry: `[[package]]`, `[[packages]]` and `[package.NAME]`.
fn entries(document: &DocumentMut, default: Option<&str>) -> Vec<(String, RelPath)> {
    let entry = |table: &dyn TableLike| {
        let text = |key: &str| table.get(key).and_then(Item::as_str);
        let kind = text("kind").or_else(|| text("type")).or(default)?;
        // No path: the root, as both tools have it.
        let path = RelPath::new(text("path").unwrap_or(".")).ok()?;
        Some((kind.to_owned(), path))
    };
    let Some(item) = document.get("package") else { return Vec::new() };
    if let Some(tables) = item.as_array_of_tables() {
        return tables.iter().filter_map(|table| entry(table)).collect();
    }
    let named = item.as_table_like().into_iter().flat_map(|table| table.iter());
    named.filter_map(|(_, item)| entry(item.as_table_like()?)).collect()
}
