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

/// Whether a line may hold a secret. A commit behind an `@` is none, and neither is the name of a secret.
#[must_use]
pub fn may_hold_secret(line: &str) -> bool {
    line.contains("-----BEGIN") || holds_token(line) || assigns(line)
}

fn holds_token(line: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || "_-+/=".contains(c);
    let mut rest = line;
    while let Some(start) = rest.find(part) {
        let pinned = rest[..start].ends_with('@');
        let run = &rest[start..];
        let end = run.find(|c| !part(c)).unwrap_or(run.len());
        if looks_like_token(&run[..end], pinned) {
            return true;
        }
        rest = &run[end..];
    }
    false
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
