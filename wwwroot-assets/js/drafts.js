// What was typed and not sent, by composer. It outlives the page, the connection and the host.
const Prefix = "draft/";

export const readDraft = key => localStorage.getItem(Prefix + key) ?? "";

export function keepDraft(key, text) {
  if (text) localStorage.setItem(Prefix + key, text);
  else localStorage.removeItem(Prefix + key);
}
