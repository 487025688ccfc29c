import { GenericContainer } from 'testcontainers';

/** A program that is killed, or forgets its containers: `left-behind.ts REFERENCE`. Says the id of the one it leaves. */
const container = await new GenericContainer(process.argv[2] ?? '').withCommand(['sleep', '1000']).start();
process.stdout.write(`${container.getId()}\n`);
process.exit(0);
