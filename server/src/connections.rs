//! Takes connections, and answers what is asked on them.
//!
//! Each connection is an open file, of which a process may have few, and mail needs some too. So whoever connects and says
//! nothing, or says it slowly, is hung up on; and one machine does not take the places of all others.

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
use std::collections::HashMap;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep, timeout_at};
use tower::ServiceExt as _;

/// How long the head of a request may take, and how long a connection may wait for its next request: longer than web
/// servers in front keep theirs, which is a minute.
const HEAD: Duration = Duration::from_secs(75);

/// How long what follows the head may take.
const BODY: Duration = Duration::from_mins(2);

/// The most connections at once.
const MOST: usize = 512;

/// The most of one machine. A web server on this one, or what runs on it, may have all.
const MOST_OF_ONE: usize = 128;

/// So many files at once are enough for these connections, the database and mail.
const FILES: u64 = 4096;

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

/// Answers until it is told to stop, and then to the end of what is under way.
pub async fn serve(listener: TcpListener, router: Router, stopping: impl Future<Output = ()>) {
    let places = Places::default();
    let under_way = GracefulShutdown::new();
    let mut stopping = pin!(stopping);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = accept(&listener) => accepted,
            () = &mut stopping => break,
        };
        let Some(place) = places.take(peer.ip().to_canonical()) else {
            tracing::debug!(%peer, "hung up on: too many connections");
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
                // Answers are written whole; nothing is gained by waiting for more.
                let _ = stream.set_nodelay(true);
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

/// A body that breaks off where it takes too long.
fn within_time(body: Incoming) -> Body {
    if body.is_end_stream() {
        return Body::empty();
    }
    let deadline = Instant::now() + BODY;
    let chunks = unfold(
        Some(Body::new(body).into_data_stream()),
        move |chunks| async move {
            let mut chunks = chunks?;
            match timeout_at(deadline, chunks.next()).await {
                Ok(chunk) => Some((chunk?, Some(chunks))),
                Err(too_long) => Some((Err(axum::Error::new(too_long)), None)),
            }
        },
    );
    Body::from_stream(chunks)
}

/// The places for connections.
#[derive(Debug, Clone, Default)]
struct Places(Arc<Mutex<HashMap<IpAddr, usize>>>);

impl Places {
    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a connection of a machine; none where it has enough, or all are taken.
    fn take(&self, machine: IpAddr) -> Option<Place> {
        let mut taken = self.lock();
        let most = if machine.is_loopback() { MOST } else { MOST_OF_ONE };
        let of_this_one = taken.get(&machine).copied().unwrap_or_default();
        if of_this_one >= most || taken.values().sum::<usize>() >= MOST {
            return None;
        }
        taken.insert(machine, of_this_one + 1);
        Some(Place {
            places: self.clone(),
            machine,
        })
    }
}

/// Given back when the connection ends.
#[derive(Debug)]
struct Place {
    places: Places,
    machine: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        if let Some(count) = taken.get_mut(&self.machine) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.machine);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use axum::routing::post;
    use std::future::pending;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    fn machine(number: u8) -> IpAddr {
        IpAddr::from([192, 168, 1, number])
    }

    #[test]
    fn one_machine_does_not_take_the_places_of_all() {
        let places = Places::default();
        let mut taken: Vec<_> = (0..MOST_OF_ONE)
            .map(|_| places.take(machine(1)).unwrap())
            .collect();
        assert!(places.take(machine(1)).is_none());
        assert!(places.take(machine(2)).is_some());
        taken.pop();
        assert!(places.take(machine(1)).is_some());
        drop(taken);
        assert!(places.lock().is_empty());
    }

    #[test]
    fn all_machines_together_leave_files_for_the_mail() {
        let places = Places::default();
        let here = IpAddr::from([127, 0, 0, 1]);
        let taken: Vec<_> = (0..MOST).map(|_| places.take(here).unwrap()).collect();
        assert!(places.take(here).is_none());
        assert!(places.take(machine(1)).is_none());
        drop(taken);
        assert!(places.take(machine(1)).is_some());
    }

    /// Connects to a server, says something, and hears what it says until it hangs up.
    async fn heard(said: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let echo = Router::new().route("/", post(async |body: String| body));
        tokio::spawn(serve(listener, echo, pending()));
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
