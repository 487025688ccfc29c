use std::io;

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The kernel refused a message. `reason` is its own text (extended ack), often empty.
    #[error("{step}: {source}{}", in_brackets(.reason))]
    Refused {
        step: &'static str,
        reason: String,
        source: io::Error,
    },

    /// Messages could not be sent, or were not answered.
    #[error("{step}: {source}")]
    Exchange {
        step: &'static str,
        source: io::Error,
    },
}

impl Error {
    pub fn errno(&self) -> Option<i32> {
        let (Self::Refused { source, .. } | Self::Exchange { source, .. }) = self;
        source.raw_os_error()
    }

    /// That with which the kernel refused a message.
    pub fn refusal(&self) -> Option<i32> {
        match self {
            Self::Refused { source, .. } => source.raw_os_error(),
            Self::Exchange { .. } => None,
        }
    }

    /// Whether the kernel says that what the message names does not exist.
    pub fn is_missing(&self) -> bool {
        matches!(
            self.refusal(),
            Some(libc::ENOENT | libc::ENODEV | libc::ESRCH)
        )
    }
}

fn in_brackets(reason: &str) -> String {
    if reason.is_empty() {
        String::new()
    } else {
        format!(" ({reason})")
    }
}
