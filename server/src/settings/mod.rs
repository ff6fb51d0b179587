//! What an installation sets: command line, then `TOCSIN_*` in the environment, then `tocsin.toml` in the data
//! directory or the file that is named instead of it, then the defaults. What an administrator changes on the pages is
//! in the database instead.

mod file;
mod value;

pub use file::site_of;

use crate::http::{Site, TrustedProxies};
use crate::user::{self, User, UserError};
use clap::{Args, ValueEnum};
use file::{FILE, File, read};
use jiff::SignedDuration;
use serde::Deserialize;
use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::path::PathBuf;
use tocsin_domain::base_path::BasePath;
use tocsin_domain::nas::System;
use tocsin_engine::nas::NasConfig;
use tocsin_engine::{Config, LostKey};
use url::Url;
use value::{above, duration, parsed, public_url, system};

const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8725);

/// The options of `tocsin serve`.
#[derive(Debug, Args)]
#[command(after_help = crate::exit::HELP)]
pub struct ServeOptions {
    /// Where everything is kept
    #[arg(long, env = "TOCSIN_DATA", value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// The file with settings [default: tocsin.toml in the data directory, if it is there]
    #[arg(long, env = "TOCSIN_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Address and port to listen on; port 0 takes a free one [default: 127.0.0.1:8725]
    #[arg(long, env = "TOCSIN_LISTEN", value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// The files that browsers load [default: inside the program, or “site” beside it]
    #[arg(long, env = "TOCSIN_SITE", value_name = "DIR")]
    site: Option<PathBuf>,
    /// The address by which browsers reach Tocsin, where a proxy hides it
    #[arg(long, env = "TOCSIN_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    public_url: Option<Url>,
    /// The path below which a web server in front shows Tocsin, such as /tocsin
    #[arg(long, env = "TOCSIN_BASE_PATH", value_name = "PATH")]
    base_path: Option<BasePath>,
    /// Web servers in front that are believed about who asks, and how: addresses and networks, or none [default: this
    /// machine]
    #[arg(long = "trusted-proxy", env = "TOCSIN_TRUSTED_PROXY", value_name = "CIDR,…")]
    trusted_proxies: Option<TrustedProxies>,
    /// How log lines are written [default: text]
    #[arg(long, env = "TOCSIN_LOG", value_name = "FORMAT")]
    log: Option<LogFormat>,
    /// How often each account's authorization is checked, such as 15m [default: 15m]
    #[arg(long, env = "TOCSIN_CHECK_EVERY", value_name = "DURATION", value_parser = duration)]
    check_every: Option<SignedDuration>,
    /// How long after a refusal the confirming try waits at least, such as 20s [default: 20s]
    #[arg(long, env = "TOCSIN_CONFIRM_AFTER", value_name = "DURATION", value_parser = duration)]
    confirm_after: Option<SignedDuration>,
    /// The NAS that it runs on: its administrators may sign in, and its own log hears of warnings [default: none]
    #[arg(long, env = "TOCSIN_NAS", value_name = "SYSTEM", value_parser = system)]
    nas: Option<System>,
    /// The port of the NAS's web service on this machine, where it is another than the NAS says
    #[arg(long, env = "TOCSIN_NAS_PORT", value_name = "PORT")]
    nas_port: Option<NonZeroU16>,
    /// Where the NAS's own programs are looked for, for tests
    #[arg(
        long,
        env = "TOCSIN_NAS_ROOT",
        value_name = "DIR",
        default_value = "/",
        hide = true
    )]
    nas_root: PathBuf,
    /// Give root up for this user, by name or number, before anything is opened
    #[arg(long, env = "TOCSIN_USER", value_name = "USER", value_parser = user::parse)]
    user: Option<User>,
    /// Replace a lost key file; every mailbox must be authorized again
    #[arg(long)]
    new_key: bool,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// The same, settled.
#[derive(Debug)]
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The files that browsers load.
    pub site: Site,
    /// The address by which browsers reach Tocsin; none means that requests tell.
    pub public_url: Option<Url>,
    /// Web servers in front that are believed.
    pub trusted_proxies: TrustedProxies,
    /// How log lines are written.
    pub log: LogFormat,
    /// A file with settings that is there but is not read, because another one was named.
    pub unread: Option<PathBuf>,
    /// The engine's.
    pub engine: Config,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file is there but cannot be read.
    #[error("{0} cannot be read: {1}. Check that this user may read it")]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// The file was named, but is not there.
    #[error(
        "the file with settings {0} is not there. Put it back (an empty file will do), or do not name it"
    )]
    Missing(PathBuf),
    /// What the file says cannot be used.
    #[error("{0} cannot be used: {1}. Correct it, or remove the line")]
    Wrong(PathBuf, String),
    /// The address has another path than the base path.
    #[error(
        "the public URL {url} must end in the base path {base}/, or have no path: correct one of the two"
    )]
    OtherPath { url: Url, base: BasePath },
}

impl ServeOptions {
    /// Becomes the user that the options name, if they name one.
    pub fn give_up_root(&self) -> Result<(), UserError> {
        self.user.map_or(Ok(()), |user| user.run_as(&self.data))
    }

    /// Adds the file and the defaults.
    pub fn settle(self) -> Result<Settings, SettingsError> {
        let own = self.data.join(FILE);
        let unread = self
            .config
            .as_ref()
            .is_some_and(|named| *named != own && own.exists());
        let path = self.config.as_ref().unwrap_or(&own).clone();
        let file = match (read(&path)?, &self.config) {
            (Some(file), _) => file,
            (None, Some(named)) => return Err(SettingsError::Missing(named.clone())),
            (None, None) => File::default(),
        };
        let wrong = |reason: String| SettingsError::Wrong(path.clone(), reason);
        let base_path = match self.base_path {
            Some(base_path) => base_path,
            None => parsed(file.base_path.as_deref()).map_err(wrong)?,
        };
        let trusted_proxies = match self.trusted_proxies {
            Some(trusted) => trusted,
            None => parsed(file.trusted_proxy.as_deref()).map_err(wrong)?,
        };
        let mut engine = Config::new(self.data);
        engine.key = std::env::var("TOCSIN_KEY").ok().map(Into::into);
        if self.new_key {
            engine.lost_key = LostKey::StartOver;
        }
        let public_url = self.public_url.or(file.public_url);
        let public_url = public_url.map(|url| above(url, &base_path)).transpose()?;
        engine.base_path = base_path;
        if let Some(every) = self.check_every.or(file.check_every) {
            engine.check_every = every;
        }
        if let Some(after) = self.confirm_after.or(file.confirm_after) {
            engine.confirm_after = after;
        }
        engine.nas = self.nas.or(file.nas).map(|system| NasConfig {
            port: self.nas_port.or(file.nas_port),
            root: self.nas_root,
            ..NasConfig::new(system)
        });
        Ok(Settings {
            listen: self.listen.or(file.listen).unwrap_or(LISTEN),
            site: self.site.or(file.site).map_or_else(Site::default, Site::Folder),
            public_url,
            trusted_proxies,
            log: self.log.or(file.log).unwrap_or_default(),
            unread: unread.then_some(own),
            engine,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use clap::Parser as _;
    use std::path::Path;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        options: ServeOptions,
    }

    fn settle(folder: &Path, arguments: &[&str]) -> Result<Settings, SettingsError> {
        let line = ["tocsin", "--data", folder.to_str().unwrap()];
        let line = line.into_iter().chain(arguments.iter().copied());
        Line::try_parse_from(line).unwrap().options.settle()
    }

    #[test]
    fn the_command_line_wins_over_the_file_and_the_file_over_the_default() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join(FILE),
            "listen = \"127.0.0.1:1\"\ncheck-every = \"2m\"",
        )
        .unwrap();
        let settings = settle(folder.path(), &["--listen", "127.0.0.1:0"]).unwrap();
        assert_eq!(settings.listen.port(), 0);
        assert_eq!(settings.engine.check_every, SignedDuration::from_mins(2));
        assert_eq!(settings.log, LogFormat::Text);
    }

    #[test]
    fn a_named_file_stands_in_for_the_one_in_the_data_directory() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join(FILE);
        let named = folder.path().join("named.toml");
        let arguments = ["--config", named.to_str().unwrap()];
        let missing = settle(folder.path(), &arguments).unwrap_err();
        assert!(matches!(missing, SettingsError::Missing(_)), "{missing}");

        std::fs::write(&named, "listen = \"127.0.0.1:2\"").unwrap();
        let settings = settle(folder.path(), &arguments).unwrap();
        assert_eq!((settings.listen.port(), settings.unread), (2, None));

        std::fs::write(&own, "listen = \"127.0.0.1:1\"").unwrap();
        let settings = settle(folder.path(), &arguments).unwrap();
        assert_eq!((settings.listen.port(), settings.unread), (2, Some(own)));
    }

    #[test]
    fn a_key_that_is_not_known_is_named_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join(FILE),
            "log = \"json\"\n\nlisten-on = \"127.0.0.1:1\"\n",
        )
        .unwrap();
        let error = settle(folder.path(), &[]).unwrap_err().to_string();
        for part in ["line 3", "listen-on", "`listen`"] {
            assert!(error.contains(part), "{part}: {error}");
        }
    }

    #[test]
    fn what_the_file_gets_wrong_is_named() {
        let folder = tempfile::tempdir().unwrap();
        for text in [
            "lisen = \"127.0.0.1:1\"",
            "public-url = \"ftp://nas\"",
            "check-every = \"0s\"",
            "base-path = \"tocsin\"",
            "trusted-proxy = \"nas\"",
        ] {
            std::fs::write(folder.path().join(FILE), text).unwrap();
            let error = settle(folder.path(), &[]).unwrap_err().to_string();
            assert!(error.contains(FILE), "{error}");
        }
    }

    #[test]
    fn the_public_url_may_have_the_base_path_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let with = |url| settle(folder.path(), &["--base-path", "/tocsin/", "--public-url", url]);
        for url in [
            "https://nas",
            "https://nas/",
            "https://nas/tocsin",
            "https://nas/tocsin/",
        ] {
            let settings = with(url).unwrap();
            assert_eq!(settings.public_url.unwrap().as_str(), "https://nas/");
            assert_eq!(settings.engine.base_path.as_str(), "/tocsin");
        }
        let error = with("https://nas/other").unwrap_err().to_string();
        assert!(error.contains("/tocsin/"), "{error}");
    }

    #[test]
    fn the_file_may_say_what_stands_in_front() {
        let folder = tempfile::tempdir().unwrap();
        let text = "base-path = \"/tocsin\"\ntrusted-proxy = \"10.0.0.2\"";
        std::fs::write(folder.path().join(FILE), text).unwrap();
        let settings = settle(folder.path(), &[]).unwrap();
        assert_eq!(settings.engine.base_path.as_str(), "/tocsin");
        assert_eq!(settings.trusted_proxies, "10.0.0.2".parse().unwrap());
        let settings = settle(folder.path(), &["--base-path", "/", "--trusted-proxy", "none"]).unwrap();
        assert_eq!(settings.engine.base_path.as_str(), "");
        assert_eq!(settings.trusted_proxies, "none".parse().unwrap());
    }

    #[test]
    fn there_is_no_nas_but_where_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        assert!(settle(folder.path(), &[]).unwrap().engine.nas.is_none());
        std::fs::write(folder.path().join(FILE), "nas = \"dsm\"\nnas-port = 5010").unwrap();
        let nas = settle(folder.path(), &[]).unwrap().engine.nas.unwrap();
        assert_eq!((nas.system, nas.port), (System::Dsm, NonZeroU16::new(5010)));
        let nas = settle(folder.path(), &["--nas", "QTS"])
            .unwrap()
            .engine
            .nas
            .unwrap();
        assert_eq!(nas.system, System::Qts);
    }
}
