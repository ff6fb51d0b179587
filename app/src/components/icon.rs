//! The icons of `public/icons.svg`, by name. What shows a state is a [`Mark`](super::mark::Mark) instead.

use leptos::prelude::*;

use crate::base::at;

/// A symbol for something that one can press or go to. It carries no meaning alone: a word stands beside it,
/// or the control has a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// An envelope: service accounts, e-mail.
    Accounts,
    /// An arrow into a tray: add in bulk.
    Bulk,
    /// A tick.
    Check,
    /// Points down: a control opens.
    Chevron,
    /// A clock.
    Clock,
    /// Two arrows: convert in place.
    Convert,
    /// Two sheets: copy, duplicate.
    Copy,
    /// An arrow down.
    Down,
    /// A pencil.
    Edit,
    /// Out of a tray: export.
    Export,
    /// Leaves this site.
    External,
    /// Six dots: a row can be dragged.
    Grip,
    /// A tray: received mail, nothing here.
    Inbox,
    /// A remark.
    Info,
    /// A key: re-authorize, passwords.
    Key,
    /// A door: sign out.
    Leave,
    /// Points left: back.
    Left,
    /// A chain: a link to hand out.
    Link,
    /// A lock: secrets, safety.
    Lock,
    /// Bars: the overview.
    Overview,
    /// Add.
    Plus,
    /// Lines with a clock: queue and history.
    Queue,
    /// Try again.
    Refresh,
    /// Points right: more, closed disclosure.
    Right,
    /// Lines with a tick: rules.
    Rules,
    /// A lens.
    Search,
    /// A paper plane: send, test.
    Send,
    /// Sliders: settings.
    Settings,
    /// A shield: certificates, sign-in.
    Shield,
    /// A command line.
    Terminal,
    /// A bin: delete, revoke.
    Trash,
    /// Undo.
    Undo,
    /// An arrow up.
    Up,
    /// A person.
    User,
    /// Close, remove, cancel.
    Close,
}

impl Glyph {
    /// Where the sprite has it.
    const fn href(self) -> &'static str {
        match self {
            Self::Accounts => "/icons.svg#i-accounts",
            Self::Bulk => "/icons.svg#i-bulk",
            Self::Check => "/icons.svg#i-check",
            Self::Chevron => "/icons.svg#i-chevron",
            Self::Clock => "/icons.svg#i-clock",
            Self::Convert => "/icons.svg#i-convert",
            Self::Copy => "/icons.svg#i-copy",
            Self::Down => "/icons.svg#i-down",
            Self::Edit => "/icons.svg#i-edit",
            Self::Export => "/icons.svg#i-export",
            Self::External => "/icons.svg#i-external",
            Self::Grip => "/icons.svg#i-grip",
            Self::Inbox => "/icons.svg#i-inbox",
            Self::Info => "/icons.svg#i-info",
            Self::Key => "/icons.svg#i-key",
            Self::Leave => "/icons.svg#i-leave",
            Self::Left => "/icons.svg#i-left",
            Self::Link => "/icons.svg#i-link",
            Self::Lock => "/icons.svg#i-lock",
            Self::Overview => "/icons.svg#i-overview",
            Self::Plus => "/icons.svg#i-plus",
            Self::Queue => "/icons.svg#i-queue",
            Self::Refresh => "/icons.svg#i-refresh",
            Self::Right => "/icons.svg#i-right",
            Self::Rules => "/icons.svg#i-rules",
            Self::Search => "/icons.svg#i-search",
            Self::Send => "/icons.svg#i-send",
            Self::Settings => "/icons.svg#i-settings",
            Self::Shield => "/icons.svg#i-shield",
            Self::Terminal => "/icons.svg#i-terminal",
            Self::Trash => "/icons.svg#i-trash",
            Self::Undo => "/icons.svg#i-undo",
            Self::Up => "/icons.svg#i-up",
            Self::User => "/icons.svg#i-user",
            Self::Close => "/icons.svg#i-x",
        }
    }
}

/// How large an icon stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    /// 16 px, beside a button's word.
    Small,
    /// 20 px, alone or in the navigation.
    #[default]
    Normal,
}

/// An icon; hidden from screen readers.
#[component]
pub fn Icon(
    /// Which one.
    glyph: Glyph,
    /// How large.
    #[prop(optional)]
    size: Size,
) -> impl IntoView {
    let class = match size {
        Size::Small => "i i-s",
        Size::Normal => "i",
    };
    view! {
        <svg class=class aria-hidden="true">
            <use href=at(glyph.href()) />
        </svg>
    }
}

/// The bell.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg class="logo" aria-hidden="true">
            <use href=at("/icons.svg#logo") />
        </svg>
    }
}

/// Two neutral letters that stand for a provider: `Gm`, `M3`. Not a trademark.
#[component]
pub fn Monogram(
    /// The letters.
    #[prop(into)]
    letters: TextProp,
) -> impl IntoView {
    view! {
        <span class="monogram" aria-hidden="true">
            {move || letters.get()}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPRITE: &str = include_str!("../../../public/icons.svg");
    const ALL: [Glyph; 35] = [
        Glyph::Accounts,
        Glyph::Bulk,
        Glyph::Check,
        Glyph::Chevron,
        Glyph::Clock,
        Glyph::Convert,
        Glyph::Copy,
        Glyph::Down,
        Glyph::Edit,
        Glyph::Export,
        Glyph::External,
        Glyph::Grip,
        Glyph::Inbox,
        Glyph::Info,
        Glyph::Key,
        Glyph::Leave,
        Glyph::Left,
        Glyph::Link,
        Glyph::Lock,
        Glyph::Overview,
        Glyph::Plus,
        Glyph::Queue,
        Glyph::Refresh,
        Glyph::Right,
        Glyph::Rules,
        Glyph::Search,
        Glyph::Send,
        Glyph::Settings,
        Glyph::Shield,
        Glyph::Terminal,
        Glyph::Trash,
        Glyph::Undo,
        Glyph::Up,
        Glyph::User,
        Glyph::Close,
    ];

    #[test]
    fn every_icon_is_in_the_sprite() {
        for glyph in ALL {
            let id = glyph.href().trim_start_matches("/icons.svg#");
            assert!(SPRITE.contains(&format!("id=\"{id}\"")), "{glyph:?}");
        }
    }
}
