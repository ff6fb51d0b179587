//! The links that there are: who made each, whether it was opened and used, and the way to revoke it.

use leptos::prelude::*;
use tocsin_domain::link::{Link, LinkState};

use crate::{
    api::links::RevokeLink,
    components::{
        action_form::ActionForm,
        button::{Button, Press},
        form::{FormProblem, Problem},
        icon::Glyph,
        mark::Shape,
        status::Status,
        table::{Cell, CellText, Column, Density, Place, Row, Table},
        time::Moment,
    },
    i18n::{t, tu_string, use_i18n},
};

/// The table.
#[component]
pub fn List(
    /// The links, the newest first.
    links: Vec<Link>,
) -> impl IntoView {
    let i18n = use_i18n();
    let revoke = ServerAction::<RevokeLink>::new();
    if links.is_empty() {
        return view! { <p class="sub">{t!(i18n, links.none)}</p> }.into_any();
    }
    let columns = vec![
        Column::text(tu_string!(i18n, links.state)),
        Column::text(tu_string!(i18n, links.made_by)),
        Column::text(tu_string!(i18n, links.opened)),
        Column::hidden(tu_string!(i18n, common.actions)),
    ];
    let rows = links
        .into_iter()
        .map(|link| view! { <Line link revoke /> })
        .collect_view();
    view! {
        <FormProblem problem=Problem::of(revoke) />
        <Table label=tu_string!(i18n, links.table) columns density=Density::Compact>
            {rows}
        </Table>
    }
    .into_any()
}

#[component]
fn Line(link: Link, revoke: ServerAction<RevokeLink>) -> impl IntoView {
    let i18n = use_i18n();
    let state = state(&link);
    let is_usable = link.state == LinkState::Usable;
    let made_by = link
        .made_by
        .clone()
        .unwrap_or_else(|| tu_string!(i18n, links.tocsin).to_owned());
    let opened = link.opened_at.map_or_else(
        || view! { <span class="sub">{t!(i18n, links.not_opened)}</span> }.into_any(),
        |at| view! { <Moment at /> }.into_any(),
    );
    let revoke = is_usable.then(|| {
        view! {
            <ActionForm action=revoke>
                <input type="hidden" name="id" value=link.id.to_string() />
                <Button press=Press::Submit glyph=Glyph::Trash>
                    {t!(i18n, links.revoke)}
                    <span class="vh">" " {tu_string!(i18n, links.revoke_of, moment = link.made_at.to_string())}</span>
                </Button>
            </ActionForm>
        }
    });
    view! {
        <Row>
            <Cell>{state}</Cell>
            <Cell label=tu_string!(i18n, links.made_by)>
                {made_by} " " <span class="sub"><Moment at=link.made_at /></span>
            </Cell>
            <Cell label=tu_string!(i18n, links.opened) place=Place::Half text=CellText::Line>
                {opened}
            </Cell>
            <Cell>{revoke}</Cell>
        </Row>
    }
    .into_any()
}

/// How it stands, in words, with when.
fn state(link: &Link) -> AnyView {
    let i18n = use_i18n();
    let (shape, words, at) = match link.state {
        LinkState::Usable => (
            Shape::Queued,
            tu_string!(i18n, links.usable),
            Some(link.expires_at),
        ),
        LinkState::Used(at) => (Shape::Ok, tu_string!(i18n, links.used), Some(at)),
        LinkState::Revoked(at) => (Shape::Cancelled, tu_string!(i18n, links.revoked), Some(at)),
        LinkState::Expired => (
            Shape::Cancelled,
            tu_string!(i18n, links.expired),
            Some(link.expires_at),
        ),
        LinkState::TriedTooOften => (Shape::Cancelled, tu_string!(i18n, links.tried_too_often), None),
    };
    view! {
        <Status shape words />
        {at.map(|at| view! { <div class="sub"><Moment at /></div> })}
    }
    .into_any()
}
