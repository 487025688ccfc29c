use std::ffi::OsString;
use std::path::PathBuf;

pub(crate) const USAGE: &str = "\
usage: longshore-agent serve --data DIR --run DIR [--owner-uid UID --owner-gid GID] [--foreground]
       longshore-agent version";

const DEFAULT_DATA: &str = "/var/lib/longshore";
const DEFAULT_RUN: &str = "/run/longshore";

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Serve(ServeArguments),
    Version,
    /// Started by the agent itself, with its socket as stdin.
    Zygote,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServeArguments {
    pub(crate) data: PathBuf,
    pub(crate) run: PathBuf,
    /// Who besides root may use the socket.
    pub(crate) owner: Owner,
    /// Stay with the caller instead of going to the background.
    pub(crate) foreground: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut arguments = arguments.into_iter();
    let command = arguments.next().ok_or("a command is missing")?;
    match command.to_str() {
        Some("serve") => parse_serve(arguments).map(Command::Serve),
        Some("version" | "--version") => Ok(Command::Version),
        Some("zygote") => Ok(Command::Zygote),
        _ => Err(format!("there is no command {command:?}")),
    }
}

fn parse_serve(mut arguments: impl Iterator<Item = OsString>) -> Result<ServeArguments, String> {
    let mut parsed = ServeArguments {
        data: DEFAULT_DATA.into(),
        run: DEFAULT_RUN.into(),
        owner: Owner { uid: 0, gid: 0 },
        foreground: false,
    };
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{name:?} needs a value"));
        match name.to_str() {
            Some("--data") => parsed.data = absolute(&value()?)?,
            Some("--run") => parsed.run = absolute(&value()?)?,
            Some("--owner-uid") => parsed.owner.uid = number(&value()?)?,
            Some("--owner-gid") => parsed.owner.gid = number(&value()?)?,
            Some("--foreground") => parsed.foreground = true,
            _ => return Err(format!("there is no option {name:?}")),
        }
    }
    Ok(parsed)
}

fn absolute(text: &OsString) -> Result<PathBuf, String> {
    std::path::absolute(text).map_err(|error| format!("{text:?}: {error}"))
}

fn number(text: &OsString) -> Result<u32, String> {
    let parsed = text.to_str().and_then(|text| text.parse().ok());
    parsed.ok_or(format!("{text:?} is not a number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_words(words: &str) -> Result<Command, String> {
        parse(words.split_whitespace().map(OsString::from))
    }

    #[test]
    fn serve_takes_folders_and_an_owner() {
        let words = "serve --data /d --run /r --owner-uid 1000 --owner-gid 100 --foreground";
        let expected = ServeArguments {
            data: "/d".into(),
            run: "/r".into(),
            owner: Owner {
                uid: 1000,
                gid: 100,
            },
            foreground: true,
        };
        assert_eq!(parse_words(words), Ok(Command::Serve(expected)));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for words in [
            "",
            "fly",
            "serve --data",
            "serve --owner-uid me",
            "serve --dta /d",
        ] {
            assert!(parse_words(words).is_err(), "{words}");
        }
    }
}
