//! Steps that log in by OIDC, in workflows as people write them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pretty_assertions::assert_eq;

use super::tests::{file, mended, planned, workflow};
use super::*;
use crate::model::Auth;

const PERMISSIONS: &str = "    permissions:\n      contents: read\n      id-token: write\n";

fn uses(login: &Login) -> String {
    let (uses, comment) = login.action().pinned(Pins::known());
    assert!(comment.starts_with(" # v"), "{uses} is not pinned");
    format!("      - uses: {uses}{comment}\n")
}

/// The workflow with these steps as its plan leaves them, which then logs in by OIDC and needs nothing more.
fn repaired(text: &str) -> String {
    let after = mended(text, &planned(text).unwrap());
    let reading = crate::workflow::testing::read(&[file(&after)], &[]);
    assert!(!reading.publish_jobs.is_empty(), "{after}");
    for job in &reading.publish_jobs {
        assert_eq!((&job.auth, &job.tokens), (&Auth::Oidc, &Vec::new()), "{after}");
    }
    assert_eq!(planned(&after).unwrap(), [], "{after}");
    after
}

#[test]
fn gem_finds_the_key_of_the_step_before_it() {
    let env = "        env:\n          GEM_HOST_API_KEY: \"${{secrets.RUBYGEMS_AUTH_TOKEN}}\"\n";
    let build = "      - run: gem build *.gemspec # all\n";
    let text = workflow("", "", &format!("{build}      - run: gem push *.gem\n{env}"));
    let login = uses(&Login::RubyGems);
    assert_eq!(repaired(&text), workflow("", PERMISSIONS, &format!("{build}{login}      - run: gem push *.gem\n")));
}

#[test]
fn the_credentials_file_of_the_starter_workflow_is_no_longer_written() {
    let write = "          printf -- \"---\\n:rubygems_api_key: ${GEM_HOST_API_KEY}\\n\" > $HOME/.gem/credentials\n";
    let rest = "          gem build *.gemspec\n          gem push *.gem\n";
    let head = "      - name: Publish\n        run: |\n          mkdir -p $HOME/.gem\n";
    let env = "        env:\n          GEM_HOST_API_KEY: \"${{secrets.RUBYGEMS_AUTH_TOKEN}}\"\n";
    let text = workflow("", "", &format!("{head}{write}{rest}{env}"));
    let login = uses(&Login::RubyGems);
    assert_eq!(repaired(&text), workflow("", PERMISSIONS, &format!("{login}{head}{rest}")));
}

#[test]
fn a_release_by_rubys_own_action_needs_no_other_login() {
    let step = "      - uses: rubygems/release-gem@7f9650160c1a4e7989fdc9855807bdbd421d8b6b # v1.4.1\n";
    let text = workflow("", "", &format!("{step}        env:\n          GEM_HOST_API_KEY: ${{{{ secrets.G }}}}\n"));
    assert_eq!(repaired(&text), workflow("", PERMISSIONS, step));
}

#[test]
fn a_key_of_nuget_is_handed_over_where_the_secret_was() {
    let into = |into: TokenInto| uses(&Login::Nuget { into });
    let login = into(TokenInto::Env(String::new()));
    let login = format!("{login}        id: login\n        with:\n          user: ${{{{ vars.NUGET_USER }}}}\n");
    let push = |key: &str| format!("dotnet nuget push \"*.nupkg\" -k {key} -s https://api.nuget.org/v3/index.json");
    let secret = "${{ secrets.NUGET }}";
    let token = "${{ steps.login.outputs.NUGET_API_KEY }}";
    let run = |key: &str| format!("      - run: {}\n", push(key));
    assert_eq!(repaired(&workflow("", "", &run(secret))), workflow("", PERMISSIONS, &format!("{login}{}", run(token))));
    let block = |key: &str| format!("      - run: |\n          echo 1\n          {} # it's\n", push(key));
    assert_eq!(
        repaired(&workflow("", "", &block("\"${{secrets.nuget}}\""))),
        workflow("", PERMISSIONS, &format!("{login}{}", block(&format!("\"{token}\""))))
    );
    let env = |key: &str| format!("{}        env:\n          NUGET_API_KEY: {key}\n", run("$NUGET_API_KEY"));
    assert_eq!(repaired(&workflow("", "", &env(secret))), workflow("", PERMISSIONS, &format!("{login}{}", env(token))));
    // One for the whole job is set at the step, and only there.
    let shared = format!("    env:\n      NUGET_API_KEY: {secret}\n");
    assert_eq!(
        repaired(&workflow("", &shared, &run("$NUGET_API_KEY"))),
        workflow("", PERMISSIONS, &format!("{login}{}", env(token)))
    );
}

#[test]
fn nugets_user_is_told_and_two_pushes_share_a_login() {
    let push = "      - run: dotnet nuget push a.nupkg --api-key ${{ secrets.NUGET }}\n";
    let text =
        workflow("", "", &format!("{push}      - run: dotnet nuget push b.nupkg --api-key ${{{{ secrets.NUGET }}}}\n"));
    let result = mend(&file(&text), &planned(&text).unwrap(), |_| Ok(())).unwrap();
    assert!(result.notes.iter().any(|note| note.contains("NUGET_USER")), "{:?}", result.notes);
    assert_eq!(repaired(&text).matches("NuGet/login").count(), 1);
}

#[test]
fn a_secret_inside_a_larger_expression_is_left_to_a_person() {
    let text = workflow("", "", "      - run: dotnet nuget push a -k ${{ secrets.NUGET || 'x' }}\n");
    let refusal = mend(&file(&text), &planned(&text).unwrap(), |_| Ok(())).unwrap_err();
    assert!(refusal.why.contains("larger expression"), "{refusal}");
    assert!(refusal.paste.iter().any(|row| row.contains("user: ${{ vars.NUGET_USER }}")), "{:?}", refusal.paste);
}

#[test]
fn an_action_of_which_nothing_is_known_comes_with_a_way_that_is() {
    for (step, login) in [
        ("dawidd6/action-publish-gem@v1\n        with:\n          api_key: ${{ secrets.X }}\n", "rubygems/configure"),
        (
            "k-paxian/dart-package-publisher@v1\n        with:\n          accessToken: ${{ secrets.X }}\n",
            "dart-lang/setup-dart",
        ),
    ] {
        let why = planned(&workflow("", "", &format!("      - uses: {step}"))).unwrap_err();
        assert!(matches!(why, CannotRepair::Unknown { .. }), "{why}");
        assert!(why.paste().iter().any(|row| row.contains(login)), "{:?}", why.paste());
    }
}

#[test]
fn jsr_needs_no_step() {
    let text = workflow("", "", "      - run: npx jsr publish --token ${{ secrets.JSR_TOKEN }} --allow-dirty\n");
    assert_eq!(repaired(&text), workflow("", PERMISSIONS, "      - run: npx jsr publish --allow-dirty\n"));
    let env = "        env:\n          JSR_TOKEN: ${{ secrets.JSR_TOKEN }}\n";
    let text = workflow("", "", &format!("      - run: deno publish --token=$JSR_TOKEN\n{env}"));
    assert_eq!(repaired(&text), workflow("", PERMISSIONS, "      - run: deno publish\n"));
}

#[test]
fn flutter_gets_the_token_right_before_it_and_dart_at_a_place_of_ones_choice() {
    let write = "      - run: echo '${{ secrets.CRED }}' > ~/.config/dart/pub-credentials.json\n";
    let text = |command: &str| workflow("", "", &format!("{write}      - run: {command} --force\n"));
    let login = uses(&Login::PubDev);
    let want = workflow("", PERMISSIONS, &format!("{login}      - run: flutter pub publish --force\n"));
    assert_eq!(repaired(&text("flutter pub publish")), want);
    let why = planned(&text("dart pub publish")).unwrap_err();
    assert!(why.paste().iter().any(|row| row.contains("dart-lang/setup-dart@")), "{why}");
    let setup = "      - uses: dart-lang/setup-dart@65eb853c7ba17dde3be364c3d2858773e7144260 # v1.7.2\n";
    let steps = format!("{setup}{write}      - run: dart pub publish --force\n");
    let want = workflow("", PERMISSIONS, &format!("{setup}      - run: dart pub publish --force\n"));
    assert_eq!(repaired(&workflow("", "", &steps)), want);
}
