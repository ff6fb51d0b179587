//! The HTML document around the owner's page. No script; `noindex`, and no address of it reaches another site.

use leptos::prelude::*;
use tocsin_domain::base_path::BasePath;

use super::{
    Page, asked, ended,
    language::{NAMES, tag},
    texts::{Locale, td_string},
};
use crate::{base::at, components::layout::Public, shell::Assets};

/// What the document is made with.
#[derive(Clone, Debug)]
pub struct Document {
    /// Below which path the page is shown.
    pub base: BasePath,
    /// Where the style sheet is.
    pub assets: Assets,
    /// Light or dark, if the reader chose.
    pub theme: Option<&'static str>,
    /// The language.
    pub locale: Locale,
    /// The path of the link's page, to which its forms lead; none where the link is not known.
    pub path: Option<String>,
}

/// The whole document as HTML.
pub fn render(document: Document, page: Page) -> String {
    let Document {
        base,
        assets,
        theme,
        locale,
        path,
    } = document;
    let refresh = asked::refresh(&page);
    // What signals the components make ends with this owner.
    Owner::new().with(|| {
        provide_context(base);
        let path = path.map(at);
        let title = match &page {
            Page::Asked(asked) => asked::title(locale, asked),
            Page::Closed(closed) => ended::title(locale, closed).to_owned(),
        };
        let body = match page {
            Page::Asked(asked) => asked::view(locale, *asked, path.clone().unwrap_or_default()),
            Page::Closed(closed) => ended::view(locale, closed),
        };
        view! {
            <!DOCTYPE html>
            <html lang=tag(locale) data-theme=theme>
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                    <meta name="color-scheme" content="light dark" />
                    <meta name="robots" content="noindex" />
                    {refresh
                        .map(|seconds| view! { <meta http-equiv="refresh" content=seconds.to_string() /> })}
                    <link rel="stylesheet" href=at(&assets.css) />
                    <link rel="icon" type="image/svg+xml" href=at("/favicon.svg") />
                    <title>{format!("{title} · Tocsin")}</title>
                </head>
                <body>
                    <Public>
                        {body}
                        {path.map(|path| languages(locale, &path))}
                    </Public>
                </body>
            </html>
        }
        .to_html()
    })
}

/// Plain links: the choice is kept in a cookie.
fn languages(locale: Locale, path: &str) -> AnyView {
    let links = NAMES
        .into_iter()
        .map(|(other, name)| {
            view! {
                <li>
                    <a
                        href=format!("{path}?lang={}", tag(other))
                        lang=tag(other)
                        hreflang=tag(other)
                        aria-current=(other == locale).then_some("true")
                    >
                        {name}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="languages" aria-label=td_string!(locale, owner.language)>
            <ul>{links}</ul>
        </nav>
    }
    .into_any()
}
