// Answers as one types, keys, sliders, copying. Every page works without: this fetches the same
// pages that the links and the form lead to, and puts their parts in place.

const PAUSE = 150; // ms after the last key
const PARTS = ["#total", "#results", "#filters", "#hidden", "#search .options"];

const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const form = find("#search");
const box = find("#q");

// Searching

let timer = 0;
let request = new AbortController();

/** The address of what the form has; `unfinished` while the last word may go on. */
function addressOfForm({ unfinished }) {
  const pairs = [...new FormData(form)].filter(([, value]) => value.trim());
  if (unfinished && box.value.trim()) pairs.push(["unfinished", "1"]);
  const query = new URLSearchParams(pairs).toString();
  return query ? `/?${query}` : "/";
}

/** Show the page of a search. A later call drops the answer to an earlier one. */
async function show(address, { typing = false, remember = true, top = false } = {}) {
  clearTimeout(timer);
  request.abort();
  request = new AbortController();
  const { signal } = request;
  document.body.classList.add("busy");
  try {
    const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
    const text = await answer.text();
    if (signal.aborted) return;
    if (!answer.headers.get("Content-Type")?.startsWith("text/html")) throw new Error(text);
    const page = new DOMParser().parseFromString(text, "text/html");
    if (remember) write(address, typing);
    if (typing && !answer.ok) say(find(".problem", page)?.textContent ?? "");
    else put(page, { typing });
    if (top) scrollTo(0, 0);
  } catch {
    if (!signal.aborted) say("The server gave no answer; try again.");
  } finally {
    if (!signal.aborted) document.body.classList.remove("busy");
  }
}

/** Keep an address in the history: one step for all that is typed at a stretch. */
function write(address, typing) {
  const again = typing && history.state?.typing;
  history[again ? "replaceState" : "pushState"]({ typing }, "", address);
}

function say(text) {
  const line = document.createElement("p");
  line.textContent = text;
  find("#total").replaceChildren(line);
}

/** Put the parts of another page in place of those here; focus stays where it can. */
function put(page, { typing }) {
  const focus = placeOf(document.activeElement);
  const open = find(".weights")?.open;
  for (const selector of PARTS) {
    const [old, made] = [find(selector), find(selector, page)];
    if (old && made) old.replaceChildren(...made.childNodes);
    else if (old) old.replaceChildren();
    else if (made) find("main").after(made);
  }
  document.title = page.title;
  for (const link of all("head link[rel=alternate], head link[rel=prev], head link[rel=next]")) link.remove();
  document.head.append(...all("head link[rel=alternate], head link[rel=prev], head link[rel=next]", page));
  find("h1").textContent = find("h1", page).textContent;
  if (!typing) box.value = find("#q", page).value;
  enhance();
  if (open) find(".weights").open = true;
  if (focus && !document.activeElement?.matches(focus)) (find(focus) ?? find("main")).focus({ preventScroll: true });
}

/** A selector of the control that has the focus; of one that goes by no name, the main part. */
function placeOf(element) {
  if (!element || element === document.body || element === box) return "";
  if (element.dataset.key) return `[data-key="${CSS.escape(element.dataset.key)}"]`;
  if (element.name) {
    const value = element.type === "checkbox" ? `[value="${CSS.escape(element.value)}"]` : "";
    return `${element.localName}[name="${CSS.escape(element.name)}"]${value}`;
  }
  return "main";
}

function startSearching() {
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => show(addressOfForm({ unfinished: true }), { typing: true }), PAUSE);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show(addressOfForm({ unfinished: false }));
  });
  document.addEventListener("change", (event) => {
    const { target } = event;
    if (target.form === form && target !== box) show(addressOfForm({ unfinished: false }));
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const address = new URL(link.getAttribute("href"), location);
    if (address.origin !== location.origin || address.pathname !== "/" || address.hash) return;
    event.preventDefault();
    show(address, { top: link.closest(".paging, .topics") !== null });
  });
  addEventListener("popstate", () => show(location.href, { remember: false }));
  document.addEventListener("pointerdown", (event) => {
    const first = event.target.closest?.(".histogram a");
    if (first) addEventListener("pointerup", (end) => spread(first, end), { once: true });
  });
}

/** From the column where a pointer went down to that where it came up. */
function spread(first, event) {
  const last = event.target.closest?.(".histogram a");
  if (!last || last === first || last.parentNode !== first.parentNode) return;
  const columns = all("a", first.parentNode);
  const ends = [columns.indexOf(first), columns.indexOf(last)].sort((a, b) => a - b);
  const [from, to] = ends.map((at) => columns[at].dataset);
  const address = new URL(location);
  address.searchParams.delete("page");
  address.searchParams.set("after", from.after);
  address.searchParams.set("before", to.before);
  show(address);
}

// Controls

/** Let those controls work that need this module. */
function enhance() {
  for (const each of all(".scripted")) each.hidden = false;
  for (const each of all(".unscripted")) each.hidden = true;
  for (const select of all("select[data-slider]:not([hidden])")) slide(select);
}

/** A slider in place of a list of weights; the list keeps its value. */
function slide(select) {
  const range = document.createElement("input");
  const shown = document.createElement("output");
  const name = select.parentNode.textContent.trim().split(/\s/)[0];
  const current = () => select.options[select.selectedIndex].text;
  const tell = () => {
    shown.textContent = current();
    range.setAttribute("aria-valuetext", current());
  };
  Object.assign(range, { type: "range", min: 0, max: select.options.length - 1, value: select.selectedIndex });
  range.dataset.key = `weight-${name}`;
  range.setAttribute("aria-label", `weight of ${name}`);
  range.addEventListener("input", () => {
    select.selectedIndex = range.value;
    tell();
  });
  range.addEventListener("change", () => show(addressOfForm({ unfinished: false })));
  tell();
  select.hidden = true;
  select.before(range);
  select.after(shown);
}

const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Look through all values of a facet, which are fetched when somebody first wants to. */
async function look(input) {
  const facet = input.closest(".facet");
  if (input.dataset.whole) {
    const address = input.dataset.whole;
    delete input.dataset.whole;
    const answer = await fetch(address);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const whole = find(`[data-facet="${CSS.escape(facet.dataset.facet)}"]`, page);
    if (!whole) return;
    find("ul", facet).replaceWith(find("ul", whole));
    find(".more", facet)?.replaceWith(find(".more", whole) ?? "");
  }
  const wanted = folded(input.value.trim());
  for (const item of all("li", facet)) item.hidden = !folded(item.textContent).includes(wanted);
}

async function copy(button) {
  const source = find(`#${button.dataset.copy}`);
  const name = button.textContent;
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = name), 2000);
  } catch {
    getSelection().selectAllChildren(source);
  }
}

/** What is flawed in the files, by level and kind; the notes of `heatseek doctor` are left out. */
async function examine(line) {
  const answer = await fetch(line.dataset.from);
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) return line.append(` ${told.detail ?? "They are not there now."}`);
  const counts = new Map();
  for (const each of told.findings) {
    const name = `${each.level}: ${each.kind}`;
    if (each.level !== "note") counts.set(name, [...(counts.get(name) ?? []), each]);
  }
  if (!counts.size) return line.append(` Nothing is flawed in ${told.files.toLocaleString("en")} files.`);
  for (const [name, flaws] of [...counts].sort((a, b) => a[1].length - b[1].length)) {
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    const list = document.createElement("ul");
    summary.textContent = `${name} (${flaws.length.toLocaleString("en")})`;
    for (const flaw of flaws.slice(0, 20)) {
      const item = document.createElement("li");
      item.dir = "auto";
      item.textContent = `${flaw.path}${flaw.line ? `:${flaw.line}` : ""}: ${flaw.message}`.slice(0, 400);
      list.append(item);
    }
    details.append(summary, list);
    line.after(details);
  }
}

// Keys

const isTyped = (element) => element.matches?.("input:not([type=checkbox], [type=range]), select, textarea");

function step(event) {
  const hits = all(".hit h2 a");
  if (!hits.length || (isTyped(event.target) && event.target !== box) || event.target.matches?.("[type=range], summary")) return;
  const at = hits.indexOf(document.activeElement);
  const next = at + (event.key === "ArrowDown" ? 1 : -1);
  if (at < 0 && event.key === "ArrowUp") return;
  event.preventDefault();
  const target = next < 0 ? box : hits[Math.min(next, hits.length - 1)];
  target.focus();
  target.closest(".hit")?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || find("dialog[open]")) return;
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const key = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" ? "/" : plain ? event.key : "";
  if (key === "/" && (event.ctrlKey || event.metaKey || !isTyped(event.target))) {
    event.preventDefault();
    if (!box) location.assign("/");
    box?.focus();
    box?.select();
  } else if (key === "?" && !isTyped(event.target)) {
    event.preventDefault();
    find("#keys").showModal();
  } else if (key === "ArrowDown" || key === "ArrowUp") step(event);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
document.addEventListener("input", (event) => {
  if (event.target.closest(".look")) look(event.target);
});
if (form) startSearching();
const findings = find("#findings");
if (findings) examine(findings);
enhance();
