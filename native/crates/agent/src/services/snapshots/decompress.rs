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

    /// What `printf wide | bzip2` writes.
    const BZIP2: [u8; 42] = [
        0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 0x35, 0x15, 0x88, 0x48, 0, 0,
        1, 0x81, 0x80, 6, 0x20, 0, 0x80, 0x20, 0, 0x21, 0x9a, 0x68, 0x33, 0x4d, 0x30, 0xbc, 0x5d,
        0xc9, 0x14, 0xe1, 0x42, 0x40, 0xd4, 0x56, 0x21, 0x20,
    ];

    /// The same by xz, with a dictionary as the format's byte for it says (its 5.3.1), and the checksum of that header.
    fn xz(dictionary: u8, header_checksum: [u8; 4]) -> Vec<u8> {
        let begin = b"\xfd7zXZ\0\0\x01\x69\x22\xde\x36\x02\0\x21\x01";
        let end = [
            1, 0, 3, 0x77, 0x69, 0x64, 0x65, 0, 0xe2, 0x8c, 0xe3, 0xac, 0, 1, 0x18, 4, 0x6b, 0xe9,
            0xf0, 0xa5, 0x90, 0x42, 0x99, 0x0d, 1, 0, 0, 0, 0, 1, 0x59, 0x5a,
        ];
        let header = [dictionary, 0, 0, 0];
        [&begin[..], &header, &header_checksum, &end].concat()
    }

    fn small_xz() -> Vec<u8> {
        xz(0, [0x37, 0x27, 0x97, 0xd6])
    }

    #[test]
    fn bzip2_and_xz_are_unpacked_and_streams_that_follow_each_other_are_one() {
        for packed in [BZIP2.to_vec(), small_xz()] {
            assert_eq!(decompressed(&packed).unwrap(), b"wide");
            assert_eq!(decompressed(&packed.repeat(2)).unwrap(), b"widewide");
        }
    }

    #[test]
    fn bzip2_and_xz_that_are_cut_off_damaged_or_ask_for_too_much_memory_are_refused() {
        for whole in [BZIP2.to_vec(), small_xz()] {
            assert!(decompressed(&whole[..whole.len() - 2]).is_err());
            let mut damaged = whole;
            damaged[20] ^= 1;
            assert!(decompressed(&damaged).is_err());
        }
        let gigabyte = xz(0x24, [0x5e, 0x1f, 0xc7, 0xf9]);
        let refused = decompressed(&gigabyte).unwrap_err();
        assert!(refused.to_string().contains("memory"), "{refused}");
    }

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
