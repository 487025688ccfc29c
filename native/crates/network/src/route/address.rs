use std::net::IpAddr;

use crate::address::octets;
use crate::{IpFamily, Subnet};
use longshore_netlink::Batch;

const CREATE: u16 = (libc::NLM_F_CREATE | libc::NLM_F_EXCL) as u16;

/// Without waiting whether somebody else has the address (RFC 4862, 5.4): networks give each away once.
const IFA_F_NODAD: u8 = 0x02;

/// struct ifaddrmsg
pub(crate) fn add_address(batch: &mut Batch, step: &'static str, index: u32, address: Subnet) {
    let flags = match address.family() {
        IpFamily::V4 => 0,
        IpFamily::V6 => IFA_F_NODAD,
    };
    let [i0, i1, i2, i3] = index.to_ne_bytes();
    let family = address.family().number();
    let header = [family, address.prefix_len(), flags, 0, i0, i1, i2, i3];
    let replace = (libc::NLM_F_CREATE | libc::NLM_F_REPLACE) as u16;
    batch.message(step, libc::RTM_NEWADDR, replace, &header, |attributes| {
        attributes.bytes(libc::IFA_LOCAL, &octets(address.address()));
        attributes.bytes(libc::IFA_ADDRESS, &octets(address.address()));
        if address.family() == IpFamily::V4 {
            attributes.bytes(libc::IFA_BROADCAST, &octets(address.last()));
        }
    });
}

/// By the gateway, or straight out of the link.
pub(crate) fn add_default_route(
    batch: &mut Batch,
    family: IpFamily,
    index: u32,
    gateway: Option<IpAddr>,
) {
    let scope = match gateway {
        Some(_) => libc::RT_SCOPE_UNIVERSE,
        None => libc::RT_SCOPE_LINK,
    };
    let step = "add the default route";
    let header = header(family, scope);
    batch.message(step, libc::RTM_NEWROUTE, CREATE, &header, |route| {
        if let Some(gateway) = gateway {
            route.bytes(libc::RTA_GATEWAY, &octets(gateway));
        }
        route.u32(libc::RTA_OIF, index);
    });
}

pub(crate) fn delete_default_route(batch: &mut Batch, family: IpFamily) {
    let step = "delete the default route";
    let header = header(family, libc::RT_SCOPE_NOWHERE);
    batch.message(step, libc::RTM_DELROUTE, 0, &header, |_| {});
}

/// struct rtmsg
fn header(family: IpFamily, scope: u8) -> [u8; 12] {
    let (table, kind) = (libc::RT_TABLE_MAIN, libc::RTN_UNICAST);
    let number = family.number();
    [
        number,
        0,
        0,
        0,
        table,
        libc::RTPROT_BOOT,
        scope,
        kind,
        0,
        0,
        0,
        0,
    ]
}

#[cfg(all(test, target_endian = "little"))]
mod tests {
    use super::*;

    #[test]
    fn an_address_message_has_the_kernels_bytes() {
        let mut batch = Batch::default();
        add_address(&mut batch, "add", 7, "172.30.0.2/16".parse().unwrap());
        #[rustfmt::skip]
        assert_eq!(batch.bytes(), [
            48, 0, 0, 0,  20, 0,  5, 5,  1, 0, 0, 0,  0, 0, 0, 0,
            2, 16, 0, 0,  7, 0, 0, 0,
            8, 0, 2, 0,  172, 30, 0, 2,
            8, 0, 1, 0,  172, 30, 0, 2,
            8, 0, 4, 0,  172, 30, 255, 255,
        ]);
    }

    #[test]
    fn a_route_message_has_the_kernels_bytes() {
        let mut batch = Batch::default();
        let gateway = Some([172, 30, 0, 1].into());
        add_default_route(&mut batch, IpFamily::V4, 7, gateway);
        #[rustfmt::skip]
        assert_eq!(batch.bytes(), [
            44, 0, 0, 0,  24, 0,  5, 6,  1, 0, 0, 0,  0, 0, 0, 0,
            2, 0, 0, 0,  254, 3, 0, 1,  0, 0, 0, 0,
            8, 0, 5, 0,  172, 30, 0, 1,
            8, 0, 4, 0,  7, 0, 0, 0,
        ]);
    }

    #[test]
    fn an_ipv6_address_is_there_at_once() {
        let mut batch = Batch::default();
        add_address(&mut batch, "add", 7, "fd00::2/64".parse().unwrap());
        assert_eq!(batch.bytes()[16..20], [10, 64, 2, 0]);
    }
}
