//! Links to the newer and the older page of a list.

use leptos::prelude::*;

use crate::{
    api::notifications::PAGE,
    components::{button::LinkButton, icon::Glyph},
    i18n::{t, tu_string, use_i18n},
};

/// The page that an address names; the first where it names none.
pub fn page_of(text: Option<&str>) -> u32 {
    text.and_then(|text| text.parse().ok()).unwrap_or(1).max(1)
}

/// The links; nothing where one page holds everything.
#[component]
pub fn Pager(
    /// The page that is shown, from 1.
    page: u32,
    /// How many there are to list.
    total: u64,
    /// The address of a page of the list, up to its number.
    #[prop(into)]
    href: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let pages = total.div_ceil(u64::from(PAGE)).max(1);
    let newer = (page > 1).then(|| format!("{href}{}", page - 1));
    let older = (u64::from(page) < pages).then(|| format!("{href}{}", page + 1));
    (pages > 1).then(|| {
        view! {
            <nav class="body row" aria-label=tu_string!(i18n, notifications.pages)>
                {newer
                    .map(|href| {
                        view! {
                            <LinkButton href glyph=Glyph::Left>
                                {t!(i18n, notifications.newer)}
                            </LinkButton>
                        }
                    })}
                <span class="sub">{tu_string!(i18n, notifications.page, page = page, pages = pages)}</span>
                {older
                    .map(|href| {
                        view! {
                            <LinkButton href glyph=Glyph::Right>
                                {t!(i18n, notifications.older)}
                            </LinkButton>
                        }
                    })}
            </nav>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::page_of;

    #[test]
    fn what_names_no_page_is_the_first() {
        assert_eq!(page_of(Some("3")), 3);
        for text in [None, Some(""), Some("0"), Some("-2"), Some("x")] {
            assert_eq!(page_of(text), 1, "{text:?}");
        }
    }
}
