//! Pages that a person could use: plain HTML with plain forms, everything from outside escaped.

use std::fmt::Write as _;

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

/// A page being written.
pub(super) struct Page {
    title: String,
    body: String,
}

/// How a field of a form is filled in.
pub(super) enum Field<'a> {
    /// A line of text, with what stands in it.
    Text(&'a str),
    /// A box to tick.
    Tick,
}

impl Page {
    pub(super) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), body: String::new() }
    }

    /// A paragraph.
    pub(super) fn say(mut self, text: &str) -> Self {
        let _ = writeln!(self.body, "<p>{}</p>", escape(text));
        self
    }

    /// A paragraph that stands for a refusal.
    pub(super) fn refuse(mut self, text: &str) -> Self {
        let _ = writeln!(self.body, "<p role=\"alert\">{}</p>", escape(text));
        self
    }

    /// A list.
    pub(super) fn list<I: IntoIterator<Item = String>>(mut self, items: I) -> Self {
        self.body.push_str("<ul>\n");
        for item in items {
            let _ = writeln!(self.body, "<li>{}</li>", escape(&item));
        }
        self.body.push_str("</ul>\n");
        self
    }

    /// A form that posts its fields; the first button is the one that approves.
    pub(super) fn form(mut self, action: &str, fields: &[(&str, &str, Field<'_>)], buttons: &[(&str, &str)]) -> Self {
        let _ = writeln!(self.body, "<form method=\"post\" action=\"{}\">", escape(action));
        for (name, label, field) in fields {
            let name = escape(name);
            let label = escape(label);
            let _ = match field {
                Field::Text(value) => writeln!(
                    self.body,
                    "<p><label>{label} <input type=\"text\" name=\"{name}\" value=\"{}\"></label></p>",
                    escape(value)
                ),
                Field::Tick => writeln!(
                    self.body,
                    "<p><label><input type=\"checkbox\" name=\"{name}\" value=\"on\"> {label}</label></p>"
                ),
            };
        }
        for (value, label) in buttons {
            let _ = writeln!(
                self.body,
                "<button type=\"submit\" name=\"decision\" value=\"{}\">{}</button>",
                escape(value),
                escape(label)
            );
        }
        self.body.push_str("</form>\n");
        self
    }

    pub(super) fn with_status(self, status: StatusCode) -> Response {
        let title = escape(&self.title);
        let page = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n\
             <body>\n<h1>{title}</h1>\n{}<hr>\n<p>untoken sandbox: a stand-in on this machine, not the real site.</p>\n\
             </body>\n</html>\n",
            self.body
        );
        (status, Html(page)).into_response()
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        self.with_status(StatusCode::OK)
    }
}

/// Text as HTML shows it, also within quotes.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

/// The reverse of [`escape`].
pub(super) fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_comes_back() {
        let hostile = "<script>'\"&amp;</script>";
        assert!(!escape(hostile).contains('<'));
        assert_eq!(unescape(&escape(hostile)), hostile);
    }
}
