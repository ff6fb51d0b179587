//! Whether the page is live yet. What only a browser can show waits for this signal, so that the server's
//! tree and the browser's first one are the same.

use leptos::prelude::*;

/// False on the server and during hydration, true from then on.
pub fn mounted() -> ReadSignal<bool> {
    let (mounted, set_mounted) = signal(false);
    Effect::new(move || set_mounted.set(true));
    mounted
}
