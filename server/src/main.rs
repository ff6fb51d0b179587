//! The process: command line, HTTP, start and stop. What Tocsin does is in `tocsin-engine`, what it shows in
//! `tocsin-app`.

mod accounts;
mod api;
mod begin_again;
mod cli;
mod connections;
mod doctor;
mod exit;
mod explain;
mod healthcheck;
mod http;
mod listen;
mod log;
mod report;
mod serve;
mod settings;
mod user;

fn main() -> std::process::ExitCode {
    cli::run()
}
