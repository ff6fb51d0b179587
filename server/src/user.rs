//! `tocsin serve --user`: gives root up before anything is opened, for systems whose services are started as root and
//! that have no tool to start them otherwise (QTS has no `su` and no systemd).

use nix::errno::Errno;
use nix::unistd::{AccessFlags, Gid, Uid, access, geteuid, setgid, setgroups, setuid};
use std::path::{Path, PathBuf};

/// A user to run as, with the group that goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct User {
    uid: Uid,
    gid: Gid,
}

/// Why the program does not run as that user.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// Only root can become somebody else.
    #[error("only root can start Tocsin as another user: leave --user out, or start it as root")]
    NotRoot,
    /// The system refuses.
    #[error("the system does not let Tocsin become user {0}: {1}")]
    Refused(Uid, #[source] Errno),
    /// The user may not start the program, as it does by itself after a defect.
    #[error("user {0} may not run the file of the program: let it read and execute that")]
    NoProgram(Uid),
    /// The user may not use the data directory. Told apart, so that a service script can choose another user.
    #[error(
        "user {0} may not read and write {1}: give it the folder, and let it pass through the folders above"
    )]
    KeptOut(Uid, PathBuf),
}

/// Reads a user's name, or a number that is both user and group and needs no entry in the list of users.
pub fn parse(text: &str) -> Result<User, String> {
    if let Ok(number) = text.parse() {
        return Ok(User {
            uid: Uid::from_raw(number),
            gid: Gid::from_raw(number),
        });
    }
    match nix::unistd::User::from_name(text) {
        Ok(Some(user)) => Ok(User {
            uid: user.uid,
            gid: user.gid,
        }),
        Ok(None) => Err(format!("there is no user {text}")),
        Err(error) => Err(format!("the list of users cannot be read: {error}")),
    }
}

impl User {
    /// Becomes this user for good, and makes sure that it can use `data` where that exists. Called while the process
    /// has one thread.
    pub fn run_as(self, data: &Path) -> Result<(), UserError> {
        if geteuid() != self.uid {
            if !geteuid().is_root() {
                return Err(UserError::NotRoot);
            }
            // In this order: who gave up the user may not change its groups any more.
            setgroups(&[])
                .and_then(|()| setgid(self.gid))
                .and_then(|()| setuid(self.uid))
                .map_err(|error| UserError::Refused(self.uid, error))?;
        }
        if access("/proc/self/exe", AccessFlags::X_OK) == Err(Errno::EACCES) {
            return Err(UserError::NoProgram(self.uid));
        }
        match access(data, AccessFlags::R_OK | AccessFlags::W_OK | AccessFlags::X_OK) {
            Err(Errno::EACCES) => Err(UserError::KeptOut(self.uid, data.to_owned())),
            // What else may be wrong with it, opening it says better.
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_user_is_a_name_or_a_number_without_an_entry() {
        let number = parse("8725").unwrap();
        assert_eq!((number.uid.as_raw(), number.gid.as_raw()), (8725, 8725));
        assert_eq!(parse("root").unwrap().uid, Uid::from_raw(0));
        for text in ["", "-1", "nobody-is-called-this"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn who_is_that_user_already_stays_it() {
        let folder = tempfile::tempdir().unwrap();
        let me = User {
            uid: geteuid(),
            gid: nix::unistd::getegid(),
        };
        me.run_as(folder.path()).unwrap();
        // A folder that is not there yet is made later.
        me.run_as(&folder.path().join("data")).unwrap();
    }
}
