export { DockerConfig } from './docker-config.ts';
export { Keyring, PLAIN_VAULT, type Vault } from './keyring.ts';
export { SignIns, type SignIn } from './sign-ins.ts';
