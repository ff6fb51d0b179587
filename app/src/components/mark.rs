//! Status marks: the shape says *what* it is, the colour *whether somebody must act*.
//!
//! A mark never stands alone: [`Status`](super::status::Status) adds the words.

use leptos::prelude::*;
use tocsin_domain::{authorization::Authorization, notification::State, severity::Severity};

use crate::base::at;

/// Must somebody act?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Now.
    Red,
    /// Soon; or something is held.
    Amber,
    /// No: it mends itself.
    Blue,
    /// No: it works.
    Green,
    /// Off, or not known yet.
    Grey,
}

impl Tone {
    /// The class that colours.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Red => "is-red",
            Self::Amber => "is-amber",
            Self::Blue => "is-blue",
            Self::Green => "is-green",
            Self::Grey => "is-grey",
        }
    }
}

/// What is it?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Disc with a tick: authorized, sent, works.
    Ok,
    /// Octagon: authorization has expired, or an input is wrong.
    Expired,
    /// Triangle with a mark: ends soon.
    Expiring,
    /// Diamond: needs configuration.
    Configuration,
    /// Broken ring: unreachable, mends itself.
    Unreachable,
    /// Ring: not tried yet.
    Unverified,
    /// Square with bars: held.
    Held,
    /// Clock: queued.
    Queued,
    /// Ring with an arrow: being sent now.
    Sending,
    /// Disc with a cross: failed.
    Failed,
    /// Disc with an arrow back: bounced.
    Bounced,
    /// Ring with a bar: cancelled, switched off.
    Cancelled,
    /// Square: severity error.
    Error,
    /// Triangle: severity warning.
    Warning,
    /// Thick ring: severity information.
    Information,
}

impl Shape {
    /// Where the sprite has it.
    const fn href(self) -> &'static str {
        match self {
            Self::Ok => "/icons.svg#m-ok",
            Self::Expired => "/icons.svg#m-expired",
            Self::Expiring => "/icons.svg#m-expiring",
            Self::Configuration => "/icons.svg#m-config",
            Self::Unreachable => "/icons.svg#m-unreachable",
            Self::Unverified => "/icons.svg#m-unverified",
            Self::Held => "/icons.svg#m-held",
            Self::Queued => "/icons.svg#m-queued",
            Self::Sending => "/icons.svg#m-sending",
            Self::Failed => "/icons.svg#m-failed",
            Self::Bounced => "/icons.svg#m-bounced",
            Self::Cancelled => "/icons.svg#m-cancelled",
            Self::Error => "/icons.svg#m-error",
            Self::Warning => "/icons.svg#m-warning",
            Self::Information => "/icons.svg#m-information",
        }
    }

    /// The colour that goes with the shape unless a caller knows better.
    pub const fn tone(self) -> Tone {
        match self {
            Self::Ok => Tone::Green,
            Self::Expired | Self::Configuration | Self::Failed | Self::Bounced | Self::Error => Tone::Red,
            Self::Expiring | Self::Held | Self::Warning => Tone::Amber,
            Self::Unreachable | Self::Queued | Self::Sending => Tone::Blue,
            Self::Unverified | Self::Cancelled | Self::Information => Tone::Grey,
        }
    }
}

impl From<&Authorization> for Shape {
    fn from(authorization: &Authorization) -> Self {
        match authorization {
            Authorization::Unverified => Self::Unverified,
            Authorization::Authorized => Self::Ok,
            Authorization::Expiring { .. } => Self::Expiring,
            Authorization::Unreachable { .. } => Self::Unreachable,
            Authorization::NeedsConfiguration(_) => Self::Configuration,
            Authorization::NeedsReauthorization(_) => Self::Expired,
        }
    }
}

impl From<State> for Shape {
    fn from(state: State) -> Self {
        match state {
            State::Queued => Self::Queued,
            State::Sending => Self::Sending,
            State::Held => Self::Held,
            State::Sent | State::Acknowledged => Self::Ok,
            State::Bounced => Self::Bounced,
            State::Failed => Self::Failed,
        }
    }
}

impl From<Severity> for Shape {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Information => Self::Information,
            Severity::Warning => Self::Warning,
            Severity::Error => Self::Error,
        }
    }
}

/// How large a mark stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MarkSize {
    /// 16 px, beside a line of text.
    #[default]
    Normal,
    /// 24 px, beside a heading of the attention list.
    Large,
}

/// A mark; hidden from screen readers, since words stand beside it.
#[component]
pub fn Mark(
    /// The shape; may change while it is shown.
    #[prop(into)]
    shape: Signal<Shape>,
    /// Another colour than the shape's own.
    #[prop(optional)]
    tone: Option<Tone>,
    /// How large.
    #[prop(optional)]
    size: MarkSize,
) -> impl IntoView {
    let class = move || {
        let tone = tone.unwrap_or_else(|| shape.get().tone()).class();
        match size {
            MarkSize::Normal => format!("mark {tone}"),
            MarkSize::Large => format!("mark mark-l {tone}"),
        }
    };
    view! {
        <svg class=class aria-hidden="true">
            <use href=move || at(shape.get().href()) />
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPRITE: &str = include_str!("../../../public/icons.svg");
    const ALL: [Shape; 15] = [
        Shape::Ok,
        Shape::Expired,
        Shape::Expiring,
        Shape::Configuration,
        Shape::Unreachable,
        Shape::Unverified,
        Shape::Held,
        Shape::Queued,
        Shape::Sending,
        Shape::Failed,
        Shape::Bounced,
        Shape::Cancelled,
        Shape::Error,
        Shape::Warning,
        Shape::Information,
    ];

    #[test]
    fn every_mark_is_in_the_sprite() {
        for shape in ALL {
            let id = shape.href().trim_start_matches("/icons.svg#");
            assert!(SPRITE.contains(&format!("id=\"{id}\"")), "{shape:?}");
        }
    }

    #[test]
    fn no_two_shapes_share_a_drawing() {
        let mut drawings: Vec<_> = ALL.iter().map(|shape| shape.href()).collect();
        drawings.sort_unstable();
        drawings.dedup();
        assert_eq!(drawings.len(), ALL.len());
    }
}
