//! `compose.yaml`: how to run the container image, with the version that it is of.

use crate::version::Version;

/// The file's text.
pub fn file(version: Version) -> String {
    include_str!("../../oci/compose.yaml").replace("@VERSION@", &version.to_string())
}
