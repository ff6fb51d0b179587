//! An OAuth application: what to do at the provider, the redirect URI to register there, and what the provider
//! gave.

use jiff::tz::TimeZone;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map, use_query_map};
use tocsin_domain::{
    provider::OAuthFamily,
    sign_in_way::{OfferedWay, Way},
};

use super::{oauth_steps::Steps, settings::oauth_state};
use crate::{
    api::oauth::{
        Application, CheckApplication, ProviderApplication, SaveApplication, SecretState, application_of,
    },
    components::{
        action_form::ActionForm,
        button::{Button, Kind, LinkButton, Press},
        copy_button::CopyButton,
        field::{Field, Input},
        form::{FormProblem, Problem},
        icon::Glyph,
        load_problem::WindowProblem,
        mark::Shape,
        note::Note,
        sign_in_ways::WaysFromHere,
        status::Status,
        window::{Width, Window},
    },
    i18n::{t, tu_string, use_i18n},
};

/// An OAuth application.
#[component]
pub fn OauthApplication() -> impl IntoView {
    let i18n = use_i18n();
    let title = tu_string!(i18n, settings.oauth.title);
    let parameters = use_params_map();
    let search = use_location().search;
    let key = move || {
        parameters
            .with(|parameters| parameters.get("provider"))
            .unwrap_or_default()
    };
    // Saving leads back here, with another query.
    let offer = Resource::new(move || (key(), search.get()), |(key, _)| application_of(key));
    let action = ServerAction::<SaveApplication>::new();
    view! {
        <Title text=title />
        <Window title back="/settings" width=Width::Wide>
            <Transition>
                {move || Suspend::new(async move {
                    match offer.await {
                        Ok(offer) => view! { <Loaded offer action /> }.into_any(),
                        Err(error) => {
                            view! {
                                <WindowProblem error />
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
fn Loaded(offer: ProviderApplication, action: ServerAction<SaveApplication>) -> impl IntoView {
    let i18n = use_i18n();
    let problem = Problem::of(action);
    let ProviderApplication {
        provider,
        application,
        redirect_uri,
        loopback_uri,
        ways,
    } = offer;
    let family = provider.oauth.map_or(OAuthFamily::Google, |oauth| oauth.family);
    let (name, key) = (provider.name, provider.key.to_string());
    let saved = application.clone();
    let (shape, words, detail) = oauth_state(application);
    let check = saved
        .is_some()
        .then(|| view! { <Check key=key.clone() name=name.clone() /> });
    let add = saved
        .is_some()
        .then(|| format!("/accounts/add?provider={key}"))
        .map(|href| view! { <LinkButton href>{t!(i18n, settings.oauth.add)}</LinkButton> });
    view! {
        <div class="body">
            <div class="stack">
                <Outcome provider=name.clone() />
                <div class="row">
                    <h2>{name.clone()}</h2>
                    <span class="push">
                        <Status shape words detail />
                    </span>
                </div>
                {check} <RedirectUris family ways=ways.clone() redirect_uri loopback_uri />
                <WaysFromHere ways=ways.clone() provider=name.clone() />
                <Steps family key=key.clone() ways />
                <FormProblem problem fields=&["client_id", "secret_ends"] />
            </div>
        </div>
        <ActionForm action>
            <div class="body">
                <Fields saved family key problem />
            </div>
            <footer>
                <LinkButton href="/settings">{t!(i18n, common.close)}</LinkButton>
                <span class="push"></span>
                {add}
                <Button kind=Kind::Main press=Press::Submit busy=action.pending()>
                    {t!(i18n, settings.save)}
                </Button>
            </footer>
        </ActionForm>
    }
    .into_any()
}

/// What the provider gave.
#[component]
fn Fields(saved: Option<Application>, family: OAuthFamily, key: String, problem: Problem) -> impl IntoView {
    let i18n = use_i18n();
    let has_secret = saved
        .as_ref()
        .is_some_and(|saved| saved.secret == SecretState::Saved);
    let secret_hint = if has_secret {
        tu_string!(i18n, settings.oauth.secret_kept)
    } else {
        tu_string!(i18n, settings.oauth.secret_hint)
    };
    let ends = saved.as_ref().and_then(|saved| saved.secret_ends_at);
    let ends = ends.map(|at| at.to_zoned(TimeZone::UTC).date().to_string());
    let client_id = saved.map(|saved| saved.client_id).unwrap_or_default();
    let odd = (!client_id.is_empty()).then(|| odd(family, &client_id)).flatten();
    view! {
        <div class="stack">
            <input type="hidden" name="key" value=key />
            <Field
                label=tu_string!(i18n, settings.oauth.client_id)
                name="client_id"
                input=Input::Code
                value=problem.typed("client_id", client_id)
                hint=odd.unwrap_or_default()
                error=problem.field("client_id")
                required=true
            />
            <Field
                label=tu_string!(i18n, settings.oauth.client_secret)
                name="client_secret"
                input=Input::Password
                hint=secret_hint
                autocomplete="off"
            />
            <Field
                label=tu_string!(i18n, sign_ins.application.secret_ends)
                name="secret_ends"
                input=Input::Day
                value=problem.typed("secret_ends", ends.unwrap_or_default())
                hint=tu_string!(i18n, sign_ins.application.secret_ends_hint)
                error=problem.field("secret_ends")
            />
        </div>
    }
    .into_any()
}

/// The form of client ids, as the consoles of Google and Microsoft show them.
fn odd(family: OAuthFamily, client_id: &str) -> Option<&'static str> {
    let i18n = use_i18n();
    let is_uuid = client_id.len() == 36
        && client_id.split('-').map(str::len).eq([8, 4, 4, 4, 12])
        && client_id.chars().all(|c| c == '-' || c.is_ascii_hexdigit());
    match family {
        OAuthFamily::Google => (!client_id.ends_with(".apps.googleusercontent.com"))
            .then(|| tu_string!(i18n, sign_ins.application.odd_google)),
        OAuthFamily::Microsoft => (!is_uuid).then(|| tu_string!(i18n, sign_ins.application.odd_microsoft)),
    }
}

/// What to register, each with a button to copy it. One that no provider takes is left out.
#[component]
fn RedirectUris(
    family: OAuthFamily,
    ways: Vec<OfferedWay>,
    redirect_uri: String,
    loopback_uri: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let redirects = ways
        .iter()
        .any(|offered| offered.way == Way::Redirect && offered.obstacle.is_none());
    let uri = |id: &'static str, label: &'static str, uri: String| {
        view! {
            <div class="field">
                <label for=id>{label}</label>
                <div class="join">
                    <input class="input" id=id readonly=true value=uri.clone() />
                    <CopyButton text=Signal::stored(uri)>{t!(i18n, settings.oauth.copy)}</CopyButton>
                </div>
            </div>
        }
    };
    view! {
        {redirects
            .then(|| uri("redirect-uri", tu_string!(i18n, settings.oauth.redirect_uri), redirect_uri))}
        {uri("loopback-uri", tu_string!(i18n, sign_ins.application.uri_loopback), loopback_uri)}
        {(family == OAuthFamily::Google)
            .then(|| view! { <p class="sub">{t!(i18n, sign_ins.application.uris_desktop)}</p> })}
    }
    .into_any()
}

/// Asks the provider whether it takes what was saved.
#[component]
fn Check(key: String, name: String) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<CheckApplication>::new();
    let problem = Problem::of(action);
    view! {
        <div class="stack">
            <FormProblem problem />
            <ActionForm action>
                <div class="row">
                    <input type="hidden" name="key" value=key />
                    <Button press=Press::Submit glyph=Glyph::Check busy=action.pending()>
                        {t!(i18n, sign_ins.application.check)}
                    </Button>
                    <span class="sub">
                        {tu_string!(i18n, sign_ins.application.check_text, provider = name)}
                    </span>
                </div>
            </ActionForm>
        </div>
    }
    .into_any()
}

/// What saving or checking led to. The URL holds a known word and no text.
#[component]
fn Outcome(provider: String) -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let words = move || {
        let provider = provider.clone();
        match query.with(|query| query.get("done"))?.as_str() {
            "saved" => Some(tu_string!(i18n, settings.oauth.saved).to_owned()),
            "accepted" => Some(tu_string!(
                i18n,
                sign_ins.application.accepted,
                provider = provider
            )),
            "known" => Some(tu_string!(i18n, sign_ins.application.known, provider = provider)),
            _ => None,
        }
    };
    view! {
        <div role="status">
            {move || words().map(|words| view! { <Note shape=Shape::Ok title=words /> })}
        </div>
    }
    .into_any()
}
