//! Live updates: counts every change that the server tells of, so that what is shown can be fetched again.
//!
//! The server sends an event of the default type on `/live` whenever something that a page may show has
//! changed, and at once where that was after the page was rendered; its data does not matter. While that connection is not open, the count goes up every ten seconds
//! instead, which is polling. Without a script nothing happens and the page shows what it was loaded with.

use leptos::prelude::*;

/// Where the server tells of changes.
#[cfg(feature = "hydrate")]
const ADDRESS: &str = "/live";

/// How long to wait between polls while the connection is not open.
#[cfg(feature = "hydrate")]
const POLL: std::time::Duration = std::time::Duration::from_secs(10);

/// Whether changes arrive by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// Not open yet, or lost: the page asks every ten seconds.
    #[default]
    Polling,
    /// Changes arrive as they happen.
    Open,
}

/// What [`use_live`] finds.
#[derive(Clone, Copy, Debug)]
pub struct Live {
    /// Goes up with every change. A resource whose source reads it is fetched again:
    /// `Resource::new(move || live.version.get(), |_| accounts())`.
    pub version: ReadSignal<u64>,
    /// Whether changes arrive by themselves.
    pub connection: ReadSignal<Connection>,
}

/// The page's live updates; outside of the frame, ones that never come.
pub fn use_live() -> Live {
    use_context().unwrap_or_else(|| Live {
        version: signal(0).0,
        connection: signal(Connection::Polling).0,
    })
}

/// Connects, once the page is live, and makes [`Live`] known to the pages below.
pub fn provide_live() -> Live {
    let (version, set_version) = signal(0_u64);
    let (connection, set_connection) = signal(Connection::default());
    // Before anything is fetched: a change from here on is told.
    let seen = SharedValue::new(changes).into_inner();
    #[cfg(feature = "hydrate")]
    connect(set_version, set_connection, seen);
    #[cfg(not(feature = "hydrate"))]
    let _ = (set_version, set_connection, seen);
    let live = Live { version, connection };
    provide_context(live);
    live
}

/// How many changes there were when this was rendered; the browser takes the server's word.
fn changes() -> u64 {
    #[cfg(feature = "ssr")]
    if let Some(engine) = use_context::<std::sync::Arc<tocsin_engine::Engine>>() {
        return engine.live.version();
    }
    0
}

#[cfg(feature = "hydrate")]
fn connect(set_version: WriteSignal<u64>, set_connection: WriteSignal<Connection>, seen: u64) {
    use leptos::{
        leptos_dom::helpers::IntervalHandle,
        wasm_bindgen::{JsCast, closure::Closure},
    };
    use web_sys::{EventSource, MessageEvent};

    /// The connection; opened again by the poll when the server has refused it.
    fn open(
        address: &str,
        opened: &Closure<dyn FnMut()>,
        changed: &Closure<dyn FnMut(MessageEvent)>,
        lost: &Closure<dyn FnMut()>,
    ) -> Option<EventSource> {
        let source = EventSource::new(address).ok()?;
        source.set_onopen(Some(opened.as_ref().unchecked_ref()));
        source.set_onmessage(Some(changed.as_ref().unchecked_ref()));
        source.set_onerror(Some(lost.as_ref().unchecked_ref()));
        Some(source)
    }

    Effect::new(move || {
        let changed = Closure::new(move |_: MessageEvent| set_version.update(|version| *version += 1));
        let lost = Closure::new(move || set_connection.set(Connection::Polling));
        // What happened while it was not open is told when it opens: the address says what this page has seen.
        let opened = Closure::new(move || set_connection.set(Connection::Open));
        let address = crate::base::at(format!("{ADDRESS}?seen={seen}"));
        let mut source = open(&address, &opened, &changed, &lost);
        let poll = move || {
            let state = source
                .as_ref()
                .map_or(EventSource::CLOSED, EventSource::ready_state);
            if state == EventSource::OPEN {
                return;
            }
            set_version.update(|version| *version += 1);
            if state == EventSource::CLOSED {
                source = open(&address, &opened, &changed, &lost);
            }
        };
        // The frame lives as long as the page does in the browser; leaving it (sign-out) loads a new one.
        let poll = std::cell::RefCell::new(poll);
        let handle: Option<IntervalHandle> = set_interval_with_handle(move || poll.borrow_mut()(), POLL).ok();
        on_cleanup(move || {
            if let Some(handle) = handle {
                handle.clear();
            }
        });
    });
}
