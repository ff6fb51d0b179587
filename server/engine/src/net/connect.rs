//! From a host name to a socket.

use super::fault::Fault;
use super::peer::Peer;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tocsin_domain::failure::{Meaning, Stage};
use tokio::net::TcpStream;

/// How long an address may keep silent before the next one is tried beside it (RFC 8305 section 5).
const HEAD_START: Duration = Duration::from_millis(250);

/// Looks the name up and connects to the first of its addresses that answers, whether IPv4 or IPv6.
pub(crate) async fn connect(peer: Peer<'_>, limit: Duration) -> Result<TcpStream, Fault> {
    let host = peer.host();
    let port = peer.server.port;
    let timed_out = |_| {
        let words = format!("timed out: no connection to {host} port {port} within {limit:?}");
        Fault::known(Stage::Connect, Meaning::TimedOut, &words)
    };
    tokio::time::timeout(limit, async {
        let addresses = tokio::net::lookup_host((host, port)).await.map_err(|error| {
            let words = format!("the name {host} could not be looked up: {error}");
            Fault::said(Stage::Connect, &words, peer.provider)
        })?;
        first_to_answer(by_turns(addresses.collect()))
            .await
            .map_err(|failure| {
                let words = match failure {
                    Some((address, error)) => format!("no connection to {host} ({address}): {error}"),
                    None => format!("the name {host} has no address found in the DNS"),
                };
                Fault::said(Stage::Connect, &words, peer.provider)
            })
    })
    .await
    .map_err(timed_out)?
}

/// The addresses with IPv4 and IPv6 taking turns, beginning as the resolver did.
fn by_turns(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let Some(first) = addresses.first().copied() else {
        return addresses;
    };
    let (preferred, others): (Vec<_>, Vec<_>) = addresses
        .into_iter()
        .partition(|address| address.is_ipv4() == first.is_ipv4());
    let mut turns = Vec::with_capacity(preferred.len() + others.len());
    let mut others = others.into_iter();
    for address in preferred {
        turns.push(address);
        turns.extend(others.next());
    }
    turns.extend(others);
    turns
}

/// The first connection to stand; otherwise the failure that says most.
async fn first_to_answer(addresses: Vec<SocketAddr>) -> Result<TcpStream, Option<(SocketAddr, io::Error)>> {
    let mut waiting = addresses.into_iter();
    let mut attempts = FuturesUnordered::new();
    let mut failure: Option<(SocketAddr, io::Error)> = None;
    loop {
        attempts.extend(waiting.next().map(attempt));
        tokio::select! {
            ended = attempts.next() => match ended {
                Some(Ok(socket)) => return Ok(socket),
                // A family that this machine has no route for says less than a server's refusal.
                Some(Err(error)) => if failure.as_ref().is_none_or(|(_, known)| is_routing(known)) {
                    failure = Some(error);
                },
                None => return Err(failure),
            },
            () = tokio::time::sleep(HEAD_START), if waiting.len() > 0 => {}
        }
    }
}

async fn attempt(address: SocketAddr) -> Result<TcpStream, (SocketAddr, io::Error)> {
    let socket = TcpStream::connect(address)
        .await
        .map_err(|error| (address, error))?;
    // Without it every mail waits 40 ms for a delayed acknowledgement (Nagle's algorithm, RFC 896).
    socket.set_nodelay(true).map_err(|error| (address, error))?;
    Ok(socket)
}

fn is_routing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable | io::ErrorKind::AddrNotAvailable
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use tokio::net::TcpListener;

    #[test]
    fn the_families_take_turns() {
        let addresses = ["[::1]:1", "[::2]:1", "127.0.0.1:1", "127.0.0.2:1", "127.0.0.3:1"];
        let addresses = addresses.map(|text| text.parse::<SocketAddr>().unwrap());

        let turns: Vec<_> = by_turns(addresses.to_vec())
            .iter()
            .map(ToString::to_string)
            .collect();

        assert_eq!(
            turns,
            ["[::1]:1", "127.0.0.1:1", "[::2]:1", "127.0.0.2:1", "127.0.0.3:1"]
        );
    }

    #[tokio::test]
    async fn an_address_that_refuses_does_not_hide_the_next_one() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let open = listener.local_addr().unwrap();
        let closed = TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap();

        let socket = first_to_answer(vec![closed, open]).await.unwrap();

        assert_eq!(socket.peer_addr().unwrap(), open);
        assert!(socket.nodelay().unwrap());
    }

    #[tokio::test]
    async fn when_every_address_refuses_the_refusal_is_told() {
        let closed = TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap();

        let (address, error) = first_to_answer(vec![closed]).await.unwrap_err().unwrap();

        assert_eq!(
            (address, error.kind()),
            (closed, io::ErrorKind::ConnectionRefused)
        );
    }
}
