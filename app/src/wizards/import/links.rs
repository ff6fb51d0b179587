//! Re-authorization links for the owners of mailboxes that are authorized by a sign-in. They are made when asked for,
//! and shown once.

use leptos::prelude::*;

use crate::{
    api::import::{Detail, MailLinks, ShowLinks},
    components::{
        action_form::ActionForm,
        button::{Button, Kind, Press},
        copy_button::CopyButton,
        form::{FormProblem, Problem},
        icon::Glyph,
        mark::Shape,
        note::Note,
        panel::Panel,
    },
    i18n::{t, tu_string, use_i18n},
};

/// The panel; nothing where no mailbox awaits its owner.
#[component]
pub fn Links(
    /// The import; changes live.
    detail: Signal<Option<Detail>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let mail = ServerAction::<MailLinks>::new();
    let show = ServerAction::<ShowLinks>::new();
    let shown = Memo::new(move |_| {
        detail.with(|detail| {
            let detail = detail.as_ref().filter(|detail| detail.import.awaiting > 0)?;
            Some((
                detail.import.id.to_string(),
                detail.import.awaiting,
                detail.links.clone(),
            ))
        })
    });
    move || {
        let (id, awaiting, links) = shown.get()?;
        let of_show = id.clone();
        let view = view! {
            <Panel
                id="links"
                title=tu_string!(i18n, import.links.title, count = awaiting).to_string()
            >
                <div class="body">
                    <div class="stack">
                        <p>{t!(i18n, import.links.text)}</p>
                        <FormProblem problem=Problem::of(mail) />
                        <FormProblem problem=Problem::of(show) />
                        {links.map(|links| view! { <Made links /> })}
                        <div class="row">
                            <ActionForm action=mail>
                                <input type="hidden" name="id" value=id />
                                <Button
                                    kind=Kind::Main
                                    press=Press::Submit
                                    glyph=Glyph::Send
                                    busy=mail.pending()
                                >
                                    {t!(i18n, import.links.mail)}
                                </Button>
                            </ActionForm>
                            <ActionForm action=show>
                                <input type="hidden" name="id" value=of_show />
                                <Button press=Press::Submit glyph=Glyph::Link busy=show.pending()>
                                    {t!(i18n, import.links.show)}
                                </Button>
                            </ActionForm>
                        </div>
                    </div>
                </div>
            </Panel>
        };
        Some(view)
    }
}

#[component]
fn Made(links: String) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Note shape=Shape::Ok title=tu_string!(i18n, import.links.shown)>
            <p class="sub">{t!(i18n, import.links.shown_text)}</p>
            <textarea
                class="input links"
                rows="6"
                readonly=true
                aria-label=tu_string!(i18n, import.links.list)
            >
                {links.clone()}
            </textarea>
            <CopyButton text=Signal::stored(links)>{t!(i18n, import.links.copy)}</CopyButton>
        </Note>
    }
    .into_any()
}
