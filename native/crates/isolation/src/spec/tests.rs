use std::path::PathBuf;

use longshore_sys::clone::Namespaces;
use longshore_sys::mount::MountAttributes;
use serde_json::{Value, json};

use super::*;
use crate::plan::{MountSource, UserPlan};

fn root() -> RootPlan {
    RootPlan {
        layers: vec![PathBuf::from("/layers/a")],
        upper: PathBuf::from("/c/upper"),
        work: PathBuf::from("/c/work"),
        merged: PathBuf::from("/c/merged"),
        read_only: false,
        volatile: false,
    }
}

fn config() -> Value {
    json!({
        "ociVersion": "1.2.0",
        "process": {
            "user": { "uid": 1, "gid": 2, "additionalGids": [3] },
            "args": ["sh"], "env": ["A=b"], "cwd": "/",
            "capabilities": { "bounding": ["CAP_CHOWN"], "effective": ["CAP_CHOWN", "CAP_KILL"],
                "permitted": ["CAP_CHOWN"], "inheritable": ["CAP_CHOWN"] }
        },
        "mounts": [
            { "destination": "/tmp", "type": "tmpfs", "source": "tmpfs",
              "options": ["nosuid", "ro", "rw", "size=64k"] },
            { "destination": "/data", "type": "bind", "source": "/srv", "options": ["rbind", "rro"] }
        ],
        "linux": { "namespaces": [
            { "type": "mount" }, { "type": "pid" }, { "type": "cgroup" },
            { "type": "network", "path": "/run/netns/x" }
        ] }
    })
}

fn plan(config: &Value) -> Result<ContainerPlan, SpecError> {
    let spec = parse(config.to_string().as_bytes())?;
    ContainerPlan::from_spec("c", &spec, root())
}

#[test]
fn a_spec_becomes_a_plan() {
    let plan = plan(&config()).unwrap();
    assert_eq!(
        plan.namespaces_to_create(false),
        Namespaces::MOUNT | Namespaces::PID
    );
    assert!(plan.namespaces.own_cgroup && plan.has_own_network());
    let user = UserPlan::Numeric {
        uid: 1,
        gid: 2,
        additional_gids: vec![3],
    };
    assert_eq!(plan.process.user, user);
    assert_eq!(
        plan.process.capabilities.effective, 1,
        "effective is never more than permitted"
    );
    assert_eq!(plan.mounts[0].set, MountAttributes::NO_SUID);
    assert_eq!(plan.mounts[1].set_recursive, MountAttributes::READ_ONLY);
    assert!(matches!(
        &plan.mounts[1].source,
        MountSource::Bind {
            recursive: true,
            ..
        }
    ));
}

#[test]
fn a_bind_of_a_part_names_a_path_inside() {
    let with = |option: &str| {
        let mut config = config();
        config["mounts"][1]["options"]
            .as_array_mut()
            .unwrap()
            .push(option.into());
        plan(&config)
    };
    let MountSource::Bind { subpath, .. } = &with("subpath=a/b").unwrap().mounts[1].source else {
        panic!("no bind");
    };
    assert_eq!(subpath.as_deref(), Some(std::path::Path::new("a/b")));
    for option in ["subpath=", "subpath=/a", "subpath=a/../../b", "subpath=.."] {
        assert!(with(option).is_err(), "{option}");
    }
}

#[test]
fn a_plan_survives_the_way_to_the_process_that_clones() {
    let plan = plan(&config()).unwrap();
    let bytes = serde_json::to_vec(&plan).unwrap();
    assert_eq!(
        serde_json::from_slice::<ContainerPlan>(&bytes).unwrap(),
        plan
    );
}

#[test]
fn what_is_not_supported_is_named_and_never_ignored() {
    let cases = [
        (
            "/linux/namespaces/1",
            json!({ "type": "time" }),
            "linux.namespaces: time",
        ),
        (
            "/linux/namespaces/1",
            json!({ "type": "user", "path": "/proc/1/ns/user" }),
            "linux.namespaces: a path",
        ),
        (
            "/process/selinuxLabel",
            json!("system_u:system_r:container_t"),
            "selinuxLabel",
        ),
        (
            "/hooks",
            json!({ "prestart": [{ "path": "/bin/true" }] }),
            "hooks",
        ),
    ];
    for (pointer, value, field) in cases {
        let error = plan(&with(pointer, value)).unwrap_err();
        assert_eq!(error.class, ErrorClass::NotImplemented, "{pointer}");
        assert!(error.field.contains(field), "{error}");
    }
}

#[test]
fn what_is_wrong_is_named() {
    let cases = [
        ("/ociVersion", json!("2.0.0"), "ociVersion"),
        ("/process/args", json!([]), "process.args"),
        ("/process/env", json!(["A=\u{0}"]), "process.env"),
        ("/process/cwd", json!("relative"), "process.cwd"),
        (
            "/mounts/0/destination",
            json!("tmp"),
            "mounts[0].destination",
        ),
        ("/mounts/1/source", json!("srv"), "mounts[1].source"),
        (
            "/mounts/1/options",
            json!(["rbind", "size=1"]),
            "mounts[1].options",
        ),
        (
            "/mounts/1/options",
            json!(["rbind", "idmap"]),
            "mounts[1].options",
        ),
        (
            "/mounts/1/options",
            json!(["rbind", "tmpcopyup"]),
            "mounts[1].options",
        ),
        (
            "/linux/rootfsPropagation",
            json!("everywhere"),
            "linux.rootfsPropagation",
        ),
        (
            "/linux/uidMappings",
            json!([{ "containerID": 0, "hostID": 1, "size": 1 }]),
            "linux.uidMappings",
        ),
        (
            "/process/apparmorProfile",
            json!("a\nb"),
            "process.apparmorProfile",
        ),
        (
            "/linux/namespaces/1",
            json!({ "type": "mount" }),
            "linux.namespaces",
        ),
        (
            "/linux/maskedPaths",
            json!(["/proc/../etc"]),
            "linux.maskedPaths",
        ),
        (
            "/linux/sysctl",
            json!({ "net.ipv4.ip_forward": "1" }),
            "linux.sysctl",
        ),
        ("/hostname", json!("name"), "hostname"),
        (
            "/process/rlimits",
            json!([{ "type": "RLIMIT_NOFILE", "soft": 2, "hard": 1 }]),
            "rlimits",
        ),
    ];
    for (pointer, value, field) in cases {
        let error = plan(&with(pointer, value)).unwrap_err();
        assert_eq!(error.class, ErrorClass::InvalidArgument, "{pointer}");
        assert!(error.field.contains(field), "{pointer}: {error}");
    }
}

/// A spec whose users are mapped as given.
fn mapped(uids: Value) -> Value {
    let mut config = config();
    config["linux"] = json!({
        "namespaces": [
            { "type": "mount" }, { "type": "user" }, { "type": "pid" }, { "type": "network" },
            { "type": "ipc" }
        ],
        "uidMappings": uids,
        "gidMappings": [{ "containerID": 0, "hostID": 7, "size": 1 }]
    });
    config
}

#[test]
fn mapped_users_are_read() {
    let range = json!({ "containerID": 0, "hostID": 100_000, "size": 65_536 });
    let users = plan(&mapped(json!([range]))).unwrap().namespaces.users;
    assert_eq!(users.unwrap().root(), (100_000, 7));
}

#[test]
fn mappings_that_cannot_be_are_refused() {
    let range = |inside: u32, outside: u32, size: u32| json!({ "containerID": inside, "hostID": outside, "size": size });
    let cases = [
        json!([]),
        json!([range(1, 100_000, 10)]),
        json!([range(0, 100_000, 0)]),
        json!([range(0, u32::MAX, 2)]),
        json!([range(0, 100_000, 10), range(9, 200_000, 10)]),
        json!([range(0, 100_000, 10), range(10, 100_009, 10)]),
    ];
    for uids in cases {
        let error = plan(&mapped(uids.clone())).unwrap_err();
        assert_eq!(error.field, "linux.uidMappings", "{uids}");
    }
}

#[test]
fn mapped_users_need_namespaces_of_their_own() {
    let range = json!([{ "containerID": 0, "hostID": 100_000, "size": 65_536 }]);
    for kind in 2..=4 {
        let mut config = mapped(range.clone());
        config["linux"]["namespaces"]
            .as_array_mut()
            .unwrap()
            .remove(kind);
        assert_eq!(plan(&config).unwrap_err().field, "linux.namespaces");
    }
}

#[test]
fn shared_namespaces_are_not_made_and_their_sysctls_are_refused() {
    let mut shared = plan(&config()).unwrap();
    shared.share(Namespaces::PID).unwrap();
    assert_eq!(shared.namespaces.create, Namespaces::MOUNT);
    let refused = plan(&config()).unwrap().share(Namespaces::NETWORK);
    assert_eq!(refused.unwrap_err().field, "linux.namespaces");
    let mut with_sysctl = config();
    with_sysctl["linux"]["namespaces"] = json!([{ "type": "mount" }, { "type": "ipc" }]);
    with_sysctl["linux"]["sysctl"] = json!({ "kernel.shmmax": "1" });
    let refused = plan(&with_sysctl).unwrap().share(Namespaces::IPC);
    assert_eq!(refused.unwrap_err().field, "linux.sysctl.kernel.shmmax");
}

fn with(pointer: &str, value: Value) -> Value {
    let mut config = config();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match config.pointer_mut(parent).unwrap() {
        Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
        Value::Object(fields) => drop(fields.insert(key.to_owned(), value)),
        other => panic!("{other} has no {key}"),
    }
    config
}
