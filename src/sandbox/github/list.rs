//! Pages of a list: `per_page` up to 100, `page`, and the Link header with addresses by repository id.

use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::sandbox::respond;

/// The part of a query that asks for a page. Text, for GitHub takes what it can't read as left out.
#[derive(Debug, Deserialize)]
pub(super) struct PageQuery {
    per_page: Option<String>,
    page: Option<String>,
    permission: Option<String>,
}

impl PageQuery {
    fn numbers(&self) -> (usize, usize) {
        let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<usize>().ok());
        let per_page = number(&self.per_page).filter(|n| *n > 0).unwrap_or(30).min(100);
        (per_page, number(&self.page).filter(|n| *n > 0).unwrap_or(1))
    }

    /// What a list of collaborators asks for besides.
    pub(super) fn permission(&self) -> Option<&str> {
        self.permission.as_deref()
    }

    /// `{total_count, KEY: […]}` with a Link header when there is more. `url` is the list's own address.
    pub(super) fn answer(&self, url: &str, key: &str, items: Vec<Value>) -> Response {
        self.page(url, items, |total, shown| json!({ "total_count": total, key: shown }))
    }

    /// `[…]` with a Link header when there is more.
    pub(super) fn plain(&self, url: &str, items: Vec<Value>) -> Response {
        self.page(url, items, |_, shown| Value::Array(shown))
    }

    fn page(&self, url: &str, items: Vec<Value>, body: impl FnOnce(usize, Vec<Value>) -> Value) -> Response {
        let (per_page, page) = self.numbers();
        let total = items.len();
        let last = total.div_ceil(per_page).max(1);
        let shown: Vec<Value> = items.into_iter().skip((page - 1) * per_page).take(per_page).collect();
        let response = respond::json(axum::http::StatusCode::OK, body(total, shown));
        let link = |page: usize, rel: &str| format!("<{url}?per_page={per_page}&page={page}>; rel=\"{rel}\"");
        let mut links = Vec::new();
        if page > 1 {
            links.push(link((page - 1).min(last), "prev"));
        }
        if page < last {
            links.push(link(page + 1, "next"));
            links.push(link(last, "last"));
        }
        if page > 1 {
            links.push(link(1, "first"));
        }
        match links.is_empty() {
            true => response,
            false => respond::with_header(response, "link", &links.join(", ")),
        }
    }
}
