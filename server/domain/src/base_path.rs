//! The path below which people reach the pages, where a web server in front keeps the root for something else:
//! `/tocsin` for `https://nas.example.com/tocsin/`.
//!
//! A request is understood with the base path, without it and with doubled slashes, since web servers in front
//! differ in what they pass on; every link that is given out carries it. Inside, paths are without it.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The first parts of Tocsin's own paths: below a base path of such a name, what a web server passes on without the
/// base path would be taken for something else.
const OWN: [&str; 19] = [
    "accounts",
    "api",
    "favicon.svg",
    "healthz",
    "icons.svg",
    "live",
    "manifest.webmanifest",
    "metrics",
    "notifications",
    "oauth",
    "pkg",
    "readyz",
    "reauthorize",
    "robots.txt",
    "rules",
    "settings",
    "setup",
    "sign-in",
    "sign-out",
];

/// Longer ones are a mistake.
const MOST_BYTES: usize = 100;

/// A base path: empty for the root, else with a slash at its beginning and none at its end. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BasePath(Arc<str>);

/// Why a text is no base path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BasePathError {
    /// It is something else, such as a whole address.
    #[error("{0:?} is no base path: write it as /tocsin, without a host")]
    NoPath(String),
    /// A part of it is empty, a dot, or has a character that would have to be escaped.
    #[error(
        "{0:?} is no base path: write it as /tocsin, with letters, digits, hyphens, dots and underscores only"
    )]
    Part(String),
    /// Tocsin itself has pages there.
    #[error("the base path {0:?} is taken by Tocsin's own pages: choose another one, such as /tocsin")]
    Taken(String),
}

impl BasePath {
    /// Where a link leads from outside. What is no path from the root, such as `#part` or another site's address,
    /// stays as it is.
    pub fn at(&self, link: &str) -> String {
        let is_path = link.starts_with('/') && !link.starts_with("//");
        if is_path {
            format!("{}{link}", self.0)
        } else {
            link.to_owned()
        }
    }

    /// What a request's path means inside: without doubled slashes, and without the base path if it has that.
    pub fn inside<'a>(&self, path: &'a str) -> Cow<'a, str> {
        let path = single_slashes(path);
        let is_below = path
            .strip_prefix(self.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        match path {
            path if self.0.is_empty() || !is_below => path,
            path if path.len() == self.0.len() => "/".into(),
            Cow::Borrowed(path) => path[self.0.len()..].into(),
            Cow::Owned(path) => path[self.0.len()..].to_owned().into(),
        }
    }

    /// As it begins a path; empty for the root.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn single_slashes(path: &str) -> Cow<'_, str> {
    if !path.contains("//") {
        return path.into();
    }
    let mut single = String::with_capacity(path.len());
    for c in path.chars() {
        if c != '/' || !single.ends_with('/') {
            single.push(c);
        }
    }
    single.into()
}

impl FromStr for BasePath {
    type Err = BasePathError;

    fn from_str(text: &str) -> Result<Self, BasePathError> {
        let path = text.trim_end_matches('/');
        if path.is_empty() {
            return Ok(Self::default());
        }
        let parts = path
            .strip_prefix('/')
            .filter(|_| path.len() <= MOST_BYTES)
            .ok_or_else(|| BasePathError::NoPath(text.to_owned()))?;
        let is_part = |part: &str| {
            let fits = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
            !matches!(part, "" | "." | "..") && part.chars().all(fits)
        };
        if !parts.split('/').all(is_part) {
            return Err(BasePathError::Part(text.to_owned()));
        }
        if parts.split('/').next().is_some_and(|first| OWN.contains(&first)) {
            return Err(BasePathError::Taken(text.to_owned()));
        }
        Ok(Self(path.into()))
    }
}

impl fmt::Display for BasePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn base(text: &str) -> BasePath {
        text.parse().unwrap()
    }

    #[test]
    fn a_request_means_the_same_with_the_base_path_without_it_and_with_doubled_slashes() {
        for (base_path, path, inside) in [
            ("/tocsin", "/tocsin/pkg/x.wasm", "/pkg/x.wasm"),
            ("/tocsin", "/tocsin//pkg/x.wasm", "/pkg/x.wasm"),
            ("/tocsin", "/tocsin//pkg///x.wasm", "/pkg/x.wasm"),
            ("/tocsin", "//tocsin/pkg/x.wasm", "/pkg/x.wasm"),
            ("/tocsin", "/pkg/x.wasm", "/pkg/x.wasm"),
            ("/tocsin", "//pkg/x.wasm", "/pkg/x.wasm"),
            ("/tocsin", "/tocsin", "/"),
            ("/tocsin", "/tocsin/", "/"),
            ("/tocsin", "/tocsin//", "/"),
            ("/tocsin", "/", "/"),
            ("/tocsin", "//", "/"),
            // Another name that begins alike, and the base path further down, are other paths.
            ("/tocsin", "/tocsins/x", "/tocsins/x"),
            ("/tocsin", "/x/tocsin", "/x/tocsin"),
            ("/tocsin", "/tocsin/tocsin", "/tocsin"),
            // A slash that is escaped belongs to a name.
            ("/tocsin", "/tocsin/%2F/x", "/%2F/x"),
            ("/apps/tocsin", "/apps/tocsin//accounts/7", "/accounts/7"),
            ("/apps/tocsin", "/apps", "/apps"),
            ("", "/accounts", "/accounts"),
            ("", "//accounts//7", "/accounts/7"),
            // `OPTIONS *` (RFC 9112 section 3.2.4).
            ("/tocsin", "*", "*"),
        ] {
            assert_eq!(base(base_path).inside(path), inside, "{base_path} {path}");
        }
    }

    #[test]
    fn what_is_given_out_is_understood_again() {
        for text in ["", "/tocsin", "/apps/tocsin/"] {
            let base = base(text);
            for path in ["/", "/accounts/7", "/reauthorize/abc"] {
                assert_eq!(base.inside(&base.at(path)), path, "{text}");
            }
        }
    }

    #[test]
    fn only_paths_of_this_site_get_the_base_path() {
        let base = base("/tocsin/");
        assert_eq!(base.at("/"), "/tocsin/");
        assert_eq!(base.at("/rules/7#pair-1"), "/tocsin/rules/7#pair-1");
        for other in ["#main", "?page=2", "https://example.com/", "//example.com/", ""] {
            assert_eq!(base.at(other), other);
        }
    }

    #[test]
    fn a_text_that_is_no_base_path_is_named_with_one_that_is() {
        for (text, why) in [
            ("tocsin", "without a host"),
            ("https://nas/tocsin", "without a host"),
            ("/tocsin//x", "with letters"),
            ("/../x", "with letters"),
            ("/a b", "with letters"),
            ("/a%20b", "with letters"),
            ("/tocsin?x", "with letters"),
            ("/\"", "with letters"),
            ("/api", "Tocsin's own pages"),
            ("/accounts/tocsin", "Tocsin's own pages"),
        ] {
            let error = text.parse::<BasePath>().unwrap_err().to_string();
            assert!(
                error.contains(why) && error.contains("/tocsin"),
                "{text}: {error}"
            );
        }
        let long = format!("/{}", "x".repeat(MOST_BYTES));
        assert!(long.parse::<BasePath>().is_err());
        for root in ["", "/", "//"] {
            assert_eq!(base(root), BasePath::default());
        }
    }
}
