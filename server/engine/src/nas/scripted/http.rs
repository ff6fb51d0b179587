//! Just enough of HTTP/1.1: one request a connection.

use super::{Mood, ScriptedNas};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// What was asked.
pub(super) struct Request {
    line: String,
    headers: HashMap<String, String>,
    body: String,
    /// Of the query and of the form.
    fields: HashMap<String, String>,
}

impl Request {
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub(super) fn path(&self) -> &str {
        let target = self.line.split(' ').nth(1).unwrap_or_default();
        target.split('?').next().unwrap_or_default()
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (cookie, token) = (self.header("cookie"), self.header("x-syno-token"));
        write!(f, "{} [{cookie}] [{token}] {}", self.line, self.body)
    }
}

/// Listens for HTTP and for HTTPS; gives the ports.
pub(super) async fn serve(nas: ScriptedNas) -> (u16, u16) {
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let secure = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let ports = (
        plain.local_addr().unwrap().port(),
        secure.local_addr().unwrap().port(),
    );
    let acceptor = TlsAcceptor::from(tls());
    let by_https = nas.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = plain.accept().await {
            tokio::spawn(answer(nas.clone(), stream, ports.1, false));
        }
    });
    tokio::spawn(async move {
        while let Ok((stream, _)) = secure.accept().await {
            let (nas, acceptor) = (by_https.clone(), acceptor.clone());
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    answer(nas, stream, ports.1, true).await;
                }
            });
        }
    });
    ports
}

/// As a NAS makes it for itself: for another name, vouched for by nobody.
fn tls() -> Arc<ServerConfig> {
    let made = rcgen::generate_simple_self_signed(["nas.local".to_owned()]).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    Arc::new(config)
}

async fn answer(
    nas: ScriptedNas,
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    secure: u16,
    is_secure: bool,
) {
    let Some(request) = read(&mut stream).await else {
        return;
    };
    let mood = nas.lock().mood;
    let reply = match mood {
        Mood::Broken => return,
        Mood::Hanging => std::future::pending().await,
        Mood::Garbage => ok("text/html", "<html><body>isAdmin authPassed 1</body></html>"),
        Mood::Circle => moved(secure),
        Mood::ForcedHttps if !is_secure => moved(secure),
        Mood::Well | Mood::ForcedHttps => {
            let (kind, text) = nas.answer(&request);
            ok(kind, &text)
        }
    };
    // The other side may have gone.
    let _ = stream.write_all(reply.as_bytes()).await;
    let _ = stream.shutdown().await;
}

fn moved(port: u16) -> String {
    // Wherever the name leads: only the port counts.
    format!(
        "HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example:{port}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
}

fn ok(kind: &str, text: &str) -> String {
    let length = text.len();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{text}"
    )
}

async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Request> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut lines = head.split("\r\n");
    let line = lines.next()?.to_owned();
    let headers: HashMap<_, _> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap());
    while bytes.len() < head_end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let body = String::from_utf8_lossy(&bytes[head_end + 4..]).into_owned();
    let query = line
        .split(' ')
        .nth(1)?
        .split_once('?')
        .map_or("", |(_, query)| query);
    let fields = [query, &body]
        .into_iter()
        .flat_map(|text| url::form_urlencoded::parse(text.as_bytes()).into_owned())
        .collect();
    Some(Request {
        line,
        headers,
        body,
        fields,
    })
}
