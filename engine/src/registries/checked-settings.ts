import { EngineError } from '../errors/index.ts';
import { parseReference } from '../oci/index.ts';
import type { RegistryPolicy, RegistryProxy, RegistrySettings } from '../types/index.ts';
import { hostOf } from './host.ts';

/** In one spelling, or refused with the field that is wrong in `detail.path`. */
export function checkedSettings({ downloads, proxy, registries }: RegistrySettings): RegistrySettings {
  const policies = registries.map(checkedPolicy);
  policies.forEach(({ registry }, index) => {
    if (policies.findIndex((other) => other.registry === registry) === index) return;
    throw wrong(`registries.${index}.registry`, `${registry} is there twice.`, 'Keep one of the two.');
  });
  return {
    downloads,
    proxy: proxy === null ? null : checkedProxy(proxy),
    registries: policies.sort((left, right) => (left.registry < right.registry ? -1 : 1)),
  };
}

function checkedPolicy({ registry: name, mirrors, insecure }: RegistryPolicy, index: number): RegistryPolicy {
  const registry = at(`registries.${index}.registry`, () => hostOf(name));
  const addresses = mirrors.map((mirror, place) =>
    checkedMirror(mirror, registry, `registries.${index}.mirrors.${place}`),
  );
  return { registry, mirrors: [...new Set(addresses)], insecure };
}

/** `mirror.example.com/docker`, with or without `https://`. */
function checkedMirror(text: string, registry: string, field: string): string {
  if (/^http:/i.test(text)) {
    const hint = 'Write it without "http://", and allow plain HTTP for that host in an entry of its own.';
    throw wrong(field, 'A mirror is asked over an encrypted connection.', hint);
  }
  const [host = '', ...path] = text
    .trim()
    .replace(/^https:\/\//i, '')
    .replace(/\/+$/, '')
    .split('/');
  const domain = at(field, () => hostOf(host));
  const mirror = [domain, ...path].join('/');
  if (mirror === registry) throw wrong(field, `${registry} cannot be its own mirror.`, 'Leave it out.');
  if (path.length === 0) return mirror;
  // What is before the name of a repository must itself look like one.
  at(field, () => parseReference(`${mirror}/x`));
  return mirror;
}

function checkedProxy({ http, https, noProxy }: RegistryProxy): RegistryProxy {
  return {
    http: checkedProxyUrl(http, 'proxy.http'),
    https: checkedProxyUrl(https, 'proxy.https'),
    noProxy: noProxy.trim(),
  };
}

function checkedProxyUrl(text: string, field: string): string {
  const address = text.trim();
  if (address === '') return '';
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw wrong(field, `${address} is no address of a proxy.`, 'Write http:// and its host and port.');
  }
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') {
    // Settings are shown to every window, and kept as they are.
    const hint = 'Set HTTP_PROXY and HTTPS_PROXY in the environment of the engine instead.';
    throw wrong(field, 'A password of a proxy is not kept in the settings.', hint);
  }
  return url.origin;
}

/** What `check` refuses is wrong in this field. */
function at<T>(field: string, check: () => T): T {
  try {
    return check();
  } catch (thrown) {
    if (!(thrown instanceof EngineError)) throw thrown;
    throw wrong(field, thrown.message, thrown.hint);
  }
}

function wrong(field: string, message: string, hint: string | undefined): EngineError {
  return new EngineError('invalid-argument', message, {
    detail: { step: 'settings', path: field },
    ...(hint !== undefined && { hint }),
  });
}
