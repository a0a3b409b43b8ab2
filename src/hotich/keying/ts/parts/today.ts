// How much this officer has keyed today, for the bar above the form: what the server has of it from all PCs, with the
// package and with every sending, and what waits here. Numbers only. Without a word of the server today (no line since
// the morning) it is what was keyed in this browser.

interface Today {
  day: string; // by this PC
  cases: number; // keyed in this browser, and the time they took: the pace
  ms: number;
  stored?: number; // on the server, when it was last heard of
}

const name = (user: string): string => `hotich.keying.today.${user}`;
const dayOf = (now: Date): string => `${now.getFullYear()}-${now.getMonth() + 1}-${now.getDate()}`;

export function today(user: string): Today {
  const fresh = { day: dayOf(new Date()), cases: 0, ms: 0 };
  try {
    const known = JSON.parse(localStorage.getItem(name(user)) ?? "null") as Today | null;
    return known?.day === fresh.day ? known : fresh;
  } catch {
    return fresh;
  }
}

/** A case that was mended took time, but stays one case. */
export function count(user: string, ms: number, isNew: boolean): void {
  const now = today(user);
  write(user, { ...now, cases: now.cases + Number(isNew), ms: now.ms + ms });
}

/** The server has said how many it has; anything else (an older server says nothing) is passed over. */
export function heard(user: string, stored: unknown): void {
  if (Number.isInteger(stored)) write(user, { ...today(user), stored: stored as number });
}

function write(user: string, now: Today): void {
  try {
    localStorage.setItem(name(user), JSON.stringify(now));
  } catch {
    // a full disk: what was keyed matters, its number does not
  }
}

/** All of today. `waiting`: what was keyed here and is not on the server yet. */
export function total({ cases, stored }: Today, waiting: number): number {
  return stored === undefined ? Math.max(cases, waiting) : stored + waiting;
}

/** Cases an hour at the form of this browser; 0 before there is enough to say. */
export function speed({ cases, ms }: Today): number {
  return cases >= 3 && ms > 60_000 ? Math.round((cases * 3_600_000) / ms) : 0;
}
