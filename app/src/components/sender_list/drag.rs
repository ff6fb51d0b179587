//! Dragging a row by its grip, with mouse, pen or finger.
//!
//! The window's events are followed rather than the grip's: a row that moves in the page loses the pointer.

use leptos::{ev, prelude::*};

use super::List;

/// A pointer went down on a row's grip.
pub(super) fn grab(list: List, event: &ev::PointerEvent, id: String) {
    if event.button() == 0 {
        event.prevent_default();
        list.dragged.set(Some(id));
    }
}

/// Moves the grabbed row to where the pointer is, until it is let go.
pub(super) fn follow(list: List, name: String) {
    Effect::new(move || {
        let name = name.clone();
        let moving = window_event_listener(ev::pointermove, move |event| {
            let Some(id) = list.dragged.get_untracked() else {
                return;
            };
            let Some(target) = place_under(&name, f64::from(event.client_y())) else {
                return;
            };
            let Some(place) = list
                .senders
                .with_untracked(|senders| senders.iter().position(|sender| sender.id == id))
            else {
                return;
            };
            if place != target {
                list.senders.update(|senders| {
                    let sender = senders.remove(place);
                    senders.insert(target.min(senders.len()), sender);
                });
            }
        });
        let released = window_event_listener(ev::pointerup, move |_| list.dragged.set(None));
        let cancelled = window_event_listener(ev::pointercancel, move |_| list.dragged.set(None));
        on_cleanup(move || {
            moving.remove();
            released.remove();
            cancelled.remove();
        });
    });
}

/// The place of the row at this height of the window; above the first row the first, below the last the last.
fn place_under(list_id: &str, y: f64) -> Option<usize> {
    let rows = document().get_element_by_id(list_id)?.children();
    let count = rows.length();
    let above = (0..count)
        .filter_map(|index| rows.item(index))
        .take_while(|row| row.get_bounding_client_rect().bottom() < y)
        .count();
    Some(above.min(usize::try_from(count).ok()?.checked_sub(1)?))
}
