//! A new secret on its way from the form that made it to the page that shows it, once. It must not travel in the
//! URL between the two, so it waits here, in memory, for the session that made it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use secrecy::{ExposeSecret as _, SecretString};

/// How long it waits: the browser follows at once.
const WAITS: Duration = Duration::from_mins(1);

/// What waits, by session. Cheap to clone; clones share it. The server provides it as context.
#[derive(Clone, Debug, Default)]
pub struct ShownOnce(Arc<Mutex<HashMap<String, (Instant, SecretString)>>>);

impl ShownOnce {
    /// Keeps a secret for the page that follows.
    pub fn keep(&self, session: &str, secret: SecretString) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|_, (since, _)| since.elapsed() < WAITS);
        waiting.insert(session.to_owned(), (Instant::now(), secret));
    }

    /// Takes it away to show it.
    pub fn take(&self, session: &str) -> Option<String> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, secret) = waiting.remove(session)?;
        (since.elapsed() < WAITS).then(|| secret.expose_secret().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_shown_once_to_the_session_that_made_it() {
        let shown = ShownOnce::default();
        shown.keep("mine", "tocsin_x".into());
        assert_eq!(shown.take("other"), None);
        assert_eq!(shown.take("mine").as_deref(), Some("tocsin_x"));
        assert_eq!(shown.take("mine"), None);
    }
}
