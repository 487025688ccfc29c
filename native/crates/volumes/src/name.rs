use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Result, VolumeError};

/// NAME_MAX: the name is a folder's.
const MAX_NAME: usize = 255;

/// A name that is safe as a folder's: it never begins with a dot, and has no slash.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VolumeName(String);

impl VolumeName {
    pub fn parse(text: &str) -> Result<Self> {
        let mut bytes = text.bytes();
        let begins_well = bytes
            .next()
            .is_some_and(|byte| byte.is_ascii_alphanumeric());
        let goes_on =
            bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'));
        if !begins_well || !goes_on || !(2..=MAX_NAME).contains(&text.len()) {
            let name = text.chars().take(MAX_NAME).collect();
            return Err(VolumeError::InvalidName { name });
        }
        Ok(VolumeName(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn differs_only_in_case(&self, other: &Self) -> bool {
        self != other && self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl TryFrom<String> for VolumeName {
    type Error = VolumeError;

    fn try_from(text: String) -> Result<Self> {
        VolumeName::parse(&text)
    }
}

impl From<VolumeName> for String {
    fn from(name: VolumeName) -> String {
        name.0
    }
}

impl fmt::Display for VolumeName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// 32 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TrashId(String);

impl TrashId {
    pub fn parse(text: &str) -> Result<Self> {
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != 32 || !text.bytes().all(is_hex) {
            let id = text.chars().take(MAX_NAME).collect();
            return Err(VolumeError::InvalidTrashId { id });
        }
        Ok(TrashId(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TrashId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_lead_elsewhere_are_refused() {
        for text in ["data", "a1", "A.b_c-d", &"x".repeat(255)] {
            assert!(VolumeName::parse(text).is_ok(), "{text}");
        }
        let bad = [
            "",
            "a",
            ".",
            "..",
            ".trash",
            "../x",
            "a/b",
            "-a",
            "_a",
            "a b",
            "a\0",
            "a\n",
            "ä1",
            &"x".repeat(256),
        ];
        for text in bad {
            assert!(VolumeName::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn ids_of_the_trash_are_hex() {
        assert!(TrashId::parse(&"0a".repeat(16)).is_ok());
        for text in [
            "",
            "..",
            &"0A".repeat(16),
            &"0a".repeat(15),
            &"/".repeat(32),
        ] {
            assert!(TrashId::parse(text).is_err(), "{text:?}");
        }
    }
}
