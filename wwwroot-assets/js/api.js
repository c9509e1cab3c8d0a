// The host's HTTP API for the page's own use: large bodies do not fit through the circuit.
const token = () => document.querySelector("meta[name=opagent-antiforgery]")?.content ?? "";

/** Throws an Error with the problem's own words. */
export async function post(path, body, headers = {}) {
  const response = await fetch(`/api/v1${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-OpAgent-Antiforgery": token(), ...headers },
    body: JSON.stringify(body),
  });
  return read(response);
}

/** Stores a file beside the conversation; throws with type "file-exists" where one of this name is there. */
export async function putNew(workspace, path, content) {
  return read(await fetch(`/api/v1/workspaces/${workspace}/files/content?path=${encodeURIComponent(path)}`, {
    method: "PUT",
    headers: { "If-None-Match": "*", "X-OpAgent-Antiforgery": token() },
    body: content,
  }));
}

export const get = async path => read(await fetch(`/api/v1${path}`));

async function read(response) {
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error(answer.detail ?? `The host answered ${response.status}.`), { type: answer.type, status: response.status });
  return answer;
}
