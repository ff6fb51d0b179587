//! The component kit: what pages and wizards are put together from.
pub mod banner;
pub mod button;
pub mod icon;
pub mod layout;
pub mod live;
pub mod mark;
pub mod mounted;
pub mod status;
pub mod toast;
pub mod window;
