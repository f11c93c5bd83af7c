//! Random scripts: nothing panics, offsets stay inside, and what was printed reads back.

use proptest::prelude::*;

use super::hostile::bounded;
use super::*;

/// Texts of a shell's own signs and words, in any order.
fn shell_like() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[a-zé0-9=-]{1,5}",
        "[ \t]{1,2}",
        prop::sample::select(vec![
            "\n", "\r\n", ";", ";;", "&", "&&", "|", "||", "(", ")", "((", "))", "{", "}", "[[ ", " ]]", "'", "\"",
            "`", "$(", "${", "$((", "$x", "${{", "}}", "<(", "<<E\n", "\nE\n", "<<<", "<", ">", ">>", "2>&1", "#",
            "\\", "\\\n", "!", "x=(", "x[1]=",
        ])
        .prop_map(str::to_owned),
        prop::sample::select(vec![
            " if ",
            " then ",
            " elif ",
            " else ",
            " fi\n",
            " for x in ",
            " do ",
            " done\n",
            " while ",
            " case ",
            " in ",
            " esac\n",
            " function f ",
            " f() ",
            " coproc ",
            " time ",
            " select ",
            " export ",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
}

/// Texts of the signs and words of PowerShell and cmd, in any order.
fn windows_like() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[a-zé0-9=-]{1,5}",
        "[ \t]{1,2}",
        prop::sample::select(vec![
            "\n", "\r\n", ";", "&", "&&", "|", "||", "(", ")", "{", "}", "[", "]", "'", "\"", "`", "`\n", "$(", "${",
            "$x", "$env:X", "${{", "}}", "@(", "@{", "@\"\n", "\n\"@", "@'\n", "\n'@", "@x", "<#", "#>", "#", ">",
            ">>", "2>&1", ",", " = ", "+=", ".", "::", "%x%", "%%x", "!x!", "%", "^", "^\n", "@",
        ])
        .prop_map(str::to_owned),
        prop::sample::select(vec![
            " if (",
            " elseif (",
            " else {",
            " foreach ($x in ",
            " while (",
            " do {",
            " try {",
            " catch {",
            " switch (",
            " function f {",
            " param(",
            " return ",
            " rem ",
            " set x=",
            " if exist a ",
            " for %%x in (",
            ") do (",
            " call ",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
}

/// Commands of plain words; the first word is no keyword, and none holds the beginning of an expression.
fn commands() -> impl Strategy<Value = Vec<Vec<String>>> {
    let argument = "[a-zA-Z0-9 éü.,:/@+_#*(){}<>|&;=$%!~-]{0,8}"
        .prop_map(|text| if text.contains("${{") { text.replace('{', "") } else { text });
    let command = ("npm[a-z]{0,4}", prop::collection::vec(argument, 0..4))
        .prop_map(|(name, arguments)| std::iter::once(name).chain(arguments).collect());
    prop::collection::vec(command, 0..5)
}

/// The literal words of each command.
fn literals(script: &str, dialect: Dialect) -> Vec<Vec<String>> {
    let read = read(script, dialect);
    assert_eq!(read.doubt, None, "{script:?}");
    let words = |item: &Item| match item {
        Item::Command(command) => command.words.iter().map(|word| word.literal().unwrap()).collect(),
        other => panic!("{other:?}"),
    };
    read.items.iter().map(words).collect()
}

fn printed(commands: &[Vec<String>], quote: char, end: &str) -> String {
    let line = |words: &Vec<String>| {
        let quoted: Vec<_> = words[1..].iter().map(|word| format!(" {quote}{word}{quote}")).collect();
        format!("{}{}{end}", words[0], quoted.concat())
    };
    commands.iter().map(line).collect()
}

/// Without what cmd expands; taking that out must not make the beginning of an expression.
fn plain_in_cmd(word: &str) -> String {
    let word = word.replace(['%', '!'], "");
    if word.contains("${{") { word.replace('{', "") } else { word }
}

proptest! {
    #[test]
    fn any_text_is_read(script in "\\PC{0,200}") {
        bounded(&script);
    }

    #[test]
    fn any_order_of_signs_is_read(script in shell_like()) {
        bounded(&script);
    }

    #[test]
    fn any_order_of_the_signs_of_windows_is_read(script in windows_like()) {
        bounded(&script);
    }

    #[test]
    fn printed_commands_read_back(commands in commands(), end in prop::sample::select(vec!["\n", "\r\n", " ; ", " # c\n"])) {
        let script = printed(&commands, '\'', end);
        prop_assert_eq!(literals(&script, Dialect::Posix), commands.clone());
        prop_assert_eq!(literals(&script, Dialect::PowerShell), commands);
    }

    #[test]
    fn printed_commands_read_back_in_cmd(commands in commands(), end in prop::sample::select(vec!["\n", "\r\n", " & "])) {
        let plain: Vec<Vec<String>> =
            commands.iter().map(|words| words.iter().map(|word| plain_in_cmd(word)).collect()).collect();
        let script = printed(&plain, '"', end);
        prop_assert_eq!(literals(&script, Dialect::Cmd), plain);
    }
}
