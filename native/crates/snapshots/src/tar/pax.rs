//! PAX extended headers: records that overrule the next member's header.

use super::entry::{Timestamp, Xattr};

/// What the records before one member say. Unknown keys mean nothing, as POSIX wants.
#[derive(Default)]
pub(crate) struct PaxRecords {
    pub(crate) path: Option<Vec<u8>>,
    pub(crate) link: Option<Vec<u8>>,
    pub(crate) size: Option<u64>,
    pub(crate) uid: Option<u64>,
    pub(crate) gid: Option<u64>,
    pub(crate) mtime: Option<Timestamp>,
    pub(crate) xattrs: Vec<Xattr>,
    pub(crate) sparse: PaxSparse,
}

/// The keys of GNU's three PAX forms of sparse files.
#[derive(Default)]
pub(crate) struct PaxSparse {
    pub(crate) major: Option<u64>,
    pub(crate) minor: Option<u64>,
    pub(crate) name: Option<Vec<u8>>,
    pub(crate) real_size: Option<u64>,
    /// Form 0.1: one key. Form 0.0: a key per number, appended here in turn.
    pub(crate) numbers: Option<Vec<u64>>,
}

const XATTR: &[u8] = b"SCHILY.xattr.";

/// Reads all records of one extended header: `"<length> <key>=<value>\n"`, the length counting itself.
pub(crate) fn parse(mut body: &[u8]) -> Result<PaxRecords, &'static str> {
    let mut records = PaxRecords::default();
    while !body.is_empty() {
        let (key, value, rest) = split_record(body).ok_or("a PAX record is malformed")?;
        records.take(key, value)?;
        body = rest;
    }
    Ok(records)
}

fn split_record(body: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let space = body.iter().take(20).position(|byte| *byte == b' ')?;
    let length = usize::try_from(decimal(&body[..space])?).ok()?;
    if length <= space + 1 || length > body.len() || body[length - 1] != b'\n' {
        return None;
    }
    let record = &body[space + 1..length - 1];
    let equals = record.iter().position(|byte| *byte == b'=')?;
    if equals == 0 {
        return None;
    }
    Some((&record[..equals], &record[equals + 1..], &body[length..]))
}

impl PaxRecords {
    fn take(&mut self, key: &[u8], value: &[u8]) -> Result<(), &'static str> {
        if let Some(name) = key.strip_prefix(XATTR) {
            self.take_xattr(name, value);
            return Ok(());
        }
        // An empty value takes the key back: the header's own field counts again.
        if value.is_empty() {
            return Ok(());
        }
        match key {
            b"path" => self.path = Some(name_of(value)?),
            b"linkpath" => self.link = Some(name_of(value)?),
            b"size" => self.size = Some(decimal(value).ok_or("a PAX size is invalid")?),
            b"uid" => self.uid = Some(decimal(value).ok_or("a PAX uid is invalid")?),
            b"gid" => self.gid = Some(decimal(value).ok_or("a PAX gid is invalid")?),
            b"mtime" => self.mtime = Some(timestamp(value).ok_or("a PAX time is invalid")?),
            _ => self.sparse.take(key, value)?,
        }
        Ok(())
    }

    fn take_xattr(&mut self, name: &[u8], value: &[u8]) {
        self.xattrs.retain(|(known, _)| known != name);
        self.xattrs.push((name.to_vec(), value.to_vec()));
    }
}

impl PaxSparse {
    fn take(&mut self, key: &[u8], value: &[u8]) -> Result<(), &'static str> {
        let number = || decimal(value).ok_or("a PAX sparse number is invalid");
        match key {
            b"GNU.sparse.major" => self.major = Some(number()?),
            b"GNU.sparse.minor" => self.minor = Some(number()?),
            b"GNU.sparse.name" => self.name = Some(name_of(value)?),
            b"GNU.sparse.size" | b"GNU.sparse.realsize" => self.real_size = Some(number()?),
            b"GNU.sparse.offset" | b"GNU.sparse.numbytes" => {
                self.numbers.get_or_insert_default().push(number()?);
            }
            b"GNU.sparse.map" => {
                let list = value
                    .split(|byte| *byte == b',')
                    .map(decimal)
                    .collect::<Option<_>>();
                self.numbers = Some(list.ok_or("a PAX sparse map is invalid")?);
            }
            _ => {}
        }
        Ok(())
    }
}

fn name_of(value: &[u8]) -> Result<Vec<u8>, &'static str> {
    match value.contains(&0) {
        true => Err("a PAX name holds a NUL"),
        false => Ok(value.to_vec()),
    }
}

/// Decimal digits only: no sign, no space, at most what 63 bits hold.
pub(crate) fn decimal(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 19 {
        return None;
    }
    let mut number: u64 = 0;
    for digit in text {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = number * 10 + u64::from(digit - b'0');
    }
    i64::try_from(number).ok().map(|_| number)
}

/// `[-]seconds[.fraction]`; digits beyond nanoseconds are cut off.
fn timestamp(text: &[u8]) -> Option<Timestamp> {
    let (negative, text) = match text.strip_prefix(b"-") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut parts = text.splitn(2, |byte| *byte == b'.');
    let seconds = i64::try_from(decimal(parts.next()?)?).ok()?;
    let fraction = parts.next().unwrap_or(b"");
    if !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digits = fraction.iter().chain(std::iter::repeat(&b'0')).take(9);
    let nanoseconds = digits.fold(0u32, |number, digit| number * 10 + u32::from(digit - b'0'));
    Some(match (negative, nanoseconds) {
        (false, _) => Timestamp {
            seconds,
            nanoseconds,
        },
        (true, 0) => Timestamp {
            seconds: -seconds,
            nanoseconds,
        },
        (true, _) => Timestamp {
            seconds: -seconds - 1,
            nanoseconds: 1_000_000_000 - nanoseconds,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(key: &str, value: &str) -> Vec<u8> {
        let body = format!(" {key}={value}\n");
        let mut length = body.len() + 1;
        while length != body.len() + length.to_string().len() {
            length += 1;
        }
        format!("{length}{body}").into_bytes()
    }

    #[test]
    fn reads_names_numbers_and_attributes() {
        let mut body = record("path", "a=b\nc");
        body.extend(record("uid", "70000"));
        body.extend(record("SCHILY.xattr.user.x", "1\n=2"));
        body.extend(record("SCHILY.xattr.user.x", "last"));
        body.extend(record("comment", "ignored"));
        let records = parse(&body).unwrap();
        assert_eq!(records.path.unwrap(), b"a=b\nc");
        assert_eq!(records.uid, Some(70000));
        assert_eq!(records.xattrs, [(b"user.x".to_vec(), b"last".to_vec())]);
    }

    #[test]
    fn reads_times_before_and_after_1970() {
        let at = |seconds, nanoseconds| {
            Some(Timestamp {
                seconds,
                nanoseconds,
            })
        };
        assert_eq!(timestamp(b"12"), at(12, 0));
        assert_eq!(timestamp(b"12.5"), at(12, 500_000_000));
        assert_eq!(timestamp(b"12.1234567891"), at(12, 123_456_789));
        assert_eq!(timestamp(b"-12"), at(-12, 0));
        assert_eq!(timestamp(b"-12.25"), at(-13, 750_000_000));
        assert_eq!(timestamp(b"12.x"), None);
        assert_eq!(timestamp(b""), None);
    }

    #[test]
    fn refuses_records_whose_length_lies() {
        let lying = [
            &b"5 a=b\n"[..],
            b"7 a=b\n",
            b"0 a=b\n",
            b"99999999999999999999 a=b\n",
            b"a=b\n",
            b"6 =bc\n",
            b"6 abc\n",
            b"6 a=bc",
        ];
        for body in lying {
            assert!(
                parse(body).is_err(),
                "{:?} was taken",
                String::from_utf8_lossy(body)
            );
        }
        assert!(parse(b"6 a=b\n").is_ok());
    }

    #[test]
    fn refuses_names_with_nul_and_negative_sizes() {
        assert!(parse(&record("path", "a\0b")).is_err());
        assert!(parse(&record("linkpath", "\0")).is_err());
        assert!(parse(&record("size", "-1")).is_err());
        assert!(parse(&record("size", "9223372036854775808")).is_err());
    }
}
