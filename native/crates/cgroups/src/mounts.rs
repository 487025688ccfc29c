use std::path::{Path, PathBuf};

use crate::host::{Controller, Hierarchy, Version};

/// The hierarchies in `/proc/<pid>/mountinfo` (proc_pid_mountinfo(5)), each once. `unified_controllers` gives the
/// content of the unified hierarchy's `cgroup.controllers`.
pub(crate) fn hierarchies_in(
    mountinfo: &str,
    unified_controllers: impl Fn(&Path) -> String,
) -> Vec<Hierarchy> {
    let mut found: Vec<Hierarchy> = Vec::new();
    for line in mountinfo.lines() {
        let Some((mount, kind, options)) = fields_of(line) else {
            continue;
        };
        let (version, names) = match kind {
            "cgroup" => (Version::V1, options.to_owned()),
            "cgroup2" => (Version::V2, unified_controllers(&mount)),
            _ => continue,
        };
        let controllers: Vec<Controller> = names
            .split([',', ' ', '\n'])
            .filter_map(Controller::from_name)
            .collect();
        // The same hierarchy may be mounted again elsewhere.
        let known = found
            .iter()
            .any(|one| one.version == version && one.controllers == controllers);
        if !known {
            found.push(Hierarchy {
                version,
                mount,
                controllers,
            });
        }
    }
    found
}

/// Where the v1 hierarchy of a controller is mounted that no limit uses.
pub(crate) fn mount_of_v1(mountinfo: &str, controller: &str) -> Option<PathBuf> {
    let mut fields = mountinfo.lines().filter_map(fields_of);
    fields.find_map(|(mount, kind, options)| {
        let is_it = kind == "cgroup" && options.split(',').any(|one| one == controller);
        is_it.then_some(mount)
    })
}

/// Mount point, file system type and super block options.
fn fields_of(line: &str) -> Option<(PathBuf, &str, &str)> {
    let (before, after) = line.split_once(" - ")?;
    let mount = unescape(before.split(' ').nth(4)?);
    let mut after = after.split(' ');
    let kind = after.next()?;
    let options = after.nth(1)?;
    Some((mount, kind, options))
}

/// The kernel writes space, tab, line feed and backslash as three octal digits.
fn unescape(field: &str) -> PathBuf {
    let mut plain = String::with_capacity(field.len());
    let mut rest = field;
    while let Some((before, escaped)) = rest.split_once('\\') {
        plain.push_str(before);
        match escaped
            .get(..3)
            .and_then(|digits| u8::from_str_radix(digits, 8).ok())
        {
            Some(byte) => {
                plain.push(char::from(byte));
                rest = &escaped[3..];
            }
            None => {
                plain.push('\\');
                rest = escaped;
            }
        }
    }
    plain.push_str(rest);
    PathBuf::from(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HYBRID: &str = "\
31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct
34 31 0:31 / /sys/fs/cgroup/my\\040set rw - cgroup cgroup rw,cpuset
40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
52 31 0:29 / /mnt/again rw,relatime - cgroup cgroup rw,cpu,cpuacct
";

    #[test]
    fn each_hierarchy_is_found_once() {
        let found = hierarchies_in(HYBRID, |_| "hugetlb pids\n".to_owned());
        let expect = |version, mount: &str, controllers: &[Controller]| Hierarchy {
            version,
            mount: PathBuf::from(mount),
            controllers: controllers.to_vec(),
        };
        assert_eq!(
            found,
            [
                expect(
                    Version::V1,
                    "/sys/fs/cgroup/cpu,cpuacct",
                    &[Controller::Cpu]
                ),
                expect(Version::V1, "/sys/fs/cgroup/my set", &[Controller::Cpuset]),
                expect(Version::V1, "/sys/fs/cgroup/systemd", &[]),
                expect(
                    Version::V2,
                    "/sys/fs/cgroup/unified",
                    &[Controller::HugePages, Controller::Pids]
                ),
            ]
        );
    }

    #[test]
    fn lines_of_another_shape_are_passed_over() {
        assert_eq!(
            hierarchies_in("garbage\n1 2 3 - cgroup\n\n", |_| String::new()),
            []
        );
    }
}
