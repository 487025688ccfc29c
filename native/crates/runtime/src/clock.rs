use std::time::{SystemTime, UNIX_EPOCH};

/// Nanoseconds since 1970; 0 for a clock set before it.
pub fn now_unix_ns() -> i64 {
    let elapsed = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(elapsed.as_nanos()).unwrap_or(i64::MAX)
}
