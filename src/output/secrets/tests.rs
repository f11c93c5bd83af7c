//! What would run in a spreadsheet or a shell does not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::csv::field;
use super::*;

#[test]
fn a_field_of_a_spreadsheet_is_never_a_formula() {
    for (text, wanted) in [
        ("plain", "plain"),
        ("a,b", "\"a,b\""),
        ("say \"hi\"", "\"say \"\"hi\"\"\""),
        ("=1+1", "\"'=1+1\""),
        (" @x", "\"' @x\""),
        ("-2", "\"'-2\""),
        ("+x\u{1b}[31m", "\"'+x[31m\""),
        ("two\nlines", "two lines"),
    ] {
        assert_eq!(field(text), wanted, "{text:?}");
    }
}

#[test]
fn the_command_that_deletes_names_its_level_and_quotes_what_is_odd() {
    let name = || "NPM_TOKEN".parse().unwrap();
    let slug = "acme/widgets".parse().unwrap();
    let command = |place| delete_command(&Kept::Secret(place, name()), Some(&slug));
    let environment = |name: &str| SecretPlace::Environment(name.parse().unwrap());
    for (place, wanted) in [
        (SecretPlace::Repository, "gh secret delete NPM_TOKEN --repo acme/widgets"),
        (SecretPlace::Dependabot, "gh secret delete NPM_TOKEN --app dependabot --repo acme/widgets"),
        (environment("release"), "gh secret delete NPM_TOKEN --env release --repo acme/widgets"),
        (environment("it's $(x)"), "gh secret delete NPM_TOKEN --env 'it'\\''s $(x)' --repo acme/widgets"),
    ] {
        assert_eq!(command(place).as_deref(), Some(wanted));
    }
    assert_eq!(command(SecretPlace::Organization), None, "others use it too");
}
