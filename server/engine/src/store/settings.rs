//! Settings by name.

use super::{Store, StoreError};
use sqlx::{Any, AnyConnection, Executor};

/// The settings there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// What tells this installation's `Message-ID`s from others'.
    InstanceId,
    /// What the installation is called.
    InstanceName,
    /// Where people reach the pages.
    PublicUrl,
    /// By which address an administrator last reached the pages.
    ReachedBy,
    /// The hash of the set-up code, while there is no administrator.
    SetUpCode,
    /// The version of Tocsin that last used the database.
    WrittenBy,
}

impl Setting {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::InstanceId => "instance-id",
            Self::InstanceName => "instance-name",
            Self::PublicUrl => "public-url",
            Self::ReachedBy => "reached-by",
            Self::SetUpCode => "set-up-code",
            Self::WrittenBy => "written-by",
        }
    }
}

/// A setting's value, if it was set.
pub(super) async fn read<'e>(
    database: impl Executor<'e, Database = Any>,
    setting: Setting,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT value FROM settings WHERE name = $1")
        .bind(setting.name())
        .fetch_optional(database)
        .await
}

/// Writes a setting.
pub(super) async fn write(
    connection: &mut AnyConnection,
    setting: Setting,
    value: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2",
    )
    .bind(setting.name())
    .bind(value)
    .execute(connection)
    .await
    .map(|_| ())
}

impl Store {
    /// A setting's value, if it was set.
    pub async fn setting(&self, setting: Setting) -> Result<Option<String>, StoreError> {
        Ok(read(self.reader(), setting).await?)
    }

    /// Writes a setting; an empty value takes it away.
    pub async fn set_setting(
        &self,
        connection: &mut AnyConnection,
        setting: Setting,
        value: &str,
    ) -> Result<(), StoreError> {
        if value.is_empty() {
            sqlx::query("DELETE FROM settings WHERE name = $1")
                .bind(setting.name())
                .execute(connection)
                .await?;
            return Ok(());
        }
        Ok(write(connection, setting, value).await?)
    }

    /// What tells this installation's `Message-ID`s from others'; made when it is first asked for.
    pub async fn instance_id(&self) -> Result<String, StoreError> {
        if let Some(id) = self.setting(Setting::InstanceId).await? {
            return Ok(id);
        }
        let id = format!("{:x}", self.next_id());
        let mut transaction = self.begin().await?;
        self.set_setting(&mut transaction, Setting::InstanceId, &id)
            .await?;
        transaction.commit().await?;
        Ok(id)
    }
}
