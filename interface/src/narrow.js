// A list narrowed in the browser: by words of the names, and by the values that things share.
import { changed, choice } from "./choices.js";
import { element } from "./elements.js";
import { growing } from "./growing.js";
import { plain } from "./plain.js";
import { _, ngettext } from "./texts.js";

const TITLES = { class: _("kind"), linked: _("linked to records elsewhere"), decade: _("decade"), language: _("language") };
const OPEN = 4;
const place = document.querySelector("#narrow");
const found = document.querySelector(".found");
const { home = "", language: ours } = document.documentElement.dataset;
const whole = [...found.childNodes];
const field = element("input", { id: "q", type: "search", maxlength: "200", autocomplete: "off", spellcheck: "false", input: () => chosen("q", field.value.trim()) });
const values = element("nav", { "aria-label": _("Narrow the list") });
let told = null;

begin();

async function begin() {
  const answer = await fetch(place.dataset.index).catch(() => null);
  if (!answer?.ok) return place.remove();
  const { things, facets } = await answer.json();
  told = {
    things: things.map(([label, place, language], number) => ({ number, label, place, language, plain: plain(label) })),
    facets: facets.map((facet) => ({ ...facet, values: facet.values.map((value) => ({ ...value, things: new Set(value.things) })) })),
  };
  place.replaceChildren(element("p", {}, element("label", { for: "q" }, _("Words of the name"))), element("p", { class: "row" }, field), values);
  addEventListener("popstate", show);
  show();
}

/** Choose a value, in the address too, so that it can be kept and shared. */
function chosen(name, value) {
  history.replaceState(null, "", changed(name, value));
  show();
}

function show() {
  const asked = new URLSearchParams(location.search);
  const words = asked.get("q") ?? "";
  if (document.activeElement !== field) field.value = words;
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  const named = told.things.filter((thing) => wanted.every((word) => thing.plain.includes(word)));
  const having = told.facets.filter(({ name }) => asked.has(name)).map((facet) => [facet.name, facet.values.find((value) => value.name === asked.get(facet.name))?.things ?? new Set()]);
  const left = (without) => named.filter(({ number }) => having.every(([name, some]) => name === without || some.has(number)));
  values.replaceChildren(...told.facets.map((facet, index) => offered(facet, left(facet.name), asked, index)).filter(Boolean));
  if (words || having.length) listed(left());
  else found.replaceChildren(...whole);
}

/** Offer the values of a facet, each with how many things it leaves. */
function offered(facet, things, asked, index) {
  const now = asked.get(facet.name);
  const rows = facet.values
    .map((value) => [value, things.filter(({ number }) => value.things.has(number)).length])
    // One that all have narrows nothing.
    .filter(([value, count]) => (count > 0 && count < things.length) || value.name === now);
  if (!rows.length) return null;
  const open = values.children.length ? values.querySelector(`[data-facet="${CSS.escape(facet.name)}"]`)?.open : index < OPEN;
  const summary = element("summary", {}, element("h2", {}, facet.label || TITLES[facet.name]));
  return element("details", { "data-facet": facet.name, open: open || now !== null }, summary, element("ul", {}, ...rows.map(([value, count]) => row(facet.name, value, count, value.name === now))));
}

function row(name, { name: value, label }, count, isChosen) {
  return choice({ name, value, label, count, isChosen }, (next) => {
    chosen(name, next);
    // The link that was followed is not there any more; what stands in its place is.
    values.querySelector(`[data-facet="${CSS.escape(name)}"] [data-value="${CSS.escape(value)}"]`)?.focus();
  });
}

/** Show what is left of the list, a part at a time. */
function listed(things) {
  const status = element("p", { role: "status" }, ngettext("%(num)s of %(total)s things", "%(num)s of %(total)s things", things.length, { total: told.things.length }), " · ", element("a", { href: location.pathname }, _("Show all")));
  const list = element("ul", { class: "columns" });
  const more = growing(list, things, ({ label, place, language }) => element("li", {}, element("a", { href: home + place, lang: language !== ours && language }, label)));
  found.replaceChildren(status, list, more);
}
