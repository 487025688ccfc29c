//! Mounts that travel between host and container, and those that do not.

use std::fs;
use std::path::Path;

use longshore_isolation::ErrorClass;
use longshore_sys::mount::{AttributeChange, Propagation};
use rustix::mount::{MountFlags, MountPropagationFlags, UnmountFlags};
use serde_json::json;

use crate::Test;
use crate::fixture::{Fixture, Running};

pub(crate) const TESTS: &[Test] = &[
    ("a_slave_sees_the_hosts_later_mounts", slave),
    ("a_private_bind_sees_none", private),
    ("a_shared_bind_shows_its_mounts_to_the_host", shared),
    ("what_the_host_does_not_share_is_refused", not_shared),
    ("the_root_can_be_shared_with_what_is_inside", shared_root),
    ("a_tmpfs_can_begin_with_a_copy", copy_up),
    ("a_tmpfs_has_its_options", tmpfs_options),
    ("recursive_attributes_can_be_cleared", recursive_clear),
    ("devices_have_owner_mode_and_name_as_asked", devices),
];

/// A shared mount of the host's, for as long as this lives.
struct SharedMount(std::path::PathBuf);

impl SharedMount {
    fn on(path: &Path) -> SharedMount {
        rustix::mount::mount(c"tmpfs", path, c"tmpfs", MountFlags::empty(), None).unwrap();
        rustix::mount::mount_change(path, MountPropagationFlags::SHARED).unwrap();
        fs::create_dir(path.join("inner")).unwrap();
        SharedMount(path.to_owned())
    }

    fn mount_inside(&self) {
        let inner = self.0.join("inner");
        rustix::mount::mount(c"tmpfs", &inner, c"tmpfs", MountFlags::empty(), None).unwrap();
        fs::write(inner.join("late"), "late\n").unwrap();
    }
}

impl Drop for SharedMount {
    fn drop(&mut self) {
        // All mounts of the tests, leaked ones too, end with this process.
        let _ = rustix::mount::unmount(self.0.join("inner"), UnmountFlags::DETACH);
        let _ = rustix::mount::unmount(&self.0, UnmountFlags::DETACH);
    }
}

/// What a container with this bind says of a mount that the host makes while it runs.
fn later_mount(options: &[&str]) -> String {
    let fixture = Fixture::shell("echo up; read line; ls /data/inner; true");
    let shared = SharedMount::on(&fixture.host(""));
    let host = fixture.host("");
    let fixture = fixture.bind(&host, "/data", options);
    let mut running = Running::start(&fixture.plan(), false);
    assert_eq!(running.line(), "up\n");
    shared.mount_inside();
    running.write(b"go\n");
    running.finish().success()
}

fn slave() {
    assert_eq!(later_mount(&["rbind", "rslave"]), "late\n");
    assert_eq!(later_mount(&["rbind", "rshared"]), "late\n");
}

fn private() {
    assert_eq!(later_mount(&["rbind"]), "");
    assert_eq!(later_mount(&["rbind", "rprivate"]), "");
}

fn shared() {
    for (option, arrives) in [("rshared", true), ("rslave", false)] {
        let script =
            "mount -t tmpfs x /data/inner && touch /data/inner/made && echo done; read line";
        let mut fixture = Fixture::shell(script);
        for set in ["bounding", "permitted", "effective"] {
            let all = json!(["CAP_SYS_ADMIN", "CAP_DAC_OVERRIDE"]);
            fixture = fixture.set(&format!("/process/capabilities/{set}"), all);
        }
        let mount = SharedMount::on(&fixture.host(""));
        let host = fixture.host("");
        let fixture = fixture.bind(&host, "/data", &["rbind", option]);
        let mut running = Running::start(&fixture.plan(), false);
        assert_eq!(running.line(), "done\n");
        assert_eq!(mount.0.join("inner/made").exists(), arrives, "{option}");
        running.kill();
    }
}

fn not_shared() {
    for option in ["rshared", "slave"] {
        let fixture = Fixture::shell("true");
        let host = fixture.host("");
        let fixture = fixture.bind(&host, "/data", &["rbind", option]);
        let error = fixture.run().refusal();
        assert_eq!(error.class, ErrorClass::FailedPrecondition, "{error:?}");
        assert!(error.message.contains("does not share"), "{error:?}");
        assert!(!error.hint.is_empty());
    }
}

fn shared_root() {
    let script = "grep ' / / ' /proc/self/mountinfo";
    let fixture = Fixture::shell(script).set("/linux/rootfsPropagation", json!("rshared"));
    assert!(fixture.run().success().contains(" shared:"));
    let host = AttributeChange {
        propagation: Some(Propagation::Private),
        recursive: true,
        ..AttributeChange::default()
    };
    longshore_sys::mount::change_attributes_at(c"/", &host).unwrap();
    let fixture = Fixture::shell(script).set("/linux/rootfsPropagation", json!("private"));
    assert!(!fixture.run().success().contains(" shared:"));
}

fn copy_up() {
    let script = "cd /srv; stat -c '%n %a %u' . deep deep/file link; cat deep/file; readlink link; echo more > deep/file";
    let fixture = Fixture::shell(script).mount(json!({
        "type": "tmpfs", "source": "tmpfs", "destination": "/srv", "options": ["tmpcopyup"]
    }));
    fs::create_dir_all(fixture.image("srv/deep")).unwrap();
    fs::write(fixture.image("srv/deep/file"), "kept\n").unwrap();
    std::os::unix::fs::symlink("deep/file", fixture.image("srv/link")).unwrap();
    std::os::unix::fs::chown(fixture.image("srv/deep/file"), Some(7), Some(8)).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o4750);
    fs::set_permissions(fixture.image("srv/deep/file"), mode).unwrap();
    let text = fixture.run().success();
    let expected = ". 755 0\ndeep 755 0\ndeep/file 4750 7\nlink 777 0\nkept\ndeep/file\n";
    assert_eq!(text, expected);
    assert!(!fixture.upper("srv/deep/file").exists());
}

fn tmpfs_options() {
    let options = [
        "size=2m",
        "mode=0710",
        "uid=5",
        "gid=6",
        "nr_inodes=3",
        "noexec",
    ];
    let script = "stat -c '%a %u %g' /own; cd /own; touch a b c; ls | wc -l";
    let fixture = Fixture::shell(script).mount(json!({
        "type": "tmpfs", "source": "tmpfs", "destination": "/own", "options": options
    }));
    let text = fixture.run().output;
    assert!(text.starts_with("710 5 6\n"), "{text}");
    assert!(
        text.contains("No space left") && text.ends_with("2\n"),
        "{text}"
    );
}

fn recursive_clear() {
    let fixture =
        Fixture::shell("touch /data/inner/made; grep -c ' /data/inner ' /proc/self/mountinfo");
    let shared = SharedMount::on(&fixture.host(""));
    shared.mount_inside();
    let read_only = AttributeChange {
        set: longshore_sys::mount::MountAttributes::READ_ONLY,
        ..AttributeChange::default()
    };
    let inner = fs::File::open(shared.0.join("inner")).unwrap();
    longshore_sys::mount::change_attributes(&inner, &read_only).unwrap();
    let host = fixture.host("");
    let plain = Fixture::shell("touch /data/inner/made").bind(&host, "/data", &["rbind"]);
    assert!(plain.run().output.contains("Read-only"));
    let fixture = fixture.bind(&host, "/data", &["rbind", "rrw"]);
    assert_eq!(fixture.run().success(), "1\n");
}

fn devices() {
    let devices = json!([
        { "path": "/dev/other-name", "type": "c", "major": 1, "minor": 3,
          "fileMode": 0o640, "uid": 3, "gid": 4 },
        { "path": "/dev/below/pipe", "type": "p", "fileMode": 0o600 }
    ]);
    let script = "cd /dev; stat -c '%t:%T %a %u %g' other-name; test -p below/pipe && echo pipe";
    let fixture = Fixture::shell(script).set("/linux/devices", devices);
    assert_eq!(fixture.run().success(), "1:3 640 3 4\npipe\n");
}
