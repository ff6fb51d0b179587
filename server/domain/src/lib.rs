//! placeholder
pub mod failure;
