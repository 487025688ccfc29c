use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use longshore_isolation::SharedNamespaces;
use longshore_sys::clone::Namespaces;
use serde::{Deserialize, Serialize};

use crate::link::Streams;
use crate::wire::{self, Packet};

const RUN: u8 = 1;
const EXEC: u8 = 2;

/// What the zygote is asked for. The answer comes over the link, from the process that it made.
pub(super) enum Request {
    Run(RunRequest),
    Exec(ExecRequest),
}

pub(crate) struct RunRequest {
    pub(crate) directory: PathBuf,
    pub(crate) link: OwnedFd,
    /// First processes of other containers, and what of theirs becomes the new one's.
    pub(crate) shared: Vec<SharedNamespaces>,
    pub(crate) attachments: Vec<(Streams, OwnedFd)>,
    /// The container gets a network of its own.
    pub(crate) new_network: bool,
    /// Ready for it, its `lo` up.
    pub(crate) network_namespace: Option<OwnedFd>,
}

pub(crate) struct ExecRequest {
    pub(crate) directory: PathBuf,
    pub(crate) link: OwnedFd,
    /// An [`crate::exec::ExecOrder`] as JSON, readable from its beginning.
    pub(crate) order: OwnedFd,
    pub(crate) init: OwnedFd,
}

/// The agent's side of a run: descriptors are lent, the zygote gets copies.
pub struct RunFds<'a> {
    pub link: BorrowedFd<'a>,
    /// Namespaces of other containers, by the pidfds of their first processes.
    pub shared: &'a [(Namespaces, OwnedFd)],
    /// Those who attached before the start.
    pub attachments: &'a [(Streams, OwnedFd)],
    /// Whether it gets a network of its own.
    pub new_network: bool,
    /// That, ready for it, its `lo` up; the zygote's own otherwise.
    pub network_namespace: Option<BorrowedFd<'a>>,
}

#[derive(Serialize, Deserialize)]
struct RunBody {
    directory: PathBuf,
    shared: Vec<Namespaces>,
    attachments: Vec<Streams>,
    new_network: bool,
    has_network_namespace: bool,
}

#[derive(Serialize, Deserialize)]
struct ExecBody {
    directory: PathBuf,
}

/// `WouldBlock` when the zygote does not take requests.
pub fn request_run(zygote: impl AsFd, directory: &Path, fds: &RunFds<'_>) -> io::Result<()> {
    let body = RunBody {
        directory: directory.to_owned(),
        shared: fds.shared.iter().map(|(kinds, _)| *kinds).collect(),
        attachments: fds
            .attachments
            .iter()
            .map(|(streams, _)| *streams)
            .collect(),
        new_network: fds.new_network,
        has_network_namespace: fds.network_namespace.is_some(),
    };
    let mut sent = vec![fds.link];
    sent.extend(fds.network_namespace);
    sent.extend(fds.shared.iter().map(|(_, container)| container.as_fd()));
    sent.extend(fds.attachments.iter().map(|(_, socket)| socket.as_fd()));
    wire::send_parts(zygote, RUN, &wire::encode(&body)?, &sent, true)
}

/// `WouldBlock` when the zygote does not take requests.
pub fn request_exec(
    zygote: impl AsFd,
    directory: &Path,
    link: BorrowedFd<'_>,
    order: BorrowedFd<'_>,
    init: BorrowedFd<'_>,
) -> io::Result<()> {
    let body = ExecBody {
        directory: directory.to_owned(),
    };
    wire::send_parts(
        zygote,
        EXEC,
        &wire::encode(&body)?,
        &[link, order, init],
        true,
    )
}

impl Request {
    pub(super) fn parse(packet: Packet) -> io::Result<Self> {
        let mut fds = packet.fds.into_iter();
        let mut next = || {
            fds.next()
                .ok_or(io::Error::from(io::ErrorKind::InvalidData))
        };
        match packet.tag {
            RUN => {
                let body: RunBody = wire::decode(&packet.body)?;
                let link = next()?;
                let network_namespace = body.has_network_namespace.then(&mut next).transpose()?;
                let shared = body.shared.into_iter().map(|namespaces| {
                    let container = next()?;
                    Ok(SharedNamespaces {
                        namespaces,
                        container,
                    })
                });
                let shared = shared.collect::<io::Result<_>>()?;
                let attachments = body.attachments.into_iter().zip(fds).collect();
                Ok(Request::Run(RunRequest {
                    directory: body.directory,
                    link,
                    shared,
                    attachments,
                    new_network: body.new_network,
                    network_namespace,
                }))
            }
            EXEC => {
                let directory = wire::decode::<ExecBody>(&packet.body)?.directory;
                let (link, order, init) = (next()?, next()?, next()?);
                Ok(Request::Exec(ExecRequest {
                    directory,
                    link,
                    order,
                    init,
                }))
            }
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}
