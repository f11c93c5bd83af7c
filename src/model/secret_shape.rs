//! Whether a line of text may hold a secret: asked before it is written down anywhere.
//!
//! It would rather suspect too much: what it suspects is only not kept. It knows no registry's formats beyond their prefixes.

/// How the tokens of registries and forges begin.
const PREFIXES: &[&str] = &[
    "npm_",
    "pypi-",
    "cio",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "jsrp_",
    "jsrd_",
    "rubygems_",
    "oy2",
    "AKIA",
    "xoxb-",
    "xoxp-",
    "eyJ",
];

/// The shortest run of characters that is taken for a token by its prefix.
const SHORT: usize = 16;
/// The shortest mixed run that is taken for one by its look.
const MIXED: usize = 20;
/// The shortest run of hex digits that is: older tokens are 32 of them.
const HEX: usize = 32;
/// The shortest word that is a token for sure where it begins like one.
const KNOWN: usize = 20;
/// What stands where a secret was.
const COVER: &str = "***";

/// Whether a line may hold a secret. A commit behind an `@` is none, and neither is the name of a secret.
#[must_use]
pub fn may_hold_secret(line: &str) -> bool {
    line.contains("-----BEGIN") || holds_token(line) || assigns(line)
}

/// Whether a line holds a token of a registry or forge by its own form: a reason to say so aloud, not only to be careful.
#[must_use]
pub fn holds_known_token(line: &str) -> bool {
    let known = |word: &str| {
        let shortest = |prefix: &str| if prefix.ends_with(['_', '-']) { KNOWN } else { HEX };
        let prefixed = PREFIXES.iter().any(|prefix| word.starts_with(prefix) && word.len() >= shortest(prefix));
        prefixed && word.contains(|c: char| c.is_ascii_digit())
    };
    runs(line).any(|(run, _)| run.split(['/', '=']).any(known))
}

/// The line with what may be a secret covered: for everything that is shown.
#[must_use]
pub fn cover(line: &str) -> String {
    if !may_hold_secret(line) {
        return line.to_owned();
    }
    let mut covered = line.to_owned();
    let tokens: Vec<&str> =
        runs(line).filter(|(run, pinned)| looks_like_token(run, *pinned)).map(|(run, _)| run).collect();
    match (tokens.is_empty(), line.split_once([':', '='])) {
        (false, _) => tokens.into_iter().for_each(|token| covered = covered.replace(token, COVER)),
        (true, Some((key, _))) => covered = format!("{key}{} {COVER}", &line[key.len()..=key.len()]),
        (true, None) => covered = COVER.to_owned(),
    }
    covered
}

fn holds_token(line: &str) -> bool {
    runs(line).any(|(run, pinned)| looks_like_token(run, pinned))
}

/// The runs of characters that a token can be made of, and whether an `@` stands before each.
fn runs(line: &str) -> impl Iterator<Item = (&str, bool)> {
    let part = |c: char| c.is_ascii_alphanumeric() || "_-+/=".contains(c);
    let mut rest = line;
    std::iter::from_fn(move || {
        let start = rest.find(part)?;
        let pinned = rest[..start].ends_with('@');
        let run = &rest[start..];
        let end = run.find(|c| !part(c)).unwrap_or(run.len());
        rest = &run[end..];
        Some((&run[..end], pinned))
    })
}

fn looks_like_token(run: &str, pinned: bool) -> bool {
    // A path is many short runs.
    run.split('/').any(|word| {
        let has = |test: fn(&char) -> bool| word.chars().any(|c| test(&c));
        let digits = has(char::is_ascii_digit);
        let hex = digits && word.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
        let prefixed = PREFIXES.iter().any(|prefix| word.starts_with(prefix));
        (word.len() >= SHORT && prefixed)
            || (word.len() >= MIXED && digits && has(char::is_ascii_lowercase) && has(char::is_ascii_uppercase))
            || (word.len() >= HEX && hex && !pinned)
    }) || (run.len() >= 2 * MIXED && run.matches('/').count() <= 2 && run.chars().any(|c| "+=".contains(c)))
}

/// Whether a key that is called after a secret is given a value of its own, and no expression or known word.
fn assigns(line: &str) -> bool {
    let Some((key, value)) = line.split_once([':', '=']) else { return false };
    let key = key.to_ascii_lowercase();
    let named = ["token", "password", "passwd", "secret", "api_key", "api-key", "apikey"];
    let value = value.trim().trim_matches(['"', '\'']);
    named.iter().any(|name| key.contains(name)) && value.len() >= 8 && !value.contains("${{") && !value.starts_with('$')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_workflows_are_no_secrets() {
        for line in [
            "      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2",
            "          CARGO_REGISTRY_TOKEN: ${{ secrets.CARGO_REGISTRY_TOKEN }}",
            "        run: cargo publish -p widgets-core --locked",
            "      id-token: write",
            "        run: npm publish --provenance --access public",
            "          packages-dir: target/wheels/very/long/path/to/some/folder",
            "trust_policy = { workflow = \"release.yml\", environment = \"release\" }",
            "    environment: { name: pypi, url: https://example.test/p/widgets }",
        ] {
            assert!(!may_hold_secret(line), "{line}");
        }
    }

    #[test]
    fn only_the_secret_is_covered() {
        let token = "cio7NotARealToken0000000000000000000";
        assert_eq!(
            cover(&format!("  run: cargo publish --token {token} -p a")),
            "  run: cargo publish --token *** -p a"
        );
        assert_eq!(cover("  password: hunter2hunter2"), "  password: ***");
        assert_eq!(cover("      id-token: write"), "      id-token: write");
        assert!(holds_known_token(&format!("--token={token}")));
        for no in [
            "npm_config_registry: x",
            "  password: hunter2hunter2",
            "uses: a/b@0123456789abcdef0123456789abcdef01234567",
        ] {
            assert!(!holds_known_token(no), "{no}");
        }
    }

    #[test]
    fn lines_with_tokens_are() {
        for line in [
            "//registry.example/:_authToken=npm_notARealToken000000000000000000000",
            "  TWINE_PASSWORD: pypi-notarealtoken00",
            "run: cargo publish --token cioNotARealToken0000000000000000",
            "  password: hunter2hunter2",
            "  key: 0123456789abcdef0123456789abcdef",
            "-----BEGIN PRIVATE KEY-----",
            "x 00000000-1111-2222-3333-444444444444 y",
        ] {
            assert!(may_hold_secret(line), "{line}");
        }
    }
}
