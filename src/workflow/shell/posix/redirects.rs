//! Redirections as the script has them. It opens nothing.

use brush_parser::ast;

use super::super::{Redirect, Word, words};
use super::Reader;

impl Reader<'_> {
    pub(super) fn redirect(&self, redirect: &ast::IoRedirect) -> Option<Redirect> {
        let number = |fd: &Option<i32>| fd.and_then(|fd| u32::try_from(fd).ok());
        match redirect {
            ast::IoRedirect::File(fd, kind, target) => {
                let word = match target {
                    ast::IoFileRedirectTarget::Filename(word) => word,
                    ast::IoFileRedirectTarget::Duplicate(word)
                        if !word.value.ends_with('-') && word.value.parse::<u32>().is_err() =>
                    {
                        word
                    }
                    _ => return None,
                };
                let span = word.loc.as_ref()?;
                let word = self.word(word)?;
                let descriptor = number(fd);
                Some(match kind {
                    ast::IoFileRedirectKind::Read | ast::IoFileRedirectKind::DuplicateInput => {
                        match self.heredoc(self.range(span).start) {
                            Some(here) => Redirect { descriptor, here: Some(here), ..Redirect::default() },
                            None => Redirect { descriptor, from: Some(word), ..Redirect::default() },
                        }
                    }
                    kind => {
                        let append = matches!(kind, ast::IoFileRedirectKind::Append);
                        Redirect { descriptor, to: Some(word), append, ..Redirect::default() }
                    }
                })
            }
            ast::IoRedirect::HereString(fd, word) => {
                Some(Redirect { descriptor: number(fd), here: Some(self.word(word)?), ..Redirect::default() })
            }
            ast::IoRedirect::OutputAndError(word, append) => {
                Some(Redirect { to: Some(self.word(word)?), append: *append, ..Redirect::default() })
            }
            // Flat text has none.
            ast::IoRedirect::HereDocument(..) => None,
        }
    }

    /// The heredoc whose flat word begins here: one behind its operator's first character.
    fn heredoc(&self, word: usize) -> Option<Word> {
        let heredoc = self.heredocs.iter().find(|heredoc| heredoc.operator + 1 == word)?;
        Some(words::heredoc(self.script, heredoc.body.clone(), heredoc.tabs, heredoc.quoted, self.depth))
    }
}
