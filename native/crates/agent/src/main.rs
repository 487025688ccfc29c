//! `longshore-agent`: the part of Longshore that runs as root and makes containers.

mod arguments;
mod background;
mod channel;
mod containers;
mod data_folder;
mod events;
mod failure;
mod listener;
mod loopback;
mod pidfd;
mod pieces;
mod process_streams;
mod report;
mod serve;
mod services;
mod watched;
mod zygote;

use std::os::fd::OwnedFd;
use std::process::ExitCode;

use arguments::Command;
use longshore_runtime::zygote::Warm;

fn main() -> ExitCode {
    // Inside a container this binary may be the program of the starter image.
    if let Some(code) = longshore_hello::dispatch(std::env::args_os()) {
        return code;
    }
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::error("main", error);
            ExitCode::FAILURE
        }
    }
}

type AnyError = Box<dyn std::error::Error>;

fn run() -> Result<(), AnyError> {
    let command = arguments::parse(std::env::args_os().skip(1))
        .map_err(|error| format!("{error}\n{}", arguments::USAGE))?;
    match command {
        Command::Version => {
            println!("longshore-agent {}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
        // Executed from the sealed program already.
        Command::Zygote => be_zygote(),
        Command::Serve(arguments) => {
            // What whoever started us left open (a desktop app leaks pipes) goes with the exec of the seal: the
            // agent outlives its starter, and would hold the other ends open for ever.
            longshore_sys::descriptors::cloexec_from(3)?;
            longshore_isolation::seal_self()?;
            serve::serve(&arguments)
        }
    }
}

/// Ends when the agent does.
fn be_zygote() -> Result<(), AnyError> {
    let socket = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3)?;
    let null: OwnedFd = std::fs::File::options()
        .read(true)
        .open("/dev/null")?
        .into();
    rustix::stdio::dup2_stdin(&null)?;
    longshore_runtime::zygote::serve(socket, &Warm::detect()?)?;
    Ok(())
}
