//! Users and groups of a container as the host knows them.

use rustix::io::Errno;

/// What a program is shown for an id that its container does not have (/proc/sys/kernel/overflowuid).
const NOBODY: u32 = 65_534;

/// Which ids of the host stand for those in a user namespace. The default: each for itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ids {
    /// Of users and of groups. `None`: each for itself.
    maps: Option<[Vec<Range>; 2]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    inside: u32,
    outside: u32,
    count: u32,
}

impl Ids {
    /// Of the process's user namespace, seen from the caller's.
    pub(crate) fn of_process(pid: i32) -> Result<Self, Errno> {
        let read = |file: &str| {
            let text = std::fs::read_to_string(format!("/proc/{pid}/{file}"));
            text.map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))
        };
        Ok(Ids::parse(&read("uid_map")?, &read("gid_map")?))
    }

    fn parse(uids: &str, gids: &str) -> Self {
        let maps = [ranges(uids), ranges(gids)];
        let is_same = |range: &Range| range.inside == range.outside;
        match maps.iter().flatten().all(is_same) {
            true => Ids::default(),
            false => Ids { maps: Some(maps) },
        }
    }

    pub(crate) fn are_mapped(&self) -> bool {
        self.maps.is_some()
    }

    /// User and group of the host; `None` when the container does not have them.
    pub(crate) fn outside(&self, (uid, gid): (u32, u32)) -> Option<(u32, u32)> {
        let Some([uids, gids]) = &self.maps else {
            return Some((uid, gid));
        };
        let find = |ranges, id| find(ranges, id, |range| (range.inside, range.outside));
        Some((find(uids, uid)?, find(gids, gid)?))
    }

    /// User and group as the container's programs see them.
    pub(crate) fn inside(&self, (uid, gid): (u32, u32)) -> (u32, u32) {
        let Some([uids, gids]) = &self.maps else {
            return (uid, gid);
        };
        let find =
            |ranges, id| find(ranges, id, |range| (range.outside, range.inside)).unwrap_or(NOBODY);
        (find(uids, uid), find(gids, gid))
    }
}

/// user_namespaces(7): lines of first id inside, first id outside, and how many.
fn ranges(text: &str) -> Vec<Range> {
    let range = |line: &str| {
        let mut numbers = line.split_whitespace().map(str::parse);
        let mut next = || numbers.next()?.ok();
        Some(Range {
            inside: next()?,
            outside: next()?,
            count: next()?,
        })
    };
    text.lines().filter_map(range).collect()
}

fn find(ranges: &[Range], id: u32, ends: impl Fn(&Range) -> (u32, u32)) -> Option<u32> {
    ranges.iter().find_map(|range| {
        let (from, to) = ends(range);
        let offset = id.checked_sub(from).filter(|it| *it < range.count)?;
        to.checked_add(offset)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosts_own_namespace_changes_nothing() {
        let ids = Ids::parse("0 0 4294967295\n", "0 0 4294967295\n");
        assert!(!ids.are_mapped());
        assert_eq!(ids.outside((7, u32::MAX)), Some((7, u32::MAX)));
        assert_eq!(ids.inside((7, 8)), (7, 8));
    }

    #[test]
    fn ids_are_found_in_their_range_both_ways() {
        let ids = Ids::parse(
            "         0     200000       1000\n      1000       5000          1\n",
            "0 300000 1000\n",
        );
        assert_eq!(ids.outside((0, 999)), Some((200_000, 300_999)));
        assert_eq!(ids.outside((1000, 0)), Some((5000, 300_000)));
        assert_eq!(ids.inside((200_999, 300_000)), (999, 0));
        assert_eq!(ids.inside((5000, 300_001)), (1000, 1));
    }

    #[test]
    fn other_ids_have_no_place_there_and_look_like_nobodys() {
        let ids = Ids::parse("0 200000 1000\n", "0 300000 1000\n");
        assert_eq!(ids.outside((1000, 0)), None);
        assert_eq!(ids.outside((0, 1000)), None);
        assert_eq!(ids.inside((0, 300_000)), (NOBODY, 0));
        assert_eq!(ids.inside((201_000, 0)), (NOBODY, NOBODY));
    }
}
