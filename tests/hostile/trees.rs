//! Hostile trees, each with a name: one per way that is known to hurt readers. The benchmark times them, the test holds them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;

/// Files with their bytes.
pub(crate) type Tree = Vec<(String, Vec<u8>)>;

/// A tree that is meant to hurt.
pub(crate) struct Hostile {
    pub(crate) name: &'static str,
    pub(crate) tree: Tree,
    /// A word of a finding that must come of it; `None`: it may be read in silence.
    pub(crate) told: Option<&'static str>,
}

const HEAD: &str = "on: push\npermissions:\n  id-token: write\njobs:\n";
const CARGO: &str = "[package]\nname = \"widgets\"\nversion = \"1.0.0\"\ndescription = \"x\"\nlicense = \"MIT\"\n";

/// How many of each; the same for all.
const MANY: usize = 10_000;

/// A workflow of this path.
pub(crate) fn workflow(name: &str, text: &str) -> (String, Vec<u8>) {
    (format!(".github/workflows/{name}"), text.as_bytes().to_vec())
}

fn job(id: &str, steps: &str) -> String {
    format!("  {id}:\n    runs-on: ubuntu-latest\n    steps:\n{steps}")
}

fn run(script: &str) -> String {
    let lines: String = script.lines().map(|line| format!("          {line}\n")).collect();
    format!("      - run: |\n{lines}")
}

fn one(steps: &str) -> Tree {
    vec![("Cargo.toml".to_owned(), CARGO.into()), workflow("release.yml", &format!("{HEAD}{}", job("publish", steps)))]
}

fn hostile(name: &'static str, told: Option<&'static str>, tree: Tree) -> Hostile {
    Hostile { name, tree, told }
}

/// All of them.
pub(crate) fn all() -> Vec<Hostile> {
    let mut all = documents();
    all.extend(shapes());
    all.extend(circles());
    all.extend(shells());
    all
}

/// What a parser of YAML, TOML or JSON must survive.
fn documents() -> Vec<Hostile> {
    let bomb = (1..24).fold("a0: &a0 [x, x]\n".to_owned(), |text, n| {
        format!("{text}a{n}: &a{n} [*a{0}, *a{0}, *a{0}, *a{0}, *a{0}, *a{0}, *a{0}, *a{0}]\n", n - 1)
    });
    let steps = "      - &s\n        run: cargo publish\n".to_owned() + &"      - *s\n".repeat(MANY);
    let toml = "x = ".to_owned() + &"[".repeat(MANY) + "\n";
    vec![
        hostile("alias bomb", Some("expands"), vec![workflow("a.yml", &bomb)]),
        hostile("10,000 aliases of one step", None, one(&steps)),
        hostile("workflow of 10 MB", Some("larger"), vec![workflow("a.yml", &"# x\n".repeat(2_500_000))]),
        hostile("workflow of 1 MB in one scalar", None, one(&run(&"x".repeat(900_000)))),
        hostile("manifest of 10 MB", Some("larger"), vec![("package.json".into(), vec![b' '; 10_000_000])]),
        hostile("YAML nested 10,000 deep", Some("recursion"), vec![workflow("a.yml", &"[".repeat(MANY))]),
        hostile("JSON nested 10,000 deep", Some("recursion"), vec![("package.json".into(), "[".repeat(MANY).into())]),
        hostile("TOML nested 10,000 deep", Some("Cargo.toml"), vec![("Cargo.toml".into(), toml.into())]),
        hostile(
            "invalid UTF-8 everywhere",
            Some("UTF-8"),
            ["Cargo.toml", "package.json", "pyproject.toml", ".github/workflows/a.yml", "untoken.toml", "pubspec.yaml"]
                .map(|path| (path.to_owned(), b"a\xff\xfe: \x80\n".to_vec()))
                .into(),
        ),
    ]
}

/// Valid workflows out of all proportion.
fn shapes() -> Vec<Hostile> {
    let jobs: String = (0..MANY).map(|n| job(&format!("j{n}"), "      - run: cargo publish\n")).collect();
    let needs: String = (0..MANY / 10)
        .map(|n| {
            let before: Vec<String> = (0..n.min(60)).map(|n| format!("j{n}")).collect();
            format!("  j{n}:\n    needs: [{}]\n    steps:\n      - run: npm publish\n", before.join(", "))
        })
        .collect();
    let steps: String = (0..MANY).map(|n| format!("      - run: cargo publish -p c{n}\n")).collect();
    let entries: Vec<String> = (0..MANY).map(|n| format!("c{n}")).collect();
    let matrix = format!(
        "{HEAD}  go:\n    strategy:\n      matrix:\n        crate: [{}]\n    steps:\n      - run: cargo publish -p ${{{{ matrix.crate }}}}\n",
        entries.join(", ")
    );
    let deep = format!("${{{{ {}github.ref{} }}}}", "(".repeat(MANY), ")".repeat(MANY));
    let nots = format!("${{{{ {}true }}}}", "!".repeat(MANY));
    let ands = format!("${{{{ {}true }}}}", "true && ".repeat(MANY));
    let indexes = format!("${{{{ github{} }}}}", "[github".repeat(2000) + &"]".repeat(2000));
    let condition = |text: &str| {
        let text = text.replace('\'', "''");
        one(&format!(
            "      - run: cargo publish\n        if: '{text}'\n        env:\n          CARGO_REGISTRY_TOKEN: '{text}'\n"
        ))
    };
    let secrets = "${{ secrets.CARGO_TOKEN }} ".repeat(MANY);
    let env: String = (0..MANY / 2).map(|n| format!("  V{n}: ${{{{ secrets.S{n} }}}}\n")).collect();
    let shared: String = (0..500).map(|n| job(&format!("j{n}"), "      - run: cargo publish\n")).collect();
    let packages: Tree = (0..2000)
        .map(|n| {
            (format!("p{n}/package.json"), format!("{{\"name\":\"p{n}\",\"version\":\"1.0.0\",\"main\":\"x\"}}").into())
        })
        .collect();
    let patterns: Vec<String> = (0..MANY).map(|n| format!("\"**/*{n}*/**/p*\"")).collect();
    let workspace = format!("{{\"private\":true,\"workspaces\":[{}]}}", patterns.join(","));
    vec![
        hostile(
            "10,000 jobs",
            None,
            one("      - run: cargo publish\n")
                .into_iter()
                .take(1)
                .chain([workflow("a.yml", &format!("{HEAD}{jobs}"))])
                .collect(),
        ),
        hostile("1,000 jobs that need each other", None, vec![workflow("a.yml", &format!("{HEAD}{needs}"))]),
        hostile("10,000 steps", None, one(&steps)),
        hostile("matrix of 10,000", None, vec![workflow("a.yml", &matrix)]),
        hostile("expression 10,000 deep", None, condition(&deep)),
        hostile("10,000 negations", None, condition(&nots)),
        hostile("10,000 terms", None, condition(&ands)),
        hostile("2,000 indexes in each other", None, condition(&indexes)),
        hostile("10,000 secrets in one text", None, condition(&secrets)),
        hostile("5,000 variables over 500 jobs", None, vec![workflow("a.yml", &format!("env:\n{env}{HEAD}{shared}"))]),
        hostile(
            "10,000 workspace patterns over 2,000 folders",
            None,
            packages.into_iter().chain([("package.json".into(), workspace.into())]).collect(),
        ),
    ]
}

/// What calls itself.
fn circles() -> Vec<Hostile> {
    let call = |to: &str| {
        format!(
            "on: [push, workflow_call]\njobs:\n  a:\n    uses: ./.github/workflows/{to}\n  b:\n    uses: ./.github/workflows/{to}\n  p:\n    steps:\n      - run: cargo publish\n"
        )
    };
    let everybody: String = (0..40).map(|n| format!("  c{n}:\n    uses: ./.github/workflows/w{n}.yml\n")).collect();
    let everybody =
        format!("on: [push, workflow_call]\njobs:\n  p:\n    steps:\n      - run: npm publish\n{everybody}");
    let action = |uses: &[&str]| {
        let steps: String = uses.iter().map(|uses| format!("    - uses: ./{uses}\n")).collect();
        format!("runs:\n  using: composite\n  steps:\n    - run: cargo publish\n      shell: bash\n{steps}")
            .into_bytes()
    };
    let callee = format!("on: workflow_call\njobs:\n{}", job("publish", "      - run: cargo publish\n"));
    let callers = (0..100).map(|n| {
        workflow(
            &format!("c{n}.yml"),
            "on: push\njobs:\n  call:\n    permissions:\n      id-token: write\n    uses: ./.github/workflows/w.yml\n",
        )
    });
    let heavy = format!(
        "on: workflow_call\njobs:\n{}",
        (0..200).map(|n| job(&format!("j{n}"), &run(&"cargo publish -p x\n".repeat(10)))).collect::<String>()
    );
    let heavies = (0..100)
        .map(|n| workflow(&format!("c{n}.yml"), "on: push\njobs:\n  call:\n    uses: ./.github/workflows/w.yml\n"));
    let scripts = br#"{"name":"w","version":"1.0.0","main":"x","scripts":{"a":"npm run b && npm run b && npm run c","b":"npm run c; npm run c; npm run a","c":"npm run a || npm run b; npm publish","prea":"npm run a","postb":"npm run b"}}"#;
    let fan: String = (0..100).map(|n| format!("\"s{n}\":\"{}\",", format!("npm run s{};", n + 1).repeat(8))).collect();
    let fan = format!(
        "{{\"name\":\"w\",\"version\":\"1.0.0\",\"main\":\"x\",\"scripts\":{{{fan}\"s100\":\"npm publish\"}}}}"
    );
    let make = "all: a b\n\tmake b\n\nb: a all\n\tmake all && make a\n\na: b\n\tmake b\n\tcargo publish\n";
    let just = "a: b\n  just b\n\nb: a\n  just a\n  cargo publish\n";
    let long = format!("a:\n{}  {}\n", "  just a\n".repeat(26), "<<E".repeat(6000));
    let many_make: String = (0..2000).map(|n| format!("t{n}: t{} t{}\n\tmake t{}\n", n + 1, n + 2, n + 1)).collect();
    let doubling: String = (0..60).map(|n| format!("V{n} = $(V{0})$(V{0})\n", n + 1)).collect();
    let doubling = format!("{doubling}V60 = npm publish\nall:\n\t$(V0)\n");
    let shell = "#!/bin/bash\nbash release.sh\n./release.sh\nsource release.sh\ncargo publish\n";
    let with = |steps: &str, file: &str, text: &[u8]| {
        one(&run(steps)).into_iter().chain([(file.to_owned(), text.to_vec())]).collect::<Tree>()
    };
    let together: Tree = (0..40).map(|n| workflow(&format!("w{n}.yml"), &everybody)).collect();
    vec![
        hostile(
            "workflows that call each other",
            None,
            vec![
                workflow("a.yml", &call("b.yml")),
                workflow("b.yml", &call("a.yml")),
                workflow("c.yml", &call("c.yml")),
            ],
        ),
        hostile("40 workflows that all call each other", None, together),
        hostile("100 callers of one workflow", None, callers.chain([workflow("w.yml", &callee)]).collect()),
        hostile("100 callers of 200 jobs", None, heavies.chain([workflow("w.yml", &heavy)]).collect()),
        hostile(
            "actions that use each other",
            None,
            one("      - uses: ./x\n")
                .into_iter()
                .chain([
                    ("x/action.yml".to_owned(), action(&["y", "x", "y"])),
                    ("y/action.yml".to_owned(), action(&["x", "y", "x"])),
                ])
                .collect(),
        ),
        hostile(
            "scripts of package.json in a circle",
            None,
            with("npm run a\nnpm run b\nnpm run c\n", "package.json", scripts),
        ),
        hostile("scripts of package.json that fan out", None, with("npm run s0\n", "package.json", fan.as_bytes())),
        hostile("targets of a Makefile in a circle", None, with("make\nmake all a b\n", "Makefile", make.as_bytes())),
        hostile("2,000 targets of a Makefile", None, with("make t0 t1 t2\n", "Makefile", many_make.as_bytes())),
        hostile("variables of a Makefile that double", None, with("make all\n", "Makefile", doubling.as_bytes())),
        hostile("recipes of a justfile in a circle", None, with("just a\njust b\n", "justfile", just.as_bytes())),
        hostile(
            "a recipe that calls itself, beside a line of heredocs",
            None,
            with("just a\n", "justfile", long.as_bytes()),
        ),
        hostile(
            "a script that runs itself",
            None,
            with("./release.sh\nbash release.sh\n", "release.sh", shell.as_bytes()),
        ),
    ]
}

/// What a reader of shell must survive.
fn shells() -> Vec<Hostile> {
    let mut found = Vec::new();
    let mut script = |name, text: String| found.push(hostile(name, None, one(&run(&text))));
    script("script of 128 KB", "cargo publish -p widgets || echo $? && true\n".repeat(128 * 1024 / 44));
    script("script of 800 KB", "echo \"$(cat a)\" | tee b; npm publish\n".repeat(800 * 1024 / 37));
    script("substitutions 10,000 deep", format!("echo {}x{}", "$(echo ".repeat(MANY), ")".repeat(MANY)));
    script("subshells 10,000 deep", format!("{}cargo publish{}", "( ".repeat(MANY), ")".repeat(MANY)));
    script("braces 10,000 deep", format!("{}cargo publish;{}", "{ ".repeat(MANY), "}".repeat(MANY)));
    script("ifs 2,000 deep", format!("{}cargo publish\n{}", "if true; then\n".repeat(2000), "fi\n".repeat(2000)));
    script("parameters 10,000 deep", format!("echo {}x{}", "${a:-".repeat(MANY), "}".repeat(MANY)));
    script("arithmetic 10,000 deep", format!("echo $(({}1{}))", "(".repeat(MANY), ")".repeat(MANY)));
    script("quotes 10,000 deep", format!("echo {}x{}", "\"$(echo ".repeat(MANY), ")\"".repeat(MANY)));
    script("10,000 pipes", format!("cargo publish{}", " | cat".repeat(MANY)));
    script("here-documents never ended", "cat <<EOF\ncargo publish\n".repeat(2000));
    script(
        "a function that calls itself",
        "f() { f; f; cargo publish; }\nf\ng() { h; h; }\nh() { g; g; }\ng\n".to_owned(),
    );
    script(
        "loops in loops",
        format!("{}cargo publish\n{}", "for i in 1 2 3 4 5 6 7 8; do\n".repeat(12), "done\n".repeat(12)),
    );
    let doubled = (0..60).fold("A=xxxxxxxxxxxxxxxx\n".to_owned(), |mut text, _| {
        text.push_str("A=\"$A$A\"\n");
        text
    });
    script("a variable that doubles 60 times", format!("{doubled}cargo publish -p \"$A\"\n"));
    let choices = "B=\"$A$A\"\nif x; then B=c; fi\nA=\"$B$B\"\nif x; then A=d; fi\n".repeat(30);
    script("a choice that doubles 60 times", format!("A=a\n{choices}cargo publish -p \"$A\"\n"));
    let mut evals = String::new();
    for n in 0..2000 {
        let _ = writeln!(evals, "eval \"bash -c 'sh -c \\\"npm publish $X{n}\\\"'\"");
    }
    script("2,000 shells in shells", evals);
    found
}
