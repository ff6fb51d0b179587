//! Signing in with name and password, and changing the password.

use super::admin::AdminName;
use super::error::AdminError;
use super::password::{Hasher, Verified};
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::secret;
use crate::store::AdminRow;
use crate::throttle::Key;
use crate::time::now;
use secrecy::SecretString;

impl Engine {
    /// Signs an administrator in: gives the session's secret, for a cookie. `origin` is the network address that
    /// asks.
    pub async fn sign_in(
        &self,
        name: &str,
        password: &SecretString,
        origin: &str,
    ) -> Result<SecretString, AdminError> {
        let name = name.parse::<AdminName>().map_err(|_| AdminError::Refused)?;
        let keys = Key::with_origin(Key::Name(name.to_string()), origin);
        let begun = self.admins.throttle.begin(&keys, now());
        begun.map_err(|seconds| AdminError::Wait { seconds })?;
        let admin = self.store.admin_by_name(name.as_str()).await?;
        let hash = admin.as_ref().map(|admin| admin.password_hash.clone());
        let verified = self.admins.hasher.verify(password, hash).await?;
        let Some(admin) = admin.as_ref().filter(|_| verified == Verified::Yes) else {
            self.note_refusal(admin.as_ref(), origin).await?;
            return Err(AdminError::Refused);
        };
        let who = Who {
            name: admin.name.clone(),
            origin: origin.to_owned(),
        };
        let mut transaction = self.store.begin().await?;
        let secret = self.begin_session(&mut transaction, admin.id).await?;
        self.audit(&mut transaction, &who, Action::SignedIn, &admin.name, "")
            .await?;
        transaction.commit().await?;
        self.admins.throttle.clear(&keys);
        Ok(secret)
    }

    /// Changes the password of who is signed in by a secret, and ends their other sessions.
    pub async fn change_password(
        &self,
        session: &str,
        present: &SecretString,
        new: &SecretString,
        origin: &str,
    ) -> Result<(), AdminError> {
        Hasher::check(new)?;
        let session = secret::hash(session);
        let row = self.store.session_row(&session, now()).await?;
        let admin = row.ok_or(AdminError::Refused)?.admin;
        let keys = [Key::Name(admin.name.clone())];
        let begun = self.admins.throttle.begin(&keys, now());
        begun.map_err(|seconds| AdminError::Wait { seconds })?;
        let stored = Some(admin.password_hash.clone());
        if self.admins.hasher.verify(present, stored).await? == Verified::No {
            return Err(AdminError::WrongPassword);
        }
        let hash = self.admins.hasher.hash(new).await?;
        let who = Who {
            name: admin.name.clone(),
            origin: origin.to_owned(),
        };
        let mut transaction = self.store.begin().await?;
        self.store
            .set_password_hash(&mut transaction, admin.id, &hash)
            .await?;
        self.store
            .delete_other_sessions(&mut transaction, admin.id, &session)
            .await?;
        self.audit(&mut transaction, &who, Action::PasswordChanged, &admin.name, "")
            .await?;
        transaction.commit().await?;
        self.admins.throttle.clear(&keys);
        Ok(())
    }

    /// A name that nobody has is not written down: some people type their password there.
    async fn note_refusal(&self, admin: Option<&AdminRow>, origin: &str) -> Result<(), AdminError> {
        let who = Who {
            name: admin.map(|admin| admin.name.clone()).unwrap_or_default(),
            origin: origin.to_owned(),
        };
        let mut transaction = self.store.begin().await?;
        self.audit(&mut transaction, &who, Action::SignInRefused, &who.name, "")
            .await?;
        transaction.commit().await?;
        Ok(())
    }
}
