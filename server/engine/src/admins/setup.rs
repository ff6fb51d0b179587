//! The first administrator. Whoever can read the output of the process is let in once: a set-up code is made
//! at each start for as long as there is no administrator, only its hash is kept, and using it takes it away.

use super::admin::{Admin, AdminName, Role};
use super::error::AdminError;
use super::password::Hasher;
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::secret;
use crate::store::{AdminRow, Setting, Taken};
use crate::throttle::Key;
use crate::time::now;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use secrecy::SecretString;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::id::AdminId;

/// Crockford's base 32 (<https://www.crockford.com/base32.html>): nothing in it is mistaken for something else.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Four groups of four characters, five bits each: 80 bits.
const GROUPS: usize = 4;
const GROUP: usize = 4;

impl Engine {
    /// Whether there is no administrator yet.
    pub async fn setup_needed(&self) -> Result<bool, AdminError> {
        Ok(self.store.count_admins().await? == 0)
    }

    /// Makes a set-up code to show on the console, in place of any before; none if there is an administrator.
    pub async fn setup_code(&self) -> Result<Option<String>, AdminError> {
        if !self.setup_needed().await? {
            return Ok(None);
        }
        let code = new_code();
        let mut transaction = self.store.begin().await?;
        self.store
            .set_setting(&mut transaction, Setting::SetUpCode, &hash(&code))
            .await?;
        transaction.commit().await?;
        Ok(Some(code))
    }

    /// Makes the first administrator. `origin` is the network address that asks.
    pub async fn set_up(
        &self,
        code: &str,
        name: &str,
        address: &str,
        password: &SecretString,
        origin: &str,
    ) -> Result<(), AdminError> {
        let name: AdminName = name.parse()?;
        let address: EmailAddress = address.parse()?;
        Hasher::check(password)?;
        if !self.setup_needed().await? {
            return Err(AdminError::AlreadySetUp);
        }
        let keys: Vec<_> = Key::origin(origin).into_iter().collect();
        let begun = self.admins.throttle.begin(&keys, now());
        begun.map_err(|seconds| AdminError::Wait { seconds })?;
        let code = hash(code);
        if self.store.setting(Setting::SetUpCode).await?.as_deref() != Some(&code) {
            return Err(AdminError::WrongCode);
        }
        let row = self.new_admin(&name, &address, password).await?;
        let who = Who {
            name: row.name.clone(),
            origin: origin.to_owned(),
        };
        let mut transaction = self.store.begin().await?;
        // Of two who come at the same time with the right code, one takes it.
        if self.store.take_setup_code(&mut transaction, &code).await? == Taken::No {
            return Err(AdminError::AlreadySetUp);
        }
        self.store.insert_admin(&mut transaction, &row, now()).await?;
        self.audit(&mut transaction, &who, Action::SetUp, &row.name, &row.address)
            .await?;
        transaction.commit().await?;
        self.admins.throttle.clear(&keys);
        Ok(())
    }

    /// Makes the first administrator for somebody whom the NAS let in: the way in when the NAS does not answer, and the
    /// address that warnings go to. The set-up code opens nothing any more then.
    pub async fn make_local_administrator(
        &self,
        name: &str,
        address: &str,
        password: &SecretString,
        who: &Who,
    ) -> Result<(), AdminError> {
        let name: AdminName = name.parse()?;
        let address: EmailAddress = address.parse()?;
        Hasher::check(password)?;
        let Some(code) = self.store.setting(Setting::SetUpCode).await? else {
            return Err(AdminError::AlreadySetUp);
        };
        let row = self.new_admin(&name, &address, password).await?;
        let mut transaction = self.store.begin().await?;
        if self.store.take_setup_code(&mut transaction, &code).await? == Taken::No {
            return Err(AdminError::AlreadySetUp);
        }
        self.store.insert_admin(&mut transaction, &row, now()).await?;
        self.audit(
            &mut transaction,
            who,
            Action::AdministratorMade,
            &row.name,
            &row.address,
        )
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn new_admin(
        &self,
        name: &AdminName,
        address: &EmailAddress,
        password: &SecretString,
    ) -> Result<AdminRow, AdminError> {
        Ok(AdminRow {
            id: AdminId::new(self.store.next_id()),
            name: name.to_string(),
            address: address.to_string(),
            role: Role::Administrator.as_str().to_owned(),
            password_hash: self.admins.hasher.hash(password).await?,
        })
    }

    /// All administrators, the first one first.
    pub async fn admins(&self) -> Result<Vec<Admin>, AdminError> {
        let rows = self.store.admin_rows().await?;
        Ok(rows.into_iter().map(Admin::try_from).collect::<Result<_, _>>()?)
    }
}

fn new_code() -> String {
    let mut bytes = [0; GROUPS * GROUP];
    getrandom::fill(&mut bytes).expect("the operating system gives random numbers");
    let groups: Vec<String> = bytes
        .chunks(GROUP)
        .map(|group| {
            let characters = group.iter().map(|byte| ALPHABET[usize::from(byte % 32)]);
            characters.map(char::from).collect()
        })
        .collect();
    groups.join("-")
}

/// The hash to keep of a code, however it was typed.
fn hash(code: &str) -> String {
    let plain: String = code
        .chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        })
        .collect();
    STANDARD_NO_PAD.encode(secret::hash(&plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_four_groups_of_four_and_differs_each_time() {
        let code = new_code();
        assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4, 4]);
        assert_ne!(code, new_code());
    }

    #[test]
    fn a_code_may_be_typed_in_any_case_without_hyphens_and_with_letters_for_digits() {
        assert_eq!(hash("10AB-CDEF-GHJK-MNPQ"), hash(" loab cdefghjkmnpq"));
        assert_ne!(hash("10AB-CDEF-GHJK-MNPQ"), hash("10AB-CDEF-GHJK-MNPR"));
    }
}
