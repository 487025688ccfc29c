//! Containers whose root is nobody on the host.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use longshore_isolation::plan::IdentityFiles;
use longshore_sys::pidfd::Exit;
use serde_json::{Value, json};

use crate::Test;
use crate::fixture::{Fixture, Running, start_exec};

pub(crate) const TESTS: &[Test] = &[
    ("root_is_another_user_on_the_host", root_is_another_user),
    ("layers_serve_any_mapping", layers_serve_any_mapping),
    ("file_systems_are_as_dockers", file_systems_are_as_dockers),
    (
        "the_hosts_files_are_out_of_reach",
        the_hosts_files_are_out_of_reach,
    ),
    ("mapped_binds_belong_to_root", mapped_binds_belong_to_root),
    (
        "capabilities_end_at_the_namespace",
        capabilities_end_at_the_namespace,
    ),
    ("other_users_work_too", other_users_work_too),
    ("a_terminal_works", a_terminal_works),
    ("an_exec_is_mapped_as_well", an_exec_is_mapped_as_well),
];

const FIRST: u32 = 100_000;

fn mapping(first: u32) -> Value {
    json!([{ "containerID": 0, "hostID": first, "size": 65_536 }])
}

fn mapped_to(fixture: Fixture, first: u32) -> Fixture {
    let namespaces = json!([
        { "type": "user" }, { "type": "mount" }, { "type": "network" }, { "type": "uts" },
        { "type": "pid" }, { "type": "ipc" }, { "type": "cgroup" }
    ]);
    fixture
        .set("/linux/namespaces", namespaces)
        .set("/linux/uidMappings", mapping(first))
        .set("/linux/gidMappings", mapping(first))
}

fn mapped(script: &str) -> Fixture {
    mapped_to(Fixture::shell(script), FIRST)
}

fn root_is_another_user() {
    let script = "id -u; id -g; id -G; cat /proc/self/uid_map; read line";
    let fixture = mapped(script);
    let mut running = Running::start(&fixture.plan(), false);
    for _ in 0..3 {
        assert_eq!(running.line(), "0\n");
    }
    let map = running.line();
    let map: Vec<&str> = map.split_whitespace().collect();
    assert_eq!(map, ["0", "100000", "65536"]);
    let pid = running.pid();
    assert_eq!(
        fs::metadata(format!("/proc/{pid}/ns/user"))
            .map(|it| it.uid())
            .ok(),
        Some(0)
    );
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    for name in ["Uid", "Gid"] {
        let line = format!("{name}:\t100000\t100000\t100000\t100000");
        assert!(status.contains(&line), "{status}");
    }
    running.kill();
}

fn layers_serve_any_mapping() {
    for first in [FIRST, 300_000] {
        let script = "stat -c '%u %g' /bin/busybox /; echo new > /made; chown 5:6 /made; stat -c '%u %g' /made";
        let fixture = mapped_to(Fixture::shell(script), first);
        assert_eq!(fixture.run().success(), "0 0\n0 0\n5 6\n");
        // On disk the writable layer has plain ids: the next run may be mapped in another way.
        let made = fs::metadata(fixture.upper("made")).unwrap();
        assert_eq!((made.uid(), made.gid()), (5, 6));
    }
}

fn file_systems_are_as_dockers() {
    let script = "cd /dev; stat -c '%n %u %t:%T' null tty pts/ptmx; echo x > null; \
        stat -c '%n %u %a' shm mqueue /proc/sys /sys; touch shm/x && stat -c %u shm/x; \
        cat /proc/interrupts; ls /sys/firmware; touch /proc/sys/kernel/core_pattern; hostname; \
        ls /sys/class/net; mount | wc -l";
    let outcome = mapped(script).run();
    let text = outcome.output;
    for line in [
        "null 65534 1:3",
        "tty 65534 5:0",
        "pts/ptmx 0 5:2",
        "shm 0 1777",
        "mqueue 0 1777",
        "harbour",
        "lo",
    ] {
        assert!(text.lines().any(|it| it == line), "{line}: {text}");
    }
    assert!(
        text.contains("core_pattern: Read-only file system"),
        "{text}"
    );
    assert!(!text.contains("CPU0"), "{text}");
}

fn the_hosts_files_are_out_of_reach() {
    let script = "id -u; cat /host/secret; echo bad > /host/open; touch /host/new; chown 0 /host/open; \
        mknod /null c 1 3; mount -t tmpfs x /tmp; echo 1 > /proc/sysrq-trigger; dmesg -n 1; true";
    let fixture = mapped(script);
    fs::write(fixture.host("secret"), "secret\n").unwrap();
    fs::write(fixture.host("open"), "fine\n").unwrap();
    let mode = |name: &str, mode: u32| {
        fs::set_permissions(fixture.host(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    mode("secret", 0o600);
    mode("open", 0o644);
    let host = fixture.host("");
    let fixture = fixture.bind(&host, "/host", &["rbind", "rw"]);
    let text = fixture.run().success();
    assert!(!text.contains("secret\n"), "{text}");
    for refused in ["secret", "open", "new"] {
        let is_refused = |line: &str| line.contains(refused) && line.contains("denied");
        assert!(text.lines().any(is_refused), "{refused}: {text}");
    }
    assert!(
        text.contains("mknod: /null: Operation not permitted"),
        "{text}"
    );
    assert_eq!(fs::read_to_string(fixture.host("open")).unwrap(), "fine\n");
    assert!(!fixture.host("new").exists());
}

fn mapped_binds_belong_to_root() {
    let script = "stat -c %u /data/file /etc/hosts; echo more >> /etc/hosts; touch /data/made";
    let fixture = mapped(script);
    fs::write(fixture.host("file"), "").unwrap();
    fs::write(fixture.host("hosts"), "hosts\n").unwrap();
    let hosts = fixture.host("hosts");
    let host = fixture.host("");
    let fixture = fixture.bind(&host, "/data", &["bind", "idmap"]);
    let mut plan = fixture.plan();
    plan.identity = IdentityFiles {
        hosts: Some(hosts.clone()),
        ..IdentityFiles::default()
    };
    assert_eq!(fixture.run_plan(&plan).success(), "0\n0\n");
    assert_eq!(fs::read_to_string(hosts).unwrap(), "hosts\nmore\n");
    assert_eq!(fs::metadata(fixture.host("made")).unwrap().uid(), 0);
}

fn capabilities_end_at_the_namespace() {
    // All capabilities, and still nothing of the host gives way.
    let all = json!([
        "CAP_SYS_ADMIN",
        "CAP_MKNOD",
        "CAP_SYS_RAWIO",
        "CAP_DAC_OVERRIDE",
        "CAP_SYS_BOOT"
    ]);
    let script = "mount -t tmpfs own /mnt && echo own; mknod /disk b 254 0 || echo no node; \
        hostname other && echo name; echo 0 > /proc/sys/vm/drop_caches || echo no vm";
    let mut fixture = mapped(script)
        .set("/linux/readonlyPaths", json!([]))
        .set("/linux/maskedPaths", json!([]));
    for set in ["bounding", "permitted", "effective"] {
        fixture = fixture.set(&format!("/process/capabilities/{set}"), all.clone());
    }
    fs::create_dir(fixture.image("mnt")).unwrap();
    let text = fixture.run().output;
    for line in ["own", "no node", "name", "no vm"] {
        assert!(text.lines().any(|it| it == line), "{line}: {text}");
    }
}

fn other_users_work_too() {
    let script = "id -u; id -g; echo through > /dev/stdout; pwd; stat -c %u .";
    let fixture = mapped(script)
        .set("/process/user", json!({ "uid": 1000, "gid": 1001 }))
        .set("/process/cwd", json!("/new/home"));
    let text = fixture.run().success();
    assert_eq!(text, "1000\n1001\nthrough\n/new/home\n1000\n");
    let text = mapped("echo through > /dev/stdout").run().success();
    assert_eq!(text, "through\n");
}

fn a_terminal_works() {
    let fixture = mapped("tty; stat -c %u $(tty); id -u").set("/process/terminal", json!(true));
    let outcome = Running::start(&fixture.plan(), true).finish();
    assert_eq!(outcome.success(), "/dev/pts/0\r\n0\r\n0\r\n");
}

fn an_exec_is_mapped_as_well() {
    let fixture = mapped("echo up; read line");
    let plan = fixture.plan();
    let mut running = Running::start(&plan, false);
    assert_eq!(running.line(), "up\n");
    let script =
        "id -u; id -G; cat /proc/self/uid_map | tr -s ' '; echo through > /dev/stdout; touch /made";
    let exec = start_exec(&running, &plan, &["sh", "-c", script], |_| {}, false).unwrap();
    let outcome = exec.finish();
    assert_eq!(outcome.exit, Exit::Code(0), "{outcome:?}");
    assert_eq!(outcome.output, "0\n0\n 0 100000 65536\nthrough\n");
    assert_eq!(fs::metadata(fixture.upper("made")).unwrap().uid(), 0);
    running.kill();
}
