import { CLEAR, IMPORT_BUSYBOX } from '../common-steps.ts';
import type { Chapter } from '../tour.ts';

export const networks: Chapter = {
  title: 'networks and volumes',
  steps: [
    IMPORT_BUSYBOX,
    {
      line: `docker network ls --format '{{.Name}} {{.Driver}} {{.Scope}}'`,
      stdout: 'bridge bridge local\nhost host local\nnone null local\n',
    },
    { line: 'docker network create sea', stdout: /^[0-9a-f]{64}\n$/ },
    {
      line: 'docker network create sea',
      code: 1,
      stderr: 'Error response from daemon: network with name sea already exists\n',
    },
    {
      line: 'docker network create --subnet 10.77.0.0/24 --gateway 10.77.0.254 --ip-range 10.77.0.128/25 --aux-address buoy=10.77.0.200 --label depth=3 --internal --attachable -o com.docker.network.bridge.name=br-tour lake',
      stdout: /^[0-9a-f]{64}\n$/,
    },
    {
      line: `docker network inspect lake -f '{{json .IPAM.Config}} {{.Internal}} {{.Attachable}} {{json .Labels}} {{json .Options}}'`,
      stdout:
        '[{"Subnet":"10.77.0.0/24","IPRange":"10.77.0.128/25","Gateway":"10.77.0.254","AuxiliaryAddresses":{"buoy":"10.77.0.200"}}] true true {"depth":"3"} {"com.docker.network.bridge.name":"br-tour"}\n',
    },
    {
      line: 'docker network create --subnet 10.77.0.0/25 overlapping',
      code: 1,
      stderr: /Pool overlaps with other one on this address space/,
    },
    {
      line: 'docker network create --driver nonsense x',
      code: 1,
      stderr: /plugin "?nonsense"? not found|could not find plugin nonsense/,
    },
    { line: 'docker network create --subnet nonsense x', code: 1, stderr: /invalid CIDR address: nonsense/ },
    {
      line: `docker network ls --filter label=depth --format '{{.Name}}'; docker network ls --filter driver=null -q | wc -l; docker network ls --filter type=custom --format '{{.Name}}'`,
      stdout: 'lake\n1\nlake\nsea\n',
    },
    { line: `docker network ls --filter name=se --format json | jq -r .Name`, stdout: 'sea\n' },
    { line: 'docker network ls --filter colour=red', code: 1, stderr: /[iI]nvalid filter 'colour'/ },
    {
      line: 'docker run -d --name anchor --network sea --network-alias hook busybox sleep 1000',
      stdout: /^[0-9a-f]{64}\n$/,
    },
    {
      line: 'docker run --rm --network sea busybox ping -c 1 -W 5 anchor',
      stdout: /1 packets transmitted, 1 packets received/,
    },
    { line: 'docker run --rm --network sea busybox nslookup hook', stdout: /Address.*\d+\.\d+\.\d+\.\d+/ },
    {
      line: `docker network inspect sea -f '{{range .Containers}}{{.Name}} {{.IPv4Address}}{{end}}'`,
      stdout: /^anchor \d+\.\d+\.\d+\.\d+\/\d+\n$/,
    },
    { line: 'docker network connect --ip 10.77.0.222 --alias second lake anchor', stdout: '' },
    {
      line: `docker inspect anchor -f '{{.NetworkSettings.Networks.lake.IPAddress}} {{.NetworkSettings.Networks.lake.IPAMConfig.IPv4Address}} {{len .NetworkSettings.Networks}}'`,
      stdout: '10.77.0.222 10.77.0.222 2\n',
    },
    {
      line: `docker inspect anchor -f '{{json .NetworkSettings.Networks.lake.Aliases}}'`,
      stdout: /"second"/,
    },
    {
      line: 'docker network connect lake anchor',
      code: 1,
      stderr: /endpoint with name anchor already exists in network lake/,
    },
    {
      line: 'docker network connect nowhere anchor',
      code: 1,
      stderr: 'Error response from daemon: network nowhere not found\n',
    },
    { line: 'docker network connect sea nobody', code: 1, stderr: /No such container: nobody/ },
    {
      line: 'docker network rm lake',
      code: 1,
      stderr: /error while removing network: network lake (id [0-9a-f]{64} )?has active endpoints/,
    },
    { line: 'docker network disconnect lake anchor', stdout: '' },
    { line: 'docker network disconnect lake anchor', code: 1, stderr: /is not connected to (the )?network/ },
    { line: 'docker network rm lake', stdout: 'lake\n' },
    { line: 'docker network rm lake', code: 1, stderr: /network lake not found/ },
    {
      line: 'docker network rm bridge',
      code: 1,
      stderr: /bridge is a pre-defined network and cannot be removed/,
    },
    { line: 'docker network inspect nowhere', code: 1, stdout: '[]\n', stderr: /network nowhere not found/i },
    {
      line: `docker run --rm --network sea --ip 10.1.1.1 busybox true`,
      code: 125,
      stderr:
        /user specified IP address is supported only when connecting to networks with user configured subnets|./,
    },
    {
      line: 'docker run --rm --link anchor:mast --network sea busybox ping -c 1 -W 5 mast',
      stdout: /1 packets received/,
    },
    { line: 'docker rm -f anchor && docker network prune -f', stdout: 'anchor\nDeleted Networks:\nsea\n\n' },
    { line: 'docker network prune -f', stdout: '' },
    { line: 'docker volume create', stdout: /^[0-9a-f]{64}\n$/ },
    { line: 'docker volume create --label depth=4 well', stdout: 'well\n' },
    { line: 'docker volume create well', stdout: 'well\n' },
    { line: 'docker volume create -d nonsense x', code: 1, stderr: /plugin "nonsense" not found/ },
    {
      line: 'docker volume create "a b"',
      code: 1,
      stderr:
        /includes invalid characters for a local volume name, only "\[a-zA-Z0-9\]\[a-zA-Z0-9_\.-\]" are allowed/,
    },
    { line: `docker volume ls --format '{{.Driver}} {{.Name}}' --filter name=well`, stdout: 'local well\n' },
    {
      line: `docker volume ls --filter label=depth=4 -q; docker volume ls --filter dangling=true -q | wc -l`,
      stdout: 'well\n2\n',
    },
    {
      line: `docker volume inspect well -f '{{.Name}} {{.Driver}} {{.Scope}} {{json .Labels}} {{json .Options}}'`,
      stdout: 'well local local {"depth":"4"} null\n',
    },
    { line: `test -d "$(docker volume inspect well -f '{{.Mountpoint}}')" && echo there`, stdout: 'there\n' },
    { line: 'docker volume inspect nothing', code: 1, stdout: '[]\n', stderr: /get nothing: no such volume/ },
    {
      line: 'docker run -d --name user -v well:/w busybox sleep 1000 > id; docker volume rm well',
      code: 1,
      stderr: /remove well: volume is in use - \[[0-9a-f]{64}\]/,
    },
    {
      line: `docker inspect user -f '{{range .Mounts}}{{.Type}} {{.Name}} {{.Destination}} {{.Driver}} {{.RW}}{{end}}'`,
      stdout: 'volume well /w local true\n',
    },
    { line: 'docker rm -f user; docker volume rm well', stdout: 'user\nwell\n' },
    { line: 'docker volume rm nothing', code: 1, stderr: /get nothing: no such volume/ },
    { line: 'docker volume rm -f nothing', stdout: 'nothing\n' },
    {
      line: 'docker volume create named > id; docker volume prune -f',
      stdout: /^Deleted Volumes:\n[0-9a-f]{64}\n(named\n)?\nTotal reclaimed space: 0B\n$/,
    },
    {
      line: 'docker volume prune -af',
      newerApi: true,
      stdout: /^(Deleted Volumes:\nnamed\n\n)?Total reclaimed space: 0B\n$/,
    },
    {
      line: `docker volume create -o type=tmpfs -o device=tmpfs -o o=size=1m quick && docker run --rm -v quick:/q busybox sh -c 'df -k /q | tail -1'`,
      stdout: /^quick\ntmpfs +1024 /,
    },
    { line: 'docker volume rm quick', stdout: 'quick\n' },
    CLEAR,
  ],
};
