//! `/live?seen=VERSION`: server-sent events that tell an open page to read anew; the first one at once, if something
//! has changed since the page was rendered. An event's data does not matter. nginx is asked not to collect them first
//! (<https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering>).

use super::Web;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse, Sse};
use axum::routing::get;
use futures::stream::unfold;
use serde::Deserialize;
use std::convert::Infallible;
use std::time::Duration;

/// Shorter than the minute after which proxies give up on a silent connection.
const KEEP_ALIVE: Duration = Duration::from_secs(25);

/// At most so many a second: pages count, they do not film.
const PACE: Duration = Duration::from_millis(200);

pub fn router() -> Router<Web> {
    Router::new().route("/live", get(listen))
}

#[derive(Deserialize)]
struct Page {
    /// The version of what it shows.
    seen: Option<u64>,
}

async fn listen(State(web): State<Web>, Query(page): Query<Page>) -> impl IntoResponse {
    let mut changes = web.engine.live.listen();
    // Another version, not a higher one: after a restart they begin anew.
    if page.seen.is_some_and(|seen| seen != *changes.borrow()) {
        changes.mark_changed();
    }
    let changes = unfold(
        (changes, web.stopping.clone()),
        |(mut changes, mut stopping)| async move {
            tokio::select! {
                changed = changes.changed() => changed.ok()?,
                _ = stopping.changed() => return None,
            }
            tokio::time::sleep(PACE).await;
            let version = *changes.borrow_and_update();
            let event = Event::default().data(version.to_string());
            Some((Ok::<_, Infallible>(event), (changes, stopping)))
        },
    );
    let changes: Sse<_> = Sse::new(changes).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    ([("x-accel-buffering", "no")], changes)
}
