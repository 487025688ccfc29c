//! Definitions of networks between the wire and the crate.

use std::net::IpAddr;
use std::str::FromStr;

use longshore_network::{AddressPool, Definition, Driver};
use longshore_protocol::v1;
use longshore_runtime::Failure;

use super::wire::optional;
use crate::failure::invalid;

pub(super) fn parse(wire: v1::NetworkDefinition) -> Result<Definition, Failure> {
    let driver = match wire.driver() {
        v1::NetworkDriver::Bridge => Driver::Bridge,
        v1::NetworkDriver::Macvlan => Driver::Macvlan,
        v1::NetworkDriver::Ipvlan => Driver::Ipvlan,
        v1::NetworkDriver::Unspecified => {
            return Err(invalid("network", "driver: none is named"));
        }
    };
    let pools = wire.pools.into_iter().map(pool);
    Ok(Definition {
        id: wire.id,
        name: wire.name,
        driver,
        pools: pools.collect::<Result<_, _>>()?,
        ipv4: wire.ipv4,
        ipv6: wire.ipv6,
        internal: wire.internal,
        isolated: wire.isolated,
        masquerade: wire.masquerade,
        mtu: wire.mtu,
        link: wire.link,
        parent: wire.parent,
        mode: wire.mode,
        host_address: optional("host_address", &wire.host_address)?,
    })
}

fn pool(wire: v1::AddressPool) -> Result<AddressPool, Failure> {
    let reserved = wire.reserved.iter().map(|it| field("reserved", it));
    Ok(AddressPool {
        subnet: field("subnet", &wire.subnet)?,
        gateway: optional("gateway", &wire.gateway)?,
        range: optional("range", &wire.range)?,
        reserved: reserved.collect::<Result<Vec<IpAddr>, _>>()?,
    })
}

fn field<T: FromStr>(name: &str, text: &str) -> Result<T, Failure> {
    let missing = || invalid("network", format!("{name}: is empty"));
    optional(name, text)?.ok_or_else(missing)
}

pub(super) fn answer(definition: Definition) -> v1::NetworkDefinition {
    let driver = match definition.driver {
        Driver::Bridge => v1::NetworkDriver::Bridge,
        Driver::Macvlan => v1::NetworkDriver::Macvlan,
        Driver::Ipvlan => v1::NetworkDriver::Ipvlan,
    };
    let text = |address: Option<IpAddr>| address.map(|it| it.to_string()).unwrap_or_default();
    let pools = definition.pools.into_iter().map(|pool| v1::AddressPool {
        subnet: pool.subnet.to_string(),
        gateway: text(pool.gateway),
        range: pool.range.map(|it| it.to_string()).unwrap_or_default(),
        reserved: pool.reserved.iter().map(ToString::to_string).collect(),
    });
    v1::NetworkDefinition {
        pools: pools.collect(),
        id: definition.id,
        name: definition.name,
        driver: driver.into(),
        ipv4: definition.ipv4,
        ipv6: definition.ipv6,
        internal: definition.internal,
        isolated: definition.isolated,
        masquerade: definition.masquerade,
        mtu: definition.mtu,
        link: definition.link,
        parent: definition.parent,
        mode: definition.mode,
        host_address: text(definition.host_address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire() -> v1::NetworkDefinition {
        v1::NetworkDefinition {
            id: "ab".repeat(32),
            name: "front".into(),
            driver: v1::NetworkDriver::Bridge.into(),
            pools: vec![v1::AddressPool {
                subnet: "10.9.0.0/16".into(),
                gateway: "10.9.0.254".into(),
                range: "10.9.4.0/24".into(),
                reserved: vec!["10.9.4.1".into()],
            }],
            ipv4: true,
            masquerade: true,
            host_address: "127.0.0.1".into(),
            ..Default::default()
        }
    }

    #[test]
    fn a_definition_goes_both_ways_unchanged() {
        assert_eq!(answer(parse(wire()).unwrap()), wire());
    }

    #[test]
    fn what_is_no_address_is_refused_with_its_field() {
        let refused = |change: fn(&mut v1::NetworkDefinition)| {
            let mut wire = wire();
            change(&mut wire);
            parse(wire).unwrap_err().message
        };
        assert!(refused(|it| it.pools[0].subnet = "10.9".into()).starts_with("subnet: "));
        assert!(refused(|it| it.pools[0].subnet.clear()).starts_with("subnet: "));
        assert!(refused(|it| it.pools[0].gateway = "x".into()).starts_with("gateway: "));
        assert!(refused(|it| it.pools[0].reserved = vec!["x".into()]).starts_with("reserved: "));
        assert!(refused(|it| it.host_address = "x".into()).starts_with("host_address: "));
        assert!(refused(|it| it.driver = 0).starts_with("driver: "));
    }
}
