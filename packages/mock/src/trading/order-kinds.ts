/** How an order finds its price, and how long it stays. */
export interface OrderKind {
  /** KIS: `ORD_DVSN`. */
  readonly code: string;
  readonly name: string;
  /** The caller's, any, the best one of the other side, or the best one of its own side. */
  readonly pricing: 'limit' | 'market' | 'best' | 'own';
  /** For the day, or only for what it finds at once: as much as there is (`IOC`), or all (`FOK`). */
  readonly stays: 'day' | 'IOC' | 'FOK';
}

const KINDS: readonly OrderKind[] = [
  { code: '00', name: '지정가', pricing: 'limit', stays: 'day' },
  { code: '01', name: '시장가', pricing: 'market', stays: 'day' },
  { code: '03', name: '최유리지정가', pricing: 'best', stays: 'day' },
  { code: '04', name: '최우선지정가', pricing: 'own', stays: 'day' },
  { code: '11', name: 'IOC지정가', pricing: 'limit', stays: 'IOC' },
  { code: '12', name: 'FOK지정가', pricing: 'limit', stays: 'FOK' },
  { code: '13', name: 'IOC시장가', pricing: 'market', stays: 'IOC' },
  { code: '14', name: 'FOK시장가', pricing: 'market', stays: 'FOK' },
  { code: '15', name: 'IOC최유리', pricing: 'best', stays: 'IOC' },
  { code: '16', name: 'FOK최유리', pricing: 'best', stays: 'FOK' },
];

/** The kind of this code; undefined where there is none, or none that is served here. */
export function orderKind(code: string): OrderKind | undefined {
  return KINDS.find((kind) => kind.code === code);
}
