//! An HTTP server that answers as it is told, and remembers what it was sent: a webhook's receiver, or a provider's
//! token endpoint.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How long a test waits for what should come at once.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request that came.
#[derive(Debug, Clone)]
pub struct Received {
    pub headers: HeaderMap,
    pub body: String,
}

impl Received {
    pub fn header(&self, name: &str) -> String {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
            .unwrap_or_default()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

#[derive(Clone)]
pub struct Receiver {
    pub url: String,
    reply: Arc<Mutex<(u16, String)>>,
    received: watch::Sender<Vec<Received>>,
}

impl Receiver {
    /// Answers everything so until told otherwise.
    pub async fn start(status: u16, body: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            reply: Arc::new(Mutex::new((status, body.to_owned()))),
            received: watch::Sender::new(Vec::new()),
        };
        let router = Router::new().fallback(answer).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        receiver
    }

    /// From now on.
    pub fn answer(&self, status: u16, body: &str) {
        *self.reply.lock().unwrap() = (status, body.to_owned());
    }

    pub fn received(&self) -> Vec<Received> {
        self.received.borrow().clone()
    }

    /// Waits until so many requests have come.
    pub async fn requests(&self, count: usize) -> Vec<Received> {
        let mut received = self.received.subscribe();
        let wait = received.wait_for(|received| received.len() >= count);
        match tokio::time::timeout(PATIENCE, wait).await {
            Ok(received) => received.unwrap().clone(),
            Err(_) => panic!("{count} requests did not come: {:#?}", self.received()),
        }
    }
}

async fn answer(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> Response {
    let (status, reply) = receiver.reply.lock().unwrap().clone();
    receiver.received.send_modify(|received| {
        received.push(Received {
            headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        });
    });
    let content = [
        (header::CONTENT_TYPE, "application/json"),
        (header::LOCATION, "http://127.0.0.1:9/"),
    ];
    (StatusCode::from_u16(status).unwrap(), content, reply).into_response()
}
