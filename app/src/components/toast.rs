//! Toasts: what was just done, said to everybody (`role=status`), with Undo where there is one.

use std::time::Duration;

use leptos::prelude::*;

use super::{
    button::{Button, IconButton, Kind},
    icon::Glyph,
    mark::{Mark, Shape},
};
use crate::i18n::{t, tu_string, use_i18n};

/// How long one stays when it is neither hovered nor focused.
const STAYS: Duration = Duration::from_secs(8);

/// One toast.
#[derive(Clone, Debug)]
struct Message {
    shape: Shape,
    words: String,
    undo: Option<Callback<()>>,
}

/// Shows toasts; found by `expect_context::<Toaster>()` on every page inside the frame.
#[derive(Clone, Copy, Debug)]
pub struct Toaster {
    shown: RwSignal<Option<Message>>,
    /// The reader is at it.
    kept: RwSignal<bool>,
}

impl Toaster {
    /// Says that something was done.
    pub fn done(self, words: impl Into<String>) {
        self.show(Message {
            shape: Shape::Ok,
            words: words.into(),
            undo: None,
        });
    }

    /// Says that something was done, and offers to undo it.
    pub fn done_with_undo(self, words: impl Into<String>, undo: impl Into<Callback<()>>) {
        self.show(Message {
            shape: Shape::Ok,
            words: words.into(),
            undo: Some(undo.into()),
        });
    }

    /// Says that something was not done.
    pub fn failed(self, words: impl Into<String>) {
        self.show(Message {
            shape: Shape::Failed,
            words: words.into(),
            undo: None,
        });
    }

    fn show(self, message: Message) {
        self.shown.set(Some(message));
    }
}

/// Makes [`Toaster`] known to the pages below.
pub fn provide_toaster() {
    provide_context(Toaster {
        shown: RwSignal::new(None),
        kept: RwSignal::new(false),
    });
}

/// Where toasts appear. It is in the page from the start, since a live region that arrives with its text is
/// not read out.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let i18n = use_i18n();
    let Toaster { shown, kept } = expect_context();

    Effect::new(move |running: Option<Option<TimeoutHandle>>| {
        if let Some(timer) = running.flatten() {
            timer.clear();
        }
        let starts = shown.with(Option::is_some) && !kept.get();
        starts
            .then(|| set_timeout_with_handle(move || shown.set(None), STAYS).ok())
            .flatten()
    });

    let toast = move || {
        shown.get().map(|Message { shape, words, undo }| {
            view! {
                <div class="toast">
                    <Mark shape />
                    <span>{words}</span>
                    {undo
                        .map(|undo| {
                            view! {
                                <Button
                                    kind=Kind::Plain
                                    glyph=Glyph::Undo
                                    on_press=move |_| {
                                        shown.set(None);
                                        undo.run(());
                                    }
                                >
                                    {t!(i18n, common.undo)}
                                </Button>
                            }
                        })}
                    <IconButton
                        glyph=Glyph::Close
                        label=tu_string!(i18n, common.dismiss)
                        on_press=move |_| shown.set(None)
                    />
                </div>
            }
        })
    };
    view! {
        <div
            role="status"
            on:mouseenter=move |_| kept.set(true)
            on:mouseleave=move |_| kept.set(false)
            on:focusin=move |_| kept.set(true)
            on:focusout=move |_| kept.set(false)
        >
            {toast}
        </div>
    }
    .into_any()
}
