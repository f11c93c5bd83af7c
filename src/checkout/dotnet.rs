//! .NET's packages: SDK-style projects, with what Directory.Build.props gives them. Nothing is built or evaluated: a value
//! that a property or a condition decides is unknown.
//!
//! Rules read in Microsoft's reference of MSBuild properties for `dotnet pack` and its page on Directory.Build.props,
//! 2026-11-21.

use std::collections::BTreeMap;

use roxmltree::{Document, ParsingOptions};

use crate::model::{Registry, RelPath, mentioned_repository};

use super::manifest::{Shelf, Stated};
use super::roots;

const ENDINGS: [&str; 3] = [".csproj", ".fsproj", ".vbproj"];
const PROPS: &str = "Directory.Build.props";
/// How many projects are read; no real repository comes near.
const MAX_PROJECTS: usize = 2000;
/// How large a project may be, in bytes; how many nodes it may have, and how deep and wide they may be. The parser compares
/// each attribute with all before it, and hands namespaces down.
const MAX_BYTES: usize = 1024 * 1024;
const MAX_NODES: u32 = 50_000;
const MAX_DEPTH: usize = 64;
const MAX_ATTRIBUTES: usize = 100;
const MAX_NAMESPACES: usize = 16;

/// What a project states when it means to be a package and not only a part of a program.
const SIGNS: [&str; 11] = [
    "PackageId",
    "Description",
    "PackageDescription",
    "PackageTags",
    "PackageLicenseExpression",
    "PackageLicenseFile",
    "PackageProjectUrl",
    "PackageReadmeFile",
    "PackageIcon",
    "GeneratePackageOnBuild",
    "PackageVersion",
];

/// Adds the packages. `named` are folders that a config file names.
pub(super) fn read(shelf: &mut Shelf<'_>, named: &[RelPath]) {
    let mut props = BTreeMap::new();
    for path in shelf.files_ending(&ENDINGS).into_iter().take(MAX_PROJECTS) {
        let folder = path.parent();
        if named.contains(&folder) || (named.is_empty() && roots::is_project(&folder) && !is_test(stem(&path))) {
            project(shelf, &path, &mut props);
        }
    }
}

fn stem(path: &RelPath) -> &str {
    let name = path.file_name();
    ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}

/// Whether a project is called like one that tests, measures or shows another.
fn is_test(name: &str) -> bool {
    let last = name.rsplit(['.', '-', '_']).next().unwrap_or_default();
    ["Test", "Tests", "Benchmark", "Benchmarks", "Sample", "Samples", "Example", "Examples", "Demo"]
        .iter()
        .any(|word| last.ends_with(word) || last.eq_ignore_ascii_case(word))
}

/// The properties of a project, by their lower-case names, as written. `None`: a condition decides.
#[derive(Debug, Clone, Default)]
struct Properties(BTreeMap<String, Option<String>>);

/// A property's value.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Known(String),
    /// Another property or a condition decides.
    Unknown,
}

impl Properties {
    /// What a property is in the project of this name.
    fn get(&self, name: &str, project: &str) -> Option<Value> {
        let Some(text) = self.0.get(&name.to_ascii_lowercase())? else { return Some(Value::Unknown) };
        let mut text = text.replace("$(MSBuildProjectName)", project);
        if text.contains("$(AssemblyName)") && !name.eq_ignore_ascii_case("AssemblyName") {
            match self.get("AssemblyName", project) {
                Some(Value::Known(assembly)) => text = text.replace("$(AssemblyName)", &assembly),
                None => text = text.replace("$(AssemblyName)", project),
                Some(Value::Unknown) => {}
            }
        }
        Some(if text.contains("$(") { Value::Unknown } else { Value::Known(text) })
    }

    fn known(&self, name: &str, project: &str) -> Option<String> {
        match self.get(name, project)? {
            Value::Known(value) if !value.is_empty() => Some(value),
            Value::Known(_) | Value::Unknown => None,
        }
    }

    /// Whether a switch is written out so.
    fn is(&self, name: &str, wanted: &str) -> bool {
        matches!(self.0.get(&name.to_ascii_lowercase()), Some(Some(value)) if value.eq_ignore_ascii_case(wanted))
    }

    /// Takes the properties of a document in.
    fn take(&mut self, document: &Document<'_>) {
        let groups = document.root_element().children().filter(|node| is_called(node, "PropertyGroup"));
        for group in groups {
            for property in group.children().filter(roxmltree::Node::is_element) {
                let name = property.tag_name().name().to_ascii_lowercase();
                let conditional = group.has_attribute("Condition") || property.has_attribute("Condition");
                let text = property.text().unwrap_or_default().trim();
                // What is written plainly stays, whatever a condition would make of it: most are about tests and targets.
                if !(conditional && self.0.contains_key(&name)) {
                    self.0.insert(name, (!conditional).then(|| text.to_owned()));
                }
            }
        }
    }
}

/// By its name alone: the namespace of old project files means nothing.
fn is_called(node: &roxmltree::Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

/// Reads a project, and takes it in if it becomes a package.
fn project(shelf: &mut Shelf<'_>, path: &RelPath, props: &mut BTreeMap<RelPath, Properties>) {
    let stem = stem(path).to_owned();
    let Some(text) = xml_text(shelf, path) else { return };
    let Some(document) = parse(shelf, path, &text) else { return };
    let root = document.root_element();
    let element = || root.children().find(|node| is_called(node, "Sdk")).and_then(|node| node.attribute("Name"));
    // A project of the old style is packed by a file of its own, if at all.
    let Some(sdk) = root.attribute("Sdk").or_else(element) else { return };
    let above = above(shelf, &path.parent());
    let above = above.map(|path| props.entry(path.clone()).or_insert_with(|| shared(shelf, &path)).clone());
    let mut properties = above.unwrap_or_default();
    properties.take(&document);
    if !becomes_package(&properties, sdk, &document) {
        return;
    }
    let get = |key: &str| properties.get(key, &stem);
    let name = match get("PackageId").or_else(|| get("AssemblyName")) {
        None => stem.clone(),
        Some(Value::Known(name)) => name,
        Some(Value::Unknown) => {
            return shelf.note(path, format!("{path} computes the name of its package, so it was left out"));
        }
    };
    let version = ["PackageVersion", "Version", "VersionPrefix"].iter().find_map(|key| get(key));
    let version = match version {
        Some(Value::Known(version)) => Some(version),
        Some(Value::Unknown) | None => None,
    };
    let links = ["RepositoryUrl", "PackageProjectUrl"];
    let repository = links.iter().find_map(|key| mentioned_repository(&properties.known(key, &stem)?));
    let (manifest, registry) = (path.clone(), Registry::Nuget);
    shelf.add(Stated { version, repository, ..Stated::named(registry, name, manifest) });
}

/// The properties of a file that several projects share; none where it can't be read.
fn shared(shelf: &mut Shelf<'_>, path: &RelPath) -> Properties {
    let mut properties = Properties::default();
    if let Some(text) = xml_text(shelf, path)
        && let Some(document) = parse(shelf, path, &text)
    {
        properties.take(&document);
    }
    properties
}

/// Whether `dotnet pack` makes a package of it, and somebody means it to be one.
fn becomes_package(properties: &Properties, sdk: &str, document: &Document<'_>) -> bool {
    if properties.is("IsPackable", "false") || properties.is("IsTestProject", "true") {
        return false;
    }
    if properties.is("IsPackable", "true") || properties.is("PackAsTool", "true") {
        return true;
    }
    let tests = document.descendants().any(|node| {
        is_called(&node, "PackageReference") && node.attribute("Include") == Some("Microsoft.NET.Test.Sdk")
    });
    // Programs and sites are not packed unless they say so.
    let program = properties.is("OutputType", "Exe")
        || properties.is("OutputType", "WinExe")
        || ["Microsoft.NET.Sdk.Web", "Microsoft.NET.Sdk.Worker", "Microsoft.NET.Sdk.BlazorWebAssembly"]
            .iter()
            .any(|name| sdk.split('/').next() == Some(name));
    !tests && !program && SIGNS.iter().any(|sign| properties.0.contains_key(&sign.to_ascii_lowercase()))
}

/// The nearest Directory.Build.props on the way to the root: MSBuild takes that one alone.
fn above(shelf: &Shelf<'_>, folder: &RelPath) -> Option<RelPath> {
    let mut folder = folder.clone();
    loop {
        if let Some(path) = folder.join(PROPS).ok().filter(|path| shelf.has(path)) {
            return Some(path);
        }
        if folder.is_root() {
            return None;
        }
        folder = folder.parent();
    }
}

/// A file's text, unless it is larger, deeper or wider than any project: the parser goes down and across with it.
fn xml_text(shelf: &mut Shelf<'_>, path: &RelPath) -> Option<String> {
    let text = shelf.text(path)?;
    let limits = if text.len() > MAX_BYTES {
        Err("it is larger than any project")
    } else if text.matches("xmlns").count() > MAX_NAMESPACES {
        Err("it has more namespaces than any project")
    } else {
        measure(&text)
    };
    match limits {
        Ok(()) => Some(text),
        Err(why) => {
            shelf.broken(path, 1, 1, why);
            None
        }
    }
}

/// Goes over the tags once, and says which limit they break.
fn measure(text: &str) -> Result<(), &'static str> {
    let mut rest = text;
    let mut depth = 0_usize;
    while let Some((_, tag)) = rest.split_once('<') {
        let skip = [("!--", "-->"), ("![CDATA[", "]]>"), ("?", "?>"), ("!", ">"), ("/", ">")];
        if let Some((start, end)) = skip.iter().find(|(start, _)| tag.starts_with(start)) {
            depth = depth.saturating_sub(usize::from(*start == "/"));
            // What never ends is the parser's to refuse.
            let Some((_, after)) = tag.split_once(end) else { return Ok(()) };
            rest = after;
            continue;
        }
        let (mut quote, mut attributes, mut length) = (None, 0_usize, tag.len());
        for (at, byte) in tag.bytes().enumerate() {
            match (quote, byte) {
                (Some(open), _) => quote = Some(open).filter(|open| *open != byte),
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'=') => attributes += 1,
                (None, b'>') => {
                    length = at;
                    break;
                }
                (None, _) => {}
            }
        }
        depth += usize::from(!tag[..length].ends_with('/'));
        if depth > MAX_DEPTH {
            return Err("it nests deeper than any project");
        }
        if attributes > MAX_ATTRIBUTES {
            return Err("one of its elements has more attributes than any project");
        }
        rest = &tag[length..];
    }
    Ok(())
}

fn parse<'t>(shelf: &mut Shelf<'_>, path: &RelPath, text: &'t str) -> Option<Document<'t>> {
    let options = ParsingOptions { nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    match Document::parse_with_options(text, options) {
        Ok(document) => Some(document),
        Err(error) => {
            let at = error.pos();
            let number = |n: u32| usize::try_from(n).unwrap_or(1).max(1);
            shelf.broken(path, number(at.row), number(at.col), &error.to_string());
            None
        }
    }
}
