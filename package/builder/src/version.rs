//! A release's version as every package system can order it: three numbers. DSM refuses letters in one (spksrc issue
//! 4676), so there are none.

use std::fmt;
use std::str::FromStr;

/// Major, minor, patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version([u32; 3]);

/// It is not written as a version.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no version for a package: write three numbers without leading zeros, as in 1.2.3")]
pub struct VersionError(String);

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let numbers: Option<Vec<u32>> = text.split('.').map(number).collect();
        match numbers.and_then(|numbers| numbers.try_into().ok()) {
            Some(numbers) => Ok(Self(numbers)),
            None => Err(VersionError(text.to_owned())),
        }
    }
}

fn number(text: &str) -> Option<u32> {
    // `parse` alone would take "+1" and "01".
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = text.len() > 1 && text.starts_with('0');
    if digits && !leading_zero {
        text.parse().ok()
    } else {
        None
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.0;
        write!(f, "{major}.{minor}.{patch}")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn three_numbers_are_a_version_and_nothing_else_is() {
        assert_eq!("0.10.2".parse::<Version>().unwrap().to_string(), "0.10.2");
        for text in [
            "",
            "1",
            "1.2",
            "1.2.3.4",
            "1.2.x",
            "1.2.3-beta",
            "01.2.3",
            "+1.2.3",
            "1..3",
            "1.2.99999999999",
        ] {
            assert_eq!(text.parse::<Version>(), Err(VersionError(text.to_owned())));
        }
    }

    #[test]
    fn versions_are_ordered_by_number_and_not_by_letter() {
        assert!("0.10.0".parse::<Version>().unwrap() > "0.9.12".parse().unwrap());
    }
}
