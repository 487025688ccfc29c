//! Programs that do nothing but stay.

use crate::arguments::{duration, options};
use crate::print;
use crate::signals::EndSignals;
use crate::tools::host_name;

pub(crate) fn wait(arguments: &[String]) -> Result<u8, String> {
    let signals = EndSignals::block();
    let [] = options(arguments, [])?;
    print(&format!("{} stays until a signal.", host_name()));
    if let Some(signal) = signals.wait(None) {
        print(&format!("{}: goodbye.", signal.name));
    }
    Ok(0)
}

/// As in coreutils: the durations are added up.
pub(crate) fn sleep(arguments: &[String]) -> Result<u8, String> {
    let signals = EndSignals::block();
    if arguments.is_empty() {
        return Err("sleep needs a duration".to_owned());
    }
    let mut total = std::time::Duration::ZERO;
    for argument in arguments {
        total = total.saturating_add(duration(argument)?);
    }
    match signals.wait(Some(total)) {
        // As a shell reports what a signal has ended.
        Some(signal) => Ok(128 + signal.number),
        None => Ok(0),
    }
}
