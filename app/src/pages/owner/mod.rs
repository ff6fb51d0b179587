//! The page of a re-authorization link, for the mailbox's owner: no sign-in, no script, no WebAssembly, in the
//! owner's language. A phone loads the HTML and the style sheet, nothing else.
//!
//! It shows the address, why, and one button or field; nothing else of the system: no names of other accounts, no
//! counts, no rules, no server's words.
//!
//! | file | holds |
//! |---|---|
//! | `document` | the HTML document around the page |
//! | `language` | which language the reader wants |
//! | `texts` | the translations |
//! | `moment` | times, in words |
//! | `asked` | the page of a link that works: why, and what to do |
//! | `grant` | signing in at the provider: one button, and the other two ways |
//! | `device`, `paste` | the two ways that need a second step |
//! | `password` | the new password's field |
//! | `problem` | why a try changed nothing |
//! | `ended` | thanks, and links that do not work |
//!
//! Not here: cookies and requests (`server`), what a link may do (`tocsin_engine::links`).

mod asked;
mod device;
mod document;
mod ended;
mod grant;
mod language;
mod moment;
mod password;
mod paste;
mod problem;
mod texts;

pub use asked::{Asked, Step};
pub use device::DeviceStep;
pub use document::{Document, render};
pub use ended::Closed;
pub use language::{accepted, named};
pub use password::Encryption;
pub use paste::PasteStep;
pub use problem::Problem;
pub use texts::Locale;

/// What is shown.
#[derive(Clone, Debug)]
pub enum Page {
    /// A link that works.
    Asked(Box<Asked>),
    /// Thanks, or why there is nothing to do here.
    Closed(Closed),
}
