//! Small answers that every service shares: JSON, plain text, pages. What a service says in them is the service's own.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// JSON with a status.
pub(super) fn json(status: StatusCode, body: Value) -> Response {
    (status, Json(body)).into_response()
}

/// Plain text with a status.
pub(super) fn text(status: StatusCode, body: impl Into<String>) -> Response {
    (status, body.into()).into_response()
}

/// Bytes of a given media type.
pub(super) fn bytes(media_type: &'static str, body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static(media_type))], body).into_response()
}

/// Adds a header; a value that HTTP can't carry is left out.
pub(super) fn with_header(mut response: Response, name: &'static str, value: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
    response
}

/// A redirect with an exact status, for clients that tell 301 from 307.
pub(super) fn redirect(status: StatusCode, location: &str) -> Response {
    with_header(status.into_response(), "location", location)
}
