use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::resolv_conf::ResolvConf;
use crate::{Error, Report};

/// How long a change may go unnoticed. Nothing looks at the file while nobody asks.
const RECHECK_AFTER: Duration = Duration::from_secs(1);

const MAX_SIZE: u64 = 64 * 1024;

/// The host's resolv.conf, followed through its changes: written anew, renamed over, or a link that leads elsewhere.
pub(crate) struct HostServers {
    path: PathBuf,
    report: Report,
    state: Mutex<State>,
}

struct State {
    checked: Instant,
    /// `None` where there is no such file.
    stamp: Option<Stamp>,
    config: Arc<ResolvConf>,
}

/// Differs when the contents may differ: device, inode, size, and the time of change in ns.
type Stamp = (u64, u64, u64, i64, i64);

impl HostServers {
    pub(crate) fn new(path: PathBuf, report: Report) -> Self {
        let mut state = State {
            checked: Instant::now(),
            stamp: None,
            config: Arc::new(ResolvConf::parse("")),
        };
        state.refresh(&path, &report);
        Self {
            path,
            report,
            state: Mutex::new(state),
        }
    }

    pub(crate) fn current(&self) -> Arc<ResolvConf> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.checked.elapsed() >= RECHECK_AFTER {
            state.checked = Instant::now();
            state.refresh(&self.path, &self.report);
        }
        Arc::clone(&state.config)
    }
}

impl State {
    /// What cannot be read is reported once, and the last servers are kept.
    fn refresh(&mut self, path: &Path, report: &Report) {
        let stamp = fs::metadata(path).ok().map(|metadata| stamp(&metadata));
        if stamp == self.stamp {
            return;
        }
        self.stamp = stamp;
        match read(path) {
            Ok(text) => self.config = Arc::new(ResolvConf::parse(&text)),
            Err(source) => report(&Error::File {
                step: "read",
                path: path.into(),
                source,
            }),
        }
    }
}

fn stamp(metadata: &Metadata) -> Stamp {
    let (seconds, nanoseconds) = (metadata.ctime(), metadata.ctime_nsec());
    let (device, inode) = (metadata.dev(), metadata.ino());
    (device, inode, metadata.size(), seconds, nanoseconds)
}

/// A missing file is an empty one (resolv.conf(5)).
fn read(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(MAX_SIZE).read_to_end(&mut bytes)?,
        Err(source) if source.kind() == io::ErrorKind::NotFound => 0,
        Err(source) => return Err(source),
    };
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state_of(path: &Path) -> State {
        State {
            checked: Instant::now(),
            stamp: None,
            config: Arc::new(ResolvConf::parse(&read(path).unwrap())),
        }
    }

    fn first_server(state: &mut State, path: &Path) -> String {
        let report: Report = Arc::new(|error| panic!("{error}"));
        state.refresh(path, &report);
        state.config.servers[0].ip().to_string()
    }

    #[test]
    fn a_file_that_is_replaced_written_or_removed_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("resolv.conf");
        let mut state = state_of(&path);
        assert_eq!(first_server(&mut state, &path), "127.0.0.1");
        fs::write(&path, "nameserver 10.0.0.1\n").unwrap();
        assert_eq!(first_server(&mut state, &path), "10.0.0.1");
        let beside = folder.path().join("beside");
        fs::write(&beside, "nameserver 10.0.0.2\n").unwrap();
        fs::rename(&beside, &path).unwrap();
        assert_eq!(first_server(&mut state, &path), "10.0.0.2");
        fs::remove_file(&path).unwrap();
        assert_eq!(first_server(&mut state, &path), "127.0.0.1");
    }

    #[test]
    fn a_link_that_leads_elsewhere_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("resolv.conf");
        let targets = ["one", "two"].map(|name| folder.path().join(name));
        fs::write(&targets[0], "nameserver 10.0.0.1\n").unwrap();
        fs::write(&targets[1], "nameserver 10.0.0.2\n").unwrap();
        std::os::unix::fs::symlink(&targets[0], &path).unwrap();
        let mut state = state_of(&path);
        assert_eq!(first_server(&mut state, &path), "10.0.0.1");
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink(&targets[1], &path).unwrap();
        assert_eq!(first_server(&mut state, &path), "10.0.0.2");
    }

    #[test]
    fn a_file_that_cannot_be_read_is_reported_once_and_the_servers_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("resolv.conf");
        fs::write(&path, "nameserver 10.0.0.1\n").unwrap();
        let mut state = state_of(&path);
        assert_eq!(first_server(&mut state, &path), "10.0.0.1");
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        let reports = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&reports);
        let report: Report = Arc::new(move |error| kept.lock().unwrap().push(error.to_string()));
        state.refresh(&path, &report);
        state.refresh(&path, &report);
        assert_eq!(reports.lock().unwrap().len(), 1);
        assert_eq!(state.config.servers[0].ip().to_string(), "10.0.0.1");
    }
}
