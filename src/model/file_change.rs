//! A change of one file, as bytes before and after: what a person reviews and what is then written.
//!
//! Pure: it neither reads nor writes. Texts come out as they stand in the file; whoever shows them cleans them first.

use std::ops::Range;
use std::sync::Arc;

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices, group_diff_ops};

use super::{RelPath, cover};

/// The context of a patch file, in lines: what `diff -u` and `git diff` give.
const PATCH_CONTEXT: usize = 3;

/// A file as it is and as it shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Where it lies in the checkout.
    pub path: RelPath,
    /// Its bytes when it was read; `None`: there was no such file.
    pub before: Option<Arc<[u8]>>,
    /// The bytes that it shall have.
    pub after: Arc<[u8]>,
}

/// A text that takes the place of some bytes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Splice {
    /// Where they begin, in bytes from the file's start.
    pub start: usize,
    /// Where they end, exclusive.
    pub end: usize,
    /// What comes there instead.
    pub text: String,
}

/// What a line of a diff is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffKind {
    /// In both.
    Same,
    /// Only in the new text.
    Added,
    /// Only in the old text.
    Removed,
}

/// One line of a diff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// What it is.
    pub kind: DiffKind,
    /// Its number in the old text, from 1.
    pub old: Option<usize>,
    /// Its number in the new text, from 1.
    pub new: Option<usize>,
    /// Its text without the line end, not cleaned; what may be a secret is covered.
    pub text: String,
}

impl FileChange {
    /// The changed lines with up to `context` lines around them. Where numbers jump, unchanged lines were left out.
    #[must_use]
    pub fn hunks(&self, context: usize) -> Vec<DiffLine> {
        let diff = Diff::of(self);
        diff.groups(context).iter().flatten().flat_map(|op| diff.lines(op)).collect()
    }

    /// How many lines are new.
    #[must_use]
    pub fn added(&self) -> usize {
        self.count(DiffKind::Added)
    }

    /// How many lines go.
    #[must_use]
    pub fn removed(&self) -> usize {
        self.count(DiffKind::Removed)
    }

    fn count(&self, kind: DiffKind) -> usize {
        self.hunks(0).iter().filter(|line| line.kind == kind).count()
    }

    /// What makes the old bytes of the new ones: whole lines, in the order of the file. `None`: an old line is no UTF-8.
    #[must_use]
    pub fn reverse(&self) -> Option<Vec<Splice>> {
        let diff = Diff::of(self);
        let bytes = |lines: &[&[u8]]| lines.iter().map(|line| line.len()).sum::<usize>();
        let mut end = 0;
        let mut splices = Vec::new();
        // A deletion next to an insertion may name a place inside of it: only the order of the changes is sure.
        for op in &diff.ops {
            let start = end;
            end += bytes(&diff.new[op.new_range()]);
            if op.tag() != DiffTag::Equal {
                let text = String::from_utf8(diff.old[op.old_range()].concat()).ok()?;
                splices.push(Splice { start, end, text });
            }
        }
        Some(splices)
    }

    /// A unified diff that `git apply` and `patch -p1` take, line ends included; empty where nothing changes.
    ///
    /// Bytes that are no UTF-8 come out replaced: such a patch is for reading only.
    #[must_use]
    pub fn patch(&self) -> String {
        let diff = Diff::of(self);
        let groups = diff.groups(PATCH_CONTEXT);
        if groups.is_empty() && self.before.is_some() {
            return String::new();
        }
        let (old, new) = (patch_name("a", &self.path), patch_name("b", &self.path));
        let mut patch = format!("diff --git {old} {new}\n");
        match (&self.before, groups.is_empty()) {
            (Some(_), _) => patch += &format!("--- {}\n+++ {}\n", ended(&old), ended(&new)),
            (None, false) => patch += &format!("new file mode 100644\n--- /dev/null\n+++ {}\n", ended(&new)),
            (None, true) => patch += "new file mode 100644\n",
        }
        for group in &groups {
            patch += &diff.header(group);
            for op in group {
                diff.patch_lines(op, &mut patch);
            }
        }
        patch
    }
}

/// Old and new text by lines, each with its own line end, and what leads from one to the other.
struct Diff<'a> {
    old: Vec<&'a [u8]>,
    new: Vec<&'a [u8]>,
    ops: Vec<DiffOp>,
}

impl<'a> Diff<'a> {
    fn of(change: &'a FileChange) -> Self {
        let old: Vec<_> = change.before.as_deref().unwrap_or_default().split_inclusive(|&b| b == b'\n').collect();
        let new: Vec<_> = change.after.split_inclusive(|&b| b == b'\n').collect();
        let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
        Self { old, new, ops }
    }

    fn groups(&self, context: usize) -> Vec<Vec<DiffOp>> {
        let groups = group_diff_ops(self.ops.clone(), context);
        groups.into_iter().filter(|group| group.iter().any(|op| op.tag() != DiffTag::Equal)).collect()
    }

    fn lines(&self, op: &DiffOp) -> Vec<DiffLine> {
        let line = |kind, old: Option<usize>, new: Option<usize>, raw: &[u8]| DiffLine {
            kind,
            old: old.map(|n| n + 1),
            new: new.map(|n| n + 1),
            text: cover(without_end(&String::from_utf8_lossy(raw))),
        };
        if op.tag() == DiffTag::Equal {
            let pairs = op.old_range().zip(op.new_range());
            return pairs.map(|(o, n)| line(DiffKind::Same, Some(o), Some(n), self.old[o])).collect();
        }
        let removed = op.old_range().map(|o| line(DiffKind::Removed, Some(o), None, self.old[o]));
        removed.chain(op.new_range().map(|n| line(DiffKind::Added, None, Some(n), self.new[n]))).collect()
    }

    fn header(&self, group: &[DiffOp]) -> String {
        let hull = |ranges: &mut dyn Iterator<Item = Range<usize>>| {
            ranges.reduce(|all, r| all.start.min(r.start)..all.end.max(r.end)).unwrap_or_default()
        };
        let old = hull(&mut group.iter().map(DiffOp::old_range));
        let new = hull(&mut group.iter().map(DiffOp::new_range));
        format!("@@ -{} +{} @@\n", span(&old), span(&new))
    }

    fn patch_lines(&self, op: &DiffOp, patch: &mut String) {
        let mut write = |mark: char, raw: &[u8]| {
            patch.push(mark);
            patch.push_str(&String::from_utf8_lossy(raw));
            if !raw.ends_with(b"\n") {
                patch.push_str("\n\\ No newline at end of file\n");
            }
        };
        if op.tag() == DiffTag::Equal {
            op.old_range().for_each(|o| write(' ', self.old[o]));
        } else {
            op.old_range().for_each(|o| write('-', self.old[o]));
            op.new_range().for_each(|n| write('+', self.new[n]));
        }
    }
}

/// Lines as a hunk header counts them: an empty range names the line before it.
fn span(range: &Range<usize>) -> String {
    match range.len() {
        0 => format!("{},0", range.start),
        1 => (range.start + 1).to_string(),
        len => format!("{},{len}", range.start + 1),
    }
}

/// A path as git writes it into a patch: quoted where a quote would be read as the start of a quoted name.
fn patch_name(side: &str, path: &RelPath) -> String {
    let name = format!("{side}/{path}");
    if name.contains('"') { format!("\"{}\"", name.replace('"', "\\\"")) } else { name }
}

/// A name on a `---` or `+++` line: with a blank inside, a tab says where it ends.
fn ended(name: &str) -> String {
    if name.contains(' ') { format!("{name}\t") } else { name.to_owned() }
}

fn without_end(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use std::fs;
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    use proptest::prelude::*;

    use super::*;

    fn change(path: &str, before: Option<&str>, after: &str) -> FileChange {
        FileChange {
            path: RelPath::new(path).unwrap(),
            before: before.map(|b| b.as_bytes().into()),
            after: after.as_bytes().into(),
        }
    }

    #[test]
    fn lines_carry_their_numbers_and_what_they_are() {
        let change =
            change("a.toml", Some("one\r\ntwo\r\nthree\r\nfour\r\n"), "one\r\ntwo\r\nTHREE\r\nfour\r\nfive\r\n");
        let lines: Vec<_> = change.hunks(1).into_iter().map(|l| (l.kind, l.old, l.new, l.text)).collect();
        assert_eq!(
            lines,
            [
                (DiffKind::Same, Some(2), Some(2), "two".to_owned()),
                (DiffKind::Removed, Some(3), None, "three".to_owned()),
                (DiffKind::Added, None, Some(3), "THREE".to_owned()),
                (DiffKind::Same, Some(4), Some(4), "four".to_owned()),
                (DiffKind::Added, None, Some(5), "five".to_owned()),
            ]
        );
        assert_eq!((change.added(), change.removed()), (2, 1));
    }

    #[test]
    fn what_may_be_a_secret_is_covered_on_the_screen_and_kept_in_the_patch() {
        let token = "npm_aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789";
        let change = change("a.yml", Some(&format!("token: {token}\n")), "token: none\n");
        assert_eq!(change.hunks(1)[0].text, "token: ***");
        assert!(change.patch().contains(token), "a patch has to fit the file");
    }

    #[test]
    fn nothing_changed_is_nothing_to_show() {
        let same = change("a", Some("x\n"), "x\n");
        assert_eq!((same.hunks(3).len(), same.added(), same.removed(), same.patch()), (0, 0, 0, String::new()));
    }

    #[test]
    fn a_new_file_is_a_patch_from_nothing() {
        assert_eq!(
            change("dir/new.toml", None, "a\nb").patch(),
            "diff --git a/dir/new.toml b/dir/new.toml\nnew file mode 100644\n--- /dev/null\n+++ b/dir/new.toml\n\
             @@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file\n"
        );
    }

    /// Applies a change's patch with a real tool in a folder of its own; `None`: the tool is not on this machine.
    fn applied(tool: &str, args: &[&str], change: &FileChange) -> Option<Vec<u8>> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(change.path.as_str());
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        if let Some(before) = &change.before {
            fs::write(&file, before).unwrap();
        }
        let mut child = Command::new(tool)
            .args(args)
            .current_dir(dir.path())
            .env("GIT_CEILING_DIRECTORIES", dir.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .ok()?;
        child.stdin.take().unwrap().write_all(change.patch().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{tool}: {}\n{}", String::from_utf8_lossy(&output.stderr), change.patch());
        Some(fs::read(file).unwrap_or_default())
    }

    fn takes(change: &FileChange) {
        for (tool, args) in [("git", &["apply", "--whitespace=nowarn"][..]), ("patch", &["-p1", "--binary", "-s"])] {
            if let Some(bytes) = applied(tool, args, change) {
                assert_eq!(bytes, change.after.as_ref(), "{tool} made something else of\n{}", change.patch());
            }
        }
    }

    #[test]
    fn the_tools_take_odd_names_line_ends_and_missing_newlines() {
        takes(&change("with blank/a b.toml", Some("a\r\nb\r\nc"), "a\r\nx\r\nb\r\nc\r\n"));
        takes(&change("qu\"ote.toml", Some("a\nb"), "b"));
        takes(&change("ä.toml", Some("\u{feff}a\n"), "\u{feff}a\nb\n"));
        takes(&change("new.toml", None, "a\r\n"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        #[test]
        fn the_tools_make_the_same_of_it(before in "([abc]{0,2}(\r?\n)){0,14}[ab]{0,1}", after in "([abc]{0,2}(\r?\n)){1,14}[ab]{0,1}") {
            prop_assume!(before != after && !before.is_empty());
            takes(&change("f", Some(&before), &after));
        }
    }
}
