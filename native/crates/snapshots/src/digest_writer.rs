use std::io::{self, Write};

use sha2::{Digest as _, Sha256};

use crate::digest::Digest;

/// Takes bytes in and knows their digest.
#[derive(Default)]
pub struct DigestWriter(Sha256);

impl DigestWriter {
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub fn finish(self) -> Digest {
        Digest::finish(self.0)
    }
}

impl Write for DigestWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.add(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
