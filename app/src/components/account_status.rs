//! An account's authorization in colour, shape and words, with since when and why.

use leptos::prelude::*;
use tocsin_domain::{
    account::{Account, PauseReason},
    authorization::{Authorization, Ending},
};

use super::{
    mark::{Mark, Shape},
    time::{Moment, Precision},
};
use crate::{
    i18n::{t, tu_string, use_i18n},
    words,
};

/// The state of an account.
#[component]
pub fn AccountStatus(
    /// The account.
    account: Account,
    /// How many notifications wait for it.
    held: u64,
) -> impl IntoView {
    let i18n = use_i18n();
    let shape = shape(&account);
    let class = format!("status {}", shape.tone().class());
    let words = words(&account);
    let held = (held > 0).then(|| view! { " · " {tu_string!(i18n, accounts.state.held, count = held)} });
    view! {
        <span class=class>
            <Mark shape />
            <span>{words}</span>
            <span class="sub">{detail(&account)} {held}</span>
        </span>
    }
    .into_any()
}

/// The mark: a used-up limit shows before an authorization that is in order.
pub fn shape(account: &Account) -> Shape {
    match (&account.authorization, &account.pause) {
        (Authorization::Authorized | Authorization::Expiring { .. }, Some(pause))
            if pause.why == PauseReason::Quota =>
        {
            Shape::Held
        }
        (authorization, _) => authorization.into(),
    }
}

fn words(account: &Account) -> AnyView {
    let i18n = use_i18n();
    match &account.authorization {
        _ if shape(account) == Shape::Held => t!(i18n, accounts.state.quota).into_any(),
        Authorization::Unverified => t!(i18n, accounts.state.unverified).into_any(),
        Authorization::Authorized => t!(i18n, accounts.state.authorized).into_any(),
        Authorization::Expiring { ends, .. } => view! {
            {t!(i18n, accounts.state.expiring)}
            " "
            <Moment at=*ends precision=Precision::Day />
        }
        .into_any(),
        Authorization::Unreachable { .. } => t!(i18n, accounts.state.unreachable).into_any(),
        authorization if authorization.application_fault().is_some() => {
            t!(i18n, warnings.application.row).into_any()
        }
        Authorization::NeedsConfiguration(_) => t!(i18n, accounts.state.needs_configuration).into_any(),
        Authorization::NeedsReauthorization(_) => t!(i18n, accounts.state.expired).into_any(),
    }
}

fn detail(account: &Account) -> AnyView {
    let i18n = use_i18n();
    if let Some(pause) = account.pause.as_ref().filter(|_| shape(account) == Shape::Held) {
        return view! { {t!(i18n, accounts.state.until)} " " <Moment at=pause.until /> }.into_any();
    }
    if account.suspicion.is_some() && !account.authorization.needs_somebody() {
        return t!(i18n, accounts.state.suspected).into_any();
    }
    match &account.authorization {
        Authorization::Unverified => t!(i18n, accounts.state.unverified_detail).into_any(),
        Authorization::Authorized => account
            .checked_at
            .map(|at| view! { {t!(i18n, accounts.state.checked)} " " <Moment at /> })
            .into_any(),
        Authorization::Expiring { why, .. } => match why {
            Ending::GrantLifetime => t!(i18n, accounts.state.ends_grant).into_any(),
            Ending::ApplicationSecret => t!(i18n, accounts.state.ends_secret).into_any(),
            Ending::PasswordSignIn => t!(i18n, accounts.state.ends_password).into_any(),
        },
        Authorization::Unreachable { since, words, .. } => view! {
            {t!(i18n, accounts.state.since)}
            " "
            <Moment at=*since />
            " · "
            {words.clone()}
        }
        .into_any(),
        Authorization::NeedsConfiguration(refusal) => {
            words::failure::meaning(i18n, refusal.meaning).into_any()
        }
        Authorization::NeedsReauthorization(refusal) => view! {
            {t!(i18n, accounts.state.since)}
            " "
            <Moment at=refusal.since />
            " · "
            {words::failure::meaning(i18n, refusal.meaning)}
        }
        .into_any(),
    }
}
