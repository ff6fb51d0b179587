//! Deletes an account after showing which rules use it, and what becomes of each pair.

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

use super::edit_account::account_of_path;
use crate::{
    api::accounts::{DeleteAccount as Delete, Detail, Use},
    components::{
        button::{Button, Kind, LinkButton, Press},
        form::{FormProblem, Problem},
        icon::Glyph,
        load_problem::LoadProblem,
        mark::Shape,
        status::Status,
        table::{Cell, Column, Row, Table},
        window::{Width, Window},
    },
    i18n::{t, tu_string, use_i18n},
};

/// The window.
#[component]
pub fn DeleteAccount() -> impl IntoView {
    let i18n = use_i18n();
    let title = tu_string!(i18n, accounts.delete.title);
    let detail = account_of_path();
    let action = ServerAction::<Delete>::new();
    view! {
        <Title text=title />
        <Window title back="/accounts" width=Width::Wide>
            <Transition>
                {move || Suspend::new(async move {
                    match detail.await {
                        Ok(detail) => view! { <Question detail action /> }.into_any(),
                        Err(error) => {
                            view! {
                                <div class="body">
                                    <LoadProblem error />
                                </div>
                            }
                                .into_any()
                        }
                    }
                })}
            </Transition>
        </Window>
    }
    .into_any()
}

#[component]
fn Question(detail: Detail, action: ServerAction<Delete>) -> impl IntoView {
    let i18n = use_i18n();
    let problem = Problem::of(action);
    let Detail { row, uses, .. } = detail;
    let address = row.account.settings.address.to_string();
    let id = row.account.id;
    let count = uses.len();
    let used = if uses.is_empty() {
        tu_string!(i18n, accounts.delete.unused).to_owned()
    } else {
        tu_string!(i18n, accounts.delete.used, count = count)
    };
    let table = (!uses.is_empty()).then(|| view! { <Uses uses address=address.clone() /> });
    view! {
        <ActionForm action>
            <div class="body">
                <div class="stack">
                    <FormProblem problem />
                    <h2>{tu_string!(i18n, accounts.delete.heading, address = address)}</h2>
                    <p>
                        <b>{used}</b>
                    </p>
                    {table}
                    <p class="sub">{t!(i18n, accounts.delete.kept)} " " {t!(i18n, accounts.delete.grant)}</p>
                    <input type="hidden" name="id" value=id.to_string() />
                </div>
            </div>
            <footer>
                <span class="push"></span>
                <LinkButton href=format!("/accounts/{id}")>{t!(i18n, accounts.delete.cancel)}</LinkButton>
                <Button kind=Kind::Danger press=Press::Submit glyph=Glyph::Trash busy=action.pending()>
                    {t!(i18n, accounts.delete.confirm)}
                </Button>
            </footer>
        </ActionForm>
    }
    .into_any()
}

#[component]
fn Uses(uses: Vec<Use>, address: String) -> impl IntoView {
    let i18n = use_i18n();
    let columns = vec![
        Column::text(tu_string!(i18n, accounts.delete.column_pair)),
        Column::text(tu_string!(i18n, accounts.delete.column_then)),
    ];
    let rows = uses.into_iter().map(|used| {
        let recipients = used.recipients.join(", ");
        let pair = tu_string!(
            i18n,
            accounts.edit.pair,
            number = used.pair,
            recipients = recipients
        );
        let then = if used.others.is_empty() {
            view! {
                <Status
                    shape=Shape::Expiring
                    words=tu_string!(i18n, accounts.delete.only)
                    detail=tu_string!(i18n, accounts.delete.only_detail)
                />
            }
            .into_any()
        } else {
            let others = used.others.join(", ");
            let then = tu_string!(i18n, accounts.delete.then, others = others);
            view! { <span class="sub">{then}</span> }.into_any()
        };
        view! {
            <Row>
                <Cell>
                    <b>{used.name}</b>
                    <div class="sub">{pair}</div>
                </Cell>
                <Cell label=tu_string!(i18n, accounts.delete.column_then)>{then}</Cell>
            </Row>
        }
    });
    let rows = rows.collect_view();
    view! {
        <div class="panel">
            <Table label=tu_string!(i18n, accounts.delete.table, address = address) columns>
                {rows}
            </Table>
        </div>
    }
    .into_any()
}
