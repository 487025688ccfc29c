//! Seccomp filters: Docker's default profile and OCI `linux.seccomp`, compiled to classic BPF.
//!
//! A filter depends only on what it is made from, and is plain data: make it once, keep it, and load it with `longshore_sys::seccomp::install`.

mod abi;
mod compile;
mod error;
mod filter;
mod oci;
mod policy;
mod profile;

pub use abi::Arch;
pub use error::{Error, Result};
pub use filter::{Filter, Instruction};
pub use oci::from_oci;
pub use profile::{Capabilities, KernelVersion, default_profile};
