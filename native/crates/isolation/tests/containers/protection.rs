//! Images and volumes that try to have the kernel's files, or the host's, mounted elsewhere.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use longshore_isolation::ErrorClass;
use longshore_sys::clone::{CloneArgs, Cloned, clone3};
use longshore_sys::pidfd;
use rustix::fs::{CWD, RenameFlags};
use serde_json::json;

use crate::Test;
use crate::fixture::{Fixture, MASKED_PATHS, READONLY_PATHS};

pub(crate) const TESTS: &[Test] = &[
    ("masked_paths_show_nothing", masked_paths_show_nothing),
    (
        "readonly_paths_cannot_be_written",
        readonly_paths_cannot_be_written,
    ),
    (
        "a_replaced_proc_or_sys_is_refused",
        a_replaced_proc_or_sys_is_refused,
    ),
    (
        "a_dev_that_points_to_the_host_stays_inside",
        a_dev_that_points_to_the_host_stays_inside,
    ),
    (
        "a_false_null_device_is_refused",
        a_false_null_device_is_refused,
    ),
    (
        "no_volume_goes_over_the_kernels_files",
        no_volume_goes_over_the_kernels_files,
    ),
    (
        "mounts_follow_symlinks_inside_only",
        mounts_follow_symlinks_inside_only,
    ),
    (
        "a_race_in_a_volume_leads_no_mount_outside",
        a_race_in_a_volume_leads_no_mount_outside,
    ),
];

fn masked_paths_show_nothing() {
    let script = format!(
        "for path in {}; do if [ -d $path ]; then ls -A $path; touch $path/x 2>/dev/null && echo wrote; \
         elif [ -e $path ]; then cat $path; stat -c '%t:%T' $path; fi; done",
        MASKED_PATHS.join(" ")
    );
    let output = Fixture::shell(&script).run().output;
    let expected = MASKED_PATHS
        .iter()
        .filter(|path| Path::new(path).is_file())
        .count();
    assert!(expected > 0, "this kernel has at least one of the files");
    assert_eq!(output, "1:3\n".repeat(expected));
}

fn readonly_paths_cannot_be_written() {
    let there: Vec<&str> = READONLY_PATHS
        .into_iter()
        .filter(|path| Path::new(path).exists())
        .collect();
    assert!(there.contains(&"/proc/sys"));
    let script = format!(
        "echo x > /proc/sys/kernel/domainname; for path in {}; do \
         grep -c \" $path ro,.* - proc \" /proc/self/mountinfo; done",
        there.join(" ")
    );
    let output = Fixture::shell(&script).run().success();
    let words = "can't create /proc/sys/kernel/domainname: Read-only file system\n";
    assert!(
        output.ends_with(&format!("{words}{}", "1\n".repeat(there.len()))),
        "{output}"
    );
}

fn a_replaced_proc_or_sys_is_refused() {
    for name in ["proc", "sys"] {
        let fixture = Fixture::shell("true");
        fs::remove_dir(fixture.image(name)).unwrap();
        fs::create_dir_all(fixture.image("evil")).unwrap();
        symlink("/evil", fixture.image(name)).unwrap();
        let error = fixture.run().refusal();
        let words = format!("/{name} is not an ordinary directory in the image");
        assert_eq!((error.step.as_ref(), error.message), ("mount", words));

        fs::remove_file(fixture.image(name)).unwrap();
        fs::write(fixture.image(name), "").unwrap();
        assert_eq!(fixture.run().refusal().errno, libc::ENOTDIR);
    }
}

fn a_dev_that_points_to_the_host_stays_inside() {
    let fixture = Fixture::shell("echo fine > /dev/null && stat -c %t:%T /dev/null; ls /dev/pts");
    fs::remove_dir(fixture.image("dev")).unwrap();
    symlink(fixture.host(""), fixture.image("dev")).unwrap();
    assert_eq!(fixture.run().success(), "1:3\nptmx\n");
    assert!(fixture.host_is_empty());
}

fn a_false_null_device_is_refused() {
    let fixture = Fixture::shell("cat /proc/kcore").set(
        "/mounts",
        json!([
            { "destination": "/proc", "type": "proc", "source": "proc" }
        ]),
    );
    symlink("/proc/sysrq-trigger", fixture.image("dev/null")).unwrap();
    let error = fixture.run().refusal();
    assert_eq!(
        (error.class, error.path.as_str()),
        (ErrorClass::InvalidArgument, "null")
    );

    let bound = Fixture::shell("true");
    fs::write(bound.host("null"), "").unwrap();
    let host = bound.host("");
    let bound = bound.set(
        "/mounts",
        json!([
            { "destination": "/proc", "type": "proc", "source": "proc" },
            { "destination": "/dev", "type": "bind", "source": host, "options": ["bind"] }
        ]),
    );
    let error = bound.run().refusal();
    assert_eq!(
        (error.step.as_ref(), error.path.as_str()),
        ("mask", "/dev/null")
    );
}

fn no_volume_goes_over_the_kernels_files() {
    for destination in ["/proc", "/proc/sys", "/proc/self/attr", "/kernel/sys"] {
        let fixture = Fixture::shell("true");
        symlink("/proc", fixture.image("kernel")).unwrap();
        let host = fixture.host("");
        let error = fixture.bind(&host, destination, &["bind"]).run().refusal();
        assert!(error.message.contains("lies inside /proc"), "{error}");
    }
    let fixture = Fixture::shell("cat /proc/meminfo");
    fs::write(fixture.host("meminfo"), "as lxcfs does\n").unwrap();
    let source = fixture.host("meminfo");
    let allowed = fixture.bind(&source, "/proc/meminfo", &["bind", "ro"]);
    assert_eq!(allowed.run().success(), "as lxcfs does\n");
}

fn mounts_follow_symlinks_inside_only() {
    let fixture = Fixture::shell("cat /away/seen");
    let outside = tempfile::tempdir().unwrap();
    symlink(outside.path(), fixture.image("away")).unwrap();
    fs::write(fixture.host("seen"), "seen\n").unwrap();
    let host = fixture.host("");
    let fixture = fixture.bind(&host, "/away", &["bind"]);
    assert_eq!(fixture.run().success(), "seen\n");
    assert!(fs::read_dir(outside.path()).unwrap().next().is_none());
}

/// While containers start, a process exchanges the place of a mount in a shared volume with a symlink to the root.
fn a_race_in_a_volume_leads_no_mount_outside() {
    let fixture = Fixture::shell("grep -c marker /proc/self/mountinfo; ls /volume/place");
    let (volume, marker) = (fixture.host("volume"), fixture.host("marker"));
    fs::create_dir_all(volume.join("place")).unwrap();
    fs::create_dir(&marker).unwrap();
    symlink("/../../../../../../../../../..", volume.join("link")).unwrap();
    let fixture =
        fixture
            .bind(&volume, "/volume", &["bind"])
            .bind(&marker, "/volume/place/below", &["bind"]);
    let plan = fixture.plan();
    // SAFETY: the tests run in the main thread, and there is no other.
    let Cloned::Parent { pidfd: racer, .. } = unsafe { clone3(&CloneArgs::PLAIN) }.unwrap() else {
        exchange_forever(&volume)
    };
    for _ in 0..150 {
        let outcome = fixture.run_plan(&plan);
        // Wherever it landed, the container sees it; or the start was refused.
        let inside = outcome.output.starts_with("1\n");
        assert!(inside || outcome.failure.is_some(), "{outcome:?}");
    }
    pidfd::send_signal(&racer, libc::SIGKILL).unwrap();
    pidfd::wait(&racer).unwrap();
    assert!(
        !Path::new("/below").exists(),
        "nothing was made in the host's root"
    );
}

fn exchange_forever(volume: &Path) -> ! {
    let (place, link) = (volume.join("place"), volume.join("link"));
    loop {
        let _ = rustix::fs::renameat_with(CWD, &place, CWD, &link, RenameFlags::EXCHANGE);
    }
}
