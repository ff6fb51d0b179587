//! Rules: the list, the editor's form, and the events by which the editor shows what a rule would have caught.

mod draft;
pub mod parse;

use jiff::civil::DateTime;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tocsin_domain::{
    account::Account,
    event::Report,
    id::RuleId,
    receiving::Undeliverable,
    rule::{Rule, Switch},
    senderless::{GoneSender, SenderlessPair},
};

use super::error::ApiError;
pub use draft::{Draft, DraftKind, DraftPair, DraftSource};

/// The rules, and who sends for them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    /// The rules, oldest first.
    pub rules: Vec<Rule>,
    /// All accounts.
    pub senders: Vec<Mailbox>,
    /// The senders in the rules' lists that are no accounts any more.
    pub gone: Vec<GoneSender>,
    /// The pairs that nobody sends for.
    pub senderless: Vec<SenderlessPair>,
}

/// An account as a rule's pages show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mailbox {
    /// The account.
    pub account: Account,
    /// Its provider's name.
    pub provider: String,
}

/// What the editor needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Editor {
    /// The rule; none for a new one.
    pub rule: Option<Rule>,
    /// All accounts.
    pub senders: Vec<Mailbox>,
    /// The senders in the rule's lists that are no accounts any more.
    pub gone: Vec<GoneSender>,
    /// The events that the preview is about, newest first.
    pub seen: Vec<Seen>,
    /// The recipients whose last mail came back.
    pub undeliverable: Vec<Undeliverable>,
}

/// An event that was reported, and when by the clock that rules' hours go by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// What was reported, with the beginning of its text.
    pub report: Report,
    /// When, by the clock of the machine that Tocsin runs on.
    pub local: DateTime,
}

/// All rules.
#[server(endpoint = "rules/list")]
pub async fn list_rules() -> Result<Listed, ApiError> {
    ssr::answer(ssr::list().await)
}

/// What the editor needs, for a rule or for a new one.
#[server(endpoint = "rules/editor")]
pub async fn open_editor(id: Option<RuleId>) -> Result<Editor, ApiError> {
    ssr::answer(ssr::editor(id).await)
}

/// Writes a rule, new where `id` is empty. A button of the form that changes the form itself (a sender up, a pair
/// more) gives it back instead: what a script does at once, the answer does without one.
#[server(endpoint = "rules/save")]
pub async fn save_rule(id: String, draft: Draft) -> Result<(), ApiError> {
    ssr::answer(ssr::save(&id, draft).await)
}

/// Lets a rule listen, or not.
#[server(endpoint = "rules/switch")]
pub async fn switch_rule(id: RuleId, switch: Switch) -> Result<(), ApiError> {
    ssr::answer(ssr::switch(id, switch).await)
}

/// Deletes a rule; what waits by it is still sent.
#[server(endpoint = "rules/delete")]
pub async fn delete_rule(id: RuleId) -> Result<(), ApiError> {
    ssr::answer(ssr::delete(id).await)
}

#[cfg(feature = "ssr")]
mod ssr {
    use std::collections::BTreeSet;

    use jiff::tz::TimeZone;
    use leptos_axum::redirect;
    use tocsin_domain::{
        id::{AccountId, RuleId},
        rule::{InvalidRule, Rule, Switch},
        senderless::GoneSender,
    };
    use tocsin_engine::{Engine, rules::RuleError};

    pub(super) use crate::api::visit::answer;
    use crate::api::{
        error::ApiError,
        rules::{Draft, Editor, Listed, Mailbox, Seen, parse},
        visit::{engine, signed_in, who},
    };

    /// How much of an event's text travels to the preview, in characters.
    const TEXT: usize = 1000;

    pub(super) async fn list() -> Result<Listed, ApiError> {
        signed_in()?;
        let engine = engine();
        let (rules, senders) = (engine.rules().await?, senders(&engine).await?);
        Ok(Listed {
            gone: gone(&engine, &rules, &senders).await?,
            senderless: engine.senderless_pairs().await?,
            rules,
            senders,
        })
    }

    pub(super) async fn editor(id: Option<RuleId>) -> Result<Editor, ApiError> {
        signed_in()?;
        let engine = engine();
        let rule = match id {
            Some(id) => Some(engine.rule(id).await?),
            None => None,
        };
        let zone = TimeZone::system();
        let seen = engine.events_to_try().await?.into_iter().map(|event| {
            let mut report = event.report;
            report.text = report.text.chars().take(TEXT).collect();
            report.fields.clear();
            Seen {
                report,
                local: zone.to_datetime(event.received_at),
            }
        });
        let senders = senders(&engine).await?;
        Ok(Editor {
            gone: gone(&engine, rule.as_slice(), &senders).await?,
            rule,
            senders,
            seen: seen.collect(),
            undeliverable: engine.undeliverable().await?,
        })
    }

    pub(super) async fn save(id: &str, draft: Draft) -> Result<(), ApiError> {
        let who = who()?;
        let mut draft = draft;
        if draft.follow_buttons() {
            return Err(given_back(ApiError::field(parse::DRAFT, ""), &draft));
        }
        let id = match id {
            "" => None,
            id => Some(id.parse::<RuleId>().map_err(ApiError::gone)?),
        };
        let definition = parse::definition(&draft).map_err(|error| given_back(error, &draft))?;
        engine()
            .save_rule(id, definition, &who)
            .await
            .map_err(|error| given_back(refused(error), &draft))?;
        redirect("/rules?done=saved");
        Ok(())
    }

    pub(super) async fn switch(id: RuleId, switch: Switch) -> Result<(), ApiError> {
        Ok(engine().switch_rule(id, switch, &who()?).await?)
    }

    pub(super) async fn delete(id: RuleId) -> Result<(), ApiError> {
        engine().delete_rule(id, &who()?).await?;
        redirect("/rules?done=deleted");
        Ok(())
    }

    /// The answer with the form as it was sent, for a page that is loaded again.
    fn given_back(error: ApiError, draft: &Draft) -> ApiError {
        match serde_json::to_string(draft) {
            Ok(draft) => error.with_typed([(parse::DRAFT, draft)]),
            Err(_) => error,
        }
    }

    /// The engine's no, beside the field that it is about.
    fn refused(error: RuleError) -> ApiError {
        let field = match &error {
            RuleError::Invalid(invalid) => match invalid {
                InvalidRule::NameMissing => Some(parse::NAME.to_owned()),
                InvalidRule::CatchesNothing => Some(parse::CONDITIONS.to_owned()),
                InvalidRule::NoPair => None,
                InvalidRule::NoRecipient(pair) => Some(parse::recipients(pair - 1)),
                InvalidRule::SenderTwice(pair) => Some(parse::senders(pair - 1)),
            },
            RuleError::TooManyRecipients(pair) => Some(parse::recipients(pair - 1)),
            RuleError::SenderGone(pair) => Some(parse::senders(pair - 1)),
            RuleError::Gone | RuleError::Store(_) => None,
        };
        match field {
            Some(field) => ApiError::field(&field, error),
            None => error.into(),
        }
    }

    /// Who stands in the rules' lists and is no account any more.
    async fn gone(engine: &Engine, rules: &[Rule], living: &[Mailbox]) -> Result<Vec<GoneSender>, ApiError> {
        let pairs = rules.iter().flat_map(|rule| &rule.definition.pairs);
        let lives = |id: &AccountId| living.iter().any(|one| one.account.id == *id);
        let ids: BTreeSet<_> = pairs
            .flat_map(|pair| &pair.senders)
            .filter(|id| !lives(id))
            .collect();
        let deleted = if ids.is_empty() {
            Vec::new()
        } else {
            engine.store.deleted_accounts().await?
        };
        Ok(ids
            .into_iter()
            .map(|id| GoneSender::find(*id, &deleted))
            .collect())
    }

    async fn senders(engine: &Engine) -> Result<Vec<Mailbox>, ApiError> {
        let accounts = engine.accounts().await?.into_iter();
        let mailbox = |account: tocsin_domain::account::Account| Mailbox {
            provider: engine.providers.get(&account.settings.provider).map_or_else(
                || account.settings.provider.to_string(),
                |provider| provider.name.clone(),
            ),
            account,
        };
        Ok(accounts.map(mailbox).collect())
    }
}
