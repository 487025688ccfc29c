import { type Command, Option } from 'commander';
import { VERSION } from '../../../index.ts';
import type { CommandContext } from '../context.ts';

export function addInfo(program: Command, context: CommandContext): void {
  program
    .command('info')
    .description('what engine this is, and what it runs on')
    .addOption(new Option('--format <format>', 'how to print').choices(['json']))
    .action(async ({ format }: { format?: string }) => {
      const info = await (await context.client()).system.info({});
      if (format === 'json') {
        context.print(JSON.stringify(info));
        return;
      }
      const { agent, host, counts } = info;
      const agentWords = agent.status === 'running' ? `running, version ${agent.version}` : agent.status;
      const lines: (readonly [string, string])[] = [
        ['Version', info.version],
        ['Containers', `${counts.containers} (${counts.running} running)`],
        ['Images', String(counts.images)],
        ['Agent', agentWords],
        ['Data', info.dataDir],
        ['Sockets', info.runDir],
        ...(host === null
          ? []
          : ([
              ['Kernel', `${host.kernelVersion} (${host.os}/${host.architecture})`],
              ['Cgroups', `${host.cgroupMode}: ${host.cgroupControllers.join(' ')}`],
              ['Firewall', host.firewall],
            ] as const)),
      ];
      for (const [name, value] of lines) context.print(`${`${name}:`.padEnd(12)}${value}`);
      if (agent.status === 'unavailable') {
        context.say(agent.error.message);
        if (agent.error.hint !== undefined) context.say(agent.error.hint);
      }
      for (const warning of host?.warnings ?? []) context.say(`Warning: ${warning}`);
    });
}

export function addVersion(program: Command, context: CommandContext): void {
  program
    .command('version')
    .description('the versions of the command line, the engine and the agent')
    .action(async () => {
      context.print(`Command line: ${VERSION}`);
      const { version, agent } = await (await context.client()).system.info({});
      context.print(`Engine:       ${version}`);
      context.print(`Agent:        ${agent.status === 'running' ? agent.version : agent.status}`);
    });
}
