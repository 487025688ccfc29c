//! A program that writes a line now and then.

use std::time::Duration;

use crate::arguments::{duration, options};
use crate::print;
use crate::signals::EndSignals;
use crate::tools::host_name;

pub(crate) fn main(arguments: &[String]) -> Result<u8, String> {
    let signals = EndSignals::block();
    let [every, count] = options(arguments, ["--every", "--count"])?;
    let every = every.map_or(Ok(Duration::from_secs(1)), |every| duration(&every))?;
    let count = count.map(|count| {
        count
            .parse::<u64>()
            .map_err(|_| format!("{count:?} is not a number"))
    });
    let count = count.transpose()?.unwrap_or(u64::MAX);
    let from = host_name();
    for line in 1..=count {
        if print(&format!("line {line} from {from}")) != 0 {
            return Ok(1);
        }
        let wait = if line == count { Duration::ZERO } else { every };
        if let Some(signal) = signals.wait(Some(wait)) {
            print(&format!("{}: goodbye after {line} lines.", signal.name));
            break;
        }
    }
    Ok(0)
}
