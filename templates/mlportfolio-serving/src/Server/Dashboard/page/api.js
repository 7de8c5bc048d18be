// Calls of this server. The key lives in this module only: a reload forgets it.
let key = "";

export const useKey = (value) => { key = value; };

/** GET without a body, POST with one; the answer's JSON, or an Error that carries the server's own message and the status. */
export async function call(path, body) {
  const headers = key ? { Authorization: `Bearer ${key}` } : {};
  const request = body === undefined ? { headers } : { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, { ...request, cache: "no-store", signal: AbortSignal.timeout(10_000) });
  const text = await response.text();
  let answer = {};
  try { answer = text ? JSON.parse(text) : {}; } catch { answer = { error: `the answer is no JSON (status ${response.status})` }; }
  if (!response.ok || answer.error) throw Object.assign(new Error(answer.error ?? `status ${response.status}`), { status: response.status });
  return answer;
}
