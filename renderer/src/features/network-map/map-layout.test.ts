import { expect, it } from 'vitest';
import { believableContainers } from '../../testing/fake-data.ts';
import { believableNetworks } from '../../testing/fake-network-parts.ts';
import { type Box, layoutMap } from './map-layout.ts';

const layout = layoutMap(believableContainers(), believableNetworks());

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

it('lays nothing over anything else, and all within its size', () => {
  const boxes: readonly Box[] = [...layout.ports, ...layout.containers, ...layout.networks];
  expect(boxes.length).toBeGreaterThan(25);
  boxes.forEach((box, index) => {
    expect(boxes.slice(index + 1).filter((other) => overlap(box, other))).toEqual([]);
    expect(box.x + box.width).toBeLessThan(layout.width);
    expect(box.y + box.height).toBeLessThan(layout.height);
  });
});

it('joins each container with its networks and its published ports, and nothing else', () => {
  const web = layout.containers.find(({ container }) => container.name === 'web')?.container;
  const edges = layout.edges.filter(({ container }) => container === web?.id);
  expect(edges.map(({ network }) => network)).toEqual([null, null, web?.networks[0]?.id]);
});

it('has built-in networks only where somebody is on them, and a person’s own always', () => {
  const names = layout.networks.map(({ network }) => network.name);
  expect(names).toContain('bridge');
  expect(names).not.toContain('none');
  expect(layoutMap([], believableNetworks()).networks.map(({ network }) => network.name)).toEqual([
    'lab',
    'shop',
    'shop-data',
  ]);
});
