//! A form that calls a server function, with a script or without. `ActionForm` of leptos 0.8.23 (`src/form.rs`) does
//! the same, but names the function without the base path, so that a form without a script would leave it.

use leptos::server_fn::{Http, error::ServerFnErrorErr};
use leptos::{
    ev::SubmitEvent,
    form::FromFormData,
    prelude::*,
    server_fn::{ServerFn, client::Client, codec::PostUrl, error::FromServerFnError, request::ClientReq},
    web_sys::FormData,
};
use serde::de::DeserializeOwned;

use crate::base::at;

/// The form.
#[component]
pub fn ActionForm<F, Output>(
    /// What sending it does.
    action: ServerAction<F>,
    children: Children,
) -> impl IntoView
where
    F: ServerFn<Protocol = Http<PostUrl, Output>> + DeserializeOwned + Clone + Send + Sync + 'static,
    <<F::Client as Client<F::Error>>::Request as ClientReq<F::Error>>::FormData: From<FormData>,
    F::Client: Client<F::Error>,
    F::Output: Send + Sync + 'static,
    F::Error: Send + Sync + 'static,
{
    let (version, value) = (action.version(), action.value());
    let submit = move |event: SubmitEvent| {
        if event.default_prevented() {
            return;
        }
        event.prevent_default();
        match F::from_event(&event) {
            Ok(input) => {
                action.dispatch(input);
            }
            Err(error) => {
                let error = ServerFnErrorErr::Serialization(error.to_string());
                value.set(Some(Err(F::Error::from_server_fn_error(error))));
                version.update(|version| *version += 1);
            }
        }
    };
    view! {
        <form method="post" action=at(F::url()) on:submit=submit>
            {children()}
        </form>
    }
}
