//! A token endpoint that answers what it is told to, in that order, and remembers what it was asked.

use axum::Router;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Json, Redirect, Response};
use axum::routing::post;
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::Notify;

pub type Asked = HashMap<String, String>;

#[derive(Clone)]
pub enum Reply {
    Json(u16, Value),
    Page(u16),
    /// As `Json`, when the gate is opened.
    Gated(Arc<Notify>, u16, Value),
    /// Sends the request back to where it came from.
    Redirect,
    /// A long answer.
    Flood,
    Silence,
}

#[derive(Clone, Default)]
pub struct Endpoint {
    replies: Arc<Mutex<VecDeque<Reply>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
    arrived: Arc<Notify>,
}

impl Endpoint {
    /// Starts it; gives its base URL.
    pub async fn start() -> (Self, String) {
        let endpoint = Self::default();
        let router = Router::new()
            .route("/token", post(answer))
            .route("/revoke", post(answer))
            .route("/device", post(answer))
            .with_state(endpoint.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (endpoint, url)
    }

    pub fn will(&self, reply: Reply) {
        self.replies.lock().unwrap().push_back(reply);
    }

    /// Will give tokens named by a number; the refresh token is a new one.
    pub fn will_give(&self, number: u32) {
        self.will(Reply::Json(200, tokens(number)));
    }

    /// Will answer with an OAuth error.
    pub fn will_refuse(&self, status: u16, error: &str) {
        self.will(Reply::Json(status, json!({ "error": error })));
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Waits for the next request.
    pub async fn arrived(&self) {
        self.arrived.notified().await;
    }
}

pub fn tokens(number: u32) -> Value {
    json!({ "access_token": format!("access-{number}"), "refresh_token": format!("refresh-{number}"),
            "token_type": "Bearer", "expires_in": 3600, "scope": "openid email https://mail.google.com/" })
}

async fn answer(State(endpoint): State<Endpoint>, Form(asked): Form<Asked>) -> Response {
    endpoint.asked.lock().unwrap().push(asked);
    endpoint.arrived.notify_one();
    let reply = endpoint.replies.lock().unwrap().pop_front();
    let json = |status, body| (StatusCode::from_u16(status).unwrap(), Json(body)).into_response();
    match reply {
        Some(Reply::Json(status, body)) => json(status, body),
        Some(Reply::Page(status)) => {
            let page = Html("<!doctype html><title>Maintenance: invalid_grant</title>");
            (StatusCode::from_u16(status).unwrap(), page).into_response()
        }
        Some(Reply::Gated(gate, status, body)) => {
            gate.notified().await;
            json(status, body)
        }
        Some(Reply::Redirect) => Redirect::temporary("/token").into_response(),
        Some(Reply::Flood) => vec![b' '; 1 << 20].into_response(),
        Some(Reply::Silence) => std::future::pending().await,
        None => StatusCode::NOT_IMPLEMENTED.into_response(),
    }
}
