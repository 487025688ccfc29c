/// One attribute of a received message (struct nlattr; its type without the nested and byte-order bits).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute<'a> {
    pub kind: u16,
    pub value: &'a [u8],
}

const HEADER: usize = 4;
const TYPE_MASK: u16 = 0x3fff;

impl<'a> Attribute<'a> {
    /// The attributes in `bytes`; ends at the first malformed one.
    pub fn all(bytes: &'a [u8]) -> impl Iterator<Item = Self> {
        let mut rest = bytes;
        std::iter::from_fn(move || {
            let length = usize::from(u16::from_ne_bytes(*rest.first_chunk()?));
            let kind = u16::from_ne_bytes(*rest.get(2..)?.first_chunk()?) & TYPE_MASK;
            let value = rest.get(HEADER..length)?;
            rest = rest.get(length.next_multiple_of(4)..).unwrap_or(&[]);
            Some(Self { kind, value })
        })
    }

    /// The value of the first attribute of this kind.
    pub fn find(bytes: &'a [u8], kind: u16) -> Option<&'a [u8]> {
        Self::all(bytes)
            .find(|attribute| attribute.kind == kind)
            .map(|attribute| attribute.value)
    }

    pub fn find_u32(bytes: &'a [u8], kind: u16) -> Option<u32> {
        Some(u32::from_ne_bytes(
            Self::find(bytes, kind)?.try_into().ok()?,
        ))
    }

    /// A string attribute up to its terminator; damaged UTF-8 is replaced.
    pub fn find_text(bytes: &'a [u8], kind: u16) -> Option<String> {
        let value = Self::find(bytes, kind)?;
        let end = value
            .iter()
            .position(|byte| *byte == 0)
            .unwrap_or(value.len());
        Some(String::from_utf8_lossy(&value[..end]).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_by_kind_whatever_their_flags() {
        let bytes = [5, 0, 1, 0x80, 9, 0, 0, 0, 8, 0, 2, 0, b'h', b'i', 0, 0];
        assert_eq!(Attribute::find(&bytes, 1), Some(&[9][..]));
        assert_eq!(Attribute::find_text(&bytes, 2).unwrap(), "hi");
        assert_eq!(Attribute::find(&bytes, 3), None);
    }

    #[test]
    fn malformed_bytes_end_the_list_without_a_panic() {
        for bytes in [
            &[][..],
            &[1][..],
            &[0, 0, 0, 0][..],
            &[3, 0, 1, 0][..],
            &[9, 0, 1, 0, 7][..],
        ] {
            assert_eq!(Attribute::all(bytes).count(), 0, "{bytes:?}");
        }
    }
}
