//! *Detect* in a form: looks for the mail server, shows what was found and fills in the best of it.

use leptos::{prelude::*, server_fn::ServerFn};
use tocsin_domain::{
    detection::{Detection, Found, Place},
    failure::Stage,
    provider::{Provider, Security},
};

use crate::{
    api::{
        accounts::AccountForm,
        detect::{Detect as Ask, FOUND},
    },
    base::at,
    components::{
        disclosure::Disclosure,
        form::{FormProblem, Problem},
        icon::{Glyph, Icon, Size},
        mark::{Mark, Shape},
        note::Note,
        reply::{About, Reply},
    },
    i18n::{t, tu_string, use_i18n},
    words,
};

/// The fields that it reads and fills in.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// The mailbox.
    pub address: RwSignal<String>,
    /// The host.
    pub host: RwSignal<String>,
    /// The port.
    pub port: RwSignal<String>,
    /// How the connection is secured.
    pub security: RwSignal<String>,
    /// Certificates of an authority of one's own.
    pub ca: RwSignal<String>,
}

/// The button and what was found. Without a script the button sends the form, and what was found comes back with
/// it.
#[component]
pub fn Detect(
    /// The form's fields.
    fields: Fields,
    /// What is asked; its answer fills the fields.
    action: ServerAction<Ask>,
    /// Custom.
    provider: Provider,
) -> impl IntoView {
    let i18n = use_i18n();
    let problem = Problem::of(action);
    let found = Memo::new(move |_| match action.value().get() {
        Some(Ok(detection)) => Some(detection),
        Some(Err(error)) => serde_json::from_str::<Detection>(error.typed.get(FOUND)?).ok(),
        None => None,
    });
    Effect::new(move |_| {
        let best = found.with(|found| found.as_ref().and_then(Detection::best));
        if let Some(best) = best {
            fields.host.set(best.host);
            fields.port.set(best.port.to_string());
            fields.security.set(best.security.as_str().to_owned());
        }
    });
    let ask = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        let read = |field: RwSignal<String>| field.get_untracked();
        action.dispatch(Ask {
            form: AccountForm {
                address: read(fields.address),
                host: read(fields.host),
                port: read(fields.port),
                ca: read(fields.ca),
                ..AccountForm::default()
            },
        });
    };
    let busy = action.pending();
    let words = move || {
        if busy.get() {
            tu_string!(i18n, adding.detect.running)
        } else {
            tu_string!(i18n, adding.detect.button)
        }
    };
    let about = StoredValue::new(About::form(&provider));
    let problem = move || {
        found
            .with(Option::is_none)
            .then(|| view! { <FormProblem problem fields=&["host", "address"] /> })
    };
    view! {
        <div class="field">
            <div class="row">
                <button
                    type="submit"
                    class="button"
                    formaction=at(Ask::url())
                    formnovalidate=true
                    aria-busy=move || busy.get().then_some("true")
                    on:click=ask
                >
                    <Icon glyph=Glyph::Search size=Size::Small />
                    {words}
                </button>
                <span class="sub">{t!(i18n, adding.detect.hint)}</span>
            </div>
            {problem}
            <div role="status">
                {move || found.get().map(|detection| shown(detection, &about.get_value()))}
            </div>
        </div>
    }
    .into_any()
}

fn shown(detection: Detection, about: &About) -> AnyView {
    let i18n = use_i18n();
    let Some(best) = detection.best() else {
        let rest = nowhere(detection.places, about);
        return view! {
            <Note shape=Shape::Failed title=tu_string!(i18n, adding.detect.nothing)>
                <p>{t!(i18n, adding.detect.nothing_text)}</p>
                {rest}
            </Note>
        }
        .into_any();
    };
    let is_good = matches!(
        detection.places.first().map(|place| &place.found),
        Some(Found::Server { .. })
    );
    let (host, port) = (best.host, best.port);
    let (shape, title) = if is_good {
        (
            Shape::Ok,
            tu_string!(i18n, adding.detect.found, host = host, port = port),
        )
    } else {
        let title = tu_string!(i18n, adding.detect.found_certificate, host = host, port = port);
        (Shape::Configuration, title)
    };
    let (there, rest): (Vec<_>, Vec<_>) = detection
        .places
        .into_iter()
        .partition(|place| !matches!(place.found, Found::Nothing { .. }));
    let lines = there.into_iter().map(|place| line(place, about)).collect_view();
    let rest = nowhere(rest, about);
    view! {
        <Note shape title>
            <ul class="found" aria-label=tu_string!(i18n, adding.detect.list)>
                {lines}
            </ul>
            {rest}
        </Note>
    }
    .into_any()
}

/// The places where nothing can be used, folded away.
fn nowhere(places: Vec<Place>, about: &About) -> Option<AnyView> {
    let i18n = use_i18n();
    if places.is_empty() {
        return None;
    }
    let summary = tu_string!(i18n, adding.detect.rest, count = places.len());
    let lines = places.into_iter().map(|place| line(place, about)).collect_view();
    Some(
        view! {
            <Disclosure summary>
                <ul class="found">{lines}</ul>
            </Disclosure>
        }
        .into_any(),
    )
}

fn line(place: Place, about: &About) -> AnyView {
    let i18n = use_i18n();
    let where_to = format!("{} · {}", place.host, place.port);
    let way = match place.security {
        Security::Tls => "TLS",
        Security::Starttls => "STARTTLS",
        Security::None => tu_string!(i18n, accounts.form.security_none),
    };
    let (shape, means) = match place.found {
        Found::Server { sign_in } => {
            let secured = match place.security {
                Security::None => tu_string!(i18n, adding.detect.plain),
                Security::Tls | Security::Starttls => tu_string!(i18n, adding.detect.trusted),
            };
            let sign_in = if sign_in.is_empty() {
                tu_string!(i18n, adding.detect.no_sign_in).to_owned()
            } else {
                tu_string!(i18n, adding.detect.sign_in, ways = sign_in.join(", "))
            };
            let shape = if place.security == Security::None {
                Shape::Expiring
            } else {
                Shape::Ok
            };
            (
                shape,
                view! { <p class="sub">{secured} " " {sign_in}</p> }.into_any(),
            )
        }
        Found::Certificate { meaning, words } => (
            Shape::Configuration,
            view! { <Reply stage=Stage::Tls meaning words about=about.clone() /> }.into_any(),
        ),
        Found::Nothing { meaning, words } => (
            Shape::Unverified,
            view! {
                <p class="sub">
                    {words::failure::class(i18n, meaning.class())} ": " {words::failure::meaning(i18n, meaning)} " ("
                    {words} ")"
                </p>
            }
            .into_any(),
        ),
    };
    view! {
        <li>
            <Mark shape />
            <div>
                <b>{where_to}</b>
                " "
                <span class="chip">{way}</span>
                {means}
            </div>
        </li>
    }
    .into_any()
}
