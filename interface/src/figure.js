import { shape } from "./elements.js";

/** How long a label in a drawing may be. */
const LONGEST = 42;
const FROM_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/**
 * Shorten a label for a drawing; whoever points at it gets the whole.
 * @param {string} text
 * @param {number} [most]
 */
export function brief(text, most = LONGEST) {
  const short = text.length <= most ? text : `${text.slice(0, most - 1).replace(/\s+\S*$/, "")}…`;
  // Drawings have no `dir="auto"`: the marks (UAX 9, 2.4) keep what is written from the right apart.
  return FROM_RIGHT.test(short) ? `\u2068${short}\u2069` : short;
}

/**
 * Make an empty drawing of some size in its own units.
 * @param {number} width
 * @param {number} height
 * @param {string} label what it shows, for those who do not see it
 */
export function drawing(width, height, label) {
  return shape("svg", { class: "drawing", viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": label });
}

/**
 * Lead on from a part of a drawing, where its thing has an address.
 * @param {string | null} where
 * @param {string} label
 * @param {...Node} children
 */
export function led(where, label, ...children) {
  const title = shape("title", {}, label);
  return where
    ? shape("a", { href: where }, title, ...children)
    : shape("g", { tabindex: "0", role: "img" }, title, ...children);
}

/** About how wide a sign is, and how high a line, in units of a drawing. */
const SIGN = 7.4;
const LINE = 16;

/**
 * Find a place for the name of each point, the first first, so that none lies over another or over
 * a point. What finds none is not shown, unless it is to be shown `always`.
 * @param {{x: number, y: number, radius: number, text: string, bold?: boolean, always?: boolean}[]} points
 * @param {number} width
 * @param {number} height
 * @returns {{x: number, y: number, anchor: string, shown: boolean}[]} relative to each point
 */
export function lettered(points, width, height) {
  const taken = points.map(({ x, y, radius }) => [x - radius, y - radius, x + radius, y + radius]);
  const overlap = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
  const within = (box) => box[0] > 2 && box[1] > 2 && box[2] < width - 2 && box[3] < height - 2;
  return points.map(({ x, y, radius, text, bold, always }) => {
    const gap = radius + 4;
    const long = text.length * SIGN * (bold ? 1.08 : 1);
    const places = [
      { anchor: "start", x: gap, y: 4, box: [gap, -LINE / 2, gap + long, LINE / 2] },
      { anchor: "end", x: -gap, y: 4, box: [-gap - long, -LINE / 2, -gap, LINE / 2] },
      { anchor: "middle", x: 0, y: gap + 11, box: [-long / 2, gap, long / 2, gap + LINE] },
      { anchor: "middle", x: 0, y: -gap - 3, box: [-long / 2, -gap - LINE, long / 2, -gap] },
      { anchor: "start", x: 4, y: gap + 11, box: [4, gap, 4 + long, gap + LINE] },
      { anchor: "end", x: -4, y: gap + 11, box: [-4 - long, gap, -4, gap + LINE] },
      { anchor: "start", x: 4, y: -gap - 3, box: [4, -gap - LINE, 4 + long, -gap] },
      { anchor: "end", x: -4, y: -gap - 3, box: [-4 - long, -gap - LINE, -4, -gap] },
    ].map((one) => ({ ...one, box: [x + one.box[0], y + one.box[1], x + one.box[2], y + one.box[3]] }));
    const free = places.find((one) => within(one.box) && !taken.some((other) => overlap(one.box, other)));
    const place = free ?? places[always ? 3 : x > width * 0.6 ? 1 : 0];
    const shown = Boolean(free) || Boolean(always);
    if (shown) taken.push(place.box);
    return { x: place.x, y: place.y, anchor: place.anchor, shown };
  });
}
