use std::collections::BTreeMap;

use longshore_protocol::v1;
use longshore_protocol::v1::read_archive_response::What as Out;
use longshore_protocol::v1::write_archive_request::What as In;
use longshore_snapshots::archive::{Entry, EntryKind, TarReader};
use tonic::Status;

use crate::agent::Agent;
use crate::image::add;

/// An archive with one file.
pub(super) fn tar_of(name: &str, content: &[u8]) -> Vec<u8> {
    let mut tar = Vec::new();
    add(&mut tar, name, b'0', 0o644, content, "");
    finish(tar)
}

pub(super) fn finish(mut tar: Vec<u8>) -> Vec<u8> {
    tar.resize(tar.len() + 1024, 0);
    tar
}

pub(super) fn begin(id: &str, path: &str) -> v1::WriteArchiveBegin {
    v1::WriteArchiveBegin {
        id: id.to_owned(),
        path: path.to_owned(),
        ..Default::default()
    }
}

pub(super) async fn write(
    agent: &Agent,
    begin: v1::WriteArchiveBegin,
    tar: &[u8],
) -> Result<(), Status> {
    let input = |what| v1::WriteArchiveRequest { what: Some(what) };
    let mut inputs = vec![input(In::Begin(begin))];
    // Pieces that keep to no border of the archive's.
    inputs.extend(tar.chunks(700).map(|piece| input(In::Data(piece.to_vec()))));
    let written = agent
        .files()
        .write_archive(tokio_stream::iter(inputs))
        .await;
    written.map(drop)
}

pub(super) async fn stat(agent: &Agent, id: &str, path: &str) -> Result<v1::PathStat, Status> {
    let request = v1::StatRequest {
        id: id.to_owned(),
        rootfs: None,
        path: path.to_owned(),
        volume: String::new(),
    };
    let answer = agent.files().stat(request).await?;
    Ok(answer.into_inner().stat.unwrap())
}

pub(super) async fn read(
    agent: &Agent,
    id: &str,
    path: &str,
) -> Result<(v1::PathStat, Vec<u8>), Status> {
    let request = v1::ReadArchiveRequest {
        id: id.to_owned(),
        rootfs: None,
        path: path.to_owned(),
        volume: String::new(),
    };
    let mut answers = agent.files().read_archive(request).await?.into_inner();
    let (mut stat, mut bytes) = (None, Vec::new());
    while let Some(answer) = answers.message().await? {
        match answer.what.unwrap() {
            Out::Stat(found) => stat = Some(found),
            Out::Data(data) => bytes.extend(data),
        }
    }
    Ok((stat.unwrap(), bytes))
}

pub(super) async fn export(agent: &Agent, id: &str) -> Vec<u8> {
    let request = v1::ExportRequest {
        id: id.to_owned(),
        rootfs: None,
    };
    gather(agent.files().export(request).await.unwrap().into_inner()).await
}

pub(super) async fn layer(agent: &Agent, id: &str) -> Vec<u8> {
    let request = v1::LayerRequest {
        id: id.to_owned(),
        rootfs: None,
    };
    gather(agent.files().layer(request).await.unwrap().into_inner()).await
}

async fn gather(mut answers: tonic::Streaming<v1::ArchiveData>) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(answer) = answers.message().await.unwrap() {
        bytes.extend(answer.data);
    }
    bytes
}

/// As `docker diff` prints it.
pub(super) async fn changes(agent: &Agent, id: &str) -> Vec<String> {
    let request = v1::ChangesRequest {
        id: id.to_owned(),
        rootfs: None,
    };
    let mut batches = agent.files().changes(request).await.unwrap().into_inner();
    let mut lines = Vec::new();
    while let Some(batch) = batches.message().await.unwrap() {
        for change in batch.changes {
            let letter = match change.kind() {
                v1::ChangeKind::Added => 'A',
                v1::ChangeKind::Deleted => 'D',
                v1::ChangeKind::Modified => 'C',
                v1::ChangeKind::Unspecified => '?',
            };
            lines.push(format!("{letter} {}", change.path));
        }
    }
    lines
}

/// The entries of an archive in its order, with what files hold.
pub(super) fn entries(tar: &[u8]) -> Vec<(Entry, Vec<u8>)> {
    let mut reader = TarReader::new(tar);
    let mut found = Vec::new();
    while let Some(entry) = reader.next_entry().unwrap() {
        let mut content = Vec::new();
        loop {
            let data = reader.data().unwrap();
            if data.is_empty() {
                break;
            }
            let count = data.len();
            content.extend_from_slice(data);
            reader.consume(count);
        }
        found.push((entry, content));
    }
    found
}

pub(super) fn names(tar: &[u8]) -> Vec<String> {
    let name = |(entry, _): &(Entry, Vec<u8>)| String::from_utf8_lossy(&entry.name).into_owned();
    entries(tar).iter().map(name).collect()
}

/// What the archive's files hold, by name.
pub(super) fn contents(tar: &[u8]) -> BTreeMap<String, String> {
    let files = entries(tar).into_iter();
    files
        .filter(|(entry, _)| matches!(entry.kind, EntryKind::File { .. }))
        .map(|(entry, content)| {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            (text(&entry.name), text(&content))
        })
        .collect()
}

/// Runs a script to its end; its container stays.
pub(super) async fn after(agent: &Agent, script: &str) -> String {
    let request = agent.request(&["sh", "-c", script]);
    let id = request.id.clone();
    let exit = agent.run_to_exit(request).await;
    assert_eq!(exit.code, 0, "{script}");
    id
}

/// Runs a script that goes on once it has printed "ready".
pub(super) async fn during(agent: &Agent, script: &str) -> String {
    let request = agent.request(&["sh", "-c", &format!("{script}; echo ready; sleep 1000")]);
    let id = request.id.clone();
    agent.runtime().run(request).await.unwrap();
    let wait = async { while !agent.log_text(&id).await.contains("ready") {} };
    tokio::time::timeout(crate::agent::PATIENCE, wait)
        .await
        .expect("it is ready");
    id
}
