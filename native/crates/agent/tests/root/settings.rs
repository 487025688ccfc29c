//! What a spec asks for, and what a container shows of it from inside.

use libtest_mimic::Trial;
use longshore_protocol::v1;
use longshore_protocol::v1::process_output::What;
use serde_json::{Value, json};

use crate::agent::{Agent, new_id, until};
use crate::execs::{begin, exec};
use crate::failures::failure_of;
use crate::spec::spec;
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial(
            "settings that this host cannot give are refused by name and leave nothing",
            refused,
        ),
        trial(
            "a container lies below the cgroup it asks for",
            cgroup_parent,
        ),
        trial("a privileged container has all of the host", privileged),
        trial("a privileged exec has all rights", privileged_exec),
        trial("a filter in the spec holds, and none is none", filters),
        trial(
            "a cgroup namespace hides the host's tree",
            cgroup_namespaces,
        ),
        trial("users are mapped, on the bridge as well", mapped_users),
        trial("limits on disks and time are the kernel's", limits),
    ]
}

/// What the container says.
async fn said(agent: &Agent, request: v1::RunRequest) -> String {
    let id = request.id.clone();
    agent.run_to_exit(request).await;
    let text = agent.log_text(&id).await;
    agent.delete(&id).await;
    text
}

fn shell(script: &str) -> Value {
    spec(&["sh", "-c", script])
}

fn may_raise_limits() -> bool {
    let own = rustix::thread::capabilities(None).unwrap();
    own.effective
        .contains(rustix::thread::CapabilitySet::SYS_RESOURCE)
}

async fn refused() {
    let agent = Agent::start().await;
    let before = agent.traces();
    let mut cases = vec![
        (
            "/linux/resources",
            json!({ "cpu": { "realtimeRuntime": 950_001 } }),
            "cpu.realtimeRuntime",
        ),
        (
            "/linux/resources",
            json!({ "memory": { "limit": 1 << 30, "swap": 1 << 20 } }),
            "memory.swap",
        ),
        (
            "/linux/resources",
            json!({ "memory": { "swappiness": 200 } }),
            "memory.swappiness",
        ),
        (
            "/linux/resources",
            json!({ "unified": { "memory.high": "1" } }),
            "resources.unified",
        ),
        (
            "/linux/resources",
            json!({ "cpu": { "cpus": "4000" } }),
            "cpu.cpus",
        ),
        (
            "/linux/sysctl",
            json!({ "kernel.core_pattern": "|/bin/sh" }),
            "linux.sysctl.kernel.core_pattern",
        ),
        (
            "/linux/sysctl",
            json!({ "net.core.somaxconn": "1+kernel.core_pattern=x" }),
            "linux.sysctl",
        ),
        (
            "/linux/cgroupsPath",
            json!("/../../etc"),
            "linux.cgroupsPath",
        ),
        (
            "/linux/uidMappings",
            json!([{ "containerID": 0, "hostID": 1, "size": 1 }]),
            "linux.uidMappings",
        ),
        (
            "/linux/rootfsPropagation",
            json!("everywhere"),
            "linux.rootfsPropagation",
        ),
    ];
    if !may_raise_limits() {
        let limits = json!([{ "type": "RLIMIT_NOFILE", "soft": 1, "hard": 1_u64 << 40 }]);
        cases.push(("/process/rlimits", limits, "process.rlimits RLIMIT_NOFILE"));
        cases.push(("/process/oomScoreAdj", json!(-900), "process.oomScoreAdj"));
    }
    if !std::path::Path::new("/sys/module/apparmor").exists() {
        let profile = json!("docker-default");
        cases.push((
            "/process/apparmorProfile",
            profile,
            "process.apparmorProfile",
        ));
    }
    for (pointer, value, field) in cases {
        let mut spec = shell("true");
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = spec.pointer_mut(parent).unwrap();
        parent[key] = value;
        let request = agent.request_of(new_id(), &spec);
        let status = agent.runtime().run(request).await.expect_err(field);
        let failure = failure_of(&status);
        assert!(failure.message.contains(field), "{field}: {failure:?}");
        assert_ne!(
            failure.error_class(),
            v1::ErrorClass::Internal,
            "{failure:?}"
        );
    }
    until("nothing is left", || agent.traces() == before).await;
}

async fn cgroup_parent() {
    let mut agent = Agent::start().await;
    let id = new_id();
    let top = format!("longshore-test-{}", std::process::id());
    let mut spec = shell("sleep 1000");
    spec["linux"]["cgroupsPath"] = json!(format!("/{top}/team/{id}"));
    let request = agent.request_of(id.clone(), &spec);
    let pid = agent.runtime().run(request).await.unwrap().into_inner().pid;
    let text = std::fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap();
    assert!(text.contains(&format!("/{top}/team/{id}")), "{text}");
    assert!(!text.contains("/longshore/"), "{text}");
    let output = exec(&agent, begin(&id, &["true"])).await;
    assert_eq!(exit_of(output.unwrap()).await, 0);
    // A successor finds it there as well.
    agent.kill();
    agent.start_again().await;
    agent.delete(&id).await;
    let folders = || {
        let roots = std::fs::read_dir("/sys/fs/cgroup").unwrap().flatten();
        roots.filter(|root| root.path().join(&top).exists()).count()
    };
    until("the parent is gone", || folders() == 0).await;
}

async fn exit_of(mut running: crate::execs::Exec) -> i32 {
    loop {
        let message = running.output.message().await.unwrap().unwrap();
        if let Some(What::Exited(exited)) = message.what {
            return exited.code;
        }
    }
}

fn all_capabilities() -> u64 {
    longshore_isolation::credentials::host_bounding_set().unwrap()
}

fn hex_field(text: &str, name: &str) -> u64 {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{name}:\t")));
    u64::from_str_radix(line.unwrap_or_else(|| panic!("no {name}: {text}")), 16).unwrap()
}

async fn privileged() {
    let agent = Agent::start().await;
    let script = "cat /proc/self/status; echo rights; \
        busybox grep -c ' /proc/' /proc/self/mountinfo; \
        busybox grep ' /sys sysfs rw' /proc/mounts; \
        cd /sys/fs/cgroup; if test -d memory; then cd memory; fi; \
        mkdir inner && busybox rmdir inner && echo cgroup; \
        echo > /proc/sys/net/core/somaxconn 128 && echo sysctl; \
        for disk in $(ls /sys/block); do head -c 1 /dev/$disk >/dev/null && echo disk; done; \
        test -c /dev/kmsg && echo kmsg; hostname changed && hostname";
    let mut spec = shell(script);
    let names: Vec<String> = oci_capabilities();
    for set in ["bounding", "permitted", "effective"] {
        spec["process"]["capabilities"][set] = json!(names);
    }
    spec["linux"]["maskedPaths"] = json!([]);
    spec["linux"]["readonlyPaths"] = json!([]);
    let anything = json!([{ "allow": true, "access": "rwm" }]);
    spec["linux"]["resources"] = json!({ "devices": anything });
    for mount in spec["mounts"].as_array_mut().unwrap() {
        if let Some(options) = mount["options"].as_array_mut() {
            options.retain(|option| option != "ro");
        }
    }
    let request = v1::RunRequest {
        host_devices: true,
        seccomp_profile: "unconfined".into(),
        ..agent.request_of(new_id(), &spec)
    };
    let text = said(&agent, request).await;
    assert_eq!(hex_field(&text, "CapEff"), all_capabilities(), "{text}");
    assert_eq!(hex_field(&text, "Seccomp"), 0, "{text}");
    let rest = text.split("rights\n").nth(1).unwrap_or_default();
    assert!(rest.starts_with("0\n"), "nothing lies over /proc: {rest}");
    for line in ["cgroup", "sysctl", "kmsg", "changed"] {
        assert!(rest.lines().any(|it| it == line), "{line}: {rest}");
    }
    assert!(rest.contains("sysfs rw"), "{rest}");
    let can_read = |name: &std::ffi::OsString| {
        let disk = std::fs::File::open(std::path::Path::new("/dev").join(name));
        disk.is_ok_and(|mut disk| std::io::Read::read(&mut disk, &mut [0]).is_ok())
    };
    let names = std::fs::read_dir("/sys/block").unwrap().flatten();
    let disks = names.filter(|it| can_read(&it.file_name())).count();
    let read = rest.lines().filter(|line| *line == "disk").count();
    assert_eq!(read, disks, "{rest}");
}

/// All that Linux 6 has.
fn oci_capabilities() -> Vec<String> {
    let text = "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP \
        LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE \
        SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME \
        SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG \
        WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE";
    text.split_whitespace()
        .map(|name| format!("CAP_{name}"))
        .collect()
}

async fn privileged_exec() {
    let agent = Agent::start().await;
    let request = agent.request(&["sleep", "1000"]);
    let id = request.id.clone();
    agent.runtime().run(request).await.unwrap();
    for privileged in [false, true] {
        let begin = v1::ExecBegin {
            privileged,
            ..begin(&id, &["cat", "/proc/self/status"])
        };
        let mut running = exec(&agent, begin).await.unwrap();
        let mut text = Vec::new();
        while let Some(message) = running.output.message().await.unwrap() {
            if let Some(What::Stdout(bytes)) = message.what {
                text.extend(bytes);
            }
        }
        let text = String::from_utf8(text).unwrap();
        let has_all = hex_field(&text, "CapEff") == all_capabilities();
        let is_filtered = hex_field(&text, "Seccomp") == 2;
        assert_eq!((has_all, is_filtered), (privileged, !privileged), "{text}");
    }
    agent.delete(&id).await;
}

async fn filters() {
    let agent = Agent::start().await;
    let script = "mkdir /made && echo made; busybox grep Seccomp: /proc/self/status";
    let mut spec = shell(script);
    spec["linux"]["seccomp"] = json!({
        "defaultAction": "SCMP_ACT_ALLOW",
        "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"],
        "syscalls": [{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28 }]
    });
    let with = |profile: &str| v1::RunRequest {
        seccomp_profile: profile.into(),
        ..agent.request_of(new_id(), &spec)
    };
    let text = said(&agent, with("")).await;
    assert!(
        text.contains("No space left") && text.contains("Seccomp:\t2\n"),
        "{text}"
    );
    let text = said(&agent, with("unconfined")).await;
    assert!(
        text.starts_with("made\n") && text.ends_with("0\n"),
        "{text}"
    );
    let unknown = agent.runtime().run(with("strict")).await.unwrap_err();
    assert_eq!(unknown.code(), tonic::Code::InvalidArgument);
    spec["linux"]["seccomp"]["syscalls"][0]["action"] = json!("SCMP_ACT_NOTIFY");
    let request = v1::RunRequest {
        seccomp_profile: String::new(),
        ..agent.request_of(new_id(), &spec)
    };
    assert!(agent.runtime().run(request).await.is_err());
}

async fn cgroup_namespaces() {
    let agent = Agent::start().await;
    let script = "cat /proc/self/cgroup; cat /sys/fs/cgroup/memory/memory.limit_in_bytes \
        /sys/fs/cgroup/memory.max 2>/dev/null";
    let mut spec = shell(script);
    spec["linux"]["resources"] = json!({ "memory": { "limit": 64 << 20 } });
    let private = said(&agent, agent.request_of(new_id(), &spec)).await;
    assert!(
        private.contains(":memory:/\n") || private.starts_with("0::/\n"),
        "{private}"
    );
    assert!(!private.contains("longshore"), "{private}");
    assert!(private.ends_with("67108864\n"), "{private}");
    let namespaces = spec["linux"]["namespaces"].as_array_mut().unwrap();
    namespaces.retain(|it| it["type"] != "cgroup");
    let request = agent.request_of(new_id(), &spec);
    let own = format!("/longshore/{}\n", request.id);
    let host = said(&agent, request).await;
    assert!(host.contains(&own), "{host}");
}

async fn mapped_users() {
    let agent = Agent::start().await;
    let script = "id -u; cat /proc/self/uid_map; touch /made && busybox stat -c %u /made /etc/hosts; \
        echo 1 > /dev/null && ip addr show eth0; sleep 1000";
    let mut spec = shell(script);
    let namespaces = spec["linux"]["namespaces"].as_array_mut().unwrap();
    namespaces.push(json!({ "type": "user" }));
    let ranges = json!([{ "containerID": 0, "hostID": 200_000, "size": 65_536 }]);
    spec["linux"]["uidMappings"] = ranges.clone();
    spec["linux"]["gidMappings"] = ranges;
    let request = v1::RunRequest {
        networks: vec![v1::NetworkAttachment {
            network: "bridge".into(),
            ..Default::default()
        }],
        ..agent.request_of(new_id(), &spec)
    };
    let id = request.id.clone();
    let answer = agent.runtime().run(request).await.unwrap().into_inner();
    let status = std::fs::read_to_string(format!("/proc/{}/status", answer.pid)).unwrap();
    assert!(status.contains("Uid:\t200000\t"), "{status}");
    let address = format!("inet {}", answer.addresses[0].address);
    let mut text = String::new();
    for _ in 0..1000 {
        text = agent.log_text(&id).await;
        if text.contains(&address) {
            break;
        }
    }
    assert!(text.starts_with("0\n"), "{text}");
    assert!(
        text.contains("200000") && text.contains("\n0\n0\n"),
        "{text}"
    );
    assert!(text.contains(&address), "{text}");
    let running = exec(
        &agent,
        begin(&id, &["sh", "-c", "test $(id -u) = 0 && touch /too"]),
    );
    assert_eq!(exit_of(running.await.unwrap()).await, 0);
    agent.delete(&id).await;
}

async fn limits() {
    let agent = Agent::start().await;
    let Some(disk) = std::fs::read_dir("/sys/block").unwrap().flatten().next() else {
        return;
    };
    let number = std::fs::read_to_string(disk.path().join("dev")).unwrap();
    let (major, minor) = number.trim().split_once(':').unwrap();
    let (major, minor): (u32, u32) = (major.parse().unwrap(), minor.parse().unwrap());
    let rate = json!([{ "major": major, "minor": minor, "rate": 1 << 20 }]);
    let mut spec = shell("sleep 1000");
    spec["linux"]["resources"] = json!({
        "blockIO": { "weight": 200, "throttleReadBpsDevice": rate },
        "cpu": { "quota": 20_000, "period": 100_000, "burst": 5_000, "cpus": "0", "shares": 512 },
        "pids": { "limit": 10 }
    });
    let request = agent.request_of(new_id(), &spec);
    let id = request.id.clone();
    agent.runtime().run(request).await.unwrap();
    let read = |paths: [&str; 2]| {
        let read = |path| std::fs::read_to_string(format!("/sys/fs/cgroup/{path}")).ok();
        let first = paths.map(|path| path.replace("ID", &format!("longshore/{id}")));
        first.iter().find_map(read).unwrap_or_default()
    };
    let throttle = read(["blkio/ID/blkio.throttle.read_bps_device", "ID/io.max"]);
    assert!(throttle.contains("1048576"), "{throttle}");
    let quota = read(["cpu/ID/cpu.cfs_quota_us", "ID/cpu.max"]);
    assert!(quota.starts_with("20000"), "{quota}");
    let burst = read(["cpu/ID/cpu.cfs_burst_us", "ID/cpu.max.burst"]);
    assert_eq!(burst.trim(), "5000");
    let pids = read(["pids/ID/pids.max", "ID/pids.max"]);
    assert_eq!(pids.trim(), "10");
    agent.delete(&id).await;
}
