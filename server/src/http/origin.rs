//! From which machine a request came, for the audit log and the sign-in's throttle. A proxy on this machine is
//! believed about whom it asks for; anybody else's `X-Forwarded-For` is not.

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use std::net::{IpAddr, SocketAddr};

/// The machine's address.
pub fn of(request: &Parts) -> String {
    let peer = request
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(peer)| peer.ip().to_canonical());
    match peer {
        Some(peer) if peer.is_loopback() => forwarded(request).unwrap_or(peer).to_string(),
        Some(peer) => peer.to_string(),
        None => "unknown".into(),
    }
}

/// The last entry is the proxy's own; those before it are what it was told.
fn forwarded(request: &Parts) -> Option<IpAddr> {
    let header = request.headers.get_all("x-forwarded-for").iter().next_back()?;
    header.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use axum::http::Request;

    fn request(peer: [u8; 4], forwarded: &str) -> Parts {
        let request = Request::builder().header("x-forwarded-for", forwarded);
        let (mut request, ()) = request.body(()).unwrap().into_parts();
        request
            .extensions
            .insert(ConnectInfo(SocketAddr::from((peer, 1))));
        request
    }

    #[test]
    fn only_a_proxy_on_this_machine_is_believed() {
        assert_eq!(of(&request([127, 0, 0, 1], "1.1.1.1, 10.0.0.7")), "10.0.0.7");
        assert_eq!(of(&request([127, 0, 0, 1], "nonsense")), "127.0.0.1");
        assert_eq!(of(&request([10, 0, 0, 9], "10.0.0.7")), "10.0.0.9");
    }
}
