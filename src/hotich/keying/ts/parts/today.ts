// How much was keyed today on this PC by this officer: numbers only, for the bar above the form.

interface Today {
  day: string;
  cases: number;
  ms: number;
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
export function count(user: string, ms: number, isNew: boolean): Today {
  const now = today(user);
  const next = { ...now, cases: now.cases + Number(isNew), ms: now.ms + ms };
  localStorage.setItem(name(user), JSON.stringify(next));
  return next;
}

/** Cases an hour at the form; 0 before there is enough to say. */
export function speed({ cases, ms }: Today): number {
  return cases >= 3 && ms > 60_000 ? Math.round((cases * 3_600_000) / ms) : 0;
}
