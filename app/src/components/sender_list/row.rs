//! A row: grip, address, state, and the buttons that move or remove it.

use leptos::{ev::MouseEvent, prelude::*};

use super::{List, Move, Sender, Standing, apply, drag};
use crate::{
    base::at,
    components::{
        button::{IconButton, Press},
        icon::{Glyph, Icon, Size},
        status::Status,
    },
    i18n::{tu_string, use_i18n},
};

#[component]
pub(super) fn SenderRow(list: List, name: String, sender: Sender) -> impl IntoView {
    let i18n = use_i18n();
    let Sender {
        id,
        address,
        provider,
        shape,
        words,
        standing,
    } = sender;
    let way_back = match standing {
        Standing::Gone(Some(href)) => {
            Some(view! { <a href=at(href)>{tu_string!(i18n, deleting.sender.restore)}</a> })
        }
        Standing::Gone(None) | Standing::Account => None,
    };

    let place = {
        let id = id.clone();
        Memo::new(move |_| list.place(&id).unwrap_or_default())
    };
    let is_first = Signal::derive(move || place.get() == 0);
    let is_last = Signal::derive(move || place.get() + 1 >= list.senders.with(Vec::len));

    // The buttons' ids outlive a move, so that focus can return to the one that was pressed.
    let row_id = format!("{name}-{id}");
    let step = {
        let (address, row_id) = (address.clone(), row_id.clone());
        move |event: MouseEvent, change: fn(usize) -> Move| {
            event.prevent_default();
            let change = change(place.get_untracked());
            list.senders.update(|senders| apply(senders, change, None));
            let count = list.senders.with_untracked(Vec::len);
            list.said.set(if matches!(change, Move::Remove(_)) {
                tu_string!(i18n, common.senders.removed, name = address.clone())
            } else {
                let place = place.get_untracked() + 1;
                tu_string!(i18n, common.senders.place, name = address.clone(), place, count)
            });
            match change {
                Move::Up(_) => focus(&row_id, "up", "down"),
                Move::Down(_) => focus(&row_id, "down", "up"),
                Move::Remove(_) | Move::Add => {}
            }
        }
    };
    let (up, down, remove) = (step.clone(), step.clone(), step);

    let submit = format!("{name}[move]");
    let dragged = {
        let id = id.clone();
        move || list.dragged.with(|dragged| dragged.as_deref() == Some(&id))
    };
    let grab = {
        let id = id.clone();
        move |event| drag::grab(list, &event, id.clone())
    };
    view! {
        <li id=row_id.clone() class:is-dragged=dragged>
            <span class="grip" aria-hidden="true" on:pointerdown=grab>
                <Icon glyph=Glyph::Grip size=Size::Small />
            </span>
            <input type="hidden" name=move || format!("{name}[senders][{}]", place.get()) value=id />
            <div>
                {address.clone()} " " <span class="sub">{provider}</span> " " <Status shape words /> {way_back}
            </div>
            <IconButton
                glyph=Glyph::Up
                label=tu_string!(i18n, common.senders.up, name = address.clone())
                press=Press::Submit
                disabled=is_first
                on_press=move |event| up(event, Move::Up)
                {..}
                id=format!("{row_id}-up")
                name=submit.clone()
                value=move || format!("up:{}", place.get())
            />
            <IconButton
                glyph=Glyph::Down
                label=tu_string!(i18n, common.senders.down, name = address.clone())
                press=Press::Submit
                disabled=is_last
                on_press=move |event| down(event, Move::Down)
                {..}
                id=format!("{row_id}-down")
                name=submit.clone()
                value=move || format!("down:{}", place.get())
            />
            <IconButton
                glyph=Glyph::Close
                label=tu_string!(i18n, common.senders.remove, name = address)
                press=Press::Submit
                on_press=move |event| remove(event, Move::Remove)
                {..}
                name=submit
                value=move || format!("remove:{}", place.get())
            />
        </li>
    }
    .into_any()
}

/// Gives focus back to the button that moved the row, since moving takes it away; to its opposite where the
/// row is at an end now.
fn focus(row_id: &str, pressed: &str, opposite: &str) {
    use leptos::wasm_bindgen::JsCast;
    let (pressed, opposite) = (format!("{row_id}-{pressed}"), format!("{row_id}-{opposite}"));
    request_animation_frame(move || {
        let button = |id: &str| {
            document()
                .get_element_by_id(id)?
                .dyn_into::<leptos::web_sys::HtmlButtonElement>()
                .ok()
        };
        let target = button(&pressed)
            .filter(|button| !button.disabled())
            .or_else(|| button(&opposite));
        if let Some(target) = target {
            // Focus may be refused; then it stays where it is.
            let _ = target.focus();
        }
    });
}
