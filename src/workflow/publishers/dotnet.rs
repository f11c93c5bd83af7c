//! Build programs in C#: `dotnet run --project build`, `dotnet cake`, `dotnet make`. Nuke, Cake and their like push packages by
//! calls of their own, which are looked for in the program's text.
//!
//! The text is searched, not understood. A target that is named and does not say publishing is taken at its word.

use super::super::library::Library;
use super::super::value::Value;
use super::remote::says_publishing;

/// How many files of a build program are looked at.
const MAX_FILES: usize = 60;

/// The label and the text of the build program that these words run; `None` where they run none, or another target of it.
pub(super) fn program(words: &[Value], library: &Library<'_>) -> Option<(String, Option<std::rc::Rc<str>>)> {
    let (program, rest) = words.split_first()?;
    let verb = rest.first()?.literal()?;
    let named = program.literal().is_some_and(|program| super::commands::program_name(&program) == "dotnet");
    let project = rest.iter().position(|word| word.is("--project")).and_then(|at| rest.get(at + 1)).map(Value::shown);
    // A variable that holds the path of dotnet is known by the words behind it.
    let by_variable = program.literal().is_none() && verb == "run" && project.is_some();
    if !named && !by_variable {
        return None;
    }
    let ends: Vec<String> = match verb.as_str() {
        "run" => vec![project?.rsplit(['/', '\\', '}']).next()?.to_owned()],
        "cake" => vec![".cake".to_owned()],
        "make" | "nuke" | "fake" => vec!["build.cs".to_owned(), "Build.cs".to_owned()],
        _ => return None,
    };
    let targets: Vec<String> = rest[1..].iter().filter_map(Value::literal).filter(|word| is_target(word)).collect();
    if !targets.is_empty() && !targets.iter().any(|target| says_publishing(target)) {
        return None;
    }
    let mut text = String::new();
    for found in ends.iter().filter(|end| !end.is_empty()).flat_map(|end| library.ending(end, MAX_FILES)) {
        let folder = found.parent();
        let mut files = vec![found.clone()];
        if found.as_str().ends_with("proj") {
            files = library.ending(".cs", 5000).into_iter().filter(|file| file.parent() == folder).collect();
        }
        for file in files.iter().take(MAX_FILES) {
            library.text(file).into_iter().for_each(|more| text.push_str(&more));
        }
    }
    let label = format!("dotnet {verb} {}", targets.join(" ")).trim_end().to_owned();
    Some((label, (!text.is_empty()).then(|| text.into())))
}

/// `Publish` and `--target=Publish`.
fn is_target(word: &str) -> bool {
    let bare = !word.starts_with('-') && !word.contains(['/', '\\', '.']) && !word.is_empty();
    bare && !["Release", "Debug"].contains(&word) || word.to_ascii_lowercase().starts_with("--target=")
}

/// The pushes that such a text spells out, as shell lines.
pub(super) fn pushes(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if line.trim_start().starts_with("//") || !line.contains("NuGetPush(") {
            continue;
        }
        let near = lines[index..].iter().take(12);
        let source = near.filter(|line| line.contains("Source")).find_map(|line| {
            let address = line.split('"').find(|part| part.starts_with("https://"))?;
            address.chars().all(|c| c.is_ascii_graphic() && !"$`'(){};&|<>".contains(c)).then_some(address)
        });
        found.push(
            source.map_or_else(|| "dotnet nuget push".to_owned(), |url| format!("dotnet nuget push --source {url}")),
        );
    }
    found.sort();
    found.dedup();
    found
}
