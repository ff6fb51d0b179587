//! Tells the open pages that something they show has changed. What changed they read anew, so a number that
//! grows is enough, and a slow listener misses nothing by missing a step.

use tokio::sync::watch;

/// The number of changes since the process started.
#[derive(Debug, Clone)]
pub struct Live {
    version: watch::Sender<u64>,
}

impl Live {
    /// Starts at zero.
    pub fn new() -> Self {
        Self {
            version: watch::Sender::new(0),
        }
    }

    /// Says that something changed.
    pub fn changed(&self) {
        self.version.send_modify(|version| *version += 1);
    }

    /// How many changes there were.
    pub fn version(&self) -> u64 {
        *self.version.borrow()
    }

    /// Listens from now on.
    pub fn listen(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }
}

impl Default for Live {
    fn default() -> Self {
        Self::new()
    }
}
