use std::fmt;

use serde::{Deserialize, Serialize};

/// The id of a container or an exec: 64 lower-case hex digits, so it is safe as a file name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Id(String);

const LENGTH: usize = 64;

impl Id {
    pub fn parse(text: &str) -> Option<Self> {
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (text.len() == LENGTH && text.bytes().all(hex)).then(|| Id(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for Id {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Id::parse(&text).ok_or("not an id of 64 hex digits")
    }
}

impl From<Id> for String {
    fn from(id: Id) -> String {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_64_lower_case_hex_digits_are_an_id() {
        assert!(Id::parse(&"a9".repeat(32)).is_some());
        for bad in ["", "..", "A9", "a/"] {
            assert!(Id::parse(&bad.repeat(32)).is_none(), "{bad}");
        }
        assert!(Id::parse(&"a9".repeat(33)).is_none());
    }
}
