//! Redirections as the script has them. It opens nothing.

use super::super::{Redirect, Word, words};
use super::Reader;
use super::lexer::Kind;

impl Reader<'_> {
    /// The redirections of a compound command.
    pub(super) fn redirects(&mut self) -> Vec<Redirect> {
        let mut out = Vec::new();
        while self.kind() == Kind::Redirect {
            self.redirect(&mut out);
        }
        out
    }

    /// One redirection, from its operator; duplications of descriptors are left out.
    pub(super) fn redirect(&mut self, out: &mut Vec<Redirect>) {
        let (start, text) = (self.token().start, self.lexer.text());
        let operator = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let descriptor = text[..text.len() - operator.len()].parse().ok();
        let sign = start + text.len() - operator.len();
        self.lexer.bump();
        if self.kind() != Kind::Word {
            self.source.doubt(self.base + start, "this redirection names no file");
            return;
        }
        let name = self.lexer.text();
        let number = name.strip_suffix('-').unwrap_or(name).bytes().all(|b| b.is_ascii_digit());
        if matches!(operator, ">&" | "<&") && number {
            self.lexer.bump();
            return;
        }
        let redirect = if let Some(here) = self.heredoc(self.base + sign) {
            Redirect { descriptor, here: Some(here), ..Redirect::default() }
        } else {
            let word = Some(self.word());
            match operator {
                "<<<" => Redirect { descriptor, here: word, ..Redirect::default() },
                "<" | "<&" => Redirect { descriptor, from: word, ..Redirect::default() },
                _ => Redirect { descriptor, to: word, append: operator.ends_with(">>"), ..Redirect::default() },
            }
        };
        out.push(redirect);
        self.lexer.bump();
    }

    /// The heredoc whose operator stands here.
    fn heredoc(&self, operator: usize) -> Option<Word> {
        let n = self.heredocs.binary_search_by_key(&operator, |heredoc| heredoc.operator).ok()?;
        let heredoc = self.heredocs.get(n)?;
        Some(words::heredoc(self.source, heredoc.body.clone(), heredoc.tabs, heredoc.quoted))
    }
}
