//! Settings: one panel a subject. Each has a file in `settings/`.

mod admins;
mod audit_log;
mod general;
mod nas;
mod oauth_applications;
mod tokens;
mod webhook;

pub(super) use self::oauth_applications::state as oauth_state;

use leptos::prelude::*;
use leptos_meta::Title;

use self::{
    admins::Administrators, audit_log::AuditLog, general::General, nas::Nas,
    oauth_applications::OauthApplications, tokens::Tokens, webhook::Webhook,
};
use crate::{
    api::{error::ApiError, oauth::providers, settings::all_settings, webhook::fetch_webhook},
    components::{done::Done, layout::PageHead, load_problem::LoadProblem},
    i18n::{tu_string, use_i18n},
};

/// Settings.
#[component]
pub fn Settings() -> impl IntoView {
    let title = tu_string!(use_i18n(), settings.title);
    let settings = Resource::new(use_step(), |_| async {
        Ok::<_, ApiError>((all_settings().await?, providers().await?, fetch_webhook().await?))
    });
    view! {
        <Title text=title />
        <PageHead title />
        <Done words=done />
        <Transition>
            {move || Suspend::new(async move {
                match settings.await {
                    Ok((settings, providers, webhook)) => {
                        view! {
                            <General
                                instance_name=settings.instance_name
                                public_url=settings.public_url
                                came_by=settings.came_by
                            />
                            <OauthApplications providers />
                            <Webhook webhook new_secret=settings.new_webhook_secret />
                            <Tokens tokens=settings.tokens new_token=settings.new_token />
                            <Administrators admins=settings.admins is_by_nas=settings.is_by_nas />
                            {settings.nas.map(|nas| view! { <Nas nas /> })}
                            <AuditLog log=settings.log />
                        }
                            .into_any()
                    }
                    Err(error) => view! { <LoadProblem error /> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

/// Changes with the URL: each form leads back to this page, which then shows what changed.
fn use_step() -> impl Fn() -> String {
    let location = leptos_router::hooks::use_location();
    move || location.search.get()
}

fn done(done: &str) -> Option<&'static str> {
    let i18n = use_i18n();
    Some(match done {
        "saved" => tu_string!(i18n, settings.done.saved),
        "token" => tu_string!(i18n, settings.done.token),
        "revoked" => tu_string!(i18n, settings.done.revoked),
        "webhook" => tu_string!(i18n, warnings.webhook.done_saved),
        "webhook-tested" => tu_string!(i18n, warnings.webhook.done_tested),
        "webhook-secret" => tu_string!(i18n, warnings.webhook.done_rotated),
        "webhook-removed" => tu_string!(i18n, warnings.webhook.done_removed),
        "administrator" => tu_string!(i18n, settings.done.administrator),
        "password" => tu_string!(i18n, settings.done.password),
        _ => return None,
    })
}
