//! The two ways in which a header writes a number.

/// Octal digits, padded with spaces or NULs; or, when the first bit is set, a big-endian two's complement
/// number (GNU "base-256"). `None` when it is neither, or does not fit.
pub(crate) fn parse(field: &[u8]) -> Option<i64> {
    match field.first() {
        Some(first) if first & 0x80 != 0 => base256(field),
        _ => octal(field),
    }
}

/// [`parse`], for what cannot be below zero.
pub(crate) fn parse_unsigned(field: &[u8]) -> Option<u64> {
    parse(field).and_then(|number| u64::try_from(number).ok())
}

fn octal(field: &[u8]) -> Option<i64> {
    let padding = |byte: &u8| *byte == b' ' || *byte == 0;
    let start = field
        .iter()
        .position(|byte| !padding(byte))
        .unwrap_or(field.len());
    let digits = &field[start..];
    let end = digits.iter().position(padding).unwrap_or(digits.len());
    let mut number: i64 = 0;
    for digit in &digits[..end] {
        if !(b'0'..=b'7').contains(digit) {
            return None;
        }
        number = number
            .checked_mul(8)?
            .checked_add(i64::from(digit - b'0'))?;
    }
    Some(number)
}

fn base256(field: &[u8]) -> Option<i64> {
    let negative = field[0] & 0x40 != 0;
    // The first byte's highest bit is the mark; the next one is the sign.
    let first = if negative { field[0] } else { field[0] & 0x7f };
    let mut number: i128 = if negative { -1 } else { 0 };
    for byte in std::iter::once(&first).chain(&field[1..]) {
        number = number.checked_mul(256)?.checked_add(i128::from(*byte))?;
        if i64::try_from(number).is_err() {
            return None;
        }
    }
    i64::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_octal_with_any_padding() {
        assert_eq!(parse(b"0000755\0"), Some(0o755));
        assert_eq!(parse(b"   755 \0"), Some(0o755));
        assert_eq!(parse(b"77777777"), Some(0o77777777));
        assert_eq!(parse(b"\0\0\0\0"), Some(0));
        assert_eq!(parse(b""), Some(0));
    }

    #[test]
    fn refuses_what_is_no_number() {
        assert_eq!(parse(b"0008\0"), None);
        assert_eq!(parse(b"-1\0"), None);
        assert_eq!(parse(b"7777777777777777777777777"), None);
    }

    #[test]
    fn reads_base_256_of_both_signs() {
        assert_eq!(parse(&[0x80, 0, 0, 0, 2, 0, 0, 0, 0]), Some(0x2_0000_0000));
        assert_eq!(parse(&[0xff; 12]), Some(-1));
        assert_eq!(parse(&[0xff, 0xff, 0xff, 0xfe]), Some(-2));
        assert_eq!(parse_unsigned(&[0xff; 12]), None);
    }

    #[test]
    fn refuses_base_256_beyond_64_bits() {
        assert_eq!(parse(&[0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]), None);
        assert_eq!(parse(&[0xc0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]), None);
    }
}
