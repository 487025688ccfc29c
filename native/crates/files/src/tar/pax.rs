//! PAX records: "length key=value\n", the length counting itself.

use super::Member;

#[derive(Default)]
pub(super) struct Records {
    body: Vec<u8>,
    has_path: bool,
}

impl Records {
    /// Extended attributes, as star and libarchive write them.
    pub(super) fn of(member: &Member) -> Self {
        let mut records = Records::default();
        for (name, value) in &member.xattrs {
            // A key ends at the first '='.
            if !name.contains(&b'=') {
                let key = [b"SCHILY.xattr.", name.as_slice()].concat();
                records.record(&key, value);
            }
        }
        records
    }

    pub(super) fn add(&mut self, key: &str, value: &[u8]) {
        self.record(key.as_bytes(), value);
    }

    pub(super) fn add_path(&mut self, name: &[u8]) {
        if !self.has_path {
            self.add("path", name);
        }
    }

    /// GNU tar's format 1.0 (its manual, "PAX Format, Version 1.0").
    pub(super) fn add_sparse(&mut self, member: &Member) {
        self.add("GNU.sparse.major", b"1");
        self.add("GNU.sparse.minor", b"0");
        self.add("GNU.sparse.name", &member.name);
        self.add("GNU.sparse.realsize", member.size.to_string().as_bytes());
        self.has_path = true;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    pub(super) fn encode(self) -> Vec<u8> {
        self.body
    }

    fn record(&mut self, key: &[u8], value: &[u8]) {
        let rest = key.len() + value.len() + 3;
        let mut length = rest + 1;
        while length != rest + length.to_string().len() {
            length = rest + length.to_string().len();
        }
        self.body.extend(format!("{length} ").bytes());
        self.body.extend_from_slice(key);
        self.body.push(b'=');
        self.body.extend_from_slice(value);
        self.body.push(b'\n');
    }
}
