import { Cluster, Redis } from 'ioredis';
import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis-5';
import { onTestFinished } from 'vitest';
import {
  createRedisConnection,
  type RedisClient,
  type RedisConnection,
  type RedisConnectionEvent,
  type RedisConnectionOptions,
} from '../src/index.ts';

export function connect(
  options: RedisConnectionOptions,
): RedisConnection & { readonly events: RedisConnectionEvent[] } {
  const events: RedisConnectionEvent[] = [];
  const connection = createRedisConnection({ onEvent: (event) => events.push(event), ...options });
  onTestFinished(() => connection.close());
  return { ...connection, events };
}

/** A client as a host has it, of ioredis 6 and of 5. */
export const hosts: Readonly<Record<string, (url: string, options?: { keyPrefix?: string }) => RedisClient>> = {
  'ioredis 6': (url, options = {}) => kept(new Redis(url, options)),
  'ioredis 5': (url, options = {}) => kept(new Redis5(url, options)),
};

export const clusters: Readonly<Record<string, (ports: number[], options?: { keyPrefix?: string }) => RedisClient>> = {
  'ioredis 6': (ports, options = {}) => kept(new Cluster(nodes(ports), options)),
  'ioredis 5': (ports, options = {}) => kept(new Cluster5(nodes(ports), options)),
};

function nodes(ports: number[]): { host: string; port: number }[] {
  return ports.map((port) => ({ host: '127.0.0.1', port }));
}

function kept<T extends RedisClient & { disconnect(): void; on(event: 'error', listener: () => void): unknown }>(
  client: T,
): T {
  client.on('error', () => {});
  onTestFinished(() => client.disconnect());
  return client;
}

export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
