//! What happens inside a new process, from clone3's return to the exec of a container's command.
//!
//! The parent makes a [`ContainerPlan`] (plain data, validated), a pair of [`sync`] ends and [`Handles`], clones, and
//! the child calls [`enter_container`]; for a further process in a running container it is an [`ExecPlan`] and
//! [`enter_exec`]. Both return only when a step failed. The cloning process is single-threaded, so ordinary code may
//! run in the child.

pub mod credentials;
pub mod error;
pub mod plan;
pub mod spec;
pub mod sync;

mod container;
mod exec;
mod seal;
mod stdio;

pub use container::enter_container;
pub use error::{ErrorClass, StepError};
pub use exec::{ExecPlan, enter_exec, with_pid_namespace};
pub use plan::ContainerPlan;
pub use seal::seal_self;
pub use stdio::{Handles, Stdio};
