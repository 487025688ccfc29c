use std::fs::File;
use std::path::Path;

use libtest_mimic::Failed;
use longshore_cgroups::{DeviceRules, Limits, Mode};
use rustix::fs::{CWD, FileType, makedev, mknodat};

use crate::child::{End, Scratch, run};
use crate::namespaces::without;
use crate::{Needs, Test};

pub(crate) const TESTS: &[Test] = &[
    Test {
        name: "the_default_rules_keep_a_container_off_the_disks",
        needs: Needs::Nothing,
        run: default_rules,
    },
    Test {
        name: "the_default_rules_as_a_program_keep_a_container_off_the_disks",
        needs: Needs::UnifiedHierarchy,
        run: default_rules_as_program,
    },
    Test {
        name: "rules_as_a_program_add_to_the_default",
        needs: Needs::UnifiedHierarchy,
        run: added_rule_as_program,
    },
];

/// A disk without a driver behind it: allowed, opening says "no such device"; denied, "not permitted".
fn disk(dir: &Path) -> Result<String, Failed> {
    let path = dir.join("disk");
    mknodat(
        CWD,
        &path,
        FileType::BlockDevice,
        0o600.into(),
        makedev(240, 77),
    )?;
    Ok(path.display().to_string())
}

/// Whether `path` can be opened, told from what the shell says when it cannot.
fn open_script(path: &str, log: &str) -> String {
    format!("exec 2>{log}; : <{path}")
}

fn denies_disks_only(scratch: &Scratch, rules: &DeviceRules) -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    let disk = disk(dir.path())?;
    let log = dir.path().join("log").display().to_string();
    let cgroup = scratch
        .host
        .create(&scratch.path, &Limits::default(), rules)?;
    run(&cgroup, &["sh", "-c", &open_script(&disk, &log)])?;
    let said = std::fs::read_to_string(&log)?;
    assert!(said.contains("Operation not permitted"), "{said}");
    assert_eq!(
        run(
            &cgroup,
            &["sh", "-c", ": </dev/null >/dev/null; : </dev/urandom"]
        )?,
        End::Exited(0)
    );
    let made = dir.path().join("made").display().to_string();
    assert_eq!(
        run(&cgroup, &["mknod", &made, "b", "240", "78"])?,
        End::Exited(0)
    );
    assert!(File::open(&disk).is_err_and(|error| error.raw_os_error() == Some(libc::ENXIO)));
    cgroup.remove()?;
    Ok(())
}

fn default_rules() -> Result<(), Failed> {
    denies_disks_only(&Scratch::new("devices")?, &DeviceRules::docker_default())
}

fn default_rules_as_program() -> Result<(), Failed> {
    without("cgroup", default_rules_as_program_alone)
}

fn default_rules_as_program_alone() -> Result<(), Failed> {
    let scratch = Scratch::new("device-program")?;
    assert_eq!(scratch.host.mode(), Mode::V2);
    denies_disks_only(&scratch, &DeviceRules::docker_default())
}

fn added_rule_as_program() -> Result<(), Failed> {
    without("cgroup", added_rule_as_program_alone)
}

fn added_rule_as_program_alone() -> Result<(), Failed> {
    let scratch = Scratch::new("device-rule")?;
    let dir = tempfile::tempdir()?;
    let disk = disk(dir.path())?;
    let log = dir.path().join("log").display().to_string();
    let list = serde_json::from_str::<Vec<_>>(
        r#"[{"allow":false,"access":"rwm"},{"allow":true,"type":"b","major":240,"access":"r"}]"#,
    )?;
    let rules = DeviceRules::from_oci(&list)?;
    let cgroup = scratch
        .host
        .create(&scratch.path, &Limits::default(), &rules)?;
    run(&cgroup, &["sh", "-c", &open_script(&disk, &log)])?;
    let said = std::fs::read_to_string(&log)?;
    assert!(said.contains("No such device"), "{said}");
    cgroup.remove()?;
    Ok(())
}
