use std::os::fd::AsFd;
use std::path::Path;
use std::sync::Arc;

use longshore_network::{NameFiles, Probe, ProbeReport};
use longshore_runtime::{Failure, Id};

use super::Containers;
use super::networking::netns_of;
use crate::failure::{interrupted, of_network};

impl Containers {
    /// From where the container stands, with its own files to look up names by; or from this machine.
    pub(crate) async fn probe(
        self: &Arc<Self>,
        from: Option<&Id>,
        probe: Probe,
    ) -> Result<ProbeReport, Failure> {
        let place = match from {
            None => None,
            Some(id) => {
                let netns = netns_of(&*self.get(id)?.running()?)?;
                Some((netns, self.name_files_of(id)))
            }
        };
        let probing = tokio::task::spawn_blocking(move || match place {
            Some((netns, files)) => probe.from_namespace(netns.as_fd(), &files),
            None => probe.from_here(&machines_name_files()),
        });
        let report = probing.await.map_err(|_| interrupted("probe"))?;
        report.map_err(|error| of_network(&error))
    }

    /// As the agent has written them: what a container makes of its own is not looked at.
    fn name_files_of(&self, id: &Id) -> NameFiles {
        let owner = self.identity_of(id);
        let directory = self.store.open_directory(&owner).ok().flatten();
        let read = |name| {
            let path = directory.as_ref()?.identity_file(name);
            std::fs::read_to_string(path).ok()
        };
        NameFiles {
            hosts: read("hosts").unwrap_or_default(),
            resolv_conf: read("resolv.conf").unwrap_or_default(),
        }
    }
}

fn machines_name_files() -> NameFiles {
    let read = |name| std::fs::read_to_string(Path::new("/etc").join(name)).unwrap_or_default();
    NameFiles {
        hosts: read("hosts"),
        resolv_conf: read("resolv.conf"),
    }
}
