//! Content digests as the OCI image specification writes them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// `sha256:` and 64 lower-case hex digits; nothing else is a digest here, so a digest is safe in a path.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 32]);

#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not a sha256 digest")]
pub struct InvalidDigest(pub String);

const PREFIX: &str = "sha256:";

impl Digest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    pub(crate) fn finish(hasher: Sha256) -> Self {
        Self(hasher.finalize().into())
    }

    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 64 hex digits without the algorithm.
    pub fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(crate) fn from_hex(hex: &str) -> Option<Self> {
        let digits = hex.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        let mut bytes = [0u8; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        Some(Self(bytes))
    }
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl FromStr for Digest {
    type Err = InvalidDigest;

    fn from_str(text: &str) -> Result<Self, InvalidDigest> {
        let digest = text.strip_prefix(PREFIX).and_then(Self::from_hex);
        // The text may be anything of any length: only its beginning is repeated.
        digest.ok_or_else(|| InvalidDigest(text.chars().take(100).collect()))
    }
}

impl TryFrom<String> for Digest {
    type Error = InvalidDigest;

    fn try_from(text: String) -> Result<Self, InvalidDigest> {
        text.parse()
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{PREFIX}{}", self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// Names a layer together with everything below it (OCI image-spec, config.md, "Layer ChainID").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ChainId(Digest);

impl ChainId {
    /// The ChainID of the layer `diff_id` on top of `parent`.
    pub fn of(parent: Option<&ChainId>, diff_id: &Digest) -> Self {
        match parent {
            None => Self(*diff_id),
            Some(parent) => Self(Digest::of(format!("{} {diff_id}", parent.0).as_bytes())),
        }
    }

    pub fn digest(&self) -> &Digest {
        &self.0
    }

    pub(crate) fn from_hex(hex: &str) -> Option<Self> {
        Digest::from_hex(hex).map(Self)
    }
}

impl FromStr for ChainId {
    type Err = InvalidDigest;

    fn from_str(text: &str) -> Result<Self, InvalidDigest> {
        text.parse().map(Self)
    }
}

impl fmt::Display for ChainId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_only_the_canonical_form() {
        let text = format!("sha256:{}", "0f".repeat(32));
        assert_eq!(text.parse::<Digest>().unwrap().to_string(), text);
        let refused = [
            "",
            "sha256:",
            "sha512:00",
            &format!("sha256:{}", "0F".repeat(32)),
            &format!("sha256:{}", "0f".repeat(31)),
            &format!("sha256:{}/..", "0f".repeat(32)),
            &"0f".repeat(32),
        ];
        for text in refused {
            assert!(text.parse::<Digest>().is_err(), "{text:?} was taken");
        }
    }

    #[test]
    fn chains_as_the_specification_says() {
        let lowest = Digest::of(b"a");
        let next = Digest::of(b"b");
        let parent = ChainId::of(None, &lowest);
        assert_eq!(parent.digest(), &lowest);
        let expected = Digest::of(format!("{lowest} {next}").as_bytes());
        assert_eq!(ChainId::of(Some(&parent), &next).digest(), &expected);
    }
}
