//! What `hello` says.

use crate::print;
use crate::tools::host_name;

pub(crate) fn main() -> u8 {
    print(&greeting(&host_name(), std::process::id()))
}

fn greeting(host_name: &str, pid: u32) -> String {
    format!(
        "\
Hello from Longshore!

You see this because a container has just run, on an engine that needs no other.
It did four things for this line:
  1. It took the image \"hello\": one program, and nothing else.
  2. It gave the program a world of its own: files, processes, network, a name.
     Here the program is process {pid} of {}.
  3. It kept what the program wrote: look under Logs.
  4. It ended with the program. The exit code is 0.

Try next:
  longshore run -it hello shell    a small shell: look around inside
  longshore run -d hello serve     a web page on the container's port 8080
  longshore run -d hello log       a line every second, to follow in Logs",
        place(host_name)
    )
}

/// A container that was given no host name has its short id for one.
fn place(host_name: &str) -> String {
    let is_id = host_name.len() == 12 && host_name.bytes().all(|digit| digit.is_ascii_hexdigit());
    match is_id {
        true => format!("container {host_name}"),
        false => format!("the host {host_name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_it_runs() {
        assert!(greeting("0123456789ab", 1).contains("process 1 of container 0123456789ab."));
        assert!(greeting("web", 7).contains("process 7 of the host web."));
    }

    #[test]
    fn fits_a_terminal() {
        assert!(
            greeting(&"h".repeat(20), 1)
                .lines()
                .all(|line| line.len() <= 80)
        );
    }
}
