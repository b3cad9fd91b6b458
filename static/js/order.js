// Lines to be put in order: buttons in place of numbers. Without this script the numbers do the same.

const words = (list) => list.dataset;
const items = (list) => [...list.querySelectorAll("li")];

const number = (list) => items(list).forEach((item, place) => {
  item.querySelector("select").value = String(place + 1);
  item.querySelector(".places__n").textContent = String(place + 1);
  const [up, down] = item.querySelectorAll(".places__moves button");
  up.disabled = place === 0;
  down.disabled = place === items(list).length - 1;
});

const button = (sign, label) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn--alt btn--sm";
  made.textContent = sign;
  made.setAttribute("aria-label", label);
  return made;
};

const move = (list, item, step, live) => {
  const all = items(list);
  const other = all[all.indexOf(item) + step];
  if (!other) return;
  if (step < 0) other.before(item); else other.after(item);
  number(list);
  const moves = item.querySelectorAll(".places__moves button");
  const wanted = moves[step < 0 ? 0 : 1];
  (wanted.disabled ? moves[step < 0 ? 1 : 0] : wanted).focus();
  live.textContent = `${words(list).said} ${items(list).indexOf(item) + 1}: ${item.querySelector("[id$='-t']").textContent}`;
};

for (const list of document.querySelectorAll("[data-order]")) {
  const live = document.createElement("p");
  live.className = "sr";
  live.setAttribute("aria-live", "polite");
  list.after(live);
  for (const item of items(list)) {
    const text = item.querySelector("[id$='-t']").textContent;
    const place = document.createElement("span");
    place.className = "places__n";
    item.prepend(place);
    const moves = document.createElement("span");
    moves.className = "places__moves";
    const up = button("↑", `${words(list).up}: ${text}`);
    const down = button("↓", `${words(list).down}: ${text}`);
    up.addEventListener("click", () => move(list, item, -1, live));
    down.addEventListener("click", () => move(list, item, 1, live));
    moves.append(up, down);
    item.append(moves);
  }
  list.classList.add("is-live");
  number(list);
}
