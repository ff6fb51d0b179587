//! The router: which path shows which page.
//!
//! Every route renders in `Async` mode, so that the whole page is in the HTML and works without a script.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

use crate::{
    base::base,
    frame::SignedIn,
    i18n::I18nContextProvider,
    pages::{
        accounts::Accounts, not_found::NotFound, notification::Notification, notifications::Notifications,
        oauth_application::OauthApplication, overview::Overview, rule::Rule, rules::Rules,
        settings::Settings, setup::Setup, sign_in::SignIn,
    },
    wizards::{
        add_account::AddAccount,
        convert_account::ConvertAccount,
        delete_account::DeleteAccount,
        device_sign_in::DeviceSignIn,
        edit_account::EditAccount,
        import::{Import, ImportFile},
        paste_sign_in::PasteSignIn,
        restore_account::RestoreAccount,
        sign_in_failed::SignInFailed,
        start_account::StartAccount,
    },
};

/// The application, from the texts' context down.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <I18nContextProvider>
            <Title formatter=|title| format!("{title} · Tocsin") />
            <Router base=base().to_string()>
                <Routes fallback=NotFound>
                    <Route path=path!("/setup") view=Setup ssr=SsrMode::Async />
                    <Route path=path!("/sign-in") view=SignIn ssr=SsrMode::Async />
                    <Route path=path!("/oauth/callback") view=SignInFailed ssr=SsrMode::Async />
                    <ParentRoute path=path!("") view=SignedIn ssr=SsrMode::Async>
                        <Route path=path!("/") view=Overview />
                        <Route path=path!("/accounts") view=Accounts />
                        <Route path=path!("/accounts/add") view=AddAccount />
                        <Route path=path!("/accounts/import") view=ImportFile />
                        <Route path=path!("/accounts/import/:id") view=Import />
                        <Route path=path!("/accounts/:id") view=EditAccount />
                        <Route path=path!("/accounts/:id/convert") view=ConvertAccount />
                        <Route path=path!("/accounts/:id/start") view=StartAccount />
                        <Route path=path!("/accounts/:id/delete") view=DeleteAccount />
                        <Route path=path!("/accounts/:id/restore") view=RestoreAccount />
                        <Route path=path!("/oauth/device/:id") view=DeviceSignIn />
                        <Route path=path!("/oauth/paste/:id") view=PasteSignIn />
                        <Route path=path!("/rules") view=Rules />
                        <Route path=path!("/rules/new") view=Rule />
                        <Route path=path!("/rules/:id") view=Rule />
                        <Route path=path!("/notifications") view=Notifications />
                        <Route path=path!("/notifications/:id") view=Notification />
                        <Route path=path!("/settings") view=Settings />
                        <Route path=path!("/settings/oauth/:provider") view=OauthApplication />
                    </ParentRoute>
                </Routes>
            </Router>
        </I18nContextProvider>
    }
}
