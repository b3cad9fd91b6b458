// One page of screens with practice, inside any SCORM 1.2 system; without one it works all the same and keeps nothing.
"use strict";

// --- the system around us: up at most seven parents, then the window that opened us
const find = (start) => {
  let win = start;
  for (let step = 0; win && step < 8; step += 1) {
    try {
      if (win.API) return win.API;
      if (win.parent === win) return null;
      win = win.parent;
    } catch { return null; }   // a parent of another site cannot be asked
  }
  return null;
};
const api = find(window) ?? (window.opener ? find(window.opener) : null);
const get = (name) => (api ? String(api.LMSGetValue(name) ?? "") : "");
const set = (name, value) => { if (api) api.LMSSetValue(name, String(value)); };

// --- what there is, and what was done
const byId = (id) => document.getElementById(id);
const screens = [...document.querySelectorAll(".screen")];
const questions = [...document.querySelectorAll(".question")];
const keys = JSON.parse(byId("keys").textContent);
const began = Date.now();
let state = { s: [], q: "" };   // highest screen opened of each lesson; a digit a question: 0 open, 1 right, 2 not right
let here = 0;
let over = false;

const lessons = [...new Set(screens.map((screen) => screen.dataset.lesson))];
const place = (index) => {
  const lesson = screens[index].dataset.lesson;
  return [lesson, index - screens.findIndex((screen) => screen.dataset.lesson === lesson) + 1];
};

const two = (number) => String(number).padStart(2, "0");
const time = () => {
  const seconds = Math.floor((Date.now() - began) / 1000);
  return `${String(Math.min(9999, Math.floor(seconds / 3600))).padStart(4, "0")}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
};

const isDone = () => !state.q.includes("0") && lessons.every((lesson, place) =>
  (state.s[place] ?? 0) >= screens.filter((screen) => screen.dataset.lesson === lesson).length);

const keep = () => {
  const [lesson, screen] = place(here);
  set("cmi.core.lesson_location", `${lesson}.${screen}`);
  const packed = JSON.stringify(state);
  if (packed.length < 4096) set("cmi.suspend_data", packed);
  if (questions.length) {
    set("cmi.core.score.min", 0);
    set("cmi.core.score.max", 100);
    set("cmi.core.score.raw", Math.round((100 * [...state.q].filter((one) => one === "1").length) / questions.length));
  }
  const status = get("cmi.core.lesson_status");
  if (isDone()) set("cmi.core.lesson_status", "completed");
  else if (status !== "completed" && status !== "passed") set("cmi.core.lesson_status", "incomplete");
  set("cmi.core.session_time", time());
  set("cmi.core.exit", "suspend");
  if (api) api.LMSCommit("");
  const left = byId("left");
  left.textContent = isDone() ? left.dataset.done : left.dataset.open;
};

// --- turning
const show = (index, focus = true) => {
  here = Math.max(0, Math.min(index, screens.length - 1));
  screens.forEach((screen, number) => { screen.hidden = number !== here; });
  const [lesson, screen] = place(here);
  const number = lessons.indexOf(lesson);
  state.s[number] = Math.max(state.s[number] ?? 0, screen);
  byId("prev").disabled = here === 0;
  byId("next").disabled = here === screens.length - 1;
  byId("go").value = lesson === "end" ? lessons[lessons.length - 2] : lesson;
  byId("place").textContent = byId("place").dataset.words.replace("%1", here + 1).replace("%2", screens.length);
  if (focus) {
    scrollTo(0, 0);
    const heading = screens[here].querySelector("h1, h2, h3");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus();
  }
  keep();
};

// --- answers
const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/gu, " ").trim();
const fits = (pattern, text) => {
  const parts = pattern.replaceAll("\\*", "\0").split("*").map((part) => plain(part.replaceAll("\0", "*")));
  const given = plain(text);
  if (parts.length === 1) return given === parts[0];
  const first = parts.shift();
  const last = parts.pop();
  if (!given.startsWith(first) || !given.endsWith(last) || given.length < first.length + last.length) return false;
  let from = first.length;
  return parts.every((part) => {
    const found = given.slice(0, given.length - last.length).indexOf(part, from);
    from = found + part.length;
    return found >= 0;
  });
};
const ZEROS = [0x660, 0x6f0, 0x966, 0x9e6, 0xff10];
const numberOf = (text) => {
  const latin = [...text.replace(/\s/gu, "")].map((sign) => {
    const code = sign.codePointAt(0);
    const zero = ZEROS.find((start) => code >= start && code < start + 10);
    return zero === undefined ? sign : String(code - zero);
  }).join("").replace("٫", ".").replace("−", "-").replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(latin) ? Number(latin) : NaN;
};
const share = (row) => row.share ?? 100;

// true, false, or null when something is missing
const judge = (form, key) => {
  if (key.kind === "essay") return form.querySelector("textarea").value.trim() ? true : null;
  if (Array.isArray(key.right)) {
    const chosen = [...form.querySelectorAll("input:checked")].map((one) => one.value);
    return chosen.length ? chosen.length === key.right.length && chosen.every((one) => key.right.includes(one)) : null;
  }
  if (key.right) {
    const lines = [...form.querySelectorAll("select")];
    return lines.every((line) => line.value) ? lines.every((line) => line.value === key.right[line.dataset.line]) : null;
  }
  const text = form.querySelector("input").value;
  if (!text.trim()) return null;
  const good = key.kind === "numeric"
    ? key.answers.filter((row) => Math.abs(numberOf(text) - row.value) <= (row.tolerance ?? 0) + 1e-9)
    : key.answers.filter((row) => fits(row.text, text));
  return good.some((row) => share(row) === 100);
};
const tell = (form, verdict) => {
  const said = { right: verdict === true, off: verdict === false, none: verdict === null };
  for (const [name, shown] of Object.entries(said)) form.querySelector(`.verdict.${name}`).hidden = !shown;
  for (const told of form.querySelectorAll(".told")) told.hidden = verdict === null;
};
questions.forEach((form, number) => form.addEventListener("submit", (event) => {
  event.preventDefault();
  const verdict = judge(form, keys[form.dataset.code]);
  tell(form, verdict);
  if (verdict === null) return;
  state.q = state.q.slice(0, number) + (verdict ? "1" : "2") + state.q.slice(number + 1);
  keep();
}));

// --- beginning and end
const resume = () => {
  state.q = "0".repeat(questions.length);
  let index = 0;
  try {
    const held = JSON.parse(get("cmi.suspend_data"));
    if (Array.isArray(held.s)) state.s = held.s;
    if (typeof held.q === "string" && held.q.length === questions.length) state.q = held.q;
    const [, lesson, screen] = /^(.+)\.(\d+)$/.exec(get("cmi.core.lesson_location")) ?? [];
    const first = screens.findIndex((one) => one.dataset.lesson === lesson);
    if (first >= 0) index = first + Number(screen) - 1;
  } catch { /* the first visit */ }
  return index;
};
if (api) api.LMSInitialize("");
byId("turn").hidden = false;
show(resume(), false);
byId("prev").addEventListener("click", () => show(here - 1));
byId("next").addEventListener("click", () => show(here + 1));
byId("go").addEventListener("change", (event) => show(screens.findIndex((one) => one.dataset.lesson === event.target.value)));
addEventListener("pagehide", () => {
  if (over) return;
  over = true;
  keep();
  if (api) api.LMSFinish("");
});
