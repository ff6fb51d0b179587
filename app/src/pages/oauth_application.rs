//! An OAuth application: what to do at the provider, the redirect URI to register there, and what the provider
//! gave.

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use tocsin_domain::provider::OAuthFamily;

use super::{oauth_steps::Steps, settings::oauth_state};
use crate::{
    api::oauth::{ProviderApplication, Reach, SaveApplication, SecretState, application_of},
    components::{
        button::{Button, Kind, LinkButton, Press},
        copy_button::CopyButton,
        done::Done,
        field::{Field, Input},
        form::{FormProblem, Problem},
        load_problem::LoadProblem,
        mark::Shape,
        note::Note,
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
fn Loaded(offer: ProviderApplication, action: ServerAction<SaveApplication>) -> impl IntoView {
    let i18n = use_i18n();
    let problem = Problem::of(action);
    let ProviderApplication {
        provider,
        application,
        redirect_uri,
        reach,
    } = offer;
    let family = provider.oauth.map_or(OAuthFamily::Google, |oauth| oauth.family);
    let key = provider.key.to_string();
    let client_id = application
        .as_ref()
        .map(|saved| saved.client_id.clone())
        .unwrap_or_default();
    let has_secret = application
        .as_ref()
        .is_some_and(|saved| saved.secret == SecretState::Saved);
    let add = application
        .is_some()
        .then(|| format!("/accounts/add?provider={key}"));
    let (shape, words, detail) = oauth_state(application);
    let secret_hint = if has_secret {
        tu_string!(i18n, settings.oauth.secret_kept)
    } else {
        tu_string!(i18n, settings.oauth.secret_hint)
    };
    view! {
        <ActionForm action>
            <div class="body">
                <div class="stack">
                    <Done words=done />
                    <FormProblem problem fields=&["client_id"] />
                    <div class="row">
                        <h2>{provider.name}</h2>
                        <span class="push">
                            <Status shape words detail />
                        </span>
                    </div>
                    {reach_note(reach)}
                    <div class="field">
                        <label for="redirect-uri">{t!(i18n, settings.oauth.redirect_uri)}</label>
                        <div class="join">
                            <input
                                class="input"
                                id="redirect-uri"
                                readonly=true
                                value=redirect_uri.clone()
                                aria-describedby="redirect-uri-hint"
                            />
                            <CopyButton text=Signal::stored(redirect_uri)>
                                {t!(i18n, settings.oauth.copy)}
                            </CopyButton>
                        </div>
                        <p class="sub" id="redirect-uri-hint">
                            {t!(i18n, settings.oauth.redirect_uri_hint)}
                        </p>
                    </div>
                    <Steps family key=key.clone() />
                    <input type="hidden" name="key" value=key />
                    <Field
                        label=tu_string!(i18n, settings.oauth.client_id)
                        name="client_id"
                        input=Input::Code
                        value=problem.typed("client_id", client_id)
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
                </div>
            </div>
            <footer>
                <LinkButton href="/settings">{t!(i18n, common.close)}</LinkButton>
                <span class="push"></span>
                {add.map(|href| view! { <LinkButton href>{t!(i18n, settings.oauth.add)}</LinkButton> })}
                <Button kind=Kind::Main press=Press::Submit busy=action.pending()>
                    {t!(i18n, settings.save)}
                </Button>
            </footer>
        </ActionForm>
    }
    .into_any()
}

fn done(done: &str) -> Option<&'static str> {
    (done == "saved").then(|| tu_string!(use_i18n(), settings.oauth.saved))
}

fn reach_note(reach: Reach) -> Option<AnyView> {
    let i18n = use_i18n();
    let title = match reach {
        Reach::Accepted => return None,
        Reach::NeedsHttps => tu_string!(i18n, settings.oauth.needs_https),
        Reach::NeedsPublicName => tu_string!(i18n, settings.oauth.needs_name),
    };
    let note = view! {
        <Note shape=Shape::Expiring title>
            <p class="sub">{t!(i18n, settings.oauth.reach_hint)}</p>
        </Note>
    };
    Some(note.into_any())
}
