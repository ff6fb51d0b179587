//! Renders each page on one thread, and never without end.
//!
//! A page's reactive graph is a tree of owners behind locks. `Owner::with_context` of `reactive_graph` 0.2.16
//! (`src/owner/context.rs`) holds the lock of the innermost one while it walks up. If another thread ends the page
//! meanwhile, because its reader has left or its answer is complete, the walk holds the last reference to an owner
//! further up; releasing that one locks all below it, the innermost too, and so waits for itself. The thread is
//! lost for good, and once every thread of the runtime is, so is the process. Related:
//! <https://github.com/leptos-rs/leptos/issues/4673>, <https://github.com/leptos-rs/leptos/issues/4829>.
//!
//! So a page and everything that it spawns stay on one thread: the threads of the pool each have a runtime of
//! their own. The page is whole before it leaves there, and a reader who leaves does not take it apart.
//!
//! An effect that another thread polls just while its signals go panics, and a panic begins the whole program again.
//! `init_context_inner` of `leptos_i18n` 0.6.2 (`src/context.rs`) spawns such an effect for each page, and for the list of
//! the pages' routes. On one thread it comes either before they go, or finds that it is over.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::io;
use std::sync::Arc;
use std::thread::{self, available_parallelism};
use std::time::Duration;
use tokio::runtime::Builder;
use tokio::sync::Semaphore;
use tokio::task::yield_now;
use tokio::time::timeout;
use tokio_util::task::LocalPoolHandle;

/// Before proxies give up, which is after a minute.
const PATIENCE: Duration = Duration::from_secs(20);

/// So many pages may be in work at once for each thread; a page waits for the database most of the time.
const PAGES_PER_THREAD: usize = 32;

/// Where pages are rendered. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Renderers {
    threads: LocalPoolHandle,
    turns: Arc<Semaphore>,
    /// How long a page may take, waiting for its turn included.
    patience: Duration,
}

impl Renderers {
    /// Starts a thread for each processor.
    pub fn start() -> Self {
        Self::with_patience(PATIENCE)
    }

    fn with_patience(patience: Duration) -> Self {
        // One page that computes must not stop all others.
        let threads = available_parallelism().map_or(2, |count| count.get().max(2));
        Self {
            threads: LocalPoolHandle::new(threads),
            turns: Arc::new(Semaphore::new(threads * PAGES_PER_THREAD)),
            patience,
        }
    }

    async fn render(&self, page: Request, next: Next) -> Rendered {
        let Ok(turn) = Arc::clone(&self.turns).acquire_owned().await else {
            return Rendered::Failed;
        };
        let page = self.threads.spawn_pinned(move || async move {
            let _turn = turn;
            let (head, body) = next.run(page).await.into_parts();
            // Reading the end of the body disposes of the page's signals. Effects that were only just spawned run
            // before.
            yield_now().await;
            let body = to_bytes(body, usize::MAX).await?;
            Ok::<_, axum::Error>(Response::from_parts(head, Body::from(body)))
        });
        match page.await {
            Ok(Ok(page)) => Rendered::Whole(page),
            Ok(Err(error)) => {
                tracing::error!(%error, "a page broke off");
                Rendered::Failed
            }
            // A thread of the pages that ended: a panic begins the program again.
            Err(_) => Rendered::Failed,
        }
    }
}

enum Rendered {
    Whole(Response),
    Failed,
}

/// Answers with the whole page, or says that there is none.
pub async fn on_one_thread(State(renderers): State<Renderers>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    match timeout(renderers.patience, renderers.render(request, next)).await {
        Ok(Rendered::Whole(page)) => page,
        Ok(Rendered::Failed) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "This page could not be shown: Tocsin came upon an error of its own, which is in its log. \
             Notifications are accepted and sent as before. Load the page again; if it fails again, report it.\n",
        )
            .into_response(),
        Err(_) => {
            tracing::error!(path, after = ?renderers.patience, "a page was given up");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                [(RETRY_AFTER, "10")],
                "This page could not be shown: it took too long. Notifications are accepted and sent \
                 as before. The system may be under heavy load; load the page again in a moment.\n",
            )
                .into_response()
        }
    }
}

/// The same for routes among which server functions are. Those have no graph that several tasks share.
pub async fn pages_on_one_thread(renderers: State<Renderers>, request: Request, next: Next) -> Response {
    if request.method() == Method::POST {
        next.run(request).await
    } else {
        on_one_thread(renderers, request, next).await
    }
}

/// Calls a function on a thread of its own, with what it spawns.
///
/// # Errors
///
/// The operating system gives no thread.
pub fn apart<T: Send + 'static>(function: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    let runtime = Builder::new_current_thread().build()?;
    let thread = thread::Builder::new().spawn(move || {
        runtime.block_on(async {
            let made = function();
            // What it spawned comes to its end.
            yield_now().await;
            made
        })
    })?;
    thread.join().map_err(|_| io::Error::other("a thread panicked"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use leptos::prelude::*;
    use leptos_axum::{generate_route_list, render_app_async};
    use std::collections::HashSet;
    use std::sync::{Mutex, Once};
    use std::thread::{ThreadId, current};
    use tokio::sync::watch;
    use tower::ServiceExt as _;

    /// What the data of a page saw: each thread that it was on, and how many have come to their end.
    #[derive(Clone)]
    struct Seen {
        threads: Arc<Mutex<HashSet<ThreadId>>>,
        ended: Arc<watch::Sender<usize>>,
    }

    const DATA: usize = 3;

    /// Lets effects and data run in tasks of their own. While this goes on, data of all pages wait for ever.
    fn prepare() {
        static PREPARED: Once = Once::new();
        PREPARED.call_once(|| drop(generate_route_list(|| ())));
    }

    /// A page with data that take their time.
    fn site(seen: Seen) -> Router {
        prepare();
        let fetch = move || {
            let seen = seen.clone();
            Resource::new(
                || (),
                move |()| {
                    let seen = seen.clone();
                    async move {
                        for _ in 0..50 {
                            seen.threads.lock().unwrap().insert(current().id());
                            yield_now().await;
                        }
                        seen.ended.send_modify(|ended| *ended += 1);
                        String::from("found")
                    }
                },
            )
        };
        let page = move || {
            let data: [_; DATA] = std::array::from_fn(|_| fetch());
            view! { <Suspense>{move || data.map(|data| data.get())}</Suspense> }
        };
        Router::new()
            .route("/", get(render_app_async(page)))
            .layer(from_fn_with_state(Renderers::start(), on_one_thread))
    }

    fn seen() -> Seen {
        Seen {
            threads: Arc::default(),
            ended: Arc::new(watch::Sender::new(0)),
        }
    }

    fn asked(path: &str) -> Request {
        Request::get(path).body(Body::empty()).unwrap()
    }

    async fn text(page: Response) -> String {
        let body = to_bytes(page.into_body(), usize::MAX).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn a_page_and_what_it_spawns_stay_on_one_thread() {
        for _ in 0..20 {
            let seen = seen();
            let page = site(seen.clone()).oneshot(asked("/")).await.unwrap();
            assert_eq!(text(page).await.matches("found").count(), 2 * DATA);
            assert_eq!(seen.threads.lock().unwrap().len(), 1);
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn a_reader_who_leaves_does_not_take_the_page_apart() {
        let seen = seen();
        let reader = tokio::spawn(site(seen.clone()).oneshot(asked("/")));
        while seen.threads.lock().unwrap().is_empty() {
            yield_now().await;
        }
        reader.abort();
        seen.ended
            .subscribe()
            .wait_for(|ended| *ended == DATA)
            .await
            .unwrap();
        assert_eq!(seen.threads.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_page_that_never_ends_is_given_up_and_says_so() {
        let renderers = Renderers::with_patience(Duration::from_millis(1));
        let site = Router::new()
            .route("/", get(std::future::pending::<()>))
            .layer(from_fn_with_state(renderers, on_one_thread));
        let page = site.oneshot(asked("/")).await.unwrap();
        assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(text(page).await.contains("took too long"));
    }

    #[tokio::test]
    async fn a_page_that_panics_is_answered_and_the_next_one_too() {
        let site = Router::new()
            .route("/", get(async || -> &str { panic!("on purpose") }))
            .route("/next", get(async || "well"))
            .layer(from_fn_with_state(Renderers::start(), on_one_thread));
        let page = site.clone().oneshot(asked("/")).await.unwrap();
        assert_eq!(page.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let next = site.oneshot(asked("/next")).await.unwrap();
        assert_eq!(text(next).await, "well");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn no_other_thread_runs_what_is_spawned_apart() {
        prepare();
        for _ in 0..100 {
            let runs = Arc::new(Mutex::new(0));
            let seen = Arc::clone(&runs);
            let spawn = move || {
                Owner::new().with(|| Effect::new_isomorphic(move |_| *seen.lock().unwrap() += 1));
            };
            apart(spawn).unwrap();
            while Arc::strong_count(&runs) > 1 {
                yield_now().await;
            }
            assert_eq!(*runs.lock().unwrap(), 0);
        }
    }
}
