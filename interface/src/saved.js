import { read } from "./asking.js";
import { element } from "./elements.js";
import { offered } from "./offers.js";
import { called, short } from "./things.js";
import { _ } from "./texts.js";

const STRING = "http://www.w3.org/2001/XMLSchema#string";

/**
 * Put the saved questions beside an editor: a list that can be searched, and fields for what may
 * be changed in the one that was chosen.
 * @param {HTMLElement} list what holds the links to the questions
 * @param {HTMLElement} place where the fields go
 * @param {{text: string}} editor
 * @param {() => void} run
 * @returns {Promise<(iri: string, given: URLSearchParams) => Promise<void>>} what asks a question with values that an address gives; a thing may be given by what it is called
 */
export async function beside(list, place, editor, run) {
  const [{ questions }, { prefixes }] = await Promise.all([
    read("/questions.json"),
    read("/completions.json"),
  ]);
  const byName = new Map(questions.map((one) => [one.iri, one]));
  const links = [...list.querySelectorAll("a[data-question]")];
  const filter = element("input", {
    type: "search",
    id: "find-question",
    input: () => {
      const words = filter.value.toLowerCase().split(/\s+/);
      for (const link of links) {
        const text = link.textContent.toLowerCase();
        link.closest("li").hidden = !words.every((word) => text.includes(word));
      }
    },
  });
  list.before(element("p", {}, element("label", { for: "find-question" }, _("Find one"), " "), filter));
  for (const link of links) {
    link.addEventListener("click", (event) => {
      const one = byName.get(link.dataset.question);
      if (!one || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      asked(one);
    });
  }

  function asked(one, values = {}) {
    const terms = one.parameters.map((parameter) => [parameter.name, written(parameter, values[parameter.name] ?? "", prefixes)]);
    editor.text = terms.reduce((text, [name, term]) => (values[name] && term ? replaced(text, name, term) : text), one.query);
    place.replaceChildren(...fields(one, values, editor, prefixes, run));
    run();
  }

  return async (iri, given) => {
    const one = byName.get(iri);
    if (!one) return;
    const values = {};
    for (const { name, datatype } of one.parameters) {
      const text = given.get(name) ?? "";
      const [found] = text && !datatype && !text.includes(":") ? await called(text, 1) : [];
      values[name] = found ? short(found.iri, prefixes) : text;
    }
    asked(one, values);
  };
}

function fields(one, values, editor, prefixes, run) {
  const head = element("h2", { class: "asked-now" }, one.label);
  const about = one.comment ? element("p", {}, one.comment) : null;
  const rows = one.parameters.map((parameter) => field(parameter, values[parameter.name], editor, prefixes, run));
  return [head, about, ...rows].filter(Boolean);
}

function field(parameter, value, editor, prefixes, run) {
  const id = `parameter-${parameter.name}`;
  const note = element("span", { class: "note", id: `${id}-about` }, parameter.description);
  const input = element("input", {
    id,
    value: value || (parameter.example ?? ""),
    autocomplete: "off",
    spellcheck: "false",
    "aria-describedby": note.id,
    change: () => {
      const term = written(parameter, input.value.trim(), prefixes);
      input.setAttribute("aria-invalid", String(term === null));
      if (term === null) return;
      editor.text = replaced(editor.text, parameter.name, term);
      run();
    },
  });
  const line = element("p", { class: "field" }, element("label", { for: id }, parameter.name), input, note);
  if (!parameter.datatype) offered(input, prefixes);
  return line;
}

/** Write a value as the term that it is; `null` where it is none. */
export function written(parameter, text, prefixes) {
  if (!parameter.datatype) {
    const name = /^([\w-]*):[\p{L}\p{N}_.-]+$/u.exec(text);
    if (name && name[1] in prefixes) return text;
    const iri = text.replace(/^<(.*)>$/, "$1");
    return /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]*$/i.test(iri) ? `<${iri}>` : null;
  }
  const sign = { "\n": "\\n", "\r": "\\r", "\\": "\\\\", '"': '\\"' };
  const quoted = `"${text.replace(/[\n\r\\"]/g, (one) => sign[one])}"`;
  return parameter.datatype === STRING ? quoted : `${quoted}^^<${parameter.datatype}>`;
}

/** Put a term in the place of the default of a parameter; it may stand in several. */
export function replaced(query, name, term) {
  const place = new RegExp(`(VALUES\\s+[?$]${name}\\s*\\{)[^}]*(\\})`, "gi");
  return query.replace(place, (_, begin, end) => `${begin} ${term} ${end}`);
}
