import { expect, test } from '@playwright/test';
import { BOOTSTRAP_TIMEOUT_MS } from '../fixtures/images.ts';
import { ClientEngine } from './docker-clients/client-engine.ts';
import { Compose, type ComposeName, composeProgram } from './docker-clients/compose.ts';

/** Projects of compose run on `longshore serve` by its Docker API, by either of the two composes. */

const COMPOSES: readonly ComposeName[] = ['docker-compose 1.29', 'compose v2'];

let engine: ClientEngine;

test.beforeAll(async () => {
  test.setTimeout(BOOTSTRAP_TIMEOUT_MS);
  engine = await ClientEngine.start();
  await engine.pushServices();
});

test.afterAll(async () => {
  await engine[Symbol.asyncDispose]();
});

for (const name of COMPOSES) {
  test.describe(name, () => {
    let program: string;

    test.beforeAll(async () => {
      test.setTimeout(BOOTSTRAP_TIMEOUT_MS * 3);
      const found = await composeProgram(name);
      test.skip(found === null, `there is no ${name} here`);
      program = found ?? '';
    });

    test.afterEach(async () => {
      expect(await engine.docker('ps', '-aq')).toBe('');
      expect(await engine.docker('volume', 'ls', '-q')).toBe('');
      const networks = await engine.docker('network', 'ls', '--format', '{{.Name}}');
      expect(networks.split('\n').sort()).toEqual(['bridge', 'host', 'none']);
    });

    test('a shop: a built web server, Redis and PostgreSQL, each waited for by its health', async () => {
      const shop = new Compose(program, 'shop', engine.env, engine.images.services);
      await shop.must('up', '-d', '--build');
      const services = await shop.must('ps', '--services');
      expect(services.split('\n').sort()).toEqual(['cache', 'db', 'web']);
      expect(await shop.must('ps')).toMatch(/db.*\(healthy\)/);
      expect((await shop.must('logs', '--no-color', 'cache')).split('\n').pop()).toContain('Ready to accept');
      await shop.exec('db', `psql -h /tmp -c 'create table t as select 42 as n' postgres`);
      const address = (await shop.must('port', 'web', '80')).replace('0.0.0.0', '127.0.0.1');
      expect(await (await fetch(`http://${address}/`)).text()).toContain('ahoy');
      // By name, over the project's network.
      expect(await shop.exec('web', 'redis-cli -h cache ping')).toBe('PONG');
      await shop.must('up', '-d', '--scale', 'web=2', '--no-recreate');
      const webs = 'label=com.docker.compose.service=web';
      expect((await engine.docker('ps', '-q', '--filter', webs)).split('\n')).toHaveLength(2);
      await shop.must('restart', 'db');
      const rows = () =>
        shop.run('exec', '-T', 'db', 'psql', '-h', '/tmp', '-Atc', 'select n from t', 'postgres');
      await expect.poll(async () => (await rows()).stdout.trim()).toBe('42');
      await shop.must('down', '-v', '--rmi', 'local');
      expect(await engine.docker('images', '-q', '--filter', 'reference=shop*')).toBe('');
    });

    test('a pair: aliases, addresses of their own, and a network apart', async () => {
      const pair = new Compose(program, 'pair', engine.env, engine.images.busybox);
      await pair.must('up', '-d');
      const log = () => pair.must('logs', '--no-color', 'client');
      await expect.poll(async () => (await log()).match(/found/g)?.length).toBe(2);
      expect(await pair.exec('client', 'nslookup beacon | grep -c 10.99.7.10')).toBe('1');
      expect(await pair.exec('client', 'hostname -i')).toBe('10.99.7.20');
      expect(await pair.exec('server', 'hostname')).toBe('lighthouse');
      expect(await pair.exec('stranger', 'grep elsewhere /etc/hosts')).toBe('10.1.2.3\telsewhere');
      const strange = await pair.run(
        'exec',
        '-T',
        'stranger',
        'wget',
        '-T',
        '1',
        '-q',
        '-O',
        '-',
        'http://10.99.7.10/',
      );
      expect(strange.code).not.toBe(0);
      await pair.must('down');
    });

    test('settings: an override, profiles, secrets as files, volumes and tmpfs', async () => {
      const settings = new Compose(program, 'settings', engine.env, engine.images.busybox);
      await settings.must('up', '-d');
      // The profile was not asked for.
      expect(await settings.must('ps', '--services', '--filter', 'status=running')).toBe('keeper');
      const keeper = (script: string) => settings.exec('keeper', script);
      expect(await keeper('echo $MOOD $FROM_FILE')).toBe('stormy yes');
      expect(await keeper('cat /run/secrets/word /files/word')).toBe('swordfish\nswordfish');
      expect(await keeper('ulimit -n; cat /proc/sys/net/core/somaxconn')).toBe('512\n777');
      expect(await keeper('touch /logs/kept /scratch/lost && df -k /scratch | tail -1')).toMatch(/\b1024\b/);
      expect((await settings.run('exec', '-T', 'keeper', 'touch', '/files/new')).code).toBe(1);
      expect((await settings.run('exec', '-T', 'keeper', 'touch', '/new')).code).toBe(1);
      await settings.must('restart');
      expect(await keeper('ls /logs /scratch')).toBe('/logs:\nkept\n\n/scratch:');
      expect(await settings.must('run', '--rm', 'debugger')).toContain('debugging');
      await settings.must('--profile', 'debug', 'down', '-v');
    });
  });
}
