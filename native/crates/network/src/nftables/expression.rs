//! One function per nf_tables expression. Attribute numbers are those of linux/netfilter/nf_tables.h.

use super::message::{ELEMENT, data};
use crate::IpFamily;
use longshore_netlink::Attributes;

/// Registers of four bytes each.
pub(super) const FIRST_REGISTER: u32 = libc::NFT_REG32_00 as u32;

const NFT_LOOKUP_F_INV: u32 = 1;
const NFT_FIB_RESULT_ADDRTYPE: u32 = 3;
const NFTA_FIB_F_DADDR: u32 = 1 << 1;
const NFT_NAT_DNAT: u32 = 1;

fn expression(to: &mut Attributes<'_>, name: &str, fill: impl FnOnce(&mut Attributes<'_>)) {
    to.nest(ELEMENT, |expression| {
        expression.text(1, name); // NFTA_EXPR_NAME
        expression.nest(2, fill); // NFTA_EXPR_DATA
    });
}

pub(super) fn meta(to: &mut Attributes<'_>, key: u32, register: u32) {
    expression(to, "meta", |meta| {
        meta.be32(1, register); // NFTA_META_DREG
        meta.be32(2, key); // NFTA_META_KEY
    });
}

pub(super) fn payload(to: &mut Attributes<'_>, base: u32, offset: u32, length: u32, register: u32) {
    expression(to, "payload", |payload| {
        payload.be32(1, register); // NFTA_PAYLOAD_DREG
        payload.be32(2, base); // NFTA_PAYLOAD_BASE
        payload.be32(3, offset); // NFTA_PAYLOAD_OFFSET
        payload.be32(4, length); // NFTA_PAYLOAD_LEN
    });
}

/// What the destination address is to this machine, as routing sees it.
pub(super) fn destination_kind(to: &mut Attributes<'_>, register: u32) {
    expression(to, "fib", |fib| {
        fib.be32(1, register); // NFTA_FIB_DREG
        fib.be32(2, NFT_FIB_RESULT_ADDRTYPE); // NFTA_FIB_RESULT
        fib.be32(3, NFTA_FIB_F_DADDR); // NFTA_FIB_FLAGS
    });
}

pub(super) fn conntrack(to: &mut Attributes<'_>, key: u32) {
    expression(to, "ct", |ct| {
        ct.be32(1, FIRST_REGISTER); // NFTA_CT_DREG
        ct.be32(2, key); // NFTA_CT_KEY
    });
}

/// Of the first registers.
pub(super) fn compare(to: &mut Attributes<'_>, equal: bool, value: &[u8]) {
    let operator = if equal {
        libc::NFT_CMP_EQ
    } else {
        libc::NFT_CMP_NEQ
    };
    expression(to, "cmp", |cmp| {
        cmp.be32(1, FIRST_REGISTER); // NFTA_CMP_SREG
        cmp.be32(2, operator as u32); // NFTA_CMP_OP
        data(cmp, 3, value); // NFTA_CMP_DATA
    });
}

/// The first registers, with other bits than those of `mask` cleared.
pub(super) fn mask(to: &mut Attributes<'_>, mask: &[u8]) {
    expression(to, "bitwise", |bitwise| {
        bitwise.be32(1, FIRST_REGISTER); // NFTA_BITWISE_SREG
        bitwise.be32(2, FIRST_REGISTER); // NFTA_BITWISE_DREG
        bitwise.be32(3, mask.len() as u32); // NFTA_BITWISE_LEN
        data(bitwise, 4, mask); // NFTA_BITWISE_MASK
        data(bitwise, 5, &vec![0; mask.len()]); // NFTA_BITWISE_XOR
    });
}

/// Whether the registers are an element of the set.
pub(super) fn look_up(to: &mut Attributes<'_>, set: &str, wanted: bool) {
    expression(to, "lookup", |lookup| {
        lookup.text(1, set); // NFTA_LOOKUP_SET
        lookup.be32(2, FIRST_REGISTER); // NFTA_LOOKUP_SREG
        if !wanted {
            lookup.be32(5, NFT_LOOKUP_F_INV); // NFTA_LOOKUP_FLAGS
        }
    });
}

/// What the map has for the registers, in their place.
pub(super) fn look_up_value(to: &mut Attributes<'_>, map: &str) {
    expression(to, "lookup", |lookup| {
        lookup.text(1, map); // NFTA_LOOKUP_SET
        lookup.be32(2, FIRST_REGISTER); // NFTA_LOOKUP_SREG
        lookup.be32(3, FIRST_REGISTER); // NFTA_LOOKUP_DREG
    });
}

/// To the address and the port that are in the registers.
pub(super) fn redirect(to: &mut Attributes<'_>, family: IpFamily) {
    let port_register = FIRST_REGISTER + u32::from(family.width()) / 32;
    expression(to, "nat", |nat| {
        nat.be32(1, NFT_NAT_DNAT); // NFTA_NAT_TYPE
        nat.be32(2, u32::from(family.number())); // NFTA_NAT_FAMILY
        nat.be32(3, FIRST_REGISTER); // NFTA_NAT_REG_ADDR_MIN
        nat.be32(5, port_register); // NFTA_NAT_REG_PROTO_MIN
    });
}

pub(super) fn masquerade(to: &mut Attributes<'_>) {
    expression(to, "masq", |_| {});
}

pub(super) fn verdict(to: &mut Attributes<'_>, code: libc::c_int) {
    expression(to, "immediate", |immediate| {
        immediate.be32(1, libc::NFT_REG_VERDICT as u32); // NFTA_IMMEDIATE_DREG
        immediate.nest(2, |value| {
            // NFTA_IMMEDIATE_DATA, NFTA_DATA_VERDICT, NFTA_VERDICT_CODE
            value.nest(2, |verdict| verdict.be32(1, code as u32));
        });
    });
}
