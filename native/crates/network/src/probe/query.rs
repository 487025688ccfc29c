//! One DNS question and its answer (RFC 1035, 4).

use std::net::IpAddr;

use crate::IpFamily;

const HEADER: usize = 12;
const LONGEST_LABEL: usize = 63;
const LONGEST_NAME: usize = 253;

const RECURSION_DESIRED: u8 = 1;
const IS_RESPONSE: u8 = 0x80;
const TYPE_A: u16 = 1;
const TYPE_AAAA: u16 = 28;
const CLASS_IN: u16 = 1;

/// The upper two bits of a label's length when it leads elsewhere in the message.
const POINTER: u8 = 0xc0;

/// `None` for what cannot be a name.
pub(super) fn question(name: &str, family: IpFamily) -> Option<Vec<u8>> {
    let mut id = [0; 2];
    rustix::rand::getrandom(&mut id, rustix::rand::GetRandomFlags::empty()).ok()?;
    let mut message = vec![id[0], id[1], RECURSION_DESIRED, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    if name.is_empty() || name.len() > LONGEST_NAME {
        return None;
    }
    for label in name.split('.') {
        let length = u8::try_from(label.len()).ok()?;
        if label.is_empty() || label.len() > LONGEST_LABEL {
            return None;
        }
        message.push(length);
        message.extend_from_slice(label.as_bytes());
    }
    message.push(0);
    message.extend_from_slice(&kind(family).to_be_bytes());
    message.extend_from_slice(&CLASS_IN.to_be_bytes());
    Some(message)
}

/// The addresses in the answer to the question; `None` for a message that is none.
pub(super) fn answer(question: &[u8], message: &[u8]) -> Option<Vec<IpAddr>> {
    let header = message.get(..HEADER)?;
    let echoed = message.get(HEADER..question.len())?;
    let is_ours = header[..2] == question[..2]
        && header[2] & IS_RESPONSE != 0
        && echoed.eq_ignore_ascii_case(&question[HEADER..]);
    if !is_ours {
        return None;
    }
    let count = u16::from_be_bytes([header[6], header[7]]);
    let mut rest = message.get(question.len()..)?;
    let mut addresses = Vec::new();
    for _ in 0..count {
        let Some((record, behind)) = record(rest) else {
            break;
        };
        addresses.extend(record);
        rest = behind;
    }
    Some(addresses)
}

fn kind(family: IpFamily) -> u16 {
    match family {
        IpFamily::V4 => TYPE_A,
        IpFamily::V6 => TYPE_AAAA,
    }
}

/// The address in the first record, if it has one, and what follows the record.
fn record(bytes: &[u8]) -> Option<(Option<IpAddr>, &[u8])> {
    let fields = behind_name(bytes)?;
    let number = |at: usize| Some(u16::from_be_bytes([*fields.get(at)?, *fields.get(at + 1)?]));
    let (kind, length) = (number(0)?, usize::from(number(8)?));
    let data = fields.get(10..10 + length)?;
    let address = match kind {
        TYPE_A => <[u8; 4]>::try_from(data).ok().map(IpAddr::from),
        TYPE_AAAA => <[u8; 16]>::try_from(data).ok().map(IpAddr::from),
        _ => None,
    };
    Some((address, fields.get(10 + length..)?))
}

fn behind_name(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes;
    loop {
        let length = *rest.first()?;
        if length & POINTER == POINTER {
            return rest.get(2..);
        }
        rest = rest.get(1 + usize::from(length)..)?;
        if length == 0 {
            return Some(rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(records: &[u8], count: u8) -> (Vec<u8>, Vec<u8>) {
        let question = question("db.test", IpFamily::V4).unwrap();
        let mut message = question.clone();
        message[2] |= IS_RESPONSE;
        message[7] = count;
        message.extend_from_slice(records);
        (question, message)
    }

    #[test]
    fn addresses_are_found_behind_aliases() {
        #[rustfmt::skip]
        let records = [
            0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 4, 1, b'x', 0xc0, 15,
            1, b'x', 0xc0, 15, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 10, 0, 0, 7,
        ];
        let (question, message) = answered(&records, 2);
        assert_eq!(
            answer(&question, &message),
            Some(vec![[10, 0, 0, 7].into()])
        );
    }

    #[test]
    fn other_answers_and_broken_ones_are_told_apart() {
        let (question, mut message) = answered(&[0xc0, 12, 0], 1);
        assert_eq!(answer(&question, &message), Some(vec![]));
        assert_eq!(answer(&question, &message[..9]), None);
        message[0] ^= 1;
        assert_eq!(answer(&question, &message), None);
    }

    #[test]
    fn what_cannot_be_a_name_is_not_asked() {
        for bad in ["", "a..b", &"a".repeat(64), &"a.".repeat(127)] {
            assert_eq!(question(bad, IpFamily::V4), None, "{bad}");
        }
    }
}
