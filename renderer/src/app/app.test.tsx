import { act, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeOverlay } from '../features/overlays/overlay-store.ts';
import { fakeConnection } from '../testing/fake-connection.ts';
import { FakeWorld } from '../testing/fake-world.ts';
import type { EngineConnection } from '../bridge/index.ts';
import { App } from './app.tsx';

let connection: EngineConnection | undefined;

function show(world: FakeWorld, hash = '#/containers'): void {
  location.hash = hash;
  connection = fakeConnection(world);
  render(<App connection={connection} />);
}

const poll = <T,>(probe: () => T) => expect.poll(probe, { timeout: 15_000 });

beforeEach(() => closeOverlay());
afterEach(() => connection?.[Symbol.dispose]());

const grid = () => screen.findByRole('grid', { name: 'Containers' });
const rowOf = async (name: string): Promise<HTMLElement> => {
  const row = (await screen.findByRole('link', { name })).closest<HTMLElement>('[role=row]');
  if (row === null) throw new Error(`${name} is in no row`);
  return row;
};

describe('containers', () => {
  it('shows what the engine has, and changes when the engine does', async () => {
    const world = new FakeWorld({ pace: 0 });
    show(world);
    expect(within(await rowOf('web')).getByText('Running')).toBeDefined();
    act(() => {
      const exit = { code: 3, signal: null, oomKilled: false, memoryPeakBytes: null, memoryLimitBytes: null };
      world.become(
        world.container('web'),
        { status: 'exited', pid: null, exit: { ...exit, at: new Date().toISOString() } },
        'die',
      );
    });
    await poll(async () => within(await rowOf('web')).queryByText('Exited 3')).not.toBeNull();
  });

  it('is worked by keys: arrows, Space, Shift, Delete, and the confirmation begins on the safe button', async () => {
    const world = new FakeWorld({ pace: 0 });
    show(world);
    const list = await grid();
    fireEvent.keyDown(list, { key: 'ArrowDown' });
    fireEvent.keyDown(list, { key: ' ' });
    fireEvent.keyDown(list, { key: 'ArrowDown', shiftKey: true });
    expect(screen.getByText('2 selected')).toBeDefined();
    fireEvent.keyDown(list, { key: 'Delete' });
    const dialog = await screen.findByRole('dialog', { name: 'Delete 2 containers?' });
    expect(document.activeElement?.textContent).toBe('Cancel');
    fireEvent.click(within(dialog).getByRole('button', { name: 'Delete 2 containers' }));
    await poll(() => world.containers.size).toBe(20);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('keeps what failed selected and tells why', async () => {
    const world = new FakeWorld({ pace: 0 });
    show(world);
    await grid();
    for (const name of ['db', 'registry-mirror']) {
      fireEvent.click(screen.getByRole('checkbox', { name: `Select ${name}` }));
    }
    fireEvent.click(screen.getByRole('button', { name: 'Delete…' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Delete 2 containers' }));
    expect(await screen.findByText('1 deleted, 1 failed')).toBeDefined();
    expect(await screen.findByText('1 selected')).toBeDefined();
  });

  it('offers starters when there is nothing yet', async () => {
    show(new FakeWorld({ containers: [], images: [], pace: 0 }));
    expect(await screen.findByText('No containers yet')).toBeDefined();
    expect(await screen.findByRole('article', { name: 'busybox' })).toBeDefined();
  });

  it('says why nothing can be run, and how to mend it', async () => {
    const error = {
      code: 'permission-denied',
      message: 'The agent needs rights.',
      hint: 'Run setup.',
    } as const;
    const world = new FakeWorld({
      containers: [],
      images: [],
      pace: 0,
      agent: { status: 'unavailable', error },
    });
    show(world);
    expect(await screen.findByText('Run setup.')).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Start agent' }));
    expect(await screen.findByText('Engine running')).toBeDefined();
  });
});

describe('run', () => {
  it('runs what the form says', async () => {
    const world = new FakeWorld({ pace: 0 });
    show(world);
    fireEvent.click(await screen.findByRole('button', { name: 'Run container' }));
    const dialog = await screen.findByRole('dialog', { name: 'Run container' });
    const field = (label: string) => within(dialog).getByLabelText(label, { exact: true });
    fireEvent.change(field('Image'), { target: { value: 'hello' } });
    fireEvent.change(field('Name'), { target: { value: 'greeter' } });
    expect(within(dialog).getByTestId('command-line').textContent).toBe(
      'longshore run -d --name greeter hello',
    );
    fireEvent.click(within(dialog).getByRole('button', { name: 'Run' }));
    await poll(() => location.hash).toMatch(/^#\/containers\/[0-9a-f]{64}\/logs$/);
    expect(world.container('greeter').state.status).toBe('exited');
  });
});

describe('images', () => {
  it('pulls, shows the layers, and has the image in the list', async () => {
    const world = new FakeWorld({ pace: 0 });
    show(world, '#/images');
    fireEvent.click(await screen.findByRole('button', { name: 'Pull image' }));
    const dialog = await screen.findByRole('dialog', { name: 'Pull image' });
    fireEvent.change(within(dialog).getByLabelText('Image', { exact: true }), { target: { value: 'redis' } });
    expect(within(dialog).getByText('Pulls redis:latest')).toBeDefined();
    fireEvent.click(within(dialog).getByRole('button', { name: 'Pull' }));
    expect(await screen.findByText(/On this machine, 871 MB/)).toBeDefined();
    expect([...world.images.values()].some((image) => image.references.includes('redis:latest'))).toBe(true);
  });
});

describe('details', () => {
  it('masks secrets until they are asked for', async () => {
    const world = new FakeWorld({ pace: 0 });
    show(world, `#/containers/${world.container('db').id}/overview`);
    expect(await screen.findByText('POSTGRES_PASSWORD')).toBeDefined();
    expect(screen.queryByText('hunter2hunter2')).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Show secrets' }));
    expect(screen.getByText('hunter2hunter2')).toBeDefined();
  });

  it('tells why a container stopped', async () => {
    const world = new FakeWorld({ pace: 0 });
    show(world, `#/containers/${world.container('clickhouse').id}/overview`);
    expect(await screen.findByText(/went past its memory limit/)).toBeDefined();
    expect(screen.getByText('2,147,483,648 bytes, limit 2 GiB')).toBeDefined();
  });
});
