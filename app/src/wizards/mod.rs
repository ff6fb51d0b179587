//! Sequences of steps in a window: add, edit, delete and restore an account, and the way back from a provider's sign-in.
//! Each is a route and works without a script; single pages are in `pages`.

pub mod account_fields;
pub mod add_account;
pub mod add_password;
pub mod add_sign_in;
pub mod authority_file;
pub mod choose;
pub mod convert_account;
pub mod delete_account;
mod deleted_offer;
pub mod detect;
pub mod device_sign_in;
pub mod edit_account;
pub mod guidance;
pub mod import;
pub mod links;
pub mod paste_sign_in;
pub mod reauthorize;
pub mod receiving_settings;
pub mod restore_account;
pub mod secret_shape;
pub mod sending_settings;
pub mod sign_in_failed;
pub mod start_account;
pub mod told;
pub mod type_address;
