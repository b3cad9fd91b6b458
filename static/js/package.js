// The site's side of a package: begins the session, hands over what was kept, keeps what is reported.
// The package lives on another site; only messages pass, each checked for origin, window and the word of this launch.

const box = document.querySelector("[data-player]");
const said = document.getElementById("package-state");
const token = box.querySelector("[name=csrfmiddlewaretoken]").value;
const place = new URL(box.dataset.begin, location.href).pathname;
const LONGEST = 262_144;
const KEEPALIVE = 60_000;   // browsers let a page that goes away send 64 KB
let session, nonce, target, latest, last, timer, busy, ended;
let kept = 0;

const tell = (text) => { if (text && said.textContent !== text) said.textContent = text; };

// --- what was not sent yet stays in this browser
const store = new Promise((done) => {
  const asked = indexedDB.open("packages", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("unsent", { keyPath: "attempt" });
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => done(null);
});
const inStore = async (mode, act) => {
  const base = await store;
  if (!base) return undefined;
  return new Promise((done) => {
    const asked = act(base.transaction("unsent", mode).objectStore("unsent"));
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => done(undefined);
  });
};
const remember = (row) => inStore("readwrite", (rows) => rows.put(row));
const forget = (attempt) => inStore("readwrite", (rows) => rows.delete(attempt));

const post = (url, fields, options = {}) => fetch(url, {
  method: "POST", redirect: "error", body: new URLSearchParams({ csrfmiddlewaretoken: token, ...fields }), ...options,
});
const fields = (row) => ({ launch: row.launch, seq: row.seq, cmi: JSON.stringify(row.cmi), closed: row.closed ? "1" : "" });
const address = (row) => box.dataset.save.replace("aaaaaaaaaaaaaaaaaaaa", row.attempt);

// --- keeping
const keep = async () => {
  clearTimeout(timer);
  timer = undefined;
  if (busy || !latest || ended) return;
  busy = true;
  const row = latest;
  await remember(row);
  try {
    const answer = await post(address(row), fields(row));
    const { said: words } = await answer.json();
    if (answer.ok || answer.status === 400) await sent(row);
    ended = answer.status === 409;
    if (ended) await forget(row.attempt);
    tell(answer.status < 500 ? words : box.dataset.unsaved);
    if (answer.status >= 500) timer = setTimeout(keep, 8000);
  } catch {
    tell(box.dataset.unsaved);
    timer = setTimeout(keep, 8000);
  }
  busy = false;
  if (latest && latest !== row && !timer) timer = setTimeout(keep, 0);
};
const sent = async (row) => {
  kept = row.seq;
  if (latest === row) { latest = undefined; await forget(row.attempt); }
};
const later = (now) => {
  tell(box.dataset.unsaved);
  if (now) keep();
  else timer ??= setTimeout(keep, 2000);
};
addEventListener("online", keep);

// A page that goes away sends what is left; what is too long for that waits in the store.
const leave = () => {
  if (!latest || ended) return;
  const row = latest;
  remember(row);
  const body = fields(row);
  post(address(row), body, { keepalive: body.cmi.length < KEEPALIVE / 3 }).catch(() => {});
};
addEventListener("pagehide", leave);
addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leave(); });

// --- messages from the package's host: ready, save, closed
addEventListener("message", ({ origin, source, data }) => {
  if (origin !== box.dataset.origin || source !== target || !data || data.nonce !== nonce || !session) return;
  if (data.kind === "ready") {
    const { kind, cmi, fixed } = session;
    target.postMessage({ kind: "start", nonce, cmi, fixed, file: box.dataset.file, title: box.dataset.title, standard: kind }, origin);
  } else if (data.kind === "save" && Number.isInteger(data.seq) && JSON.stringify(data.cmi ?? "").length < LONGEST) {
    if (data.seq <= (latest?.seq ?? kept)) return;
    last = latest = { attempt: session.attempt, launch: session.launch, seq: data.seq, cmi: data.cmi, closed: false, place };
    later(data.now === true);
  } else if (data.kind === "closed") {
    box.querySelector("[data-ended]").hidden = false;
    if (!last || last.closed) return;
    last = latest = { ...last, closed: true };
    later(true);
  }
});

// --- beginning
const replay = async () => {
  for (const row of (await inStore("readonly", (rows) => rows.getAll())) ?? []) {
    if (row.place !== place) continue;
    try {
      const answer = await post(address(row), fields(row));
      if (answer.ok || answer.status === 400 || answer.status === 409) await forget(row.attempt);
    } catch { /* the next time */ }
  }
};
const begin = async (open) => {
  ended = false;
  last = latest = undefined;
  kept = 0;
  await replay();
  try {
    const answer = await post(box.dataset.begin, {});
    if (!answer.ok) throw new Error(answer.status);
    session = await answer.json();
  } catch {
    tell(box.dataset.failed);
    return;
  }
  nonce = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  open(`${box.dataset.player}#${nonce}`);
};

box.querySelector("[data-needs]").hidden = true;
const frame = box.querySelector("iframe");
begin((url) => { frame.src = url; target = frame.contentWindow; });

// --- its own window: some packages ask in dialogs that browsers do not show inside another site's page
box.querySelector("[data-window]").addEventListener("click", async () => {
  const own = open("about:blank", "_blank", "popup,width=1100,height=800");
  if (!own) return;
  await keep();
  frame.remove();
  box.querySelector("[data-elsewhere]").hidden = false;
  begin((url) => { target = own; own.location = url; });
});
