//! The agent's gRPC protocol, generated from `native/proto`. Nothing here is written by hand.

/// `longshore.agent.v1`: runtime, files, snapshots, networks, system.
pub mod v1 {
    #![allow(clippy::all, missing_docs, unreachable_pub)]
    tonic::include_proto!("longshore.agent.v1");
}

/// The protocol version that `System.Hello` speaks.
pub const PROTOCOL_VERSION: u32 = 1;

/// Metadata key of an encoded [`v1::Failure`].
pub const FAILURE_METADATA_KEY: &str = "longshore-failure-bin";
