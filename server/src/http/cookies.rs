//! The cookies of a request.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

/// Names and values, in their order.
pub fn of(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
}

/// The value of one.
pub fn named<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    of(headers)
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}
