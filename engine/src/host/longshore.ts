import { VERSION } from '../index.ts';
import { main } from './cli/main.ts';

process.exitCode = await main(process.argv, VERSION);
// What a command leaves open (a half-read stdin, a stream under way) must not keep the program alive.
process.exit();
