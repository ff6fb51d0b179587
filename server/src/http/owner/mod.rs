//! `/reauthorize/TOKEN`: the page of a re-authorization link, for the mailbox's owner.
//!
//! No administrator's session is needed, and none is used: who is signed in as one is an owner here like any
//! other. The browser is known by a cookie of its own. `GET` shows and changes nothing but when the link was first
//! opened; `POST` acts.
//!
//! | file | what |
//! |---|---|
//! | `visitor` | who asks: from where, in which language, with which cookie |
//! | `page` | the page, as the link and the account stand |
//! | `act` | what the page's forms do |
//! | `callback` | the way back from the provider, for sign-ins that a link began |
//! | `answer` | errors as the page tells them, and the headers of every answer |

mod act;
mod answer;
mod callback;
mod page;
mod visitor;

pub use callback::finish;

use super::Web;
use axum::Router;
use axum::routing::get;

/// Where the page is.
const PLACE: &str = "/reauthorize";

pub fn router() -> Router<Web> {
    Router::new().route("/reauthorize/{token}", get(page::look).post(act::act))
}
