// Questions answered by one key: choices with numbers, and a line for other words. Escape answers nothing.
import { make, part, write } from "./dom";
import { tidy } from "./text";
import { say } from "./words";

export interface Choice {
  code: string;
  label: string;
}
export interface Answered {
  code: string;
  words: string;
}

/** Asks in the dialog #keying-ask. `words`: whether other words may be typed; they must be when no choice is given. */
export function ask(title: string, text: string, choices: Choice[], words: { label: string; value?: string } | null): Promise<Answered | null> {
  const dialog = part<HTMLDialogElement>("keying-ask");
  write(part("keying-ask-title"), title);
  write(part("keying-ask-text"), text);
  part("keying-ask-text").hidden = !text;
  const input = part<HTMLInputElement>("keying-ask-words");
  const line = part("keying-ask-line");
  line.hidden = !words;
  write(part("keying-ask-label"), words?.label ?? "");
  input.value = words?.value ?? "";
  const list = part("keying-ask-choices");
  return new Promise((resolve) => {
    let answer: Answered | null = null;
    const settle = (given: Answered | null): void => {
      answer = given;
      dialog.close();
    };
    list.replaceChildren(
      ...choices.map((choice, at) => {
        const button = make("button", { type: "button", class: "k-choice" }, make("kbd", {}, String(at + 1)), ` ${choice.label}`);
        button.addEventListener("click", () => settle({ code: choice.code, words: tidy(input.value) || choice.label }));
        return make("li", {}, button);
      }),
    );
    const onKey = (event: KeyboardEvent): void => {
      if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey) return;
      const choice = document.activeElement === input && input.value ? undefined : choices[Number(event.key) - 1];
      if (choice) {
        event.preventDefault();
        settle({ code: choice.code, words: choice.label });
      } else if (event.key === "Enter" && document.activeElement === input) {
        event.preventDefault();
        if (tidy(input.value)) settle({ code: "other", words: tidy(input.value) });
      }
    };
    dialog.addEventListener("keydown", onKey);
    dialog.addEventListener(
      "close",
      () => {
        dialog.removeEventListener("keydown", onKey);
        resolve(answer);
      },
      { once: true },
    );
    dialog.showModal();
    (choices.length ? list.querySelector("button") : input)?.focus();
  });
}

/** A question with yes and no. */
export async function sure(title: string, text: string): Promise<boolean> {
  const answer = await ask(title, text, [{ code: "yes", label: say("yes") }, { code: "no", label: say("no") }], null);
  return answer?.code === "yes";
}

/** Why a finding may stand as it is. */
export function reasonsToConfirm(): Choice[] {
  const compared = document.body.classList.contains("is-paper") ? "compared_paper" : "compared";
  return ["as_book", compared, "unclear", "book_blank"].map((code) => ({ code, label: say(`why_${code}`) }));
}
