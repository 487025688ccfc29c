//! `longshore.agent.v1.Runtime`, one file a verb where there is more to it than a call.

mod attach;
mod begin;
mod events;
mod exec;
mod list;
mod logs;
mod processes;
mod run;
mod stats;
mod update;

use std::pin::Pin;
use std::sync::Arc;

use longshore_protocol::v1;
use longshore_runtime::Failure;
use tokio_stream::Stream;
use tonic::{Request, Response, Status, Streaming};

use crate::containers::Containers;
use crate::failure::{parse_id, status};

pub(crate) struct RuntimeService {
    containers: Arc<Containers>,
}

type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send + 'static>>;

impl RuntimeService {
    pub(crate) fn new(containers: Arc<Containers>) -> Self {
        RuntimeService { containers }
    }

    fn send_signal(&self, request: &v1::SignalRequest) -> Result<(), Failure> {
        let id = parse_id(&request.id)?;
        if request.exec_id.is_empty() {
            return self.containers.signal(&id, request.signal);
        }
        let exec_id = parse_id(&request.exec_id)?;
        self.containers.signal_exec(&id, &exec_id, request.signal)
    }
}

#[tonic::async_trait]
impl v1::runtime_server::Runtime for RuntimeService {
    type ExecStream = Answers<v1::ProcessOutput>;
    type AttachStream = Answers<v1::ProcessOutput>;
    type LogsStream = Answers<v1::LogBatch>;
    type EventsStream = Answers<v1::Event>;
    type StatsStream = Answers<v1::StatsBatch>;

    async fn run(
        &self,
        request: Request<v1::RunRequest>,
    ) -> Result<Response<v1::RunResponse>, Status> {
        let request = run::parse(request.into_inner()).map_err(|failure| status(&failure))?;
        let id = request.order.id.clone();
        let started = self
            .containers
            .run(request)
            .await
            .map_err(|failure| status(&failure))?;
        Ok(Response::new(run::answer(
            started,
            self.containers.connection(&id),
        )))
    }

    async fn signal(
        &self,
        request: Request<v1::SignalRequest>,
    ) -> Result<Response<v1::SignalResponse>, Status> {
        let request = request.into_inner();
        self.send_signal(&request)
            .map_err(|failure| status(&failure))?;
        Ok(Response::new(v1::SignalResponse {}))
    }

    async fn pause(
        &self,
        request: Request<v1::PauseRequest>,
    ) -> Result<Response<v1::PauseResponse>, Status> {
        let id = parse_id(&request.into_inner().id).map_err(|failure| status(&failure))?;
        let paused = self.containers.pause(&id).await;
        paused.map_err(|failure| status(&failure))?;
        Ok(Response::new(v1::PauseResponse {}))
    }

    async fn resume(
        &self,
        request: Request<v1::ResumeRequest>,
    ) -> Result<Response<v1::ResumeResponse>, Status> {
        let id = parse_id(&request.into_inner().id).map_err(|failure| status(&failure))?;
        let resumed = self.containers.resume(&id).await;
        resumed.map_err(|failure| status(&failure))?;
        Ok(Response::new(v1::ResumeResponse {}))
    }

    async fn update(
        &self,
        request: Request<v1::UpdateRequest>,
    ) -> Result<Response<v1::UpdateResponse>, Status> {
        let updated = update::update(&self.containers, &request.into_inner()).await;
        updated.map_err(|failure| status(&failure))?;
        Ok(Response::new(v1::UpdateResponse {}))
    }

    async fn processes(
        &self,
        request: Request<v1::ProcessesRequest>,
    ) -> Result<Response<v1::ProcessesResponse>, Status> {
        let id = parse_id(&request.into_inner().id).map_err(|failure| status(&failure))?;
        let table = self.containers.processes(&id).await;
        let table = table.map_err(|failure| status(&failure))?;
        Ok(Response::new(processes::answer(table)))
    }

    async fn stats(
        &self,
        request: Request<v1::StatsRequest>,
    ) -> Result<Response<Self::StatsStream>, Status> {
        stats::stats(&self.containers, &request.into_inner())
    }

    async fn delete(
        &self,
        request: Request<v1::DeleteRequest>,
    ) -> Result<Response<v1::DeleteResponse>, Status> {
        let request = request.into_inner();
        let id = parse_id(&request.id).map_err(|failure| status(&failure))?;
        let deleted = self.containers.delete(&id, request.force).await;
        deleted.map_err(|failure| status(&failure))?;
        Ok(Response::new(v1::DeleteResponse {}))
    }

    async fn exec(
        &self,
        request: Request<Streaming<v1::ExecInput>>,
    ) -> Result<Response<Self::ExecStream>, Status> {
        exec::exec(&self.containers, request.into_inner()).await
    }

    async fn attach(
        &self,
        request: Request<Streaming<v1::AttachInput>>,
    ) -> Result<Response<Self::AttachStream>, Status> {
        attach::attach(&self.containers, request.into_inner()).await
    }

    async fn resize(
        &self,
        request: Request<v1::ResizeRequest>,
    ) -> Result<Response<v1::ResizeResponse>, Status> {
        let resized = begin::resize(&self.containers, request.into_inner()).await;
        resized.map_err(|failure| status(&failure))?;
        Ok(Response::new(v1::ResizeResponse {}))
    }

    async fn logs(
        &self,
        request: Request<v1::LogsRequest>,
    ) -> Result<Response<Self::LogsStream>, Status> {
        logs::logs(&self.containers, &request.into_inner())
    }

    async fn list(
        &self,
        _request: Request<v1::ListRequest>,
    ) -> Result<Response<v1::ListResponse>, Status> {
        Ok(Response::new(list::list(&self.containers)))
    }

    async fn events(
        &self,
        request: Request<v1::EventsRequest>,
    ) -> Result<Response<Self::EventsStream>, Status> {
        let after_seq = request.into_inner().after_seq;
        Ok(Response::new(events::follow(&self.containers, after_seq)))
    }
}
