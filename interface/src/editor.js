import { acceptCompletion, autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { read } from "./asking.js";
import { element } from "./elements.js";
import { _ } from "./texts.js";
import { called, short } from "./things.js";

const KEYWORDS = (
  "SELECT ASK CONSTRUCT DESCRIBE WHERE FROM NAMED PREFIX BASE DISTINCT REDUCED OPTIONAL UNION MINUS GRAPH FILTER BIND " +
  "VALUES GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT EXISTS NOT IN AS UNDEF " +
  "REGEX CONTAINS STRSTARTS STRENDS LANG LANGMATCHES DATATYPE BOUND COALESCE IF STR IRI LCASE UCASE CONCAT REPLACE YEAR"
).split(" ");

/** What a completion is, in words. */
const KINDS = { class: _("class"), property: _("property") };
const PHRASES = { Completions: _("Completions"), Diagnostics: _("Diagnostics"), "Selection deleted": _("Selection deleted") };

const look = EditorView.theme({
  "&": { fontSize: "0.875rem", backgroundColor: "var(--block)", color: "var(--ink)", border: "1px solid var(--quiet)", borderRadius: "4px" },
  "&.cm-focused": { outline: "3px solid var(--link)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: 'ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace', lineHeight: "1.45", minHeight: "14rem", maxHeight: "32rem" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.5rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--mark)" },
  ".cm-gutters": { backgroundColor: "var(--block)", color: "var(--quiet)", borderRight: "1px solid var(--line)" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--quiet)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.15rem 0.5rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--link)", color: "var(--paper)" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "1", marginLeft: "1rem" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--warn)" },
  ".cm-lintRange-error": { backgroundImage: "none", borderBottom: "3px double var(--warn)", backgroundColor: "var(--warn-block)" },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--link)", fontWeight: "600" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--variable)" },
  { tag: [tags.string, tags.atom, tags.number], color: "var(--text)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.operator, tags.punctuation, tags.bracket], color: "var(--ink)" },
]);

/**
 * Write over a selection by ourselves: a browser would carry its looks over to the new text, in a
 * style attribute, which the page's security policy forbids.
 */
function overwritten(event, view) {
  if (event.inputType !== "insertText" || !event.data || view.state.selection.main.empty) return false;
  event.preventDefault();
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  return true;
}

/**
 * An editor in the place of a text area, which stays what the form sends.
 *
 * It stands in a shadow root: there its styles are adopted and not written into the page, which
 * the page's security policy forbids.
 */
export class Editor {
  /**
   * @param {HTMLTextAreaElement} area
   * @param {() => void} run what Ctrl-Enter does
   */
  constructor(area, run) {
    this.area = area;
    const host = element("div", { class: "editor" });
    const root = host.attachShadow({ mode: "open" });
    area.before(host);
    area.hidden = true;
    this.view = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: area.value,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          bracketMatching(),
          StreamLanguage.define(sparql),
          syntaxHighlighting(colours),
          autocompletion({ override: [completions], icons: false }),
          keymap.of([
            { key: "Mod-Enter", run: () => (run(), true) },
            { key: "Tab", run: acceptCompletion },
            ...completionKeymap,
            ...defaultKeymap,
            ...historyKeymap,
          ]),
          EditorState.phrases.of(PHRASES),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": _("Query"), spellcheck: "false", autocapitalize: "off" }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) this.changed();
          }),
          EditorView.domEventHandlers({ beforeinput: overwritten }),
          look,
        ],
      }),
    });
    this.listeners = [];
  }

  get text() {
    return this.view.state.doc.toString();
  }

  set text(value) {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: value } });
  }

  /** Call a function whenever the text changes. */
  whenChanged(listener) {
    this.listeners.push(listener);
  }

  changed() {
    this.area.value = this.text;
    for (const listener of this.listeners) listener();
  }

  /** Mark an error at its place, or none. */
  mark(problem) {
    const { doc } = this.view.state;
    const found = [];
    if (problem?.line && problem.line <= doc.lines) {
      const line = doc.line(problem.line);
      const from = Math.min(line.from + problem.column - 1, line.to);
      const word = /^[\w:?$-]+|^./.exec(doc.sliceString(from, line.to));
      found.push({ from, to: Math.min(line.to, from + (word?.[0].length ?? 1)), severity: "error", message: problem.message });
    }
    this.view.dispatch(setDiagnostics(this.view.state, found));
    if (found.length) this.view.dispatch({ selection: { anchor: found[0].from }, scrollIntoView: true });
  }
}

// --- completions ---------------------------------------------------------------------------------

let known = null;

function vocabulary() {
  known ??= read("/completions.json").catch(() => ({ prefixes: {}, terms: [] }));
  return known;
}

async function completions(context) {
  const word = context.matchBefore(/[?$]?[\p{L}\p{N}_-]*(?::[\p{L}\p{N}_.-]*)?/u);
  if (!word || (word.from === word.to && !context.explicit)) return null;
  const typed = word.text.toLowerCase();
  const text = context.state.doc.toString();
  if (/^[?$]/.test(typed)) {
    const names = new Set(text.match(/[?$][\p{L}\p{N}_]+/gu) ?? []);
    names.delete(word.text);
    return { from: word.from, options: [...names].sort().map((label) => ({ label, type: "variable" })), validFor: /^[?$][\p{L}\p{N}_]*$/u };
  }
  const { prefixes, terms } = await vocabulary();
  // Behind `a` stands a class.
  const wanted = /(?:^|\s)a\s+$/.test(context.state.sliceDoc(Math.max(0, word.from - 10), word.from)) ? "class" : "";
  const rank = (one) => {
    const name = one.name.toLowerCase();
    const begins = name.startsWith(typed) || name.includes(`:${typed}`);
    const words = ` ${one.label.toLowerCase()}`.includes(` ${typed}`);
    return (one.kind === wanted || !wanted ? 0 : 4) + (begins ? 0 : words ? 1 : 2);
  };
  const options = terms
    .filter((one) => one.name.toLowerCase().includes(typed) || one.label.toLowerCase().includes(typed))
    .sort((one, other) => rank(one) - rank(other))
    .slice(0, 60)
    .map((one) => option(one.name, `${KINDS[one.kind] ?? one.kind}: ${one.label}`, prefixes));
  if (!typed.includes(":")) {
    options.push(...KEYWORDS.filter((one) => one.startsWith(typed.toUpperCase()) && typed).map((label) => ({ label, apply: `${label} ` })));
    options.push(
      ...Object.keys(prefixes)
        .filter((one) => one.startsWith(typed))
        .map((prefix) => option(`${prefix}:`, prefixes[prefix], prefixes)),
    );
    if (typed.length > 2) options.push(...(await things(word.text, prefixes)));
  }
  return options.length ? { from: word.from, options, filter: false } : null;
}

async function things(text, prefixes) {
  return (await called(text, 8)).map((one) => option(short(one.iri, prefixes), one.label, prefixes));
}

function option(name, detail, prefixes) {
  return {
    label: name,
    detail,
    apply: (view, completion, from, to) => {
      const prefix = /^([\w-]+):/.exec(name)?.[1];
      const line = prefix && prefixes[prefix] ? `PREFIX ${prefix}: <${prefixes[prefix]}>\n` : "";
      const missing = line && !new RegExp(`PREFIX\\s+${prefix}:`, "i").test(view.state.doc.toString());
      const changes = [{ from, to, insert: name }];
      if (missing) changes.unshift({ from: 0, insert: line });
      view.dispatch({ changes, selection: { anchor: from + name.length + (missing ? line.length : 0) } });
    },
  };
}
