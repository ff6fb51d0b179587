//! The accounts that were deleted: Undo right after a deletion, and the list from which they are restored or erased.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use tocsin_domain::{deleted::Secrets, id::AccountId};

use crate::{
    api::{
        deleting::{Deleted, EraseAccount, RestoreAccount},
        error::ApiError,
    },
    components::{
        action_form::ActionForm,
        button::{Button, Kind, Press},
        disclosure::Disclosure,
        icon::{Glyph, Monogram},
        mark::Shape,
        note::Note,
        panel::Panel,
        table::{Cell, CellText, Column, Row, Table},
        time::{Moment, Precision},
    },
    i18n::{t, tu_string, use_i18n},
};

type List = Resource<Result<Vec<Deleted>, ApiError>>;

/// What was deleted just now, with the way back: `?done=deleted&account=ID`.
#[component]
pub fn JustDeleted(list: List, restore: ServerAction<RestoreAccount>) -> impl IntoView {
    view! {
        <div role="status">
            <Transition>
                <Undo list restore />
            </Transition>
        </div>
    }
    .into_any()
}

#[component]
fn Undo(list: List, restore: ServerAction<RestoreAccount>) -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let just = Memo::new(move |_| {
        let id = query.with(|query| {
            let is_done = query.get_str("done") == Some("deleted");
            is_done
                .then(|| query.get("account")?.parse::<AccountId>().ok())
                .flatten()
        });
        let list = list.get()?.ok()?;
        list.into_iter().find(|one| Some(one.account.id) == id)
    });
    move || {
        just.get().map(|Deleted { account, .. }| {
            let address = account.address.to_string();
            view! {
                <Note shape=Shape::Ok title=tu_string!(i18n, deleting.done, address = address)>
                    <div class="stack">
                        <p>{t!(i18n, deleting.undo_hint)} " " {t!(i18n, deleting.kept)}</p>
                        <ActionForm action=restore>
                            <input type="hidden" name="id" value=account.id.to_string() />
                            <Button press=Press::Submit glyph=Glyph::Undo busy=restore.pending()>
                                {t!(i18n, deleting.undo)}
                            </Button>
                        </ActionForm>
                    </div>
                </Note>
            }
        })
    }
}

/// The list; nothing where there is none.
#[component]
pub fn DeletedAccounts(
    list: List,
    restore: ServerAction<RestoreAccount>,
    erase: ServerAction<EraseAccount>,
) -> impl IntoView {
    view! {
        <Transition>
            <Rows list restore erase />
        </Transition>
    }
    .into_any()
}

#[component]
fn Rows(
    list: List,
    restore: ServerAction<RestoreAccount>,
    erase: ServerAction<EraseAccount>,
) -> impl IntoView {
    let i18n = use_i18n();
    // While Tocsin does not answer, what was known stays.
    let rows = Memo::new(move |before: Option<&Vec<Deleted>>| match list.get() {
        Some(Ok(rows)) => rows,
        _ => before.cloned().unwrap_or_default(),
    });
    let is_empty = Memo::new(move |_| rows.with(Vec::is_empty));
    let columns = move || {
        vec![
            Column::text(tu_string!(i18n, deleting.column.account)),
            Column::text(tu_string!(i18n, deleting.column.deleted)),
            Column::text(tu_string!(i18n, deleting.column.until)),
            Column::hidden(tu_string!(i18n, common.actions)),
        ]
    };
    move || {
        (!is_empty.get()).then(|| {
            view! {
                <Panel
                    id="deleted"
                    title=tu_string!(i18n, deleting.list)
                    note=tu_string!(i18n, deleting.list_hint)
                >
                    <Table label=tu_string!(i18n, deleting.list) columns=columns()>
                        // A row that did not change stays, and with it the focus.
                        <For each=move || rows.get() key=|row| format!("{row:?}") let(row)>
                            <Line row restore erase />
                        </For>
                    </Table>
                </Panel>
            }
        })
    }
}

#[component]
fn Line(
    row: Deleted,
    restore: ServerAction<RestoreAccount>,
    erase: ServerAction<EraseAccount>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Deleted {
        account,
        provider,
        monogram,
    } = row;
    let address = account.address.to_string();
    let (id, erased_id) = (account.id.to_string(), account.id.to_string());
    let until = match account.secrets {
        Secrets::KeptUntil(until) => view! { <Moment at=until precision=Precision::Day /> }.into_any(),
        Secrets::Erased => ().into_any(),
    };
    let by = (!account.deleted_by.is_empty()).then(|| {
        view! { <div class="sub">{tu_string!(i18n, deleting.by, name = account.deleted_by.clone())}</div> }
    });
    let restore_label = tu_string!(i18n, deleting.restore_one, address = address.clone());
    let erase_label = tu_string!(i18n, deleting.erase_one, address = address.clone());
    view! {
        <Row>
            <Cell>
                <div class="who">
                    <Monogram letters=monogram />
                    <div>
                        <b>{address}</b>
                        <div class="sub">{provider}</div>
                    </div>
                </div>
            </Cell>
            <Cell label=tu_string!(i18n, deleting.column.deleted)>
                <Moment at=account.deleted_at />
                {by}
            </Cell>
            <Cell label=tu_string!(i18n, deleting.column.until) text=CellText::Line>
                {until}
            </Cell>
            <Cell>
                <div class="way-back">
                    <ActionForm action=restore>
                        <input type="hidden" name="id" value=id />
                        <Button
                            press=Press::Submit
                            glyph=Glyph::Undo
                            busy=restore.pending()
                            attr:aria-label=restore_label
                        >
                            {t!(i18n, deleting.restore)}
                        </Button>
                    </ActionForm>
                    <Disclosure summary=tu_string!(i18n, deleting.erase)>
                        <ActionForm action=erase>
                            <p class="sub">{t!(i18n, deleting.erase_hint)}</p>
                            <input type="hidden" name="id" value=erased_id />
                            <Button
                                kind=Kind::Danger
                                press=Press::Submit
                                glyph=Glyph::Trash
                                busy=erase.pending()
                                attr:aria-label=erase_label
                            >
                                {t!(i18n, deleting.erase_confirm)}
                            </Button>
                        </ActionForm>
                    </Disclosure>
                </div>
            </Cell>
        </Row>
    }
    .into_any()
}
