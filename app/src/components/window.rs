//! A route that looks like a dialog: works without a script, has an address, and Back leaves it.
//!
//! For a question that interrupts, see [`Dialog`](super::dialog::Dialog).

use leptos::prelude::*;

use super::{
    button::IconLink,
    icon::{Glyph, Monogram},
};
use crate::i18n::{tu_string, use_i18n};

/// How wide a window is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// 560 px: one column of fields.
    #[default]
    Normal,
    /// 880 px: sections beside their navigation, or a table.
    Wide,
}

/// The window. Its children are `<div class="body">` and `<footer>`, or a form that holds both.
#[component]
pub fn Window(
    /// The heading.
    #[prop(into)]
    title: TextProp,
    /// A quiet word beside the title: which account.
    #[prop(optional, into)]
    subtitle: Option<TextProp>,
    /// The provider's letters, before the title.
    #[prop(optional, into)]
    monogram: Option<TextProp>,
    /// Where closing goes.
    #[prop(into)]
    back: TextProp,
    /// How wide.
    #[prop(optional)]
    width: Width,
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let class = match width {
        Width::Normal => "window",
        Width::Wide => "window window-wide",
    };
    view! {
        <section class=class aria-labelledby="window-title">
            <header>
                {monogram.map(|letters| view! { <Monogram letters /> })}
                <h1 id="window-title">
                    {move || title.get()}
                    {subtitle
                        .map(|subtitle| {
                            view! {
                                " "
                                <span class="sub">{move || subtitle.get()}</span>
                            }
                        })}
                </h1>
                <IconLink glyph=Glyph::Close label=tu_string!(i18n, common.close) href=back />
            </header>
            {children()}
        </section>
    }
    .into_any()
}
