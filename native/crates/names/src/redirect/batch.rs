//! Netlink messages packed for one send (linux/netlink.h: struct nlmsghdr, struct nlattr).

const NLA_F_NESTED: u16 = 0x8000;

/// Every message has the header of nfnetlink, struct nfgenmsg.
pub(super) type FamilyHeader = [u8; 4];

/// Sequence numbers count from 1 in the order of the messages.
#[derive(Debug, Default)]
pub(super) struct Batch {
    bytes: Vec<u8>,
    steps: Vec<&'static str>,
    expected_acks: usize,
}

impl Batch {
    /// Appends a message that the kernel shall acknowledge; `step` names it in errors.
    pub(super) fn message(
        &mut self,
        step: &'static str,
        kind: u16,
        flags: u16,
        header: FamilyHeader,
        fill: impl FnOnce(&mut Attributes<'_>),
    ) {
        self.expected_acks += 1;
        self.append(step, kind, flags | libc::NLM_F_ACK as u16, header, fill);
    }

    pub(super) fn unacknowledged(&mut self, kind: u16, header: FamilyHeader) {
        self.append("write DNS rules", kind, 0, header, |_| {});
    }

    fn append(
        &mut self,
        step: &'static str,
        kind: u16,
        flags: u16,
        header: FamilyHeader,
        fill: impl FnOnce(&mut Attributes<'_>),
    ) {
        self.steps.push(step);
        let start = self.bytes.len();
        let flags = flags | libc::NLM_F_REQUEST as u16;
        self.bytes.extend_from_slice(&[0; 4]);
        self.bytes.extend_from_slice(&kind.to_ne_bytes());
        self.bytes.extend_from_slice(&flags.to_ne_bytes());
        self.bytes
            .extend_from_slice(&(self.steps.len() as u32).to_ne_bytes());
        self.bytes.extend_from_slice(&[0; 4]);
        self.bytes.extend_from_slice(&header);
        fill(&mut Attributes {
            bytes: &mut self.bytes,
        });
        let length = (self.bytes.len() - start) as u32;
        self.bytes[start..start + 4].copy_from_slice(&length.to_ne_bytes());
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn expected_acks(&self) -> usize {
        self.expected_acks
    }

    /// The name of the message with this sequence number.
    pub(super) fn step(&self, sequence: u32) -> &'static str {
        let index = (sequence as usize).wrapping_sub(1);
        self.steps.get(index).copied().unwrap_or("write DNS rules")
    }
}

/// Appends attributes to the message under construction.
pub(super) struct Attributes<'a> {
    bytes: &'a mut Vec<u8>,
}

impl Attributes<'_> {
    pub(super) fn bytes(&mut self, kind: u16, value: &[u8]) {
        self.header(kind, value.len());
        self.bytes.extend_from_slice(value);
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }

    /// Big-endian, as all of nf_tables is.
    pub(super) fn be32(&mut self, kind: u16, value: u32) {
        self.bytes(kind, &value.to_be_bytes());
    }

    /// Terminated by NUL.
    pub(super) fn text(&mut self, kind: u16, value: &str) {
        self.bytes(kind, &[value.as_bytes(), &[0]].concat());
    }

    pub(super) fn nest(&mut self, kind: u16, fill: impl FnOnce(&mut Attributes<'_>)) {
        let start = self.bytes.len();
        self.header(kind | NLA_F_NESTED, 0);
        fill(&mut Attributes { bytes: self.bytes });
        let length = (self.bytes.len() - start) as u16;
        self.bytes[start..start + 2].copy_from_slice(&length.to_ne_bytes());
    }

    fn header(&mut self, kind: u16, length: usize) {
        self.bytes
            .extend_from_slice(&((length + 4) as u16).to_ne_bytes());
        self.bytes.extend_from_slice(&kind.to_ne_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_endian = "little")]
    fn messages_are_laid_out_as_the_kernel_reads_them() {
        let mut batch = Batch::default();
        batch.unacknowledged(16, [0, 0, 0, 10]);
        batch.message("add", 0x0a00, 0x400, [2, 0, 0, 0], |attributes| {
            attributes.text(3, "dns");
            attributes.nest(4, |inner| inner.be32(1, 3));
        });
        #[rustfmt::skip]
        let expected = [
            20, 0, 0, 0,  16, 0,  1, 0,  1, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 10,
            40, 0, 0, 0,  0, 10,  5, 4,  2, 0, 0, 0,  0, 0, 0, 0,  2, 0, 0, 0,
            8, 0, 3, 0,  b'd', b'n', b's', 0,
            12, 0, 4, 0x80,  8, 0, 1, 0,  0, 0, 0, 3,
        ];
        assert_eq!(batch.bytes(), expected);
        assert_eq!(batch.expected_acks(), 1);
        assert_eq!(batch.step(2), "add");
    }
}
