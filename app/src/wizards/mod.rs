//! Sequences of steps in a window: add, edit and delete an account. Each is a route and works without a
//! script; single pages are in `pages`.

pub mod add_account;
pub mod delete_account;
pub mod edit_account;
