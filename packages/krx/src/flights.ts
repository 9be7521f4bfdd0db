/** Work that is under way, by name: whoever asks for it meanwhile gets the same. */
export interface Flights<T> {
  run(key: string, start: () => Promise<T>): Promise<T>;
}

export function createFlights<T>(): Flights<T> {
  const flights = new Map<string, Promise<T>>();
  return {
    run(key, start) {
      const known = flights.get(key);
      if (known !== undefined) return known;
      const flight = start().finally(() => flights.delete(key));
      flights.set(key, flight);
      return flight;
    },
  };
}
