// The clock of a test: counts for the eye, announces at five and at one minute, waits while the connection is gone.
// The server decides: without this script the page says when the answers are handed in, and the server does it.

const clock = document.querySelector("[data-clock]");
const text = clock?.querySelector("[data-clock-text]");
const live = document.querySelector("[data-clock-live]");
const note = document.querySelector("[data-clock-note]");
const form = document.querySelector("form.quiz");

let ends = Date.now() + Number(clock?.dataset.seconds ?? 0) * 1000;
let lostSince = navigator.onLine ? 0 : Date.now();
let unsent = false, over = false;
const told = new Set();

const left = () => Math.max(0, Math.round((ends - Date.now()) / 1000));
const say = (words) => { live.textContent = words; };
const show = (words) => { note.textContent = words; note.hidden = !words; };

const announce = (seconds) => {
  for (const [word, limit] of [["five", 300], ["one", 60]]) {
    if (seconds > limit || told.has(word)) continue;
    told.add(word);
    if (word === "one" || seconds > 60) say(clock.dataset[word]);
  }
};

const finish = () => {
  over = true;
  say(clock.dataset.over);
  if (form) form.requestSubmit(); else location.reload();   // what is chosen on this page counts too
};

const tick = () => {
  if (lostSince || over) return;
  const seconds = left();
  text.textContent = `${clock.dataset.left} ${Math.ceil(seconds / 60)}.`;
  announce(seconds);
  if (!seconds) finish();
};

const lost = () => {
  lostSince ||= Date.now();
  show(clock.dataset.paused);
};

const back = async () => {
  if (!lostSince) return;
  const body = new FormData();
  body.set("attempt", clock.dataset.attempt);
  body.set("seconds", String(Math.min(999, Math.round((Date.now() - lostSince) / 1000))));
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  try {
    const answer = await fetch(clock.dataset.back, { method: "POST", body });
    if (!answer.ok) throw new Error(String(answer.status));
    ends = Date.now() + (await answer.json()).left * 1000;
  } catch { setTimeout(back, 5000); return; }
  lostSince = 0;
  show("");
  if (unsent) { unsent = false; form.requestSubmit(); } else tick();
};

if (clock) {
  addEventListener("offline", lost);
  addEventListener("online", back);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  form?.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    unsent = true;
    lost();
    show(clock.dataset.unsent);
  });
  if (lostSince) lost();
  tick();
  setInterval(tick, 1000);
}
