#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It has a meaning, but not for this engine or architecture.
    #[error("seccomp: {what} is not supported")]
    Unsupported { what: String },
    #[error("seccomp: {what} is not valid")]
    Invalid { what: String },
}

pub type Result<T> = std::result::Result<T, Error>;
