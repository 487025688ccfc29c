//! What the container's tree is made of.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use longshore_isolation::plan::{CgroupHierarchy, CgroupView, IdentityFiles};
use serde_json::json;

use crate::Test;
use crate::fixture::{Fixture, MASKED_PATHS, READONLY_PATHS};

pub(crate) const TESTS: &[Test] = &[
    ("mounts_are_as_dockers", mounts_are_as_dockers),
    ("devices_are_as_dockers", devices_are_as_dockers),
    (
        "identity_files_stand_for_the_images_own",
        identity_files_stand_for_the_images_own,
    ),
    ("binds_are_writable_or_not", binds_are_writable_or_not),
    (
        "a_bind_is_read_only_all_the_way_down",
        a_bind_is_read_only_all_the_way_down,
    ),
    (
        "tmpfs_keeps_the_mode_of_its_place",
        tmpfs_keeps_the_mode_of_its_place,
    ),
    (
        "a_read_only_root_stays_as_it_is",
        a_read_only_root_stays_as_it_is,
    ),
    (
        "writes_land_in_the_upper_layer",
        writes_land_in_the_upper_layer,
    ),
    (
        "a_volatile_layer_comes_again_and_keeps_what_was_written",
        a_volatile_layer_comes_again_and_keeps_what_was_written,
    ),
    (
        "a_hundred_and_twenty_layers_are_one_tree",
        a_hundred_and_twenty_layers_are_one_tree,
    ),
    (
        "layers_with_long_paths_work_too",
        layers_with_long_paths_work_too,
    ),
    (
        "cgroup_hierarchies_are_shown_read_only",
        cgroup_hierarchies_are_shown_read_only,
    ),
    (
        "sysctls_are_the_containers_own",
        sysctls_are_the_containers_own,
    ),
    ("a_missing_source_is_said", a_missing_source_is_said),
];

fn mounts_are_as_dockers() {
    let output = Fixture::shell("cat /proc/self/mountinfo").run().success();
    let protected: Vec<&str> = MASKED_PATHS.into_iter().chain(READONLY_PATHS).collect();
    let mut seen = Vec::new();
    for line in output.lines() {
        let fields: Vec<&str> = line.split(' ').collect();
        if protected.contains(&fields[4]) {
            continue;
        }
        let dash = fields.iter().position(|field| *field == "-").unwrap();
        assert_eq!(dash, 6, "no mount is anybody's peer or slave: {line}");
        seen.push(format!("{} {} {}", fields[4], fields[dash + 1], fields[5]));
    }
    assert_eq!(
        seen,
        [
            "/ overlay rw,relatime",
            "/proc proc rw,nosuid,nodev,noexec,relatime",
            "/dev tmpfs rw,nosuid",
            "/dev/pts devpts rw,nosuid,noexec,relatime",
            "/sys sysfs ro,nosuid,nodev,noexec,relatime",
            "/dev/mqueue mqueue rw,nosuid,nodev,noexec,relatime",
            "/dev/shm tmpfs rw,nosuid,nodev,noexec,relatime",
        ]
    );
    assert!(output.contains("gid=5,mode=620,ptmxmode=666"), "{output}");
    assert!(output.contains("size=65536k,mode=755"), "{output}");
}

fn devices_are_as_dockers() {
    let script = "cd /dev; stat -c '%n %t:%T %a' null zero full random urandom tty; \
        for link in fd stdin stdout stderr core ptmx; do readlink $link; done; \
        echo lost > null; head -c 2 zero | od -An -tx1; ls | sort | tr '\\n' ' '";
    let fixture = Fixture::shell(script);
    let output = fixture.run().success();
    let expected = "null 1:3 666\nzero 1:5 666\nfull 1:7 666\nrandom 1:8 666\nurandom 1:9 666\n\
        tty 5:0 666\n/proc/self/fd\n/proc/self/fd/0\n/proc/self/fd/1\n/proc/self/fd/2\n/proc/kcore\n\
        pts/ptmx\n 00 00\n\
        core fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero ";
    assert_eq!(output, expected);
}

fn identity_files_stand_for_the_images_own() {
    let fixture = Fixture::shell("cd /etc; cat hostname hosts resolv.conf; echo more >> hosts");
    // As in images that were made on a machine with systemd-resolved.
    symlink("../run/resolve/stub.conf", fixture.image("etc/resolv.conf")).unwrap();
    fs::write(fixture.image("etc/hosts"), "of the image\n").unwrap();
    let write = |name: &str| {
        fs::write(fixture.host(name), format!("{name}\n")).unwrap();
        Some(fixture.host(name))
    };
    let mut plan = fixture.plan();
    plan.identity = IdentityFiles {
        hostname: write("name"),
        hosts: write("hosts"),
        resolv_conf: write("resolv"),
    };
    assert_eq!(fixture.run_plan(&plan).success(), "name\nhosts\nresolv\n");
    assert_eq!(
        fs::read_to_string(fixture.host("hosts")).unwrap(),
        "hosts\nmore\n"
    );

    plan.root.read_only = true;
    assert!(
        fixture
            .run_plan(&plan)
            .output
            .contains("Read-only file system")
    );
}

fn binds_are_writable_or_not() {
    let script = "cat /new/dir/seen /one-file; echo a > /new/dir/made; echo b > /ro/made";
    let fixture = Fixture::shell(script);
    fs::write(fixture.host("seen"), "seen\n").unwrap();
    fs::write(fixture.host("file"), "file\n").unwrap();
    let (host, file) = (fixture.host(""), fixture.host("file"));
    let fixture = fixture
        .bind(&host, "/new/dir", &["rbind", "rprivate"])
        .bind(&host, "/ro", &["bind", "ro"])
        .bind(&file, "/one-file", &["bind", "ro"]);
    let output = fixture.run().output;
    assert!(output.starts_with("seen\nfile\n"), "{output}");
    assert!(
        output.contains("/ro/made: Read-only file system"),
        "{output}"
    );
    assert_eq!(fs::read_to_string(fixture.host("made")).unwrap(), "a\n");
}

fn a_bind_is_read_only_all_the_way_down() {
    let below = |options: &[&str]| {
        let fixture = Fixture::shell("touch /data/below/made");
        fs::create_dir(fixture.host("below")).unwrap();
        let (below, host) = (fixture.host("below"), fixture.host(""));
        let tmpfs = rustix::mount::MountFlags::empty();
        rustix::mount::mount(c"tmpfs", &below, c"tmpfs", tmpfs, None).unwrap();
        // Lives on until the unmount, or its directory could not be removed.
        let fixture = fixture.bind(&host, "/data", options);
        let outcome = fixture.run();
        rustix::mount::unmount(&below, rustix::mount::UnmountFlags::DETACH).unwrap();
        outcome
    };
    assert!(
        below(&["rbind", "rro"])
            .output
            .contains("Read-only file system")
    );
    below(&["rbind", "ro"]).success();
}

fn tmpfs_keeps_the_mode_of_its_place() {
    let tmpfs = |destination: &str, options: &[&str]| {
        json!({ "type": "tmpfs", "source": "tmpfs",
        "destination": destination, "options": options })
    };
    let fixture = Fixture::shell("stat -c %a /tmp /etc /fresh; df -k /fresh | tail -n 1")
        .mount(tmpfs("/tmp", &["nosuid"]))
        .mount(tmpfs("/etc", &["mode=700"]))
        .mount(tmpfs("/fresh", &["size=1m"]));
    let output = fixture.run().success();
    assert!(output.starts_with("1777\n700\n1777\n"), "{output}");
    assert!(output.contains(" 1024 "), "{output}");
}

fn a_read_only_root_stays_as_it_is() {
    let fixture = Fixture::shell("touch /made; touch /dev/shm/x && echo fine")
        .set("/root", json!({ "path": "x", "readonly": true }));
    let output = fixture.run().success();
    assert!(
        output.contains("touch: /made: Read-only file system"),
        "{output}"
    );
    assert!(output.ends_with("fine\n"), "{output}");
}

fn writes_land_in_the_upper_layer() {
    let fixture = Fixture::shell("echo new > /made; rm /etc/group");
    fixture.run().success();
    assert_eq!(fs::read_to_string(fixture.upper("made")).unwrap(), "new\n");
    assert!(fixture.image("etc/group").exists());
    // Nothing of the host's temporary directory is left behind in the layer.
    assert!(!fixture.upper("merged").exists());
}

fn a_volatile_layer_comes_again_and_keeps_what_was_written() {
    let fixture = Fixture::shell("echo again >> /count; cat /count");
    let mut plan = fixture.plan();
    plan.root.volatile = true;
    for output in ["again\n", "again\nagain\n"] {
        assert_eq!(fixture.run_plan(&plan).success(), output);
    }
}

fn layers_of(fixture: &mut Fixture, count: usize, below: &str) {
    for number in 0..count {
        let layer: PathBuf = fixture.host(below).join(format!("layer-{number}"));
        fs::create_dir_all(layer.join("files")).unwrap();
        fs::write(layer.join(format!("files/{number}")), "").unwrap();
        fs::write(layer.join("top"), format!("{number}\n")).unwrap();
        fixture.add_layer(&layer);
    }
}

fn a_hundred_and_twenty_layers_are_one_tree() {
    let mut fixture = Fixture::shell("ls /files | wc -l; cat /top");
    layers_of(&mut fixture, 120, "layers");
    assert_eq!(fixture.run().success(), "120\n119\n");
}

fn layers_with_long_paths_work_too() {
    let mut fixture = Fixture::shell("ls /files | wc -l; cat /top");
    // Longer than one option may be, and with the separators of the options' old form.
    layers_of(&mut fixture, 120, &format!("{}/a:b,c", "d".repeat(240)));
    assert_eq!(fixture.run().success(), "120\n119\n");
}

fn cgroup_hierarchies_are_shown_read_only() {
    let script = "cd /sys/fs/cgroup; cat memory/limit cpu/shares; touch memory/x; touch x";
    let fixture = Fixture::shell(script);
    let mut hierarchies = Vec::new();
    for (name, file) in [("memory", "limit"), ("cpu,cpuacct", "shares")] {
        let directory = fixture.host(name);
        fs::create_dir(&directory).unwrap();
        fs::write(directory.join(file), format!("{file}\n")).unwrap();
        hierarchies.push(CgroupHierarchy {
            name: name.to_owned(),
            directory,
        });
    }
    let mut plan = fixture.plan();
    plan.cgroup_view = CgroupView::V1 { hierarchies };
    let output = fixture.run_plan(&plan).output;
    assert!(output.starts_with("limit\nshares\n"), "{output}");
    assert_eq!(
        output.matches("Read-only file system").count(),
        2,
        "{output}"
    );
}

fn sysctls_are_the_containers_own() {
    let host = fs::read_to_string("/proc/sys/kernel/shmmni").unwrap();
    let fixture = Fixture::shell("cat /proc/sys/kernel/shmmni /proc/sys/net/ipv4/ip_default_ttl")
        .set(
            "/linux/sysctl",
            json!({ "kernel.shmmni": "77", "net.ipv4.ip_default_ttl": "33" }),
        );
    assert_eq!(fixture.run().success(), "77\n33\n");
    assert_eq!(fs::read_to_string("/proc/sys/kernel/shmmni").unwrap(), host);

    let wrong = Fixture::shell("true").set("/linux/sysctl", json!({ "kernel.shmmni": "many" }));
    let error = wrong.run().refusal();
    assert_eq!(
        (error.step.as_ref(), error.path.as_str()),
        ("sysctl", "kernel/shmmni")
    );
}

fn a_missing_source_is_said() {
    let fixture = Fixture::shell("true");
    let missing = fixture.host("missing");
    let error = fixture.bind(&missing, "/data", &["bind"]).run().refusal();
    assert_eq!((error.errno, error.exit_code), (libc::ENOENT, 125));
    assert!(
        error.message.contains("the path to mount does not exist"),
        "{error}"
    );
}
