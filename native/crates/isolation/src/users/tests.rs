use std::fs;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::symlink;

use rustix::fs::{CWD, FileType, Mode, OFlags};
use tempfile::TempDir;

use super::*;

const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\n# comment\n\nweb:x:1000:1001::/home/web:\n\
    123:x:7:7::/digits:\nhuge:x:4294967295:0::/:\nbroken line\n";
const GROUP: &str = "root:x:0:\nweb:x:1001:\naudio:x:29:web,other\nhuge:x:3000000000:web\n";

struct Image {
    directory: TempDir,
    root: OwnedFd,
}

fn image() -> Image {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("etc")).unwrap();
    fs::write(directory.path().join("etc/passwd"), PASSWD).unwrap();
    fs::write(directory.path().join("etc/group"), GROUP).unwrap();
    let flags = OFlags::PATH | OFlags::DIRECTORY;
    let root = rustix::fs::open(directory.path(), flags, Mode::empty()).unwrap();
    Image { directory, root }
}

impl Image {
    fn resolve(&self, user: &str, groups: &[&str]) -> Result<ResolvedUser, StepError> {
        let additional_groups = groups.iter().map(|group| (*group).to_owned()).collect();
        let plan = UserPlan::Named {
            user: user.to_owned(),
            additional_groups,
        };
        resolve(self.root.as_fd(), &plan)
    }

    fn ids(&self, user: &str) -> (u32, u32, Vec<u32>, String) {
        let user = self.resolve(user, &[]).unwrap();
        (user.uid, user.gid, user.groups, user.home)
    }
}

#[test]
fn users_and_groups_are_found_as_docker_finds_them() {
    let image = image();
    let home = |text: &str| text.to_owned();
    let web = (1000, 1001, vec![1001, 29], home("/home/web"));
    assert_eq!(image.ids(""), (0, 0, vec![0], home("/root")));
    assert_eq!(image.ids("web"), web);
    assert_eq!(image.ids("1000"), web);
    assert_eq!(
        image.ids("web:audio"),
        (1000, 29, vec![29], home("/home/web"))
    );
    assert_eq!(image.ids("web:5"), (1000, 5, vec![5], home("/home/web")));
    assert_eq!(image.ids("5000"), (5000, 0, vec![0], home("/")));
    assert_eq!(image.ids("5000:6000"), (5000, 6000, vec![6000], home("/")));
}

#[test]
fn additional_groups_join_the_users_own() {
    let user = image().resolve("web", &["root", "29", "77"]).unwrap();
    assert_eq!(user.groups, [1001, 29, 0, 77]);
}

#[test]
fn a_name_of_digits_is_a_number() {
    assert_eq!(image().ids("123"), (123, 0, vec![0], "/".to_owned()));
}

#[test]
fn ids_out_of_range_are_refused() {
    let users = [
        "4294967296:0",
        "2147483648",
        "-1",
        "+1",
        "99999999999999999999",
        "huge",
        "0:-5",
    ];
    for user in users {
        let error = image().resolve(user, &[]).unwrap_err();
        assert_eq!(error.class, ErrorClass::InvalidArgument, "{user}: {error}");
    }
}

#[test]
fn unknown_names_are_said() {
    let error = image().resolve("nobody-here", &[]).unwrap_err();
    assert!(
        error.message.contains("unable to find user nobody-here"),
        "{error}"
    );
    let error = image().resolve("web:nogroup", &[]).unwrap_err();
    assert!(
        error.message.contains("unable to find group nogroup"),
        "{error}"
    );
    assert!(image().resolve("web", &["nogroup"]).is_err());
}

#[test]
fn without_the_files_numbers_and_root_still_work() {
    let image = image();
    fs::remove_dir_all(image.directory.path().join("etc")).unwrap();
    assert_eq!(image.ids(""), (0, 0, vec![0], "/".to_owned()));
    assert_eq!(image.ids("12:34").1, 34);
    assert!(image.resolve("web", &[]).is_err());
}

#[test]
fn no_file_that_is_not_a_plain_one_is_ever_read() {
    let image = image();
    let passwd = image.directory.path().join("etc/passwd");
    fs::remove_file(&passwd).unwrap();
    rustix::fs::mknodat(CWD, &passwd, FileType::Fifo, Mode::RWXU, 0).unwrap();
    let error = image.resolve("web", &[]).unwrap_err();
    assert!(error.message.contains("no regular file"), "{error}");

    fs::remove_file(&passwd).unwrap();
    fs::create_dir(&passwd).unwrap();
    assert!(image.resolve("web", &[]).is_err());
}

#[test]
fn a_symlink_to_a_file_of_the_host_finds_nothing() {
    let image = image();
    let passwd = image.directory.path().join("etc/passwd");
    fs::rename(&passwd, image.directory.path().with_extension("host")).unwrap();
    symlink(image.directory.path().with_extension("host"), &passwd).unwrap();
    let found = image.resolve("web", &[]);
    fs::remove_file(image.directory.path().with_extension("host")).unwrap();
    assert!(
        found
            .unwrap_err()
            .message
            .contains("unable to find user web")
    );
}

#[test]
fn an_endless_file_is_refused() {
    let image = image();
    fs::write(
        image.directory.path().join("etc/passwd"),
        vec![b'#'; (1 << 20) + 1],
    )
    .unwrap();
    let error = image.resolve("web", &[]).unwrap_err();
    assert!(error.message.contains("larger than 1 MiB"), "{error}");
}
