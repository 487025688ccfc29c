use oci_spec::runtime::LinuxHugepageLimit;

use super::field;
use crate::error::{Error, Result};

/// The most that a container may have in huge pages of one size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HugePageLimit {
    /// As the kernel names its files: "2MB", "1GB".
    pub page_size: String,
    pub bytes: u64,
}

/// A negative limit means none.
pub(super) fn read(list: &[LinuxHugepageLimit]) -> Result<Vec<HugePageLimit>> {
    let mut limits = Vec::new();
    for limit in list {
        let page_size = limit.page_size();
        if !is_page_size(page_size) {
            return Err(Error::Invalid {
                limit: field::HUGE_PAGES,
                reason: format!("{page_size:?} is no page size such as 2MB"),
            });
        }
        let Ok(bytes) = u64::try_from(limit.limit()) else {
            continue;
        };
        limits.push(HugePageLimit {
            page_size: page_size.clone(),
            bytes,
        });
    }
    Ok(limits)
}

/// It becomes part of a file's name.
fn is_page_size(text: &str) -> bool {
    let number = ["KB", "MB", "GB"]
        .iter()
        .find_map(|unit| text.strip_suffix(unit));
    number.is_some_and(|digits| {
        (1..=8).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit())
    })
}
