//! The machine's part of a report (RFC 3464 section 2): groups of fields, the first about the mail, each further one
//! about a recipient.

use super::{MOST, Undelivered};
use tocsin_domain::failure::EnhancedCode;

/// Those recipients whom the report counts as failed: what is delayed may still arrive, what was delivered or passed
/// on did.
pub(super) fn read(part: &str) -> Vec<Undelivered> {
    let text = part.replace("\r\n", "\n");
    text.split("\n\n").filter_map(recipient).take(MOST).collect()
}

fn recipient(group: &str) -> Option<Undelivered> {
    let unfolded = group.replace("\n ", " ").replace("\n\t", " ");
    let field = |wanted: &str| {
        unfolded.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim()
                .eq_ignore_ascii_case(wanted)
                .then(|| value.trim().to_owned())
        })
    };
    let addresses: Vec<_> = ["Original-Recipient", "Final-Recipient"]
        .into_iter()
        .filter_map(field)
        .map(|value| address(&value))
        .filter(|address| !address.is_empty())
        .collect();
    if addresses.is_empty() {
        return None;
    }
    let status = field("Status").and_then(|status| EnhancedCode::find_in(&status));
    // A field that must be there and is missing in some reports; the status says as much.
    let failed = match field("Action") {
        Some(action) => action.to_ascii_lowercase().starts_with("failed"),
        None => status.is_some_and(|status| status.class == 5),
    };
    let words = field("Diagnostic-Code").map(|words| without_type(&words).to_owned());
    let words = words.filter(|words| !words.is_empty());
    let words = words.or_else(|| status.map(|status| status.to_string()));
    failed.then(|| Undelivered::new(addresses, status, &words.unwrap_or_default()))
}

/// `rfc822; ann@example.org`, perhaps in angle brackets.
fn address(value: &str) -> String {
    without_type(value)
        .trim_matches(|c: char| c == '<' || c == '>' || c.is_whitespace())
        .to_owned()
}

fn without_type(value: &str) -> &str {
    value.split_once(';').map_or(value, |(_, rest)| rest).trim()
}
