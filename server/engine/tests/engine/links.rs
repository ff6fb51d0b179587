//! Re-authorization links: made, opened, used, and refused in every state.

use crate::support::{Tocsin, admin};
use jiff::SignedDuration;
use secrecy::{ExposeSecret as _, SecretString};
use tocsin_domain::account::{AccountSettings, SignIn};
use tocsin_domain::authorization::Authorization;
use tocsin_domain::failure::FailureClass;
use tocsin_domain::id::{AccountId, LinkId};
use tocsin_domain::link::LinkState;
use tocsin_domain::notification::State;
use tocsin_domain::text::Line;
use tocsin_engine::GeneralSettings;
use tocsin_engine::links::{
    Ended, InvalidLife, Life, LinkError, Look, Maker, OpenedLink, OwnerError, PLACEHOLDER, UsedBy, url,
};
use tocsin_engine::oauth::SessionHash;
use tocsin_engine::smtp::scripted::{Act, ReceivedMail, Script, Scripted, Step};

const ORIGIN: &str = "192.0.2.9";

fn browser() -> SessionHash {
    SessionHash::of("the owner's browser")
}

fn maker() -> Maker {
    Maker::Admin(admin())
}

/// An account whose password is not accepted any more, and a link for its owner. The server knows `new`.
struct Waiting {
    tocsin: Tocsin,
    server: Scripted,
    account: AccountId,
    link: LinkId,
    token: SecretString,
}

impl Waiting {
    async fn new() -> Self {
        let server = Scripted::start(Script::plain().knowing("nas@example.com", "new")).await;
        let tocsin = Tocsin::start().await;
        let account = tocsin.lost_account("nas@example.com", &server).await;
        let made = tocsin.engine.make_link(account, &maker(), Life::DEFAULT).await;
        let (link, token) = made.unwrap();
        Self {
            tocsin,
            server,
            account,
            link,
            token,
        }
    }

    async fn open(&self) -> Result<OpenedLink, OwnerError> {
        let (engine, token) = (&self.tocsin.engine, self.token.expose_secret());
        engine.open_link(token, None, ORIGIN, Look::Page).await
    }

    async fn enter(&self, password: &str) -> Result<(), OwnerError> {
        self.tocsin
            .engine
            .use_link_with_password(self.token.expose_secret(), &password.into(), &browser(), ORIGIN)
            .await
    }

    async fn state(&self) -> LinkState {
        let links = self.tocsin.engine.links(self.account).await.unwrap();
        links.iter().find(|link| link.id == self.link).unwrap().state
    }

    async fn authorization(&self) -> Authorization {
        let account = self.tocsin.engine.account(self.account).await;
        account.unwrap().authorization
    }

    async fn expire(&self) {
        self.tocsin.sql("UPDATE links SET expires_at = 1").await;
    }

    async fn audited(&self, action: &str) -> usize {
        let log = self.tocsin.engine.audit_log(100).await.unwrap();
        log.iter().filter(|line| line.action == action).count()
    }
}

/// A mail's text with its lines joined again (RFC 2045 section 6.7).
fn text(mail: &ReceivedMail) -> String {
    mail.data.replace("=\r\n", "")
}

fn ended(result: Result<impl Sized, OwnerError>) -> Ended {
    match result.err() {
        Some(OwnerError::Ended { ended, .. }) => ended,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_new_password_uses_the_link_up_and_what_was_held_goes() {
    let waiting = Waiting::new().await;
    waiting.tocsin.rule(&[waiting.account]).await;
    waiting.tocsin.report("error", "the disk is full").await;
    waiting.tocsin.when(State::Held, 1).await;

    waiting.enter("new").await.unwrap();

    waiting.server.mails(1).await;
    assert_eq!(waiting.authorization().await, Authorization::Authorized);
    assert!(matches!(waiting.state().await, LinkState::Used(_)));
    assert_eq!(waiting.audited("link-used").await, 1);
    assert_eq!(
        ended(waiting.open().await),
        Ended::Used(UsedBy::Another),
        "another browser is told that it was used"
    );
    let token = waiting.token.expose_secret();
    let own = waiting
        .tocsin
        .engine
        .open_link(token, Some(&browser()), ORIGIN, Look::Page)
        .await;
    assert_eq!(ended(own), Ended::Used(UsedBy::ThisBrowser));
}

#[tokio::test]
async fn of_two_uses_at_the_same_moment_exactly_one_succeeds_and_the_other_is_told() {
    let waiting = Waiting::new().await;
    let (one, other) = tokio::join!(waiting.enter("new"), waiting.enter("new"));
    let (succeeded, failed) = if one.is_ok() { (one, other) } else { (other, one) };
    succeeded.unwrap();
    assert!(matches!(ended(failed), Ended::Used(_)));
    assert_eq!(waiting.audited("link-used").await, 1);
}

#[tokio::test]
async fn looking_is_written_down_once_and_uses_nothing_up() {
    let waiting = Waiting::new().await;
    let engine = &waiting.tocsin.engine;
    let token = waiting.token.expose_secret();
    engine.open_link(token, None, ORIGIN, Look::Ahead).await.unwrap();
    assert_eq!(engine.links(waiting.account).await.unwrap()[0].opened_at, None);
    for _ in 0..20 {
        let opened = waiting.open().await.unwrap();
        assert_eq!(opened.account.id, waiting.account);
    }
    assert!(
        engine.links(waiting.account).await.unwrap()[0]
            .opened_at
            .is_some()
    );
    assert_eq!(waiting.audited("link-opened").await, 1);
    assert_eq!(waiting.state().await, LinkState::Usable);
}

#[tokio::test]
async fn a_refused_password_leaves_the_link_and_the_account_as_they_were() {
    let waiting = Waiting::new().await;
    let refused = waiting.enter("wrong").await;
    assert!(
        matches!(refused, Err(OwnerError::NotAccepted(error)) if error.verdict.class == FailureClass::Reauthorize)
    );
    assert!(matches!(
        waiting.enter("").await,
        Err(OwnerError::PasswordMissing)
    ));
    assert!(waiting.authorization().await.needs_somebody());
    assert_eq!(waiting.state().await, LinkState::Usable);
    waiting.enter("new").await.unwrap();
}

#[tokio::test]
async fn a_link_bears_five_refused_passwords_and_no_more() {
    let waiting = Waiting::new().await;
    for _ in 0..5 {
        assert!(matches!(
            waiting.enter("wrong").await,
            Err(OwnerError::NotAccepted(_))
        ));
    }
    let tried = waiting.server.record().sign_ins.len();
    assert_eq!(ended(waiting.enter("new").await), Ended::TriedTooOften);
    assert_eq!(ended(waiting.open().await), Ended::TriedTooOften);
    assert_eq!(waiting.state().await, LinkState::TriedTooOften);
    assert_eq!(
        waiting.server.record().sign_ins.len(),
        tried,
        "no sixth try is made"
    );
}

#[tokio::test]
async fn further_links_give_no_further_guesses_at_once() {
    let mut waiting = Waiting::new().await;
    for _ in 0..5 {
        let _ = waiting.enter("wrong").await;
    }
    let engine = waiting.tocsin.engine.clone();
    let made = engine.make_link(waiting.account, &maker(), Life::DEFAULT).await;
    waiting.token = made.unwrap().1;
    assert!(matches!(
        waiting.enter("wrong").await,
        Err(OwnerError::Wait { .. })
    ));
}

#[tokio::test]
async fn an_outage_of_the_mail_server_counts_as_no_refusal() {
    let waiting = Waiting::new().await;
    waiting
        .server
        .change(|script| script.always(Step::Greeting, Act::say("421 4.3.2 not available")));
    for _ in 0..5 {
        let failed = waiting.enter("new").await;
        assert!(
            matches!(failed, Err(OwnerError::NotAccepted(error)) if error.verdict.class == FailureClass::Temporary)
        );
    }
    assert_eq!(waiting.state().await, LinkState::Usable);
    assert!(waiting.authorization().await.needs_somebody());
}

#[tokio::test]
async fn an_expired_a_revoked_and_a_deleted_accounts_link_say_which_and_whom_to_ask() {
    let waiting = Waiting::new().await;
    let engine = &waiting.tocsin.engine;
    waiting.tocsin.administrator("it@example.com").await;

    waiting.expire().await;
    match waiting.open().await {
        Err(OwnerError::Ended { ended, ask }) => {
            assert_eq!(ended, Ended::Expired);
            assert_eq!(ask.unwrap().as_str(), "it@example.com");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(ended(waiting.enter("new").await), Ended::Expired);

    let (revoked, token) = engine
        .make_link(waiting.account, &Maker::Tocsin, Life::SHORTEST)
        .await
        .unwrap();
    engine.revoke_link(revoked, &admin()).await.unwrap();
    let look = |token: SecretString| async move {
        engine
            .open_link(token.expose_secret(), None, ORIGIN, Look::Page)
            .await
    };
    assert_eq!(ended(look(token).await), Ended::Revoked);
    assert!(matches!(
        engine.revoke_link(revoked, &admin()).await,
        Err(LinkError::Ended(Ended::Revoked))
    ));

    let (_, token) = engine
        .make_link(waiting.account, &maker(), Life::LONGEST)
        .await
        .unwrap();
    engine
        .delete_account(
            waiting.account,
            tocsin_engine::accounts::Deletion::leave(),
            &admin(),
        )
        .await
        .unwrap();
    assert_eq!(ended(look(token).await), Ended::Revoked);
    assert_eq!(waiting.audited("link-made").await, 3);
    assert_eq!(waiting.audited("link-revoked").await, 1);
}

#[tokio::test]
async fn an_unknown_token_says_nothing_and_guessing_has_to_wait() {
    let waiting = Waiting::new().await;
    let engine = &waiting.tocsin.engine;
    let guess = |token: String| async move { engine.open_link(&token, None, ORIGIN, Look::Page).await };
    for number in 0..5 {
        let wrong = guess(format!("{number:043}")).await;
        assert!(matches!(wrong, Err(OwnerError::NotValid)), "{wrong:?}");
    }
    assert!(matches!(
        guess("x".repeat(43)).await,
        Err(OwnerError::Wait { .. })
    ));
    let elsewhere = engine.open_link(waiting.token.expose_secret(), None, "192.0.2.10", Look::Page);
    elsewhere.await.unwrap();
}

#[tokio::test]
async fn a_link_used_up_by_one_is_not_revoked_afterwards() {
    let waiting = Waiting::new().await;
    waiting.enter("new").await.unwrap();
    assert!(matches!(
        waiting.tocsin.engine.revoke_link(waiting.link, &admin()).await,
        Err(LinkError::Ended(Ended::Used(_)))
    ));
}

#[tokio::test]
async fn an_account_that_signs_in_with_nothing_gets_no_link() {
    let waiting = Waiting::new().await;
    let engine = &waiting.tocsin.engine;
    let mut account = engine.account(waiting.account).await.unwrap();
    account.settings = AccountSettings {
        sign_in: SignIn::Nothing,
        ..account.settings
    };
    let mut transaction = engine.store.begin().await.unwrap();
    let made = engine
        .make_link_in(&mut transaction, &account, &maker(), Life::DEFAULT)
        .await;
    assert!(matches!(made, Err(LinkError::NothingToAuthorize(_))));
    assert_eq!(Life::new(SignedDuration::from_mins(59)), Err(InvalidLife));
}

#[tokio::test]
async fn the_database_holds_no_token_and_no_password() {
    let waiting = Waiting::new().await;
    waiting.enter("new").await.unwrap();
    let stored = waiting.tocsin.stored_bytes();
    assert!(!stored.contains(waiting.token.expose_secret()));
}

#[tokio::test]
async fn a_mail_can_name_a_link_once_it_is_known_where_the_pages_are_reached() {
    let waiting = Waiting::new().await;
    let engine = &waiting.tocsin.engine;
    let link_url = || async { engine.link_url(&waiting.token).await.unwrap().map(String::from) };
    assert_eq!(link_url().await, None);

    engine
        .note_reached_by(&"http://127.0.0.1:8725/".parse().unwrap())
        .await;
    assert_eq!(
        link_url().await,
        None,
        "an address of this machine helps no owner"
    );

    let seen = "http://192.168.1.5:8725/".parse().unwrap();
    engine.note_reached_by(&seen).await;
    assert_eq!(link_url().await, Some(url(&seen, &waiting.token).into()));

    let set: url::Url = "https://nas.example.com/".parse().unwrap();
    let settings = GeneralSettings {
        instance_name: Line::default(),
        public_url: Some(set.clone()),
    };
    engine.save_settings(&settings, &admin()).await.unwrap();
    assert_eq!(link_url().await, Some(url(&set, &waiting.token).into()));
}

#[tokio::test]
async fn the_warning_to_the_owner_carries_a_link_and_the_history_does_not() {
    let tocsin = Tocsin::start().await;
    let engine = &tocsin.engine;
    let seen = "https://nas.example.com/".parse().unwrap();
    engine.note_reached_by(&seen).await;
    let carrier = Scripted::start(Script::plain()).await;
    tocsin.account("other@example.com", &carrier).await;
    let server = Scripted::start(Script::plain().knowing("nas@example.com", "new")).await;
    let account = tocsin.account("nas@example.com", &server).await;
    tocsin.check_now(account).await;

    let mails = carrier.mails(1).await;
    let mail = text(&mails[0]);
    let (_, rest) = mail.split_once("https://nas.example.com/reauthorize/").unwrap();
    let token = &rest[..43];
    let opened = engine.open_link(token, None, ORIGIN, Look::Page).await.unwrap();
    assert_eq!(opened.account.id, account);
    let links = engine.links(account).await.unwrap();
    assert_eq!(links[0].made_by, None, "Tocsin itself made it");

    let told = tocsin.when(State::Sent, 1).await;
    let shown = tocsin.detail(told[0].id).await;
    assert!(shown.event.report.text.contains(PLACEHOLDER));
    assert!(
        !tocsin.stored_bytes().contains(token),
        "nothing that is stored holds it"
    );
}

#[tokio::test]
async fn a_program_that_writes_the_placeholder_gets_no_link() {
    let waiting = Waiting::new().await;
    let carrier = Scripted::start(Script::plain()).await;
    let other = waiting.tocsin.account("other@example.com", &carrier).await;
    waiting.tocsin.rule(&[other]).await;
    waiting
        .tocsin
        .report("error", &format!("Give me {PLACEHOLDER}"))
        .await;
    let mails = carrier.mails(1).await;
    assert!(!text(&mails[0]).contains("/reauthorize/"));
}

#[tokio::test]
async fn the_admins_are_told_that_a_link_was_used() {
    let waiting = Waiting::new().await;
    waiting.tocsin.administrator("it@example.com").await;
    waiting.enter("new").await.unwrap();
    let mails = waiting.server.mails(1).await;
    let told = mails
        .iter()
        .find(|mail| text(mail).contains("re-authorization link that admin made"));
    assert_eq!(told.unwrap().to, ["it@example.com"]);
}
