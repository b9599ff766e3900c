import { ask, home, offline, RESULTS, TURTLE } from "./asking.js";
import { element } from "./elements.js";
import { table } from "./table.js";
import { labels } from "./terms.js";
import { _, ngettext } from "./texts.js";
import { views } from "./views.js";

const ROWS_AS = { csv: "CSV", tsv: "TSV", json: "JSON" };
const GRAPH_AS = { turtle: "Turtle", ntriples: "N-Triples", jsonld: "JSON-LD" };
const MEDIA = {
  csv: "text/csv",
  tsv: "text/tab-separated-values",
  json: RESULTS,
  turtle: TURTLE,
  ntriples: "application/n-triples",
  jsonld: "application/ld+json",
};
/** How many lines of Turtle are shown. */
const LINES = 2000;

/**
 * Run a query and show its answer in a box.
 * @param {string} query
 * @param {HTMLElement} box
 */
export async function answer(query, box, signal) {
  const graph = /^(CONSTRUCT|DESCRIBE)$/i.test(form(query));
  const text = await ask(query, graph ? TURTLE : RESULTS, signal);
  box.replaceChildren(...(graph ? ofGraph(text, query) : await ofRows(JSON.parse(text), query)));
}

/** The first word of a query behind its prologue. */
function form(query) {
  const plain = query.replace(/<[^<>"{}|\\^`\s]*>|"[^"\n]*"|#.*/g, "").replace(/\bPREFIX\s+\S+/gi, "");
  return /\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b/i.exec(plain)?.[0] ?? "";
}

function ofGraph(text, query) {
  const lines = text.split("\n");
  const cut = lines.length > LINES ? element("p", { class: "warning" }, _("The first %(shown)s of %(all)s lines are shown; take the file for all.", { shown: LINES, all: lines.length })) : null;
  return [
    element("h2", {}, _("Answer"), " ", element("span", { class: "count" }, ngettext("%(num)s line of Turtle", "%(num)s lines of Turtle", lines.length))),
    cut,
    element("pre", { class: "box", tabindex: "0", role: "region", "aria-label": _("The answer in Turtle") }, lines.slice(0, LINES).join("\n")),
    downloads(GRAPH_AS, query),
    code(query),
  ].filter(Boolean);
}

async function ofRows(said, query) {
  if (said.boolean !== undefined) return [element("h2", {}, _("Answer")), element("p", { class: "lead" }, said.boolean ? _("Yes") : _("No")), code(query)];
  const columns = said.head.vars;
  const rows = said.results.bindings;
  const iris = rows.flatMap((row) => Object.values(row).filter((term) => term.type === "uri").map((term) => term.value));
  const named = await labels(iris.slice(0, 4000));
  const count = ngettext("%(num)s row", "%(num)s rows", rows.length);
  const head = element("h2", {}, _("Answer"), " ", element("span", { class: "count" }, count));
  if (!rows.length) return [head, element("p", {}, _("Nothing in the data answers this.")), code(query)];
  const ways = [{ name: _("Table"), draw: () => table(columns, rows, named) }, ...views(columns, rows)];
  return [head, shownIn(ways, named), downloads(ROWS_AS, query), code(query)];
}

/** Show one of several views, which a reader chooses. */
function shownIn(ways, named) {
  const place = element("div");
  const buttons = ways.map((way) => element("button", { type: "button", class: "second", "aria-pressed": "false", click: () => show(way) }, way.name));
  function show(chosen) {
    buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(ways[index] === chosen)));
    place.replaceChildren(chosen.draw(named) ?? element("p", {}, _("These rows cannot be drawn so.")));
  }
  show(ways[0]);
  return element("div", {}, ways.length > 1 ? element("div", { class: "row", role: "group", "aria-label": _("Show as") }, ...buttons) : null, place);
}

/** Offer the answer as files, which are made when somebody takes one. */
function downloads(kinds, query) {
  const buttons = Object.entries(kinds).map(([name, word]) =>
    element("button", { type: "button", class: "second", click: () => save(query, name) }, word),
  );
  return element("p", { class: "row" }, element("span", {}, _("Download:")), ...buttons);
}

async function save(query, name) {
  const text = await ask(query, MEDIA[name]);
  const link = element("a", {
    href: URL.createObjectURL(new Blob([text], { type: MEDIA[name] })),
    download: `answer.${{ turtle: "ttl", ntriples: "nt" }[name] ?? name}`,
  });
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Give the query as code for a terminal, for Python and for R. */
function code(query) {
  if (offline) return element("p", { class: "note" }, _("For programs:"), " ", element("a", { href: `${home}/dump/` }, _("the files")));
  const where = `${new URL(home || "/", location.href).href.replace(/\/$/, "")}/sparql`;
  const shell = query.replaceAll("'", "'\\''");
  const python = query.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  const texts = {
    curl: `curl '${where}?prefixes=dataset' -H 'Accept: text/csv' \\\n  --data-urlencode 'query=${shell}'`,
    [_("Python with pandas")]: `import io\nimport pandas\nimport requests\n\nquery = """${python}"""\nanswer = requests.post(\n    "${where}",\n    data={"query": query, "prefixes": "dataset"},\n    headers={"Accept": "text/csv"},\n)\nanswer.raise_for_status()\nprint(pandas.read_csv(io.StringIO(answer.text)))`,
    R: `library(httr)\nquery <- ${JSON.stringify(query)}\nanswer <- POST("${where}", body = list(query = query, prefixes = "dataset"),\n               encode = "form", accept("text/csv"))\nstop_for_status(answer)\nread.csv(text = content(answer, "text", encoding = "UTF-8"))`,
  };
  const parts = Object.entries(texts).flatMap(([name, text]) => {
    const state = element("span", { role: "status" });
    const copy = element("button", { type: "button", class: "second", click: () => copied(text, state) }, _("Copy for %(name)s", { name }));
    return [
      element("h3", {}, name),
      element("pre", { class: "box", tabindex: "0", role: "region", "aria-label": name }, text),
      element("p", { class: "row" }, copy, state),
    ];
  });
  return element("details", { class: "program" }, element("summary", {}, _("From a program")), ...parts);
}

/** Put a text where it can be pasted, and say whether that worked. */
export async function copied(text, state) {
  try {
    await navigator.clipboard.writeText(text);
    state.textContent = _("Copied");
  } catch {
    state.textContent = text.length < 2000 ? text : _("The browser does not allow it; mark the text and copy it");
  }
}
