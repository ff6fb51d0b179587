//! Buttons, and links that look like one. One main button per decision.

use leptos::{ev::MouseEvent, prelude::*};

use super::icon::{Glyph, Icon, Size};
use crate::base::at;

/// How much a button wants to be pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// An edge, no fill.
    #[default]
    Default,
    /// The decision's own.
    Main,
    /// Destroys something.
    Danger,
    /// Neither edge nor fill.
    Plain,
}

impl Kind {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Default => "button",
            Self::Main => "button button-main",
            Self::Danger => "button button-danger",
            Self::Plain => "button button-plain",
        }
    }
}

/// What pressing does by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Press {
    /// Nothing: `on_press` does it.
    #[default]
    Nothing,
    /// Sends the form that it stands in, also without a script.
    Submit,
}

impl Press {
    const fn html(self) -> &'static str {
        match self {
            Self::Nothing => "button",
            Self::Submit => "submit",
        }
    }
}

/// A button with words. It stays focusable while busy or disabled, and does nothing then.
/// Further attributes by spreading: `{..} name="move" value="up:2"`.
#[component]
pub fn Button(
    /// How much it wants to be pressed.
    #[prop(optional)]
    kind: Kind,
    /// What pressing does by itself.
    #[prop(optional)]
    press: Press,
    /// An icon before the words.
    #[prop(optional, into)]
    glyph: Option<Glyph>,
    /// Something runs: the spinner takes the icon's place. Let the words say what runs.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Not now; a hint near by says why.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What pressing runs.
    #[prop(optional, into)]
    on_press: Option<Callback<MouseEvent>>,
    children: Children,
) -> impl IntoView {
    let inert = move || busy.get() || disabled.get();
    let click = move |event: MouseEvent| {
        // aria-disabled, unlike `disabled`, leaves the click to us.
        if busy.get_untracked() || disabled.get_untracked() {
            event.prevent_default();
            event.stop_propagation();
        } else if let Some(on_press) = on_press {
            on_press.run(event);
        }
    };
    view! {
        <button
            type=press.html()
            class=kind.class()
            aria-busy=move || busy.get().then_some("true")
            aria-disabled=move || inert().then_some("true")
            on:click=click
        >
            {glyph.map(|glyph| view! { <Icon glyph size=Size::Small /> })}
            {children()}
        </button>
    }
}

/// A button that is only an icon; `label` is what a screen reader says and what hovering shows.
#[component]
pub fn IconButton(
    /// The icon.
    glyph: Glyph,
    /// What it does, in words.
    #[prop(into)]
    label: TextProp,
    /// What pressing does by itself.
    #[prop(optional)]
    press: Press,
    /// Truly disabled: the control has no meaning here (the first row cannot move up).
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What pressing runs.
    #[prop(optional, into)]
    on_press: Option<Callback<MouseEvent>>,
) -> impl IntoView {
    let title = label.clone();
    view! {
        <button
            type=press.html()
            class="button button-icon"
            aria-label=move || label.get()
            title=move || title.get()
            disabled=move || disabled.get()
            on:click=move |event| {
                if let Some(on_press) = on_press {
                    on_press.run(event);
                }
            }
        >
            <Icon glyph />
        </button>
    }
}

/// A link that looks like a button: it goes somewhere and changes nothing.
#[component]
pub fn LinkButton(
    /// Where it goes.
    #[prop(into)]
    href: TextProp,
    /// How much it wants to be pressed.
    #[prop(optional)]
    kind: Kind,
    /// An icon before the words.
    #[prop(optional, into)]
    glyph: Option<Glyph>,
    children: Children,
) -> impl IntoView {
    view! {
        <a class=kind.class() href=move || at(href.get())>
            {glyph.map(|glyph| view! { <Icon glyph size=Size::Small /> })}
            {children()}
        </a>
    }
}

/// A link that is only an icon.
#[component]
pub fn IconLink(
    /// The icon.
    glyph: Glyph,
    /// What it does, in words.
    #[prop(into)]
    label: TextProp,
    /// Where it goes.
    #[prop(into)]
    href: TextProp,
) -> impl IntoView {
    let title = label.clone();
    view! {
        <a
            class="button button-icon"
            href=move || at(href.get())
            aria-label=move || label.get()
            title=move || title.get()
        >
            <Icon glyph />
        </a>
    }
}
