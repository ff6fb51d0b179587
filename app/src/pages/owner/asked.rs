//! The page of a link that works: the address, why, and what to do.

use jiff::Timestamp;
use leptos::prelude::*;
use tocsin_domain::{address::EmailAddress, authorization::Authorization, provider::Provider};

use super::{
    Page,
    device::{self, DeviceStep},
    grant,
    moment::moment,
    password,
    paste::{self, PasteStep},
    problem::Problem,
    texts::{Locale, td_string},
};
use crate::components::{
    icon::{Glyph, Icon},
    mark::Shape,
    note::Note,
};

/// What the owner is asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The mailbox.
    pub address: EmailAddress,
    /// How it stands.
    pub authorization: Authorization,
    /// Its preset.
    pub provider: Provider,
    /// Until when the link works.
    pub expires_at: Timestamp,
    /// What to do now.
    pub step: Step,
    /// Why the last try changed nothing.
    pub problem: Option<Problem>,
}

/// What to do now.
#[derive(Clone, Debug)]
pub enum Step {
    /// Sign in at the provider.
    Grant(grant::Ways),
    /// Type a code on the provider's page.
    Device(DeviceStep),
    /// Bring the provider's answer back by hand.
    Paste(PasteStep),
    /// Enter the new password; whether the way to this page is encrypted.
    Password(password::Encryption),
}

impl Asked {
    /// What people call the provider: whose page they sign in on, else its name, else the mailbox's domain.
    pub(super) fn provider_name(&self) -> String {
        use tocsin_domain::provider::OAuthFamily;
        match &self.provider.oauth {
            Some(oauth) if oauth.family == OAuthFamily::Google => "Google".to_owned(),
            Some(_) => "Microsoft".to_owned(),
            None if self.provider.key.is_custom() => self.address.domain(),
            None => self.provider.name.clone(),
        }
    }
}

/// The heading.
pub(super) fn title(locale: Locale, asked: &Asked) -> String {
    let address = asked.address.to_string();
    match asked.authorization {
        Authorization::NeedsReauthorization(_) => td_string!(locale, owner.head.expired, address = address),
        _ => td_string!(locale, owner.head.ask, address = address),
    }
}

/// After how many seconds the page looks again by itself.
pub(super) fn refresh(page: &Page) -> Option<u8> {
    match page {
        Page::Asked(asked) if matches!(asked.step, Step::Device(_)) => Some(device::LOOK_EVERY),
        _ => None,
    }
}

/// The page.
pub(super) fn view(locale: Locale, asked: Asked, path: String) -> AnyView {
    let provider = asked.provider_name();
    let address = asked.address.to_string();
    let title = title(locale, &asked);
    let once = td_string!(locale, owner.once, moment = moment(locale, asked.expires_at));
    let problem = asked
        .problem
        .clone()
        .map(|problem| problem.view(locale, &address, &provider));
    // After a try, what came of it takes the place of why.
    let is_first = asked.problem.is_none() && matches!(asked.step, Step::Grant(_) | Step::Password(_));
    let why = is_first.then(|| why(locale, &asked, &provider));
    let step = match asked.step {
        Step::Grant(ways) => grant::view(locale, ways, path, address, provider),
        Step::Device(step) => device::view(locale, step, path, address),
        Step::Paste(step) => paste::view(locale, step, path, address, provider),
        Step::Password(encryption) => password::view(locale, &asked.provider, encryption, path, provider),
    };
    view! {
        <div class="stack">
            <h1>{title}</h1>
            {why}
        </div>
        <div role="alert">{problem}</div>
        {step}
        <p class="sub who">
            <Icon glyph=Glyph::Lock />
            <span>{once}</span>
        </p>
        <p class="sub">{td_string!(locale, owner.unexpected)}</p>
    }
    .into_any()
}

/// Why the owner is asked.
fn why(locale: Locale, asked: &Asked, provider: &str) -> AnyView {
    let is_grant = matches!(asked.step, Step::Grant(_));
    let intro = match (&asked.authorization, is_grant) {
        (Authorization::NeedsReauthorization(_), true) => {
            td_string!(locale, owner.why.grant, provider = provider)
        }
        (Authorization::NeedsReauthorization(_), false) => td_string!(locale, owner.why.password).to_owned(),
        _ => td_string!(locale, owner.why.ask).to_owned(),
    };
    let because = is_grant.then(|| td_string!(locale, owner.why.ends_because));
    let note = match &asked.authorization {
        Authorization::NeedsReauthorization(refusal) => Some((
            td_string!(locale, owner.why.expired).to_owned(),
            td_string!(locale, owner.why.since, moment = moment(locale, refusal.since)),
        )),
        Authorization::Expiring { ends, .. } => Some((
            td_string!(locale, owner.why.ends, moment = moment(locale, *ends)),
            String::new(),
        )),
        _ => None,
    };
    let shape = Shape::from(&asked.authorization);
    let note = note.map(|(title, since)| {
        view! {
            <Note shape title>
                <p class="sub">{since} " " {because}</p>
            </Note>
        }
    });
    view! {
        <p>{intro}</p>
        {note}
    }
    .into_any()
}
