// Answers for pages of saved courses when there is no connection. Everything else goes to the site as ever.
// Tests are never kept: without a connection their addresses lead to the page that says so.
importScripts("{% static 'js/waiting.js' %}");

const KEPT = "belay-saved-";
const SIGN_OUT = "{% url 'account_logout' %}";
const SAVED = "{% url 'courses:saved' %}";
const PATIENCE = 12000;   // milliseconds; a line that is up but carries nothing is as good as none

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const mine = async () => {
  const owner = await belayWaiting.owner();
  const names = await caches.keys();
  return names.filter((name) => owner && name.startsWith(`${KEPT}${owner}-`));
};

const find = async (address) => {
  for (const name of await mine()) {
    const found = await (await caches.open(name)).match(address, { ignoreSearch: true, ignoreVary: true });
    if (found) return found;
  }
  return undefined;
};

// The saved page that stands for an address.
const standIn = (path) => {
  const parts = path.split("/").filter(Boolean);
  if (parts[0] !== "learn" || parts.length < 2 || parts[1] === "saved") return SAVED;
  if (parts.length === 2 || parts[2] === "saved") return `/learn/${parts[1]}/saved/`;
  return parts[2] === "test" ? SAVED : `/learn/${parts[1]}/${parts[2]}/saved/`;
};

const kept = async (path) => (await find(standIn(path))) ?? (await find(SAVED));

const patiently = (request) => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error("slow")), PATIENCE);
  fetch(request).then(resolve, reject);
});

const page = async (request, path) => {
  const held = await kept(path);
  if (!held) return fetch(request);
  try { return await patiently(request); } catch { return held; }
};

const part = async (request) => {
  try { return await fetch(request); } catch (fault) {
    const held = await find(request.url);
    if (held) return held;
    throw fault;
  }
};

// An answer on an ordinary lesson page while the connection is gone: kept, and shown on the saved page.
const practice = async (request, path) => {
  const copy = request.clone();
  try { return await fetch(request); } catch (fault) {
    if (!(await kept(path))) throw fault;
    const form = await copy.formData();
    const [, course, lesson] = path.split("/").filter(Boolean);
    const question = String(form.get("question"));
    await belayWaiting.add({ kind: "answer", course, lesson, question, given: belayWaiting.given(form) });
    const screen = encodeURIComponent(String(form.get("screen") ?? ""));
    return Response.redirect(`/learn/${course}/${lesson}/?screen=${screen}#${question.split(".").pop()}`, 303);
  }
};

// Signing out takes everything off the device, once what waits was offered to the site.
const signOut = async (request) => {
  const copy = request.clone();
  await Promise.race([belayWaiting.send(), new Promise((done) => setTimeout(done, 8000))]).catch(() => {});
  const answer = await fetch(copy);
  if (answer.ok || answer.type === "opaqueredirect") {
    for (const name of await caches.keys()) if (name.startsWith(KEPT)) await caches.delete(name);
    await belayWaiting.forget();
  }
  return answer;
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  const opens = request.mode === "navigate";
  if (opens && request.method === "POST") {
    if (pathname === SIGN_OUT) event.respondWith(signOut(request));
    else if (/^\/learn\/[^/]+\/[^/]+\/check\/$/.test(pathname)) event.respondWith(practice(request, pathname));
  } else if (request.method !== "GET") return;
  else if (opens && /^\/(learn|me\/learning)\//.test(pathname)) event.respondWith(page(request, pathname));
  else if (pathname.startsWith("/static/")) event.respondWith(part(request));
});
