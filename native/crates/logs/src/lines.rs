use memchr::memchr;

use crate::record::{MAX_DATA, Part};

/// Cuts the bytes of one stream into pieces of lines. Holds at most [`MAX_DATA`] bytes.
#[derive(Debug, Default)]
pub(crate) struct LineSplitter {
    pending: Vec<u8>,
    /// Pieces of the pending line are out already.
    inside_line: bool,
}

/// Data of one record: `head` then `tail`.
pub(crate) struct Piece<'a> {
    pub(crate) part: Part,
    pub(crate) head: &'a [u8],
    pub(crate) tail: &'a [u8],
}

impl LineSplitter {
    /// Emits every line and every full piece that `bytes` completes; keeps the rest.
    pub(crate) fn push(&mut self, bytes: &[u8], mut emit: impl FnMut(Piece<'_>)) {
        let mut rest = bytes;
        while let Some(line_feed) = memchr(b'\n', rest) {
            let tail = self.emit_full_pieces(&rest[..line_feed], &mut emit);
            self.emit(tail, true, &mut emit);
            rest = &rest[line_feed + 1..];
        }
        let tail = self.emit_full_pieces(rest, &mut emit);
        self.pending.extend_from_slice(tail);
    }

    /// Emits the unfinished line; what comes next begins a new one.
    pub(crate) fn finish(&mut self, mut emit: impl FnMut(Piece<'_>)) {
        if !self.pending.is_empty() {
            self.emit(&[], false, &mut emit);
        }
        *self = LineSplitter::default();
    }

    /// Returns what is left of `bytes` when it fits in one record together with the pending bytes.
    fn emit_full_pieces<'a>(
        &mut self,
        bytes: &'a [u8],
        emit: &mut impl FnMut(Piece<'_>),
    ) -> &'a [u8] {
        let mut rest = bytes;
        while self.pending.len() + rest.len() > MAX_DATA {
            let (tail, after) = rest.split_at(MAX_DATA - self.pending.len());
            self.emit(tail, false, emit);
            rest = after;
        }
        rest
    }

    fn emit(&mut self, tail: &[u8], ends_line: bool, emit: &mut impl FnMut(Piece<'_>)) {
        let part = Part {
            starts_line: !self.inside_line,
            ends_line,
        };
        emit(Piece {
            part,
            head: &self.pending,
            tail,
        });
        self.pending.clear();
        self.inside_line = !ends_line;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(chunks: &[&[u8]]) -> Vec<(Vec<u8>, bool, bool)> {
        let mut splitter = LineSplitter::default();
        let mut out = Vec::new();
        let mut collect = |piece: Piece<'_>| {
            let data = [piece.head, piece.tail].concat();
            out.push((data, piece.part.starts_line, piece.part.ends_line));
        };
        for chunk in chunks {
            splitter.push(chunk, &mut collect);
        }
        splitter.finish(&mut collect);
        out
    }

    #[test]
    fn a_line_may_arrive_in_many_chunks() {
        assert_eq!(
            pieces(&[b"o", b"ne\ntw", b"", b"o\n\nthr", b"ee"]),
            [
                (b"one".to_vec(), true, true),
                (b"two".to_vec(), true, true),
                (b"".to_vec(), true, true),
                (b"three".to_vec(), true, false),
            ]
        );
    }

    #[test]
    fn a_line_of_exactly_one_record_is_not_cut() {
        let line = [vec![b'x'; MAX_DATA], b"\n".to_vec()].concat();
        assert_eq!(pieces(&[&line]), [(vec![b'x'; MAX_DATA], true, true)]);
    }

    #[test]
    fn a_long_line_is_cut_and_its_pieces_know_their_place() {
        let long = vec![b'x'; 2 * MAX_DATA + 5];
        let shapes: Vec<_> = pieces(&[&long, b"\nnext\n"])
            .into_iter()
            .map(|(data, starts, ends)| (data.len(), starts, ends))
            .collect();
        assert_eq!(
            shapes,
            [
                (MAX_DATA, true, false),
                (MAX_DATA, false, false),
                (5, false, true),
                (4, true, true)
            ]
        );
    }
}
