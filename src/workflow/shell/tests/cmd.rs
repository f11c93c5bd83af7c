//! Windows' cmd, rule by rule.

use super::*;

/// What a script gives, without a doubt.
fn cmd(script: &str) -> String {
    let read = read(script, Dialect::Cmd);
    assert_eq!(read.doubt, None, "{script:?}");
    shown(&read.items)
}

#[test]
fn commands_are_told_from_comments_and_text() {
    assert_eq!(
        cmd("@echo off\r\nrem npm publish\r\n:: x\r\nREM\r\n:top\r\ncall npm publish ^\r\n --tag x\r\n"),
        "echo off\nnpm publish --tag x\n"
    );
    assert_eq!(cmd("a & b && c || d | e"), "a\nb\nbranch\n  c\nbranch\n  d\n  | e\n");
    assert_eq!(cmd("a \"b & c\" d^&e \"\" remy"), "a \"b & c\" d&e \"\" remy\n");
    assert_eq!(cmd("a > b 2>&1 <c 2>>d"), "a > b < c 2>> d\n");
}

#[test]
fn variables_are_pieces() {
    assert_eq!(
        cmd("a %X% \"%Y%/z\" !V! %1 %* %%i %~dp0 100% hi!"),
        "a $X \"$Y\"/z $V $1 $*[@] $i ‹? %~dp0› 100% hi!\n"
    );
    assert_eq!(cmd("a %X:b=c% ${{ d || '&' }}e"), "a ‹? %X:b=c%› ‹d || '&'›e\n");
    assert_eq!(
        cmd("set X=a b&& c\nset \"Y=d&e\"\nset /a Z=1+2\nset\nset Q"),
        "X = \"a b\"\nbranch\n  c\nY = d&e\nZ = ‹? Z=1+2›\nset\nset Q\n"
    );
}

#[test]
fn blocks_hold_what_may_run() {
    assert_eq!(cmd("if \"%X%\"==\"a\" (\n b\n) else (\n c\n)\nd"), "branch\n  b\nbranch\n  c\nd\n");
    assert_eq!(
        cmd("if not exist a b\nif /i %x% == y c & d\nif errorlevel 1 exit /b 1\nif %x% NEQ 0 e"),
        "branch\n  b\nbranch\n  c\n  d\nbranch\n  exit /b 1\nbranch\n  e\n"
    );
    assert_eq!(
        cmd("for %%f in (*.tgz a) do npm publish %%f\n(a\nb) > c"),
        "loop f *.tgz a\n  npm publish $f\ngroup > c\n  a\n  b\n"
    );
}

#[test]
fn doubts_have_a_place_and_hide_nothing_else() {
    let odd = read("a\n) b\n(c\nd", Dialect::Cmd);
    assert_eq!(odd.doubt.map(|doubt| doubt.at), Some(2));
    assert_eq!(shown(&odd.items), "a\nb\ngroup\n  c\n  d\n");
}
