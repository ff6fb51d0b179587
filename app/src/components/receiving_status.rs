//! How the watch of an account's mailbox stands, in colour, shape and words.

use leptos::prelude::*;
use tocsin_domain::receiving::{Receiving, Watch};

use super::{
    mark::{Mark, Shape},
    time::Moment,
};
use crate::i18n::{t, use_i18n};

/// The state of receiving.
#[component]
pub fn ReceivingStatus(
    /// How it stands.
    receiving: Receiving,
) -> impl IntoView {
    let shape = shape(&receiving);
    let class = format!("status {}", shape.tone().class());
    view! {
        <span class=class>
            <Mark shape />
            <span>{words(&receiving)}</span>
            <span class="sub">{detail(&receiving)}</span>
        </span>
    }
    .into_any()
}

/// Whether it is worth a line beside the account's own state.
pub fn is_trouble(receiving: &Receiving) -> bool {
    matches!(receiving, Receiving::Waiting { .. } | Receiving::Refused { .. })
}

fn shape(receiving: &Receiving) -> Shape {
    match receiving {
        Receiving::Off | Receiving::Stopped => Shape::Cancelled,
        Receiving::Starting => Shape::Unverified,
        Receiving::Watching { .. } => Shape::Ok,
        Receiving::Waiting { .. } => Shape::Unreachable,
        Receiving::Refused { .. } => Shape::Configuration,
    }
}

fn words(receiving: &Receiving) -> AnyView {
    let i18n = use_i18n();
    match receiving {
        Receiving::Off => t!(i18n, receiving.state.off).into_any(),
        Receiving::Starting => t!(i18n, receiving.state.starting).into_any(),
        Receiving::Watching { .. } => t!(i18n, receiving.state.watching).into_any(),
        Receiving::Waiting { .. } => t!(i18n, receiving.state.waiting).into_any(),
        Receiving::Refused { .. } => t!(i18n, receiving.state.refused).into_any(),
        Receiving::Stopped => t!(i18n, receiving.state.stopped).into_any(),
    }
}

fn detail(receiving: &Receiving) -> AnyView {
    let i18n = use_i18n();
    match receiving {
        Receiving::Off | Receiving::Starting => ().into_any(),
        Receiving::Stopped => t!(i18n, receiving.state.stopped_next).into_any(),
        Receiving::Watching { since, by } => {
            let how = match by {
                Watch::Idle => t!(i18n, receiving.state.watching_idle).into_any(),
                Watch::Polling => t!(i18n, receiving.state.watching_polling).into_any(),
            };
            view! {
                {how}
                " "
                <Moment at=*since />
            }
            .into_any()
        }
        Receiving::Waiting { since, .. } => view! {
            {t!(i18n, receiving.state.waiting_next)}
            " "
            <Moment at=*since />
        }
        .into_any(),
        Receiving::Refused { since, .. } => view! {
            {t!(i18n, receiving.state.refused_next)}
            " "
            <Moment at=*since />
        }
        .into_any(),
    }
}
