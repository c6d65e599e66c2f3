"use strict";
// The list of components: filter, sort, pages, details; and the switch of languages. Nothing is put in as markup.
(() => {
  const PAGE = 50;
  const byId = (id) => document.getElementById(id);
  const read = (id) => JSON.parse(byId(id).textContent);
  const words = read("words");
  const { states, surfaces, classes, kinds, rows } = read("rows");
  const COLUMNS = ["name", "version", "purl", "license", "class", "scopes", "on", "kind", "read", "state", "shipped"];
  const [NAME, VERSION, PURL, LICENSE, CLASS, SCOPES, ON, KIND, READ, STATE, SHIPPED] = COLUMNS.keys();
  // what an "ok" rests on: texts need no word, the others do
  const READS = ["", "by_metadata", "by_nothing"];
  const OWN = kinds.indexOf("own");
  // the word and the mark of each state
  const STATES = { ok: ["ok", "✓ "], waived: ["state_waived", "◦ "], decide: ["to_decide", "! "], unknown: ["unknown", "? "], no: ["no", "✕ "] };
  const root = document.documentElement;
  const form = document.querySelector(".filters");
  const picks = { shipped: byId("by-shipped"), state: byId("by-state"), surface: byId("by-surface"), class: byId("by-class"), scope: byId("by-scope") };
  const haystacks = rows.map((row) => [row[NAME], row[VERSION], row[LICENSE], row[PURL]].join(" ").toLowerCase());
  const opened = new Set();
  const original = rows.map((_, at) => at);
  let detailed = null;
  let language = root.dataset.language === "zh" ? 1 : 0;
  let sorted = original;
  let sort = { column: STATE, down: true };
  let found = original;
  let page = 0;
  let whole = false;

  const details = () => (detailed ??= read("details"));
  const text = (at) => (typeof details().texts[at] === "string" ? details().texts[at] : details().texts[at][language]);
  const say = (name, fields = {}) => words[name][language].replace(/\{(\w+)\}/g, (_, key) => fields[key] ?? "");
  const number = (count) => count.toLocaleString("en-US");

  function make(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children.filter((child) => child !== null && child !== ""));
    return node;
  }
  const label = (name) => make("h3", {}, say(name));
  const list = (items, of = "ul") => make(of, {}, ...items.map((item) => make("li", {}, ...[item].flat())));
  const code = (value) => make("code", {}, value);
  // SPDX's own words for "nobody can tell" mean nothing to most readers
  const term = (value) => (({ NOASSERTION: () => say("nobody_knows"), NONE: () => say("none_given") })[value] ?? (() => code(value || "–")))();
  const scope = (name) => (words[`scope-${name}`] ? say(`scope-${name}`) : name);
  // what a sentence sets between backticks is code
  const prose = (sentence) => make("span", {}, ...sentence.split(/`([^`]+)`/).map((part, at) => (at % 2 ? code(part) : part)));
  const chip = (value) => make("span", { class: "chip" }, value);
  const address = (row) => `#${encodeURIComponent(row[PURL]).replace(/%(?:2F|40|3A|2B)/g, decodeURIComponent)}`;
  // a long name breaks behind its scope or folder before it breaks within a word
  const broken = (name) => name.split(/(?<=\/)/).flatMap((part, at) => (at ? [make("wbr"), part] : [part]));
  const full = (row) => (row[VERSION] ? `${row[NAME]} ${row[VERSION]}` : row[NAME]);

  function state(at, read) {
    const [word, mark] = STATES[states[at]];
    const rests = at === 0 && read ? make("span", { class: "how" }, ` ${say(READS[read])}`) : "";
    return make("span", { class: `state ${states[at]}` }, make("span", { "aria-hidden": "true" }, mark), say(word), rests);
  }

  function rowOf(at) {
    const row = rows[at];
    const open = opened.has(at);
    const button = make("button", { type: "button", class: "opener", "aria-expanded": open, "data-open": at }, ...broken(row[NAME]));
    const name = make("th", { scope: "row" }, button, " ", make("span", { class: "version" }, row[VERSION]));
    const needed = row[KIND] === OWN ? say("own") : row[SCOPES].map(scope).join(language ? "、" : ", ");
    const aside = row[SHIPPED] ? "" : make("span", { class: "how" }, say("not_shipped"));
    const cells = [["license", term(row[LICENSE])], ["state", state(row[STATE], row[READ])], ["scopes", make("span", {}, needed, " ", aside)]];
    cells.push(["on", row[SHIPPED] ? row[ON].map((one) => surfaces[one]).join(language ? "、" : ", ") : "–"]);
    return make("tr", { id: `row-${at}` }, name, ...cells.map(([column, cell]) => make("td", { class: `c-${column}` }, cell)));
  }

  function detailOf(at) {
    const row = rows[at];
    const more = details().details[at];
    const box = make("div", { class: "detail", role: "region", "aria-label": say("details", { name: full(row) }) });
    const here = make("a", { class: "here", href: address(row), "aria-label": say("copied_link", { name: full(row) }) }, "#");
    box.append(make("p", { class: "purl" }, code(row[PURL]), " ", here));
    if (more.decl !== undefined) {
      const facts = [["concluded", row[LICENSE]], ["declared", more.decl], ["detected", more.det]];
      const terms = facts.flatMap(([name, value]) => [make("dt", {}, say(name)), make("dd", {}, term(value))]);
      box.append(make("dl", {}, ...terms, make("dt", {}, say("read_of")), make("dd", {}, text(more.read)), make("dt", {}, say("because")), make("dd", {}, prose(text(more.why)))));
      if (more.doubt.length) box.append(label("doubt"), list(more.doubt.map((one) => prose(text(one)))));
    }
    if (more.find.length) {
      const told = ([name, said, waived]) => [code(name), " ", prose(text(said)), waived ? ` (${say("waived_mark")})` : ""];
      box.append(label("findings"), list(more.find.map(told)));
    }
    if (row[KIND] !== OWN) {
      box.append(label("path"));
      const crumbs = (path) => path.flatMap((step, place) => (place ? [make("span", { class: "arrow" }, " › "), rows[step][NAME]] : [rows[step][NAME]]));
      if (more.path.length) box.append(make("div", { class: "paths" }, list(more.path.map(crumbs))));
      else box.append(make("p", {}, say("path_none")));
    }
    if (more.from.length) box.append(make("p", { class: "path" }, make("span", { class: "label" }, say("stands")), " ", ...more.from.flatMap((place, at) => (at ? [language ? "、" : ", ", code(place)] : [code(place)]))));
    if (more.on.length) box.append(label("on"), list(more.on.map(judged)));
    if (more.ev !== undefined) {
      box.append(label("evidence"));
      if (more.ev.length) box.append(make("ul", { class: "evidence" }, ...more.ev.map(evidence)));
      else box.append(make("p", {}, say("evidence_none")));
      if (more.more) box.append(make("p", { class: "path" }, prose(say("evidence_more", { count: more.more }))));
      if (more.copy.length) box.append(label("copyright"), list(more.copy));
    }
    for (const [word, value] of more.facts) {
      box.append(label(word), list([value]));
    }
    return make("tr", { class: "more", id: `more-${at}` }, make("td", { colspan: 5 }, box));
  }

  function judged([surface, ruling, license, relationship, reasons, duties]) {
    const parts = [make("b", {}, surfaces[surface]), language ? "：" : ": ", text(ruling), " · ", ["NOASSERTION", "NONE", ""].includes(license) ? "" : `${say("used_under", { license })} · `, say("joined", { relationship: text(relationship) })];
    if (reasons.length) parts.push(list(reasons.map((one) => prose(text(one)))));
    if (duties.length) parts.push(make("p", { class: "path" }, make("span", { class: "label" }, say("owed")), " ", duties.map(text).join(language ? "；" : "; ")));
    return parts;
  }

  function evidence([kind, field, raw, expression, place, method, note]) {
    const read = expression ? say("read_as", { license: expression }) : say("not_read");
    const line = make("p", {}, chip(text(kind)), " ", field, language ? "：" : ": ", make("b", {}, read), " ", make("span", { class: "how" }, language ? `（${method}）` : `(${method})`));
    const said = note >= 0 ? make("p", { class: "path" }, text(note)) : null;
    return make("li", {}, line, make("blockquote", {}, raw), make("p", { class: "path" }, code(text(place))), said ?? "");
  }

  function select() {
    const wanted = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const [ofShipped, ofState, ofSurface, ofClass, ofScope] = Object.values(picks).map((pick) => pick.value);
    found = sorted.filter((at) => {
      const row = rows[at];
      return (
        (ofShipped === "" || (ofShipped === "own" ? row[KIND] === OWN : row[KIND] !== OWN && row[SHIPPED] === Number(ofShipped))) &&
        (ofState === "" || row[STATE] === Number(ofState)) &&
        (ofSurface === "" || row[ON].includes(Number(ofSurface))) &&
        (ofClass === "" || row[CLASS] === Number(ofClass)) &&
        (ofScope === "" || row[SCOPES].includes(ofScope)) &&
        wanted.every((word) => haystacks[at].includes(word))
      );
    });
    page = 0;
    show();
  }

  function show() {
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    const part = whole ? found : found.slice(page * PAGE, (page + 1) * PAGE);
    byId("body").replaceChildren(...part.flatMap((at) => (opened.has(at) ? [rowOf(at), detailOf(at)] : [rowOf(at)])));
    byId("tally").textContent = found.length ? tally() : say("none_shown");
    byId("list").hidden = !found.length;
    byId("pages").hidden = pages < 2;
    byId("page").textContent = say("page", { page: number(page + 1), pages: number(pages) });
    byId("previous").disabled = page === 0;
    byId("next").disabled = page >= pages - 1;
  }

  // how many of which kind: those of packages are the figures of the first page
  function tally() {
    const told = say("shown", { count: number(found.length), all: number(rows.length) });
    const counts = kinds.map((kind, at) => [kind, found.filter((one) => rows[one][KIND] === at).length]).filter(([, count]) => count);
    return [told, ...(counts.length > 1 ? counts.map(([kind, count]) => say(`kind-${kind}`, { count: number(count) })) : [])].join(" · ");
  }

  function order() {
    const key = (at) => (sort.column === SCOPES || sort.column === ON ? rows[at][sort.column].join(" ") : rows[at][sort.column]);
    const compare = (one, other) => (typeof one === "number" ? one - other : collator.compare(one, other));
    const way = sort.down ? -1 : 1;
    sorted = [...original].sort((one, other) => way * compare(key(one), key(other)) || one - other);
    for (const button of document.querySelectorAll("[data-sort]")) {
      const mine = COLUMNS.indexOf(button.dataset.sort) === sort.column;
      button.parentElement.setAttribute("aria-sort", mine ? (sort.down ? "descending" : "ascending") : "none");
    }
    select();
  }
  const collator = new Intl.Collator("en", { numeric: true });

  function options(pick, pairs) {
    const kept = pick.value;
    pick.replaceChildren(...[["", say("all")], ...pairs].map(([value, said]) => make("option", { value }, said)));
    pick.value = kept;
  }

  function speak(name) {
    language = name === "zh" ? 1 : 0;
    root.lang = language ? "zh-Hans" : "en";
    root.dataset.language = name;
    document.title = `${byId("project").textContent} – ${say("title")}`;
    for (const button of document.querySelectorAll("[data-speak]")) button.setAttribute("aria-pressed", button.dataset.speak === name);
    options(picks.shipped, [[1, say("is_shipped")], [0, say("not_shipped")], ["own", say("own")]]);
    options(picks.state, states.map((one, at) => [at, say(STATES[one][0])]).reverse());
    options(picks.surface, surfaces.map((one, at) => [at, one]));
    options(picks.class, classes.map((one, at) => [at, say(`class-${one}`)]));
    const scopes = [...new Set(rows.flatMap((row) => row[SCOPES]))];
    options(picks.scope, scopes.map((one) => [one, scope(one)]));
    show();
  }

  function toggle(at) {
    opened.has(at) ? opened.delete(at) : opened.add(at);
    const row = byId(`row-${at}`);
    const open = opened.has(at);
    row.querySelector("button").setAttribute("aria-expanded", open);
    if (open) row.after(detailOf(at));
    else byId(`more-${at}`)?.remove();
  }

  function reveal(at) {
    for (const field of [byId("search"), ...Object.values(picks)]) field.value = "";
    opened.add(at);
    select();
    page = Math.floor(found.indexOf(at) / PAGE);
    show();
    const button = byId(`row-${at}`).querySelector("button");
    button.focus({ preventScroll: true });
    button.scrollIntoView({ block: "center" });
  }

  // the address of a component is its PackageURL behind the sign #, so that a link to it outlives this file
  function follow() {
    const purl = unescaped(location.hash.slice(1));
    const at = purl.startsWith("pkg:") ? rows.findIndex((row) => row[PURL] === purl) : -1;
    if (at >= 0) return reveal(at);
    // what a link leads to may stand in something that is folded
    const target = location.hash.length > 1 ? byId(purl) : null;
    for (let one = target?.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
    if (target) target.scrollIntoView();
  }
  function unescaped(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  // on paper everything is open and every component is listed; afterwards all is as it was
  let unfolded = [];
  function unfold() {
    if (whole) return;
    whole = true;
    // what is folded by license is on paper by license: one line for each package would fill pages
    unfolded = [...document.querySelectorAll("details:not([open], .each)")];
    for (const one of unfolded) one.open = true;
    show();
  }
  function fold() {
    if (!whole) return;
    whole = false;
    for (const one of unfolded) one.open = false;
    show();
  }

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-speak], [data-open], [data-row], [data-sort]");
    if (!target) return;
    const { speak: name, open, row, sort: column } = target.dataset;
    if (name) speak(name);
    else if (open) toggle(Number(open));
    else if (row) {
      event.preventDefault();
      history.pushState(null, "", address(rows[row]));
      reveal(Number(row));
    } else {
      const at = COLUMNS.indexOf(column);
      sort = { column: at, down: sort.column === at ? !sort.down : at === STATE };
      order();
    }
  });
  form.addEventListener("input", select);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(select));
  for (const [id, step] of [["previous", -1], ["next", 1]]) {
    byId(id).addEventListener("click", () => {
      page += step;
      show();
      byId("list").scrollIntoView();
    });
  }
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", unfold);
  addEventListener("afterprint", fold);
  matchMedia("print").addEventListener("change", (event) => (event.matches ? unfold() : fold()));

  form.hidden = false;
  speak(root.dataset.language);
  // what ships is asked for; the tools around it are one choice away
  if (rows.some((row) => row[SHIPPED] && row[KIND] !== OWN)) picks.shipped.value = "1";
  select();
  follow();
})();
