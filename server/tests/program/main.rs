//! The real program, started and stopped as a person or a system would: its machine API, `tocsin report`,
//! `tocsin explain`, what it says when it cannot start, and the plug being pulled.

#![allow(clippy::unwrap_used)]

mod accounts;
mod doctor;
mod explain;
mod faults;
mod healthcheck;
mod kill;
mod machine_api;
mod report;
mod start;
mod support;
mod upgrade;
