//! How single settings are written.

use super::SettingsError;
use jiff::SignedDuration;
use std::fmt::Display;
use std::str::FromStr;
use tocsin_domain::base_path::BasePath;
use tocsin_domain::nas::System;
use url::Url;

/// What a line of the file says, if it is there.
pub(super) fn parsed<T: FromStr<Err: Display> + Default>(text: Option<&str>) -> Result<T, String> {
    text.map_or_else(
        || Ok(T::default()),
        |text| text.parse().map_err(|error: T::Err| error.to_string()),
    )
}

/// The address without the base path, which may stand in it.
pub(super) fn above(mut url: Url, base: &BasePath) -> Result<Url, SettingsError> {
    if base.inside(url.path()) != "/" {
        return Err(SettingsError::OtherPath {
            url,
            base: base.clone(),
        });
    }
    url.set_path("/");
    Ok(url)
}

pub(super) fn public_url(text: &str) -> Result<Url, String> {
    let url: Url = text.parse().map_err(|error| format!("{text}: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() || url.query().is_some() {
        return Err(format!("{text}: write it as https://nas.example.com"));
    }
    Ok(url)
}

pub(super) fn system(text: &str) -> Result<System, String> {
    [System::Qts, System::Dsm]
        .into_iter()
        .find(|system| system.to_string().eq_ignore_ascii_case(text))
        .ok_or_else(|| "write qts or dsm".to_owned())
}

pub(super) fn duration(text: &str) -> Result<SignedDuration, String> {
    let time = text.parse().map_err(|_| "write it as 15m or 20s".to_owned())?;
    positive(time)
}

pub(super) fn positive(time: SignedDuration) -> Result<SignedDuration, String> {
    if time.is_positive() {
        Ok(time)
    } else {
        Err("a duration must be longer than nothing".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_written_with_its_unit_and_longer_than_nothing() {
        assert_eq!(duration("90s"), Ok(SignedDuration::from_secs(90)));
        for text in ["15", "-1s", "0s", "soon"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
