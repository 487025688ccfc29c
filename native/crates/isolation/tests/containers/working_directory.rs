//! The working directory: made when missing, and never outside.

use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};

use serde_json::json;

use crate::Test;
use crate::fixture::{Fixture, Outcome};

pub(crate) const TESTS: &[Test] = &[
    (
        "a_missing_one_is_made_for_the_user",
        a_missing_one_is_made_for_the_user,
    ),
    (
        "it_is_made_below_a_read_only_root_too",
        it_is_made_below_a_read_only_root_too,
    ),
    ("it_is_made_in_a_volume", it_is_made_in_a_volume),
    ("no_symlink_leads_it_outside", no_symlink_leads_it_outside),
    (
        "no_descriptor_leads_it_outside",
        no_descriptor_leads_it_outside,
    ),
    ("a_file_is_refused", a_file_is_refused),
];

fn run(fixture: Fixture, cwd: &str) -> Outcome {
    fixture.set("/process/cwd", json!(cwd)).run()
}

fn a_missing_one_is_made_for_the_user() {
    let fixture = Fixture::shell("pwd; stat -c '%u:%g %a' . ..; touch made")
        .set("/process/user", json!({ "uid": 1000, "gid": 1001 }))
        .set("/process/cwd", json!("/srv/app"));
    assert_eq!(
        fixture.run().success(),
        "/srv/app\n1000:1001 755\n0:0 755\n"
    );
    assert_eq!(
        fs::metadata(fixture.upper("srv/app/made")).unwrap().uid(),
        1000
    );
}

fn it_is_made_below_a_read_only_root_too() {
    let fixture = Fixture::shell("pwd").set("/root", json!({ "path": "x", "readonly": true }));
    assert_eq!(run(fixture, "/srv/app").success(), "/srv/app\n");
}

fn it_is_made_in_a_volume() {
    let fixture = Fixture::shell("touch here").set("/process/cwd", json!("/volume/deep/down"));
    let host = fixture.host("");
    let fixture = fixture.bind(&host, "/volume", &["bind"]);
    fixture.run().success();
    assert!(fixture.host("deep/down/here").exists());
}

fn no_symlink_leads_it_outside() {
    let outside = tempfile::tempdir().unwrap();
    let target = outside.path().join("made");
    let fixture = Fixture::shell("pwd -P");
    symlink(&target, fixture.image("absolute")).unwrap();
    symlink("../../../../../../../..", fixture.image("dots")).unwrap();
    let fixture = fixture.set("/process/cwd", json!("/absolute"));
    assert_eq!(fixture.run().success(), format!("{}\n", target.display()));
    assert!(!target.exists());
    let fixture = fixture.set("/process/cwd", json!("/dots"));
    assert_eq!(fixture.run().success(), "/\n");
}

fn no_descriptor_leads_it_outside() {
    for number in 3..20 {
        for path in [
            "/proc/self/fd",
            "/proc/self/fd/../fd",
            "/proc/1/fd",
            "/dev/fd",
        ] {
            let outcome = run(Fixture::shell("pwd; ls"), &format!("{path}/{number}"));
            assert_eq!(outcome.refusal().step, "cwd", "{path}/{number}");
        }
    }
    for path in ["/proc/self/cwd", "/proc/1/root"] {
        assert_eq!(
            run(Fixture::shell("pwd"), path).refusal().errno,
            libc::ELOOP
        );
    }
}

fn a_file_is_refused() {
    let error = run(Fixture::shell("true"), "/etc/passwd").refusal();
    assert_eq!((error.step.as_ref(), error.errno), ("cwd", libc::ENOTDIR));
}
