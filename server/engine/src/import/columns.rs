//! Which column holds what: guessed by the columns' names, said by a person, checked before anything is tried.

use tocsin_domain::import::ImportField;

/// The names under which other programs export and import mailboxes, in lower case, without spaces and signs:
/// QuickMail, Smartlead, Instantly, Lemlist, Mailreef; Thunderbird's and nodemailer's words.
const NAMES: &[(ImportField, &[&str])] = &[
    (
        ImportField::Address,
        &[
            "email",
            "emailaddress",
            "address",
            "mail",
            "mailaddress",
            "mailbox",
            "inbox",
            "fromemail",
            "fromaddress",
            "senderemail",
            "senderaddress",
            "account",
            "emailaccount",
            "accountemail",
            "from",
            "smtpfrom",
        ],
    ),
    (
        ImportField::Password,
        &[
            "password",
            "pass",
            "pwd",
            "secret",
            "smtppassword",
            "smtppass",
            "emailpassword",
            "mailpassword",
            "mailboxpassword",
            "accountpassword",
            "apppassword",
            "applicationpassword",
            "appspecificpassword",
            "authorizationcode",
            "authcode",
            "apikey",
            "smtpkey",
            "passwort",
        ],
    ),
    (
        ImportField::User,
        &[
            "username",
            "user",
            "login",
            "loginname",
            "smtpusername",
            "smtpuser",
            "smtplogin",
            "authuser",
            "emailusername",
            "userid",
            "benutzer",
            "benutzername",
        ],
    ),
    (
        ImportField::SenderName,
        &[
            "sendername",
            "fromname",
            "displayname",
            "name",
            "fullname",
            "senderfullname",
            "accountname",
            "alias",
            "emailname",
        ],
    ),
    (
        ImportField::Owner,
        &[
            "owner",
            "owneremail",
            "owneraddress",
            "responsible",
            "contact",
            "contactemail",
        ],
    ),
    (
        ImportField::Provider,
        &[
            "provider",
            "preset",
            "emailprovider",
            "mailprovider",
            "type",
            "accounttype",
            "esp",
            "service",
            "platform",
        ],
    ),
    (
        ImportField::SmtpHost,
        &[
            "smtphost",
            "smtpserver",
            "smtphostname",
            "smtpaddress",
            "smtp",
            "host",
            "hostname",
            "server",
            "mailserver",
            "outgoingserver",
            "outgoingmailserver",
            "outgoinghost",
            "sendinghost",
            "sendingserver",
        ],
    ),
    (
        ImportField::SmtpPort,
        &[
            "smtpport",
            "port",
            "outgoingport",
            "smtpserverport",
            "sendingport",
            "outgoingserverport",
        ],
    ),
    (
        ImportField::SmtpSecurity,
        &[
            "smtpsecurity",
            "security",
            "ssl",
            "tls",
            "smtpssl",
            "smtptls",
            "smtpssltls",
            "ssltls",
            "encryption",
            "smtpencryption",
            "secure",
            "smtpsecure",
            "smtpporttype",
            "smtpsecuritytype",
            "connectionsecurity",
            "smtpconnectionsecurity",
            "outgoingsecurity",
        ],
    ),
    (
        ImportField::SmtpCa,
        &[
            "smtpca",
            "ca",
            "certificateauthority",
            "smtpcertificate",
            "cacertificate",
        ],
    ),
    (
        ImportField::ImapHost,
        &[
            "imaphost",
            "imapserver",
            "imaphostname",
            "imapaddress",
            "imap",
            "incomingserver",
            "incomingmailserver",
            "incominghost",
            "receivinghost",
            "receivingserver",
        ],
    ),
    (
        ImportField::ImapPort,
        &[
            "imapport",
            "incomingport",
            "imapserverport",
            "receivingport",
            "incomingserverport",
        ],
    ),
    (
        ImportField::ImapSecurity,
        &[
            "imapsecurity",
            "imapssl",
            "imaptls",
            "imapssltls",
            "imapencryption",
            "imapsecure",
            "imapporttype",
            "imapsecuritytype",
            "imapconnectionsecurity",
            "incomingsecurity",
        ],
    ),
    (ImportField::ImapCa, &["imapca", "imapcertificate"]),
];

/// What each column holds; none is not used.
pub type Mapping = Vec<Option<ImportField>>;

/// Why a mapping cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingProblem {
    /// No column holds the addresses.
    #[error("say which column holds the e-mail address; nothing was changed")]
    AddressMissing,
    /// Two columns hold the same.
    #[error("the columns {first} and {second} are both {field}: choose one of them; nothing was changed")]
    Doubled {
        /// What both hold.
        field: ImportField,
        /// The first, from 1.
        first: usize,
        /// The second, from 1.
        second: usize,
    },
    /// The form is about another file.
    #[error("the file has another number of columns: load the page again; nothing was changed")]
    OtherFile,
}

/// What a column of this name holds, whatever its case, spaces and underscores.
pub(super) fn by_name(name: &str) -> Option<ImportField> {
    let bare = letters(name);
    let known = |(_, names): &&(ImportField, &[&str])| names.contains(&bare.as_str());
    NAMES.iter().find(known).map(|(field, _)| *field)
}

/// What each column seems to hold. Of two that seem to hold the same, the one whose name is the field's own wins,
/// else the first.
pub fn guess(header: &[String]) -> Mapping {
    let mut mapping: Mapping = header.iter().map(|name| by_name(name)).collect();
    for field in ImportField::ALL {
        let own = header
            .iter()
            .position(|name| letters(name) == letters(field.key()));
        let first = mapping.iter().position(|held| held == &Some(*field));
        let kept = own.or(first);
        for (index, held) in mapping.iter_mut().enumerate() {
            if *held == Some(*field) && Some(index) != kept {
                *held = None;
            }
        }
    }
    mapping
}

/// Letters and digits alone, in lower case.
pub(super) fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether a mapping can be used.
pub(super) fn check(mapping: &[Option<ImportField>], columns: usize) -> Result<(), MappingProblem> {
    if mapping.len() != columns {
        return Err(MappingProblem::OtherFile);
    }
    for (second, field) in mapping.iter().enumerate() {
        let Some(field) = *field else { continue };
        if let Some(first) = mapping[..second].iter().position(|held| *held == Some(field)) {
            return Err(MappingProblem::Doubled {
                field,
                first: first + 1,
                second: second + 1,
            });
        }
    }
    if mapping.contains(&Some(ImportField::Address)) {
        Ok(())
    } else {
        Err(MappingProblem::AddressMissing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn columns_are_found_under_the_names_of_other_programs() {
        let smartlead = [
            "from_name",
            "from_email",
            "user_name",
            "password",
            "smtp_host",
            "smtp_port",
            "imap_host",
            "imap_port",
            "max_email_per_day",
        ];
        assert_eq!(
            guess(&header(&smartlead)),
            [
                Some(ImportField::SenderName),
                Some(ImportField::Address),
                Some(ImportField::User),
                Some(ImportField::Password),
                Some(ImportField::SmtpHost),
                Some(ImportField::SmtpPort),
                Some(ImportField::ImapHost),
                Some(ImportField::ImapPort),
                None,
            ]
        );
        for (name, field) in [
            ("E-Mail Address", ImportField::Address),
            ("SMTP Host", ImportField::SmtpHost),
            ("Smtp_Port", ImportField::SmtpPort),
            ("SSL", ImportField::SmtpSecurity),
            ("Sender Name", ImportField::SenderName),
            ("IMAP SSL/TLS", ImportField::ImapSecurity),
        ] {
            assert_eq!(by_name(name), Some(field), "{name}");
        }
        assert_eq!(by_name("Max emails per day"), None);
    }

    #[test]
    fn the_templates_columns_are_found_as_what_they_are() {
        let names: Vec<_> = ImportField::ALL
            .iter()
            .map(|field| field.key().to_owned())
            .collect();
        let found: Vec<_> = guess(&names).into_iter().flatten().collect();
        assert_eq!(found, ImportField::ALL);
    }

    #[test]
    fn of_two_columns_that_seem_the_same_one_is_used() {
        let guessed = guess(&header(&["login", "User Name", "email", "Password", "password"]));
        assert_eq!(
            guessed,
            [
                None,
                Some(ImportField::User),
                Some(ImportField::Address),
                Some(ImportField::Password),
                None
            ]
        );
    }

    #[test]
    fn a_mapping_needs_the_address_and_takes_nothing_twice() {
        let address = Some(ImportField::Address);
        assert_eq!(check(&[None, address], 2), Ok(()));
        assert_eq!(check(&[None, None], 2), Err(MappingProblem::AddressMissing));
        assert_eq!(check(&[address], 2), Err(MappingProblem::OtherFile));
        let doubled = check(&[address, None, address], 3);
        assert_eq!(
            doubled,
            Err(MappingProblem::Doubled {
                field: ImportField::Address,
                first: 1,
                second: 3
            })
        );
    }

    #[test]
    fn no_name_stands_for_two_fields() {
        let mut seen = std::collections::HashMap::new();
        for (field, names) in NAMES {
            for name in *names {
                assert_eq!(seen.insert(name, field), None, "{name}");
            }
        }
    }
}
