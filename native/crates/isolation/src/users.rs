//! Users and groups, looked up in the files of the container's root.

mod database;

use std::os::fd::BorrowedFd;

use crate::error::{ErrorClass, StepError};
use crate::plan::UserPlan;
use database::{Database, GroupEntry, UserEntry};

/// As Docker; above lies what some programs take for "none" or for a negative number (CVE-2024-40635).
const MAX_ID: u32 = i32::MAX as u32;

/// Who the command runs as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ResolvedUser {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    /// Supplementary groups, the primary one included (CVE-2022-36109), each once.
    pub(crate) groups: Vec<u32>,
    pub(crate) home: String,
}

/// User and group of a `user` as in an image config, resolved inside `root`.
pub fn owner_of(root: BorrowedFd<'_>, user: &str) -> Result<(u32, u32), StepError> {
    resolve_named(&Database::new(root), user, &[]).map(|user| (user.uid, user.gid))
}

pub(crate) fn resolve(root: BorrowedFd<'_>, plan: &UserPlan) -> Result<ResolvedUser, StepError> {
    match plan {
        UserPlan::Numeric {
            uid,
            gid,
            additional_gids,
        } => {
            let database = Database::new(root);
            let home = database
                .user(|entry| entry.uid == *uid)?
                .map(|entry| entry.home);
            Ok(resolved(*uid, *gid, additional_gids.clone(), home))
        }
        UserPlan::Named {
            user,
            additional_groups,
        } => resolve_named(&Database::new(root), user, additional_groups),
    }
}

fn resolve_named(
    database: &Database<'_>,
    user: &str,
    additional_groups: &[String],
) -> Result<ResolvedUser, StepError> {
    let (name, group) = match user.split_once(':') {
        Some((name, group)) => (name, Some(group)),
        None => (user, None),
    };
    let (uid, entry) = find_user(database, name)?;
    let (gid, mut groups) = match group.filter(|group| !group.is_empty()) {
        Some(group) => (find_group(database, group)?, Vec::new()),
        None => {
            let gid = entry.as_ref().map_or(0, |entry| entry.gid);
            (gid, memberships(database, entry.as_ref())?)
        }
    };
    for group in additional_groups {
        groups.push(find_group(database, group)?);
    }
    Ok(resolved(uid, gid, groups, entry.map(|entry| entry.home)))
}

fn resolved(uid: u32, gid: u32, groups: Vec<u32>, home: Option<String>) -> ResolvedUser {
    let mut all = vec![gid];
    for group in groups {
        if !all.contains(&group) {
            all.push(group);
        }
    }
    let home = home
        .filter(|home| !home.is_empty())
        .unwrap_or_else(|| "/".to_owned());
    ResolvedUser {
        uid,
        gid,
        groups: all,
        home,
    }
}

/// A name of digits only is always a number (CVE-2016-3697). Numbers need no entry.
fn find_user(database: &Database<'_>, name: &str) -> Result<(u32, Option<UserEntry>), StepError> {
    if let Some(uid) = number("user", name)? {
        return Ok((uid, database.user(|entry| entry.uid == uid)?));
    }
    let name = if name.is_empty() { "root" } else { name };
    let entry = database.user(|entry| entry.name == name)?;
    match entry {
        Some(entry) => {
            refuse_large("user", name, entry.uid)?;
            refuse_large("group", name, entry.gid)?;
            Ok((entry.uid, Some(entry)))
        }
        None if name == "root" => Ok((0, database.user(|entry| entry.uid == 0)?)),
        None => Err(unknown("user", name, "/etc/passwd")),
    }
}

fn find_group(database: &Database<'_>, name: &str) -> Result<u32, StepError> {
    if let Some(gid) = number("group", name)? {
        return Ok(gid);
    }
    match database
        .groups()?
        .into_iter()
        .find(|entry| entry.name == name)
    {
        Some(entry) => refuse_large("group", name, entry.gid),
        None => Err(unknown("group", name, "/etc/group")),
    }
}

fn memberships(database: &Database<'_>, user: Option<&UserEntry>) -> Result<Vec<u32>, StepError> {
    let Some(user) = user else {
        return Ok(Vec::new());
    };
    let is_member = |group: &GroupEntry| group.gid <= MAX_ID && group.members.contains(&user.name);
    Ok(database
        .groups()?
        .into_iter()
        .filter(is_member)
        .map(|group| group.gid)
        .collect())
}

fn number(kind: &str, text: &str) -> Result<Option<u32>, StepError> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if unsigned.is_empty() || !unsigned.bytes().all(|it| it.is_ascii_digit()) {
        return Ok(None);
    }
    match text.parse::<u32>() {
        Ok(id) if unsigned == text => refuse_large(kind, text, id).map(Some),
        _ => Err(out_of_range(kind, text)),
    }
}

fn refuse_large(kind: &str, text: &str, id: u32) -> Result<u32, StepError> {
    if id <= MAX_ID {
        Ok(id)
    } else {
        Err(out_of_range(kind, text))
    }
}

fn out_of_range(kind: &str, text: &str) -> StepError {
    let message = format!("{kind} {text}: ids must be between 0 and {MAX_ID}");
    StepError::refused(ErrorClass::InvalidArgument, "user", text, message)
}

fn unknown(kind: &str, name: &str, file: &str) -> StepError {
    let message = format!("unable to find {kind} {name}: no matching entries in {file}");
    StepError::refused(ErrorClass::InvalidArgument, "user", name, message).with_hint(format!(
        "{file} of the image lists those there are; an id works without it."
    ))
}

#[cfg(test)]
mod tests;
