import { expect, it } from 'vitest';
import { describeReal } from './real-agent.ts';
import { BuildBench } from './support/real-builds.ts';

describeReal('RUN', commands);

function commands(): void {
  const bench = BuildBench.use();

  it('takes vectors, here-documents and other shells', async () => {
    const lines = await bench.printed(
      [
        'FROM busybox',
        'RUN ["/bin/echo", "vector", "$HOME"]',
        'RUN <<EOF',
        'echo one',
        'echo two',
        'EOF',
        'SHELL ["/bin/busybox", "sh", "-c"]',
        'RUN echo three \\',
        '  four',
      ].join('\n'),
    );
    expect(lines).toEqual(['vector $HOME', 'one', 'two', 'three four']);
  });

  it('tells of a command that fails', async () => {
    const { error, log } = await bench.build('FROM busybox\nRUN echo before && exit 42');
    expect(log).toBe('before\n');
    expect(error).toMatchObject({ code: 'failed-precondition', detail: { step: 'run', exitCode: 42 } });
  });

  it('mounts files of stages and of the context, which no layer keeps', async () => {
    await bench.context.write('dir/f', 'of the context');
    const lines = await bench.printed(`
        FROM busybox AS made
        RUN mkdir /out && echo of a stage > /out/f
        FROM busybox
        RUN --mount=type=bind,from=made,source=/out,target=/m --mount=target=/c,rw \\
          cat /m/f /c/dir/f; echo; touch /c/written; touch /m/written 2>&1 | grep -o 'Read-only.*'
        RUN ls -d /m /c 2>&1 | grep -c 'No such'`);
    expect(lines).toEqual(['of a stage', 'of the context', 'Read-only file system', '2']);
  });

  it('has caches that come again, with an owner', async () => {
    const dockerfile = (word: string) => `
        FROM busybox
        RUN --mount=type=cache,target=/cache,id=words,uid=5,gid=6,mode=0750 \\
          stat -c '%a %u:%g' /cache; cat /cache/* 2>/dev/null; echo ${word} >> /cache/log
        RUN ls /cache 2>&1 | grep -c .`;
    expect(await bench.printed(dockerfile('first'))).toEqual(['750 5:6', '1']);
    // Nothing of it comes into the layer: what follows is the same step as before.
    expect(await bench.printed(dockerfile('second'))).toEqual(['750 5:6', 'first']);
    const { entries } = await bench.engine.client.builds.cacheUsage({});
    expect(entries).toContainEqual(
      expect.objectContaining({ kind: 'mount', description: 'words at /cache', inUse: false }),
    );
    await bench.engine.client.builds.pruneCache({ all: true });
    expect(await bench.printed(dockerfile('third'))).toEqual(['750 5:6', '1']);
  });

  it('has memory for files, secrets and variables that go again', async () => {
    const { error, log, result } = await bench.build(
      `
        FROM busybox
        RUN --mount=type=tmpfs,target=/t,size=1m df -k /t | tail -1 | awk '{print $2}'; touch /t/f
        RUN --mount=type=secret,id=word --mount=type=secret,id=name,env=NAME \\
          cat /run/secrets/word; echo " $NAME"; stat -c %a /run/secrets/word
        RUN ls /t /run/secrets 2>&1; echo "[$NAME]"`,
      { secrets: { word: Buffer.from('open'), name: Buffer.from('sesame') } },
    );
    expect(error).toBeNull();
    const lines = log.split('\n');
    expect(lines.slice(0, 3)).toEqual(['1024', 'open sesame', '400']);
    expect(log).toContain('[]');
    const details = await bench.engine.client.images.inspect({ image: result?.imageId ?? '' });
    expect(JSON.stringify(details)).not.toContain('sesame');
  });

  it('needs a secret only where it says so', async () => {
    const optional = 'FROM busybox\nRUN --mount=type=secret,id=s ls /run/secrets 2>&1 | wc -l';
    expect(await bench.printed(optional)).toEqual(['1']);
    const { error } = await bench.build('FROM busybox\nRUN --mount=type=secret,id=s,required true');
    expect(error).toMatchObject({ code: 'invalid-argument', detail: { step: 'secret', path: 's' } });
  });

  it('is without a network where it says so, and host and privileges are asked for', async () => {
    expect(await bench.printed('FROM busybox\nRUN --network=none ls /sys/class/net')).toEqual(['lo']);
    for (const flag of ['--network=host', '--security=insecure']) {
      const { error } = await bench.build(`FROM busybox\nRUN ${flag} true`);
      expect(error).toMatchObject({ code: 'permission-denied' });
    }
    const allowed = await bench.build('FROM busybox\nRUN --network=host true', { allow: ['network.host'] });
    expect(allowed.error).toBeNull();
  });

  it('has every privilege with --security=insecure, where the build may give it', async () => {
    const mount = 'mkdir -p /m && mount -t tmpfs none /m 2>/dev/null && echo mounted || echo refused';
    const dockerfile = `FROM busybox\nRUN ${mount}\nRUN --security=insecure ${mount}`;
    const { error, log } = await bench.build(dockerfile);
    expect(error).toMatchObject({ code: 'permission-denied', detail: { path: 'security.insecure' } });
    expect(log).not.toContain('mounted');
    const allowed = await bench.printed(dockerfile, { allow: ['security.insecure'], noCache: true });
    expect(allowed).toEqual(['refused', 'mounted']);
  });

  it('runs as USER in WORKDIR, with limits and hosts of the build', async () => {
    const lines = await bench.printed(
      `
        FROM busybox
        USER 1000:1000
        WORKDIR /tmp/here
        RUN id -u; pwd; ulimit -n; grep -c '10.1.2.3.*port' /etc/hosts`,
      { ulimits: [{ name: 'nofile', soft: 200, hard: 200 }], extraHosts: ['port:10.1.2.3'] },
    );
    expect(lines).toEqual(['1000', '/tmp/here', '200', '1']);
  });
}
