//! What happens inside a new process, from clone3's return to the exec of a container's command.
//!
//! The parent makes a [`ContainerPlan`] (plain data, validated), a pair of [`sync`] ends and [`Handles`], clones, and
//! the child calls [`enter_container`], which returns only when a step failed. A further process in a running container
//! comes from an [`ExecPlan`] by [`spawn_exec`]. The cloning process is single-threaded, so ordinary code may run in
//! the child.

pub mod credentials;
pub mod error;
pub mod plan;
pub mod spec;
pub mod sync;

mod capabilities;
mod container;
mod exec;
mod process;
mod rootfs;
mod seal;
mod shared_memory;
mod stdio;
mod user_namespace;
mod users;

pub use container::{ProcessNamespace, enter_container};
pub use error::{ErrorClass, StepError};
pub use exec::{ExecPlan, ExecProcess, spawn_exec};
pub use plan::ContainerPlan;
pub use seal::seal_self;
pub use stdio::{Handles, SharedNamespaces, Stdio};
pub use user_namespace::equip;
pub use users::owner_of;
