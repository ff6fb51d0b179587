//! Machine tokens: by which programs report events.

use leptos::prelude::*;

use crate::{
    api::settings::{MakeToken, RevokeToken, TokenRow},
    components::{
        action_form::ActionForm,
        button::{Button, Kind, Press},
        field::{Field, Span},
        form::{FormProblem, Problem},
        icon::Glyph,
        panel::Panel,
        select::{Choice, Select},
        shown_once::ShownOnce,
        table::{Cell, CellText, Column, Place, Row, Table},
        time::{Moment, Precision},
    },
    i18n::{t, tu_string, use_i18n},
};

/// The panel.
#[component]
pub fn Tokens(
    /// Those that are not revoked.
    tokens: Vec<TokenRow>,
    /// One that was made just now, to be shown this once.
    new_token: Option<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let revoke = ServerAction::<RevokeToken>::new();
    let table = (!tokens.is_empty()).then(|| view! { <List tokens revoke /> });
    view! {
        <Panel
            id="tokens"
            title=tu_string!(i18n, settings.tokens.title)
            note=tu_string!(i18n, settings.tokens.note)
        >
            <div class="body">
                <div class="stack">{new_token.map(|token| view! { <New token /> })} <Make /></div>
            </div>
            <FormProblem problem=Problem::of(revoke) />
            {table}
        </Panel>
    }
    .into_any()
}

#[component]
fn New(token: String) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <ShownOnce
            title=tu_string!(i18n, settings.tokens.made)
            hint=tu_string!(i18n, settings.tokens.made_hint)
            label=tu_string!(i18n, settings.tokens.new)
            id="new-token"
            size=54
            secret=token
        >
            {t!(i18n, settings.tokens.copy)}
        </ShownOnce>
    }
    .into_any()
}

#[component]
fn Make() -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<MakeToken>::new();
    let problem = Problem::of(action);
    let scopes = vec![
        Choice::new("report", tu_string!(i18n, settings.tokens.report)),
        Choice::new("read", tu_string!(i18n, settings.tokens.read)),
        Choice::new("administer", tu_string!(i18n, settings.tokens.administer)),
    ];
    view! {
        <ActionForm action>
            <div class="stack">
                <FormProblem problem fields=&["name", "scope"] />
                <div class="fields">
                    <Field
                        label=tu_string!(i18n, settings.tokens.name)
                        name="name"
                        id="token-name"
                        value=problem.typed("token_name", "")
                        hint=tu_string!(i18n, settings.tokens.name_hint)
                        error=problem.field("name")
                        autocomplete="off"
                        span=Span::Half
                    />
                    <Select
                        label=tu_string!(i18n, settings.tokens.scope)
                        name="scope"
                        choices=Signal::stored(scopes)
                        value=problem.typed("scope", "report")
                        error=problem.field("scope")
                        span=Span::Half
                    />
                </div>
                <div>
                    <Button kind=Kind::Main press=Press::Submit busy=action.pending()>
                        {t!(i18n, settings.tokens.make)}
                    </Button>
                </div>
            </div>
        </ActionForm>
    }
    .into_any()
}

#[component]
fn List(tokens: Vec<TokenRow>, revoke: ServerAction<RevokeToken>) -> impl IntoView {
    let i18n = use_i18n();
    let columns = vec![
        Column::text(tu_string!(i18n, settings.tokens.name)),
        Column::text(tu_string!(i18n, settings.tokens.scope)),
        Column::text(tu_string!(i18n, settings.tokens.made_at)),
        Column::text(tu_string!(i18n, settings.tokens.used_at)),
        Column::hidden(tu_string!(i18n, common.actions)),
    ];
    let rows = tokens.into_iter().map(|token| {
        let scope = match token.scope.as_str() {
            "read" => tu_string!(i18n, settings.tokens.read),
            "administer" => tu_string!(i18n, settings.tokens.administer),
            _ => tu_string!(i18n, settings.tokens.report),
        };
        let used = token.last_used_at.map_or_else(
            || t!(i18n, common.time.never).into_any(),
            |at| view! { <Moment at /> }.into_any(),
        );
        let (name, of_name) = (token.name.clone(), token.name);
        view! {
            <Row>
                <Cell>
                    <b>{name}</b>
                </Cell>
                <Cell label=tu_string!(i18n, settings.tokens.scope)>{scope}</Cell>
                <Cell
                    label=tu_string!(i18n, settings.tokens.made_at)
                    place=Place::Half
                    text=CellText::Line
                >
                    <Moment at=token.created_at precision=Precision::Day />
                </Cell>
                <Cell
                    label=tu_string!(i18n, settings.tokens.used_at)
                    place=Place::Half
                    text=CellText::Line
                >
                    {used}
                </Cell>
                <Cell>
                    <ActionForm action=revoke>
                        <input type="hidden" name="id" value=token.id.to_string() />
                        <Button press=Press::Submit glyph=Glyph::Trash>
                            {t!(i18n, settings.tokens.revoke)}
                            <span class="vh">" " {of_name}</span>
                        </Button>
                    </ActionForm>
                </Cell>
            </Row>
        }
    });
    let rows = rows.collect_view();
    view! {
        <Table label=tu_string!(i18n, settings.tokens.title) columns>
            {rows}
        </Table>
    }
    .into_any()
}
