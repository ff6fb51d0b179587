//! The accounts' health, those that need somebody first.

use leptos::prelude::*;

use crate::{
    api::overview::Health,
    base::at,
    components::{account_status, empty::Empty, icon::Glyph, mark::Mark, panel::Panel},
    i18n::{t, tu_string, use_i18n},
    words,
};

#[component]
pub fn Accounts(accounts: Vec<Health>) -> impl IntoView {
    let i18n = use_i18n();
    let list = if accounts.is_empty() {
        view! { <Empty glyph=Glyph::Accounts fact=tu_string!(i18n, overview.no_account) /> }.into_any()
    } else {
        view! {
            <ul class="list">{accounts.into_iter().map(line).collect_view()}</ul>
        }
        .into_any()
    };
    view! {
        <Panel
            id="health"
            title=tu_string!(i18n, overview.accounts)
            actions=move || view! { <a href=at("/accounts")>{t!(i18n, overview.all_accounts)}</a> }
        >
            {list}
        </Panel>
    }
    .into_any()
}

fn line(one: Health) -> AnyView {
    let i18n = use_i18n();
    let Health { account, counts, .. } = one;
    let shape = account_status::shape(&account);
    let words = words::authorization::short(i18n, &account.authorization);
    let carried = if counts.held > 0 {
        tu_string!(i18n, overview.held_short, count = counts.held)
    } else {
        tu_string!(i18n, overview.sent_today, count = counts.sent_today)
    };
    view! {
        <li>
            <Mark shape />
            <div>
                <a href=at(format!("/accounts/{}", account.id))>{account.settings.address.to_string()}</a>
                <div class="sub">{words}</div>
            </div>
            <span class="sub nowrap">{carried}</span>
        </li>
    }
    .into_any()
}
