//! Taking the address to listen on, and what to do where it is not to be had.

use std::io::ErrorKind;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// Why the address is not to be had.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Another program listens there.
    #[error(
        "cannot listen on {0}: another program already does. Stop it (“ss -ltnp” shows which), or choose another \
         port with --listen, TOCSIN_LISTEN or “listen” in tocsin.toml"
    )]
    Taken(SocketAddr),
    /// Not an address of this machine.
    #[error(
        "cannot listen on {0}: no network of this machine has that address now. Choose one of this machine's \
         (“ip address” shows them), 127.0.0.1, or 0.0.0.0 for all, with --listen, TOCSIN_LISTEN or “listen” in \
         tocsin.toml"
    )]
    NotHere(SocketAddr),
    /// Ports below 1024 are for privileged users.
    #[error(
        "cannot listen on {0}: this user may not. Choose a port of 1024 or above with --listen, TOCSIN_LISTEN or \
         “listen” in tocsin.toml"
    )]
    Forbidden(SocketAddr),
    /// Anything else.
    #[error(
        "cannot listen on {0}: {1}. Choose another address with --listen, TOCSIN_LISTEN or “listen” in tocsin.toml"
    )]
    Other(SocketAddr, #[source] std::io::Error),
}

/// Listens.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, ListenError> {
    TcpListener::bind(address)
        .await
        .map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => ListenError::Taken(address),
            ErrorKind::AddrNotAvailable => ListenError::NotHere(address),
            ErrorKind::PermissionDenied => ListenError::Forbidden(address),
            _ => ListenError::Other(address, error),
        })
}
