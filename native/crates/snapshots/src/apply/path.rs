//! Names of entries, cleaned until they can only mean something below the layer's root.

/// Linux's PATH_MAX, less its NUL.
pub(crate) const MAX_PATH: usize = 4095;
const MAX_NAME: usize = 255;

const WHITEOUT: &[u8] = b".wh.";
const META: &[u8] = b".wh..wh.";
const OPAQUE: &[u8] = b".wh..wh..opq";

/// What an entry's name asks for. Paths are relative, without `.`, `..` and empty parts; the root is empty.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Root,
    Node {
        parent: Vec<u8>,
        name: Vec<u8>,
    },
    /// Hides `name` of the layers below.
    Whiteout {
        parent: Vec<u8>,
        name: Vec<u8>,
    },
    /// Hides everything that the layers below have in `folder`.
    Opaque {
        folder: Vec<u8>,
    },
}

/// Classifies an entry by its name (OCI image-spec, layer.md, "Whiteouts").
pub(crate) fn target(name: &[u8]) -> Result<Target, &'static str> {
    let path = clean(name)?;
    let (parent, base) = split(&path);
    if base.is_empty() {
        return Ok(Target::Root);
    }
    if parent
        .split(|byte| *byte == b'/')
        .any(|part| part.starts_with(WHITEOUT))
    {
        return Err("a whiteout cannot be a folder");
    }
    let parent = parent.to_vec();
    if base == OPAQUE {
        return Ok(Target::Opaque { folder: parent });
    }
    if base.starts_with(META) {
        return Err("names that begin with .wh..wh. are reserved");
    }
    match base.strip_prefix(WHITEOUT) {
        None => Ok(Target::Node {
            parent,
            name: base.to_vec(),
        }),
        Some(b"" | b"." | b"..") => Err("a whiteout must name an entry"),
        Some(hidden) => Ok(Target::Whiteout {
            parent,
            name: hidden.to_vec(),
        }),
    }
}

/// The path in its shortest form, as in Go's path.Clean; a leading `/` is the layer's root.
pub fn clean(name: &[u8]) -> Result<Vec<u8>, &'static str> {
    if name.is_empty() {
        return Err("it has no name");
    }
    if name.len() > MAX_PATH {
        return Err("its path is too long");
    }
    if name.contains(&0) {
        return Err("its name holds a NUL");
    }
    let mut path: Vec<u8> = Vec::with_capacity(name.len());
    for part in name.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." if path.is_empty() => return Err("it leaves the layer"),
            b".." => path.truncate(split(&path).0.len()),
            part if part.len() > MAX_NAME => return Err("a part of its path is too long"),
            part => push(&mut path, part),
        }
    }
    Ok(path)
}

/// The folder and the name in it.
pub fn split(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|byte| *byte == b'/') {
        Some(slash) => (&path[..slash], &path[slash + 1..]),
        None => (b"", path),
    }
}

pub(crate) fn push(path: &mut Vec<u8>, part: &[u8]) {
    if !path.is_empty() {
        path.push(b'/');
    }
    path.extend_from_slice(part);
}

pub(crate) fn join(parent: &[u8], name: &[u8]) -> Vec<u8> {
    let mut path = parent.to_vec();
    push(&mut path, name);
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(parent: &str, name: &str) -> Result<Target, &'static str> {
        Ok(Target::Node {
            parent: parent.into(),
            name: name.into(),
        })
    }

    #[test]
    fn cleans_names_to_paths_below_the_root() {
        assert_eq!(target(b"a"), node("", "a"));
        assert_eq!(target(b"./a/b/"), node("a", "b"));
        assert_eq!(target(b"/etc//./passwd"), node("etc", "passwd"));
        assert_eq!(target(b"a/x/../b"), node("a", "b"));
        assert_eq!(target(b"a/.."), Ok(Target::Root));
        for root in ["/", ".", "./", "//."] {
            assert_eq!(target(root.as_bytes()), Ok(Target::Root), "{root}");
        }
    }

    #[test]
    fn refuses_names_that_leave_the_root() {
        for name in [
            "..",
            "../a",
            "/..",
            "/../a",
            "a/../..",
            "a/../../b",
            "./../a",
        ] {
            assert_eq!(
                target(name.as_bytes()),
                Err("it leaves the layer"),
                "{name}"
            );
        }
        // Three dots are an ordinary name.
        assert_eq!(target(b".../..."), node("...", "..."));
    }

    #[test]
    fn refuses_names_that_no_file_can_have() {
        assert!(target(b"").is_err());
        assert!(target(b"a\0b").is_err());
        assert!(target(&[b'a'; 256]).is_err());
        assert!(target(&b"a/".repeat(2100)).is_err());
    }

    #[test]
    fn tells_whiteouts_from_names() {
        let hidden = Target::Whiteout {
            parent: b"d".to_vec(),
            name: b"x".to_vec(),
        };
        assert_eq!(target(b"d/.wh.x"), Ok(hidden));
        assert_eq!(
            target(b"d/.wh..wh..opq"),
            Ok(Target::Opaque {
                folder: b"d".to_vec()
            })
        );
        assert_eq!(
            target(b".wh..wh..opq"),
            Ok(Target::Opaque { folder: Vec::new() })
        );
        assert_eq!(target(b".wh"), node("", ".wh"));
        assert_eq!(target(b"a.wh.b"), node("", "a.wh.b"));
        for name in [
            ".wh.",
            ".wh..",
            ".wh...",
            ".wh..wh.",
            ".wh..wh.plnk",
            ".wh..wh..opqx",
            ".wh.d/x",
        ] {
            assert!(target(name.as_bytes()).is_err(), "{name}");
        }
    }
}
