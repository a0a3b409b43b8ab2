// How a map of regions lies on another picture than the one it was drawn on: the server has measured the printed rules of
// both and says a size and a shift across, a size and a shift down.

export type Shares = [left: number, top: number, right: number, bottom: number];
export type Move = [wide: number, right: number, high: number, lower: number];

const within = (share: number): number => Math.min(1, Math.max(0, share));

export function moved([left, top, right, bottom]: Shares, move: Move | null | undefined): Shares {
  if (!move) return [left, top, right, bottom];
  const x = (share: number): number => within(share * move[0] + move[1]);
  const y = (share: number): number => within(share * move[2] + move[3]);
  return [x(left), y(top), x(right), y(bottom)];
}

export function movedBack(box: Shares, move: Move | null): Shares {
  return move ? moved(box, [1 / move[0], -move[1] / move[0], 1 / move[2], -move[3] / move[2]]) : box;
}

/** The map that counts for a picture: none where its page is printed otherwise. A package kept from before this was measured
 *  says nothing of it. */
export function mapFor(picture: { mapped?: boolean } | null, map: Record<string, Shares>): Record<string, Shares> {
  return picture?.mapped === false ? {} : map;
}
