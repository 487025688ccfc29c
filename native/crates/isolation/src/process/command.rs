use std::convert::Infallible;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use longshore_sys::{descriptors, signals};
use rustix::fs::Mode;

use super::lookup::execute;
use super::working_directory::{self, MissingDirectory};
use super::{environment, reaper, rlimits};
use crate::credentials::Credentials;
use crate::error::{Step, StepError};
use crate::plan::{ProcessPlan, SeccompFilter};
use crate::sync::ChildSync;
use crate::users::{self, ResolvedUser};

/// A command whose user and working directory have been found in the container's root.
#[derive(Debug)]
pub(crate) struct Command<'plan> {
    plan: &'plan ProcessPlan,
    user: ResolvedUser,
    directory: OwnedFd,
    environment: Vec<String>,
}

impl<'plan> Command<'plan> {
    pub(crate) fn resolve(
        plan: &'plan ProcessPlan,
        root: BorrowedFd<'_>,
        missing: MissingDirectory,
    ) -> Result<Command<'plan>, StepError> {
        let user = users::resolve(root, &plan.user)?;
        let directory = working_directory::open(root, &plan.cwd, missing, &user)?;
        let environment = environment::complete(&plan.env, &user.home);
        Ok(Command {
            plan,
            user,
            directory,
            environment,
        })
    }

    /// Gives up all rights that the plan does not grant, and executes. With `init` the process stays as a reaper and
    /// a child executes.
    pub(crate) fn run(self, sync: &ChildSync, init: bool) -> Result<Infallible, StepError> {
        working_directory::enter(self.directory.as_fd(), &self.plan.cwd)?;
        super::streams::own(&self.user)?;
        rustix::process::umask(Mode::from_raw_mode(self.plan.umask));
        rlimits::apply(self.plan)?;
        signals::reset().step("signals", "")?;
        self.drop_rights(sync)?;
        if init {
            reaper::stay_behind()?;
        }
        // Whatever else is open, made by whomever, ends here.
        descriptors::cloexec_from(3).step("close_range", "")?;
        Err(execute(&self.plan.args, &self.environment))
    }

    fn drop_rights(&self, sync: &ChildSync) -> Result<(), StepError> {
        let credentials = Credentials::new(&self.user, &self.plan.capabilities, sync)?;
        let filter = self.plan.seccomp.as_ref();
        if self.plan.no_new_privileges {
            rustix::thread::set_no_new_privs(true).step("no_new_privs", "")?;
            credentials.assume()?;
            return filter.map_or(Ok(()), load);
        }
        // Without no_new_privs only CAP_SYS_ADMIN may load a filter.
        filter.map_or(Ok(()), load)?;
        credentials.assume()
    }
}

fn load(filter: &SeccompFilter) -> Result<(), StepError> {
    longshore_sys::seccomp::install(&filter.program(), filter.flags()).step("seccomp", "")
}
