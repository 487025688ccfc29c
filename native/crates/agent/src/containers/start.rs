use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

use longshore_network::{Attachment, DEFAULT_NETWORK, Publication, ReadyNamespace};
use longshore_runtime::journal::EventKind;
use longshore_runtime::link::{self, FromSupervisor, Streams, ToSupervisor};
use longshore_runtime::store::{Bundle, ContainerDirectory, ExitRecord, RunOrder};
use longshore_runtime::wire::{self, Packet};
use longshore_runtime::zygote::{RunFds, request_run};
use longshore_runtime::{Failure, FailureClass, Id};
use longshore_snapshots::ChainId;
use longshore_sys::clone::Namespaces;
use serde_json::value::RawValue;
use tokio::task::block_in_place;

use super::Containers;
use super::container::{Container, Layers, RunHolds, RunState, Running};
use super::identity_files::{self, NameServer};
use crate::channel::Channel;
use crate::failure;

/// A validated request to run.
pub(crate) struct StartRequest {
    pub(crate) order: RunOrder,
    pub(crate) chain_ids: Vec<ChainId>,
    pub(crate) spec: Box<RawValue>,
    pub(crate) networks: Vec<Attachment>,
    pub(crate) ports: Vec<Publication>,
    pub(crate) host_network: bool,
}

pub(crate) struct Started {
    pub(crate) running: Arc<Running>,
    pub(crate) started_now: bool,
    pub(crate) warnings: Vec<String>,
}

/// How far a start has come, as its supervisor tells.
struct Progress<'a> {
    containers: &'a Arc<Containers>,
    request: &'a StartRequest,
    directory: &'a ContainerDirectory,
    link: &'a Channel,
    /// The network namespace that the container was given.
    ready: Option<ReadyNamespace>,
}

struct Executed {
    pid: i32,
    init: OwnedFd,
    started_at_unix_ns: i64,
    warnings: Vec<String>,
}

impl Containers {
    /// Runs to its end even when the caller goes away: a repeated call then finds it running.
    pub(crate) async fn run(self: &Arc<Self>, request: StartRequest) -> Result<Started, Failure> {
        let containers = Arc::clone(self);
        let start = tokio::spawn(async move { containers.run_to_end(request).await });
        start.await.unwrap_or_else(|error| {
            Err(Failure::new(
                FailureClass::Internal,
                "start",
                error.to_string(),
            ))
        })
    }

    async fn run_to_end(self: Arc<Self>, request: StartRequest) -> Result<Started, Failure> {
        let container = self.get_or_add(&request.order.id);
        let _operation = container.operation.lock().await;
        if let RunState::Running(running) = container.state() {
            return Ok(Started {
                running,
                started_now: false,
                warnings: Vec::new(),
            });
        }
        let last_run = match container.state() {
            RunState::Exited(exit) => Some(exit),
            _ => None,
        };
        let holds = container.hold_for_run().await;
        let started = self.start(&container, request, holds).await;
        if started.is_err() {
            container.take_waiting();
            self.undo(&container, last_run);
        }
        started
    }

    async fn start(
        self: &Arc<Self>,
        container: &Arc<Container>,
        mut request: StartRequest,
        holds: RunHolds,
    ) -> Result<Started, Failure> {
        let asked = block_in_place(|| self.ask_zygote(container, &mut request))?;
        let (directory, link, ready) = asked;
        let link = Arc::new(link);
        let mut progress = Progress {
            containers: self,
            request: &request,
            directory: &directory,
            link: &link,
            ready,
        };
        let executed = progress.follow().await?;
        let running = Arc::new(Running {
            pid: executed.pid,
            init: executed.init,
            started_at_unix_ns: executed.started_at_unix_ns,
            link,
            paused: false.into(),
        });
        let event = EventKind::Started { pid: running.pid };
        self.transition(container, RunState::Running(Arc::clone(&running)), event);
        self.watch_run(Arc::clone(container), Arc::clone(&running), holds);
        self.restock_spares();
        self.join_late(container, &running).await;
        Ok(Started {
            running,
            started_now: true,
            warnings: executed.warnings,
        })
    }

    /// Puts everything in place and hands over to the zygote. The answer comes over the link.
    fn ask_zygote(
        &self,
        container: &Container,
        request: &mut StartRequest,
    ) -> Result<(ContainerDirectory, Channel, Option<ReadyNamespace>), Failure> {
        let id = &container.id;
        let shared = self.find_shared(&mut request.order)?;
        container.set_cgroup_path(request.order.cgroup_path());
        self.pin_layers(container, request)?;
        self.acquire_volumes(request)?;
        let directory = self.prepare_directory(id, request)?;
        let waiting = container.take_waiting();
        let attachments: Vec<(Streams, OwnedFd)> = waiting
            .into_iter()
            .map(|it| (it.streams, it.socket))
            .collect();
        let (ours, theirs) =
            wire::pair().map_err(|errno| Failure::io("link", id, &errno.into()))?;
        let new_network =
            !request.host_network && !request.order.shared().contains(Namespaces::NETWORK);
        let ready = self.networks.take_ready(&request.networks);
        let ready = ready.filter(|_| new_network);
        self.zygote.ask(|zygote| {
            let fds = RunFds {
                link: theirs.as_fd(),
                shared: &shared,
                attachments: &attachments,
                new_network,
                network_namespace: ready.as_ref().map(AsFd::as_fd),
            };
            request_run(zygote, directory.path(), &fds)
        })?;
        let link = Channel::new(ours).map_err(|error| Failure::io("link", id, &error))?;
        Ok((directory, link, ready))
    }

    /// The first processes of the containers whose namespaces are to be shared. A pidfd is that process and no other,
    /// whatever happens meanwhile.
    fn find_shared(&self, order: &mut RunOrder) -> Result<Vec<(Namespaces, OwnedFd)>, Failure> {
        let mut shared = Vec::with_capacity(order.join.len());
        for join in &order.join {
            let other = self.get(&join.container)?.running()?;
            let init = other.init.try_clone();
            let init = init.map_err(|error| Failure::io("namespace", &join.container, &error))?;
            shared.push((join.namespace, init));
            if join.namespace == Namespaces::NETWORK {
                order.identity_of = Some(self.identity_of(&join.container));
            }
        }
        Ok(shared)
    }

    /// The container whose files a container shows: its own, or that of the one whose network it shares.
    pub(super) fn identity_of(&self, id: &Id) -> Id {
        let directory = self.store.open_directory(id).ok().flatten();
        let bundle = directory.and_then(|directory| directory.bundle().ok().flatten());
        let other = bundle.and_then(|bundle| bundle.order.identity_of);
        other.unwrap_or_else(|| id.clone())
    }

    fn pin_layers(&self, container: &Container, request: &mut StartRequest) -> Result<(), Failure> {
        let pin = self.snapshots.pin(&request.chain_ids);
        let pin = pin.map_err(|error| failure::of_snapshots(&error))?;
        let path = |chain_id: &ChainId| self.snapshots.layer_path(chain_id);
        request.order.layers = request.chain_ids.iter().filter_map(path).collect();
        let chain_ids = request.chain_ids.clone();
        container.set_layers(Layers {
            chain_ids,
            _pin: Some(pin),
        });
        Ok(())
    }

    fn prepare_directory(
        &self,
        id: &Id,
        request: &StartRequest,
    ) -> Result<ContainerDirectory, Failure> {
        let failed = |error| Failure::io("store", id, &error);
        let (directory, _) = self.store.create(id).map_err(failed)?;
        let order = &request.order;
        let server = name_server(request);
        identity_files::write(&directory, &order.identity, server, order.networked)?;
        let bundle = Bundle {
            order: request.order.clone(),
            spec: request.spec.clone(),
        };
        directory.write_bundle(&bundle).map_err(failed)?;
        Ok(directory)
    }

    /// After a failed start: what is left is the last run, or nothing at all.
    fn undo(self: &Arc<Self>, container: &Container, last_run: Option<ExitRecord>) {
        let id = &container.id;
        self.release_network(id);
        self.release_volumes(id);
        self.clear_cgroup(id);
        match last_run {
            Some(exit) => container.set_state(RunState::Exited(exit)),
            None if self.is_prepared(id) => container.set_state(RunState::New),
            None => {
                self.discard(id);
                container.clear_layers();
                self.forget_if_new(container);
            }
        }
    }
}

impl Progress<'_> {
    /// Until exec has succeeded.
    async fn follow(&mut self) -> Result<Executed, Failure> {
        loop {
            let packet = self.link.receive().await;
            let packet = packet.ok().flatten().ok_or_else(supervisor_gone)?;
            match link::message(&packet).map_err(|error| Failure::io("link", "", &error))? {
                FromSupervisor::Created { .. } => self.join_network(packet).await?,
                FromSupervisor::Started {
                    pid,
                    at_unix_ns,
                    warnings,
                } => {
                    let init = packet.fds.into_iter().next().ok_or_else(supervisor_gone)?;
                    return Ok(Executed {
                        pid,
                        init,
                        started_at_unix_ns: at_unix_ns,
                        warnings,
                    });
                }
                FromSupervisor::Failed(failure) => return Err(failure),
                _ => return Err(supervisor_gone()),
            }
        }
    }

    /// The container sets up its file systems meanwhile, and waits for the answer.
    async fn join_network(&mut self, created: Packet) -> Result<(), Failure> {
        let namespace = created.fds.into_iter().next().ok_or_else(supervisor_gone)?;
        block_in_place(|| {
            let (containers, request) = (self.containers, self.request);
            let ready = self.ready.take();
            containers.attach_networks(request, self.directory, namespace.as_fd(), ready)
        })?;
        let proceed = ToSupervisor::Proceed {
            addresses: Vec::new(),
        };
        self.link
            .send_message(&proceed)
            .await
            .map_err(|_| supervisor_gone())
    }
}

fn name_server(request: &StartRequest) -> NameServer {
    let is_named = |it: &Attachment| it.network != DEFAULT_NETWORK;
    if request.host_network {
        NameServer::HostsOwn
    } else if request.networks.iter().any(is_named) {
        NameServer::Agent
    } else {
        NameServer::Reachable
    }
}

fn supervisor_gone() -> Failure {
    let message = "the process that was starting the container has died";
    Failure::new(FailureClass::Unavailable, "start", message).hint("try again")
}
