use std::ffi::CStr;
use std::io;
use std::os::fd::{AsFd as _, AsRawFd as _, FromRawFd as _, OwnedFd};

use super::DeviceRules;
use super::program::compile;
use crate::directory::Directory;
use crate::error::{Error, Result};
use crate::limits::field;

// `enum bpf_cmd`, `enum bpf_prog_type` and `enum bpf_attach_type` in `linux/bpf.h`.
const BPF_PROG_LOAD: libc::c_long = 5;
const BPF_PROG_ATTACH: libc::c_long = 8;
const BPF_PROG_TYPE_CGROUP_DEVICE: u32 = 15;
const BPF_CGROUP_DEVICE: u32 = 6;
/// Programs of cgroups above and below are asked as well; each of them must allow.
const BPF_F_ALLOW_MULTI: u32 = 2;

const LICENSE: &CStr = c"Apache-2.0";

/// The part of `union bpf_attr` that BPF_PROG_LOAD reads.
#[repr(C)]
struct LoadAttributes {
    program_type: u32,
    instruction_count: u32,
    instructions: u64,
    license: u64,
    log_level: u32,
    log_size: u32,
    log_buffer: u64,
    kernel_version: u32,
    flags: u32,
    name: [u8; 16],
}

/// The part that BPF_PROG_ATTACH reads.
#[repr(C)]
struct AttachAttributes {
    target_fd: i32,
    program_fd: i32,
    attach_type: u32,
    flags: u32,
}

/// Compiles and loads the rules. The program lives as long as the descriptor or a cgroup that it is attached to.
pub(crate) fn load_program(rules: &DeviceRules) -> Result<OwnedFd> {
    let instructions = compile(rules);
    let attributes = LoadAttributes {
        program_type: BPF_PROG_TYPE_CGROUP_DEVICE,
        instruction_count: instructions.len() as u32,
        instructions: instructions.as_ptr().expose_provenance() as u64,
        license: LICENSE.as_ptr().expose_provenance() as u64,
        log_level: 0,
        log_size: 0,
        log_buffer: 0,
        kernel_version: 0,
        flags: 0,
        name: *b"longshore_dev\0\0\0",
    };
    let fd = bpf(BPF_PROG_LOAD, &attributes).map_err(|error| refused("load", &error))?;
    // SAFETY: BPF_PROG_LOAD has answered with a new descriptor, which nobody else knows.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

pub(crate) fn attach_program(directory: &Directory, program: &OwnedFd) -> Result<()> {
    let attributes = AttachAttributes {
        target_fd: directory.as_fd().as_raw_fd(),
        program_fd: program.as_raw_fd(),
        attach_type: BPF_CGROUP_DEVICE,
        flags: BPF_F_ALLOW_MULTI,
    };
    bpf(BPF_PROG_ATTACH, &attributes)
        .map(drop)
        .map_err(|error| refused("attach", &error))
}

fn bpf<T>(command: libc::c_long, attributes: &T) -> io::Result<i32> {
    // SAFETY: `attributes` is a prefix of `union bpf_attr` as the command reads it, of the length that is passed,
    // and what it points to outlives the call. The kernel takes the bytes that are missing for zeros.
    let answer = unsafe {
        libc::syscall(
            libc::SYS_bpf,
            command,
            std::ptr::from_ref(attributes),
            size_of::<T>() as libc::c_ulong,
        )
    };
    if answer < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(answer as i32)
}

fn refused(step: &str, error: &io::Error) -> Error {
    let reason = format!("the kernel does not {step} a cgroup device program: {error}");
    Error::Unsupported {
        limit: field::DEVICES,
        reason,
    }
}
