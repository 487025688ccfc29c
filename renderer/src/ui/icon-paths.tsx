import type { ReactNode } from 'react';

/** Icons on a 16 px grid, painted as lines by `Icon`. */
export const ICONS = {
  box: (
    <>
      <path d="M8 1.8 13.5 4.9v6.2L8 14.2 2.5 11.1V4.9z" />
      <path d="M2.7 5 8 8l5.3-3M8 8v6" />
    </>
  ),
  layers: (
    <>
      <path d="M8 2.2 14 5.2 8 8.2 2 5.2z" />
      <path d="m2 8.2 6 3 6-3M2 11l6 3 6-3" />
    </>
  ),
  logs: (
    <>
      <path d="M5.5 4H14M5.5 8H14M5.5 12H11M2.3 4h.1M2.3 8h.1M2.3 12h.1" />
    </>
  ),
  build: (
    <>
      <path d="M2.2 13.8 8 8M6.4 4.2 9 1.6h2.3l3.1 3.1v2.2l-2.6 2.7z" />
      <path d="m2.2 13.8-.6-.6a1 1 0 0 1 0-1.4L7 6.4" />
    </>
  ),
  sliders: (
    <>
      <path d="M2 4.5h6.8M12.2 4.5H14M2 11.5h1.8M7.2 11.5H14" />
      <circle cx="10.5" cy="4.5" r="1.7" />
      <circle cx="5.5" cy="11.5" r="1.7" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.4" />
      <path d="m10.4 10.4 3.3 3.3" />
    </>
  ),
  play: (
    <>
      <path d="M4.5 2.9v10.2L12.8 8z" />
    </>
  ),
  stop: (
    <>
      <rect x="3.6" y="3.6" width="8.8" height="8.8" rx="1.2" />
    </>
  ),
  pause: <path d="M5.5 3.2v9.6M10.5 3.2v9.6" />,
  chart: <path d="M2.5 13.5h11M4.5 13V8.5M8 13V3.5M11.5 13V6.5" />,
  activity: <path d="M1.8 8.4h2.9l2-5.2 2.9 9.8 1.9-4.6h2.7" />,
  disk: (
    <>
      <path d="M1.8 8.6h12.4M4.2 3h7.6l2.4 5.6v3.6a.9.9 0 0 1-.9.9H2.7a.9.9 0 0 1-.9-.9V8.6z" />
      <path d="M4.6 10.9h.1M7 10.9h.1" />
    </>
  ),
  restart: (
    <>
      <path d="M13 8a5 5 0 1 1-1.6-3.7L13 5.8" />
      <path d="M13 2.6v3.2H9.8" />
    </>
  ),
  terminal: (
    <>
      <path d="M3 4.4 6.6 8 3 11.6M8.5 12H13" />
    </>
  ),
  kebab: (
    <>
      <path d="M8 3.4v.1M8 8v.1M8 12.6v.1" strokeWidth="2" />
    </>
  ),
  external: (
    <>
      <path d="M9.5 2.5h4v4M13.5 2.5l-6 6M11.5 9.5v3a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1h3" />
    </>
  ),
  tree: (
    <>
      <path d="M3.5 2.5v9.2c0 .7.5 1.3 1.3 1.3H7M3.5 6H7M9.5 6H14M9.5 13H14M6 2.5h8" />
    </>
  ),
  columns: (
    <>
      <rect x="2" y="2.8" width="12" height="10.4" rx="1.4" />
      <path d="M6 2.8v10.4M10 2.8v10.4" />
    </>
  ),
  plus: (
    <>
      <path d="M8 3v10M3 8h10" />
    </>
  ),
  'chevron-right': (
    <>
      <path d="M6 3.5 10.5 8 6 12.5" />
    </>
  ),
  'chevron-down': (
    <>
      <path d="M3.5 6 8 10.5 12.5 6" />
    </>
  ),
  'chevron-up': (
    <>
      <path d="M3.5 10 8 5.5 12.5 10" />
    </>
  ),
  check: (
    <>
      <path d="M3 8.5 6.5 12 13 4.5" />
    </>
  ),
  close: (
    <>
      <path d="m4 4 8 8M12 4l-8 8" />
    </>
  ),
  back: (
    <>
      <path d="M13 8H3M7 4 3 8l4 4" />
    </>
  ),
  forward: (
    <>
      <path d="M3 8h10M9 4l4 4-4 4" />
    </>
  ),
  bell: (
    <>
      <path d="M4 7a4 4 0 0 1 8 0c0 3.3 1.4 4.4 1.4 4.4H2.6S4 10.3 4 7M6.7 13.7a1.5 1.5 0 0 0 2.6 0" />
    </>
  ),
  trash: (
    <>
      <path d="M2.5 4.2h11M6 4V2.5h4V4M4 4.2l.6 9.3h6.8l.6-9.3" />
    </>
  ),
  copy: (
    <>
      <rect x="5.6" y="5.6" width="8" height="8" rx="1.2" />
      <path d="M10.4 5.6V3.4a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2.2" />
    </>
  ),
  download: (
    <>
      <path d="M8 2.2v8.2M4.4 7 8 10.5 11.6 7M2.5 13.5h11" />
    </>
  ),
  upload: (
    <>
      <path d="M8 10.4V2.2M4.4 5.6 8 2.2l3.6 3.4M2.5 13.5h11" />
    </>
  ),
  volume: (
    <>
      <path d="M2.6 4.2C2.6 3 5 2.2 8 2.2s5.4.8 5.4 2v7.6c0 1.2-2.4 2-5.4 2s-5.4-.8-5.4-2zM2.6 4.2c0 1.2 2.4 2 5.4 2s5.4-.8 5.4-2M2.6 8c0 1.2 2.4 2 5.4 2s5.4-.8 5.4-2" />
    </>
  ),
  topology: (
    <>
      <circle cx="3.6" cy="8" r="1.8" />
      <circle cx="12.4" cy="3.8" r="1.8" />
      <circle cx="12.4" cy="12.2" r="1.8" />
      <path d="m5.3 7.2 5.5-2.6M5.3 8.8l5.5 2.6" />
    </>
  ),
  'folder-plus': (
    <>
      <path d="M2 12.4V3.9a.9.9 0 0 1 .9-.9h3l1.6 1.8h5.6a.9.9 0 0 1 .9.9v6.7a.9.9 0 0 1-.9.9H2.9a.9.9 0 0 1-.9-.9zM8 7.2v4M6 9.2h4" />
    </>
  ),
  up: (
    <>
      <path d="M8 13.2V3M3.8 7.2 8 3l4.2 4.2" />
    </>
  ),
  file: (
    <>
      <path d="M9 1.8H4a1 1 0 0 0-1 1v10.4a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1V5.8zM9 1.8v4h4" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.6V8l2.3 1.4" />
    </>
  ),
  filter: (
    <>
      <path d="M2.2 4h11.6M4.4 8h7.2M6.6 12h2.8" />
    </>
  ),
  wrap: (
    <>
      <path d="M2 4h12M2 8.2h9.4a2.1 2.1 0 0 1 0 4.2H8M10 10.2l-2.2 2.2L10 14.6M2 12.4h3" />
    </>
  ),
  follow: (
    <>
      <path d="M4 3.6 8 7.6l4-4M4 8.4l4 4 4-4" />
    </>
  ),
  alert: (
    <>
      <path d="M8 2.4 14.3 13.4H1.7zM8 6.6v3M8 11.5v.1" />
    </>
  ),
  info: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 7.2v3.6M8 5.1v.1" />
    </>
  ),
  eye: (
    <>
      <path d="M1.8 8S4 4 8 4s6.2 4 6.2 4S12 12 8 12 1.8 8 1.8 8" />
      <circle cx="8" cy="8" r="1.7" />
    </>
  ),
  greeting: (
    <>
      <path d="M2.5 3.4h11v7.4H8l-3.2 2.6v-2.6H2.5zM5.4 7.1h.1M8 7.1h.1M10.6 7.1h.1" />
    </>
  ),
  network: (
    <>
      <rect x="5.8" y="2" width="4.4" height="3.4" rx=".8" />
      <rect x="1.8" y="10.6" width="4.4" height="3.4" rx=".8" />
      <rect x="9.8" y="10.6" width="4.4" height="3.4" rx=".8" />
      <path d="M8 5.4V8M4 10.6V8h8v2.6" />
    </>
  ),
  folder: (
    <>
      <path d="M2 12.4V3.9a.9.9 0 0 1 .9-.9h3l1.6 1.8h5.6a.9.9 0 0 1 .9.9v6.7a.9.9 0 0 1-.9.9H2.9a.9.9 0 0 1-.9-.9z" />
    </>
  ),
  tag: (
    <>
      <path d="M2.5 2.5h5l6 6-5 5-6-6zM5.2 5.2h.1" />
    </>
  ),
  theme: (
    <>
      <circle cx="8" cy="8" r="5.6" />
      <path d="M8 2.4v11.2a5.6 5.6 0 0 0 0-11.2z" fill="currentColor" />
    </>
  ),
  edit: (
    <>
      <path d="M3 13l.6-2.6 7.2-7.2 2 2-7.2 7.2zM9.4 4.6l2 2" />
    </>
  ),
  kill: (
    <>
      <circle cx="8" cy="8" r="5.6" />
      <path d="m5.8 5.8 4.4 4.4M10.2 5.8l-4.4 4.4" />
    </>
  ),
  clear: (
    <>
      <path d="M2.5 4h11M2.5 8h6M2.5 12h4M10.5 9.5l3 3M13.5 9.5l-3 3" />
    </>
  ),
  minimize: <path d="M3.5 8h9" />,
  maximize: <rect x="3.5" y="3.5" width="9" height="9" rx="1" />,
} as const satisfies Readonly<Record<string, ReactNode>>;

export type IconName = keyof typeof ICONS;
