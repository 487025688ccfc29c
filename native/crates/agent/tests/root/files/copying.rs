//! As `docker cp` does it.

use libtest_mimic::Trial;
use longshore_protocol::v1;
use serde_json::json;
use tonic::Code;

use super::support::{
    after, begin, contents, during, entries, finish, names, read, stat, tar_of, write,
};
use crate::agent::{Agent, PATIENCE, new_id};
use crate::execs::{begin as begin_exec, exec};
use crate::image::add;
use crate::spec::spec;
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial(
            "files are copied out of a stopped container",
            out_of_stopped,
        ),
        trial(
            "files are copied out of a running container, its mounts included",
            out_of_running,
        ),
        trial("files are copied into running and stopped containers", into),
        trial(
            "a container has files before its first run, also after the agent's death",
            before_first_run,
        ),
        trial(
            "copies belong to the archive's users, or to one that is named",
            owners,
        ),
        trial(
            "copies into and out of mapped users have the container's own ids",
            mapped,
        ),
        trial("a read-only root or mount is not written to", read_only),
        trial(
            "a directory is not replaced by something else unless that is allowed",
            overwriting,
        ),
        trial("unknown containers and paths are not found", unknown),
    ]
}

async fn out_of_stopped() {
    let agent = Agent::start().await;
    let script =
        "mkdir -p /d/sub; echo one > /d/a; echo two > /d/sub/b; cd /d; ln -s sub link; ln a hard";
    let id = after(
        &agent,
        &script
            .replace("ln ", "busybox ln ")
            .replace("busybox ", "/bin/busybox "),
    )
    .await;
    let (found, tar) = read(&agent, &id, "/d").await.unwrap();
    assert_eq!(
        (found.name.as_str(), found.mode & 0o170_000),
        ("d", 0o040_000)
    );
    assert_eq!(
        names(&tar),
        ["d/", "d/a", "d/hard", "d/link", "d/sub/", "d/sub/b"]
    );
    assert_eq!(contents(&tar)["d/a"], "one\n");
    assert_eq!(contents(&tar)["d/sub/b"], "two\n");
    let (found, tar) = read(&agent, &id, "d/sub/../a").await.unwrap();
    assert_eq!((found.name.as_str(), found.size), ("a", 4));
    assert_eq!(names(&tar), ["a"]);
    // A link is copied as such, unless the path says that a folder is meant.
    let found = stat(&agent, &id, "/d/link").await.unwrap();
    assert_eq!(
        (found.mode & 0o170_000, found.link_target.as_str()),
        (0o120_000, "/d/sub")
    );
    assert_eq!(
        names(&read(&agent, &id, "/d/link").await.unwrap().1),
        ["link"]
    );
    assert_eq!(
        names(&read(&agent, &id, "/d/link/").await.unwrap().1),
        ["link/", "link/b"]
    );
    let root = stat(&agent, &id, "/").await.unwrap();
    assert_eq!(root.name, "/");
}

async fn out_of_running() {
    let agent = Agent::start().await;
    let id = during(
        &agent,
        "echo shm > /dev/shm/x; /bin/busybox mkfifo /tmp/fifo",
    )
    .await;
    assert_eq!(
        contents(&read(&agent, &id, "/dev/shm").await.unwrap().1)["shm/x"],
        "shm\n"
    );
    // A FIFO keeps nobody waiting; procfs has no files, and a copy of all passes it by.
    assert_eq!(
        names(&read(&agent, &id, "/tmp").await.unwrap().1),
        ["tmp/", "tmp/fifo"]
    );
    let refused = read(&agent, &id, "/proc/1/environ").await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    let all = names(&read(&agent, &id, "/").await.unwrap().1);
    assert!(all.contains(&"/proc/".to_owned()) && all.contains(&"/dev/shm/x".to_owned()));
    assert!(!all.iter().any(|name| name.starts_with("/proc/1")));
    agent.delete(&id).await;
}

async fn into() {
    let agent = Agent::start().await;
    let running = during(&agent, "mkdir /d").await;
    let stopped = after(&agent, "mkdir /d").await;
    let mut tar = Vec::new();
    add(&mut tar, "./", b'5', 0o700, b"", "");
    add(&mut tar, "new/deep/file", b'0', 0o4711, b"content", "");
    add(&mut tar, "new/link", b'2', 0o777, b"", "deep/file");
    add(&mut tar, "new/hard", b'1', 0o644, b"", "new/deep/file");
    add(&mut tar, "new/", b'5', 0o711, b"", "");
    let tar = finish(tar);
    for id in [&running, &stopped] {
        write(&agent, begin(id, "/d"), &tar).await.unwrap();
        // Twice, as when a copy is repeated.
        write(&agent, begin(id, "d/."), &tar).await.unwrap();
        let file = stat(&agent, id, "/d/new/hard").await.unwrap();
        assert_eq!((file.mode, file.size), (0o104_711, 7));
        assert_eq!(
            stat(&agent, id, "/d/new").await.unwrap().mode & 0o7777,
            0o711
        );
        let link = stat(&agent, id, "/d/new/link").await.unwrap();
        assert_eq!(link.link_target, "/d/new/deep/file");
    }
    let again = agent.request_of(stopped.clone(), &spec(&["cat", "/d/new/link"]));
    agent.runtime().run(again).await.unwrap();
    let read = async { while agent.log_text(&stopped).await != "content" {} };
    tokio::time::timeout(PATIENCE, read)
        .await
        .expect("the container reads it");
    agent.delete(&running).await;
}

async fn before_first_run() {
    let mut agent = Agent::start().await;
    let request = agent.request(&["cat", "/tmp/early"]);
    let id = request.id.clone();
    let early = |path: &str| v1::WriteArchiveBegin {
        rootfs: request.rootfs.clone(),
        ..begin(&id, path)
    };
    let looked = v1::StatRequest {
        id: id.clone(),
        rootfs: request.rootfs.clone(),
        path: "/etc/passwd".into(),
        volume: String::new(),
    };
    assert!(
        agent
            .files()
            .stat(looked)
            .await
            .unwrap()
            .into_inner()
            .stat
            .unwrap()
            .size
            > 0
    );
    // Only looked at: nothing is known of it.
    assert_eq!(
        stat(&agent, &id, "/").await.unwrap_err().code(),
        Code::NotFound
    );
    write(&agent, early("/tmp"), &tar_of("early", b"bird"))
        .await
        .unwrap();
    agent.kill();
    agent.start_again().await;
    assert_eq!(stat(&agent, &id, "/tmp/early").await.unwrap().size, 4);
    // A start that fails does not take them away.
    let failing = agent.request_of(id.clone(), &spec(&["no-such-command"]));
    agent.runtime().run(failing).await.unwrap_err();
    assert_eq!(stat(&agent, &id, "/tmp/early").await.unwrap().size, 4);
    assert_eq!(agent.run_to_exit(request.clone()).await.code, 0);
    assert_eq!(agent.log_text(&id).await, "bird");
    agent.delete(&id).await;
    let other = new_id();
    let unrun = v1::WriteArchiveBegin {
        id: other.clone(),
        ..early("/tmp")
    };
    write(&agent, unrun, &tar_of("x", b"")).await.unwrap();
    agent.delete(&other).await;
    assert!(!agent.container_folder(&other).exists());
}

async fn owners() {
    let agent = Agent::start().await;
    let id = after(&agent, "true").await;
    write(&agent, begin(&id, "/tmp"), &tar_of("kept", b""))
        .await
        .unwrap();
    let named = v1::WriteArchiveBegin {
        copy_uid_gid: true,
        user: "web".into(),
        ..begin(&id, "/tmp")
    };
    write(&agent, named.clone(), &tar_of("given", b""))
        .await
        .unwrap();
    let tar = read(&agent, &id, "/tmp").await.unwrap().1;
    let owners: Vec<_> = entries(&tar)
        .into_iter()
        .skip(1)
        .map(|(entry, _)| (String::from_utf8(entry.name).unwrap(), entry.uid, entry.gid))
        .collect();
    assert_eq!(
        owners,
        [("tmp/given".into(), 1000, 1000), ("tmp/kept".into(), 0, 0)]
    );
    let nobody = v1::WriteArchiveBegin {
        user: "nobody-here".into(),
        ..named
    };
    assert!(write(&agent, nobody, &tar_of("x", b"")).await.is_err());
}

async fn mapped() {
    let agent = Agent::start().await;
    let mut spec = spec(&["sh", "-c", "sleep 1000"]);
    let namespaces = spec["linux"]["namespaces"].as_array_mut().unwrap();
    namespaces.push(json!({ "type": "user" }));
    let ranges = json!([{ "containerID": 0, "hostID": 200_000, "size": 65_536 }]);
    spec["linux"]["uidMappings"] = ranges.clone();
    spec["linux"]["gidMappings"] = ranges;
    let request = agent.request_of(new_id(), &spec);
    let id = request.id.clone();
    agent.runtime().run(request).await.unwrap();
    let web = v1::WriteArchiveBegin {
        copy_uid_gid: true,
        user: "web".into(),
        ..begin(&id, "/home")
    };
    write(&agent, web, &tar_of("given", b"")).await.unwrap();
    // Folders on the way are nobody's in the archive.
    write(&agent, begin(&id, "/home"), &tar_of("on/the/way", b""))
        .await
        .unwrap();
    let looking = begin_exec(
        &id,
        &[
            "/bin/busybox",
            "stat",
            "-c",
            "%n %u:%g",
            "/home/given",
            "/home/on",
            "/home/on/the/way",
        ],
    );
    let said = exec(&agent, looking).await.unwrap().read_to_end().await.0;
    assert_eq!(
        said,
        "/home/given 1000:1000\n/home/on 0:0\n/home/on/the/way 0:0\n"
    );
    let owners = |tar: &[u8]| -> Vec<_> {
        let all = entries(tar).into_iter();
        all.map(|(entry, _)| (entry.uid, entry.gid)).collect()
    };
    let running = read(&agent, &id, "/home/given").await.unwrap().1;
    assert_eq!(owners(&running), [(1000, 1000)]);
    let kill = v1::SignalRequest {
        id: id.clone(),
        signal: libc::SIGKILL,
        ..Default::default()
    };
    agent.runtime().signal(kill).await.unwrap();
    agent.exit_of(&id).await;
    let stopped = read(&agent, &id, "/home/given").await.unwrap().1;
    assert_eq!(owners(&stopped), [(1000, 1000)]);
}

async fn read_only() {
    let agent = Agent::start().await;
    let mut spec = spec(&["sleep", "1000"]);
    let mounts = spec["mounts"].as_array_mut().unwrap();
    mounts.push(json!({ "destination": "/tmp", "type": "tmpfs", "source": "tmpfs" }));
    let mut request = agent.request_of(new_id(), &spec);
    request.rootfs.as_mut().unwrap().read_only = true;
    let id = request.id.clone();
    agent.runtime().run(request).await.unwrap();
    let tar = tar_of("x", b"x");
    for path in ["/home", "/sys", "/proc"] {
        let refused = write(&agent, begin(&id, path), &tar).await.unwrap_err();
        let expected = [Code::PermissionDenied, Code::InvalidArgument];
        assert!(expected.contains(&refused.code()), "{path}: {refused}");
    }
    write(&agent, begin(&id, "/tmp"), &tar).await.unwrap();
    let kill = v1::SignalRequest {
        id: id.clone(),
        signal: libc::SIGKILL,
        ..Default::default()
    };
    agent.runtime().signal(kill).await.unwrap();
    agent.exit_of(&id).await;
    let refused = write(&agent, begin(&id, "/home"), &tar).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    assert!(refused.message().contains("read-only"), "{refused}");
}

async fn overwriting() {
    let agent = Agent::start().await;
    let id = after(&agent, "mkdir -p /tmp/d/inside; touch /tmp/f").await;
    let careful = v1::WriteArchiveBegin {
        no_overwrite_dir_non_dir: true,
        ..begin(&id, "/tmp")
    };
    let file_on_folder = tar_of("d", b"file");
    let mut folder_on_file = Vec::new();
    add(&mut folder_on_file, "f", b'5', 0o755, b"", "");
    let folder_on_file = finish(folder_on_file);
    for tar in [&file_on_folder, &folder_on_file] {
        let refused = write(&agent, careful.clone(), tar).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        write(&agent, begin(&id, "/tmp"), tar).await.unwrap();
    }
    assert_eq!(stat(&agent, &id, "/tmp/d").await.unwrap().size, 4);
    assert_eq!(stat(&agent, &id, "/tmp/f").await.unwrap().mode, 0o040_755);
}

async fn unknown() {
    let agent = Agent::start().await;
    let tar = tar_of("x", b"");
    let other = new_id();
    assert_eq!(
        stat(&agent, &other, "/").await.unwrap_err().code(),
        Code::NotFound
    );
    let refused = write(&agent, begin(&other, "/"), &tar).await.unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    let id = after(&agent, "true").await;
    assert_eq!(
        read(&agent, &id, "/nowhere").await.unwrap_err().code(),
        Code::NotFound
    );
    for (path, code) in [
        ("/nowhere", Code::NotFound),
        ("/etc/passwd", Code::InvalidArgument),
    ] {
        let refused = write(&agent, begin(&id, path), &tar).await.unwrap_err();
        assert_eq!(refused.code(), code, "{path}: {refused}");
    }
    assert_eq!(
        stat(&agent, "../x", "/").await.unwrap_err().code(),
        Code::InvalidArgument
    );
}
