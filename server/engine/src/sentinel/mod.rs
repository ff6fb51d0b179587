//! Watches authorizations, so that an expiry is known before a notification needs the account.
//!
//! Each account is checked on a schedule with jitter: a grant by refreshing its token, which also keeps the
//! refresh token alive; a password by signing in and out. What a check or the outbox saw goes through
//! [`observe`], the one place where an account's authorization changes by itself. Who must know is told by
//! `warnings/`.

mod application;
mod check;
mod observe;

pub(crate) use check::run;
pub(crate) use observe::Asker;

impl crate::engine::Engine {
    /// Lets the sentinel look at once which accounts are due, and who must be told what.
    pub fn check_soon(&self) {
        self.sentinel_wake.notify_one();
        self.warnings_wake.notify_one();
    }
}
