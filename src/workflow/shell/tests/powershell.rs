//! PowerShell, rule by rule.

use super::*;

/// What a script gives, without a doubt.
fn pwsh(script: &str) -> String {
    let read = read(script, Dialect::PowerShell);
    assert_eq!(read.doubt, None, "{script:?}");
    shown(&read.items)
}

fn doubted(script: &str, at: usize) -> String {
    let read = read(script, Dialect::PowerShell);
    assert_eq!(read.doubt.map(|doubt| doubt.at), Some(at), "{script:?} {read:?}");
    shown(&read.items)
}

#[test]
fn commands_are_told_from_comments_and_text() {
    assert_eq!(pwsh("npm ci # npm publish\n# a\n<# b\nnpm publish #>c; d\r\ne"), "npm ci\nc\nd\ne\n");
    assert_eq!(pwsh("npm publish `\n  --tag x `\r\n  -y"), "npm publish --tag x -y\n");
    assert_eq!(
        pwsh("echo 'npm publish; ''x''' \"a`\"b \"\"c`n\" d`$e"),
        "echo \"npm publish; 'x'\" \"a\\\"b \\\"c\\n\" \"d$e\"\n"
    );
    assert_eq!(pwsh("a#b -Param:value --flag=\"x y\" ''"), "a#b -Param:value \"--flag=x y\" \"\"\n");
    assert_eq!(
        pwsh("& npm publish; & \"C:\\a b\\c.exe\" x; . .\\d.ps1; & $e f"),
        "npm publish\n\"C:\\\\a b\\\\c.exe\" x\n.\\d.ps1\n$e f\n"
    );
}

#[test]
fn variables_are_pieces() {
    assert_eq!(
        pwsh("a $X $env:Y ${Z} ${env:V} \"$X/$($env:Y) ${Z}b\" c$X/d"),
        "a $X $Y $Z $V \"$X\"/$Y\" \"\"$Z\"b c$X/d\n"
    );
    assert_eq!(pwsh("a $x.y $x[0] \"$x.y\" $null @args"), "a ‹? $x.y› ‹? $x[0]› \"$x\".y ‹? $null› $args[@]\n");
    assert_eq!(pwsh("a '$x' \"`$x\" $(b c) (d $e) ($f)"), "a \"$x\" \"$x\" ‹sub b c› ‹sub d $e› $f\n");
    assert_eq!(
        pwsh("a ${{ b.c }}-x '${{ d }}' \"${{ e == 'f\"g' }} h\"\n${{ i }} j"),
        "a ‹b.c›-x ‹d› ‹e == 'f\"g'›\" h\"\n‹i› j\n"
    );
}

#[test]
fn assignments_have_their_values() {
    assert_eq!(
        pwsh("$x = 'a b'\n$env:Y=\"$x/c\"\n[string] $z = $x\n$x += 1"),
        "x = \"a b\"\nY = \"$x\"/c\nz = $x\nx += 1\n"
    );
    assert_eq!(pwsh("$x = npm view a | b\n$y = (git log)"), "x = ‹sub npm view a; | b›\ny = ‹sub git log›\n");
    assert_eq!(pwsh("$x = $y = 'a'\n$x = $a.b\n$y.c = d e\nf"), "x = ‹sub y = a›\nx = ‹? $a.b›\nd e\nf\n");
    assert_eq!(
        pwsh("$a = @('b', \"c $d\")\n$a += 'e'\n$f = 'g', 'h'\n$i = @(\n  'j'\n  'k'\n)\nnpm @a"),
        "a = (b \"c \"\"$d\")\na += e\nf = (g h)\ni = (j k)\nnpm $a[@]\n"
    );
    assert_eq!(pwsh("$x = @\"\na $y\n\"@\n$z = @'\n$y\r\n'@\nb"), "x = \"a \"\"$y\"\nz = \"$y\"\nb\n");
    assert_eq!(pwsh("$x = if ($a) { npm publish } else { 'b' }"), "x = ‹sub branch;   npm publish; branch›\n");
    assert_eq!(
        pwsh("$h = @{ a = npm publish; b = 'c' }\nd"),
        "h = ‹sub npm publish›‹? @{ a = npm publish; b = 'c' }›\nd\n"
    );
}

#[test]
fn blocks_hold_what_may_run() {
    assert_eq!(
        pwsh("if ($a -eq 'b') {\n c\n} elseif (d e) { f }\nelse\n{ g }\nh"),
        "branch\n  c\nd e\nbranch\n  f\nbranch\n  g\nh\n"
    );
    assert_eq!(pwsh("foreach ($p in $ps) { npm publish $p }"), "loop p $ps\n  npm publish $p\n");
    assert_eq!(
        pwsh("foreach ($p in 'a', 'b') { c }\nforeach ($p in dir x) { d }"),
        "loop p a b\n  c\nloop p ‹sub dir x›\n  d\n"
    );
    assert_eq!(
        pwsh("for ($i = 0; $i -lt 3; $i++) { a }\nwhile (b) { c }\ndo { d } until ($e)"),
        "loop -\n  i = 0\n  a\nloop -\n  b\n  c\nloop -\n  d\n"
    );
    assert_eq!(pwsh("try { a } catch [X.Y] { b } finally { c }"), "group\n  a\nbranch\n  b\ngroup\n  c\n");
    assert_eq!(
        pwsh("function Foo-Bar($x) {\n param([string]$y = 'z')\n npm publish\n}\nFoo-Bar 1"),
        "function Foo-Bar\n  npm publish\nFoo-Bar 1\n"
    );
    assert_eq!(pwsh("switch ($x) { 'a' { b } default { c } }"), "branch\n  b\nbranch\n  c\n");
    assert_eq!(
        pwsh("ls *.tgz | ForEach-Object { npm publish $_ }"),
        "ls *.tgz\n| ForEach-Object ‹? { npm publish $_ }›\nloop -\n  npm publish $_\n"
    );
    assert_eq!(pwsh("& { a }; return b c"), "group\n  a\nb c\n");
    assert_eq!(pwsh("a && b || c"), "a\nbranch\n  b\nbranch\n  c\n");
}

#[test]
fn values_that_go_somewhere_are_printed() {
    assert_eq!(
        pwsh("\"a=$b\" >> $env:GITHUB_ENV\n'c' | Out-File d"),
        "echo a=\"$b\" >> $GITHUB_ENV\necho c\n| Out-File d\n"
    );
    assert_eq!(pwsh("a > b 2>&1 2> $null\nc *>> d"), "a > b 2> ‹? $null›\nc >> d\n");
    assert_eq!(pwsh("$a.b\n$c.d('e')\n\"f\" >> g"), "echo f >> g\n");
    assert_eq!(
        pwsh("(npm ci)\n$x.y(npm publish)\n'z' + $(d e)"),
        "group\n  npm ci\ngroup\n  npm publish\ngroup\n  d e\n"
    );
}

#[test]
fn doubts_have_a_place_and_hide_one_line_alone() {
    assert_eq!(doubted("a\nb 'c\nd", 4), "a\nb ‹? 'c›\nd\n");
    assert_eq!(doubted("a }\nb", 2), "a\nb\n");
    assert_eq!(doubted("if ($a) {\nb\nc", 8), "branch\n  b\n  c\n");
    assert_eq!(doubted("a @\"\nb\nc", 2), "a ‹? @\"›\nb\nc\n");
    assert_eq!(doubted("<# a\nb", 0), "b\n");
}
