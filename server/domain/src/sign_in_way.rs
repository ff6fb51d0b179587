//! The ways to sign in at a provider, and which of them can work from where the reader came.

use serde::{Deserialize, Serialize};

/// A way to sign in at a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// The provider sends the browser back to Tocsin (RFC 6749 section 4.1).
    Redirect,
    /// The owner types a code on the provider's page; Tocsin asks until that has happened (RFC 8628).
    DeviceCode,
    /// The provider sends the browser to an address on the reader's own machine that need not answer (RFC 8252
    /// section 7.3), and the reader brings that address back.
    Paste,
}

impl Way {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Redirect, Self::DeviceCode, Self::Paste];

    /// The word that travels.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Redirect => "redirect",
            Self::DeviceCode => "device-code",
            Self::Paste => "paste",
        }
    }
}

/// The text names no way to sign in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no such way to sign in: choose one of those shown")]
pub struct UnknownWay;

impl std::str::FromStr for Way {
    type Err = UnknownWay;

    fn from_str(text: &str) -> Result<Self, UnknownWay> {
        Self::ALL
            .into_iter()
            .find(|way| way.as_str() == text)
            .ok_or(UnknownWay)
    }
}

/// Why a way cannot work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Obstacle {
    /// The reader came by http, and not to this machine itself.
    NeedsHttps,
    /// The reader came by an IP address, or by a name that is no public one.
    NeedsPublicName,
    /// The provider gives no codes for mail: Google's device flow takes no Gmail scope
    /// (<https://developers.google.com/identity/protocols/oauth2/limited-input-device#allowedscopes>).
    NoDeviceCodes,
}

/// A way, and whether it can work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedWay {
    /// The way.
    pub way: Way,
    /// Why it cannot work; none if it can.
    pub obstacle: Option<Obstacle>,
}

/// The way to take unless the reader chooses: the first that can work.
pub fn first_choice(offered: &[OfferedWay]) -> Way {
    let works = |offered: &&OfferedWay| offered.obstacle.is_none();
    offered.iter().find(works).map_or(Way::Paste, |found| found.way)
}

/// The way that the reader named, if that can work, else the first choice.
pub fn chosen(offered: &[OfferedWay], named: Option<Way>) -> Way {
    let works = |way: &Way| {
        let mut offered = offered.iter();
        offered.any(|offered| offered.way == *way && offered.obstacle.is_none())
    };
    named.filter(works).unwrap_or_else(|| first_choice(offered))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(redirect: Option<Obstacle>, device: Option<Obstacle>) -> [OfferedWay; 3] {
        let offer = |way, obstacle| OfferedWay { way, obstacle };
        [
            offer(Way::Redirect, redirect),
            offer(Way::DeviceCode, device),
            offer(Way::Paste, None),
        ]
    }

    #[test]
    fn a_way_is_found_by_its_word() {
        for way in Way::ALL {
            assert_eq!(way.as_str().parse(), Ok(way));
        }
        assert_eq!("carrier-pigeon".parse::<Way>(), Err(UnknownWay));
    }

    #[test]
    fn the_first_way_that_can_work_is_taken_unless_one_that_can_work_is_named() {
        let (name, none) = (Some(Obstacle::NeedsPublicName), Some(Obstacle::NoDeviceCodes));
        assert_eq!(first_choice(&offered(None, None)), Way::Redirect);
        assert_eq!(first_choice(&offered(name, None)), Way::DeviceCode);
        assert_eq!(first_choice(&offered(name, none)), Way::Paste);
        assert_eq!(chosen(&offered(None, None), Some(Way::Paste)), Way::Paste);
        assert_eq!(chosen(&offered(name, none), Some(Way::Redirect)), Way::Paste);
    }
}
