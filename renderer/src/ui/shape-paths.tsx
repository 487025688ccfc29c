import type { ReactNode } from 'react';

/** State shapes on a 14 px grid: each state is told by shape as well as by colour and word. */
export const SHAPES = {
  running: (
    <>
      <circle cx="7" cy="7" r="4.5" fill="currentColor" />
    </>
  ),
  unhealthy: (
    <>
      <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path
        d="m8.8 8.8 3.6 3.6M12.4 8.8l-3.6 3.6"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
      />
    </>
  ),
  paused: (
    <>
      <rect x="3" y="2.5" width="2.8" height="9" rx=".8" fill="currentColor" />
      <rect x="8.2" y="2.5" width="2.8" height="9" rx=".8" fill="currentColor" />
    </>
  ),
  loop: (
    <>
      <circle
        cx="7"
        cy="7"
        r="5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeDasharray="3.2 2.03"
      />
      <circle cx="7" cy="7" r="1.7" fill="currentColor" />
    </>
  ),
  exited: (
    <>
      <rect x="3.25" y="3.25" width="7.5" height="7.5" rx="1.2" fill="currentColor" />
    </>
  ),
  failed: (
    <>
      <path
        d="M7 1.8 13 12H1z"
        fill="currentColor"
        stroke="currentColor"
        strokeWidth="1"
        strokeLinejoin="round"
      />
    </>
  ),
  created: (
    <>
      <circle cx="7" cy="7" r="4.4" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
  busy: (
    <>
      <circle cx="7" cy="7" r="4.8" fill="none" stroke="currentColor" strokeWidth="1.6" opacity=".35" />
      <path
        d="M7 2.2A4.8 4.8 0 0 1 11.8 7"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
      />
    </>
  ),
  exists: (
    <>
      <path d="M3 5.2h8M3 8.8h8" stroke="currentColor" strokeWidth="1.7" strokeLinecap="round" />
    </>
  ),
  done: (
    <>
      <path
        d="M2.5 7.4 5.6 10.5 11.5 3.8"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  downloading: (
    <>
      <path
        d="M7 1.8v8M3.6 6.6 7 10l3.4-3.4M2.5 12.6h9"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  uploading: (
    <path
      d="M7 9.8v-8M3.6 5 7 1.6 10.4 5M2.5 12.6h9"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
  waiting: (
    <>
      <circle
        cx="7"
        cy="7"
        r="4.6"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeDasharray="1.2 2.4"
        strokeLinecap="round"
      />
    </>
  ),
  warning: (
    <>
      <path d="M7 1.8 13 12H1z" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" />
      <path d="M7 5.6v3M7 10.3v.1" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
  verifying: (
    <>
      <path
        d="M7 1.6 11.8 3.4v3.4c0 2.8-2 4.8-4.8 5.8-2.8-1-4.8-3-4.8-5.8V3.4z"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinejoin="round"
      />
      <path
        d="m4.8 7 1.6 1.6 2.8-3"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  unpacking: (
    <>
      <path
        d="M2 6.2h10v5.6H2zM1.4 2.6h11.2v3.6H1.4zM5.6 8.6h2.8"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </>
  ),
} as const satisfies Readonly<Record<string, ReactNode>>;

export type ShapeName = keyof typeof SHAPES;
