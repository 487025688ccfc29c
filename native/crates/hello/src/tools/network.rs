//! Network interfaces.

use std::ffi::CStr;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ptr;

pub(super) fn ip(_arguments: &[String], out: &mut dyn Write) -> io::Result<u8> {
    for (interface, address, prefix) in addresses()? {
        writeln!(out, "{interface:<8} {address}/{prefix}")?;
    }
    Ok(0)
}

type Assigned = (String, IpAddr, u32);

fn addresses() -> io::Result<Vec<Assigned>> {
    let mut list = ptr::null_mut();
    // SAFETY: getifaddrs fills the pointer it is given.
    if unsafe { libc::getifaddrs(&mut list) } != 0 {
        return Err(io::Error::last_os_error());
    }
    let mut found = Vec::new();
    let mut next = list;
    // SAFETY: the list's nodes, their names and addresses are valid until freeifaddrs; a node's next is null at
    // the end.
    while let Some(node) = unsafe { next.as_ref() } {
        // SAFETY: a node's name is a C string; its addresses are null or of the size of their family.
        let (name, address, mask) = unsafe {
            (
                CStr::from_ptr(node.ifa_name),
                address_of(node.ifa_addr),
                address_of(node.ifa_netmask),
            )
        };
        if let (Some(address), Some(mask)) = (address, mask) {
            found.push((name.to_string_lossy().into_owned(), address, prefix(mask)));
        }
        next = node.ifa_next;
    }
    // SAFETY: the list comes from getifaddrs and is freed once.
    unsafe { libc::freeifaddrs(list) };
    Ok(found)
}

fn prefix(mask: IpAddr) -> u32 {
    match mask {
        IpAddr::V4(mask) => mask.to_bits().count_ones(),
        IpAddr::V6(mask) => mask.to_bits().count_ones(),
    }
}

/// # Safety
/// `address` is null or points to a socket address that is as long as its family's.
unsafe fn address_of(address: *const libc::sockaddr) -> Option<IpAddr> {
    // SAFETY: the caller's promise; the family says which type it is.
    unsafe {
        match i32::from(address.as_ref()?.sa_family) {
            libc::AF_INET => {
                let address = address.cast::<libc::sockaddr_in>().read_unaligned();
                Some(Ipv4Addr::from_bits(u32::from_be(address.sin_addr.s_addr)).into())
            }
            libc::AF_INET6 => {
                let address = address.cast::<libc::sockaddr_in6>().read_unaligned();
                Some(Ipv6Addr::from(address.sin6_addr.s6_addr).into())
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_loopback_interface() {
        let loopback = ("lo".to_owned(), IpAddr::from([127, 0, 0, 1]), 8);
        assert!(addresses().unwrap().contains(&loopback));
    }
}
