use longshore_sys::clone::Namespaces;
use oci_spec::runtime::{Linux, LinuxIdMapping, LinuxNamespace, LinuxNamespaceType};

use super::SpecError;
use super::linux::require_absolute;
use crate::plan::{IdRange, JoinedNamespace, NamespacePlan, UserMappings};

const FIELD: &str = "linux.namespaces";
/// The kernel's UID_GID_MAP_MAX_EXTENTS.
const MAX_RANGES: usize = 340;
/// What file systems and devices of a user namespace's own are made of.
const NEEDED_BY_USER: [(Namespaces, &str); 3] = [
    (Namespaces::PID, "pid"),
    (Namespaces::NETWORK, "network"),
    (Namespaces::IPC, "ipc"),
];

pub(super) fn plan(linux: &Linux) -> Result<NamespacePlan, SpecError> {
    let mut plan = NamespacePlan::default();
    for namespace in linux.namespaces().as_deref().unwrap_or_default() {
        let kind = kind_of(namespace.typ());
        let joined = plan.join.iter().any(|it| it.kind == kind);
        if joined || plan.create.contains(kind) || (plan.own_cgroup && kind == Namespaces::CGROUP) {
            return Err(SpecError::invalid(FIELD, "names one kind twice"));
        }
        add(&mut plan, kind, namespace)?;
    }
    if !plan.create.contains(Namespaces::MOUNT) {
        return Err(SpecError::invalid(FIELD, "needs a new mount namespace"));
    }
    plan.users = users(linux, &plan)?;
    Ok(plan)
}

fn add(
    plan: &mut NamespacePlan,
    kind: Namespaces,
    namespace: &LinuxNamespace,
) -> Result<(), SpecError> {
    let path = namespace
        .path()
        .as_ref()
        .filter(|path| !path.as_os_str().is_empty());
    match path {
        None if kind == Namespaces::CGROUP => plan.own_cgroup = true,
        None if kind == Namespaces::TIME => {
            return Err(SpecError::unsupported("linux.namespaces: time"));
        }
        None => plan.create |= kind,
        Some(path) if can_be_joined(kind) => {
            require_absolute(FIELD, path)?;
            let path = path.clone();
            plan.join.push(JoinedNamespace { kind, path });
        }
        Some(_) => {
            let field = format!("linux.namespaces: a path for {:?}", namespace.typ());
            return Err(SpecError::unsupported(field));
        }
    }
    Ok(())
}

fn kind_of(kind: LinuxNamespaceType) -> Namespaces {
    match kind {
        LinuxNamespaceType::Mount => Namespaces::MOUNT,
        LinuxNamespaceType::Cgroup => Namespaces::CGROUP,
        LinuxNamespaceType::Uts => Namespaces::UTS,
        LinuxNamespaceType::Ipc => Namespaces::IPC,
        LinuxNamespaceType::User => Namespaces::USER,
        LinuxNamespaceType::Pid => Namespaces::PID,
        LinuxNamespaceType::Network => Namespaces::NETWORK,
        LinuxNamespaceType::Time => Namespaces::TIME,
    }
}

fn can_be_joined(kind: Namespaces) -> bool {
    (Namespaces::NETWORK | Namespaces::IPC | Namespaces::UTS | Namespaces::PID).contains(kind)
}

fn users(linux: &Linux, plan: &NamespacePlan) -> Result<Option<UserMappings>, SpecError> {
    let uids = ranges("linux.uidMappings", linux.uid_mappings().as_deref())?;
    let gids = ranges("linux.gidMappings", linux.gid_mappings().as_deref())?;
    if !plan.create.contains(Namespaces::USER) {
        return match uids.is_empty() && gids.is_empty() {
            true => Ok(None),
            false => Err(SpecError::invalid(
                "linux.uidMappings",
                "needs a new user namespace",
            )),
        };
    }
    for (field, ranges) in [("linux.uidMappings", &uids), ("linux.gidMappings", &gids)] {
        if !ranges.iter().any(|range| range.inside == 0) {
            return Err(SpecError::invalid(
                field,
                "must map 0, the container's root",
            ));
        }
    }
    for (kind, name) in NEEDED_BY_USER {
        if !plan.create.contains(kind) {
            let reason =
                format!("a container with mapped users needs a {name} namespace of its own");
            return Err(SpecError::invalid(FIELD, reason));
        }
    }
    Ok(Some(UserMappings { uids, gids }))
}

fn ranges(field: &str, mappings: Option<&[LinuxIdMapping]>) -> Result<Vec<IdRange>, SpecError> {
    let mappings = mappings.unwrap_or_default();
    if mappings.len() > MAX_RANGES {
        return Err(SpecError::invalid(field, "has more than 340 ranges"));
    }
    let mut ranges: Vec<IdRange> = Vec::with_capacity(mappings.len());
    for mapping in mappings {
        let range = IdRange {
            inside: mapping.container_id(),
            outside: mapping.host_id(),
            count: mapping.size(),
        };
        let fits = |from: u32| from.checked_add(range.count).is_some();
        if range.count == 0 || !fits(range.inside) || !fits(range.outside) {
            return Err(SpecError::invalid(
                field,
                "has an empty range or one out of range",
            ));
        }
        let meets = |other: &IdRange| {
            let apart = |a: u32, b: u32| a + range.count <= b || b + other.count <= a;
            !(apart(range.inside, other.inside) && apart(range.outside, other.outside))
        };
        if ranges.iter().any(meets) {
            return Err(SpecError::invalid(field, "has ranges that overlap"));
        }
        ranges.push(range);
    }
    Ok(ranges)
}
