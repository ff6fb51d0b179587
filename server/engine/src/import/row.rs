//! From a row's cells to what they say, each checked for itself. An empty cell says nothing: what an account has
//! already stays.

use super::columns::letters;
use crate::accounts::{is_certificate, is_host};
use crate::providers::Providers;
use secrecy::SecretString;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::import::{CellProblem, ImportField, Remark};
use tocsin_domain::provider::{ProviderKey, Security};
use tocsin_domain::text::Line;

/// Ports that promise a way to secure the connection (RFC 8314 section 3.3, RFC 6409 section 3.1).
const STARTTLS_PORTS: [u16; 5] = [25, 587, 2525, 110, 143];

/// Names of providers beside their keys and their names as shown.
const ALSO: [(&str, &str); 14] = [
    ("google", "gmail"),
    ("googleworkspace", "gmail"),
    ("gsuite", "gmail"),
    ("googlemail", "gmail"),
    ("hotmail", "outlook"),
    ("live", "outlook"),
    ("outlook", "outlook"),
    ("office365", "microsoft365"),
    ("o365", "microsoft365"),
    ("m365", "microsoft365"),
    ("exchange", "microsoft365"),
    ("smtp", "custom"),
    ("smtpimap", "custom"),
    ("other", "custom"),
];

/// What a row says.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) address: EmailAddress,
    pub(super) password: Option<SecretString>,
    pub(super) user: Option<String>,
    pub(super) sender_name: Option<Line>,
    pub(super) owner: Option<EmailAddress>,
    pub(super) provider: Option<ProviderKey>,
    pub(super) smtp: ServerCells,
    pub(super) imap: ServerCells,
}

/// What a row says of a server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ServerCells {
    pub(super) host: Option<String>,
    pub(super) port: Option<u16>,
    pub(super) security: Option<Security>,
    pub(super) ca: Option<String>,
}

impl ServerCells {
    /// Whether it says anything.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A row's cells by what they hold.
struct Cells<'a> {
    mapping: &'a [Option<ImportField>],
    cells: &'a [String],
}

impl Cells<'_> {
    /// The cell as it stands; none where it is empty.
    fn raw(&self, field: ImportField) -> Option<&str> {
        let index = self.mapping.iter().position(|held| *held == Some(field))?;
        self.cells
            .get(index)
            .map(String::as_str)
            .filter(|cell| !cell.is_empty())
    }

    /// The cell trimmed, and without the apostrophe by which spreadsheets and exports mark that it is no formula.
    fn text(&self, field: ImportField) -> Result<Option<&str>, Remark> {
        let Some(cell) = self.raw(field).map(str::trim).filter(|cell| !cell.is_empty()) else {
            return Ok(None);
        };
        let is_certificate = matches!(field, ImportField::SmtpCa | ImportField::ImapCa);
        match cell.strip_prefix('\'') {
            Some(rest) if begins_as_formula(rest) => Ok(Some(rest)),
            // “-----BEGIN CERTIFICATE-----”: what it must be instead is checked further on.
            None if is_certificate => Ok(Some(cell)),
            _ if begins_as_formula(cell) => Err(Remark::Cell {
                field,
                problem: CellProblem::Formula,
            }),
            _ => Ok(Some(cell)),
        }
    }

    fn parsed<T>(
        &self,
        field: ImportField,
        problem: CellProblem,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Remark> {
        let Some(text) = self.text(field)? else {
            return Ok(None);
        };
        parse(text).map(Some).ok_or(Remark::Cell { field, problem })
    }
}

/// Whether a spreadsheet may take a cell for a formula. <https://owasp.org/www-community/attacks/CSV_Injection>
pub(super) fn begins_as_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The mailbox of a row that may be wrong otherwise, for the report.
pub(super) fn address(mapping: &[Option<ImportField>], cells: &[String]) -> Option<EmailAddress> {
    Cells { mapping, cells }.raw(ImportField::Address)?.parse().ok()
}

/// Reads a row.
pub(super) fn read(
    mapping: &[Option<ImportField>],
    cells: &[String],
    providers: &Providers,
) -> Result<Row, Remark> {
    if cells.len() != mapping.len() {
        return Err(Remark::Ragged {
            cells: cells.len() as u64,
            header: mapping.len() as u64,
        });
    }
    let cells = Cells { mapping, cells };
    let missing = Remark::Cell {
        field: ImportField::Address,
        problem: CellProblem::Missing,
    };
    let address = |field| cells.parsed(field, CellProblem::Address, |text| text.parse().ok());
    let line = |field| cells.parsed(field, CellProblem::Line, |text| Line::parse(text).ok());
    let provider = |text: &str| provider(text, providers);
    Ok(Row {
        address: address(ImportField::Address)?.ok_or(missing)?,
        // Spaces at its ends and signs at its start are part of a password.
        password: cells.raw(ImportField::Password).map(SecretString::from),
        user: line(ImportField::User)?.map(|user| user.to_string()),
        sender_name: line(ImportField::SenderName)?,
        owner: address(ImportField::Owner)?,
        provider: cells.parsed(ImportField::Provider, CellProblem::Provider, provider)?,
        smtp: server(
            &cells,
            [
                ImportField::SmtpHost,
                ImportField::SmtpPort,
                ImportField::SmtpSecurity,
                ImportField::SmtpCa,
            ],
        )?,
        imap: server(
            &cells,
            [
                ImportField::ImapHost,
                ImportField::ImapPort,
                ImportField::ImapSecurity,
                ImportField::ImapCa,
            ],
        )?,
    })
}

fn server(cells: &Cells<'_>, [host, port, security, ca]: [ImportField; 4]) -> Result<ServerCells, Remark> {
    let is_own_host = |text: &str| is_host(text).then(|| text.to_owned());
    let parse_port = |text: &str| text.parse::<u16>().ok().filter(|port| *port != 0);
    let port = cells.parsed(port, CellProblem::Port, parse_port)?;
    Ok(ServerCells {
        host: cells.parsed(host, CellProblem::Host, is_own_host)?,
        port,
        security: cells.parsed(security, CellProblem::Security, |text| read_security(text, port))?,
        ca: cells.parsed(ca, CellProblem::Certificate, |text| {
            is_certificate(text).then(|| text.to_owned())
        })?,
    })
}

/// A way to secure a connection, in the words of several programs. Where the word is a mere yes or no, the port
/// says what it is about; it never leads to plain text where STARTTLS is usual.
fn read_security(text: &str, port: Option<u16>) -> Option<Security> {
    let starttls_port = port.is_some_and(|port| STARTTLS_PORTS.contains(&port));
    match letters(text).as_str() {
        "tls" | "ssl" | "ssltls" | "tlsssl" | "implicit" | "implicittls" | "smtps" | "imaps" => {
            Some(Security::Tls)
        }
        "starttls" | "tlsstarttls" | "starttlstls" | "explicit" | "explicittls" => Some(Security::Starttls),
        "none" | "plain" | "plaintext" | "unencrypted" => Some(Security::None),
        "true" | "yes" | "on" | "1" if starttls_port => Some(Security::Starttls),
        "true" | "yes" | "on" | "1" => Some(Security::Tls),
        "false" | "no" | "off" | "0" if starttls_port => Some(Security::Starttls),
        "false" | "no" | "off" | "0" => Some(Security::None),
        _ => None,
    }
}

/// What is usual on a port.
pub(super) fn usual_security(port: u16) -> Security {
    if STARTTLS_PORTS.contains(&port) {
        Security::Starttls
    } else {
        Security::Tls
    }
}

fn provider(text: &str, providers: &Providers) -> Option<ProviderKey> {
    let wanted = letters(text);
    let named = providers
        .all()
        .iter()
        .find(|preset| letters(preset.key.as_str()) == wanted || letters(&preset.name) == wanted);
    let also = ALSO
        .iter()
        .find(|(name, _)| *name == wanted)
        .map(|(_, key)| ProviderKey::new(key));
    named.map(|preset| preset.key.clone()).or(also)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::columns::guess;
    use super::*;
    use secrecy::ExposeSecret as _;

    fn read_row(header: &str, cells: &str) -> Result<Row, Remark> {
        let split = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
        let providers = Providers::load(std::path::Path::new("/nowhere")).unwrap();
        read(&guess(&split(header)), &split(cells), &providers)
    }

    fn wrong(header: &str, cells: &str) -> (ImportField, CellProblem) {
        match read_row(header, cells).unwrap_err() {
            Remark::Cell { field, problem } => (field, problem),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_password_keeps_its_spaces_and_signs_and_other_cells_are_trimmed() {
        let row = read_row("email|password|smtp host", " a@b.org |  =pa ss |  mail.b.org ").unwrap();
        assert_eq!(row.password.unwrap().expose_secret(), "  =pa ss ");
        assert_eq!(row.address.as_str(), "a@b.org");
        assert_eq!(row.smtp.host.as_deref(), Some("mail.b.org"));
    }

    #[test]
    fn each_wrong_cell_is_named() {
        for (header, cells, field, problem) in [
            ("email", "nas", ImportField::Address, CellProblem::Address),
            (
                "email|owner",
                "|a@b.org",
                ImportField::Address,
                CellProblem::Missing,
            ),
            (
                "email|owner",
                "a@b.org|bob",
                ImportField::Owner,
                CellProblem::Address,
            ),
            (
                "email|port",
                "a@b.org|0",
                ImportField::SmtpPort,
                CellProblem::Port,
            ),
            (
                "email|port",
                "a@b.org|many",
                ImportField::SmtpPort,
                CellProblem::Port,
            ),
            (
                "email|ssl",
                "a@b.org|perhaps",
                ImportField::SmtpSecurity,
                CellProblem::Security,
            ),
            (
                "email|host",
                "a@b.org|https://x.org",
                ImportField::SmtpHost,
                CellProblem::Host,
            ),
            (
                "email|imap host",
                "a@b.org|x:993",
                ImportField::ImapHost,
                CellProblem::Host,
            ),
            (
                "email|provider",
                "a@b.org|pigeon",
                ImportField::Provider,
                CellProblem::Provider,
            ),
            (
                "email|smtp_ca",
                "a@b.org|/etc/ca.pem",
                ImportField::SmtpCa,
                CellProblem::Certificate,
            ),
            (
                "email|sender name",
                "a@b.org|two\nlines",
                ImportField::SenderName,
                CellProblem::Line,
            ),
        ] {
            assert_eq!(wrong(header, cells), (field, problem), "{cells}");
        }
    }

    #[test]
    fn a_formula_is_refused_unless_an_apostrophe_says_that_it_is_none() {
        for cell in ["=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)"] {
            let (field, problem) = wrong("email|name", &format!("a@b.org|{cell}"));
            assert_eq!(
                (field, problem),
                (ImportField::SenderName, CellProblem::Formula),
                "{cell}"
            );
        }
        let row = read_row("email|name", "a@b.org|'@home NAS").unwrap();
        assert_eq!(row.sender_name.unwrap().as_str(), "@home NAS");
    }

    #[test]
    fn a_certificate_is_no_formula() {
        let pem = rcgen::generate_simple_self_signed(vec!["nas".to_owned()])
            .unwrap()
            .cert
            .pem();
        for cell in [pem.clone(), format!("'{pem}")] {
            let row = read_row("email|smtp_ca", &format!("a@b.org|{cell}")).unwrap();
            assert_eq!(row.smtp.ca.as_deref(), Some(pem.trim()));
        }
    }

    #[test]
    fn a_ragged_row_says_how_many_cells_it_has() {
        assert_eq!(
            read_row("email|name", "a@b.org").unwrap_err(),
            Remark::Ragged { cells: 1, header: 2 }
        );
    }

    #[test]
    fn security_is_read_in_the_words_of_several_programs() {
        for (text, port, wanted) in [
            ("TLS", 465, Security::Tls),
            ("SSL/TLS", 465, Security::Tls),
            ("STARTTLS", 587, Security::Starttls),
            ("None", 25, Security::None),
            ("true", 465, Security::Tls),
            ("true", 587, Security::Starttls),
            ("false", 587, Security::Starttls),
            ("false", 1025, Security::None),
        ] {
            assert_eq!(read_security(text, Some(port)), Some(wanted), "{text} {port}");
        }
    }

    #[test]
    fn a_provider_is_found_by_key_name_and_other_names() {
        for (text, key) in [
            ("Gmail", "gmail"),
            ("Google Workspace", "gmail"),
            ("Microsoft 365", "microsoft365"),
            ("office365", "microsoft365"),
            ("outlook.com", "outlook"),
            ("SMTP", "custom"),
        ] {
            let row = read_row("email|provider", &format!("a@b.org|{text}")).unwrap();
            assert_eq!(row.provider.unwrap().as_str(), key, "{text}");
        }
    }
}
