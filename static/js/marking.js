// Whether an answer to a practice question is wholly right, without a connection. The site marks again and its word counts.

const belayMarking = (() => {
  const folded = (text) => text.normalize("NFKC").toUpperCase().toLowerCase().replace(/\s+/g, " ");
  const trimmed = (text) => folded(text.normalize("NFC").trim());

  // `*` is anything, `\*` a star; each part between stars is taken at its first place.
  const fits = (pattern, text) => {
    const parts = pattern.replaceAll("\\*", "\0").split("*").map((part) => folded(part.replaceAll("\0", "*")));
    if (parts.length === 1) return text === parts[0];
    const first = parts[0], last = parts[parts.length - 1];
    if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
    let place = first.length;
    const end = text.length - last.length;
    for (const part of parts.slice(1, -1)) {
      const found = text.indexOf(part, place);
      if (found < 0 || found + part.length > end) return false;
      place = found + part.length;
    }
    return true;
  };

  // Digits of any script: blocks of ten begin at the last sign before them that is no digit.
  const digit = (sign) => {
    if (!/\p{Nd}/u.test(sign)) return sign;
    let code = sign.codePointAt(0), value = 0;
    while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - 1))) { code -= 1; value += 1; }
    return String(value);
  };
  const numberOf = (text) => {
    const plain = [...text].filter((sign) => !/\s/u.test(sign)).map(digit).join("").replaceAll("٫", ".").replaceAll("−", "-");
    return /^[+-]?(\d+([.,]\d*)?|[.,]\d+)$/.test(plain) ? Number(plain.replace(",", ".")) : null;
  };

  const values = (given, name) => given[name] ?? [];
  const last = (given, name) => values(given, name).at(-1) ?? "";

  // "whole": every part has an answer; "number": what was typed is a number; "right"; "person": somebody marks it.
  const mark = (key, given) => {
    if (key.chosen) {
      const chosen = values(given, "chosen");
      return { whole: chosen.length > 0, right: chosen.length === key.chosen.length && key.chosen.every((one) => chosen.includes(one)) };
    }
    if (key.at) {
      const places = Object.entries(key.at);
      return {
        whole: places.every(([place]) => last(given, `at.${place}`)),
        right: places.every(([place, value]) => last(given, `at.${place}`) === value),
      };
    }
    const typed = trimmed(values(given, "typed").join(" "));
    if (key.texts) return { whole: Boolean(typed), right: Boolean(typed) && key.texts.some((text) => fits(text, typed)) };
    if (key.numbers) {
      const value = numberOf(typed);
      const near = ([wanted, tolerance]) => Math.abs(value - wanted) <= tolerance + 1e-9 * Math.max(1, Math.abs(wanted));
      return { whole: value !== null, number: value !== null || !typed, right: value !== null && key.numbers.some(near) };
    }
    return { whole: Boolean(typed), person: true, right: false };
  };

  return { fits: (pattern, text) => fits(pattern, folded(text)), mark, numberOf };
})();
