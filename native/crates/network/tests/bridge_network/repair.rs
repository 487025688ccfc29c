//! What strangers remove comes back by itself, and what runs outlives the agent.

use crate::Test;
use crate::container::{Container, on};
use crate::ports::{HOST_PORT, tcp};
use crate::separate::{bridge, id};
use crate::traffic::{PORT, Talk, connect, listen, reach, until};
use crate::world::{Scratch, open, run};

pub(crate) const TESTS: &[Test] = &[
    (
        "a_flushed_ruleset_comes_back_by_itself",
        a_flushed_ruleset_comes_back,
    ),
    (
        "a_flushed_table_comes_back_by_itself",
        a_flushed_table_comes_back,
    ),
    (
        "a_deleted_bridge_comes_back_by_itself",
        a_deleted_bridge_comes_back,
    ),
    (
        "connections_and_ports_outlive_the_agent",
        connections_outlive_the_agent,
    ),
];

const LOOPBACK: [u8; 4] = [127, 0, 0, 1];

fn has(part: &str) -> bool {
    run("nft", "list ruleset").contains(part)
}

fn a_flushed_ruleset_comes_back() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let web = Container::with(&host, "web", &[on("bridge")], &tcp());
    let listener = web.namespace.run(|| listen(web.address()));
    let mut talk = Talk::open(&listener, (LOOPBACK, HOST_PORT));
    run("nft", "flush ruleset");
    until("the rules are back", || {
        has("map published {") && has("longshore-guard")
    });
    reach(&listener, (LOOPBACK, HOST_PORT));
    talk.says(7);
}

fn a_flushed_table_comes_back() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let _web = Container::attach(&host, "web");
    run("nft", "flush table ip longshore");
    until("the rules are back", || has("ip saddr @masqueraded"));
    run("nft", "delete table bridge longshore");
    until("the table is back", || has("table bridge longshore"));
}

fn a_deleted_bridge_comes_back() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    let [one, two] = ["one", "two"].map(|it| Container::attach(&host, it));
    let ports = || {
        run("ip", "-o link show up type veth")
            .matches("master longshore0")
            .count()
    };
    run("ip", "link del longshore0");
    until("the ports are back on the bridge", || ports() == 2);
    let listener = two.namespace.run(|| listen(two.address()));
    connect(&listener, |it| one.namespace.run(|| it.now()));
}

fn connections_outlive_the_agent() {
    let scratch = Scratch::new();
    let host = open(&scratch);
    host.apply(bridge('a')).unwrap();
    let web = Container::with(&host, "web", &[on(&id('a'))], &tcp());
    let client = Container::on(&host, "client", &[&id('a')]);
    let listener = web.namespace.run(|| listen(web.address()));
    let mut through = Talk::open(&listener, (LOOPBACK, HOST_PORT));
    let mut direct = client
        .namespace
        .run(|| Talk::open(&listener, (web.address(), PORT)));
    let before = host.connection("web").unwrap();
    drop(host);
    through.says(1);
    direct.says(2);
    // Meanwhile somebody flushes.
    run("nft", "flush ruleset");
    let host = open(&scratch);
    host.retain(&["web", "client"]).unwrap();
    assert_eq!(host.connection("web").unwrap(), before);
    through.says(3);
    direct.says(4);
    reach(&listener, (LOOPBACK, HOST_PORT));
}
