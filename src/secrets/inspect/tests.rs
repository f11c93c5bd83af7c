//! Tokens that are none: their forms are right, and nothing opens with them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;

use super::*;
use crate::model::Registry;

/// A token as PyPI would write it, with a signature of zeros.
fn pypi(location: &str, caveats: &[&str]) -> String {
    let field = |kind: u8, text: &str| [&[kind, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    let mut bytes = vec![2];
    bytes.extend([field(1, location), field(2, "0a1b2c3d-not-a-token"), vec![0]].concat());
    for caveat in caveats {
        bytes.extend([field(2, caveat), vec![0]].concat());
    }
    bytes.extend([vec![0, 6, 32], vec![0; 32], vec![0]].concat());
    format!("pypi-{}", URL_SAFE_NO_PAD.encode(bytes))
}

fn kind(token: &str) -> Kind {
    inspect(&SecretString::from(token)).unwrap().kind
}

fn limits(caveats: &[&str]) -> Limits {
    match kind(&pypi("pypi.org", caveats)) {
        Kind::Pypi(token) => token.limits,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_token_of_pypi_says_what_it_may_do() {
    assert_eq!(limits(&["[3, \"0b0b0b0b\"]"]), Limits { user: Some("0b0b0b0b".into()), ..Limits::default() });
    assert!(limits(&["[3, \"0b0b0b0b\"]"]).whole_account());
    let narrow = limits(&["[1, [\"widgets\", \"gadgets\"]]", "[3, \"0b\"]", "[0, 1800000000, 1700000000]"]);
    assert_eq!(narrow.projects, ["widgets", "gadgets"]);
    assert_eq!((narrow.expires, narrow.whole_account()), (Some(Timestamp::from_unix(1_800_000_000)), false));
    let old = limits(&["{\"version\": 1, \"permissions\": {\"projects\": [\"widgets\"]}}", "{\"nbf\": 1, \"exp\": 2}"]);
    assert_eq!(
        (old.projects, old.not_before, old.expires),
        (vec!["widgets".to_owned()], Some(Timestamp::from_unix(1)), Some(Timestamp::from_unix(2)))
    );
    assert!(limits(&["{\"version\": 1, \"permissions\": \"user\"}"]).whole_account());
    let strange = limits(&["[9, 1]", "no JSON"]);
    assert_eq!((strange.others, strange.whole_account()), (2, false), "an unknown limit is never no limit");
    assert!(limits(&["[4, \"id\", {}]"]).publisher);
    let Kind::Pypi(trial) = kind(&pypi("test.pypi.org", &[])) else { panic!() };
    assert_eq!(trial.destination(), Destination::TestPypi);
}

#[test]
fn a_cut_token_is_broken_and_a_hostile_name_is_cleaned() {
    let whole = pypi("pypi.org", &["[3, \"0b\"]"]);
    for cut in [&whole[..20], &whole[..whole.len() - 60], "pypi-", "pypi-!!"] {
        assert!(matches!(kind(cut), Kind::Broken(_)), "{cut}");
    }
    assert_eq!(limits(&["[1, [\"a\\u001b[31mb\"]]"]).projects, ["a[31mb"]);
}

#[test]
fn other_kinds_are_known_by_their_form() {
    let x = |n: usize| "x".repeat(n);
    for (token, issuer, what) in [
        (format!("cio{}", x(32)), "crates.io", "API token"),
        (format!("cio_tp_{}", x(32)), "crates.io", "token that an OIDC token was exchanged for"),
        (format!("npm_{}", x(36)), "npm", "access token"),
        (format!("jsrp_{}", x(32)), "JSR", "personal token"),
        (format!("jsrd_{}", x(32)), "JSR", "token of a sign-in by code"),
        (format!("rubygems_{}", "0".repeat(48)), "RubyGems", "API key"),
        (format!("oy2{}", x(43)), "NuGet", "API key"),
        (format!("github_pat_{}", x(60)), "GitHub", "fine-grained personal access token"),
        (format!("ghp_{}", x(36)), "GitHub", "classic personal access token"),
        (format!("ghs_{}", x(36)), "GitHub", "installation token of a GitHub App"),
        ("00000000-0000-4000-8000-000000000000".to_owned(), "npm", "legacy token, if it is npm's"),
    ] {
        let Kind::Known(known) = kind(&token) else { panic!("{what}") };
        assert_eq!((known.issuer.title(), known.what), (issuer, what));
    }
    for odd in ["hello", "npm_short", "cio and more", "ghp_a b c d e f g h i j k l m", "0000-0000"] {
        assert_eq!(kind(odd), Kind::Unknown, "{odd}");
    }
    assert_eq!(Issuer::Registry(Registry::Npm).title(), "npm");
    assert_eq!(inspect(&SecretString::from("  \n")), None);
}

#[test]
fn the_fingerprint_is_that_of_the_token_without_its_line_end() {
    let print = |text: &str| inspect(&SecretString::from(text)).unwrap().fingerprint;
    assert_eq!((print("abc").as_str(), print("abc\n")), ("ba7816bf", print("abc")));
}

proptest! {
    #[test]
    fn any_text_is_looked_at_without_harm_and_none_of_it_is_kept(
        prefix in prop::sample::select(vec!["", "pypi-", "cio", "npm_", "oy2", "rubygems_", "ghp_", "eyJ"]),
        rest in "\\PC{12,200}",
    ) {
        let token = format!("{prefix}{rest}");
        if let Some(found) = inspect(&SecretString::from(token.clone())) {
            let kept = format!("{found:?}");
            prop_assert!(!kept.contains(token.trim()));
        }
    }

    #[test]
    fn any_bytes_behind_the_prefix_are_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let encoded = [&[2_u8][..], &bytes].concat();
        let _ = inspect(&SecretString::from(format!("pypi-{}", URL_SAFE_NO_PAD.encode(encoded))));
    }
}
