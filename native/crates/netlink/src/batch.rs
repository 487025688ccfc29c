const NLMSG_HEADER: usize = 16;
const NLA_F_NESTED: u16 = 0x8000;
const NLM_F_REQUEST: u16 = 0x01;

/// Asks for an answer to a message that succeeds too.
const NLM_F_ACK: u16 = 0x04;

/// Messages for one send. Sequence numbers count from 1 in the order of the messages.
#[derive(Debug, Default)]
pub struct Batch {
    bytes: Vec<u8>,
    steps: Vec<&'static str>,
    expected_acks: usize,
}

impl Batch {
    /// Appends a message that the kernel shall acknowledge. `step` names it in errors; `header` is the family's fixed
    /// struct (ifinfomsg, nfgenmsg, ...).
    pub fn message(
        &mut self,
        step: &'static str,
        kind: u16,
        flags: u16,
        header: &[u8],
        fill: impl FnOnce(&mut Attributes<'_>),
    ) {
        self.expected_acks += 1;
        self.unacknowledged(step, kind, flags | NLM_F_ACK, header, fill);
    }

    /// Appends a message that is answered by something other than an acknowledgement, or by nothing.
    pub fn unacknowledged(
        &mut self,
        step: &'static str,
        kind: u16,
        flags: u16,
        header: &[u8],
        fill: impl FnOnce(&mut Attributes<'_>),
    ) {
        self.steps.push(step);
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 4]);
        self.bytes.extend_from_slice(&kind.to_ne_bytes());
        self.bytes
            .extend_from_slice(&(flags | NLM_F_REQUEST).to_ne_bytes());
        self.bytes
            .extend_from_slice(&(self.steps.len() as u32).to_ne_bytes());
        self.bytes.extend_from_slice(&[0; 4]);
        debug_assert_eq!(self.bytes.len(), start + NLMSG_HEADER);
        let mut attributes = Attributes {
            bytes: &mut self.bytes,
        };
        attributes.padded(header);
        fill(&mut attributes);
        let length = (self.bytes.len() - start) as u32;
        self.bytes[start..start + 4].copy_from_slice(&length.to_ne_bytes());
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn expected_acks(&self) -> usize {
        self.expected_acks
    }

    /// The name of the message with this sequence number.
    pub fn step(&self, sequence: u32) -> &'static str {
        let index = (sequence as usize).wrapping_sub(1);
        self.steps
            .get(index)
            .copied()
            .unwrap_or("exchange netlink messages")
    }
}

/// Appends attributes to the message under construction.
pub struct Attributes<'a> {
    bytes: &'a mut Vec<u8>,
}

impl Attributes<'_> {
    pub fn bytes(&mut self, kind: u16, value: &[u8]) {
        self.attribute(kind, |attributes| attributes.padded(value), value.len());
    }

    pub fn u8(&mut self, kind: u16, value: u8) {
        self.bytes(kind, &[value]);
    }

    pub fn u32(&mut self, kind: u16, value: u32) {
        self.bytes(kind, &value.to_ne_bytes());
    }

    /// Big-endian, as all of nf_tables is.
    pub fn be32(&mut self, kind: u16, value: u32) {
        self.bytes(kind, &value.to_be_bytes());
    }

    /// Terminated by NUL.
    pub fn text(&mut self, kind: u16, value: &str) {
        let mut terminated = Vec::with_capacity(value.len() + 1);
        terminated.extend_from_slice(value.as_bytes());
        terminated.push(0);
        self.bytes(kind, &terminated);
    }

    pub fn nest(&mut self, kind: u16, fill: impl FnOnce(&mut Attributes<'_>)) {
        let start = self.bytes.len();
        self.attribute(kind | NLA_F_NESTED, fill, 0);
        let length = (self.bytes.len() - start) as u16;
        self.bytes[start..start + 2].copy_from_slice(&length.to_ne_bytes());
    }

    /// A struct that stands before the attributes, in a message or a nest.
    pub fn padded(&mut self, value: &[u8]) {
        self.bytes.extend_from_slice(value);
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }

    fn attribute(&mut self, kind: u16, fill: impl FnOnce(&mut Attributes<'_>), length: usize) {
        self.bytes
            .extend_from_slice(&((length + 4) as u16).to_ne_bytes());
        self.bytes.extend_from_slice(&kind.to_ne_bytes());
        fill(&mut Attributes { bytes: self.bytes });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_endian = "little")]
    fn messages_are_laid_out_as_the_kernel_reads_them() {
        let mut batch = Batch::default();
        batch.message("first", 16, 0x600, &[0xaa; 3], |attributes| {
            attributes.text(3, "br");
            attributes.nest(18, |inner| inner.bytes(1, &[2, 1]));
        });
        batch.unacknowledged("second", 17, 0, &[], |attributes| attributes.be32(1, 7));
        #[rustfmt::skip]
        let expected = [
            40, 0, 0, 0,  16, 0,  5, 6,  1, 0, 0, 0,  0, 0, 0, 0,
            0xaa, 0xaa, 0xaa, 0,
            7, 0, 3, 0,  b'b', b'r', 0, 0,
            12, 0, 18, 0x80,  6, 0, 1, 0,  2, 1, 0, 0,
            24, 0, 0, 0,  17, 0,  1, 0,  2, 0, 0, 0,  0, 0, 0, 0,
            8, 0, 1, 0,  0, 0, 0, 7,
        ];
        assert_eq!(batch.bytes(), expected);
        assert_eq!(batch.expected_acks(), 1);
    }

    #[test]
    fn a_sequence_number_leads_back_to_its_step() {
        let mut batch = Batch::default();
        batch.message("first", 16, 0, &[], |_| {});
        batch.message("second", 16, 0, &[], |_| {});
        assert_eq!(batch.step(2), "second");
        assert_eq!(batch.step(0), "exchange netlink messages");
    }
}
