// What waits to be sent: numbered, kept in the browser's database, sent once the connection is back. Used by pages and by
// the worker. The site takes each (device, number) once, so sending twice changes nothing.

const belayWaiting = (() => {
  const SYNC = "/learn/saved/sync/";
  const MOST = 100;
  const news = "BroadcastChannel" in self ? new BroadcastChannel("belay-waiting") : null;

  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  const open = () => {
    const request = indexedDB.open("belay-learning", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("waiting", { keyPath: "seq" });
      request.result.createObjectStore("facts");
    };
    return done(request);
  };

  const within = async (mode, act) => {
    const base = await open();
    try {
      const deal = base.transaction(["waiting", "facts"], mode);
      const ended = new Promise((resolve, reject) => {
        deal.oncomplete = resolve;
        deal.onabort = deal.onerror = () => reject(deal.error);
      });
      const result = await act(deal.objectStore("waiting"), deal.objectStore("facts"));
      await ended;
      return result;
    } finally { base.close(); }
  };

  const told = () => { news?.postMessage("changed"); self.dispatchEvent?.(new Event("belay:waiting")); };

  const all = () => within("readonly", (waiting) => done(waiting.getAll()));
  const owner = () => within("readonly", (_waiting, facts) => done(facts.get("owner")));
  const refused = async () => (await within("readonly", (_waiting, facts) => done(facts.get("refused")))) ?? [];
  const mine = async () => {
    const who = await owner();
    return (await all()).filter((item) => item.owner === who);
  };

  // The number and the item are one transaction: two tabs never get the same number.
  const add = async (item) => {
    await within("readwrite", async (waiting, facts) => {
      const seq = ((await done(facts.get("last"))) ?? 0) + 1;
      if (!(await done(facts.get("device")))) facts.put(self.crypto.randomUUID?.() ?? uuid(), "device");
      const who = await done(facts.get("owner"));
      facts.put(seq, "last");
      if (item.kind === "screen") {   // only the furthest place has to travel
        for (const held of await done(waiting.getAll())) {
          const same = held.kind === "screen" && held.owner === who && held.course === item.course && held.lesson === item.lesson;
          if (same && held.screen <= item.screen) waiting.delete(held.seq);
        }
      }
      waiting.put({ ...item, seq, owner: who, at: Date.now() });
    });
    told();
  };

  const uuid = () => {
    const bytes = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return bytes.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  };

  const given = (form) => {
    const held = {};
    for (const [name, value] of form) {
      if (/^(chosen|typed|order|at\..+)$/.test(name)) (held[name] ??= []).push(String(value));
    }
    return held;
  };

  const become = (who) => within("readwrite", (_waiting, facts) => {
    facts.delete("refused");
    return done(facts.put(who, "owner"));
  });

  const batch = async (who) => {
    const items = (await all()).filter((item) => item.owner === who).slice(0, MOST);
    const device = await within("readonly", (_waiting, facts) => done(facts.get("device")));
    return { device, items: items.map(({ owner: _owner, label: _label, ...rest }) => rest) };
  };

  const settle = (taken) => within("readwrite", async (waiting, facts) => {
    const held = new Map((await done(waiting.getAll())).map((item) => [item.seq, item]));
    const before = (await done(facts.get("refused"))) ?? [];
    const now = taken.filter((one) => one.state === "refused").map((one) => ({ text: one.text, label: held.get(one.seq)?.label ?? "" }));
    facts.put([...before, ...now].slice(-20), "refused");
    for (const one of taken) waiting.delete(one.seq);
  });

  // What the site cannot read at all must not hold up what comes after it.
  const post = async (body, token) => {
    const answer = await fetch(SYNC, {
      method: "POST", credentials: "same-origin", redirect: "error", body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    });
    if (answer.ok) return (await answer.json()).taken;
    if (answer.status !== 400) throw new Error(String(answer.status));
    if (body.items.length === 1) return [{ seq: body.items[0].seq, state: "refused", text: (await answer.json()).error }];
    const taken = [];
    for (const item of body.items) taken.push(...(await post({ ...body, items: [item] }, token)));
    return taken;
  };

  const sendAll = async () => {
    const pass = await fetch(SYNC, { credentials: "same-origin", cache: "no-store", redirect: "error" });
    if (!pass.ok) throw new Error(String(pass.status));
    const { owner: who, token } = await pass.json();
    let sent = 0;
    for (;;) {
      const body = await batch(who);
      if (!body.items.length) return sent;
      const taken = await post(body, token);
      await settle(taken);
      sent += taken.length;
      told();
    }
  };

  // One tab at a time; the others hear of it.
  const send = async () => {
    if (!(await mine()).length) return 0;
    return navigator.locks ? navigator.locks.request("belay-send", sendAll) : sendAll();
  };

  // Nobody is signed in any more. What could not be sent stays for its owner, unread by others.
  const forget = async () => {
    await within("readwrite", (_waiting, facts) => {
      facts.delete("refused");
      return done(facts.delete("owner"));
    });
    told();
  };

  const read = () => within("readwrite", (_waiting, facts) => done(facts.delete("refused"))).then(told);

  const listen = (act) => {
    news?.addEventListener("message", act);
    self.addEventListener("belay:waiting", act);
  };

  return { add, all, become, forget, given, listen, mine, owner, read, refused, send };
})();
