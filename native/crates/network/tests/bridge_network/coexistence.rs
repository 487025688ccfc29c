use crate::Test;
use crate::container::Container;
use crate::traffic::{connect, listen};
use crate::world::{Namespace, Scratch, internet, open, run};

pub(crate) const TESTS: &[Test] = &[
    (
        "a_forward_policy_of_drop_in_iptables_nft_is_overcome",
        || policy_drop_is_overcome("iptables-nft"),
    ),
    (
        "a_forward_policy_of_drop_in_iptables_legacy_is_overcome",
        || policy_drop_is_overcome("iptables-legacy"),
    ),
    (
        "dockers_user_chain_takes_the_rules",
        dockers_user_chain_takes_the_rules,
    ),
    (
        "a_flushed_ruleset_is_put_back_by_the_next_attach",
        a_flushed_ruleset_is_put_back_by_the_next_attach,
    ),
    (
        "a_deleted_bridge_is_put_back_with_its_ports",
        a_deleted_bridge_is_put_back_with_its_ports,
    ),
    (
        "the_subnet_keeps_clear_of_the_hosts_routes",
        the_subnet_keeps_clear_of_the_hosts_routes,
    ),
];

fn reaches_internet(container: &Container, internet: &Namespace) {
    let listener = internet.run(|| listen([203, 0, 113, 2]));
    let seen = connect(&listener, |it| container.namespace.run(|| it.now()));
    assert_eq!(seen.octets(), [203, 0, 113, 1]);
}

fn policy_drop_is_overcome(iptables: &str) {
    let scratch = Scratch::new();
    let internet = internet();
    run(iptables, "-P FORWARD DROP");
    let host = open(&scratch);
    let [one, two] = ["one", "two"].map(|id| Container::attach(&host, id));
    reaches_internet(&one, &internet);
    let listener = two.namespace.run(|| listen(two.address()));
    connect(&listener, |it| one.namespace.run(|| it.now()));
    let rules = run(iptables, "-S FORWARD");
    host.ensure().unwrap();
    assert_eq!(
        run(iptables, "-S FORWARD"),
        rules,
        "ensure adds nothing twice"
    );
    host.teardown().unwrap();
    assert_eq!(run(iptables, "-S FORWARD"), "-P FORWARD DROP\n");
}

fn dockers_user_chain_takes_the_rules() {
    let scratch = Scratch::new();
    let internet = internet();
    let host = open(&scratch);
    let before = Container::attach(&host, "before");
    reaches_internet(&before, &internet);
    for words in [
        "-P FORWARD DROP",
        "-N DOCKER-USER",
        "-A DOCKER-USER -j RETURN",
        "-I FORWARD -j DOCKER-USER",
    ] {
        run("iptables-nft", words);
    }
    host.ensure().unwrap();
    reaches_internet(&before, &internet);
    let rules = run("iptables-nft", "-S DOCKER-USER");
    assert!(
        rules.contains("-A DOCKER-USER -i longshore0 -o docker0 -j RETURN\n"),
        "{rules}"
    );
    assert!(
        rules.ends_with("-A DOCKER-USER -j RETURN\n"),
        "ours come first: {rules}"
    );
    assert!(!run("iptables-nft", "-S FORWARD").contains("longshore0"));
}

fn a_flushed_ruleset_is_put_back_by_the_next_attach() {
    let scratch = Scratch::new();
    let internet = internet();
    let host = open(&scratch);
    let before = Container::attach(&host, "before");
    let rules = run("nft", "-s list ruleset");
    run("nft", "flush ruleset");
    let after = Container::attach(&host, "after");
    reaches_internet(&before, &internet);
    reaches_internet(&after, &internet);
    let restored = run("nft", "-s list ruleset");
    let is_member = |line: &&str| line.contains("172.30.0.");
    let without_members = |text: &str| text.lines().filter(|it| !is_member(it)).count();
    assert_eq!(
        without_members(&restored),
        without_members(&rules),
        "{restored}"
    );
}

fn a_deleted_bridge_is_put_back_with_its_ports() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let before = Container::attach(&host, "before");
    run("ip", "link del longshore0");
    let after = Container::attach(&host, "after");
    let listener = after.namespace.run(|| listen(after.address()));
    connect(&listener, |it| before.namespace.run(|| it.now()));
}

fn the_subnet_keeps_clear_of_the_hosts_routes() {
    let scratch = Scratch::new();
    let _internet = internet();
    run("ip", "route add 172.16.0.0/12 via 203.0.113.2");
    run("ip", "route add 10.0.0.0/8 via 203.0.113.2 table 77");
    let network = open(&scratch).ensure().unwrap();
    assert_eq!(network.pools[0].subnet.to_string(), "192.168.240.0/20");
    let kept = &open(&scratch).networks().unwrap()[0];
    assert_eq!(kept.pools, network.pools);
}
