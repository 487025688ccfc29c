use super::*;

fn id() -> String {
    "ab".repeat(32)
}

fn with(change: impl FnOnce(&mut Definition)) -> String {
    let mut definition = Definition::bridge(&id());
    change(&mut definition);
    definition
        .check()
        .map_or_else(|error| error.to_string(), |()| "fine".to_owned())
}

fn pool(subnet: &str) -> AddressPool {
    AddressPool::of(subnet.parse().unwrap())
}

#[test]
fn a_bridge_with_all_left_open_is_fine() {
    assert_eq!(with(|_| {}), "fine");
    assert!(Definition::default_network().check().is_ok());
}

#[test]
fn names_and_ids_are_plain() {
    assert!(with(|it| it.id = "../x".into()).starts_with("id: "));
    for bad in ["", "-a", "a b", "a/b", "ü", &"a".repeat(256)] {
        assert!(
            with(|it| it.name = bad.into()).starts_with("name: "),
            "{bad}"
        );
    }
}

#[test]
fn subnets_are_proper_and_of_a_family_that_is_asked_for() {
    for (subnet, reason) in [
        ("10.0.0.1/24", "say 10.0.0.0/24"),
        ("10.0.0.0/31", "prefix"),
        ("10.0.0.0/7", "prefix"),
        ("127.0.0.0/8", "not for hosts"),
        ("224.0.0.0/8", "not for hosts"),
        ("fd00::/64", "family"),
    ] {
        let text = with(|it| it.pools = vec![pool(subnet)]);
        assert!(text.contains(reason), "{subnet}: {text}");
    }
    let two = || vec![pool("10.0.0.0/24"), pool("10.1.0.0/24")];
    assert!(with(|it| it.pools = two()).contains("second subnet"));
    let six = |it: &mut Definition| {
        it.ipv6 = true;
        it.pools = vec![pool("fd00::/64"), pool("10.1.0.0/24")];
    };
    assert_eq!(with(six), "fine");
    assert!(with(|it| it.ipv4 = false).starts_with("ipv4: "));
}

#[test]
fn gateway_range_and_reservations_lie_inside() {
    let refused = |change: fn(&mut AddressPool)| {
        with(|it| {
            let mut pool = pool("10.0.0.0/24");
            change(&mut pool);
            it.pools = vec![pool];
        })
    };
    assert!(refused(|it| it.gateway = "10.0.1.1".parse().ok()).starts_with("gateway: "));
    assert!(refused(|it| it.gateway = "10.0.0.255".parse().ok()).starts_with("gateway: "));
    assert!(refused(|it| it.range = "10.0.1.0/25".parse().ok()).starts_with("range: "));
    assert!(refused(|it| it.range = "10.0.0.0/16".parse().ok()).starts_with("range: "));
    assert!(
        refused(|it| it.reserved = vec!["10.0.1.1".parse().unwrap()]).starts_with("reserved: ")
    );
}

#[test]
fn mtu_links_and_modes_fit_the_driver() {
    assert!(with(|it| it.mtu = 67).starts_with("mtu: "));
    let small_six = |it: &mut Definition| {
        it.ipv6 = true;
        it.mtu = 1279;
    };
    assert!(with(small_six).starts_with("mtu: "));
    for bad in ["0123456789abcdef", "a b", "a/b", "lo", ".."] {
        assert!(
            with(|it| it.link = bad.into()).starts_with("link: "),
            "{bad}"
        );
    }
    assert!(with(|it| it.parent = "eth0".into()).starts_with("parent: "));
    assert!(with(|it| it.mode = "l2".into()).starts_with("mode: "));
    let macvlan = |it: &mut Definition| {
        it.driver = Driver::Macvlan;
        it.parent = "eth0.50".into();
        it.mode = "vepa".into();
    };
    assert_eq!(with(macvlan), "fine");
}
