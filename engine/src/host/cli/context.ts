import { contract, createClient, type CallerChannel, type EngineClient } from '../../contract/index.ts';
import { connectToEngine } from '../door/connect.ts';

/** Where state and sockets are; the two global options of every verb. */
export interface Folders {
  readonly dataDir: string;
  readonly runDir: string;
}

/** What a command may touch of the outside: a test gives its own. */
export interface CommandContext {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Aborted by the first SIGINT or SIGTERM that no command takes for itself. */
  readonly signal: AbortSignal;
  /** Connects on first use. */
  client(): Promise<EngineClient>;
  /** The exit code of the program, unless an error sets another. */
  exitCode: number;
  print(line: string): void;
  /** Words for the person, beside the result. */
  say(line: string): void;
}

export class ProcessContext implements CommandContext, Disposable {
  readonly stdin = process.stdin;
  readonly stdout = process.stdout;
  readonly stderr = process.stderr;
  readonly signal: AbortSignal;
  exitCode = 0;
  private readonly folders: () => Folders;
  private channel: CallerChannel | undefined;
  private connected: Promise<EngineClient> | undefined;

  constructor(folders: () => Folders, signal: AbortSignal) {
    this.folders = folders;
    this.signal = signal;
  }

  client(): Promise<EngineClient> {
    this.connected ??= this.connect();
    return this.connected;
  }

  print(line: string): void {
    this.stdout.write(`${line}\n`);
  }

  say(line: string): void {
    this.stderr.write(`${line}\n`);
  }

  [Symbol.dispose](): void {
    this.channel?.close();
  }

  private async connect(): Promise<EngineClient> {
    this.channel = await connectToEngine(this.folders().runDir);
    return createClient(contract, this.channel);
  }
}
