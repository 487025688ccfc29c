use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A server that did not answer is asked last for so long: not every question shall wait for it.
const SET_BACK: Duration = Duration::from_secs(10);

/// More servers than this are only known when they change all the time.
const MAX_KNOWN: usize = 256;

/// Which servers did not answer of late.
#[derive(Debug, Default)]
pub(super) struct Health {
    failed: Mutex<HashMap<SocketAddr, Instant>>,
}

impl Health {
    pub(super) fn failed(&self, server: SocketAddr) {
        let mut failed = self.lock();
        if failed.len() >= MAX_KNOWN {
            failed.clear();
        }
        failed.insert(server, Instant::now());
    }

    pub(super) fn answered(&self, server: SocketAddr) {
        self.lock().remove(&server);
    }

    /// Moves those that failed behind the others; the order is kept otherwise.
    pub(super) fn order(&self, servers: &mut [SocketAddr]) {
        let failed = self.lock();
        if failed.is_empty() {
            return;
        }
        servers.sort_by_cached_key(|server| {
            let since = failed.get(server).map(Instant::elapsed);
            since.is_some_and(|since| since < SET_BACK)
        });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SocketAddr, Instant>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(last: u8) -> SocketAddr {
        SocketAddr::from(([10, 0, 0, last], 53))
    }

    #[test]
    fn servers_that_failed_are_asked_last_until_they_answer() {
        let health = Health::default();
        health.failed(server(1));
        let mut servers = [server(1), server(2), server(3)];
        health.order(&mut servers);
        assert_eq!(servers, [server(2), server(3), server(1)]);
        health.answered(server(1));
        let mut servers = [server(1), server(2), server(3)];
        health.order(&mut servers);
        assert_eq!(servers, [server(1), server(2), server(3)]);
    }
}
