//! Flows that the kernel's connection tracking knows (linux/netfilter/nfnetlink_conntrack.h).
//!
//! A flow keeps the way that its first packet took. Of TCP a reset ends it; a client that goes on sending datagrams keeps
//! it for ever, to a container that is gone, or past one that has come. So such flows are forgotten when that happens.

use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};

use crate::address::octets;
use crate::firewall::{Forward, Protocol};
use crate::{IpFamily, Result};
use longshore_netlink::{Attribute, Attributes, Batch, Socket};

const SUBSYSTEM: u16 = 1 << 8;
const GET: u16 = SUBSYSTEM | 1;
const DELETE: u16 = SUBSYSTEM | 2;

const TUPLE_ORIGINAL: u16 = 1;
const TUPLE_REPLY: u16 = 2;
const TUPLE_IP: u16 = 1;
const TUPLE_PROTOCOL: u16 = 2;
const PROTOCOL_NUMBER: u16 = 1;
const SOURCE_PORT: u16 = 2;
const DESTINATION_PORT: u16 = 3;

/// struct nfgenmsg
const HEADER: usize = 4;

/// One direction of a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tuple {
    protocol: u8,
    from: SocketAddr,
    to: SocketAddr,
}

/// As its first packet was, and as its answers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Flow {
    original: Tuple,
    reply: Tuple,
}

/// Whose flows have come to nothing.
#[derive(Debug, Default)]
pub(crate) struct Stale {
    /// Of containers that are gone.
    pub(crate) addresses: HashSet<IpAddr>,
    /// Ports that lead to a container only now.
    pub(crate) published: Vec<Forward>,
}

impl Stale {
    pub(crate) fn of_ports(forwards: impl IntoIterator<Item = Forward>) -> Self {
        let forwards = forwards.into_iter();
        Self {
            published: forwards.filter(|it| it.protocol == Protocol::Udp).collect(),
            ..Self::default()
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.addresses.is_empty() && self.published.is_empty()
    }

    /// `own` are the machine's addresses.
    fn has(&self, flow: &Flow, own: &HashSet<IpAddr>) -> bool {
        if flow.original.protocol != Protocol::Udp.number() {
            return false;
        }
        let ends = [flow.original.from.ip(), flow.reply.from.ip()];
        ends.iter().any(|end| self.addresses.contains(end))
            || self.published.iter().any(|port| {
                let to = flow.original.to;
                let is_meant = match port.host_address {
                    Some(address) => address == to.ip(),
                    None => own.contains(&to.ip()),
                };
                is_meant && to.port() == port.host_port && flow.reply.from != port.to
            })
    }
}

/// Forgets the flows of datagrams that are stale; `own` are the machine's addresses.
pub(crate) fn forget(socket: &mut Socket, stale: &Stale, own: &HashSet<IpAddr>) -> Result<()> {
    for family in IpFamily::ALL {
        let mut batch = Batch::default();
        for flow in flows(socket, family)?
            .iter()
            .filter(|it| stale.has(it, own))
        {
            batch.message("forget a flow", DELETE, 0, &header(family), |message| {
                write(message, TUPLE_ORIGINAL, &flow.original);
            });
        }
        let refused = socket.execute_each(&batch)?;
        // One may have ended meanwhile.
        if let Some(error) = refused.into_iter().find(|error| !error.is_missing()) {
            return Err(error.into());
        }
    }
    Ok(())
}

/// Where a flow was going before its destination was translated; `None` for one that nobody knows. `from` and `to` are
/// those of its packets as they arrive.
pub(crate) fn original_destination(
    socket: &mut Socket,
    protocol: Protocol,
    from: SocketAddr,
    to: SocketAddr,
) -> Result<Option<SocketAddr>> {
    let reply = Tuple {
        protocol: protocol.number(),
        from: to,
        to: from,
    };
    let mut batch = Batch::default();
    let header = header(IpFamily::of(to.ip()));
    batch.unacknowledged("find a flow", GET, 0, &header, |message| {
        write(message, TUPLE_REPLY, &reply);
    });
    match socket.query(&batch) {
        Ok(replies) => Ok(replies
            .iter()
            .find_map(|reply| parse(&reply.body))
            .map(|flow| flow.original.to)),
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// None on a machine that tracks none.
fn flows(socket: &mut Socket, family: IpFamily) -> Result<Vec<Flow>> {
    let mut batch = Batch::default();
    let dump = libc::NLM_F_DUMP as u16;
    batch.unacknowledged("list flows", GET, dump, &header(family), |_| {});
    match socket.query(&batch) {
        Ok(replies) => Ok(replies.iter().filter_map(|it| parse(&it.body)).collect()),
        Err(error) if matches!(error.refusal(), Some(libc::EINVAL | libc::EOPNOTSUPP)) => {
            Ok(Vec::new())
        }
        Err(error) => Err(error.into()),
    }
}

fn header(family: IpFamily) -> [u8; HEADER] {
    [family.number(), 0, 0, 0]
}

/// IPv4 addresses are the attributes 1 and 2, IPv6 addresses 3 and 4.
fn address_kinds(family: IpFamily) -> [u16; 2] {
    match family {
        IpFamily::V4 => [1, 2],
        IpFamily::V6 => [3, 4],
    }
}

fn write(message: &mut Attributes<'_>, kind: u16, tuple: &Tuple) {
    let [source, destination] = address_kinds(IpFamily::of(tuple.from.ip()));
    message.nest(kind, |message| {
        message.nest(TUPLE_IP, |addresses| {
            addresses.bytes(source, &octets(tuple.from.ip()));
            addresses.bytes(destination, &octets(tuple.to.ip()));
        });
        message.nest(TUPLE_PROTOCOL, |protocol| {
            protocol.u8(PROTOCOL_NUMBER, tuple.protocol);
            protocol.bytes(SOURCE_PORT, &tuple.from.port().to_be_bytes());
            protocol.bytes(DESTINATION_PORT, &tuple.to.port().to_be_bytes());
        });
    });
}

fn parse(body: &[u8]) -> Option<Flow> {
    let (header, attributes) = body.split_at_checked(HEADER)?;
    let mut families = IpFamily::ALL.into_iter();
    let family = families.find(|it| it.number() == header[0])?;
    let tuple = |kind| parse_tuple(Attribute::find(attributes, kind)?, family);
    Some(Flow {
        original: tuple(TUPLE_ORIGINAL)?,
        reply: tuple(TUPLE_REPLY)?,
    })
}

/// Of a protocol without ports, as of ICMP, there is none.
fn parse_tuple(bytes: &[u8], family: IpFamily) -> Option<Tuple> {
    let addresses = Attribute::find(bytes, TUPLE_IP)?;
    let protocol = Attribute::find(bytes, TUPLE_PROTOCOL)?;
    let end = |address: u16, port: u16| {
        let port = Attribute::find(protocol, port)?.try_into().ok()?;
        let address = parse_address(Attribute::find(addresses, address)?, family)?;
        Some(SocketAddr::new(address, u16::from_be_bytes(port)))
    };
    let [source, destination] = address_kinds(family);
    Some(Tuple {
        protocol: *Attribute::find(protocol, PROTOCOL_NUMBER)?.first()?,
        from: end(source, SOURCE_PORT)?,
        to: end(destination, DESTINATION_PORT)?,
    })
}

fn parse_address(bytes: &[u8], family: IpFamily) -> Option<IpAddr> {
    match family {
        IpFamily::V4 => Some(IpAddr::from(<[u8; 4]>::try_from(bytes).ok()?)),
        IpFamily::V6 => Some(IpAddr::from(<[u8; 16]>::try_from(bytes).ok()?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tuple(protocol: Protocol, from: &str, to: &str) -> Tuple {
        Tuple {
            protocol: protocol.number(),
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
        }
    }

    /// From 192.0.2.9 to the machine's port 53, answered by `answers`.
    fn flow(protocol: Protocol, answers: &str) -> Flow {
        Flow {
            original: tuple(protocol, "192.0.2.9:4000", "192.0.2.1:53"),
            reply: tuple(protocol, answers, "192.0.2.9:4000"),
        }
    }

    fn published(to: &str) -> Forward {
        Forward {
            protocol: Protocol::Udp,
            host_address: None,
            host_port: 53,
            to: to.parse().unwrap(),
        }
    }

    #[test]
    fn a_written_flow_is_read_back() {
        for ends in [
            ["192.0.2.9:1", "192.0.2.1:2"],
            ["[fd00::9]:1", "[fd00::1]:2"],
        ] {
            let flow = Flow {
                original: tuple(Protocol::Udp, ends[0], ends[1]),
                reply: tuple(Protocol::Udp, ends[1], ends[0]),
            };
            let family = IpFamily::of(flow.original.to.ip());
            let mut batch = Batch::default();
            batch.message("write", GET, 0, &header(family), |message| {
                write(message, TUPLE_ORIGINAL, &flow.original);
                write(message, TUPLE_REPLY, &flow.reply);
            });
            assert_eq!(parse(&batch.bytes()[16..]), Some(flow));
        }
    }

    #[test]
    fn flows_of_a_container_that_is_gone_are_stale() {
        let stale = Stale {
            addresses: ["10.9.0.2".parse().unwrap()].into(),
            ..Stale::default()
        };
        let own = HashSet::new();
        assert!(stale.has(&flow(Protocol::Udp, "10.9.0.2:53"), &own));
        assert!(!stale.has(&flow(Protocol::Udp, "10.9.0.3:53"), &own));
        assert!(!stale.has(&flow(Protocol::Tcp, "10.9.0.2:53"), &own));
    }

    #[test]
    fn flows_that_go_past_a_port_are_stale_when_it_is_published() {
        let stale = Stale::of_ports([published("10.9.0.3:53")]);
        let own = ["192.0.2.1".parse().unwrap()].into();
        assert!(stale.has(&flow(Protocol::Udp, "192.0.2.1:53"), &own));
        assert!(stale.has(&flow(Protocol::Udp, "10.9.0.2:53"), &own));
        assert!(
            !stale.has(&flow(Protocol::Udp, "10.9.0.3:53"), &own),
            "as it shall be"
        );
        let elsewhere = ["192.0.2.7".parse().unwrap()].into();
        assert!(!stale.has(&flow(Protocol::Udp, "192.0.2.1:53"), &elsewhere));
    }
}
