use std::net::{Ipv4Addr, Ipv6Addr};

use super::*;

const WEB: Ipv4Addr = Ipv4Addr::new(172, 28, 0, 2);
const WEB6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 2);
const SECOND: Ipv4Addr = Ipv4Addr::new(172, 28, 0, 3);
const BACK: Ipv4Addr = Ipv4Addr::new(172, 29, 0, 2);

fn member(names: &[&str], ipv4: Ipv4Addr, ipv6: Option<Ipv6Addr>) -> Member {
    Member {
        container_id: names[0].to_owned(),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        hostname: format!("host-of-{}", names[0]),
        ipv4: Some(ipv4),
        ipv6,
    }
}

fn zones() -> Zones {
    let zones = Zones::default();
    zones.set(
        "Front.net",
        &[
            member(&["Web", "0123456789ab", "service"], WEB, Some(WEB6)),
            member(&["second", "service", "a.b"], SECOND, None),
        ],
    );
    zones.set("back", &[member(&["db", "web"], BACK, None)]);
    zones
}

fn view(networks: &[&str]) -> View {
    View {
        networks: networks.iter().map(|name| (*name).to_owned()).collect(),
        ..View::default()
    }
}

fn found(networks: &[&str], name: &str, wanted: Wanted) -> Option<Vec<IpAddr>> {
    zones().addresses(&view(networks), name, wanted)
}

#[test]
fn every_name_of_a_member_leads_to_it_with_and_without_its_network() {
    for name in ["web", "0123456789ab", "host-of-web", "web.front.net"] {
        let addresses = found(&["Front.net"], name, Wanted::Ipv4);
        assert_eq!(addresses, Some(vec![WEB.into()]), "{name}");
    }
    assert_eq!(
        found(&["Front.net"], "a.b", Wanted::Ipv4),
        Some(vec![SECOND.into()])
    );
    assert_eq!(
        found(&["Front.net"], "a.b.front.net", Wanted::Ipv4),
        Some(vec![SECOND.into()])
    );
}

#[test]
fn members_that_share_a_name_are_all_given() {
    assert_eq!(
        found(&["Front.net"], "service", Wanted::Ipv4),
        Some(vec![WEB.into(), SECOND.into()])
    );
    assert_eq!(
        found(&["Front.net"], "service", Wanted::Both),
        Some(vec![WEB.into(), WEB6.into(), SECOND.into()])
    );
}

#[test]
fn a_known_name_without_the_wanted_kind_is_known_nevertheless() {
    assert_eq!(found(&["Front.net"], "second", Wanted::Ipv6), Some(vec![]));
    assert_eq!(found(&["Front.net"], "web", Wanted::Neither), Some(vec![]));
    assert_eq!(found(&["Front.net"], "nobody", Wanted::Ipv4), None);
}

#[test]
fn only_the_views_networks_are_searched_the_first_one_first() {
    assert_eq!(found(&["Front.net"], "db", Wanted::Ipv4), None);
    assert_eq!(found(&["Front.net"], "db.back", Wanted::Ipv4), None);
    assert_eq!(
        found(&["back", "Front.net"], "web", Wanted::Ipv4),
        Some(vec![BACK.into()])
    );
    assert_eq!(
        found(&["back", "Front.net"], "web", Wanted::Ipv6),
        Some(vec![WEB6.into()]),
        "a network without the family does not hide the next one"
    );
}

#[test]
fn a_link_is_the_name_of_its_target_for_its_owner_only() {
    let mut view = view(&["back"]);
    view.links = vec![("Database".to_owned(), "DB".to_owned())];
    assert_eq!(
        zones().addresses(&view, "database", Wanted::Ipv4),
        Some(vec![BACK.into()])
    );
    assert_eq!(found(&["back"], "database", Wanted::Ipv4), None);
}

#[test]
fn the_hosts_names_are_known_where_its_address_is() {
    let mut view = view(&["back"]);
    assert_eq!(
        zones().addresses(&view, "host.docker.internal", Wanted::Ipv4),
        None
    );
    view.host_gateway.ipv4 = Some(WEB);
    for name in HOST_NAMES {
        assert_eq!(
            zones().addresses(&view, name, Wanted::Ipv4),
            Some(vec![WEB.into()])
        );
        assert_eq!(zones().addresses(&view, name, Wanted::Ipv6), Some(vec![]));
    }
}

#[test]
fn an_address_leads_back_to_the_first_name_on_the_views_networks() {
    let pointer = |networks: &[&str], name| zones().pointer(&view(networks), name);
    assert_eq!(
        pointer(&["Front.net"], "2.0.28.172.in-addr.arpa"),
        Some(Records::Pointer("Web.Front.net".to_owned()))
    );
    assert_eq!(pointer(&["back"], "2.0.28.172.in-addr.arpa"), None);
}

#[test]
fn a_network_that_was_removed_or_set_again_is_answered_by_no_longer() {
    let zones = zones();
    zones.set("back", &[member(&["db"], SECOND, None)]);
    let view = view(&["back"]);
    assert_eq!(
        zones.addresses(&view, "db", Wanted::Ipv4),
        Some(vec![SECOND.into()])
    );
    assert_eq!(zones.addresses(&view, "web", Wanted::Ipv4), None);
    zones.remove("back");
    assert_eq!(zones.addresses(&view, "db", Wanted::Ipv4), None);
}
