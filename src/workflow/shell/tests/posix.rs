//! bash and sh, rule by rule.

use super::*;

#[test]
fn commands_are_told_from_comments_text_and_heredocs() {
    assert_eq!(bash("# npm publish\nnpm ci # npm publish\n"), "npm ci\n");
    assert_eq!(bash("echo 'npm publish; x' && npm publish"), "echo \"npm publish; x\"\nbranch\n  npm publish\n");
    assert_eq!(bash("cat <<'EOF' > f\nnpm $publish\nEOF\nnpm ci"), "cat << \"npm $publish\\n\" > f\nnpm ci\n");
    assert_eq!(bash("read a <<< \"$b\"\nnpm ci"), "read a << \"$b\"\nnpm ci\n");
    assert_eq!(bash("cat <<-A <<B\n\tx\n\tA\ny\nB\nls"), "cat << \"x\\n\" << \"y\\n\"\nls\n");
}

#[test]
fn lines_are_joined() {
    let joined = "cargo publish -p core --locked\n";
    assert_eq!(bash("cargo publish \\\n  -p core \\\r\n  --locked\r\n"), joined);
    assert_eq!(bash("cargo pub\\\nlish -p \"co\\\nre\" --locked"), joined);
    assert_eq!(bash("a\r\nif b; then\r\n  c\r\nfi\r\n"), "a\nb\nbranch\n  c\n");
}

#[test]
fn words_lose_their_quotes() {
    assert_eq!(bash(r#"a 'b c' "d"'e'f "g\"h" i\ j "" $'k\n'"#), "a \"b c\" def g\"h \"i j\" \"\" \"k\\n\"\n");
    assert_eq!(bash(r#"a "x\y" \$z "\$z" x"$(b 'c)')"y"#), "a x\\y \"$z\" \"$z\" x‹sub b c)›y\n");
    assert_eq!(bash("\"npm\" 'publish'"), "npm publish\n");
    assert_eq!(bash("echo a#b é \"ü\"é; ls"), "echo a#b é üé\nls\n");
}

#[test]
fn variables_are_pieces() {
    assert_eq!(bash(r#"a $X "${Y}"z $1 "$@" ${x[@]} "${y[*]}""#), "a $X \"$Y\"z $1 \"$@[@]\" $x[@] \"$y[@]\"\n");
    assert_eq!(bash(r#"a ${X:-b c} "${Y-$Z}" ${A:=1} ${B:?no}"#), "a $X:-\"b c\" \"$Y:-\"$Z\"\" $A:-1 $B\n");
    assert_eq!(bash("a ${X:+--token \"$Y\"} "), "a $X:+\"--token \"\"$Y\"\n");
    assert_eq!(bash("a ${X//a/b} ${#X} ${!X} ${X%.*} $((1 + 2)) $? ${X[0]}").matches("‹? ").count(), 7);
}

#[test]
fn substitutions_are_read() {
    assert_eq!(bash("out=$(npm publish 2>&1)"), "out = ‹sub npm publish›\n");
    assert_eq!(bash("echo \"a $(b \"$(c)\") d\""), "echo \"a \"‹sub b ‹sub c››\" d\"\n");
    assert_eq!(bash("x=`git log`"), "x = ‹sub git log›\n");
    assert_eq!(bash("x=$(case $y in a) b;; (c) d;; esac)"), "x = ‹sub arm $y: a;   b; arm $y: c;   d›\n");
    assert_eq!(bash("x=$(ls # it's )\n)\ny"), "x = ‹sub ls›\ny\n");
    assert_eq!(bash("x=\"$(cat <<'E'\nit's ) \" \nE\n)\"\ny"), "x = ‹sub cat << \"it's ) \\\" \\n\"›\ny\n");
    assert_eq!(bash("diff <(a b) <(c)"), "diff ‹sub a b› ‹sub c›\n");
    assert_eq!(bash("a > >(tee log)"), "a > ‹sub tee log›\n");
}

#[test]
fn expressions_stay_whole_wherever_they_stand() {
    assert_eq!(bash("twine -p ${{ secrets.A || 'b;c' }} x"), "twine -p ‹secrets.A || 'b;c'› x\n");
    assert_eq!(bash("${{ matrix.cmd }} --x=${{ a }}b"), "‹matrix.cmd› --x=‹a›b\n");
    assert_eq!(bash("X=${{ a.b }}\nY='${{ c == 'd' }}' z"), "X = ‹a.b›\nY=‹c == 'd'› z\n");
    assert_eq!(bash("a \"${{ b }} c\" \"${X:-${{ d }}}\""), "a ‹b›\" c\" \"$X:-‹d›\"\n");
    assert_eq!(bash("cat <<E\na ${{ b }} $c\nE"), "cat << \"a \"‹b›\" \"\"$c\"\"\\n\"\n");
    assert_eq!(bash("cat <<'E'\n${{ b }}$c\nE"), "cat << ‹b›\"$c\\n\"\n");
    assert_eq!(bash("if ${{ a }}; then b; fi"), "‹a›\nbranch\n  b\n");
    assert_eq!(bash("a ${{ format('}}{0}', 1) }} b"), "a ‹format('}}{0}', 1)› b\n");
}

#[test]
fn assignments_stand_before_a_command_or_alone() {
    assert_eq!(bash("A=1 B='2 3' npm publish C=4"), "A=1 B=\"2 3\" npm publish C=4\n");
    assert_eq!(bash("A=1\nA+=2\nA=\n"), "A = 1\nA += 2\nA = \n");
    assert_eq!(
        bash("export A=1 B=$C\ndeclare -r D=5\nlocal e=6\nreadonly F=7"),
        "A = 1\nB = $C\nD = 5\ne = 6\nF = 7\n"
    );
    assert_eq!(bash("export A"), "export A\n");
    assert_eq!(bash("echo A=1 \"B\"=2"), "echo A=1 B=2\n");
    assert_eq!(bash("\"A\"=1"), "A=1\n");
}

#[test]
fn arrays_keep_their_words() {
    let script = "cmd=(cargo publish --workspace)\ncmd+=(\"a b\" # why\n  $c)\n\"${cmd[@]}\" x";
    assert_eq!(bash(script), "cmd = (cargo publish --workspace)\ncmd += (\"a b\" $c)\n\"$cmd[@]\" x\n");
    assert_eq!(bash("x[1]=a\ndeclare -a y=(b $(c d))"), "x += (a)\ny = (b ‹sub c d›)\n");
    assert_eq!(bash("x=()\ny=(if then)"), "x = ()\ny = (if then)\n");
}

#[test]
fn blocks_hold_what_may_run() {
    let script = "if a && b; then\n  c\nelif d; then e\nelse\n  f\nfi";
    assert_eq!(bash(script), "a\nbranch\n  b\nbranch\n  c\nd\nbranch\n  e\nbranch\n  f\n");
    assert_eq!(bash("for p in a $b; do c $p; done"), "loop p a $b\n  c $p\n");
    assert_eq!(bash("for p\ndo c; done"), "loop p\n  c\n");
    assert_eq!(bash("for ((i=0; i<3; i++)); do c; done"), "loop -\n  c\n");
    assert_eq!(bash("select p in a b; do c; done"), "loop p a b\n  c\n");
    assert_eq!(bash("while read l; do c; done < f"), "loop - < f\n  read l\n  c\n");
    assert_eq!(bash("until a; do b; done <<E\nx\nE"), "loop - << \"x\\n\"\n  a\n  b\n");
    assert_eq!(bash("case \"$x\" in\n a|b) c;;\n *) d\nesac"), "arm \"$x\": a|b\n  c\narm \"$x\": *\n  d\n");
    assert_eq!(bash("case $(x) in a) ;; esac"), "subshell\n  x\narm ‹sub x›: a\n");
    assert_eq!(bash("(cd x && npm publish); ls"), "subshell\n  cd x\n  branch\n    npm publish\nls\n");
    assert_eq!(bash("{ a; b; } > f"), "group > f\n  a\n  b\n");
    assert_eq!(bash("a || b && c"), "a\nbranch\n  b\nbranch\n  c\n");
}

#[test]
fn functions_are_kept_apart() {
    assert_eq!(bash("f() {\n  npm publish\n}\nf x"), "function f\n  group\n    npm publish\nf x\n");
    assert_eq!(
        bash("function g { a; }\nfunction h() (b)"),
        "function g\n  group\n    a\nfunction h\n  subshell\n    b\n"
    );
}

#[test]
fn pipes_redirections_and_words_before_a_command() {
    assert_eq!(bash("a | b 2>&1 | c"), "a\n| b\n| c\n");
    assert_eq!(bash("! a\ntime b\ntime -p c\nd &"), "a\nb\nc\nd &\n");
    assert_eq!(bash("a > f 2>> g < h &> i"), "a > f 2>> g < h > i\n");
    assert_eq!(bash("echo x >&2; >f; a |& b"), "echo x\n > f\na\n| b\n");
    assert_eq!(bash("echo 12345678901>f"), "echo 12345678901 > f\n");
}

#[test]
fn tests_and_arithmetic_do_nothing() {
    assert_eq!(bash("[ -n \"$x\" ] && a"), "[ -n \"$x\" ]\nbranch\n  a\n");
    assert_eq!(bash("if [[ $x =~ ^(a|b)$ && ( -n $y ) ]]; then c; fi").lines().nth(1), Some("branch"));
    assert_eq!(bash("[[ a == b ]] || c"), "[[ a == b ]]\nbranch\n  c\n");
    assert_eq!(bash("((i++))\n(( a > 1 )) && b"), "branch\n  b\n");
    assert_eq!(bash("rm !(a|b) @(c)"), "rm !(a|b) @(c)\n");
}

#[test]
fn offsets_point_at_first_words() {
    let script = "ls\n  X=1 npm \\\n publish é\nif a; then \"b\"; fi\n";
    let items = read(script, Dialect::Posix).items;
    let at = |item: &Item| match item {
        Item::Command(command) => {
            command.words.iter().map(|word| script[word.at..].chars().next().unwrap()).collect::<String>()
        }
        Item::Block { body, .. } => format!("{:?}", body.len()),
        other => panic!("{other:?}"),
    };
    assert_eq!(items.iter().map(at).collect::<Vec<_>>(), ["l", "npé", "a", "1"]);
}

#[test]
fn one_odd_line_does_not_hide_the_rest() {
    let script = "npm ci\necho 'open\nnpm publish\n";
    let odd = read("npm ci\n) x\nif a; then\n  npm publish\n", Dialect::Posix);
    assert!(shown(&odd.items).contains("npm publish"), "{odd:?}");
    assert_eq!(odd.doubt.map(|doubt| doubt.at), Some(7));
    let unclosed = read(script, Dialect::Posix);
    assert!(shown(&unclosed.items).contains("npm publish"), "{unclosed:?}");
    assert_eq!(unclosed.doubt.map(|doubt| doubt.at), Some(12));
}

#[test]
fn what_stands_in_a_case_an_if_or_a_loop_of_any_form_is_found() {
    assert_eq!(bash("case a in esac; b"), "b\n");
    assert_eq!(
        bash("case a in (b) c ;& d) e ;;& f) ;; esac > g"),
        "group > g\n  arm a: b\n    c\n  arm a: d\n    e\n  arm a: f\n"
    );
    assert_eq!(
        bash("x=$(case a in b) $(case c in d) e;; esac);; esac)"),
        "x = ‹sub arm a: b;   ‹sub arm c: d;   e››\n"
    );
    assert_eq!(bash("if (a) then b; fi <f; c"), "group < f\n  subshell\n    a\n  branch\n    b\nc\n");
    assert_eq!(bash("for x in a; { b; }\nc"), "loop x a\n  b\nc\n");
    assert_eq!(bash("while a\nb\ndo\n\nc &\ndone | d"), "loop -\n  a\n  b\n  c &\n| d\n");
    assert_eq!(bash("a |\n\n b &&\n c # d\n"), "a\n| b\nbranch\n  c\n");
    assert_eq!(bash("coproc a b\ncoproc x { c; }"), "a b\ngroup\n  c\n");
    assert_eq!(bash("(( x = $(a) ))\nfor (( i = $(b); ; )) do c; done"), "subshell\n  a\nsubshell\n  b\nloop -\n  c\n");
    assert_eq!(bash("echo if then; echo }; 'if' a"), "echo if then\necho }\nif a\n");
}

#[test]
fn redirections_have_their_descriptors() {
    assert_eq!(bash("a 3>b 2>&1>c 4>&- >|d <>e &>>f"), "a 3> b > c > d > e >> f\n");
    assert_eq!(bash("a x2>b 2 >c 99999999999>d"), "a x2 2 99999999999 > b > c > d\n");
    assert_eq!(bash("a >&\"$b\" 2<<<c"), "a > \"$b\" 2<< c\n");
}

/// What a script gives with a doubt at `at`.
fn doubted(script: &str, at: usize) -> String {
    let read = read(script, Dialect::Posix);
    assert_eq!(read.doubt.map(|doubt| doubt.at), Some(at), "{script:?} {read:?}");
    shown(&read.items)
}

#[test]
fn doubts_have_a_place_and_hide_one_line_alone() {
    assert_eq!(doubted("a\nb (c) d\ne", 4), "a\nb\ne\n");
    assert_eq!(doubted("a &&\n)\nb", 5), "a\nbranch\nb\n");
    assert_eq!(doubted("a | ; b\nc", 4), "a\nc\n");
    assert_eq!(doubted("fi\na", 0), "a\n");
    assert_eq!(doubted("a; ;; b\nc", 3), "a\nc\n");
    assert_eq!(doubted("for in x\ndo\na\ndone\nb", 7), "a\nb\n");
    assert_eq!(doubted("{ (a; }\nb", 2), "group\n  subshell\n    a\nb\n");
    assert_eq!(doubted("if a; then b\nc", 0), "a\nbranch\n  b\n  c\n");
    assert_eq!(doubted("while a; done\nb", 0), "loop -\n  a\nb\n");
    assert_eq!(doubted("case a in\nnpm publish\nb) c;; esac\nd", 0), "npm publish\nb\nd\n");
    assert_eq!(doubted("x=(a (b)\nc", 0), "c\n");
    assert_eq!(doubted("a >\nb", 2), "a\nb\n");
    assert_eq!(doubted("[[ a\nb", 0), "b\n");
}

#[test]
fn doubts_inside_substitutions_are_said() {
    assert_eq!(doubted("a \"$(b; fi)\"\nc", 8), "a ‹sub b›\nc\n");
    assert_eq!(doubted("x=`a \\`b\\``", 2), "x = ‹? `a \\`b\\``›\n");
    assert_eq!(doubted("cat <<E\n$(fi)\nE\n) x", 10), "cat << ‹sub ›\"\\n\"\n");
    let deep = format!("a {}b{}\nc", "$(".repeat(30), ")".repeat(30));
    assert!(read(&deep, Dialect::Posix).doubt.is_some());
    let deep = format!("{}a{}\nb", "( ".repeat(30), ")".repeat(30));
    let read = read(&deep, Dialect::Posix);
    assert!(read.doubt.is_some() && shown(&read.items).ends_with("b\n"), "{read:?}");
}
