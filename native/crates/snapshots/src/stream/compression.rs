//! How a layer or an archive is compressed, and its decompression.

use std::io::{self, BufRead, Read};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use liblzma::bufread::XzDecoder;
use liblzma::stream::{CONCATENATED, Stream};

use crate::error::{Result, SnapshotError, printable};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    None,
    Gzip,
    Zstd,
    /// Of archives only; no layer may be compressed so.
    Bzip2,
    /// Of archives only, as `Bzip2`.
    Xz,
}

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// The last three bytes of a skippable frame's magic, which may come first as well (RFC 8878, 3.1.2).
const ZSTD_SKIPPABLE: [u8; 3] = [0x2a, 0x4d, 0x18];
/// 128 MiB: what `zstd --ultra -22` uses. A frame that asks for more memory is refused.
const ZSTD_WINDOW_LOG: u32 = 27;
/// What every version of bzip2 that is in use writes first; the size of the blocks follows, at most 900 kB.
const BZIP2_MAGIC: [u8; 3] = *b"BZh";
const XZ_MAGIC: [u8; 6] = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
/// A dictionary of 128 MiB, twice that of `xz -9`, and what its decoder takes besides.
const XZ_MEMORY: u64 = 129 << 20;

impl Compression {
    /// By the media types of the OCI image-spec and of Docker's image manifest 2.2, foreign ones included.
    pub fn from_media_type(media_type: &str) -> Result<Self> {
        let oci = [
            "application/vnd.oci.image.layer.v1.",
            "application/vnd.oci.image.layer.nondistributable.v1.",
        ];
        let docker = [
            "application/vnd.docker.image.rootfs.diff.",
            "application/vnd.docker.image.rootfs.foreign.diff.",
        ];
        let kind = oci
            .iter()
            .chain(&docker)
            .find_map(|prefix| media_type.strip_prefix(prefix));
        match kind {
            Some("tar") => Ok(Self::None),
            Some("tar+gzip" | "tar.gzip") => Ok(Self::Gzip),
            Some("tar+zstd" | "tar.zstd") => Ok(Self::Zstd),
            _ => Err(refused(media_type, "is not that of a layer")),
        }
    }

    /// What a stream that begins so is compressed with: nothing, where nothing else is known.
    pub fn of_stream(begin: &[u8]) -> Self {
        if begin.starts_with(&GZIP_MAGIC) {
            Self::Gzip
        } else if begin.starts_with(&ZSTD_MAGIC) {
            Self::Zstd
        } else if begin.starts_with(&BZIP2_MAGIC) {
            Self::Bzip2
        } else if begin.starts_with(&XZ_MAGIC) {
            Self::Xz
        } else {
            Self::None
        }
    }

    /// Whether bytes that begin so can be what the media type says.
    pub(crate) fn check_magic(self, begin: &[u8], media_type: &str) -> Result<()> {
        let is_gzip = begin.starts_with(&GZIP_MAGIC);
        let is_zstd = begin.starts_with(&ZSTD_MAGIC) || begin.get(1..4) == Some(&ZSTD_SKIPPABLE);
        let matches = match self {
            // A tar begins with a name; one that begins like this is compressed.
            Self::None => !is_gzip && !begin.starts_with(&ZSTD_MAGIC),
            Self::Gzip => is_gzip,
            Self::Zstd => is_zstd,
            Self::Bzip2 | Self::Xz => false,
        };
        match matches {
            true => Ok(()),
            false => Err(refused(media_type, "does not match the layer's bytes")),
        }
    }
}

fn refused(media_type: &str, reason: &'static str) -> SnapshotError {
    SnapshotError::MediaType {
        media_type: printable(media_type.as_bytes()),
        reason,
    }
}

/// The decompressed bytes of `input`. Several gzip members, zstd frames, or bzip2 or xz streams in a row are one stream.
pub enum Decoder<R: BufRead> {
    None(R),
    Gzip(Box<MultiGzDecoder<R>>),
    Zstd(Box<zstd::Decoder<'static, R>>),
    Bzip2(Box<MultiBzDecoder<R>>),
    Xz(Box<XzDecoder<R>>),
}

impl<R: BufRead> Decoder<R> {
    pub fn new(compression: Compression, input: R) -> io::Result<Self> {
        Ok(match compression {
            Compression::None => Self::None(input),
            Compression::Gzip => Self::Gzip(Box::new(MultiGzDecoder::new(input))),
            Compression::Zstd => {
                let mut decoder = zstd::Decoder::with_buffer(input)?;
                decoder.window_log_max(ZSTD_WINDOW_LOG)?;
                Self::Zstd(Box::new(decoder))
            }
            Compression::Bzip2 => Self::Bzip2(Box::new(MultiBzDecoder::new(input))),
            Compression::Xz => {
                let stream = Stream::new_stream_decoder(XZ_MEMORY, CONCATENATED)?;
                Self::Xz(Box::new(XzDecoder::new_stream(input, stream)))
            }
        })
    }

    pub(crate) fn input(&self) -> &R {
        match self {
            Self::None(input) => input,
            Self::Gzip(decoder) => decoder.get_ref(),
            Self::Zstd(decoder) => decoder.get_ref(),
            Self::Bzip2(decoder) => decoder.get_ref(),
            Self::Xz(decoder) => decoder.get_ref(),
        }
    }
}

impl<R: BufRead> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::None(input) => input.read(buffer),
            Self::Gzip(decoder) => decoder.read(buffer),
            Self::Zstd(decoder) => decoder.read(buffer),
            Self::Bzip2(decoder) => decoder.read(buffer),
            Self::Xz(decoder) => decoder.read(buffer),
        }
    }
}

/// Decompresses `input` up to `limit` bytes and says how many came out.
pub fn decompress(compression: Compression, input: &[u8], limit: u64) -> io::Result<u64> {
    let decoder = Decoder::new(compression, input)?;
    io::copy(&mut decoder.take(limit), &mut io::sink())
}
