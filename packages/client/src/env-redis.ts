/** Which Redis the environment names. */
export interface EnvRedis {
  /** Undefined: the one of this host. */
  readonly url: string | undefined;
  readonly password: string | undefined;
}

/** Every variable has a name of ours and that of the Python program. */
export function readEnvRedis(
  readEither: (name: string, otherName: string) => string | undefined,
  readSecret: (name: string, findFault: (value: string) => string | undefined) => string | undefined,
  faults: string[],
): EnvRedis {
  const url = readEither('KIS_REDIS_URL', 'KOREA_INVESTMENT_REDIS_URL');
  // Not shown: its password may be in it.
  if (url !== undefined && !(URL.canParse(url) && /^rediss?:/i.test(url))) {
    faults.push('KIS_REDIS_URL (or KOREA_INVESTMENT_REDIS_URL) must be a redis:// or rediss:// URL');
  }
  const [password, otherPassword] = ['KIS_REDIS_PASSWORD', 'KOREA_INVESTMENT_REDIS_PASSWORD'].map((name) =>
    readSecret(name, () => undefined),
  );
  if (password !== undefined && otherPassword !== undefined && password !== otherPassword) {
    faults.push('KIS_REDIS_PASSWORD and KOREA_INVESTMENT_REDIS_PASSWORD differ');
  }
  return { url, password: password ?? otherPassword };
}
