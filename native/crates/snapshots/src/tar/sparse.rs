//! Maps of sparse files: which pieces of the file the archive holds.

use super::BLOCK;
use super::entry::Segment;
use super::number;

/// A map may have so many pieces (16 MiB of memory); real files have a few thousand.
pub(crate) const MAX_SEGMENTS: usize = 1 << 20;

const PAIR: usize = 24;

/// Old GNU form (type `S`): four pairs in the header, then blocks of 21 pairs while a flag says so.
pub(crate) struct OldGnuMap {
    segments: Vec<Segment>,
    pub(crate) continues: bool,
}

impl OldGnuMap {
    /// The map's beginning and the file's real size.
    pub(crate) fn begin(header: &[u8; BLOCK]) -> Result<(Self, u64), &'static str> {
        let real_size = number::parse_unsigned(&header[483..495]).ok_or(INVALID)?;
        let mut map = Self {
            segments: Vec::new(),
            continues: header[482] != 0,
        };
        map.take_pairs(&header[386..386 + 4 * PAIR])?;
        Ok((map, real_size))
    }

    pub(crate) fn extend(&mut self, block: &[u8; BLOCK]) -> Result<(), &'static str> {
        self.continues = block[504] != 0;
        self.take_pairs(&block[..21 * PAIR])
    }

    pub(crate) fn finish(self) -> Vec<Segment> {
        self.segments
    }

    fn take_pairs(&mut self, pairs: &[u8]) -> Result<(), &'static str> {
        for pair in pairs.chunks_exact(PAIR) {
            // An unused pair ends the list; a used one may begin at 0 but then writes its length.
            if pair[0] == 0 || pair[12] == 0 {
                break;
            }
            let offset = number::parse_unsigned(&pair[..12]).ok_or(INVALID)?;
            let length = number::parse_unsigned(&pair[12..]).ok_or(INVALID)?;
            self.segments.push(Segment { offset, length });
            if self.segments.len() > MAX_SEGMENTS {
                return Err(TOO_MANY);
            }
        }
        Ok(())
    }
}

const INVALID: &str = "a sparse map is invalid";
const TOO_MANY: &str = "a sparse map has too many pieces";

/// Offsets and lengths in turn, as the PAX forms 0.0 and 0.1 list them.
pub(crate) fn from_numbers(numbers: &[u64]) -> Result<Vec<Segment>, &'static str> {
    if !numbers.len().is_multiple_of(2) {
        return Err(INVALID);
    }
    if numbers.len() / 2 > MAX_SEGMENTS {
        return Err(TOO_MANY);
    }
    let pairs = numbers.chunks_exact(2);
    Ok(pairs
        .map(|pair| Segment {
            offset: pair[0],
            length: pair[1],
        })
        .collect())
}

/// The pieces are in order, apart, inside the file, and together as long as the data that follows.
pub(crate) fn check(segments: &[Segment], real_size: u64, stored: u64) -> Result<(), &'static str> {
    let mut end = 0u64;
    let mut total = 0u64;
    for segment in segments {
        if segment.offset < end {
            return Err("the pieces of a sparse map overlap");
        }
        end = segment.offset.checked_add(segment.length).ok_or(INVALID)?;
        total += segment.length;
    }
    if end > real_size || total != stored {
        return Err("a sparse map does not fit its file");
    }
    Ok(())
}
