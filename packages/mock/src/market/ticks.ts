/** The price step of KRX since 2023 at this price, in won. KIS: `aspr_unit`. */
export function tickAt(price: number): number {
  if (price < 2_000) return 1;
  if (price < 5_000) return 5;
  if (price < 20_000) return 10;
  if (price < 50_000) return 50;
  if (price < 200_000) return 100;
  return price < 500_000 ? 500 : 1_000;
}

export function tickDown(price: number): number {
  const tick = tickAt(price);
  return Math.floor(price / tick) * tick;
}

export function tickUp(price: number): number {
  const tick = tickAt(price);
  return Math.ceil(price / tick) * tick;
}

export function tickNear(price: number): number {
  const tick = tickAt(price);
  return Math.round(price / tick) * tick;
}

/** The day's limits, 30 % either way of the base price. KIS: `stck_mxpr` and `stck_llam`. */
export function priceLimits(basePrice: number): { readonly upper: number; readonly lower: number } {
  return { upper: tickDown((basePrice * 13) / 10), lower: tickUp((basePrice * 7) / 10) };
}
