//! What the columns of a file of accounts hold, and what became of its rows.

use tocsin_domain::import::{CellProblem, ImportField, Outcome, Remark};

use super::{I18n, failure};
use crate::i18n::tu_string;

/// What a column can hold.
pub fn field(i18n: I18n, field: ImportField) -> &'static str {
    match field {
        ImportField::Address => tu_string!(i18n, import.field.email),
        ImportField::Password => tu_string!(i18n, import.field.password),
        ImportField::User => tu_string!(i18n, import.field.user_name),
        ImportField::SenderName => tu_string!(i18n, import.field.sender_name),
        ImportField::Owner => tu_string!(i18n, import.field.owner),
        ImportField::Provider => tu_string!(i18n, import.field.provider),
        ImportField::SmtpHost => tu_string!(i18n, import.field.smtp_host),
        ImportField::SmtpPort => tu_string!(i18n, import.field.smtp_port),
        ImportField::SmtpSecurity => tu_string!(i18n, import.field.smtp_security),
        ImportField::SmtpCa => tu_string!(i18n, import.field.smtp_ca),
        ImportField::ImapHost => tu_string!(i18n, import.field.imap_host),
        ImportField::ImapPort => tu_string!(i18n, import.field.imap_port),
        ImportField::ImapSecurity => tu_string!(i18n, import.field.imap_security),
        ImportField::ImapCa => tu_string!(i18n, import.field.imap_ca),
    }
}

/// What became of a row, in a word.
pub fn outcome(i18n: I18n, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => tu_string!(i18n, import.outcome.created),
        Outcome::Updated => tu_string!(i18n, import.outcome.updated),
        Outcome::Unchanged => tu_string!(i18n, import.outcome.unchanged),
        Outcome::Skipped => tu_string!(i18n, import.outcome.skipped),
        Outcome::Failed => tu_string!(i18n, import.outcome.failed),
    }
}

/// Why that became of it; a server's own words are not in it.
pub fn remark(i18n: I18n, remark: &Remark) -> String {
    match remark {
        Remark::Cell { field: held, problem } => {
            format!("{}: {}", field(i18n, *held), cell(i18n, problem))
        }
        Remark::Ragged { cells, header } => {
            tu_string!(i18n, import.remark.ragged, cells = *cells, header = *header).to_string()
        }
        Remark::Twice { line } => tu_string!(i18n, import.remark.twice, line = *line).to_string(),
        Remark::Taken => tu_string!(i18n, import.remark.taken).to_owned(),
        Remark::OtherProvider => tu_string!(i18n, import.remark.other_provider).to_owned(),
        Remark::HasGrant => tu_string!(i18n, import.remark.has_grant).to_owned(),
        Remark::AwaitsOwner => tu_string!(i18n, import.remark.awaits_owner).to_owned(),
        Remark::Refused { meaning, .. } => failure::meaning(i18n, *meaning).to_owned(),
        Remark::NotTried { meaning, .. } => format!(
            "{} {}",
            tu_string!(i18n, import.remark.not_tried),
            failure::meaning(i18n, *meaning)
        ),
        Remark::Cancelled => tu_string!(i18n, import.remark.cancelled).to_owned(),
        Remark::ChangedMeanwhile => tu_string!(i18n, import.remark.changed_meanwhile).to_owned(),
        Remark::Fault { words } => words.clone(),
    }
}

fn cell(i18n: I18n, problem: &CellProblem) -> &'static str {
    match problem {
        CellProblem::Missing => tu_string!(i18n, import.cell.missing),
        CellProblem::NeededForHost => tu_string!(i18n, import.cell.needed_for_host),
        CellProblem::Address => tu_string!(i18n, import.cell.address),
        CellProblem::Line => tu_string!(i18n, import.cell.line),
        CellProblem::Port => tu_string!(i18n, import.cell.port),
        CellProblem::Security => tu_string!(i18n, import.cell.security),
        CellProblem::Provider => tu_string!(i18n, import.cell.provider),
        CellProblem::Host => tu_string!(i18n, import.cell.host),
        CellProblem::Certificate => tu_string!(i18n, import.cell.certificate),
        CellProblem::Formula => tu_string!(i18n, import.cell.formula),
    }
}
