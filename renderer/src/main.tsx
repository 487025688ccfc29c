import './bridge/no-eval.ts';
import { startApp } from './app/start.tsx';
import { chooseOpenChannel, EngineConnection } from './bridge/index.ts';

startApp(new EngineConnection(chooseOpenChannel()));
