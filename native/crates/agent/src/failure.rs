//! The one place where failures become gRPC statuses.

use longshore_files as files;
use longshore_logs as logs;
use longshore_network as network;
use longshore_protocol::FAILURE_METADATA_KEY;
use longshore_protocol::v1;
use longshore_runtime::{Failure, FailureClass, Id};
use longshore_snapshots as snapshots;
use longshore_volumes as volumes;
use prost::Message;
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::{Code, Status};

/// gRPC limits a response's metadata to 8 KiB in most implementations.
const MAX_TEXT: usize = 1024;

/// A status whose code follows the class, with the whole failure in its metadata.
pub(crate) fn status(failure: &Failure) -> Status {
    let (class, code) = classify(failure.class);
    let detail = v1::Failure {
        error_class: class.into(),
        step: shorten(&failure.step),
        errno: failure.errno,
        path: shorten(&failure.path),
        message: shorten(&failure.message),
        hint: shorten(&failure.hint),
    };
    let mut metadata = MetadataMap::new();
    let value = MetadataValue::from_bytes(&detail.encode_to_vec());
    metadata.insert_bin(FAILURE_METADATA_KEY, value);
    Status::with_metadata(code, detail.message, metadata)
}

fn classify(class: FailureClass) -> (v1::ErrorClass, Code) {
    use v1::ErrorClass as Wire;
    match class {
        FailureClass::NotFound => (Wire::NotFound, Code::NotFound),
        FailureClass::AlreadyExists => (Wire::AlreadyExists, Code::AlreadyExists),
        FailureClass::InvalidArgument => (Wire::InvalidArgument, Code::InvalidArgument),
        FailureClass::FailedPrecondition => (Wire::FailedPrecondition, Code::FailedPrecondition),
        FailureClass::Conflict => (Wire::Conflict, Code::Aborted),
        FailureClass::PermissionDenied => (Wire::PermissionDenied, Code::PermissionDenied),
        FailureClass::Unavailable => (Wire::Unavailable, Code::Unavailable),
        FailureClass::Cancelled => (Wire::Cancelled, Code::Cancelled),
        FailureClass::NotImplemented => (Wire::NotImplemented, Code::Unimplemented),
        FailureClass::Internal => (Wire::Internal, Code::Internal),
    }
}

fn shorten(text: &str) -> String {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}

pub(crate) fn invalid(step: &str, message: impl Into<String>) -> Failure {
    Failure::new(FailureClass::InvalidArgument, step, message)
}

pub(crate) fn unknown_container(id: &Id) -> Failure {
    Failure::new(
        FailureClass::NotFound,
        "container",
        format!("no container {id}"),
    )
}

pub(crate) fn not_running(id: &Id) -> Failure {
    let message = format!("container {id} does not run");
    Failure::new(FailureClass::FailedPrecondition, "container", message)
}

pub(crate) fn paused(id: &Id) -> Failure {
    let message = format!("container {id} is paused");
    Failure::new(FailureClass::FailedPrecondition, "container", message).hint("resume it first")
}

pub(crate) fn too_busy(id: &Id) -> Failure {
    let message = format!("too many calls look into container {id} already");
    Failure::new(FailureClass::Unavailable, "container", message).hint("try again later")
}

/// Work in a thread of its own that ended without a word: the agent ends, or the work has a bug.
pub(crate) fn interrupted(step: &str) -> Failure {
    Failure::new(FailureClass::Internal, step, "the work was interrupted")
}

/// An id from outside.
pub(crate) fn parse_id(text: &str) -> Result<Id, Failure> {
    Id::parse(text).ok_or_else(|| invalid("id", "an id is 64 lower-case hex digits").at(text))
}

pub(crate) fn of_network(error: &network::Error) -> Failure {
    use network::Error;
    let class = match error {
        Error::UnknownNetwork { .. } | Error::UnknownContainer { .. } => FailureClass::NotFound,
        Error::InvalidId { .. } | Error::InvalidHostEntry { .. } | Error::Invalid { .. } => {
            FailureClass::InvalidArgument
        }
        Error::AlreadyAttached { .. } | Error::NameTaken { .. } => FailureClass::AlreadyExists,
        Error::SubnetTaken { .. }
        | Error::AddressTaken { .. }
        | Error::AddressResting { .. }
        | Error::LinkTaken { .. }
        | Error::PortTaken { .. } => FailureClass::Conflict,
        Error::NoNameServer { .. }
        | Error::AddressesExhausted { .. }
        | Error::LinksExhausted
        | Error::NoFreePort { .. }
        | Error::NoFreeSubnet => FailureClass::Unavailable,
        Error::HasMembers { .. }
        | Error::Differs { .. }
        | Error::NeedsNftables { .. }
        | Error::NoFirewall => FailureClass::FailedPrecondition,
        _ => FailureClass::Internal,
    };
    let errno = match error {
        Error::Netlink(error) => error.errno(),
        Error::File { source, .. } | Error::System { source, .. } => source.raw_os_error(),
        _ => None,
    };
    Failure {
        errno: errno.unwrap_or(0),
        path: error.field().unwrap_or_default().to_owned(),
        hint: hint_of_network(error),
        ..Failure::new(class, "network", error.to_string())
    }
}

fn hint_of_network(error: &network::Error) -> String {
    use network::Error;
    match error {
        Error::PortTaken {
            holder, next_free, ..
        } => {
            let other = next_free.map(|port| format!("; port {port} is free"));
            format!("end {holder}{}", other.unwrap_or_default())
        }
        Error::HasMembers { .. } | Error::Differs { .. } => {
            "disconnect its containers, or stop them, first".to_owned()
        }
        Error::SubnetTaken { .. } => "choose another subnet, or leave the choice open".to_owned(),
        _ => String::new(),
    }
}

pub(crate) fn of_names(error: &longshore_names::Error) -> Failure {
    Failure::new(FailureClass::Internal, "names", error.to_string())
}

pub(crate) fn of_snapshots(error: &snapshots::SnapshotError) -> Failure {
    use snapshots::ErrorClass;
    let class = match error.class() {
        ErrorClass::InvalidArgument => FailureClass::InvalidArgument,
        ErrorClass::FailedPrecondition => FailureClass::FailedPrecondition,
        ErrorClass::Unavailable => FailureClass::Unavailable,
        ErrorClass::Conflict => FailureClass::Conflict,
        ErrorClass::NotFound => FailureClass::NotFound,
        ErrorClass::Cancelled => FailureClass::Cancelled,
        ErrorClass::Internal => FailureClass::Internal,
    };
    Failure {
        errno: error.errno(),
        path: error.path(),
        hint: error.hint().to_owned(),
        ..Failure::new(class, error.step(), error.to_string())
    }
}

pub(crate) fn of_files(error: &files::FilesError) -> Failure {
    use files::ErrorClass;
    let class = match error.class() {
        ErrorClass::NotFound => FailureClass::NotFound,
        ErrorClass::AlreadyExists => FailureClass::AlreadyExists,
        ErrorClass::InvalidArgument => FailureClass::InvalidArgument,
        ErrorClass::FailedPrecondition => FailureClass::FailedPrecondition,
        ErrorClass::PermissionDenied => FailureClass::PermissionDenied,
        ErrorClass::Cancelled => FailureClass::Cancelled,
        ErrorClass::Internal => FailureClass::Internal,
    };
    Failure {
        errno: error.errno(),
        path: error.path(),
        hint: error.hint().to_owned(),
        ..Failure::new(class, error.step(), error.to_string())
    }
}

pub(crate) fn of_volumes(error: &volumes::VolumeError) -> Failure {
    use volumes::{ErrorClass, VolumeError};
    if let VolumeError::Files(error) = error {
        return of_files(error);
    }
    let class = match error.class() {
        ErrorClass::NotFound => FailureClass::NotFound,
        ErrorClass::AlreadyExists => FailureClass::AlreadyExists,
        ErrorClass::InvalidArgument => FailureClass::InvalidArgument,
        ErrorClass::FailedPrecondition => FailureClass::FailedPrecondition,
        ErrorClass::Conflict => FailureClass::Conflict,
        ErrorClass::Unavailable => FailureClass::Unavailable,
        ErrorClass::Internal => FailureClass::Internal,
    };
    Failure {
        errno: error.errno(),
        path: error.path(),
        hint: error.hint().to_owned(),
        ..Failure::new(class, error.step(), error.to_string())
    }
}

pub(crate) fn of_logs(error: &logs::Error) -> Failure {
    Failure {
        message: error.to_string(),
        ..Failure::io("log", &error.path, &error.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_failure_travels_in_the_metadata() {
        let failure = Failure {
            errno: libc::ENOENT,
            ..Failure::new(FailureClass::NotFound, "exec", "no such command")
        };
        let status = status(&failure.at("foo").hint("look at PATH"));
        assert_eq!(status.code(), Code::NotFound);
        let value = status
            .metadata()
            .get_bin(FAILURE_METADATA_KEY)
            .unwrap()
            .to_bytes()
            .unwrap();
        let detail = v1::Failure::decode(value).unwrap();
        assert_eq!(detail.error_class(), v1::ErrorClass::NotFound);
        assert_eq!(
            (detail.step.as_str(), detail.errno, detail.path.as_str()),
            ("exec", 2, "foo")
        );
        assert_eq!(
            (detail.message.as_str(), detail.hint.as_str()),
            ("no such command", "look at PATH")
        );
    }

    #[test]
    fn a_text_of_any_length_still_makes_a_status() {
        let failure = Failure::new(FailureClass::Internal, "x", "ü".repeat(100_000));
        assert!(status(&failure).message().len() <= MAX_TEXT);
    }
}
