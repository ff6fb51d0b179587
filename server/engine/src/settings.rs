//! What is set for the whole installation.

use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::store::{Setting, StoreError};
use tocsin_domain::base_path::BasePath;
use tocsin_domain::id::AccountId;
use tocsin_domain::text::Line;
use url::Url;

/// The general settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneralSettings {
    /// What the installation is called.
    pub instance_name: Line,
    /// Where people reach the pages, if that is known.
    pub public_url: Option<Url>,
}

impl Engine {
    /// The path below which people reach the pages.
    pub fn base_path(&self) -> &BasePath {
        &self.config.base_path
    }

    /// What the installation is called: what was set, else the host's name.
    pub async fn instance_name(&self) -> Result<String, StoreError> {
        let set = self.store.setting(Setting::InstanceName).await?;
        Ok(set.unwrap_or_else(host_name))
    }

    /// Where people reach the pages, if that was set.
    pub async fn public_url(&self) -> Result<Option<Url>, StoreError> {
        Ok(self
            .store
            .setting(Setting::PublicUrl)
            .await?
            .and_then(|url| Url::parse(&url).ok()))
    }

    /// Changes the general settings.
    pub async fn save_settings(&self, settings: &GeneralSettings, who: &Who) -> Result<(), StoreError> {
        let url = settings.public_url.as_ref().map(Url::as_str).unwrap_or_default();
        let mut transaction = self.store.begin().await?;
        self.store
            .set_setting(
                &mut transaction,
                Setting::InstanceName,
                settings.instance_name.as_str(),
            )
            .await?;
        self.store
            .set_setting(&mut transaction, Setting::PublicUrl, url)
            .await?;
        self.audit(
            &mut transaction,
            who,
            Action::SettingsChanged,
            settings.instance_name.as_str(),
            url,
        )
        .await?;
        transaction.commit().await?;
        self.live.changed();
        Ok(())
    }

    /// The page of an account, for a mail; none while nobody has said where the pages are reached.
    pub(crate) async fn account_url(&self, id: AccountId) -> Result<Option<Url>, StoreError> {
        self.page_url(&format!("accounts/{id}")).await
    }

    /// A page by its path, for a mail; none while nobody has said, and no browser has shown, where the pages are
    /// reached.
    pub(crate) async fn page_url(&self, path: &str) -> Result<Option<Url>, StoreError> {
        let base = self.reached_by().await?;
        Ok(base.and_then(|base| base.join(path).ok()))
    }
}

fn host_name() -> String {
    // Asked of the kernel itself: a service that is kept to its own processes sees no /proc/sys.
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    if name.is_empty() {
        "tocsin".to_owned()
    } else {
        name
    }
}
