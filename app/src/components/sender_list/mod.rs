//! The ordered sender list of a pair: the first that can send, sends.
//!
//! Without a script each button sends the form with what it wants (`MOVE=up:2`), and the server answers with
//! the form again; [`apply`] does what it says. Once the page is live the same buttons act at once, a row is
//! dragged by its grip, focus follows the row, and a live region says the new place.
//!
//! For a list named `pair` the form sends `pair[senders][0]` and so on, a sender each, and `pair[move]` when a
//! button was pressed: `up:1`, `down:1`, `remove:1` by place from 0, or `add`, which means the choice in
//! `pair[add]`. An account that was deleted keeps its place in the list until somebody removes it.

mod drag;
mod row;

use std::str::FromStr;

use leptos::prelude::*;

use self::row::SenderRow;
use super::{
    button::{Button, Kind, Press},
    icon::Glyph,
    mark::Shape,
    select::{Choice, Select},
    status::Status,
};
use crate::i18n::{t, tu_string, use_i18n};

/// A sender as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The account's id, as the form sends it.
    pub id: String,
    /// Its address.
    pub address: String,
    /// Its provider's name.
    pub provider: String,
    /// Its authorization.
    pub shape: Shape,
    /// Its authorization in a word.
    pub words: String,
    /// Whether it can send at all.
    pub standing: Standing,
}

/// Whether there is an account behind a sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There is.
    Account,
    /// There was; and where it can be restored, if it can.
    Gone(Option<String>),
}

/// What a button of the list wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The sender at this place one place up.
    Up(usize),
    /// The sender at this place one place down.
    Down(usize),
    /// The sender at this place out of the list.
    Remove(usize),
    /// The chosen account to the end.
    Add,
}

/// The form's value is none of the buttons'.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a change of a sender list")]
pub struct NotAMove;

impl FromStr for Move {
    type Err = NotAMove;

    fn from_str(text: &str) -> Result<Self, NotAMove> {
        if text == "add" {
            return Ok(Self::Add);
        }
        let (what, place) = text.split_once(':').ok_or(NotAMove)?;
        let place = place.parse().map_err(|_| NotAMove)?;
        match what {
            "up" => Ok(Self::Up(place)),
            "down" => Ok(Self::Down(place)),
            "remove" => Ok(Self::Remove(place)),
            _ => Err(NotAMove),
        }
    }
}

/// Does to a list what a button wants; `added` is the chosen account. A place outside of the list, or an
/// account that is in it already, changes nothing.
pub fn apply<T: PartialEq>(list: &mut Vec<T>, change: Move, added: Option<T>) {
    match change {
        Move::Up(place) if place > 0 && place < list.len() => list.swap(place, place - 1),
        Move::Down(place) if place + 1 < list.len() => list.swap(place, place + 1),
        Move::Remove(place) if place < list.len() => drop(list.remove(place)),
        Move::Add => list.extend(added.filter(|added| !list.contains(added))),
        Move::Up(_) | Move::Down(_) | Move::Remove(_) => {}
    }
}

/// What the rows share.
#[derive(Clone, Copy)]
struct List {
    senders: RwSignal<Vec<Sender>>,
    /// What the live region says.
    said: RwSignal<String>,
    /// The id of the sender that is being dragged.
    dragged: RwSignal<Option<String>>,
}

impl List {
    fn place(self, id: &str) -> Option<usize> {
        self.senders
            .with(|senders| senders.iter().position(|sender| sender.id == id))
    }
}

/// The list.
#[component]
pub fn SenderList(
    /// The beginning of its names in the form: `pair`.
    #[prop(into)]
    name: String,
    /// The senders in order; follow every change.
    senders: RwSignal<Vec<Sender>>,
    /// All accounts; those that are not in the list can be added.
    #[prop(into)]
    accounts: Signal<Vec<Sender>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let list = List {
        senders,
        said: RwSignal::new(String::new()),
        dragged: RwSignal::new(None),
    };
    drag::follow(list, name.clone());

    let choices = Signal::derive(move || {
        let free = accounts
            .get()
            .into_iter()
            .filter(|account| list.place(&account.id).is_none());
        let first = Choice::new("", tu_string!(i18n, common.senders.choose));
        std::iter::once(first)
            .chain(free.map(|account| Choice::new(account.id, account.address)))
            .collect::<Vec<_>>()
    });
    let chosen = RwSignal::new(String::new());
    let add = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        let added = accounts.with_untracked(|accounts| {
            accounts
                .iter()
                .find(|account| account.id == chosen.get_untracked())
                .cloned()
        });
        senders.update(|senders| apply(senders, Move::Add, added));
        chosen.set(String::new());
    };
    let rows = {
        let name = name.clone();
        move |sender: Sender| view! { <SenderRow list name=name.clone() sender /> }
    };
    let empty = move || {
        senders.with(|senders| {
            let is_gone = |sender: &Sender| sender.standing != Standing::Account;
            if senders.is_empty() {
                Some(view! { <p class="sub">{t!(i18n, common.senders.none)}</p> }.into_any())
            } else if senders.iter().all(is_gone) {
                let words = tu_string!(i18n, deleting.sender.none_left);
                Some(view! { <Status shape=Shape::Configuration words /> }.into_any())
            } else {
                None
            }
        })
    };
    let (label_id, hint_id) = (format!("{name}-label"), format!("{name}-order"));
    view! {
        <div class="field">
            <span class="label" id=label_id.clone()>
                {t!(i18n, common.senders.label)}
            </span>
            <p class="sub" id=hint_id.clone()>
                {t!(i18n, common.senders.hint)}
            </p>
            <ol class="senders" id=name.clone() aria-labelledby=label_id aria-describedby=hint_id>
                <For each=move || senders.get() key=|sender| sender.id.clone() children=rows />
            </ol>
            {empty}
            <div class="join">
                <Select
                    name=format!("{name}[add]")
                    label=tu_string!(i18n, common.senders.add)
                    label_hidden=true
                    choices
                    bind=chosen
                />
                <Button
                    kind=Kind::Plain
                    press=Press::Submit
                    glyph=Glyph::Plus
                    on_press={add}
                    {..}
                    name=format!("{name}[move]")
                    value="add"
                >
                    {t!(i18n, common.senders.add)}
                </Button>
            </div>
            <span class="vh" role="status">
                {move || list.said.get()}
            </span>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn after(change: &str, added: Option<char>) -> String {
        let mut list = vec!['a', 'b', 'c'];
        apply(&mut list, change.parse().unwrap(), added);
        list.into_iter().collect()
    }

    #[test]
    fn a_sender_moves_by_one_place() {
        assert_eq!(after("up:2", None), "acb");
        assert_eq!(after("down:0", None), "bac");
    }

    #[test]
    fn the_ends_of_the_list_stop_a_move() {
        assert_eq!(after("up:0", None), "abc");
        assert_eq!(after("down:2", None), "abc");
        assert_eq!(after("remove:9", None), "abc");
    }

    #[test]
    fn a_sender_is_added_once() {
        assert_eq!(after("add", Some('d')), "abcd");
        assert_eq!(after("add", Some('a')), "abc");
        assert_eq!(after("add", None), "abc");
    }

    #[test]
    fn other_values_are_no_move() {
        assert_eq!("up".parse::<Move>(), Err(NotAMove));
        assert_eq!("sideways:1".parse::<Move>(), Err(NotAMove));
        assert_eq!("up:-1".parse::<Move>(), Err(NotAMove));
    }
}
