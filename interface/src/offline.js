// What a server would answer, where the pages are files: queries by an engine in the browser,
// the search by an index of the names, and what is kept ready by files.
import { kept } from "./files.js";
import { Problem } from "./problem.js";
import { _ } from "./texts.js";

const MOST = 100;
let worker = null;
let count = 0;

/**
 * Run a query, with the prefixes of the data known, and give the answer as text.
 * @param {string} query
 * @param {string} media
 * @param {AbortSignal} [signal]
 * @returns {Promise<string>}
 */
export async function ask(query, media, signal) {
  const prologue = await missing(query);
  const { engine, dump, base, apart } = await kept("/offline.json");
  const source = { dump: new URL(dump, location.href).href, base, apart };
  worker ??= new Worker(engine, { type: "module" });
  const id = ++count;
  const own = worker;
  return new Promise((resolve, reject) => {
    const heard = ({ data }) => {
      if (data.id !== id) return;
      own.removeEventListener("message", heard);
      if (data.wrong === undefined) resolve(data.answer);
      else reject(problem(data.wrong, prologue));
    };
    own.addEventListener("message", heard);
    own.addEventListener("error", () => reject(new Problem(_("The engine cannot be loaded; see whether the site is complete."))));
    // Nothing else stops a query that runs.
    signal?.addEventListener("abort", () => {
      own.terminate();
      if (worker === own) worker = null;
      reject(signal.reason);
    });
    own.postMessage({ id, source, query: prologue + query, media });
  });
}

/** Give the query of a section of the page about a thing, named without what all share; `null` where there is none. */
export async function section(name, of) {
  const { sections, thing, space } = await kept("/offline.json");
  return sections[name]?.replaceAll(thing, () => space + of) ?? null;
}

/** Give the PREFIX lines that a query needs and does not have. */
async function missing(query) {
  const { prefixes } = await kept("/completions.json");
  const said = new Set([...query.matchAll(/\bPREFIX\s+([\w.-]*):/gi)].map((found) => found[1]));
  const used = new Set([...query.matchAll(/(?<![\w-])([A-Za-z][\w.-]*)?:/g)].map((found) => found[1] ?? ""));
  return [...used]
    .filter((name) => name in prefixes && !said.has(name))
    .map((name) => `PREFIX ${name}: <${prefixes[name]}> `)
    .join("");
}

/** The lines above the query stand in its first line. */
function problem(said, prologue) {
  const [, line, column, what] = /^error at (\d+):(\d+): ([\s\S]*)$/.exec(said) ?? [];
  if (!line) return new Problem(said);
  const within = Number(line) === 1 ? Math.max(1, Number(column) - prologue.length) : Number(column);
  const known = /Prefix not found/.test(what) ? _("its prefix is not known") : what.replace(/\s+/g, " ").slice(0, 300);
  return new Problem(_("Line %(line)s, column %(column)s: %(what)s", { line, column: within, what: known }), Number(line), within, _("This is no query"));
}

/**
 * Read what a server would keep ready as JSON.
 * @param {string} path
 * @returns {Promise<any>}
 */
export async function read(path) {
  const asked = new URL(path, location.origin);
  if (asked.pathname !== "/search") return kept(path);
  const { find } = await import("./names.js");
  return { results: (await find(asked.searchParams.get("q") ?? "")).slice(0, MOST) };
}
