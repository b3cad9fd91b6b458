// The question page: keys that choose a level and turn the page, and a draft line that never claims what is not kept.

const on = (name, act, where = document) => where.addEventListener(name, act);
const form = document.querySelector("form:has([data-autosave])");

// --- keys: off as soon as the person says so, and never taken from a field, a menu or a browser shortcut
const KEPT = "belay.keys";
const remembered = () => { try { return localStorage.getItem(KEPT) !== "off"; } catch { return true; } };
let active = remembered();
const box = document.querySelector("[data-keys-switch]");
if (box) {
  const tick = box.querySelector("input");
  box.hidden = false;
  tick.checked = active;
  on("change", () => {
    active = tick.checked;
    try { localStorage.setItem(KEPT, active ? "on" : "off"); } catch { /* holds for this page only */ }
  }, tick);
}
const typing = (target) => target instanceof Element
  && target.closest("textarea, select, [contenteditable], summary, dialog, input:not([type=radio], [type=checkbox])") !== null;

const choose = (value) => {
  const radio = form?.querySelector(`input[name="answer"][value="${value}"]`);
  if (!radio || radio.disabled) return false;
  radio.focus();
  if (!radio.checked) radio.click();
  return true;
};
const turn = (key) => {
  const link = document.querySelector(`a[data-key="${key}"]`);
  link?.click();
  return Boolean(link);
};
const show = () => {
  const help = document.getElementById("keys");
  if (!help) return false;
  help.open = true;
  help.querySelector("summary").focus();
  return true;
};
on("keydown", (event) => {
  if (!active || event.defaultPrevented || event.isComposing || event.repeat) return;
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  const digit = /^[0-9]$/.test(event.key);
  const done = digit ? choose(event.key) : event.key === "n" || event.key === "p" ? turn(event.key) : event.key === "?" && show();
  if (done) event.preventDefault();
});

// --- the draft line: "not kept yet" from the first key on, until the server says when it was kept; then try again
const line = document.getElementById("draft-state");
const source = form?.querySelector("[data-autosave]");
if (line && source) {
  let pending = false, pause = 5000, timer = 0;
  const say = (word) => { line.textContent = line.dataset[word] ?? ""; };
  const again = () => { if (pending) form.dispatchEvent(new Event("change", { bubbles: true })); };
  const failed = () => {
    say(navigator.onLine ? "failed" : "offlineText");
    clearTimeout(timer);
    timer = setTimeout(again, pause);
    pause = Math.min(pause * 2, 60000);
  };
  on("input", () => { pending = true; if (navigator.onLine) say("waiting"); else say("offlineText"); }, form);
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    on(name, (event) => { if (event.detail.elt === source) failed(); });
  }
  on("htmx:afterRequest", (event) => {
    if (event.detail.elt !== source || !event.detail.successful) return;
    pending = false; pause = 5000; clearTimeout(timer);
  });
  on("offline", () => { if (pending) say("offlineText"); }, window);
  on("online", again, window);
}
