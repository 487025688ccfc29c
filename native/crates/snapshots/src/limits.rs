//! How much one layer may ask for.

/// Bounds of one unpack. They stop bombs, not images: real ones stay far below.
#[derive(Clone, Copy, Debug)]
pub struct UnpackLimits {
    /// Bytes of the tar stream; the free disk less `disk_reserve` bounds it as well.
    pub tar_bytes: u64,
    /// Bytes of the disk that no layer may take, or a hundredth of a small disk: what containers and the
    /// engine's own records still need when an image was too large.
    pub disk_reserve: u64,
    pub entries: u64,
    /// Bytes of all extended attributes of one entry. Linux refuses a single value above 64 KiB.
    pub xattr_bytes: usize,
}

impl Default for UnpackLimits {
    fn default() -> Self {
        Self {
            tar_bytes: 1 << 40,
            disk_reserve: 64 << 20,
            entries: 8_000_000,
            xattr_bytes: 256 << 10,
        }
    }
}
