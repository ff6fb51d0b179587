//! Adding a mailbox by signing in at its provider: Gmail, Outlook.com, Microsoft 365.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use tocsin_domain::{
    address::EmailAddress,
    failure::Stage,
    sign_in_way::{Way, chosen},
};

use super::{account_fields::PersonFields, add_account::SignInFooter, type_address::TypeAddress};
use crate::{
    api::{oauth::ProviderApplication, sign_ins::BeginAdd},
    components::{
        action_form::ActionForm,
        button::{Kind, LinkButton},
        form::{FormProblem, Problem},
        icon::Glyph,
        mark::Shape,
        note::{Guidance, Note},
        reply::{About, Reply},
        sign_in_ways::SignInWays,
        toggle::Toggle,
    },
    i18n::{t, tu_string, use_i18n},
};

const FIELDS: &[&str] = &["sender_name", "owner"];

/// The second step for such a provider; without an OAuth application the way to set one up.
#[component]
pub fn AddSignIn(
    /// The provider, with its application.
    offer: ProviderApplication,
) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<BeginAdd>::new();
    let problem = Problem::of(action);
    let ProviderApplication {
        provider,
        application,
        ways,
        ..
    } = offer;
    let query = use_query_map();
    let named = Memo::new(move |_| query.with(|query| query.get("way")?.parse::<Way>().ok()));
    // What was typed in the first step: the provider's page then asks for this mailbox.
    let hint = query
        .with_untracked(|query| query.get("address"))
        .unwrap_or_default();
    let hint = hint
        .parse::<EmailAddress>()
        .map(|hint| hint.to_string())
        .unwrap_or_default();
    let about = About::application(&provider);
    let name = provider.name;
    let key = provider.key.to_string();
    let settings = format!("/settings/oauth/{key}");
    let way_href = {
        let key = key.clone();
        move |way: Way| format!("/accounts/add?provider={key}&way={}", way.as_str())
    };
    let Some(application) = application else {
        return view! {
            <div class="body">
                <div class="stack">
                    <Note
                        shape=Shape::Configuration
                        title=tu_string!(i18n, accounts.add.no_application, provider = name)
                    >
                        <p>{t!(i18n, accounts.add.no_application_text)}</p>
                    </Note>
                </div>
            </div>
            <footer>
                <LinkButton href="/accounts/add">{t!(i18n, accounts.add.back)}</LinkButton>
                <span class="push"></span>
                <LinkButton kind=Kind::Main href=settings>
                    {t!(i18n, accounts.add.set_up_application)}
                </LinkButton>
            </footer>
        }
        .into_any();
    };
    let refused = application.refusal.map(|refusal| {
        view! {
            <Note
                shape=Shape::Configuration
                title=tu_string!(i18n, accounts.add.refused_application, provider = name.clone())
            >
                <Reply stage=Stage::Token meaning=refusal.meaning words=refusal.words about=about.clone() />
            </Note>
        }
    });
    let ways = StoredValue::new(ways);
    let title = tu_string!(i18n, accounts.add.oauth_title, provider = name.clone());
    let name = StoredValue::new(name);
    let way_href = StoredValue::new(way_href);
    view! {
        <ActionForm action>
            <div class="body">
                <div class="stack">
                    <FormProblem problem fields=FIELDS />
                    {refused}
                    <Guidance
                        glyph=Glyph::Shield
                        title
                    >
                        <p class="sub">{t!(i18n, accounts.add.oauth_text)}</p>
                    </Guidance>
                    {move || {
                        let offered = ways.get_value();
                        let current = chosen(&offered, named.get());
                        view! {
                            <SignInWays offered current provider=name.get_value() href=way_href.get_value() />
                            <input type="hidden" name="form[way]" value=current.as_str() />
                        }
                    }}
                    <TypeAddress />
                    <input type="hidden" name="form[address]" value=hint />
                    <input type="hidden" name="form[provider]" value=key />
                    <div class="fields">
                        <PersonFields problem />
                    </div>
                    <Toggle name="form[default]" checked=!problem.typed("default", "").is_empty()>
                        {t!(i18n, accounts.form.default)}
                    </Toggle>
                </div>
            </div>
            <SignInFooter busy=action.pending()>{t!(i18n, accounts.add.account)}</SignInFooter>
        </ActionForm>
    }
    .into_any()
}
