use std::sync::Arc;

use longshore_network::NetworkHost;
use longshore_protocol::v1;
use tonic::{Request, Response, Status};

use crate::failure;

pub(crate) struct NetworksService {
    networks: Arc<NetworkHost>,
}

impl NetworksService {
    pub(crate) fn new(networks: Arc<NetworkHost>) -> Self {
        NetworksService { networks }
    }
}

#[tonic::async_trait]
impl v1::networks_server::Networks for NetworksService {
    async fn list(
        &self,
        _request: Request<v1::ListNetworksRequest>,
    ) -> Result<Response<v1::ListNetworksResponse>, Status> {
        let networks = self.networks.networks();
        let networks = networks.map_err(|error| failure::status(&failure::of_network(&error)))?;
        let networks = networks
            .into_iter()
            .map(|network| v1::Network {
                definition: Some(v1::NetworkDefinition {
                    id: network.name.clone(),
                    name: network.name,
                    link: network.bridge,
                    pools: vec![v1::AddressPool {
                        subnet: network.subnet.to_string(),
                        gateway: network.gateway.to_string(),
                        ..Default::default()
                    }],
                    ..Default::default()
                }),
                members: Vec::new(),
            })
            .collect();
        Ok(Response::new(v1::ListNetworksResponse { networks }))
    }

    async fn apply(
        &self,
        _request: Request<v1::ApplyNetworkRequest>,
    ) -> Result<Response<v1::ApplyNetworkResponse>, Status> {
        Err(Status::unimplemented("not by this agent"))
    }

    async fn remove(
        &self,
        _request: Request<v1::RemoveNetworkRequest>,
    ) -> Result<Response<v1::RemoveNetworkResponse>, Status> {
        Err(Status::unimplemented("not by this agent"))
    }

    async fn connect_container(
        &self,
        _request: Request<v1::ConnectContainerRequest>,
    ) -> Result<Response<v1::ConnectContainerResponse>, Status> {
        Err(Status::unimplemented("not by this agent"))
    }

    async fn disconnect_container(
        &self,
        _request: Request<v1::DisconnectContainerRequest>,
    ) -> Result<Response<v1::DisconnectContainerResponse>, Status> {
        Err(Status::unimplemented("not by this agent"))
    }

    async fn set_names(
        &self,
        _request: Request<v1::SetNamesRequest>,
    ) -> Result<Response<v1::SetNamesResponse>, Status> {
        Err(Status::unimplemented("not by this agent"))
    }

    async fn probe(
        &self,
        _request: Request<v1::ProbeRequest>,
    ) -> Result<Response<v1::ProbeResponse>, Status> {
        Err(Status::unimplemented("not by this agent"))
    }
}
