// Texts as they are compared and kept: NFC and single spaces for what is kept, no tones for what is looked for.

const UNDECOMPOSED: Record<string, string> = { đ: "d", ƀ: "b", ø: "o", ł: "l", ı: "i", æ: "ae", œ: "oe", ß: "ss", þ: "th" };

/** What is kept of a typed text: composed letters, single spaces. Nothing else is touched. */
export function tidy(text: string): string {
  return text.normalize("NFC").replace(/\s+/gu, " ").trim();
}

/** Small letters without marks, for finding: "Ngũ Hành Sơn" → "ngu hanh son". Spaces and signs stay. */
export function fold(text: string): string {
  let made = "";
  for (const letter of text.toLowerCase().normalize("NFD")) {
    if (/\p{M}/u.test(letter)) continue;
    made += UNDECOMPOSED[letter] ?? letter;
  }
  return made;
}

/** The key under which words of a code list are equal: without marks, spaces, signs and leading zeros. */
export function bareKey(text: string): string {
  const key = fold(text).replace(/[^\p{L}\p{N}]+/gu, "");
  return /^\d+$/.test(key) ? key.replace(/^0+/, "") || "0" : key;
}
