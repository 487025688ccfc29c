//! `longshore.agent.v1.Networks`.

mod definition;
mod probe;
pub(super) mod wire;

use std::sync::Arc;

use longshore_network::NetworkHost;
use longshore_protocol::v1;
use longshore_runtime::Failure;
use tokio::task::block_in_place;
use tonic::{Request, Response, Status};

use crate::containers::Containers;
use crate::failure::{of_network, parse_id, status};

pub(crate) struct NetworksService {
    networks: Arc<NetworkHost>,
    containers: Arc<Containers>,
}

impl NetworksService {
    pub(crate) fn new(networks: Arc<NetworkHost>, containers: Arc<Containers>) -> Self {
        NetworksService {
            networks,
            containers,
        }
    }

    fn apply(&self, wanted: v1::NetworkDefinition) -> Result<v1::Network, Failure> {
        let wanted = definition::parse(wanted)?;
        let made = self.networks.apply(wanted);
        let made = made.map_err(|error| of_network(&error))?;
        Ok(self.network(made))
    }

    fn list(&self) -> Result<Vec<v1::Network>, Failure> {
        let networks = self.networks.networks();
        let networks = networks.map_err(|error| of_network(&error))?.into_iter();
        Ok(networks.map(|it| self.network(it)).collect())
    }

    fn network(&self, definition: longshore_network::Definition) -> v1::Network {
        let members = self.networks.members(&definition.id).into_iter();
        let members = members.map(|member| v1::NetworkMember {
            container_id: member.container_id,
            address: Some(wire::address(member.address)),
        });
        v1::Network {
            members: members.collect(),
            definition: Some(definition::answer(definition)),
        }
    }

    async fn connect(
        &self,
        request: v1::ConnectContainerRequest,
    ) -> Result<v1::ConnectContainerResponse, Failure> {
        let id = parse_id(&request.container_id)?;
        let attachment = wire::attachment(request.attachment.unwrap_or_default())?;
        let (address, ports) = self.containers.connect_network(&id, attachment).await?;
        Ok(v1::ConnectContainerResponse {
            address: Some(wire::address(address)),
            ports: ports.into_iter().map(wire::port).collect(),
        })
    }

    async fn disconnect(
        &self,
        request: v1::DisconnectContainerRequest,
    ) -> Result<v1::DisconnectContainerResponse, Failure> {
        let id = parse_id(&request.container_id)?;
        let ports = self.containers.disconnect_network(&id, &request.network);
        Ok(v1::DisconnectContainerResponse {
            ports: ports.await?.into_iter().map(wire::port).collect(),
        })
    }

    fn rename(&self, request: v1::SetNamesRequest) -> Result<(), Failure> {
        let id = parse_id(&request.container_id)?;
        let names = wire::names(request.names)?;
        self.containers.set_names(&id, &request.network, names)
    }
}

fn answer<T>(result: Result<T, Failure>) -> Result<Response<T>, Status> {
    result
        .map(Response::new)
        .map_err(|failure| status(&failure))
}

#[tonic::async_trait]
impl v1::networks_server::Networks for NetworksService {
    async fn apply(
        &self,
        request: Request<v1::ApplyNetworkRequest>,
    ) -> Result<Response<v1::ApplyNetworkResponse>, Status> {
        let wanted = request.into_inner().definition.unwrap_or_default();
        let network = block_in_place(|| self.apply(wanted));
        answer(network.map(|network| v1::ApplyNetworkResponse {
            network: Some(network),
        }))
    }

    async fn remove(
        &self,
        request: Request<v1::RemoveNetworkRequest>,
    ) -> Result<Response<v1::RemoveNetworkResponse>, Status> {
        let id = request.into_inner().id;
        let removed = block_in_place(|| self.containers.remove_network(&id));
        answer(removed.map(|()| v1::RemoveNetworkResponse {}))
    }

    async fn list(
        &self,
        _request: Request<v1::ListNetworksRequest>,
    ) -> Result<Response<v1::ListNetworksResponse>, Status> {
        let networks = block_in_place(|| self.list());
        answer(networks.map(|networks| v1::ListNetworksResponse { networks }))
    }

    async fn connect_container(
        &self,
        request: Request<v1::ConnectContainerRequest>,
    ) -> Result<Response<v1::ConnectContainerResponse>, Status> {
        answer(self.connect(request.into_inner()).await)
    }

    async fn disconnect_container(
        &self,
        request: Request<v1::DisconnectContainerRequest>,
    ) -> Result<Response<v1::DisconnectContainerResponse>, Status> {
        answer(self.disconnect(request.into_inner()).await)
    }

    async fn set_names(
        &self,
        request: Request<v1::SetNamesRequest>,
    ) -> Result<Response<v1::SetNamesResponse>, Status> {
        let renamed = block_in_place(|| self.rename(request.into_inner()));
        answer(renamed.map(|()| v1::SetNamesResponse {}))
    }

    async fn probe(
        &self,
        request: Request<v1::ProbeRequest>,
    ) -> Result<Response<v1::ProbeResponse>, Status> {
        answer(probe::probe(&self.containers, request.into_inner()).await)
    }
}
