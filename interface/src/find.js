// The search among files: by words, and narrowed by kind, at the addresses that a server has.
import { home } from "./asking.js";
import { changed, choice } from "./choices.js";
import { element } from "./elements.js";
import { growing } from "./growing.js";
import { find } from "./names.js";
import { _, ngettext } from "./texts.js";

const { language: ours } = document.documentElement.dataset;
const input = document.querySelector("#q");
const place = document.querySelector("#found-here");
input.form.addEventListener("submit", (event) => event.preventDefault());
input.addEventListener("input", () => moved(changed("q", input.value.trim())));
addEventListener("popstate", begin);
begin();

function begin() {
  input.value = asked("q");
  show();
}

function asked(name) {
  return new URLSearchParams(location.search).get(name) ?? "";
}

/** Go to an address of this page, so that it can be kept and shared. */
async function moved(address) {
  history.replaceState(null, "", address);
  await show();
}

async function show() {
  const text = asked("q").trim();
  if (!text) return place.replaceChildren();
  try {
    const found = await find(text);
    if (text !== asked("q").trim()) return;
    const kind = asked("kind");
    const left = kind ? found.filter((one) => one.kind === kind) : found;
    const count = element("p", { role: "status" }, left.length ? ngettext("%(num)s thing", "%(num)s things", left.length) : _("Nothing is called so. Try fewer words, or the lists."));
    const list = element("ol", { class: "hits" });
    place.replaceChildren(count, kinds(found, kind) ?? "", list, growing(list, left, hit));
  } catch (error) {
    place.replaceChildren(element("p", { class: "warning", role: "alert", lang: error.lang ?? null }, error.message));
  }
}

/** Offer the kinds of what was found, first that of the best; nothing where there is one. */
function kinds(found, chosen) {
  const counts = new Map();
  for (const { kind } of found) if (kind) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  if (chosen && !counts.has(chosen)) counts.set(chosen, 0);
  if (counts.size < 2) return null;
  const words = new Map(found.map(({ kind, called }) => [kind, called]));
  const offered = [...counts].map(([kind, count]) => {
    const [label = kind, language] = words.get(kind) ?? [];
    return choice({ name: "kind", value: kind, label, language: language !== ours && language, count, isChosen: kind === chosen }, async (value) => {
      await moved(changed("kind", value));
      // The link that was followed is not there any more; what stands in its place is.
      place.querySelector(`[data-value="${CSS.escape(kind)}"]`)?.focus();
    });
  });
  return element("nav", { "aria-label": _("Narrow the list") }, element("ul", { class: "inline" }, ...offered));
}

function hit({ label, place, name, called: [kind = "", language] }) {
  const link = element("a", { href: home + place }, label);
  return element(
    "li",
    {},
    link,
    " ",
    element("span", { class: "note", lang: language && language !== ours && language }, kind),
    ...(name === label ? [] : [" ", element("span", { class: "note" }, _("also called %(name)s", { name }))]),
  );
}
