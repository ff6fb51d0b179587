//! By which address people reach the pages: what was set, else what the administrators' browsers last used. A
//! mail needs it; a page knows by which address it was asked for.

use super::make::url;
use crate::engine::Engine;
use crate::store::{Setting, StoreError};
use secrecy::SecretString;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use url::{Host, Url};

/// Administrators who come by two addresses in turn do not have each step written.
const WRITE_EVERY: Duration = Duration::from_mins(1);

/// What was written last.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    written: Mutex<Option<(Url, Instant)>>,
}

impl Reach {
    /// Whether an address is worth writing; if so it counts as written.
    fn is_news(&self, base: &Url) -> bool {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = written
            .as_ref()
            .is_none_or(|(known, since)| known != base && since.elapsed() >= WRITE_EVERY);
        if is_news {
            *written = Some((base.clone(), Instant::now()));
        }
        is_news
    }
}

impl Engine {
    /// Remembers by which address an administrator reaches the pages. One of this machine itself helps nobody
    /// else, and is not remembered.
    pub async fn note_reached_by(&self, base: &Url) {
        if is_this_machine(base) || !self.links.reach.is_news(base) {
            return;
        }
        if let Err(error) = self.write_reached_by(base).await {
            // As on a full disk: looking must still be possible.
            tracing::warn!(%error, "the address by which the pages are reached could not be written");
        }
    }

    async fn write_reached_by(&self, base: &Url) -> Result<(), StoreError> {
        if self.store.setting(Setting::ReachedBy).await?.as_deref() == Some(base.as_str()) {
            return Ok(());
        }
        let mut transaction = self.store.begin().await?;
        self.store
            .set_setting(&mut transaction, Setting::ReachedBy, base.as_str())
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Where people reach the pages, as far as that is known.
    pub async fn reached_by(&self) -> Result<Option<Url>, StoreError> {
        if let Some(set) = self.public_url().await? {
            return Ok(Some(self.below(set)));
        }
        let seen = self.store.setting(Setting::ReachedBy).await?;
        Ok(seen
            .and_then(|url| Url::parse(&url).ok())
            .map(|seen| self.below(seen)))
    }

    /// An address of the machine, with the base path. What was remembered before the base path was changed gets the
    /// one of today.
    pub fn below(&self, mut base: Url) -> Url {
        base.set_path(&self.config.base_path.at("/"));
        base
    }

    /// The page of a link, for a mail; none while nobody has said, and no browser has shown, where the pages are
    /// reached.
    pub async fn link_url(&self, token: &SecretString) -> Result<Option<Url>, StoreError> {
        Ok(self.reached_by().await?.map(|base| url(&base, token)))
    }
}

/// Whether an address leads nowhere from another machine.
pub(crate) fn is_this_machine(base: &Url) -> bool {
    match base.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_address_of_this_machine_helps_nobody_else() {
        for (base, own) in [
            ("http://127.0.0.1:8725", true),
            ("http://[::1]:8725", true),
            ("http://localhost", true),
            ("https://nas.example.com", false),
            ("http://192.168.1.5:8725", false),
        ] {
            assert_eq!(is_this_machine(&base.parse().unwrap()), own, "{base}");
        }
    }

    #[test]
    fn two_addresses_in_turn_are_not_written_each_time() {
        let reach = Reach::default();
        let (one, other) = ("http://a".parse().unwrap(), "http://b".parse().unwrap());
        assert!(reach.is_news(&one));
        assert!(!reach.is_news(&one));
        assert!(!reach.is_news(&other));
    }
}
