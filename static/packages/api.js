// The run-time interface of SCORM 1.2 and of SCORM 2004 (without sequencing), over one table of elements (model.json).
// Everything is answered from memory: what was saved before is here before the package starts.

const MOST = 200_000;   // characters of everything together; the site takes no more

const WORDS = {
  0: "No error", 101: "General exception", 103: "Already initialized", 104: "Content instance terminated",
  112: "Termination before initialization", 113: "Termination after termination", 122: "Retrieve data before initialization",
  123: "Retrieve data after termination", 132: "Store data before initialization", 133: "Store data after termination",
  142: "Commit before initialization", 143: "Commit after termination", 201: "Invalid argument", 202: "Element cannot have children",
  203: "Element is not an array: it has no count", 301: "Not initialized", 351: "General set failure", 401: "Not implemented",
  402: "Element is a keyword", 403: "Element is read only", 404: "Element is write only", 405: "Incorrect data type",
};
const WORDS_2004 = {
  301: "General get failure", 401: "Undefined data model element", 402: "Unimplemented data model element", 403: "Data model element value not initialized",
  404: "Data model element is read only", 405: "Data model element is write only", 406: "Data model element type mismatch",
  407: "Data model element value out of range", 408: "Data model dependency not established",
};
const DEFAULTS = {
  scorm12: { "cmi.core.lesson_status": "not attempted" },
  scorm2004: { "cmi.completion_status": "unknown", "cmi.success_status": "unknown", "adl.nav.request": "_none_" },
};
const CODES = {   // what each standard calls the same fault
  scorm12: { unknown: "201", early: "301", late: "301", readOnly: "403", writeOnly: "404", keyword: "402", type: "405", range: "405", gap: "201", noChildren: "202", noCount: "203", unset: "0", general: "405", dependency: "201" },
  scorm2004: { unknown: "401", early: "122", late: "123", readOnly: "404", writeOnly: "405", keyword: "404", type: "406", range: "407", gap: "351", noChildren: "301", noCount: "301", unset: "403", general: "351", dependency: "408" },
};
const URGENT = /^cmi\.(core\.)?(lesson_status|completion_status|success_status|lesson_location|location|score\.\w+)$|^cmi\.(suspend_data|progress_measure)$/;

export const pattern = (element) => element.replace(/\.(0|[1-9]\d{0,4})(?=\.|$)/g, ".n");

export class Runtime {
  // kind: "scorm12" or "scorm2004"; stored: element → text of earlier sessions; fixed: what the package may only read;
  // report({cmi, closed, now}) is called with everything after each change.
  constructor(kind, model, stored, fixed, report) {
    this.kind = kind;
    this.old = kind === "scorm12";
    this.model = model[kind];
    this.types = model.types;
    this.fixed = fixed;
    this.report = report;
    this.values = new Map(Object.entries(stored));
    this.code = CODES[kind];
    this.state = "new";
    this.error = "0";
    this.size = [...this.values].reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  }

  fail(name, answer = "false") { this.error = this.code[name] ?? name; return answer; }
  done(answer = "true") { this.error = "0"; return answer; }
  tell(now = false) { this.report({ cmi: Object.fromEntries(this.values), closed: this.state === "over", now }); }

  begin(argument) {
    if (argument !== "") return this.fail("201");
    if (this.state === "open") return this.fail(this.old ? "101" : "103");
    if (this.state === "over") return this.fail(this.old ? "101" : "104");
    this.state = "open";
    return this.done();
  }

  end(argument) {
    if (argument !== "") return this.fail("201");
    if (this.state !== "open") return this.fail(this.old ? "301" : this.state === "new" ? "112" : "113");
    if (this.old) this.judge();
    this.state = "over";
    this.tell(true);
    return this.done();
  }

  commit(argument) {
    if (argument !== "") return this.fail("201");
    if (this.state !== "open") return this.fail(this.old ? "301" : this.state === "new" ? "142" : "143");
    this.tell(true);
    return this.done();
  }

  // At the end of a 1.2 session: what was never said counts as completed, and a mastery score decides.
  judge() {
    const status = this.values.get("cmi.core.lesson_status");
    if (this.fixed["cmi.core.lesson_mode"] === "browse") {
      if (!status) this.put("cmi.core.lesson_status", "browsed");
      return;
    }
    const raw = this.values.get("cmi.core.score.raw");
    const mastery = this.fixed["cmi.student_data.mastery_score"];
    if (!status) this.put("cmi.core.lesson_status", "completed");
    if (this.fixed["cmi.core.credit"] === "credit" && mastery && raw) {
      this.put("cmi.core.lesson_status", Number(raw) >= Number(mastery) ? "passed" : "failed");
    }
  }

  count(list) {
    let highest = -1;
    for (const key of this.values.keys()) {
      if (key.startsWith(`${list}.`)) highest = Math.max(highest, Number(key.slice(list.length + 1).split(".")[0]));
    }
    return highest + 1;
  }

  isList(element) { return Object.keys(this.model.elements).some((one) => one.startsWith(`${pattern(element)}.n.`)); }
  isKnown(element) {
    const wanted = pattern(element);
    return wanted in this.model.elements || Object.keys(this.model.elements).some((one) => one.startsWith(`${wanted}.`));
  }

  // A word about the model itself, or undefined when `element` asks for a value.
  keyword(element) {
    const [, parent, word] = /^(.*)\.(_children|_count|_version)$/.exec(element) ?? [];
    if (!word) return undefined;
    if (word === "_version" && parent === "cmi") return this.done(this.model.version);
    if (word === "_children" && pattern(parent) in this.model.children) return this.done(this.model.children[pattern(parent)]);
    if (word === "_count" && this.isList(parent)) return this.within(parent) ? this.done(String(this.count(parent))) : this.fail("gap", "");
    if (!this.isKnown(parent)) return this.fail("unknown", "");
    return this.fail(word === "_children" ? "noChildren" : word === "_count" ? "noCount" : "unknown", "");
  }

  // Whether every index on the way to `element` is of something that is there (or, with `next`, comes next).
  within(element, next = 0) {
    const steps = element.split(".");
    return steps.every((step, place) => {
      if (!/^\d+$/.test(step)) return true;
      const last = !steps.slice(place + 1).some((later) => /^\d+$/.test(later));
      return Number(step) < this.count(steps.slice(0, place).join(".")) + (last ? next : 0);
    });
  }

  get(element) {
    if (this.state !== "open") return this.fail(this.state === "new" ? "early" : "late", "");
    element = String(element);
    if (!element) return this.fail(this.old ? "201" : "301", "");
    const word = this.keyword(element);
    if (word !== undefined) return word;
    const [access] = (this.model.elements[pattern(element)] ?? "").split(" ");
    if (!access) return this.fail(this.old && !/^cmi\./.test(element) ? "401" : "unknown", "");
    if (access === "w") return this.fail("writeOnly", "");
    if (!this.within(element)) return this.fail(this.old ? "gap" : "301", "");
    return this.value(element);
  }

  value(element) {
    if (element === "cmi.success_status" && this.fixed["cmi.scaled_passing_score"] && this.values.has("cmi.score.scaled")) {
      return this.done(Number(this.values.get("cmi.score.scaled")) >= Number(this.fixed["cmi.scaled_passing_score"]) ? "passed" : "failed");
    }
    const found = this.fixed[element] ?? this.values.get(element) ?? DEFAULTS[this.kind][element];
    return found === undefined || (found === "" && element in this.fixed && !this.old && element !== "cmi.entry")
      ? this.fail("unset", "") : this.done(found);
  }

  set(element, value) {
    if (this.state !== "open") return this.fail(this.old ? "301" : this.state === "new" ? "132" : "133");
    element = String(element);
    value = String(value ?? "");
    if (!element) return this.fail(this.old ? "201" : "351");
    if (/\._(children|count|version)$/.test(element)) return this.fail(this.isKnown(element.replace(/\._\w+$/, "")) ? "keyword" : "unknown");
    const [access, type] = (this.model.elements[pattern(element)] ?? "").split(" ");
    if (!access) return this.fail(this.old && !/^cmi\./.test(element) ? "401" : "unknown");
    if (access === "r") return this.fail("readOnly");
    if (!this.within(element, 1)) return this.fail("gap");
    const fault = this.fault(type, value) || this.order(element, value);
    if (fault) return this.fail(fault);
    if (element === "cmi.comments") value = (this.values.get(element) ?? "") + value;
    if (this.size + element.length + value.length > MOST) return this.fail("general");
    this.put(element, value);
    if (URGENT.test(element)) this.tell();
    return this.done();
  }

  put(element, value) {
    const before = this.values.get(element);
    this.size += value.length - (before === undefined ? -element.length : before.length);
    this.values.set(element, value);
  }

  fault(type, value) {
    const rule = this.types[type];
    if (rule.most !== undefined && [...value].length > rule.most) return "type";
    if (rule.re && !new RegExp(rule.re, "u").test(value)) return "type";
    if (value === "") return "";
    if (rule.low !== undefined && Number(value) < rule.low) return rule.range ? "range" : this.old ? "type" : "range";
    if (rule.high !== undefined && Number(value) > rule.high) return rule.range ? "range" : this.old ? "type" : "range";
    return "";
  }

  // 2004 only: a thing in a list is named before anything else is said of it, and no two objectives have one name.
  order(element, value) {
    if (this.old) return "";
    const [, head, place, rest] = /^(cmi\.(?:objectives|interactions))\.(\d+)\.(.+)$/.exec(element) ?? [];
    if (!head) return "";
    if (rest !== "id") return this.values.has(`${head}.${place}.id`) ? "" : "dependency";
    if (head !== "cmi.objectives") return "";
    for (const [key, held] of this.values) {
      if (/^cmi\.objectives\.\d+\.id$/.test(key) && held === value && key !== element) return "general";
    }
    const before = this.values.get(element);
    return before !== undefined && before !== value ? "general" : "";
  }

  words(code) { return (this.old ? undefined : WORDS_2004[code]) ?? WORDS[code] ?? ""; }

  // The object that a package looks for: `API` or `API_1484_11`.
  get face() {
    const names = this.old
      ? ["LMSInitialize", "LMSFinish", "LMSGetValue", "LMSSetValue", "LMSCommit", "LMSGetLastError", "LMSGetErrorString", "LMSGetDiagnostic"]
      : ["Initialize", "Terminate", "GetValue", "SetValue", "Commit", "GetLastError", "GetErrorString", "GetDiagnostic"];
    const acts = [
      (argument = "") => this.begin(String(argument ?? "")), (argument = "") => this.end(String(argument ?? "")),
      (element) => this.get(element), (element, value) => this.set(element, value),
      (argument = "") => this.commit(String(argument ?? "")), () => this.error,
      (code) => this.words(code), (code) => this.words(code || this.error),
    ];
    return Object.fromEntries(names.map((name, place) => [name, acts[place]]));
  }
}
