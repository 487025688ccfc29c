"""One real piece of work by Docker's own library for Python: scenario.py REFERENCE; DOCKER_HOST names the engine."""

import io
import sys
import tarfile
import threading

import docker

reference = sys.argv[1]
client = docker.from_env(version="auto")


def check(what, actual, expected):
    if actual != expected:
        sys.exit(f"{what}: {actual!r}, not {expected!r}")
    print(f"ok {what}")


check("ping", client.ping(), True)
check("version", client.version()["Os"], "linux")

image = client.images.pull(reference)
check("the image has its name", reference in image.tags, True)
check("the image is listed", image.id in [one.id for one in client.images.list()], True)

network = client.networks.create("py-net", driver="bridge", labels={"made.by": "py"})
volume = client.volumes.create("py-data", labels={"made.by": "py"})

seen = []
events = client.events(decode=True, filters={"type": "container"})
watching = threading.Thread(target=lambda: seen.extend(event["Action"] for event in events), daemon=True)
watching.start()

server = client.containers.run(
    reference,
    ["sh", "-c", "echo ready; mkdir -p /www; echo ahoy > /www/index.html; exec httpd -f -p 80 -h /www"],
    detach=True,
    name="py-server",
    network="py-net",
    volumes={"py-data": {"bind": "/data", "mode": "rw"}},
    environment={"COLOUR": "blue"},
    labels={"made.by": "py"},
    mem_limit="64m",
    ports={"80/tcp": ("127.0.0.1", None)},
)
server.reload()
check("it runs", server.status, "running")
check("a port is published", len(server.ports["80/tcp"]), 1)
check("the limit is told", server.attrs["HostConfig"]["Memory"], 64 * 1024 * 1024)

lines = server.logs(stream=True, follow=True)
check("its log is streamed", next(lines), b"ready\n")
lines.close()

code, output = server.exec_run(["sh", "-c", "echo $COLOUR; echo oops >&2; exit 3"], demux=True)
check("exec's code", code, 3)
check("exec's output, by stream", output, (b"blue\n", b"oops\n"))
code, output = server.exec_run("cat", socket=True, stdin=True, tty=False)
output._sock.sendall(b"typed\n")
header = output.read(8)
check("a frame of an exec with input", (header[0], output.read(header[7])), (1, b"typed\n"))
output._sock.close()

stats = server.stats(stream=False)
check("stats have what is computed", stats["cpu_stats"]["system_cpu_usage"] > 0, True)
check("stats have memory", stats["memory_stats"]["usage"] > 0, True)
check("top", any("httpd" in " ".join(row) for row in server.top()["Processes"]), True)

archive = io.BytesIO()
with tarfile.open(fileobj=archive, mode="w") as tar:
    entry = tarfile.TarInfo("note")
    entry.size = 5
    tar.addfile(entry, io.BytesIO(b"hello"))
check("files go in", server.put_archive("/data", archive.getvalue()), True)
pieces, stat = server.get_archive("/data/note")
check("what is told of a file", (stat["name"], stat["size"]), ("note", 5))
with tarfile.open(fileobj=io.BytesIO(b"".join(pieces))) as tar:
    check("files come out", tar.extractfile("note").read(), b"hello")

output = client.containers.run(reference, "wget -q -O - http://py-server/", network="py-net", remove=True)
check("another container reaches it by name", output, b"ahoy\n")

try:
    client.containers.run(reference, ["sh", "-c", "exit 5"], remove=True)
    sys.exit("a command that fails did not fail")
except docker.errors.ContainerError as error:
    check("a command's exit code", error.exit_status, 5)
try:
    client.containers.get("nowhere")
    sys.exit("a container that is not there was found")
except docker.errors.NotFound:
    print("ok not found")
try:
    client.containers.create(reference, name="py-server")
    sys.exit("a name was given twice")
except docker.errors.APIError as error:
    check("a name that is taken", error.status_code, 409)

built, log = client.images.build(
    fileobj=io.BytesIO(f"FROM {reference}\nRUN echo built > /built\nLABEL made.by=py\n".encode()), tag="py-built:1"
)
check("a build has its tag", built.tags, ["py-built:1"])
check("a build's image", client.containers.run("py-built:1", "cat /built", remove=True), b"built\n")
check("a label of it", built.labels["made.by"], "py")
try:
    client.images.build(fileobj=io.BytesIO(f"FROM {reference}\nRUN exit 9\n".encode()), tag="py-built:2")
    sys.exit("a build that fails did not fail")
except docker.errors.BuildError as error:
    check("why a build failed", "returned a non-zero code: 9" in error.msg, True)

committed = server.commit(repository="py-committed", tag="1")
check("a commit has its tag", committed.tags, ["py-committed:1"])
saved = b"".join(committed.save(named=True))
client.images.remove("py-committed:1")
check("an image is saved and loaded", client.images.load(saved)[0].tags, ["py-committed:1"])

server.pause()
server.reload()
check("paused", server.status, "paused")
server.unpause()
server.rename("py-renamed")
server.restart(timeout=1)
server.stop(timeout=1)
check("how it ended", server.wait()["StatusCode"] in (0, 137, 143), True)
check("changes", any(change["Path"] == "/www" for change in server.diff()), True)
server.remove(v=True)
for tag in ("py-built:1", "py-committed:1"):
    client.images.remove(tag, force=True)
network.remove()
volume.remove()
check("nothing is left", client.containers.list(all=True, filters={"label": "made.by=py"}), [])
check("no volume either", client.volumes.list(filters={"label": "made.by=py"}), [])
check("nor a network", client.networks.list(names=["py-net"]), [])

events.close()
watching.join()
for action in ("create", "start", "exec_die", "pause", "rename", "die", "stop", "destroy"):
    if action not in seen:
        sys.exit(f"events: no {action} among {seen}")
print("ok events")
