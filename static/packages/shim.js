// The page around a package, on the packages' own host: it holds the interface that the package looks for, and speaks
// with the site by messages only. Three kinds go out (ready, save, closed), one comes in (start).
import { Runtime } from "./api.js";

const site = document.documentElement.dataset.site;
const keeper = window.opener ?? window.parent;
const nonce = location.hash.slice(1);
const LONGEST = 262_144;
const model = await (await fetch("model.json")).json();
let seq = 0;
let waiting = null;
let started = false;

const say = (kind, rest = {}) => keeper.postMessage({ kind, nonce, ...rest }, site);

const send = () => {
  clearTimeout(waiting?.timer);
  if (!waiting) return;
  const { cmi, now } = waiting;
  waiting = null;
  if (JSON.stringify(cmi).length < LONGEST) say("save", { seq: ++seq, cmi, now });
};

const report = ({ cmi, closed, now }) => {
  clearTimeout(waiting?.timer);
  waiting = { cmi, now: now || waiting?.now || false, timer: setTimeout(send, 50) };
  if (now) send();
  if (closed) say("closed", { seq });
};

const start = ({ standard: kind, cmi, fixed, file, title }) => {
  const runtime = new Runtime(kind, model, cmi, fixed, report);
  window[kind === "scorm12" ? "API" : "API_1484_11"] = runtime.face;
  const frame = document.createElement("iframe");
  frame.title = title;
  frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups allow-modals");
  frame.src = file;
  document.body.append(frame);
};

addEventListener("message", (event) => {
  if (started || event.origin !== site || event.source !== keeper || event.data?.nonce !== nonce || event.data.kind !== "start") return;
  started = true;
  start(event.data);
});
addEventListener("pagehide", send);
addEventListener("visibilitychange", send);
say("ready");
