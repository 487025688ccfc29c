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
                name: network.name,
                bridge: network.bridge,
                subnet: network.subnet.to_string(),
                gateway: network.gateway.to_string(),
            })
            .collect();
        Ok(Response::new(v1::ListNetworksResponse { networks }))
    }
}
