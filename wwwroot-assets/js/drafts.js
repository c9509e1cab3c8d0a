// What was typed and not sent, and what was sent and not answered, by composer. It outlives the page, the connection and the host.
const Draft = "draft/", Sending = "sending/";

export const readDraft = key => localStorage.getItem(Draft + key) ?? "";

// The browser keeps some millions of characters; what does not fit is not kept, and typing goes on.
function store(name, text) {
  try {
    localStorage.setItem(name, text);
    return true;
  } catch {
    localStorage.removeItem(name);
    return false;
  }
}

/** Whether the text is kept now. */
export function keepDraft(key, text) {
  if (text) return store(Draft + key, text);
  localStorage.removeItem(Draft + key);
  return true;
}

/** A message on its way. The same message again has the same id, so that it is taken once, whatever happened to the first answer. */
export function beginSending(key, text, attachments) {
  const known = JSON.parse(localStorage.getItem(Sending + key) ?? "null");
  if (known && known.text === text && known.attachments.join("\n") === attachments.join("\n")) return known.id;
  const id = crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, "0")).join("");
  store(Sending + key, JSON.stringify({ text, attachments, id }));
  return id;
}

export const endSending = key => localStorage.removeItem(Sending + key);

export function forgetDrafts() {
  for (const name of Object.keys(localStorage)) if (name.startsWith(Draft) || name.startsWith(Sending)) localStorage.removeItem(name);
}
