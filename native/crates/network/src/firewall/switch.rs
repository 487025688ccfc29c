use std::fs;
use std::io;
use std::path::PathBuf;

use crate::{Error, IpFamily, Result};

const IPV4: &str = "/proc/sys/net/ipv4/ip_forward";
const IPV6_LINKS: &str = "/proc/sys/net/ipv6/conf";

/// The kernel's setting for forwarding of one family.
#[derive(Debug)]
pub(super) struct Switch {
    family: IpFamily,
    path: PathBuf,
}

impl Switch {
    pub(super) fn of(family: IpFamily) -> Self {
        let path = match family {
            IpFamily::V4 => IPV4.into(),
            IpFamily::V6 => PathBuf::from(IPV6_LINKS).join("all/forwarding"),
        };
        Self { family, path }
    }

    pub(super) fn is_on(&self) -> Result<bool> {
        Ok(read(&self.path)? != "0")
    }

    /// A machine that learns its own IPv6 routes from a router goes on doing so: the kernel would otherwise stop once it
    /// forwards (accept_ra in Documentation/networking/ip-sysctl.rst).
    pub(super) fn turn_on(&self) -> Result<()> {
        if self.family == IpFamily::V6 {
            keep_learning_routes()?;
        }
        write(&self.path, "1")
    }

    pub(super) fn turn_off(&self) -> Result<()> {
        write(&self.path, "0")
    }
}

fn keep_learning_routes() -> Result<()> {
    let listed = fs::read_dir(IPV6_LINKS);
    let listed = listed.map_err(|source| failed("list", IPV6_LINKS.into(), source))?;
    for link in listed.flatten() {
        let path = link.path().join("accept_ra");
        let is_template = link.file_name() == "all" || link.file_name() == "default";
        // A link may go while we look.
        if !is_template && read(&path).is_ok_and(|value| value == "1") {
            write(&path, "2")?;
        }
    }
    Ok(())
}

fn read(path: &PathBuf) -> Result<String> {
    let text = fs::read_to_string(path).map_err(|source| failed("read", path.clone(), source))?;
    Ok(text.trim().to_owned())
}

fn write(path: &PathBuf, value: &str) -> Result<()> {
    fs::write(path, value).map_err(|source| failed("write", path.clone(), source))
}

fn failed(step: &'static str, path: PathBuf, source: io::Error) -> Error {
    Error::File { step, path, source }
}
