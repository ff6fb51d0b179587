//! Where each next step is done: on a page of Tocsin, at the provider, or nowhere, since it needs a person outside
//! or only time.

use tocsin_domain::failure::{NextStep, Stage};

use super::about::{About, Pages, Who};
use crate::{i18n::tu_string, words::I18n};

/// A link that leads to a next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) href: String,
    pub(super) words: String,
    pub(super) place: Place,
}

/// Where a link leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Another page of Tocsin, or a field of this one.
    Here,
    /// Somebody else's page.
    Outside,
}

/// The ways to a next step, the nearest first.
pub(super) fn ways(i18n: I18n, step: NextStep, stage: Stage, words: &str, about: &About) -> Vec<Way> {
    let maker = Maker { i18n, about, stage };
    let ways = match step {
        NextStep::Reauthorize => [maker.reauthorize(), None],
        NextStep::EnterNewPassword => [maker.secret(), None],
        NextStep::CreateAppPassword => [maker.create(), maker.secret()],
        NextStep::CheckOAuthApplication | NextStep::RenewOAuthSecret => [maker.application(), None],
        NextStep::SwitchOnAtProvider
        | NextStep::UnblockAccount
        | NextStep::VerifySender
        | NextStep::UpgradePlan
        | NextStep::FreeStorage => [maker.provider(), None],
        NextStep::CheckSignInMethod | NextStep::CheckRelayPermission => [maker.settings(Setting::User), None],
        NextStep::CheckHostAndPort => [maker.settings(Setting::Host), None],
        NextStep::CheckTlsMode => [maker.settings(Setting::Security), None],
        NextStep::AddCertificate | NextStep::CheckCertificate => [maker.settings(Setting::Authority), None],
        NextStep::UseOwnAddress => [maker.settings(Setting::Address), None],
        NextStep::CheckRecipient | NextStep::TellRecipient => [maker.recipients(), None],
        NextStep::WaitForQuota => [maker.senders(), None],
        NextStep::CheckSendingAddress | NextStep::AuthenticateDomain | NextStep::ImproveReputation => {
            [maker.named(words), None]
        }
        // Somebody outside, the message itself, or time.
        NextStep::AskAdministrator
        | NextStep::CheckHelloName
        | NextStep::WaitAndRetry
        | NextStep::CheckNetwork
        | NextStep::ChangeMessage => [None, None],
    };
    ways.into_iter().flatten().collect()
}

/// A field of the form that adds an account.
#[derive(Clone, Copy)]
enum Setting {
    Address,
    User,
    Host,
    Security,
    Authority,
}

#[derive(Clone, Copy)]
struct Maker<'a> {
    i18n: I18n,
    about: &'a About,
    stage: Stage,
}

#[allow(clippy::unnecessary_wraps)] // Beside those that may lead nowhere, all are used alike.
impl Maker<'_> {
    fn here(href: String, words: &str) -> Option<Way> {
        Some(Way {
            href,
            words: words.to_owned(),
            place: Place::Here,
        })
    }

    fn outside(href: &str, words: String) -> Option<Way> {
        Some(Way {
            href: href.to_owned(),
            words,
            place: Place::Outside,
        })
    }

    fn reauthorize(self) -> Option<Way> {
        let Who::Account(id) = self.about.who else {
            return None;
        };
        let words = tu_string!(self.i18n, failure.way.reauthorize);
        Self::here(format!("/accounts/{id}#reauthorization"), words)
    }

    fn secret(self) -> Option<Way> {
        match self.about.who {
            Who::Account(id) => {
                let words = tu_string!(self.i18n, failure.way.password);
                Self::here(format!("/accounts/{id}#reauthorization"), words)
            }
            Who::Form => {
                let words = tu_string!(self.i18n, failure.way.field_secret);
                Self::here("#secret".to_owned(), words)
            }
            Who::Unknown => None,
        }
    }

    fn settings(self, setting: Setting) -> Option<Way> {
        let i18n = self.i18n;
        match (self.about.who, self.stage) {
            (Who::Account(id), Stage::Imap) => {
                let words = tu_string!(i18n, failure.way.receiving);
                Self::here(format!("/accounts/{id}#receiving"), words)
            }
            (Who::Account(id), _) => {
                let words = tu_string!(i18n, failure.way.sending);
                Self::here(format!("/accounts/{id}#sending"), words)
            }
            (Who::Form, _) => {
                let (field, words) = match setting {
                    Setting::Address => ("#address", tu_string!(i18n, failure.way.field_address)),
                    Setting::User => ("#user", tu_string!(i18n, failure.way.field_user)),
                    Setting::Host => ("#host", tu_string!(i18n, failure.way.field_host)),
                    Setting::Security => ("#security", tu_string!(i18n, failure.way.field_security)),
                    Setting::Authority => ("#ca", tu_string!(i18n, failure.way.field_ca)),
                };
                Self::here(field.to_owned(), words)
            }
            (Who::Unknown, _) => None,
        }
    }

    fn application(self) -> Option<Way> {
        let words = tu_string!(self.i18n, failure.way.application);
        match &self.about.provider {
            Some(provider) => Self::here(format!("/settings/oauth/{}", provider.key), words),
            None => Self::here("/settings#oauth".to_owned(), words),
        }
    }

    fn recipients(self) -> Option<Way> {
        let rule = self.about.rule?;
        Self::here(
            format!("/rules/{rule}"),
            tu_string!(self.i18n, failure.way.recipients),
        )
    }

    fn senders(self) -> Option<Way> {
        let rule = self.about.rule?;
        Self::here(
            format!("/rules/{rule}"),
            tu_string!(self.i18n, failure.way.senders),
        )
    }

    fn provider(self) -> Option<Way> {
        let Pages {
            name,
            help: Some(help),
            ..
        } = self.about.provider.as_ref()?
        else {
            return None;
        };
        let words = tu_string!(self.i18n, failure.way.provider, provider = name.clone());
        Self::outside(help, words)
    }

    fn create(self) -> Option<Way> {
        let Pages { name, credential, .. } = self.about.provider.as_ref()?;
        let words = tu_string!(self.i18n, failure.way.create, provider = name.clone());
        Self::outside(credential.as_ref()?, words)
    }

    /// The page that the server's words name. Its host is part of what one reads before following it.
    fn named(self, words: &str) -> Option<Way> {
        let url = named_page(words)?;
        let host = host_of(url)?;
        let words = tu_string!(self.i18n, failure.way.named, host = host.to_owned());
        Self::outside(url, words)
    }
}

/// The first address of an encrypted page in a server's words.
fn named_page(words: &str) -> Option<&str> {
    let start = words.find("https://")?;
    let end = words[start..]
        .find(|c: char| c.is_whitespace() || "<>\"'()[]{}".contains(c))
        .map_or(words.len(), |length| start + length);
    let url = words[start..end].trim_end_matches(['.', ',', ';', ':']);
    host_of(url).map(|_| url)
}

/// The host, unless something stands before it that could pass for one.
fn host_of(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://")?;
    let host = rest.split(['/', '?', '#', '\\']).next()?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    (host.contains('.') && host.chars().all(is_name)).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_that_a_reply_names_is_found_without_the_words_around_it() {
        let words = "5.7.1 blocked, see <https://www.spamhaus.org/query/ip/192.0.2.1>. Bye";
        assert_eq!(
            named_page(words),
            Some("https://www.spamhaus.org/query/ip/192.0.2.1")
        );
        assert_eq!(
            named_page("see https://example.com."),
            Some("https://example.com")
        );
    }

    #[test]
    fn what_only_looks_like_a_page_is_not_led_to() {
        for words in [
            "see http://example.com",
            "see https://",
            "see https://user:pw@example.com/",
            "see javascript:alert(1)",
        ] {
            assert_eq!(named_page(words), None, "{words}");
        }
    }
}
