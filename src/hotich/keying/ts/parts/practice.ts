// Practice: nothing is stored and nothing is sent. After a case is kept the screen says where it differs from the answer.
import { bareKey, tidy } from "./text";
import { make, part, write } from "./dom";
import type { PackageData, Value } from "./shapes";
import type { Place } from "./places";
import { say } from "./words";

export interface Practice extends PackageData {
  /** Place → what should have been keyed, and what there is to learn from it. */
  answers: Record<string, { state: string; values: Record<string, Value>; annotations?: unknown[]; hint?: string }>;
}

interface Wrong {
  label: string;
  mine: string;
  right: string;
}

export function wrongIn(data: Practice, place: Place): Wrong[] {
  const answer = data.answers[place.item.id];
  if (!answer) return [];
  const { state, values: right, annotations = [] } = answer;
  if (state !== place.state) return [{ label: say("practice_state"), mine: say(`state_${place.state}`), right: say(`state_${state}`) }];
  const fields = data.form.sections.flatMap((section) => section.fields);
  const notes = { label: say("practice_notes"), mine: String(place.notes.length), right: String(annotations.length) };
  const wrong = fields.flatMap((field) => {
    const [mine, wanted] = [shown(place.values[field.code]), shown(right[field.code])];
    const strict = field.kind === "code" && bareKey(mine) === bareKey(wanted);
    return mine === wanted || strict ? [] : [{ label: field.label, mine: mine || say("practice_blank"), right: wanted || say("practice_blank") }];
  });
  return notes.mine === notes.right ? wrong : [...wrong, notes];
}

function shown(value: Value | undefined): string {
  if (value === undefined || value === "") return "";
  if (typeof value === "string") return tidy(value);
  return [tidy(value.text), value.reason ? `(${say(`reason_${value.reason}`)})` : ""].filter(Boolean).join(" ");
}

/** Shows what was wrong and what there is to learn from the case; answers when the keyer has read it. */
export function tell(wrong: readonly Wrong[], hint = ""): Promise<void> {
  const dialog = part<HTMLDialogElement>("keying-practice");
  write(part("keying-practice-text"), wrong.length ? say("practice_wrong", { n: wrong.length }) : say("practice_right"));
  part("keying-practice-list").replaceChildren(
    ...wrong.map((each) =>
      make("div", {}, make("dt", {}, each.label), make("dd", {}, make("del", {}, each.mine), " → ", make("ins", {}, each.right))),
    ),
  );
  write(part("keying-practice-hint"), hint);
  dialog.showModal();
  part("keying-practice-close").focus();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(), { once: true }));
}
