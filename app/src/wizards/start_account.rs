//! The last steps of Add SMTP Service, on the new account: send a test, make it the default, use it for the pairs
//! that have no sender.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use tocsin_domain::id::AccountId;

use super::{add_account::Steps, edit_account::Default, sending_settings::Test};
use crate::{
    api::{
        error::ApiError,
        starting::{Alone, GiveSender, Start, start_of},
    },
    base::at,
    components::{
        action_form::ActionForm,
        button::{Button, Kind, LinkButton, Press},
        done::Done,
        form::{FormProblem, Problem},
        live::use_live,
        load_problem::WindowProblem,
        toggle::Toggle,
        window::Window,
    },
    i18n::{t, tu_string, use_i18n},
};

/// The window.
#[component]
pub fn StartAccount() -> impl IntoView {
    let i18n = use_i18n();
    let title = tu_string!(i18n, adding.start.title);
    let parameters = use_params_map();
    let live = use_live();
    let id = move || parameters.with(|parameters| parameters.get("id")?.parse::<AccountId>().ok());
    let started = Resource::new(
        move || (id(), live.version.get()),
        // No account has the number zero.
        |(id, _)| start_of(id.unwrap_or(AccountId::new(0))),
    );
    let give = ServerAction::<GiveSender>::new();
    view! {
        <Title text=title />
        <Window title back="/accounts">
            <Transition>
                {move || Suspend::new(async move { shown(started.await, give) })}
            </Transition>
        </Window>
    }
    .into_any()
}

fn shown(started: Result<Start, ApiError>, give: ServerAction<GiveSender>) -> AnyView {
    let i18n = use_i18n();
    let Start {
        row,
        reader,
        rules,
        pairs,
    } = match started {
        Ok(started) => started,
        Err(error) => {
            return view! {
                <WindowProblem error />
            }
            .into_any();
        }
    };
    let id = row.account.id;
    let address = row.account.settings.address.to_string();
    view! {
        <div class="body">
            <div class="stack">
                <Steps current=2 />
                <Done words=done />
                <section class="stack" aria-labelledby="test-title">
                    <div>
                        <h2 id="test-title">{t!(i18n, adding.start.test)} ": " {address}</h2>
                        <p class="sub">{t!(i18n, adding.start.test_text)}</p>
                    </div>
                    <Test id reader from="start" />
                </section>
                <section class="stack" aria-labelledby="rules-title">
                    <h2 id="rules-title">{t!(i18n, adding.start.rules)}</h2>
                    <Default row=Signal::stored(row) from="start" />
                    {alone(id, rules, pairs, give)}
                </section>
            </div>
        </div>
        <footer>
            <LinkButton kind=Kind::Plain href=format!("/accounts/{id}")>
                {t!(i18n, adding.start.settings)}
            </LinkButton>
            <span class="push"></span>
            <LinkButton kind=Kind::Main href="/accounts">
                {t!(i18n, adding.start.finish)}
            </LinkButton>
        </footer>
    }
    .into_any()
}

fn done(done: &str) -> Option<&'static str> {
    let i18n = use_i18n();
    Some(match done {
        "added" => tu_string!(i18n, accounts.done.added),
        "tested" => tu_string!(i18n, accounts.done.tested),
        "default" => tu_string!(i18n, accounts.done.default),
        "given" => tu_string!(i18n, adding.start.given),
        _ => return None,
    })
}

/// The pairs without a sender, to be ticked.
fn alone(id: AccountId, rules: usize, pairs: Vec<Alone>, give: ServerAction<GiveSender>) -> AnyView {
    let i18n = use_i18n();
    if rules == 0 {
        return view! {
            <p>
                {t!(i18n, adding.start.no_rule)} " " <a href=at("/rules/new")>{t!(i18n, adding.start.add_rule)}</a>
            </p>
        }
        .into_any();
    }
    if pairs.is_empty() {
        return view! { <p class="sub">{t!(i18n, adding.start.none)}</p> }.into_any();
    }
    let problem = Problem::of(give);
    let ticks = pairs.into_iter().map(move |alone| {
        let Alone {
            pair,
            rule,
            number,
            recipients,
        } = alone;
        let recipients = recipients.join(", ");
        let words = tu_string!(
            i18n,
            adding.start.pair,
            rule = rule,
            number = number,
            recipients = recipients
        );
        view! {
            <Toggle name="pairs[]" value=pair.to_string()>
                {words}
            </Toggle>
        }
    });
    view! {
        <FormProblem problem />
        <ActionForm action=give>
            <div class="stack">
                <input type="hidden" name="id" value=id.to_string() />
                <fieldset>
                    <legend>{t!(i18n, adding.start.pairs)}</legend>
                    <p class="sub">{t!(i18n, adding.start.pairs_text)}</p>
                    <div class="stack">{ticks.collect_view()}</div>
                </fieldset>
                <div>
                    <Button press=Press::Submit busy=give.pending()>
                        {t!(i18n, adding.start.give)}
                    </Button>
                </div>
            </div>
        </ActionForm>
    }
    .into_any()
}
