//! Which system the NAS has, and where its tools and its web service are.

use super::tool;
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tocsin_domain::nas::System;

/// QTS: where `getcfg` reads the ports from, in the sections `System` and `Stunnel`.
const ULINUX: &str = "etc/config/uLinux.conf";

/// What an installation says about the NAS.
#[derive(Debug, Clone)]
pub struct NasConfig {
    /// Its system.
    pub system: System,
    /// The port of its web service, where that is not the one it says itself.
    pub port: Option<NonZeroU16>,
    /// Below which its tools are: `/`, but for a test.
    pub root: PathBuf,
    /// How long its web service may take for an answer.
    pub patience: Duration,
}

impl NasConfig {
    /// As a NAS of this system is.
    pub fn new(system: System) -> Self {
        Self {
            system,
            port: None,
            root: PathBuf::from("/"),
            patience: Duration::from_secs(5),
        }
    }

    /// The port on which its web service speaks HTTP. QTS says it; DSM's is 5000 unless somebody changed it.
    pub(super) async fn port(&self) -> NonZeroU16 {
        match (self.port, self.system) {
            (Some(port), _) => port,
            (None, System::Qts) => self.setting("System", "Web Access Port", 8080).await,
            (None, System::Dsm) => port(5000),
        }
    }

    /// The port on which it speaks HTTPS, for an answer that sends there without saying where.
    pub(super) async fn secure_port(&self) -> NonZeroU16 {
        match self.system {
            System::Qts => self.setting("Stunnel", "Port", 443).await,
            System::Dsm => port(5001),
        }
    }

    /// What writes a line into its own log, if it is there.
    pub(super) fn log_tool(&self) -> Option<PathBuf> {
        let path = self.root.join(match self.system {
            System::Qts => "sbin/log_tool",
            System::Dsm => "usr/syno/bin/synodsmnotify",
        });
        path.is_file().then_some(path)
    }

    async fn setting(&self, section: &str, key: &str, default: u16) -> NonZeroU16 {
        let file = self.root.join(ULINUX);
        let file = file.to_string_lossy();
        let arguments = [section, key, "-f", &file];
        let said = tool::run(&self.root.join(Path::new("sbin/getcfg")), &arguments).await;
        let said = said.ok().and_then(|said| said.trim().parse().ok());
        said.unwrap_or_else(|| port(default))
    }
}

fn port(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).unwrap_or(NonZeroU16::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn with_getcfg(script: &str) -> (NasConfig, tempfile::TempDir) {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("sbin/getcfg");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        let mut config = NasConfig::new(System::Qts);
        config.root = root.path().to_owned();
        (config, root)
    }

    #[tokio::test]
    async fn qts_says_its_ports_itself() {
        let script = "#!/bin/sh\n[ \"$3\" = -f ] || exit 1\ncase $1/$2 in\nSystem/Web\\ Access\\ Port) echo 8082;;\n\
                      Stunnel/Port) echo 8443;;\nesac\n";
        let (config, _root) = with_getcfg(script);
        assert_eq!(config.port().await.get(), 8082);
        assert_eq!(config.secure_port().await.get(), 8443);
    }

    #[tokio::test]
    async fn what_is_no_port_leaves_the_default_and_what_was_set_wins() {
        let (mut config, _root) = with_getcfg("#!/bin/sh\necho 0.0.0.0\n");
        assert_eq!(config.port().await.get(), 8080);
        config.port = NonZeroU16::new(81);
        assert_eq!(config.port().await.get(), 81);
    }
}
