// A saved lesson: one screen at a time, practice marked here at once, each answer and the furthest screen kept until sent.

const lesson = document.querySelector("[data-saved-lesson]");
const { course, lesson: slug } = lesson.dataset;
const screens = [...lesson.querySelectorAll("[data-screen]")];
const bar = lesson.querySelector("[data-turn]");
const [before, after] = bar.querySelectorAll("[data-step]");
const ends = bar.querySelector("[data-end]");
const said = lesson.querySelector("[data-screen-said]");

// --- screens
const wanted = () => {
  const asked = Number(new URLSearchParams(location.search).get("screen"));
  const named = location.hash && document.getElementById(location.hash.slice(1))?.closest("[data-screen]");
  if (named) return Number(named.dataset.screen);
  return Math.min(screens.length, Math.max(1, asked || 1));
};

const show = (number, move) => {
  for (const screen of screens) screen.hidden = Number(screen.dataset.screen) !== number;
  before.hidden = number === 1;
  after.hidden = number === screens.length;
  if (ends) ends.hidden = number < screens.length;
  before.href = `?screen=${number - 1}`;
  after.href = `?screen=${number + 1}`;
  said.textContent = said.dataset.text.replace("%n", number).replace("%t", screens.length);
  belayWaiting.add({ kind: "screen", course, lesson: slug, screen: number }).then(trySend);
  if (!move) return;
  const heading = lesson.querySelector("h1");
  heading.focus();
  heading.scrollIntoView();
};

const turn = (event) => {
  const link = event.target.closest("[data-step], [data-read-on]");
  if (!link) return;
  event.preventDefault();
  const number = link.matches("[data-read-on]") ? 2 : Number(new URL(link.href).searchParams.get("screen"));
  history.pushState(null, "", `?screen=${number}`);
  show(number, true);
};

const trySend = () => { if (navigator.onLine) belayWaiting.send().catch(() => {}); };

// --- practice
const fields = (form) => belayWaiting.given(new FormData(form));

const tell = (question, result, given) => {
  const told = question.querySelector("[data-told]");
  const chosen = new Set(given.chosen ?? []);
  for (const option of told.querySelectorAll("[data-option]")) {
    const picked = chosen.has(option.dataset.option);
    option.classList.toggle("is-off", picked && !option.classList.contains("is-right"));
    option.querySelector("[data-picked]").hidden = !picked;
  }
  const verdict = told.querySelector("[data-verdict]");
  const word = result.person ? "person" : result.right ? "right" : "wrong";
  verdict.textContent = told.dataset[word];
  verdict.classList.toggle("is-right", result.right);
  question.querySelector("form").hidden = true;
  told.hidden = false;
  return verdict;
};

const bad = (question, word) => {
  const error = question.querySelector("[data-error]");
  error.textContent = error.dataset[word];
  error.hidden = false;
  error.focus();
};

const check = async (question) => {
  const form = question.querySelector("form");
  const given = fields(form);
  const result = belayMarking.mark(JSON.parse(question.dataset.key), given);
  question.querySelector("[data-error]").hidden = true;
  if (result.number === false) { bad(question, "number"); return; }
  const places = Object.entries(given).filter(([name]) => name.startsWith("at.")).map(([, value]) => value[0]);
  if (!result.whole) { bad(question, "whole"); return; }
  if (form.querySelector("[data-order]") && new Set(places).size !== places.length) { bad(question, "places"); return; }
  await belayWaiting.add({
    kind: "answer", course, lesson: slug, question: question.dataset.question, given, label: question.dataset.label,
  });
  tell(question, result, given).focus();
  trySend();
};

for (const question of lesson.querySelectorAll("[data-question]")) {
  question.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); check(question); });
  question.querySelector("[data-again]").addEventListener("click", () => {
    question.querySelector("[data-told]").hidden = true;
    const form = question.querySelector("form");
    form.hidden = false;
    form.querySelector("input:not([type=hidden]), select, textarea, button")?.focus();
  });
}

// --- what was answered and still waits is shown as answered
const restore = async () => {
  for (const item of await belayWaiting.mine()) {
    const question = item.kind === "answer" && item.course === course && item.lesson === slug
      && lesson.querySelector(`[data-question="${CSS.escape(item.question)}"]`);
    if (question) tell(question, belayMarking.mark(JSON.parse(question.dataset.key), item.given), item.given);
  }
};

bar.hidden = false;
lesson.addEventListener("click", turn);
addEventListener("popstate", () => show(wanted(), true));
show(wanted(), false);
restore().then(() => { if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView(); });
