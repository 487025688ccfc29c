//! Containers and archives that want out.

use std::fs;

use libtest_mimic::Trial;
use longshore_protocol::v1;
use longshore_protocol::v1::write_archive_request::What as In;
use tonic::Code;

use super::support::{after, begin, contents, during, finish, read, stat, tar_of, write};
use crate::agent::{Agent, PATIENCE, until};
use crate::execs::{self, exec};
use crate::image::add;
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("links of a container lead nowhere outside it", links),
        trial(
            "a container that exchanges folders for links gets nothing of the host",
            races,
        ),
        trial(
            "names and links in an archive that leave it are refused",
            names_outside,
        ),
        trial(
            "devices in an archive are made, whiteouts are not, and existing nodes are not written to",
            devices,
        ),
        trial("damaged archives are refused, and end the call", damaged),
        trial("a call that is given up lets go of the container", given_up),
        trial("a stuck container keeps no other one waiting", stuck),
    ]
}

/// A file of the host's that nobody shall read or change.
fn secret(agent: &Agent) -> String {
    let path = agent.data_folder().join("secret");
    fs::write(&path, "of the host").unwrap();
    path.to_str().unwrap().to_owned()
}

async fn links() {
    let agent = Agent::start().await;
    let secret = secret(&agent);
    let folder = secret.rsplit_once('/').unwrap().0;
    let script = format!(
        "cd /tmp; ln='/bin/busybox ln -s'; $ln {secret} file; $ln {folder} folder; \
         $ln ../../../../../../../..{folder} up; $ln /proc/1/root/proc/1/cwd magic"
    );
    for id in [after(&agent, &script).await, during(&agent, &script).await] {
        assert_eq!(
            contents(&read(&agent, &id, "/tmp").await.unwrap().1).len(),
            0
        );
        for path in [
            "/tmp/folder/secret",
            "/tmp/up/secret",
            "/tmp/file/",
            "/tmp/magic/",
        ] {
            assert!(read(&agent, &id, path).await.is_err(), "{path}");
        }
        // Into a link that leads nowhere inside: refused, and nothing is made outside.
        for path in ["/tmp/folder", "/tmp/up", "/tmp/magic"] {
            assert!(
                write(&agent, begin(&id, path), &tar_of("made", b"x"))
                    .await
                    .is_err(),
                "{path}"
            );
        }
        // Over a link: it is replaced, not followed. Through one: what is missing is made inside.
        write(&agent, begin(&id, "/tmp"), &tar_of("file", b"mine"))
            .await
            .unwrap();
        write(&agent, begin(&id, "/tmp"), &tar_of("folder/made", b"x"))
            .await
            .unwrap();
        assert_eq!(stat(&agent, &id, "/tmp/file").await.unwrap().size, 4);
        assert_eq!(
            stat(&agent, &id, &format!("{folder}/made"))
                .await
                .unwrap()
                .size,
            1
        );
        assert_eq!(fs::read_to_string(&secret).unwrap(), "of the host");
        assert!(!agent.data_folder().join("made").exists());
        agent.delete(&id).await;
    }
}

async fn races() {
    let agent = Agent::start().await;
    let secret = secret(&agent);
    let folder = secret.rsplit_once('/').unwrap().0;
    let script = format!(
        "cd /tmp; b=/bin/busybox; mkdir -p real; echo inside > real/secret; $b ln -s {folder} evil; \
         (while true; do $b mv real x; $b mv -T evil real; $b mv -T real evil; $b mv x real; done) & true"
    );
    let id = during(&agent, &script).await;
    let mut seen = 0;
    for _ in 0..200 {
        if let Ok((_, tar)) = read(&agent, &id, "/tmp/real/").await {
            seen += contents(&tar).len();
            // The other file is the one that is copied in below.
            assert!(
                contents(&tar)
                    .values()
                    .all(|text| text == "inside\n" || text == "x")
            );
        }
        // It may fail, as the folder comes and goes.
        let _ = write(&agent, begin(&id, "/tmp"), &tar_of("real/made", b"x")).await;
        assert!(!agent.data_folder().join("made").exists());
    }
    assert!(seen > 0);
    assert_eq!(fs::read_to_string(&secret).unwrap(), "of the host");
    agent.delete(&id).await;
}

async fn names_outside() {
    let agent = Agent::start().await;
    let secret = secret(&agent);
    let id = during(&agent, "true").await;
    for name in ["../x", "a/../../x", "..", "tmp/../../../x"] {
        let refused = write(&agent, begin(&id, "/tmp"), &tar_of(name, b"x"))
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{name}");
    }
    // An absolute name is one below the folder that is unpacked to.
    write(&agent, begin(&id, "/tmp"), &tar_of("/etc/x", b"x"))
        .await
        .unwrap();
    assert_eq!(stat(&agent, &id, "/tmp/etc/x").await.unwrap().size, 1);
    for target in ["../../../../../../etc/passwd", secret.as_str()] {
        let mut tar = Vec::new();
        add(&mut tar, "hard", b'1', 0o644, b"", target);
        assert!(
            write(&agent, begin(&id, "/tmp"), &finish(tar))
                .await
                .is_err(),
            "{target}"
        );
        assert_eq!(
            stat(&agent, &id, "/tmp/hard").await.unwrap_err().code(),
            Code::NotFound
        );
    }
    agent.delete(&id).await;
}

/// An archive with one device, of minor number 0.
fn device(name: &str, kind: u8, major: u8) -> Vec<u8> {
    let mut tar = Vec::new();
    add(&mut tar, name, kind, 0o666, b"", "");
    // ustar: "devmajor" at 329, and the header's checksum at 148.
    tar[329..337].copy_from_slice(format!("{major:07o}\0").as_bytes());
    tar[148..156].fill(b' ');
    let sum: u32 = tar.iter().map(|byte| u32::from(*byte)).sum();
    tar[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    finish(tar)
}

async fn devices() {
    let agent = Agent::start().await;
    let id = during(
        &agent,
        "/bin/busybox mkfifo /tmp/fifo; /bin/busybox mknod /tmp/null c 1 3",
    )
    .await;
    for (kind, mode) in [(b'3', 0o020_666), (b'4', 0o060_666)] {
        write(&agent, begin(&id, "/tmp"), &device("disk", kind, 7))
            .await
            .unwrap();
        assert_eq!(stat(&agent, &id, "/tmp/disk").await.unwrap().mode, mode);
        // Which the container may not open, as it has made no rule for it.
        let mut open = exec(&agent, execs::begin(&id, &["sh", "-c", ": < /tmp/disk"]))
            .await
            .unwrap();
        assert!(open.read_to_end().await.1.contains("not permitted"));
    }
    let refused = write(&agent, begin(&id, "/tmp"), &device("mark", b'3', 0)).await;
    assert_eq!(refused.unwrap_err().code(), Code::InvalidArgument);
    for name in ["fifo", "null"] {
        write(&agent, begin(&id, "/tmp"), &tar_of(name, b"data"))
            .await
            .unwrap();
        assert_eq!(
            stat(&agent, &id, &format!("/tmp/{name}"))
                .await
                .unwrap()
                .mode,
            0o100_644
        );
    }
    agent.delete(&id).await;
}

async fn damaged() {
    let agent = Agent::start().await;
    let id = after(&agent, "true").await;
    let whole = tar_of("x", &[7; 5000]);
    let mut giant = Vec::new();
    add(&mut giant, "x", b'x', 0o644, b"", "");
    // A header of records that claims 8 GiB.
    giant[124..136].copy_from_slice(b"77777777777\0");
    giant[148..156].fill(b' ');
    let sum: u32 = giant[..512].iter().map(|byte| u32::from(*byte)).sum();
    giant[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    for tar in [&whole[..2000], &[0x55; 3000], &giant, b"\x1f\x8b\x08broken"] {
        let refused = write(&agent, begin(&id, "/tmp"), tar).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{refused}");
    }
    // An archive of nothing is one.
    write(&agent, begin(&id, "/tmp"), &[0; 1024]).await.unwrap();
}

async fn given_up() {
    let agent = Agent::start().await;
    let id = after(&agent, "true").await;
    let (sender, inputs) = tokio::sync::mpsc::channel(4);
    let input = |what| v1::WriteArchiveRequest { what: Some(what) };
    sender
        .send(input(In::Begin(begin(&id, "/tmp"))))
        .await
        .unwrap();
    let mut tar = Vec::new();
    add(&mut tar, "begun", b'0', 0o644, &[1; 4096], "");
    sender
        .send(input(In::Data(tar[..1000].to_vec())))
        .await
        .unwrap();
    let mut client = agent.files();
    let inputs = tokio_stream::wrappers::ReceiverStream::new(inputs);
    let call = tokio::spawn(async move { client.write_archive(inputs).await.map(drop) });
    let upper = agent.container_folder(&id).join("upper/tmp/begun");
    until("the file is begun", || upper.exists()).await;
    call.abort();
    let delete = agent.delete(&id);
    tokio::time::timeout(PATIENCE, delete)
        .await
        .expect("it can be deleted");
    drop(sender);
}

async fn stuck() {
    let agent = Agent::start().await;
    let stuck = during(&agent, "/bin/busybox mkfifo /tmp/fifo").await;
    let request = v1::PauseRequest { id: stuck.clone() };
    agent.runtime().pause(request).await.unwrap();
    let other = during(&agent, "echo x > /tmp/x").await;
    // Readers that never read.
    let mut idle = Vec::new();
    for _ in 0..4 {
        let request = v1::ReadArchiveRequest {
            id: stuck.clone(),
            rootfs: None,
            path: "/bin".into(),
            volume: String::new(),
        };
        idle.push(agent.files().read_archive(request).await.unwrap());
    }
    let read = read(&agent, &other, "/tmp/x");
    let (_, tar) = tokio::time::timeout(PATIENCE, read)
        .await
        .expect("it is read")
        .unwrap();
    assert_eq!(contents(&tar)["x"], "x\n");
    drop(idle);
    agent.delete(&stuck).await;
    agent.delete(&other).await;
}
