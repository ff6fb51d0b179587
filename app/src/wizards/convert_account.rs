//! Converting a Custom account on a public server of Gmail or Outlook: the offer, the window, and the way back.

use jiff::Timestamp;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use tocsin_domain::{
    id::AccountId,
    provider::{OAuthFamily, Provider},
    sign_in_way::{Way, chosen},
};

use super::edit_account::account_of_path;
use crate::{
    api::{
        accounts::Detail,
        error::ApiError,
        sign_ins::{BeginConvert, Conversion, HasApplication, TurnBack},
    },
    components::{
        action_form::ActionForm,
        button::{Button, Kind, LinkButton, Press},
        continue_with::ContinueWith,
        form::{FormProblem, Problem},
        icon::Glyph,
        load_problem::WindowProblem,
        mark::Shape,
        note::Note,
        sign_in_ways::SignInWays,
        time::Moment,
        window::Window,
    },
    i18n::{t, tu_string, use_i18n},
};

/// Why a password is no good there for long. Sources: <https://support.google.com/mail/answer/185833>,
/// <https://support.microsoft.com/office/modern-authentication-methods-now-needed-to-continue-syncing-outlook-email-in-non-microsoft-email-apps-c5d65390-9676-4763-b41f-d7986499a90d>,
/// <https://techcommunity.microsoft.com/blog/exchange/exchange-online-to-retire-basic-auth-for-client-submission-smtp-auth/4114750>.
fn reason(provider: &Provider) -> &'static str {
    let i18n = use_i18n();
    match (
        provider.oauth.as_ref().map(|oauth| oauth.family),
        provider.key.as_str(),
    ) {
        (Some(OAuthFamily::Microsoft), "outlook") => tu_string!(i18n, sign_ins.convert.outlook_reason),
        (Some(OAuthFamily::Microsoft), _) => tu_string!(i18n, sign_ins.convert.work_reason),
        _ => tu_string!(i18n, sign_ins.convert.google_reason),
    }
}

/// What a Custom account that was recognised can be converted to, and why it should.
#[component]
pub fn ConversionOffer(
    /// The account.
    id: AccountId,
    /// The likeliest first; none makes no offer.
    conversions: Vec<Conversion>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Some(first) = conversions.first() else {
        return ().into_any();
    };
    let title = tu_string!(
        i18n,
        sign_ins.convert.recognised,
        provider = first.provider.name.clone()
    );
    let reason = reason(&first.provider);
    let mut kind = Kind::Main;
    let buttons = conversions
        .into_iter()
        .map(|conversion| {
            let Provider { key, name, .. } = conversion.provider;
            let kind = std::mem::replace(&mut kind, Kind::Default);
            view! {
                <LinkButton kind glyph=Glyph::Convert href=format!("/accounts/{id}/convert?to={key}")>
                    {tu_string!(i18n, sign_ins.convert.to, provider = name)}
                </LinkButton>
            }
        })
        .collect_view();
    view! {
        <Note shape=Shape::Expiring title>
            <div class="stack">
                <p>{reason} " " {t!(i18n, sign_ins.convert.offer)}</p>
                <div class="row">{buttons}</div>
            </div>
        </Note>
    }
    .into_any()
}

/// A converted account can be turned back for a day.
#[component]
pub fn TurnBackOffer(
    /// The account.
    id: AccountId,
    /// Until when.
    until: Option<Timestamp>,
) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<TurnBack>::new();
    let problem = Problem::of(action);
    let Some(until) = until else {
        return ().into_any();
    };
    view! {
        <FormProblem problem />
        <Note shape=Shape::Unverified title=tu_string!(i18n, sign_ins.convert.turn_back_title)>
            <div class="stack">
                <p class="sub">
                    {t!(i18n, sign_ins.convert.turn_back_text)} " " <Moment at=until /> ". "
                    {t!(i18n, sign_ins.convert.turn_back_then)}
                </p>
                <ActionForm action>
                    <input type="hidden" name="id" value=id.to_string() />
                    <Button press=Press::Submit glyph=Glyph::Undo busy=action.pending()>
                        {t!(i18n, sign_ins.convert.turn_back)}
                    </Button>
                </ActionForm>
            </div>
        </Note>
    }
    .into_any()
}

/// The window Convert account.
#[component]
pub fn ConvertAccount() -> impl IntoView {
    let title = tu_string!(use_i18n(), sign_ins.convert.title);
    let detail = account_of_path();
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| {
            let way = query.get("way").and_then(|way| way.parse::<Way>().ok());
            (query.get("to").unwrap_or_default(), way)
        })
    });
    view! {
        <Title text=title />
        <Transition>
            {move || Suspend::new(async move {
                let detail = detail.await;
                move || {
                    let (to, way) = asked.get();
                    window(detail.clone(), &to, way)
                }
            })}
        </Transition>
    }
    .into_any()
}

fn window(detail: Result<Detail, ApiError>, to: &str, way: Option<Way>) -> AnyView {
    let title = tu_string!(use_i18n(), sign_ins.convert.title);
    let error = match detail {
        Ok(detail) => {
            let id = detail.row.account.id;
            let address = detail.row.account.settings.address.to_string();
            let mut conversions = detail.signing_in.conversions.into_iter();
            let conversion = conversions.find(|conversion| conversion.provider.key.as_str() == to);
            match conversion {
                Some(conversion) => {
                    let back = format!("/accounts/{id}");
                    return view! {
                        <Window title subtitle=address.clone() back>
                            <Confirm id address conversion way />
                        </Window>
                    }
                    .into_any();
                }
                None => ApiError::gone("this account cannot be converted: open it to see what it is now"),
            }
        }
        Err(error) => error,
    };
    view! {
        <Window title back="/accounts">
            <WindowProblem error />
        </Window>
    }
    .into_any()
}

#[component]
fn Confirm(id: AccountId, address: String, conversion: Conversion, way: Option<Way>) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<BeginConvert>::new();
    let problem = Problem::of(action);
    let Conversion {
        provider,
        ways,
        application,
    } = conversion;
    let reason = reason(&provider);
    let family = provider.oauth.map_or(OAuthFamily::Google, |oauth| oauth.family);
    let (name, key) = (provider.name, provider.key);
    let current = chosen(&ways, way);
    let settings = format!("/settings/oauth/{key}");
    let to = key.clone();
    let way_href = move |way: Way| format!("/accounts/{id}/convert?to={to}&way={}", way.as_str());
    let go_on = match application {
        HasApplication::Yes => view! {
            <Button kind=Kind::Main press=Press::Submit busy=action.pending()>
                <ContinueWith family />
            </Button>
        }
        .into_any(),
        HasApplication::No => view! {
            <LinkButton kind=Kind::Main href=settings>
                {t!(i18n, accounts.add.set_up_application)}
            </LinkButton>
        }
        .into_any(),
    };
    let missing = (application == HasApplication::No).then(|| {
        view! {
            <Note
                shape=Shape::Configuration
                title=tu_string!(i18n, accounts.add.no_application, provider = name.clone())
            >
                <p>{t!(i18n, accounts.add.no_application_text)}</p>
            </Note>
        }
    });
    view! {
        <ActionForm action>
            <div class="body">
                <div class="stack">
                    <FormProblem problem />
                    <h2>{tu_string!(i18n, sign_ins.convert.to, provider = name.clone())}</h2>
                    <p>{reason}</p>
                    <ul class="ways" aria-label=tu_string!(i18n, sign_ins.convert.explain)>
                        <li>{t!(i18n, sign_ins.convert.keeps)}</li>
                        <li>
                            {tu_string!(
                                i18n, sign_ins.convert.proves, address = address, provider = name.clone()
                            )}
                        </li>
                        <li>{t!(i18n, sign_ins.convert.back)}</li>
                    </ul>
                    {missing}
                    <SignInWays offered=ways current provider=name href=way_href />
                    <input type="hidden" name="id" value=id.to_string() />
                    <input type="hidden" name="to" value=key.to_string() />
                    <input type="hidden" name="way" value=current.as_str() />
                </div>
            </div>
            <footer>
                <span class="push"></span>
                <LinkButton href=format!("/accounts/{id}")>{t!(i18n, accounts.edit.cancel)}</LinkButton>
                {go_on}
            </footer>
        </ActionForm>
    }
    .into_any()
}
