//! Archives that are decompressed on their way to the engine, which reads them itself.

use std::io::{self, BufRead, Write};

use longshore_protocol::v1;
use longshore_snapshots::Compression;
use longshore_snapshots::archive::Decoder;
use tonic::Streaming;

use crate::failure::{interrupted, invalid};
use crate::pieces::channel;
use crate::services::files::archives::{Answers, Pieces, answers};
use crate::services::files::incoming::bring;

/// Pieces ahead of the decompression.
const AHEAD: usize = 4;

pub(super) fn decompress(
    mut inputs: Streaming<v1::CompressedData>,
) -> Answers<v1::DecompressedData> {
    answers(move |sender| async move {
        let (pieces_in, pieces) = channel(AHEAD);
        let output = Pieces::new(sender, |data| v1::DecompressedData { data });
        let work = tokio::task::spawn_blocking(move || copy(pieces, output));
        bring(
            &mut inputs,
            |input: v1::CompressedData| Some(input.data),
            pieces_in,
        )
        .await;
        let copied = work.await.map_err(|_| interrupted("decompress"))?;
        copied.map_err(|error| invalid("decompress", error.to_string()))
    })
}

fn copy(mut input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let compression = Compression::of_stream(input.fill_buf()?);
    let mut decoder = Decoder::new(compression, input)?;
    io::copy(&mut decoder, &mut output)?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decompressed(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut output = Vec::new();
        copy(bytes, &mut output)?;
        Ok(output)
    }

    /// One empty frame (RFC 8878, 3.1.1).
    const EMPTY_ZSTD: [u8; 9] = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 0, 1, 0, 0];
    /// A window of 2 GiB (3.1.1.1.2) and one block that says a zero 65,536 times.
    const WIDE_ZSTD: [u8; 10] = [0x28, 0xb5, 0x2f, 0xfd, 0, 21 << 3, 3, 0, 8, 0];

    #[test]
    fn a_stream_that_is_not_compressed_stays_as_it_is() {
        assert_eq!(
            decompressed(b"a plain archive").unwrap(),
            b"a plain archive"
        );
    }

    #[test]
    fn frames_that_follow_each_other_are_one_stream() {
        let twice = [EMPTY_ZSTD, EMPTY_ZSTD].concat();
        assert_eq!(decompressed(&twice).unwrap(), b"");
    }

    #[test]
    fn what_is_cut_off_or_asks_for_too_much_memory_is_refused() {
        assert!(decompressed(&EMPTY_ZSTD[..7]).is_err());
        assert!(decompressed(&[0x1f, 0x8b, 8, 0]).is_err());
        assert!(decompressed(&WIDE_ZSTD).is_err());
    }
}
