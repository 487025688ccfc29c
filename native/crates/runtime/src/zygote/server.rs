use std::io;
use std::os::fd::OwnedFd;

use longshore_sys::clone::{CloneArgs, Cloned, clone3};

use super::spare_network::SpareNetwork;
use super::{Request, Warm};
use crate::{exec, supervisor, wire};

/// Answers requests until the agent is gone. Must be called in a single-threaded process.
///
/// Children are never waited for: SIGCHLD is ignored, so the kernel forgets them. They live in sessions of their
/// own and outlast this process.
pub fn serve(socket: OwnedFd, warm: &Warm) -> io::Result<()> {
    ignore_signal(libc::SIGCHLD)?;
    ignore_signal(libc::SIGPIPE)?;
    let mut spare = SpareNetwork::new()?;
    let mut socket = Some(socket);
    while let Some(agent) = &socket {
        spare.make_when_idle(agent)?;
        let Some(packet) = wire::receive(agent)? else {
            break;
        };
        // A request that cannot be read closes its link, which tells the agent.
        let Ok(mut request) = Request::parse(packet) else {
            continue;
        };
        if let Request::Run(run) = &mut request
            && run.new_network
            && run.network_namespace.is_none()
        {
            run.network_namespace = spare.take();
        }
        // SAFETY: this process is single-threaded, as the function's contract demands.
        match unsafe { clone3(&CloneArgs::PLAIN) } {
            Ok(Cloned::Child) => {
                drop((socket.take(), spare));
                work(request, warm);
                std::process::exit(0);
            }
            // Out of processes or memory: dropping the request closes its link.
            Ok(Cloned::Parent { .. }) | Err(_) => {}
        }
    }
    Ok(())
}

/// The life of a process that the zygote made.
fn work(request: Request, warm: &Warm) {
    // A session of its own: nobody's terminal or process group ends it. It cannot fail in a fresh child.
    let _ = rustix::process::setsid();
    // For `ps`: its command line is still the zygote's. A name this short cannot be refused.
    let _ = rustix::thread::set_name(c"longshore-super");
    // Children must be waited for here. Resetting a disposition to its default cannot fail.
    let _ = default_signal(libc::SIGCHLD);
    match request {
        Request::Run(request) => supervisor::supervise(request, warm),
        Request::Exec(request) => exec::supervise(request, warm),
    }
}

fn ignore_signal(signal: libc::c_int) -> io::Result<()> {
    set_disposition(signal, libc::SIG_IGN)
}

fn default_signal(signal: libc::c_int) -> io::Result<()> {
    set_disposition(signal, libc::SIG_DFL)
}

fn set_disposition(signal: libc::c_int, disposition: libc::sighandler_t) -> io::Result<()> {
    // SAFETY: SIG_IGN and SIG_DFL install no handler of ours.
    match unsafe { libc::signal(signal, disposition) } {
        libc::SIG_ERR => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}
