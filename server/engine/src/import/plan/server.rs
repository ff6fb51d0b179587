//! The server that a row names, wholly or in parts.

use crate::import::row::{ServerCells, usual_security};
use tocsin_domain::provider::{Security, Server};

/// A known server with what the row says otherwise; none where nobody says a host.
pub(super) fn server(
    known: Option<&Server>,
    cells: &ServerCells,
    port: u16,
    security: Security,
) -> Option<Server> {
    // Port and security belong to their host: those of another one are not taken over.
    let known = known.filter(|known| {
        cells
            .host
            .as_ref()
            .is_none_or(|host| known.host.eq_ignore_ascii_case(host))
    });
    let host = cells
        .host
        .clone()
        .or_else(|| known.map(|known| known.host.clone()))?;
    let host = known.map_or(host, |known| known.host.clone());
    let said = (cells.port, cells.security);
    let (port, security) = match (said, known) {
        ((Some(port), Some(security)), _) => (port, security),
        ((Some(port), None), Some(known)) if known.port == port => (port, known.security),
        ((Some(port), None), _) => (port, usual_security(port)),
        ((None, Some(security)), Some(known)) => (known.port, security),
        ((None, None), Some(known)) => (known.port, known.security),
        ((None, Some(Security::Starttls)), None) => (if port == 993 { 143 } else { 587 }, Security::Starttls),
        ((None, Some(Security::None)), None) => (if port == 993 { 143 } else { 25 }, Security::None),
        ((None, _), None) => (port, security),
    };
    Some(Server {
        host,
        port,
        security,
        ca: authority(cells.ca.as_deref(), known.and_then(|known| known.ca.as_deref())),
    })
}

/// What the row says, unless it is the known one with other line breaks, as spreadsheets make them.
fn authority(said: Option<&str>, known: Option<&str>) -> Option<String> {
    let same = said
        .zip(known)
        .is_some_and(|(said, known)| said.trim().lines().eq(known.trim().lines()));
    if same { known } else { said.or(known) }.map(ToOwned::to_owned)
}
