//! What stands around every page of somebody who is signed in: navigation with its marks, banner, live updates.

use leptos::prelude::*;
use leptos_router::components::Outlet;

use crate::components::{
    layout::{Frame, Layout},
    live::provide_live,
    toast::provide_toaster,
};

/// The parent of all routes but set-up and sign-in.
#[component]
pub fn SignedIn() -> impl IntoView {
    provide_live();
    provide_toaster();
    view! {
        <Layout frame=Frame::default()>
            <Outlet />
        </Layout>
    }
    .into_any()
}
