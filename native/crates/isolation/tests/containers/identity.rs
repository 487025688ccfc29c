//! Who the command is: user, groups, names, namespaces.

use std::fs;

use longshore_isolation::plan::UserPlan;
use rustix::fs::{CWD, FileType, Mode};
use serde_json::json;

use crate::Test;
use crate::fixture::Fixture;

pub(crate) const TESTS: &[Test] = &[
    ("users_are_found_in_the_image", users_are_found_in_the_image),
    (
        "the_umask_is_that_of_the_spec",
        the_umask_is_that_of_the_spec,
    ),
    (
        "a_hanging_passwd_file_is_refused",
        a_hanging_passwd_file_is_refused,
    ),
    (
        "names_and_network_are_the_containers_own",
        names_and_network_are_the_containers_own,
    ),
    (
        "the_user_can_reopen_its_streams",
        the_user_can_reopen_its_streams,
    ),
];

fn named(fixture: &Fixture, user: &str, groups: &[&str]) -> longshore_isolation::ContainerPlan {
    let mut plan = fixture.plan();
    plan.process.user = UserPlan::Named {
        user: user.to_owned(),
        additional_groups: groups.iter().map(|group| (*group).to_owned()).collect(),
    };
    plan
}

fn users_are_found_in_the_image() {
    let fixture = Fixture::shell("id -u; id -g; id -G; echo $HOME");
    let run =
        |user: &str, groups: &[&str]| fixture.run_plan(&named(&fixture, user, groups)).success();
    assert_eq!(run("", &[]), "0\n0\n0\n/root\n");
    assert_eq!(run("web", &[]), "1000\n1001\n1001 29\n/home/web\n");
    assert_eq!(run("web:29", &["root"]), "1000\n29\n29 0\n/home/web\n");
    assert_eq!(run("77", &[]), "77\n0\n0\n/\n");
    let error = fixture
        .run_plan(&named(&fixture, "4294967296:0", &[]))
        .refusal();
    assert_eq!(error.step, "user");
}

fn the_umask_is_that_of_the_spec() {
    let fixture = Fixture::shell("umask");
    assert_eq!(fixture.run().success(), "0022\n");
    let fixture = fixture.set("/process/user/umask", json!(0o77));
    assert_eq!(fixture.run().success(), "0077\n");
}

fn a_hanging_passwd_file_is_refused() {
    let fixture = Fixture::shell("true");
    fs::remove_file(fixture.image("etc/passwd")).unwrap();
    rustix::fs::mknodat(
        CWD,
        fixture.image("etc/passwd"),
        FileType::Fifo,
        Mode::RWXU,
        0,
    )
    .unwrap();
    let error = fixture.run_plan(&named(&fixture, "web", &[])).refusal();
    assert!(error.message.contains("no regular file"), "{error}");
}

fn names_and_network_are_the_containers_own() {
    let output =
        Fixture::shell("hostname; ls /sys/class/net; cat /sys/class/net/lo/flags; echo $$")
            .run()
            .success();
    assert_eq!(output, "harbour\nlo\n0x9\n1\n");
}

fn the_user_can_reopen_its_streams() {
    let fixture = Fixture::shell("echo first > /dev/stdout; echo second > /dev/stderr");
    let output = fixture.run_plan(&named(&fixture, "web", &[])).success();
    assert_eq!(output, "first\nsecond\n");
}
