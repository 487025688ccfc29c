use super::*;

const FIVE_HOSTS: &str = "10.9.0.0/29";

fn scratch(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("longshore-leases-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&dir);
    dir
}

fn open(dir: &Path, subnet: &str) -> Leases {
    Leases::open(dir, subnet.parse().unwrap()).unwrap()
}

fn host(last: u8) -> Ipv4Addr {
    Ipv4Addr::new(10, 9, 0, last)
}

#[test]
fn addresses_follow_one_another_behind_the_gateway() {
    let dir = scratch("order");
    let mut leases = open(&dir, FIVE_HOSTS);
    assert_eq!(leases.acquire("a").unwrap(), host(2));
    assert_eq!(leases.acquire("b").unwrap(), host(3));
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn leases_and_the_place_in_the_order_survive_a_restart() {
    let dir = scratch("restart");
    open(&dir, FIVE_HOSTS).acquire("a").unwrap();
    let mut leases = open(&dir, FIVE_HOSTS);
    assert!(matches!(
        leases.acquire("a"),
        Err(Error::AlreadyAttached { .. })
    ));
    assert_eq!(leases.acquire("b").unwrap(), host(3));
    assert_eq!(leases.release("a").unwrap(), Some(host(2)));
    assert_eq!(open(&dir, FIVE_HOSTS).addresses(), [host(3)]);
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_released_address_is_leased_again_only_when_freed() {
    let dir = scratch("reuse");
    let mut leases = open(&dir, FIVE_HOSTS);
    for id in ["a", "b", "c", "d", "e"] {
        leases.acquire(id).unwrap();
    }
    assert!(matches!(
        leases.acquire("f"),
        Err(Error::AddressesExhausted { .. })
    ));
    leases.release("c").unwrap();
    assert!(leases.acquire("f").is_err());
    leases.free(&[host(4)]);
    assert_eq!(leases.acquire("f").unwrap(), host(4));
    assert_eq!(leases.release("never").unwrap(), None);
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn void_leases_are_cleaned_away() {
    let dir = scratch("void");
    fs::create_dir_all(&dir).unwrap();
    symlink("192.168.1.5", dir.join("elsewhere")).unwrap();
    symlink("nonsense", dir.join("damaged")).unwrap();
    fs::write(dir.join("empty"), "").unwrap();
    assert!(open(&dir, FIVE_HOSTS).is_empty());
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 0);
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn an_id_cannot_leave_the_folder() {
    let dir = scratch("ids");
    let mut leases = open(&dir, FIVE_HOSTS);
    for bad in [
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "-a",
        &"a".repeat(LONGEST_ID + 1),
    ] {
        assert!(
            matches!(leases.acquire(bad), Err(Error::InvalidId { .. })),
            "{bad}"
        );
    }
    fs::remove_dir_all(dir).unwrap();
}
