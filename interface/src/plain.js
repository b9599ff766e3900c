/** What the Arabic script has twice and readers see once, as in `publish/matching.py`. */
const SAME_LETTER = { "\u064a": "\u06cc", "\u0649": "\u06cc", "\u0643": "\u06a9", "\u06c1": "\u0647", "\u0629": "\u0647", "\u06d5": "\u0647", "\u0640": "" };

/** Write a text without case and accents, with figures of this script. */
export function plain(text) {
  const apart = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return apart
    .replace(/[\u0629\u0640\u0643\u0649\u064a\u06c1\u06d5]/g, (sign) => SAME_LETTER[sign])
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (sign) => String(sign.charCodeAt(0) % 16));
}
