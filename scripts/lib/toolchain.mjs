import { capture, StepFailed } from './run.mjs';

/** tonic's minimum, see native/Cargo.toml. */
const RUST_MINIMUM = [1, 88];
const NODE_MINIMUM = [20, 19];

/** Says what is missing of the tools that a clone needs, before anything is installed. */
export function checkToolchain() {
  demand('Node.js', process.versions.node, NODE_MINIMUM, 'Install a newer Node.js: https://nodejs.org/');
  const hint = 'Install a current Rust with rustup: https://rustup.rs/';
  const rustc = capture('rustc', ['--version']);
  if (rustc === undefined) throw new StepFailed(`Rust (rustc and cargo) was not found. ${hint}`);
  demand('Rust', rustc.split(' ')[1] ?? '', RUST_MINIMUM, hint);
  if (capture('cc', ['--version']) === undefined) {
    throw new StepFailed(
      'A C compiler (cc) was not found. On Debian and Ubuntu: apt-get install gcc libc6-dev',
    );
  }
}

/** The host's target triple, for example x86_64-unknown-linux-gnu. */
export function hostTriple() {
  const host = capture('rustc', ['-vV'])?.match(/^host: (.*)$/m)?.[1];
  if (host === undefined) throw new StepFailed('rustc does not tell its host triple.');
  return host;
}

/**
 * @param {string} tool
 * @param {string} version
 * @param {readonly number[]} minimum
 * @param {string} hint
 */
function demand(tool, version, minimum, hint) {
  const have = version.split('.').map((part) => Number.parseInt(part, 10));
  const difference = (have[0] ?? 0) - (minimum[0] ?? 0) || (have[1] ?? 0) - (minimum[1] ?? 0);
  if (difference < 0) {
    throw new StepFailed(
      `${tool} ${version} is too old: Longshore needs ${minimum.join('.')} or newer. ${hint}`,
    );
  }
}
