//! The component kit: what pages and wizards are put together from. No page's text and no server function
//! lives here.
//!
//! | file | what |
//! |---|---|
//! | [`layout`] | `Layout` (navigation, session, banner), `Public` (before sign-in), `PageHead` |
//! | [`window`] | `Window`: a route that looks like a dialog |
//! | [`dialog`] | `Dialog`: a question that interrupts; needs a script |
//! | [`panel`], [`disclosure`] | `Panel`, `Disclosure`: surfaces with a head, lines that open |
//! | [`icon`], [`mark`], [`status`] | `Icon`, `Logo`, `Monogram`; `Mark` (shape, colour); `Status` (mark and words) |
//! | [`button`] | `Button`, `IconButton`, `LinkButton`, `IconLink` |
//! | [`field`], [`select`], [`toggle`] | `Field`, `TextArea`, `FieldError`; `Select`; `Toggle` (box, radio, switch) |
//! | [`provider_picker`], [`chips_input`], [`sender_list`] | the larger inputs |
//! | [`table`] | `Table`, `Row`, `Cell`, `GroupRow`, `DetailRow`: cards on a phone |
//! | [`attention`], [`banner`], [`note`], [`empty`], [`toast`] | what is said: to do now, worst, remark, nothing here, just done |
//! | [`stepper`], [`timeline`], [`chart`] | a wizard's steps, attempts, the Overview's charts |
//! | [`time`], [`copy_button`] | `Moment` in the reader's zone, `CopyButton` |
//! | [`shown_once`] | `ShownOnce`: a secret that was made just now, to be copied |
//! | [`action_form`], [`get_form`] | forms that call a server function, or lead to a page |
//! | [`form`], [`done`], [`load_problem`] | what a form was answered, what was done, what could not be fetched (in a page, in a window) |
//! | [`sign_in_ways`], [`device_code`], [`paste_address`], [`continue_with`] | signing in at a provider |
//! | [`account_status`] | an account's authorization in words |
//! | [`reply`] | `Reply`: a server's words with their meaning, the next step and its button |
//! | [`live`], [`mounted`], [`loaded`] | changes as they happen; what waits until the page is live; what is fetched |
//!
//! Rules of the kit. Everything works without a script, by form posts, unless its file says otherwise. Server
//! and browser render the same tree first. Texts come in as [`TextProp`](leptos::prelude::TextProp): a
//! string, or a closure where they change. Components end in `into_any()`, which keeps the pages' types
//! short enough to compile.
pub mod account_status;
pub mod action_form;
pub mod answers;
pub mod attention;
pub mod banner;
pub mod button;
pub mod chart;
pub mod chips_input;
pub mod continue_with;
pub mod copy_button;
pub mod device_code;
pub mod dialog;
pub mod disclosure;
pub mod done;
pub mod empty;
pub mod field;
pub mod form;
pub mod get_form;
pub mod icon;
pub mod layout;
pub mod live;
pub mod load_problem;
pub mod loaded;
pub mod mark;
pub mod mounted;
pub mod note;
pub mod panel;
pub mod paste_address;
pub mod provider_picker;
pub mod rebind;
pub mod receiving_status;
pub mod reply;
pub mod select;
pub mod sender_list;
pub mod shown_once;
pub mod sign_in_ways;
pub mod status;
pub mod stepper;
pub mod table;
pub mod time;
pub mod timeline;
pub mod toast;
pub mod toggle;
pub mod window;
