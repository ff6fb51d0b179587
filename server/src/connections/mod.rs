//! Takes connections, and answers what is asked on them.
//!
//! Each connection is an open file, of which a process may have few, and mail needs some too. So whoever connects and says
//! nothing, says it too slowly or does not listen is hung up on; and no machine takes the places of all others.

mod places;

use crate::http::TrustedProxies;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use futures::StreamExt as _;
use futures::stream::unfold;
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::socket::{setsockopt, sockopt::TcpUserTimeout};
use places::{Places, Whose};
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep, timeout_at};
use tower::ServiceExt as _;

/// How long the head of a request may take, and how long a connection may wait for its next request: longer than web
/// servers in front keep theirs, which is a minute.
const HEAD: Duration = Duration::from_secs(75);

/// How long what follows the head may take; what has arrived gives the rest more time.
const BODY: Duration = Duration::from_mins(1);

/// In bytes a millisecond: a file of 16 MB may come by a slow line, some bytes an hour may not.
const SLOWEST: usize = 16;

/// How long the other side may take to take in what it was sent.
const UNHEARD: Duration = Duration::from_secs(75);

/// So many files at once are enough for these connections, the database and mail.
const FILES: u64 = 4096;

/// How often the log names one that was hung up on for want of a place.
const TELL_EVERY: Duration = Duration::from_mins(1);

/// How long to wait where the system has no file left for a connection.
const BREATH: Duration = Duration::from_secs(1);

/// Takes what the system gives of open files. Often that is 1024 unless more is asked for.
pub fn allow_files() {
    let allowed = getrlimit(Resource::RLIMIT_NOFILE).and_then(|(now, most)| {
        let wanted = FILES.min(most);
        if now < wanted {
            setrlimit(Resource::RLIMIT_NOFILE, wanted, most)
        } else {
            Ok(())
        }
    });
    if let Err(error) = allowed {
        tracing::warn!(%error, "the number of open files stays as it is");
    }
}

/// Answers until it is told to stop, and then to the end of what is under way. Web servers in front may have all
/// connections.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    in_front: TrustedProxies,
    stopping: impl Future<Output = ()>,
) {
    let places = Places::default();
    let mut told = None;
    let under_way = GracefulShutdown::new();
    let mut stopping = pin!(stopping);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = accept(&listener) => accepted,
            () = &mut stopping => break,
        };
        let Some(place) = places.take(Whose::of(peer.ip(), &in_front)) else {
            if told.is_none_or(|told: Instant| told.elapsed() > TELL_EVERY) {
                tracing::warn!(%peer, "hung up on: it, or all other machines together, have too many connections");
                told = Some(Instant::now());
            }
            continue;
        };
        let router = router.clone();
        let answer = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(within_time);
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().oneshot(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .serve_connection(TokioIo::new(stream), answer);
        let connection = under_way.watch(connection);
        tokio::spawn(async move {
            let _place = place;
            if let Err(error) = connection.await {
                tracing::debug!(%peer, %error, "a connection broke");
            }
        });
    }
    drop(listener);
    under_way.shutdown().await;
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                prepare(&stream);
                return (stream, peer);
            }
            Err(error) => {
                let is_of_the_peer = matches!(
                    error.kind(),
                    ErrorKind::ConnectionAborted | ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset
                );
                if !is_of_the_peer {
                    tracing::error!(%error, "no connection can be taken; tried again");
                    sleep(BREATH).await;
                }
            }
        }
    }
}

/// Where the system refuses, the connection is as good as before.
fn prepare(stream: &TcpStream) {
    // Answers are written whole; nothing is gained by waiting for more.
    let _ = stream.set_nodelay(true);
    // tcp(7): also for a peer that is there and takes nothing in.
    let unheard = u32::try_from(UNHEARD.as_millis()).unwrap_or(u32::MAX);
    let _ = setsockopt(stream, TcpUserTimeout, &unheard);
}

/// A body that breaks off where it takes too long.
fn within_time(body: Incoming) -> Body {
    if body.is_end_stream() {
        return Body::empty();
    }
    let parts = (Body::new(body).into_data_stream(), Instant::now() + BODY);
    let chunks = unfold(Some(parts), |parts| async move {
        let (mut chunks, deadline) = parts?;
        match timeout_at(deadline, chunks.next()).await {
            Ok(Some(Ok(chunk))) => {
                let more = Duration::from_millis((chunk.len() / SLOWEST) as u64);
                Some((Ok(chunk), Some((chunks, deadline + more))))
            }
            Ok(broken) => Some((broken?, None)),
            Err(too_long) => Some((Err(axum::Error::new(too_long)), None)),
        }
    });
    Body::from_stream(chunks)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use axum::routing::post;
    use std::future::pending;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    /// Connects to a server, says something, and hears what it says until it hangs up.
    async fn heard(said: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let echo = Router::new().route("/", post(async |body: String| body));
        tokio::spawn(serve(listener, echo, TrustedProxies::default(), pending()));
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(said.as_bytes()).await.unwrap();
        let mut heard = String::new();
        stream.read_to_string(&mut heard).await.unwrap();
        heard
    }

    #[tokio::test(start_paused = true)]
    async fn who_says_nothing_is_hung_up_on() {
        let began = Instant::now();
        assert_eq!(heard("").await, "");
        assert!(began.elapsed() >= HEAD);
    }

    #[tokio::test(start_paused = true)]
    async fn what_never_comes_to_its_end_is_not_waited_for() {
        let began = Instant::now();
        let heard = heard("POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\nhalf").await;
        assert!(heard.starts_with("HTTP/1.1 4"), "{heard}");
        assert!(began.elapsed() >= BODY);
    }

    #[tokio::test(start_paused = true)]
    async fn what_arrives_gives_the_rest_more_time() {
        let began = Instant::now();
        let half = "x".repeat(1024 * 1024);
        let heard = heard(&format!(
            "POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 1048577\r\n\r\n{half}"
        ))
        .await;
        assert!(heard.starts_with("HTTP/1.1 4"), "{heard}");
        assert!(began.elapsed() >= 2 * BODY);
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_whole_is_answered() {
        let heard =
            heard("POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\nConnection: close\r\n\r\nhalf")
                .await;
        assert!(
            heard.starts_with("HTTP/1.1 200") && heard.ends_with("half"),
            "{heard}"
        );
    }
}
