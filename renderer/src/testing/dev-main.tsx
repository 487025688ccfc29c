import '../bridge/no-eval.ts';
import { startApp } from '../app/start.tsx';
import { EngineConnection } from '../bridge/index.ts';
import { fakeConnection } from './fake-connection.ts';
import { scenarioOf } from './scenarios.ts';

// `dev.html?scenario=empty#/containers` shows a state; see scenarios.ts for the others.
const scenario = scenarioOf(new URLSearchParams(location.search).get('scenario') ?? '');
// For tests that hold something back, or let something happen.
Object.assign(window, { fakeWorld: scenario });
startApp(
  scenario === 'lost'
    ? new EngineConnection(() => Promise.reject(new Error('no engine')))
    : scenario === 'slow'
      ? new EngineConnection(() => new Promise(() => undefined))
      : fakeConnection(scenario),
);
