//! Manifests that mean harm end in a finding, and soon.

use std::time::{Duration, Instant};

use pretty_assertions::assert_eq;

use super::*;

const MIB: usize = 1024 * 1024;
const SOON: Duration = Duration::from_secs(4);

/// That a manifest is told of and gives no package, before anybody has waited.
#[track_caller]
fn is_refused(path: &str, text: &str) {
    let start = Instant::now();
    let found = look_at(&[(path, text)]);
    let head: String = text.chars().take(40).collect();
    assert!(start.elapsed() < SOON, "{path} took {:?}: {head:?}", start.elapsed());
    assert_eq!(found.packages, [], "{path}: {head:?}");
    assert!(!found.findings.is_empty() && found.findings.len() < 10, "{path}: {head:?}");
    assert!(found.findings.iter().all(|finding| finding.message.len() < 2000), "{path}: {head:?}");
}

#[test]
fn xml_bombs_and_towers_are_refused() {
    let entities = (1..20).fold("<!ENTITY a0 \"aaaaaaaaaa\">".to_owned(), |text, n| {
        format!("{text}<!ENTITY a{n} \"&a{0};&a{0};&a{0};&a{0};&a{0};&a{0};&a{0};&a{0};\">", n - 1)
    });
    let cases = [
        format!("<!DOCTYPE p [{entities}]><Project Sdk=\"S\"><PackageId>&a19;</PackageId></Project>"),
        "<!DOCTYPE p [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Project Sdk=\"S\">&x;</Project>".to_owned(),
        format!("<Project Sdk=\"S\">{}", "<a>".repeat(500_000)),
        format!("<Project Sdk=\"S\">{}{}</Project>", "<a>".repeat(10_000), "</a>".repeat(10_000)),
        format!("<Project Sdk=\"S\">{}</Project>", "<a/>".repeat(500_000)),
        "<a/".repeat(MIB),
        "</".repeat(MIB),
        format!("<Project {}/>", (0..100_000).map(|n| format!("a{n}=\"\" ")).collect::<String>()),
        format!("<Project {}/>", (0..50_000).map(|n| format!("xmlns:a{n}=\"{n}\" ")).collect::<String>()),
        "<Project a=\"".to_owned() + &"\" a=\"".repeat(MIB / 8),
        "<a b='>' ".repeat(MIB / 10),
        "<!--".repeat(MIB / 5),
        "<Project".to_owned(),
    ];
    for case in cases {
        is_refused("src/A/A.csproj", &case);
    }
}

#[test]
fn yaml_and_json_that_nest_or_multiply_are_refused() {
    let bomb = (1..24).fold("name: &a0 [x, x]\n".to_owned(), |text, n| {
        format!("{text}a{n}: &a{n} [*a{0}, *a{0}, *a{0}, *a{0}]\n", n - 1)
    });
    is_refused("pubspec.yaml", &bomb);
    is_refused("pubspec.yaml", &"[".repeat(900_000));
    is_refused("melos.yaml", &"- ".repeat(400_000));
    is_refused("jsr.json", &"[".repeat(2 * MIB));
    is_refused("deno.json", &"/*".repeat(2 * MIB));
    is_refused("deno.jsonc", &format!("{{{}", ",".repeat(3 * MIB)));
}

#[test]
fn what_is_far_too_large_is_not_even_read() {
    for path in ["A.csproj", "pubspec.yaml", "jsr.json", "deno.json", "widgets.gemspec"] {
        is_refused(path, &"x\n".repeat(5 * MIB));
    }
}

#[test]
fn a_gemspec_of_endless_lines_is_read_soon() {
    let start = Instant::now();
    let tricks = ["spec.name = ", "Gem::Specification.new do |", "allowed_push_host\"", "\"", "|", "="];
    for trick in tricks {
        look_at(&[("widgets.gemspec", &trick.repeat(3 * MIB / trick.len()))]);
        look_at(&[("widgets.gemspec", &format!("{trick}\n").repeat(3 * MIB / trick.len()))]);
    }
    assert!(start.elapsed() < SOON * 3, "{:?}", start.elapsed());
}

#[test]
fn many_projects_with_one_large_shared_file_are_read_soon() {
    let shared = format!("<Project>{}</Project>", "<PropertyGroup><A>b</A></PropertyGroup>".repeat(10_000));
    let text =
        "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><IsPackable>true</IsPackable></PropertyGroup></Project>";
    let paths: Vec<String> = (0..1000).map(|n| format!("src/P{n}/P{n}.csproj")).collect();
    let mut files: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), text)).collect();
    files.push(("Directory.Build.props", &shared));
    let start = Instant::now();
    assert_eq!(look_at(&files).packages.len(), 1000);
    assert!(start.elapsed() < SOON * 2, "{:?}", start.elapsed());
}
