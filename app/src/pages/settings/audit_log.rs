//! Who changed what, when, from where: the last lines.

use leptos::prelude::*;

use crate::{
    api::settings::LogRow,
    components::{
        panel::Panel,
        table::{Cell, CellText, Column, Density, Row, Table},
        time::Moment,
    },
    i18n::{tu_string, use_i18n},
};

/// The panel.
#[component]
pub fn AuditLog(
    /// The lines, newest first.
    log: Vec<LogRow>,
) -> impl IntoView {
    let i18n = use_i18n();
    let columns = vec![
        Column::text(tu_string!(i18n, settings.log.at)),
        Column::text(tu_string!(i18n, settings.log.who)),
        Column::text(tu_string!(i18n, settings.log.what)),
        Column::text(tu_string!(i18n, settings.log.origin)),
    ];
    let rows = log.into_iter().map(|line| {
        let detail = [line.subject, line.detail]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · ");
        view! {
            <Row>
                <Cell text=CellText::Line>
                    <Moment at=line.at />
                </Cell>
                <Cell label=tu_string!(i18n, settings.log.who)>{line.who}</Cell>
                <Cell label=tu_string!(i18n, settings.log.what)>
                    {words(&line.action)} " " <span class="sub">{detail}</span>
                </Cell>
                <Cell label=tu_string!(i18n, settings.log.origin)>{line.origin}</Cell>
            </Row>
        }
    });
    let rows = rows.collect_view();
    view! {
        <Panel id="log" title=tu_string!(i18n, settings.log.title) note=tu_string!(i18n, settings.log.note)>
            <Table label=tu_string!(i18n, settings.log.title) columns density=Density::Compact>
                {rows}
            </Table>
        </Panel>
    }
    .into_any()
}

/// The words for what was done; a word that is not known here stands for itself.
fn words(action: &str) -> String {
    let i18n = use_i18n();
    let words = match action {
        "set-up" => tu_string!(i18n, settings.log.set_up),
        "signed-in" => tu_string!(i18n, settings.log.signed_in),
        "signed-out" => tu_string!(i18n, settings.log.signed_out),
        "sign-in-refused" => tu_string!(i18n, settings.log.sign_in_refused),
        "nas-session-ended" => tu_string!(i18n, settings.log.nas_session_ended),
        "administrator-made" => tu_string!(i18n, settings.log.administrator_made),
        "password-changed" => tu_string!(i18n, settings.log.password_changed),
        "account-added" => tu_string!(i18n, settings.log.account_added),
        "account-changed" => tu_string!(i18n, settings.log.account_changed),
        "account-reauthorized" => tu_string!(i18n, settings.log.account_reauthorized),
        "account-converted" => tu_string!(i18n, settings.log.account_converted),
        "account-turned-back" => tu_string!(i18n, settings.log.account_turned_back),
        "account-tested" => tu_string!(i18n, settings.log.account_tested),
        "account-made-default" => tu_string!(i18n, settings.log.account_made_default),
        "account-deleted" => tu_string!(i18n, settings.log.account_deleted),
        "account-restored" => tu_string!(i18n, settings.log.account_restored),
        "account-erased" => tu_string!(i18n, settings.log.account_erased),
        "link-made" => tu_string!(i18n, settings.log.link_made),
        "link-opened" => tu_string!(i18n, settings.log.link_opened),
        "link-used" => tu_string!(i18n, settings.log.link_used),
        "link-revoked" => tu_string!(i18n, settings.log.link_revoked),
        "accounts-imported" => tu_string!(i18n, settings.log.accounts_imported),
        "import-cancelled" => tu_string!(i18n, settings.log.import_cancelled),
        "accounts-exported" => tu_string!(i18n, settings.log.accounts_exported),
        "rule-saved" => tu_string!(i18n, settings.log.rule_saved),
        "rule-deleted" => tu_string!(i18n, settings.log.rule_deleted),
        "notification-sent-now" => tu_string!(i18n, settings.log.notification_sent_now),
        "notification-cancelled" => tu_string!(i18n, settings.log.notification_cancelled),
        "oauth-application-saved" => tu_string!(i18n, settings.log.oauth_application_saved),
        "oauth-application-deleted" => tu_string!(i18n, settings.log.oauth_application_deleted),
        "token-made" => tu_string!(i18n, settings.log.token_made),
        "token-revoked" => tu_string!(i18n, settings.log.token_revoked),
        "authorization-lost" => tu_string!(i18n, settings.log.authorization_lost),
        "setting-refused" => tu_string!(i18n, settings.log.setting_refused),
        "webhook-saved" => tu_string!(i18n, settings.log.webhook_saved),
        "webhook-secret-made" => tu_string!(i18n, settings.log.webhook_secret_made),
        "webhook-tested" => tu_string!(i18n, settings.log.webhook_tested),
        "webhook-removed" => tu_string!(i18n, settings.log.webhook_removed),
        "settings-changed" => tu_string!(i18n, settings.log.settings_changed),
        other => other,
    };
    words.to_owned()
}
