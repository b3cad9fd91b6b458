// Small conveniences on top of pages that work without them. Bound to data-* and htmx events; nothing inline.

const on = (name, act, where = document) => where.addEventListener(name, act);

// --- menus: close with Escape (focus returns), on a press elsewhere, and when another opens
const menus = () => document.querySelectorAll("details[data-menu][open]");
on("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  }
});
on("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  const link = event.target.closest('a[href="#languages"]');
  const target = link && document.getElementById("languages");
  if (target) { event.preventDefault(); target.open = true; target.querySelector("summary").focus(); }
});

// --- focus: an error summary first, on load and after each swap; else the heading of a new main
const focusFirst = (root) => {
  const target = root.querySelector?.("[data-focus]");
  if (target) target.focus();
  return Boolean(target);
};
focusFirst(document);
on("htmx:afterSettle", (event) => {
  const named = event.detail.target?.id;   // after an outer swap the target itself is gone: find its successor
  const root = (named && document.getElementById(named)) || event.detail.target;
  if (!root || focusFirst(root)) return;
  if (root.id !== "main") return;
  const heading = root.querySelector("h1") ?? root;
  heading.setAttribute("tabindex", "-1");
  heading.focus();
});
on("htmx:beforeRequest", (event) => event.detail.target?.setAttribute("aria-busy", "true"));
on("htmx:afterRequest", (event) => event.detail.target?.removeAttribute("aria-busy"));

// --- the draft line: says that the last keeping failed; the server's own words replace it on success
const state = (form, word) => {
  const line = form?.querySelector("[data-draft]") ?? document.getElementById("draft-state");
  if (!line) return;
  const text = line.dataset[word];
  if (text) line.textContent = text;
};
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  on(name, (event) => {
    const source = event.detail.elt;
    if (source?.matches?.("[data-autosave], [data-autosave] *")) state(source.closest("form"), "failed");
  });
}

// --- offline notice
const offline = document.querySelector("[data-offline]");
const connection = () => { if (offline) offline.hidden = navigator.onLine; };
on("online", connection, window);
on("offline", connection, window);
connection();

// --- a job page that waits: asks again by itself, more and more slowly, unless htmx does it or the reader left
const waiting = document.querySelector("[data-poll]");
if (waiting && !waiting.hasAttribute("hx-get")) {
  const address = waiting.dataset.poll || location.href;
  let pause = 2000;
  const ask = async () => {
    if (document.hidden) { setTimeout(ask, pause); return; }
    try {
      const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-poll]");
      if (!answer.ok || !fresh) { location.reload(); return; }
      if (fresh.innerHTML !== waiting.innerHTML) waiting.innerHTML = fresh.innerHTML;
    } catch { /* the connection is gone: ask again later */ }
    pause = Math.min(pause * 1.5, 20000);
    setTimeout(ask, pause);
  };
  setTimeout(ask, pause);
}

// --- forms with unsaved words: warn before leaving; filters: submit on change
on("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form) form.requestSubmit();
});
for (const form of document.querySelectorAll("form[data-guard]")) {
  let touched = false;
  on("input", () => { touched = true; }, form);
  on("submit", () => { touched = false; }, form);
  on("beforeunload", (event) => { if (touched) event.preventDefault(); }, window);
}

// --- copy a code or a link
on("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
  if (button.dataset.copied) button.textContent = button.dataset.copied;
});
for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = !navigator.clipboard;
