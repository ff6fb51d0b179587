//! The OAuth applications: one for each provider that signs in by OAuth, with its health.

use leptos::prelude::*;

use crate::{
    api::oauth::{Application, ProviderApplication},
    components::{
        button::LinkButton,
        icon::Monogram,
        mark::Shape,
        panel::Panel,
        status::Status,
        table::{Cell, Column, Row, Table},
    },
    i18n::{t, tu_string, use_i18n},
    words,
};

/// The panel.
#[component]
pub fn OauthApplications(
    /// All providers.
    providers: Vec<ProviderApplication>,
) -> impl IntoView {
    let i18n = use_i18n();
    let columns = vec![
        Column::text(tu_string!(i18n, settings.applications.provider)),
        Column::text(tu_string!(i18n, settings.applications.state)),
        Column::hidden(tu_string!(i18n, common.actions)),
    ];
    let rows = providers
        .into_iter()
        .filter(|offer| offer.provider.oauth.is_some())
        .map(|offer| view! { <Line offer /> })
        .collect_view();
    view! {
        <Panel
            id="oauth"
            title=tu_string!(i18n, settings.applications.title)
            note=tu_string!(i18n, settings.applications.note)
        >
            <Table label=tu_string!(i18n, settings.applications.title) columns>
                {rows}
            </Table>
        </Panel>
    }
    .into_any()
}

#[component]
fn Line(offer: ProviderApplication) -> impl IntoView {
    let i18n = use_i18n();
    let ProviderApplication {
        provider,
        application,
        ..
    } = offer;
    let is_set_up = application.is_some();
    let (shape, words, detail) = state(application);
    let href = format!("/settings/oauth/{}", provider.key);
    view! {
        <Row>
            <Cell>
                <div class="who">
                    <Monogram letters=provider.monogram />
                    <b>{provider.name}</b>
                </div>
            </Cell>
            <Cell label=tu_string!(i18n, settings.applications.state)>
                <Status shape words detail />
            </Cell>
            <Cell>
                <div class="row">
                    <LinkButton href>
                        {if is_set_up {
                            t!(i18n, settings.applications.change).into_any()
                        } else {
                            t!(i18n, settings.applications.set_up).into_any()
                        }}
                    </LinkButton>
                </div>
            </Cell>
        </Row>
    }
    .into_any()
}

/// Colour, words and detail of an application's health.
pub fn state(application: Option<Application>) -> (Shape, &'static str, String) {
    let i18n = use_i18n();
    match application {
        None => (
            Shape::Unverified,
            tu_string!(i18n, settings.applications.missing),
            String::new(),
        ),
        Some(Application {
            refusal: Some(refusal),
            ..
        }) => (
            Shape::Configuration,
            tu_string!(i18n, settings.applications.refused),
            words::failure::meaning(i18n, refusal.meaning).to_owned(),
        ),
        Some(application) => (
            Shape::Ok,
            tu_string!(i18n, settings.applications.saved),
            application.client_id,
        ),
    }
}
