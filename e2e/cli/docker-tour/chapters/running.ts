import { CLEAR, IMPORT_BUSYBOX } from '../common-steps.ts';
import type { Chapter } from '../tour.ts';

const RUN = 'docker run --rm';

export const running: Chapter = {
  title: 'run, in its forms',
  steps: [
    IMPORT_BUSYBOX,
    { line: `${RUN} busybox echo ahoy`, stdout: 'ahoy\n', stderr: '' },
    {
      line: `${RUN} busybox sh -c 'echo out; echo err >&2; exit 3'`,
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    },
    {
      line: `${RUN} busybox nothing`,
      code: 127,
      stderr: /^docker: Error response from daemon: .*exec: "nothing": executable file not found in \$PATH/,
    },
    { line: `${RUN} busybox /tmp`, code: 126, stderr: /exec: "\/tmp": (permission denied|is a directory)/ },
    { line: `${RUN} nothing:1`, code: 125, stderr: /^Unable to find image 'nothing:1' locally\n/ },
    { line: `${RUN} --pull never nothing:1`, code: 125, stderr: /No such image: nothing:1/ },
    { line: `${RUN} --colour busybox`, code: 125, stderr: /unknown flag: --colour/ },
    {
      line: `docker run --name killed -d busybox sleep 1000 > id; docker kill killed > id; docker start -a killed & started=$!; until docker kill killed; do sleep 0.1; done 2> id > id; wait $started; code=$?; docker rm killed; exit $code`,
      code: 137,
      stdout: 'killed\n',
    },
    { line: `echo through | ${RUN} -i busybox cat`, stdout: 'through\n' },
    { line: `${RUN} busybox cat`, stdout: '' },
    { line: `${RUN} -it busybox sh -c 'test -t 0 && tty'`, types: [], stdout: '/dev/pts/0\r\n' },
    {
      line: `${RUN} -it busybox`,
      types: [[/# /, 'echo typed-$((6*7)); exit 5\r']],
      code: 5,
      stdout: /typed-42\r\n/,
    },
    { line: `${RUN} -t busybox sh -c 'test -t 1 && echo terminal'`, stdout: 'terminal\r\n' },
    { line: 'docker run -d --name tide busybox sleep 1000', stdout: /^[0-9a-f]{64}\n$/ },
    {
      line: 'docker run -d --name tide busybox true',
      code: 125,
      stderr:
        /Conflict\. The container name "\/tide" is already in use by container "[0-9a-f]{64}"\. You have to remove \(or rename\) that container to be able to reuse that name\./,
    },
    {
      line: 'docker run -d --name -bad busybox true',
      code: 125,
      stderr: /Invalid container name \(-bad\), only \[a-zA-Z0-9\]\[a-zA-Z0-9_\.-\] are allowed/,
    },
    {
      line: 'docker run --cidfile cid -d busybox true && test "$(wc -c < cid)" = 64 && docker rm -f $(cat cid) | wc -c',
      stdout: /65\n$/,
    },
    { line: `${RUN} -e SHIP=Pequod -e HOME_PORT busybox sh -c 'echo $SHIP/$HOME_PORT'`, stdout: 'Pequod/\n' },
    {
      line: `HOME_PORT=Nantucket ${RUN} -e HOME_PORT busybox sh -c 'echo $HOME_PORT'`,
      stdout: 'Nantucket\n',
    },
    {
      line: `${RUN} --env-file crew.env busybox sh -c 'echo $CAPTAIN and $MATE'`,
      stdout: 'Ahab and Starbuck\n',
    },
    {
      line: `docker create -l deck=upper --label-file labels --label empty busybox > id && docker inspect -f '{{json .Config.Labels}}' $(cat id) && docker rm $(cat id) > id`,
      stdout: '{"deck":"upper","empty":""}\n',
    },
    {
      line: `${RUN} -h pequod --domainname sea busybox sh -c 'hostname; hostname -f; grep pequod /etc/hosts | cut -f2'`,
      stdout: /^pequod(\.sea)?\npequod\.sea\npequod\.sea pequod\n$/,
    },
    { line: `${RUN} -w /srv/deep busybox pwd`, stdout: '/srv/deep\n' },
    { line: `${RUN} -u 1000:1001 busybox id`, stdout: /^uid=1000 gid=1001/ },
    {
      line: `${RUN} -u nobody-here busybox id`,
      code: 125,
      stderr: /unable to find user nobody-here: no matching entries in passwd file/,
    },
    { line: `${RUN} -u 1000 --group-add 2000 busybox id -G`, stdout: '0 2000\n' },
    { line: `${RUN} --entrypoint echo busybox ahoy`, stdout: 'ahoy\n' },
    { line: `${RUN} --read-only busybox touch /x`, code: 1, stderr: /Read-only file system/ },
    {
      line: `${RUN} --read-only --tmpfs /work:size=64k,mode=1777 busybox sh -c 'touch /work/x && df -k /work | tail -1'`,
      stdout: /^tmpfs +64 /,
    },
    { line: `${RUN} -v $PWD/cargo:/cargo:ro busybox cat /cargo/manifest`, stdout: 'twelve bales\n' },
    {
      line: `${RUN} -v $PWD/cargo:/cargo:ro busybox touch /cargo/x`,
      code: 1,
      stderr: /Read-only file system/,
    },
    { line: `${RUN} -v $PWD/made-by-run:/x busybox touch /x/y && ls made-by-run`, stdout: 'y\n' },
    {
      line: `${RUN} --mount type=bind,src=$PWD/cargo,dst=/cargo,readonly busybox ls /cargo`,
      stdout: 'crates\nmanifest\n',
    },
    {
      line: `${RUN} --mount type=bind,src=$PWD/missing,dst=/x busybox true`,
      code: 125,
      stderr: /invalid mount config for type "bind": bind source path does not exist: .*\/missing/,
    },
    {
      line: `${RUN} --mount type=tmpfs,dst=/fast,tmpfs-size=1m busybox sh -c 'df -k /fast | tail -1'`,
      stdout: /^tmpfs +1024 /,
    },
    {
      line: `docker volume create hold && ${RUN} -v hold:/hold busybox sh -c 'echo rum > /hold/cask' && ${RUN} --mount type=volume,src=hold,dst=/h busybox cat /h/cask`,
      stdout: 'hold\nrum\n',
    },
    {
      line: `docker run --name filled -v /from-here busybox touch /from-here/file; ${RUN} --volumes-from filled busybox ls /from-here; docker rm -v filled`,
      stdout: 'file\nfilled\n',
    },
    {
      line: `docker run -d --name small -m 32m --memory-swap 48m --cpus 1.5 --pids-limit 50 --cpu-shares 512 busybox sleep 1000 > /dev/null; docker inspect -f '{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}} {{.HostConfig.CpuShares}}' small`,
      stdout: '33554432 50331648 1500000000 50 512\n',
    },
    { line: 'docker rm -f small', stdout: 'small\n' },
    { line: `${RUN} -m 1m busybox true`, code: 125, stderr: /Minimum memory limit allowed is 6MB/ },
    {
      line: `${RUN} --cpus 1000 busybox true`,
      code: 125,
      stderr: /Range of CPUs is from 0\.01 to \d+\.00, as there are only \d+ CPUs available/,
    },
    { line: `${RUN} --ulimit nofile=128:256 busybox sh -c 'ulimit -n; ulimit -Hn'`, stdout: '128\n256\n' },
    {
      line: `${RUN} --sysctl net.ipv4.ip_default_ttl=77 busybox cat /proc/sys/net/ipv4/ip_default_ttl`,
      stdout: '77\n',
    },
    { line: `${RUN} --shm-size 3m busybox sh -c 'df -k /dev/shm | tail -1'`, stdout: /^shm +3072 / },
    {
      line: `${RUN} --cap-drop ALL --cap-add NET_ADMIN busybox grep CapEff /proc/self/status`,
      stdout: 'CapEff:\t0000000000001000\n',
    },
    {
      line: `${RUN} --cap-add FLY busybox true`,
      code: 125,
      stderr: /[iI]nvalid capability|[uU]nknown capability/,
    },
    {
      line: `${RUN} --privileged busybox sh -c 'mount -t tmpfs x /tmp && echo mounted'`,
      stdout: 'mounted\n',
    },
    {
      line: `${RUN} --security-opt no-new-privileges busybox grep NoNewPrivs /proc/self/status`,
      stdout: 'NoNewPrivs:\t1\n',
    },
    {
      line: `${RUN} --security-opt seccomp=unconfined busybox grep Seccomp: /proc/self/status`,
      stdout: 'Seccomp:\t0\n',
    },
    { line: `${RUN} busybox grep Seccomp: /proc/self/status`, stdout: 'Seccomp:\t2\n' },
    {
      line: `${RUN} --device /dev/null:/dev/nowhere:rw busybox sh -c 'echo x > /dev/nowhere; ls -l /dev/nowhere | cut -c1'`,
      stdout: 'c\n',
    },
    {
      line: `${RUN} --device /dev/nothing busybox true`,
      code: 127,
      stderr:
        /error gathering device information while adding custom device "\/dev\/nothing": no such file or directory/,
    },
    { line: `${RUN} --init busybox sh -c 'cat /proc/1/comm'`, stdout: /init\n$/ },
    {
      line: `${RUN} --add-host lighthouse:10.1.2.3 busybox grep lighthouse /etc/hosts`,
      stdout: '10.1.2.3\tlighthouse\n',
    },
    {
      line: `${RUN} --dns 10.9.8.7 --dns-search sea --dns-option ndots:2 busybox cat /etc/resolv.conf`,
      stdout:
        /^(#.*\n)*(nameserver 10\.9\.8\.7\nsearch sea|search sea\nnameserver 10\.9\.8\.7)\noptions ndots:2\n/,
    },
    { line: `${RUN} --network none busybox ip -o link`, stdout: /^1: lo:[^\n]*\n$/ },
    { line: `${RUN} --network host busybox ip -o link`, stdout: /veth0/ },
    { line: `${RUN} --network container:tide busybox ip -o -4 addr show eth0`, stdout: /inet \d/ },
    { line: `${RUN} --network nowhere busybox true`, code: 125, stderr: /network nowhere not found/ },
    {
      line: `${RUN} --pid host busybox sh -c 'test "$(cat /proc/1/comm)" != sh && echo host'`,
      stdout: 'host\n',
    },
    { line: `${RUN} --pid container:tide busybox cat /proc/1/comm`, stdout: 'sleep\n' },
    { line: `${RUN} --uts host busybox hostname > there; hostname | diff - there`, stdout: '' },
    {
      line: `docker run -d --name web -p 127.0.0.1:8080:80 -p 8443:443/tcp --expose 99 busybox httpd -f -p 80 -h /etc`,
      stdout: /^[0-9a-f]{64}\n$/,
    },
    {
      line: 'docker port web',
      stdout: /^80\/tcp -> 127\.0\.0\.1:8080\n443\/tcp -> 0\.0\.0\.0:8443\n(443\/tcp -> \[::\]:8443\n)?$/,
    },
    { line: 'docker port web 80', stdout: '127.0.0.1:8080\n' },
    { line: 'docker port web 81', code: 1, stderr: /[nN]o public port '81(\/tcp)?' published for web/ },
    { line: 'curl -s 127.0.0.1:8080/group', stdout: 'root:x:0:\nnogroup:x:65534:\n', eventually: true },
    { line: 'docker run --name late -p 8443:1 busybox true', code: 125, stderr: /port is already allocated/ },
    {
      line: `docker run -d --name open -P --expose 7000 --expose 7001/udp busybox sleep 1000 > id; docker port open | sed 's/:[0-9]*$//'`,
      stdout:
        /^7000\/tcp -> 0\.0\.0\.0\n(7000\/tcp -> \[::\]\n)?7001\/udp -> 0\.0\.0\.0\n(7001\/udp -> \[::\]\n)?$/,
    },
    { line: 'docker rm -f web open late', stdout: 'web\nopen\nlate\n' },
    {
      line: `docker run -d --name again --restart on-failure:2 busybox sh -c 'exit 4' > id; docker inspect -f '{{json .HostConfig.RestartPolicy}}' again`,
      stdout: '{"Name":"on-failure","MaximumRetryCount":2}\n',
    },
    {
      line: `docker inspect -f '{{.RestartCount}} {{.State.ExitCode}} {{.State.Status}}' again`,
      stdout: '2 4 exited\n',
      eventually: true,
    },
    {
      line: 'docker run --rm --restart always busybox true',
      code: 125,
      stderr: /conflicting options: cannot specify both --restart and --rm/,
    },
    {
      line: `docker run -d --name sound --health-cmd 'test -e /ok' --health-interval 300ms --health-retries 1 --health-timeout 5s busybox sh -c 'touch /ok; sleep 1000' > id; docker inspect -f '{{.State.Health.Status}}' sound`,
      stdout: /^(starting|healthy)\n$/,
    },
    {
      line: `docker ps --filter health=healthy --format '{{.Names}} {{.Status}}'`,
      stdout: /^sound Up .* \(healthy\)\n$/,
      eventually: true,
    },
    {
      line: `docker exec sound rm /ok; docker inspect -f '{{.State.Health.Status}} {{gt .State.Health.FailingStreak 0}}' sound`,
      stdout: 'unhealthy true\n',
      eventually: true,
    },
    {
      line: `docker inspect -f '{{json .Config.Healthcheck}}' sound`,
      stdout: '{"Test":["CMD-SHELL","test -e /ok"],"Interval":300000000,"Timeout":5000000000,"Retries":1}\n',
    },
    { line: 'docker rm -f sound again', stdout: 'sound\nagain\n' },
    {
      line: `docker run -d --name polite --stop-signal USR1 --stop-timeout 7 busybox sh -c 'trap "exit 9" USR1; while :; do sleep 0.05; done' > id; docker inspect -f '{{.Config.StopSignal}} {{.Config.StopTimeout}}' polite`,
      stdout: /^(SIG)?USR1 7\n$/,
    },
    {
      line: `docker stop polite; docker inspect -f '{{.State.ExitCode}}' polite; docker rm polite`,
      stdout: 'polite\n9\npolite\n',
    },
    {
      line: 'docker run -it --name left --detach-keys ctrl-x busybox sh',
      types: [
        [/# /, 'echo joined-$((1+1))\r'],
        [/joined-2/, '\x18'],
      ],
      stdout: /joined-2/,
    },
    { line: `docker inspect -f '{{.State.Running}}' left`, stdout: 'true\n' },
    { line: 'docker rm -f left tide', stdout: 'left\ntide\n' },
    {
      line: `${RUN} --log-driver nonsense busybox true`,
      code: 125,
      stderr: /no log driver named 'nonsense' is registered|plugin "nonsense" not found/,
    },
    {
      line: `${RUN} --runtime nonsense busybox true`,
      code: 125,
      stderr: /unknown or invalid runtime name: nonsense|Unknown runtime specified nonsense/,
    },
    {
      line: `docker create --name later busybox echo later && docker start -a later`,
      stdout: /^[0-9a-f]{64}\nlater\n$/,
    },
    { line: 'docker start -ai later; docker rm later', stdout: 'later\nlater\n' },
    { line: `${RUN} --oom-score-adj 500 busybox cat /proc/self/oom_score_adj`, stdout: '500\n' },
    { line: `${RUN} --cgroupns private busybox cat /proc/self/cgroup | head -c 1`, stdout: /\d/ },
    { line: `${RUN} --ipc none busybox ls /dev`, stdout: /null/ },
    {
      line: `${RUN} --mac-address 02:42:ac:11:00:99 busybox cat /sys/class/net/eth0/address`,
      newerApi: true,
      stdout: '02:42:ac:11:00:99\n',
    },
    { line: `${RUN} --annotation a.b=c busybox true`, newerApi: true, code: 0 },
    { line: `${RUN} --no-healthcheck --blkio-weight 300 busybox echo ahoy`, stdout: 'ahoy\n' },
    { line: `${RUN} --storage-opt size=1g busybox true`, code: 125, stderr: /storage-opt/ },
    { line: 'docker ps -aq', stdout: '' },
    { line: 'docker volume rm hold', stdout: 'hold\n' },
    CLEAR,
  ],
};
