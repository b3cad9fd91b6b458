// Keeping courses on this device: save, remove, say what is kept and what waits. Pages without this script work as ever.

const KEPT = "belay-saved-";
const words = (element) => element.dataset;
const counted = (many, one, number) => (number === 1 ? one : many).replace("%n", String(number));

const keptCourses = async () => {
  const owner = await belayWaiting.owner();
  const found = [];
  for (const name of await caches.keys()) {
    if (!owner || !name.startsWith(`${KEPT}${owner}-`)) continue;
    const page = await (await caches.open(name)).match("/manifest", { ignoreVary: true });
    if (page) found.push({ name, ...(await page.json()) });
  }
  return found;
};

// --- another person on this device: what the one before kept is taken away; what they have not sent stays for them
const take = async (owner) => {
  if (!owner || (await belayWaiting.owner()) === owner) return;
  for (const name of await caches.keys()) {
    if (name.startsWith(KEPT) && !name.startsWith(`${KEPT}${owner}-`)) await caches.delete(name);
  }
  await belayWaiting.become(owner);
};

// --- save and remove
const fill = async (cache, addresses, step) => {
  let number = 0;
  const one = async () => {
    while (addresses.length) {
      const address = addresses.shift();
      const answer = await fetch(address, { credentials: "same-origin", redirect: "error" });
      if (!answer.ok) throw new Error(`${address} ${answer.status}`);
      await cache.put(address, answer);
      step((number += 1));
    }
  };
  await Promise.all([one(), one(), one()]);
};

const save = async (place, say) => {
  await navigator.serviceWorker.register(words(place).worker);
  await navigator.serviceWorker.ready;
  const answer = await fetch(words(place).manifest, { credentials: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  const found = await answer.json();
  await take(found.owner);
  const name = `${KEPT}${found.owner}-${found.course}-${found.mark}`;
  const addresses = [...found.parts, ...found.pages];
  const total = addresses.length;
  try {
    const cache = await caches.open(name);
    await fill(cache, addresses, (number) => say(words(place).going.replace("%n", number).replace("%t", total)));
    await cache.put("/manifest", new Response(JSON.stringify({ ...found, at: Date.now() })));
  } catch (fault) { await caches.delete(name); throw fault; }
  await removeCourse(found.course, name);
};

const removeCourse = async (course, but = "") => {
  for (const held of await keptCourses()) if (held.course === course && held.name !== but) await caches.delete(held.name);
};

const offer = async (place) => {
  const state = place.querySelector("[data-save-state]");
  const [keep, remove] = place.querySelectorAll("button");
  const say = (text) => { state.textContent = text; };
  const show = async () => {
    const held = (await keptCourses()).find((one) => one.course === words(place).course);
    const fresh = held?.mark === words(place).mark;
    keep.hidden = fresh;
    remove.hidden = !held;
    say(fresh ? words(place).kept : held ? words(place).older : "");
  };
  const act = (work) => async () => {
    keep.disabled = remove.disabled = true;
    try { await work(); await show(); } catch { say(words(place).failed); }
    keep.disabled = remove.disabled = false;
    (keep.hidden ? remove : keep).focus();
  };
  keep.addEventListener("click", act(() => save(place, say)));
  remove.addEventListener("click", act(() => removeCourse(words(place).course)));
  await take(words(place).owner);
  await show();
  place.hidden = false;
};

// --- what waits: a line on course pages, a list on the page of what is saved
const line = (text) => {
  const item = document.createElement("li");
  item.dir = "auto";
  item.textContent = text;
  return item;
};

const tell = async (place) => {
  const items = (await belayWaiting.mine()).filter((item) => item.kind === "answer");
  const places = (await belayWaiting.mine()).length - items.length;
  const refused = await belayWaiting.refused();
  place.hidden = !(items.length || places || refused.length);
  place.querySelector("[data-waiting-title]").textContent = items.length
    ? counted(words(place).many, words(place).one, items.length)
    : places ? words(place).places : words(place).none;
  const list = place.querySelector("[data-waiting-list]");
  list.replaceChildren(...items.map((item) => line(item.label ?? `${item.lesson}: ${item.question}`)));
  const said = place.querySelector("[data-waiting-refused]");
  said.hidden = !refused.length;
  said.querySelector("ul").replaceChildren(...refused.map((one) => line(`${one.label} ${one.text}`)));
  place.querySelector("[data-waiting-send]").hidden = !navigator.onLine || !(items.length || places);
};

const watch = (place) => {
  const state = place.querySelector("[data-waiting-state]");
  let waited = false;
  // Whichever tab sent it, the one that showed something waiting says that it arrived.
  const look = async () => {
    try {
      await tell(place);
      const waits = (await belayWaiting.mine()).length > 0;
      if (waited && !waits) { place.hidden = false; state.textContent = words(place).sent; }
      else if (waits && !waited) state.textContent = "";
      waited = waits;
    } catch { place.hidden = true; }
  };
  const send = async () => {
    if (!navigator.onLine) return;
    try { await belayWaiting.send(); } catch { state.textContent = words(place).failed; }
  };
  belayWaiting.listen(look);
  place.querySelector("[data-waiting-send]").addEventListener("click", send);
  place.querySelector("[data-waiting-read]").addEventListener("click", () => belayWaiting.read());
  addEventListener("online", async () => { await look(); await send(); });
  addEventListener("offline", look);
  take(words(place).owner).then(look).then(send);
};

const list = async (place) => {
  const template = place.querySelector("template");
  const rows = (await keptCourses()).map((held) => {
    const row = template.content.cloneNode(true).firstElementChild;
    const link = row.querySelector("a");
    link.href = `/learn/${held.course}/`;
    link.textContent = held.title;
    row.querySelector("[data-size]").textContent = held.megabytes;
    const remove = row.querySelector("button");
    remove.querySelector("[data-name]").textContent = held.title;
    remove.addEventListener("click", async () => { await removeCourse(held.course); await list(place); place.focus(); });
    return row;
  });
  place.querySelector("ul").replaceChildren(...rows);
  place.querySelector("[data-none]").hidden = rows.length > 0;
};

const able = "serviceWorker" in navigator && "caches" in self && "indexedDB" in self;
if (able) {
  for (const place of document.querySelectorAll("[data-waiting]")) watch(place);
  for (const place of document.querySelectorAll("[data-save]")) offer(place).catch(() => {});
  for (const place of document.querySelectorAll("[data-kept]")) list(place).catch(() => {});
}
