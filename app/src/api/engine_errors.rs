//! Errors of the engine as the pages say them: the kind, and beside which field they belong. The words are the
//! engine's own.

use tocsin_engine::{
    FailedSignIn, FinishError, QueueError, SignInError,
    accounts::{AccountError, InvalidSettings, RestoreError},
    admins::AdminError,
    import::ImportError,
    links::LinkError,
    nas::NasError,
    oauth::OAuthError,
    oauth_applications::OAuthApplicationError,
    rules::RuleError,
    store::StoreError,
    tokens::TokensError,
};

use super::error::{ApiError, Kind, ServerReply};

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let kind = match error {
            StoreError::Gone => Kind::Gone,
            _ => Kind::Failed,
        };
        Self::new(kind, error)
    }
}

impl From<AdminError> for ApiError {
    fn from(error: AdminError) -> Self {
        match &error {
            AdminError::Name(_) => Self::field("name", error),
            AdminError::Address(_) => Self::field("address", error),
            AdminError::WrongCode => Self::field("code", error),
            AdminError::Password(_) => Self::field("password", error),
            AdminError::WrongPassword => Self::field("present", error),
            AdminError::AlreadySetUp | AdminError::Refused | AdminError::Wait { .. } => Self::input(error),
            AdminError::Hash(_) | AdminError::Store(_) => Self::new(Kind::Failed, error),
        }
    }
}

impl From<NasError> for ApiError {
    fn from(error: NasError) -> Self {
        match &error {
            NasError::CodeNeeded | NasError::CodeWrong => Self::field("code", error),
            NasError::Store(_) => Self::new(Kind::Failed, error),
            _ => Self::input(error),
        }
    }
}

impl From<AccountError> for ApiError {
    fn from(error: AccountError) -> Self {
        match &error {
            AccountError::Settings(invalid) => match invalid {
                InvalidSettings::HostMissing(_) | InvalidSettings::Host(_) => Self::field("host", error),
                InvalidSettings::Port(_) => Self::field("port", error),
                InvalidSettings::Certificate(_) => Self::field("ca", error),
                InvalidSettings::User => Self::field("user", error),
                InvalidSettings::OtherPassword => Self::field("secret", error),
                InvalidSettings::ReceivingElsewhere => Self::field("host", error),
                InvalidSettings::ReceivingNeedsPassword => Self::input(error),
            },
            AccountError::Taken { .. } => Self::field("address", error),
            AccountError::Deleted { account, .. } => {
                let account = account.to_string();
                Self::field("deleted", error).with_typed([("deleted", account)])
            }
            AccountError::SecretMissing | AccountError::SecretNeededForHost(_) => {
                Self::field("secret", error)
            }
            AccountError::NotAccepted(refused) => Self::input(&error).with_reply(refused.into()),
            AccountError::Gone => Self::gone(error),
            AccountError::Store(_) => Self::new(Kind::Failed, error),
            _ => Self::input(error),
        }
    }
}

impl From<&SignInError> for ServerReply {
    fn from(error: &SignInError) -> Self {
        Self {
            stage: error.stage,
            meaning: error.verdict.meaning,
            words: error.words.clone(),
        }
    }
}

impl From<RestoreError> for ApiError {
    fn from(error: RestoreError) -> Self {
        match &error {
            RestoreError::Gone => Self::gone(error),
            RestoreError::Store(_) => Self::new(Kind::Failed, error),
            _ => Self::input(error),
        }
    }
}

impl From<ImportError> for ApiError {
    fn from(error: ImportError) -> Self {
        match &error {
            ImportError::Gone => Self::gone(error),
            ImportError::Store(_) | ImportError::Stopping => Self::new(Kind::Failed, error),
            _ => Self::input(error),
        }
    }
}

impl From<RuleError> for ApiError {
    fn from(error: RuleError) -> Self {
        match &error {
            RuleError::Gone => Self::gone(error),
            RuleError::Store(_) => Self::new(Kind::Failed, error),
            _ => Self::input(error),
        }
    }
}

impl From<TokensError> for ApiError {
    fn from(error: TokensError) -> Self {
        match &error {
            TokensError::NameMissing => Self::field("name", error),
            TokensError::Gone => Self::gone(error),
            TokensError::Store(_) => Self::new(Kind::Failed, error),
        }
    }
}

impl From<OAuthApplicationError> for ApiError {
    fn from(error: OAuthApplicationError) -> Self {
        match &error {
            OAuthApplicationError::ClientId(_) => Self::field("client_id", error),
            OAuthApplicationError::Store(_) => Self::new(Kind::Failed, error),
        }
    }
}

impl From<OAuthError> for ApiError {
    fn from(error: OAuthError) -> Self {
        match &error {
            OAuthError::Store(_) | OAuthError::Vault(_) => Self::new(Kind::Failed, error),
            OAuthError::Pasted(_) => Self::field("pasted", error),
            _ => Self::input(error),
        }
    }
}

impl From<FinishError> for ApiError {
    fn from(error: FinishError) -> Self {
        let FailedSignIn {
            account,
            deleted,
            other,
            ..
        } = FailedSignIn::from(&error);
        let account = account.map(|id| ("account", id.to_string()));
        let deleted = deleted.map(|id| ("deleted", id.to_string()));
        let other = other.map(|(provider, address)| {
            [
                ("other_provider", provider.to_string()),
                ("other_address", address.to_string()),
            ]
        });
        let said: Self = match error {
            FinishError::OAuth(error) => error.into(),
            FinishError::AccountGone => Self::gone(error),
            FinishError::NotProven(ref refused) => {
                let reply = refused.into();
                Self::input(error).with_reply(reply)
            }
            FinishError::Store(_) => Self::new(Kind::Failed, error),
            _ => Self::input(error),
        };
        said.with_typed(
            account
                .into_iter()
                .chain(deleted)
                .chain(other.into_iter().flatten()),
        )
    }
}

impl From<QueueError> for ApiError {
    fn from(error: QueueError) -> Self {
        match error {
            QueueError::Store(error) => error.into(),
            QueueError::MovedOn | QueueError::NoSender => Self::input(error),
        }
    }
}

impl From<LinkError> for ApiError {
    fn from(error: LinkError) -> Self {
        match &error {
            LinkError::Life(_) => Self::field("hours", error),
            LinkError::Gone => Self::gone(error),
            LinkError::Store(_) => Self::new(Kind::Failed, error),
            LinkError::NothingToAuthorize(_) | LinkError::Ended(_) => Self::input(error),
        }
    }
}
