#![allow(clippy::unwrap_used)]
use super::*;
use tocsin_domain::account::SignIn;
use tocsin_domain::provider::{Credential, OAuthFamily, Security, Server};
use tocsin_domain::text::Line;

fn load(text: &str) -> Result<Providers, ProvidersError> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ca.pem"), "PEM").unwrap();
    std::fs::write(folder.path().join(FILE), text).unwrap();
    Providers::load(folder.path())
}

fn built_in() -> Providers {
    Providers::load(tempfile::tempdir().unwrap().path()).unwrap()
}

fn get<'a>(providers: &'a Providers, key: &str) -> &'a Provider {
    providers.get(&ProviderKey::new(key)).unwrap()
}

/// The line and the reason.
fn refusal(text: &str) -> (usize, String) {
    match load(text) {
        Err(ProvidersError::Wrong { line, reason, .. }) => (line, reason),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_presets_come_in_the_order_of_the_file_gmail_first_and_custom_last() {
    let providers = built_in();
    let keys: Vec<_> = providers.all().iter().map(|p| p.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "gmail",
            "outlook",
            "microsoft365",
            "yahoo",
            "aol",
            "icloud",
            "fastmail",
            "zoho",
            "zoho-eu",
            "zoho-in",
            "zoho-au",
            "zoho-jp",
            "gmx",
            "gmx-com",
            "qq",
            "163",
            "126",
            "yandex",
            "mailru",
            "ses",
            "sendgrid",
            "mailgun",
            "brevo",
            "custom"
        ]
    );
}

#[test]
fn every_preset_but_custom_says_where_mail_is_handed_in_and_where_help_is() {
    for provider in built_in().all() {
        let custom = provider.key.is_custom();
        assert_eq!(provider.smtp.is_none(), custom, "{}", provider.key);
        assert_eq!(provider.help.is_none(), custom, "{}", provider.key);
        assert_eq!(provider.monogram.chars().count(), 2, "{}", provider.key);
        if let Some(oauth) = &provider.oauth {
            assert!(oauth.required.iter().all(|scope| oauth.scopes.contains(scope)));
        }
    }
}

#[test]
fn an_address_finds_its_preset_by_domain_and_by_a_domain_within_it() {
    let providers = built_in();
    let key = |domain| providers.by_domain(domain).map(|p| p.key.as_str());
    assert_eq!(key("Gmail.com"), Some("gmail"));
    assert_eq!(key("contoso.onmicrosoft.com"), Some("microsoft365"));
    assert_eq!(key("notgmail.com"), None);
    assert_eq!(key("example.com"), None);
}

#[test]
fn a_custom_account_on_a_public_host_of_gmail_or_outlook_is_recognised() {
    let providers = built_in();
    let keys = |host: &str, address: &str| {
        let settings = AccountSettings {
            provider: ProviderKey::new(ProviderKey::CUSTOM),
            address: address.parse().unwrap(),
            sender_name: Line::default(),
            owner: None,
            smtp: Server {
                host: host.into(),
                port: 587,
                security: Security::Starttls,
                ca: None,
            },
            imap: None,
            sign_in: SignIn::Nothing,
        };
        let found = providers.convertible(&settings);
        found.iter().map(|p| p.key.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(keys("SMTP.gmail.com", "nas@gmail.com"), ["gmail"]);
    assert_eq!(keys("smtp-mail.outlook.com", "nas@hotmail.com"), ["outlook"]);
    assert_eq!(
        keys("smtp.office365.com.", "nas@contoso.com"),
        ["microsoft365", "outlook"]
    );
    assert_eq!(
        keys("smtp.office365.com", "nas@outlook.com"),
        ["outlook", "microsoft365"]
    );
    assert!(keys("smtp.example.com", "nas@gmail.com").is_empty());
}

#[test]
fn the_data_directory_changes_single_fields_and_leaves_the_others() {
    let providers = load(
        "[gmail]\n\
         smtp = { host = \"localhost\", port = 1465, ca = \"ca.pem\" }\n\
         oauth = { authorize = \"http://127.0.0.1:9400/auth\", token = \"http://[::1]:9400/token\" }\n",
    )
    .unwrap();
    let gmail = get(&providers, "gmail");
    let smtp = gmail.smtp.as_ref().unwrap();
    assert_eq!(
        (smtp.host.as_str(), smtp.port, smtp.security),
        ("localhost", 1465, Security::Tls)
    );
    assert_eq!(smtp.ca.as_deref(), Some("PEM"), "the file's text, not its path");
    let oauth = gmail.oauth.as_ref().unwrap();
    assert_eq!(oauth.family, OAuthFamily::Google);
    assert_eq!(oauth.endpoints.token, "http://[::1]:9400/token");
    assert_eq!(oauth.endpoints.revoke, None, "no token goes to the former server");
    assert_eq!(oauth.scopes[0], "https://mail.google.com/");
    assert_eq!(
        (gmail.name.as_str(), gmail.credential),
        ("Gmail", Credential::Oauth)
    );
    assert_eq!(gmail.imap, get(&built_in(), "gmail").imap);
}

#[test]
fn the_data_directory_adds_presets_behind_the_others() {
    let text = "[ours]\nname = \"Ours\"\ndomains = [\"example.org\"]\n\
                smtp = { host = \"mail.example.org\", port = 465, security = \"tls\" }\n";
    let providers = load(text).unwrap();
    assert_eq!(providers.all().last().unwrap().key.as_str(), "ours");
    assert_eq!(providers.by_domain("example.org").unwrap().monogram, "OU");
}

#[test]
fn a_wrong_file_is_refused_with_line_and_reason() {
    let (line, reason) = refusal("[gmail]\nname = \"G\"\nprot = 1\n");
    assert_eq!(line, 3);
    assert!(reason.contains("prot"), "{reason}");

    let (line, _) = refusal("[gmail]\nname = \n");
    assert_eq!(line, 2);

    let (line, reason) = refusal("\n\n[ours]\nmonogram = \"OU\"\n");
    assert_eq!(line, 3);
    assert!(reason.contains("[ours]") && reason.contains("name"), "{reason}");

    let (_, reason) = refusal("[yahoo]\nsmtp = { security = \"ssl\" }\n");
    assert!(reason.contains("ssl"), "{reason}");

    let (line, reason) = refusal("[gmail]\nsmtp = { ca = \"missing.pem\" }\n");
    assert_eq!(line, 1);
    assert!(reason.contains("missing.pem"), "{reason}");

    let (_, reason) = refusal("[yahoo]\ncredential = \"oauth\"\n");
    assert!(reason.contains("oauth"), "{reason}");
}

#[test]
fn each_kind_of_wrong_value_is_refused_with_its_reason() {
    let ours = "[ours]\nname = \"Ours\"\n";
    for (text, wanted) in [
        ("[gmail]\nsmtp = { port = 0 }\n".to_owned(), "1 to 65535"),
        ("[gmail]\nsmtp = { port = 70000 }\n".to_owned(), "70000"),
        ("[gmail]\nsmtp = { port = \"465\" }\n".to_owned(), "string"),
        (
            "[gmail]\nsmtp = { host = \"https://a.b\" }\n".to_owned(),
            "no host",
        ),
        (
            "[gmail]\nname = \"a\"\nname = \"b\"\n".to_owned(),
            "duplicate key",
        ),
        ("[gmail]\n[gmail]\n".to_owned(), "duplicate key"),
        ("[Gmail]\n".to_owned(), "small letters"),
        ("[gmail]\nname = \" \"\n".to_owned(), "name"),
        (format!("{ours}help = \"javascript:alert(1)\"\n"), "https://"),
        (format!("{ours}help = \"not a url\"\n"), "not a URL"),
        (format!("{ours}credential_page = \"//x\"\n"), "credential_page"),
        (format!("{ours}domains = [\"a b\"]\n"), "no domain"),
        (format!("{ours}monogram = \"ABCD\"\n"), "monogram"),
        (format!("{ours}connections = 0\n"), "connections"),
        (format!("{ours}connections = 300\n"), "300"),
        (format!("{ours}credential = \"pin\"\n"), "pin"),
        (format!("{ours}secret = {{ digits = 4 }}\n"), "digits"),
    ] {
        let (line, reason) = refusal(&text);
        assert!(reason.contains(wanted) && line > 0, "{text}: {line}: {reason}");
    }
}

#[test]
fn a_file_that_is_no_text_or_far_too_large_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(FILE);

    std::fs::write(&file, b"[gmail]\nname = \"G\xfcnther\"\n").unwrap();
    let error = Providers::load(folder.path()).unwrap_err();
    assert!(
        matches!(&error, ProvidersError::Wrong { line: 2, reason, .. } if reason.contains("UTF-8")),
        "{error}"
    );

    std::fs::write(&file, vec![b'#'; 10 * 1024 * 1024]).unwrap();
    let error = Providers::load(folder.path()).unwrap_err();
    assert!(matches!(error, ProvidersError::TooLarge(_)), "{error}");
}

#[test]
fn the_domains_of_the_large_providers_are_known_in_every_country() {
    let providers = built_in();
    for (domain, key) in [
        ("googlemail.com", "gmail"),
        ("hotmail.co.uk", "outlook"),
        ("outlook.com.br", "outlook"),
        ("live.nl", "outlook"),
        ("msn.com", "outlook"),
        ("passport.com", "outlook"),
        ("yahoo.com.au", "yahoo"),
        ("ymail.com", "yahoo"),
        ("aim.com", "aol"),
        ("mac.com", "icloud"),
        ("me.com", "icloud"),
        ("zoho.eu", "zoho-eu"),
        ("zohomail.in", "zoho-in"),
        ("gmx.at", "gmx"),
        ("gmx.co.uk", "gmx-com"),
        ("foxmail.com", "qq"),
        ("yandex.kz", "yandex"),
        ("inbox.ru", "mailru"),
    ] {
        let found = providers.by_domain(domain).map(|provider| provider.key.as_str());
        assert_eq!(found, Some(key), "{domain}");
    }
}

#[test]
fn no_domain_belongs_to_two_presets() {
    let providers = built_in();
    for provider in providers.all() {
        for domain in &provider.domains {
            let found = providers.by_domain(domain).map(|found| &found.key);
            assert_eq!(found, Some(&provider.key), "{domain}");
        }
    }
}

#[test]
fn secrets_are_not_sent_in_plain_text_over_the_network() {
    for token in [
        "http://example.org/token",
        "http://192.168.1.2/token",
        "ftp://localhost/",
        "token",
    ] {
        let (_, reason) = refusal(&format!("[gmail]\noauth = {{ token = \"{token}\" }}\n"));
        assert!(reason.contains("oauth.token"), "{reason}");
    }
}
