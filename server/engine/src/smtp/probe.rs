//! What a server offers, without signing in there.

use super::capabilities::Offered;
use super::endpoint::{Endpoint, Timeouts};
use super::error::SmtpError;
use super::opening::Opening;
use tocsin_domain::provider::Security;

/// What a server offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probed {
    /// How the connection was secured in the end: without STARTTLS on offer, not at all.
    pub security: Security,
    /// The ways to sign in (RFC 4954), in capitals; empty without AUTH.
    pub sign_in: Vec<String>,
}

/// Connects and asks; nothing secret is sent. Where the endpoint says STARTTLS and the server does not offer it,
/// the answer is what it offers in plain text.
pub async fn probe(endpoint: &Endpoint, timeouts: &Timeouts) -> Result<Probed, SmtpError> {
    let opening = Opening { endpoint, timeouts };
    let mut security = endpoint.server.security;
    let (mut wire, offered) = if security == Security::Starttls {
        let (wire, offered) = opening.plain().await?;
        if offered.starttls == Offered::Yes {
            opening.start_tls(wire, &offered).await?
        } else {
            security = Security::None;
            (wire, offered)
        }
    } else {
        opening.open().await?
    };
    // The session is over whatever the server answers.
    drop(wire.command("QUIT", timeouts.command).await);
    Ok(Probed {
        security,
        sign_in: offered.auth,
    })
}
