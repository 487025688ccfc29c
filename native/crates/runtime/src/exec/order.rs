use longshore_isolation::plan::{Capabilities, ProcessPlan};
use longshore_isolation::{ContainerPlan, ExecPlan};
use longshore_sys::clone::Namespaces;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Result};
use crate::id::Id;
use crate::link::TerminalSize;
use crate::plan;
use crate::store::RunOrder;

/// What was asked of an exec: `longshore.agent.v1.ExecBegin`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExecOrder {
    pub exec_id: Id,
    pub args: Vec<String>,
    /// Added to the container's.
    pub env: Vec<String>,
    /// Empty: the container's.
    pub cwd: String,
    /// `None`: the container's.
    pub user: Option<String>,
    pub additional_groups: Vec<String>,
    pub terminal: bool,
    pub size: Option<TerminalSize>,
    pub open_stdin: bool,
    pub detach: bool,
    pub privileged: bool,
}

impl ExecOrder {
    /// What it comes to in the container of that plan.
    pub(super) fn plan(&self, container: &ContainerPlan, run: &RunOrder) -> Result<ExecPlan> {
        let mut process = container.process.clone();
        process.args.clone_from(&self.args);
        add_environment(&mut process.env, &self.env);
        if !self.cwd.is_empty() {
            process.cwd.clone_from(&self.cwd);
        }
        let asked = self.user.as_deref().or(run.user.as_deref());
        process.user = plan::user(process.user, asked, &self.additional_groups);
        process.terminal_size = self
            .size
            .map(|size| longshore_isolation::plan::TerminalSize {
                columns: size.columns,
                rows: size.rows,
            });
        if self.privileged {
            give_all_rights(&mut process)?;
        }
        Ok(ExecPlan {
            process,
            namespaces: namespaces_of(container),
            users: container.namespaces.users.clone(),
        })
    }
}

/// Those that the container does not share with the host.
fn namespaces_of(container: &ContainerPlan) -> Namespaces {
    let mut own = container.namespaces.create | container.namespaces.shared;
    own.extend(container.namespaces.join.iter().map(|joined| joined.kind));
    own.set(Namespaces::CGROUP, container.namespaces.own_cgroup);
    own
}

/// A variable that is set already gets the new value in its old place, as in `docker exec -e`.
fn add_environment(env: &mut Vec<String>, added: &[String]) {
    for variable in added {
        let name = variable.split('=').next().unwrap_or(variable);
        let same = |old: &&mut String| old.split('=').next() == Some(name);
        match env.iter_mut().find(same) {
            Some(old) => old.clone_from(variable),
            None => env.push(variable.clone()),
        }
    }
}

fn give_all_rights(process: &mut ProcessPlan) -> Result<()> {
    process.capabilities = Capabilities::all_of_host()
        .map_err(|errno| Failure::io("capabilities", "", &errno.into()))?;
    process.seccomp = None;
    process.apparmor_profile = None;
    process.no_new_privileges = false;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_added_variable_replaces_the_one_of_its_name() {
        let mut env = vec!["PATH=/bin".to_owned(), "A=1".to_owned()];
        add_environment(&mut env, &["A=2=3".to_owned(), "B=".to_owned()]);
        assert_eq!(env, ["PATH=/bin", "A=2=3", "B="]);
    }
}
