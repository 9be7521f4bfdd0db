import { isIP } from 'node:net';

/**
 * Whether a `Host` header names this gateway. A page of a stranger may have its own name lead to 127.0.0.1 and have a
 * browser call us (DNS rebinding); it cannot do that with an address, with `localhost`, or with names that were given.
 */
export function isOurHost(header: string | undefined, hostNames: readonly string[]): boolean {
  const name = /^(\[[0-9a-f:.]+\]|[^:[\]]*)(?::\d{1,5})?$/i.exec(header ?? '')?.[1]?.toLowerCase();
  if (name === undefined || name === '') return false;
  return name === 'localhost' || isIP(name.replace(/^\[|\]$/g, '')) !== 0 || hostNames.includes(name);
}
