//! The nf_tables rules that lead 127.0.0.11:53 to the ports of the calling thread's network namespace that are really
//! bound. Numbers are those of linux/netfilter/nf_tables.h.

use longshore_netlink::{Attributes, Batch, Socket};

use crate::Result;
use crate::bind::{ADDRESS, DNS_PORT};

const TABLE: &str = "longshore-names";
const CHAIN: &str = "output";

const CREATE: u16 = libc::NLM_F_CREATE as u16;
const CREATE_NEW: u16 = (libc::NLM_F_CREATE | libc::NLM_F_EXCL) as u16;
const APPEND: u16 = (libc::NLM_F_CREATE | libc::NLM_F_APPEND) as u16;

/// Destination NAT runs here by convention (linux/netfilter_ipv4.h, NF_IP_PRI_NAT_DST).
const PRIORITY: i32 = -100;

const REGISTER_ADDRESS: u32 = libc::NFT_REG_1 as u32;
const REGISTER_PORT: u32 = libc::NFT_REG_2 as u32;

/// In the IPv4 header, and in both the UDP and the TCP header.
const DESTINATION_ADDRESS: Field = Field {
    base: libc::NFT_PAYLOAD_NETWORK_HEADER as u32,
    offset: 16,
    length: 4,
};
const DESTINATION_PORT: Field = Field {
    base: libc::NFT_PAYLOAD_TRANSPORT_HEADER as u32,
    offset: 2,
    length: 2,
};

#[derive(Debug, Clone, Copy)]
struct Field {
    base: u32,
    offset: u32,
    length: u32,
}

/// Replaces the rules of an earlier call in one transaction. They are not replaced unasked: a socket that deleted
/// something is closed only after the kernel has freed it, which takes some ten milliseconds.
pub(crate) fn redirect_dns(udp_port: u16, tcp_port: u16) -> Result<()> {
    let mut socket = Socket::netfilter()?;
    match socket.execute(&rules(Before::Nothing, udp_port, tcp_port)) {
        Err(error) if error.refusal() == Some(libc::EEXIST) => {
            Ok(socket.execute(&rules(Before::Rules, udp_port, tcp_port))?)
        }
        outcome => Ok(outcome?),
    }
}

/// What the namespace holds of an earlier call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Rules,
}

fn rules(before: Before, udp_port: u16, tcp_port: u16) -> Batch {
    let mut batch = Batch::default();
    boundary(&mut batch, libc::NFNL_MSG_BATCH_BEGIN as u16);
    if before == Before::Rules {
        table(&mut batch, libc::NFT_MSG_DELTABLE, 0);
    }
    table(&mut batch, libc::NFT_MSG_NEWTABLE, CREATE_NEW);
    chain(&mut batch);
    rule(&mut batch, libc::IPPROTO_UDP as u8, udp_port);
    rule(&mut batch, libc::IPPROTO_TCP as u8, tcp_port);
    boundary(&mut batch, libc::NFNL_MSG_BATCH_END as u16);
    batch
}

/// What stands between the two takes effect together or not at all.
fn boundary(batch: &mut Batch, kind: u16) {
    let [high, low] = (libc::NFNL_SUBSYS_NFTABLES as u16).to_be_bytes();
    let header = [libc::AF_UNSPEC as u8, 0, high, low];
    batch.unacknowledged("write DNS rules", kind, 0, &header, |_| {});
}

fn message(
    batch: &mut Batch,
    step: &'static str,
    kind: libc::c_int,
    flags: u16,
    fill: impl FnOnce(&mut Attributes<'_>),
) {
    let kind = ((libc::NFNL_SUBSYS_NFTABLES << 8) | kind) as u16;
    let header = [libc::NFPROTO_IPV4 as u8, 0, 0, 0]; // struct nfgenmsg
    batch.message(step, kind, flags, &header, fill);
}

fn table(batch: &mut Batch, kind: libc::c_int, flags: u16) {
    message(batch, "replace the DNS table", kind, flags, |message| {
        message.text(1, TABLE); // NFTA_TABLE_NAME
    });
}

fn chain(batch: &mut Batch) {
    let kind = libc::NFT_MSG_NEWCHAIN;
    message(batch, "add the DNS chain", kind, CREATE, |message| {
        message.text(1, TABLE); // NFTA_CHAIN_TABLE
        message.text(3, CHAIN); // NFTA_CHAIN_NAME
        message.nest(4, |hook| {
            hook.be32(1, libc::NF_INET_LOCAL_OUT as u32); // NFTA_HOOK_HOOKNUM
            hook.be32(2, PRIORITY as u32); // NFTA_HOOK_PRIORITY
        });
        message.be32(5, libc::NF_ACCEPT as u32); // NFTA_CHAIN_POLICY
        message.text(7, "nat"); // NFTA_CHAIN_TYPE
    });
}

fn rule(batch: &mut Batch, protocol: u8, port: u16) {
    let kind = libc::NFT_MSG_NEWRULE;
    message(batch, "add the DNS redirect", kind, APPEND, |message| {
        message.text(1, TABLE); // NFTA_RULE_TABLE
        message.text(2, CHAIN); // NFTA_RULE_CHAIN
        message.nest(4, |expressions| {
            // NFTA_RULE_EXPRESSIONS
            payload(expressions, DESTINATION_ADDRESS);
            equals(expressions, &ADDRESS.octets());
            transport_protocol(expressions);
            equals(expressions, &[protocol]);
            payload(expressions, DESTINATION_PORT);
            equals(expressions, &DNS_PORT.to_be_bytes());
            load(expressions, REGISTER_ADDRESS, &ADDRESS.octets());
            load(expressions, REGISTER_PORT, &port.to_be_bytes());
            destination_nat(expressions);
        });
    });
}

fn expression(to: &mut Attributes<'_>, name: &str, fill: impl FnOnce(&mut Attributes<'_>)) {
    // NFTA_LIST_ELEM
    to.nest(1, |expression| {
        expression.text(1, name); // NFTA_EXPR_NAME
        expression.nest(2, fill); // NFTA_EXPR_DATA
    });
}

fn payload(to: &mut Attributes<'_>, field: Field) {
    expression(to, "payload", |payload| {
        payload.be32(1, REGISTER_ADDRESS); // NFTA_PAYLOAD_DREG
        payload.be32(2, field.base); // NFTA_PAYLOAD_BASE
        payload.be32(3, field.offset); // NFTA_PAYLOAD_OFFSET
        payload.be32(4, field.length); // NFTA_PAYLOAD_LEN
    });
}

fn transport_protocol(to: &mut Attributes<'_>) {
    expression(to, "meta", |meta| {
        meta.be32(1, REGISTER_ADDRESS); // NFTA_META_DREG
        meta.be32(2, libc::NFT_META_L4PROTO as u32); // NFTA_META_KEY
    });
}

fn equals(to: &mut Attributes<'_>, value: &[u8]) {
    expression(to, "cmp", |cmp| {
        cmp.be32(1, REGISTER_ADDRESS); // NFTA_CMP_SREG
        cmp.be32(2, libc::NFT_CMP_EQ as u32); // NFTA_CMP_OP
        cmp.nest(3, |data| data.bytes(1, value)); // NFTA_CMP_DATA, NFTA_DATA_VALUE
    });
}

fn load(to: &mut Attributes<'_>, register: u32, value: &[u8]) {
    expression(to, "immediate", |immediate| {
        immediate.be32(1, register); // NFTA_IMMEDIATE_DREG
        immediate.nest(2, |data| data.bytes(1, value)); // NFTA_IMMEDIATE_DATA, NFTA_DATA_VALUE
    });
}

fn destination_nat(to: &mut Attributes<'_>) {
    expression(to, "nat", |nat| {
        nat.be32(1, libc::NFT_NAT_DNAT as u32); // NFTA_NAT_TYPE
        nat.be32(2, libc::NFPROTO_IPV4 as u32); // NFTA_NAT_FAMILY
        nat.be32(3, REGISTER_ADDRESS); // NFTA_NAT_REG_ADDR_MIN
        nat.be32(5, REGISTER_PORT); // NFTA_NAT_REG_PROTO_MIN
    });
}
