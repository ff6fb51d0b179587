//! The first administrator, and signing in, by Tocsin's own password or by the NAS. Signing out is a plain form of the frame: `POST /sign-out`.

use leptos::{prelude::*, server_fn::ServerFn};
use serde::{Deserialize, Serialize};

use super::error::ApiError;

/// Makes the first administrator, who shows by the set-up code that the machine is theirs, and signs them in.
#[server(endpoint = "set-up")]
pub async fn set_up(code: String, name: String, address: String, password: String) -> Result<(), ApiError> {
    ssr::answer(ssr::set_up(code, name, address, password).await)
}

/// Signs in, and goes on to the page that was asked for.
#[server(endpoint = "sign-in")]
pub async fn sign_in(name: String, password: String, to: String) -> Result<(), ApiError> {
    ssr::answer(ssr::sign_in(name, password, &to).await)
}

/// By which ways somebody can sign in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ways {
    /// Whether there is no local administrator yet.
    pub is_new: bool,
    /// The NAS that Tocsin runs on, whose administrators may sign in, as it knows the browser.
    pub nas: Option<Recognised>,
}

/// Whom the NAS knows the browser as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recognised {
    /// One of its administrators.
    Administrator(String),
    /// Somebody else of its users.
    Other(String),
    /// Nobody.
    Nobody,
    /// It does not answer.
    Silent,
}

/// By which ways somebody can sign in.
#[server(endpoint = "sign-in/ways")]
pub async fn sign_in_ways() -> Result<Ways, ApiError> {
    ssr::answer(ssr::ways().await)
}

/// Signs in whom the NAS knows the browser as. A form, and never the page by itself: nobody is signed in unasked.
#[server(endpoint = "sign-in/nas-continue")]
pub async fn nas_continue(to: String) -> Result<(), ApiError> {
    ssr::answer(ssr::nas_continue(&to).await)
}

/// Signs in by a user's name and password on the NAS.
#[server(endpoint = "sign-in/nas")]
pub async fn nas_sign_in(user: String, password: String, code: String, to: String) -> Result<(), ApiError> {
    ssr::answer(ssr::nas_sign_in(user, password, &code, &to).await)
}

/// What answers without a session.
pub const OPEN: [&str; 5] = [
    SetUp::PATH,
    SignIn::PATH,
    SignInWays::PATH,
    NasContinue::PATH,
    NasSignIn::PATH,
];

#[cfg(feature = "ssr")]
pub use ssr::local;

#[cfg(feature = "ssr")]
mod ssr {
    use http::header::SET_COOKIE;
    use leptos::prelude::expect_context;
    use leptos_axum::{ResponseOptions, redirect};
    use secrecy::{ExposeSecret as _, SecretString};

    use tocsin_engine::nas;

    pub(super) use crate::api::visit::answer;
    use crate::api::{
        cookie,
        error::{ApiError, Kind},
        session::{Recognised, Ways},
        visit::{Visit, engine, visit},
    };

    pub(super) async fn set_up(
        code: String,
        name: String,
        address: String,
        password: String,
    ) -> Result<(), ApiError> {
        let visit = visit()?;
        let typed = [("name", name.clone()), ("address", address.clone())];
        let password = SecretString::from(password);
        let made = async {
            engine()
                .set_up(&code, &name, &address, &password, &visit.origin)
                .await?;
            Ok(engine().sign_in(&name, &password, &visit.origin).await?)
        };
        let secret = made.await.map_err(|error: ApiError| error.with_typed(typed))?;
        enter(&visit, &secret, "/")
    }

    pub(super) async fn sign_in(name: String, password: String, to: &str) -> Result<(), ApiError> {
        let visit = visit()?;
        let signed_in = engine().sign_in(&name, &password.into(), &visit.origin).await;
        let secret = signed_in.map_err(|error| ApiError::from(error).with_typed([("name", name)]))?;
        enter(&visit, &secret, local(to))
    }

    pub(super) async fn ways() -> Result<Ways, ApiError> {
        let visit = visit()?;
        let engine = engine();
        let nas = engine.nas_recognises(&visit.brought).await;
        Ok(Ways {
            is_new: engine.setup_needed().await?,
            nas: nas.map(|recognised| match recognised {
                nas::Recognised::Administrator(user) => Recognised::Administrator(user),
                nas::Recognised::Other(user) => Recognised::Other(user),
                nas::Recognised::Nobody => Recognised::Nobody,
                nas::Recognised::Silent => Recognised::Silent,
            }),
        })
    }

    pub(super) async fn nas_continue(to: &str) -> Result<(), ApiError> {
        let visit = visit()?;
        let secret = engine().nas_continue(&visit.brought, &visit.origin).await?;
        enter(&visit, &secret, local(to))
    }

    pub(super) async fn nas_sign_in(
        user: String,
        password: String,
        code: &str,
        to: &str,
    ) -> Result<(), ApiError> {
        let visit = visit()?;
        let password = SecretString::from(password);
        let signed_in = engine().nas_sign_in(&user, &password, code, &visit.origin).await;
        let secret = signed_in.map_err(|error| ApiError::from(error).with_typed([("user", user)]))?;
        enter(&visit, &secret, local(to))
    }

    fn enter(visit: &Visit, secret: &SecretString, to: &str) -> Result<(), ApiError> {
        let cookie = cookie::keep(secret.expose_secret(), &visit.came_by)
            .ok_or_else(|| ApiError::new(Kind::Failed, "the session cannot be kept"))?;
        expect_context::<ResponseOptions>().append_header(SET_COOKIE, cookie);
        redirect(to);
        Ok(())
    }

    /// Only a path of this site: whatever else somebody put into the link leads to the first page.
    pub fn local(to: &str) -> &str {
        let is_local = to.starts_with('/')
            && !to.starts_with("//")
            && to.chars().all(|c| c.is_ascii_graphic() && c != '\\');
        if is_local { to } else { "/" }
    }

    #[cfg(test)]
    mod tests {
        use super::local;

        #[test]
        fn signing_in_never_leads_to_another_site() {
            assert_eq!(local("/accounts/7?done=saved"), "/accounts/7?done=saved");
            for to in [
                "//evil.example",
                "https://evil.example",
                "/\\evil.example",
                "/a\r\nb",
                "",
            ] {
                assert_eq!(local(to), "/", "{to:?}");
            }
        }
    }
}
