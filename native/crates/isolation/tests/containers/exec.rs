//! Further processes in a running container.

use std::fs::File;

use longshore_isolation::plan::{ProcessPlan, UserPlan};
use longshore_isolation::{ContainerPlan, ErrorClass};
use longshore_sys::pidfd::{self, Exit};

use crate::Test;
use crate::fixture::{DOCKER_CAPABILITIES, Fixture, Outcome, Running, start_exec};

pub(crate) const TESTS: &[Test] = &[
    ("it_is_inside_in_every_way", it_is_inside_in_every_way),
    (
        "its_rights_are_the_containers",
        its_rights_are_the_containers,
    ),
    (
        "it_has_a_user_and_a_directory_of_its_own",
        it_has_a_user_and_a_directory_of_its_own,
    ),
    (
        "a_missing_or_false_directory_is_refused",
        a_missing_or_false_directory_is_refused,
    ),
    ("a_missing_command_is_127", a_missing_command_is_127),
    ("it_can_have_a_terminal", it_can_have_a_terminal),
    (
        "nothing_of_the_parent_is_ever_in_reach",
        nothing_of_the_parent_is_ever_in_reach,
    ),
    (
        "a_container_that_has_ended_is_refused",
        a_container_that_has_ended_is_refused,
    ),
];

const CAP_SYS_PTRACE: u64 = 1 << 19;

/// A container that runs until it is dropped.
struct Idle {
    running: Option<Running>,
    plan: ContainerPlan,
    _fixture: Fixture,
}

fn idle() -> Idle {
    let fixture = Fixture::shell("echo ready; cat");
    let plan = fixture.plan();
    let mut running = Running::start(&plan, false);
    assert_eq!(running.line(), "ready\n");
    Idle {
        running: Some(running),
        plan,
        _fixture: fixture,
    }
}

impl Idle {
    fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    fn exec(&self, args: &[&str], change: impl FnOnce(&mut ProcessPlan)) -> Outcome {
        start_exec(self.running(), &self.plan, args, change, false)
            .unwrap()
            .finish()
    }

    fn shell(&self, script: &str) -> Outcome {
        self.exec(&["sh", "-c", script], |_| {})
    }
}

impl Drop for Idle {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.kill();
        }
    }
}

fn allow_tracing(process: &mut ProcessPlan) {
    let sets = &mut process.capabilities;
    for set in [&mut sets.bounding, &mut sets.permitted, &mut sets.effective] {
        *set |= CAP_SYS_PTRACE;
    }
}

fn it_is_inside_in_every_way() {
    let idle = idle();
    let output = idle
        .shell("hostname; cat /proc/1/comm; ls /proc/$$/fd; pwd")
        .success();
    assert_eq!(output, "harbour\ncat\n0\n1\n2\n/\n");
    for namespace in ["mnt", "net", "uts", "pid", "ipc"] {
        let script = format!("readlink /proc/1/ns/{namespace}; readlink /proc/self/ns/{namespace}");
        // CAP_SYS_PTRACE: the namespaces of others are shown to nobody else.
        let output = idle.exec(&["sh", "-c", &script], allow_tracing).success();
        let mut lines = output.lines();
        assert_eq!(lines.next(), lines.next(), "{namespace}");
    }
    assert_eq!(idle.shell("exit 5").exit, Exit::Code(5));
}

fn its_rights_are_the_containers() {
    let output = idle().exec(&["cat", "/proc/self/status"], |_| {}).success();
    let field = |name: &str, value: u64| {
        assert!(
            output.contains(&format!("{name}:\t{value:016x}\n")),
            "{name} in {output}"
        );
    };
    for name in ["CapBnd", "CapPrm", "CapEff"] {
        field(name, DOCKER_CAPABILITIES);
    }
    for name in ["CapInh", "CapAmb", "SigIgn", "SigBlk"] {
        field(name, 0);
    }
}

fn it_has_a_user_and_a_directory_of_its_own() {
    let idle = idle();
    idle.shell("mkdir -p /srv").success();
    let outcome = idle.exec(&["sh", "-c", "id -u; id -G; pwd; echo $HOME"], |process| {
        process.cwd = "/srv".to_owned();
        process.user = UserPlan::Named {
            user: "web".to_owned(),
            additional_groups: vec!["7".to_owned()],
        };
    });
    assert_eq!(outcome.success(), "1000\n1001 7 29\n/srv\n/home/web\n");
}

fn a_missing_or_false_directory_is_refused() {
    let idle = idle();
    for cwd in [
        "/none",
        "/etc/passwd",
        "/proc/self/fd/7",
        "/proc/self/cwd",
        "/proc/1/root",
    ] {
        let outcome = idle.exec(&["pwd"], |process| process.cwd = cwd.to_owned());
        assert_eq!(outcome.refusal().step, "cwd", "{cwd}");
    }
    // A directory of the host that the container's init had no part in.
    for number in 3..20 {
        let cwd = format!("/proc/self/fd/{number}");
        let outcome = idle.exec(&["ls"], |process| process.cwd = cwd);
        assert_eq!(outcome.refusal().step, "cwd");
    }
}

fn a_missing_command_is_127() {
    let error = idle().exec(&["no-such-tool"], |_| {}).refusal();
    assert_eq!((error.exit_code, error.class), (127, ErrorClass::NotFound));
}

fn it_can_have_a_terminal() {
    let idle = idle();
    let args = ["sh", "-c", "tty; echo told > /dev/tty"];
    let exec = start_exec(idle.running(), &idle.plan, &args, |_| {}, true).unwrap();
    assert!(exec.has_terminal);
    assert_eq!(exec.finish().success(), "/dev/pts/0\r\ntold\r\n");
}

/// A container with CAP_SYS_PTRACE looks at the descriptors of all processes that appear, as fast as it can.
fn nothing_of_the_parent_is_ever_in_reach() {
    let directory = tempfile::tempdir().unwrap();
    let _secret = File::create(directory.path().join("secret-of-the-parent")).unwrap();
    let script = "ls /proc/1/fd | head -n 1; \
        while [ ! -e /tmp/stop ]; do ls -l /proc/[0-9]*/fd; done 2>&1 | grep secret; echo end";
    let fixture = Fixture::shell(script);
    let mut plan = fixture.plan();
    allow_tracing(&mut plan.process);
    let mut running = Running::start(&plan, false);
    assert_eq!(running.line(), "0\n");
    for _ in 0..100 {
        let exec = start_exec(&running, &plan, &["true"], |_| {}, false).unwrap();
        exec.finish().success();
    }
    // The container may end before this one has.
    start_exec(&running, &plan, &["touch", "/tmp/stop"], |_| {}, false)
        .unwrap()
        .finish();
    assert_eq!(running.finish().success(), "end\n");
}

fn a_container_that_has_ended_is_refused() {
    let idle = idle();
    pidfd::send_signal(&idle.running().pidfd, libc::SIGKILL).unwrap();
    pidfd_has_ended(idle.running());
    let error = start_exec(idle.running(), &idle.plan, &["true"], |_| {}, false)
        .err()
        .unwrap();
    assert_eq!(error.class, ErrorClass::FailedPrecondition);
    assert_eq!(error.message, "the container does not run");
}

/// A pidfd is readable when its process has ended, reaped or not.
fn pidfd_has_ended(running: &Running) {
    let mut polled = [rustix::event::PollFd::new(
        &running.pidfd,
        rustix::event::PollFlags::IN,
    )];
    assert_eq!(rustix::event::poll(&mut polled, None).unwrap(), 1);
}
