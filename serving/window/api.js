// The calls of the server. A key, where one is required, is kept for this tab only.

const KEPT = "kartograph-key";
const LONGEST = 6000; // characters of an address; the server refuses much longer ones
let askForKey = async () => null;
let asking = null;

/** A refusal, in the server's words. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** Say how a person is asked for a key; the function answers with the key, or with null where none is given. */
export function whenKeyIsNeeded(ask) {
  askForKey = ask;
}

export const hasKey = () => Boolean(sessionStorage.getItem(KEPT));
export const forgetKey = () => sessionStorage.removeItem(KEPT);

/** An id as a part of a path; null for one that cannot be written there. */
export function inPath(id) {
  return id === "." || id === ".." ? null : encodeURIComponent(id);
}

/** Call the server: `query` holds parameters (lists repeat), `body` goes as JSON.
 *  Answers with `data`, `ms` from the question to the whole answer, and `server`, the part of it at the server. */
export async function call(method, path, { query = {}, body, signal } = {}) {
  const address = path + searchOf(query);
  for (;;) {
    const key = sessionStorage.getItem(KEPT);
    const headers = { Accept: "application/json" };
    if (key) headers.Authorization = `Bearer ${key}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const began = performance.now();
    let answer, text;
    try {
      answer = await fetch(address, { method, headers, body: body && JSON.stringify(body), signal });
      text = await answer.text();
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Refused(0, "The server does not answer.");
    }
    const ms = performance.now() - began;
    if (answer.status === 401) {
      if (sessionStorage.getItem(KEPT) === key) forgetKey();
      asking ??= askForKey(Boolean(key)).finally(() => (asking = null));
      const given = sessionStorage.getItem(KEPT) ?? (await asking);
      if (!given) throw new Refused(401, "The server asks for a key.");
      sessionStorage.setItem(KEPT, given);
      continue;
    }
    const data = parsed(text);
    if (!answer.ok) throw new Refused(answer.status, data?.detail ?? `The server answered ${answer.status}.`);
    const server = /app;dur=([\d.]+)/.exec(answer.headers.get("Server-Timing") ?? "");
    return { data, ms, server: server ? Number(server[1]) : null };
  }
}

/** Items by id, in as many calls as their ids need; unknown ones are missing. */
export async function itemsById(ids, signal) {
  const calls = [[]];
  let length = 0;
  for (const id of ids) {
    const size = encodeURIComponent(id).length + 4;
    if (calls.at(-1).length && (length + size > LONGEST || calls.at(-1).length >= 100)) {
      calls.push([]);
      length = 0;
    }
    calls.at(-1).push(id);
    length += size;
  }
  const answers = await Promise.all(
    calls.filter((some) => some.length).map((id) => call("GET", "/v1/items", { query: { id }, signal }).catch(nothing)),
  );
  return answers.flatMap((answer) => answer.data);
}

function nothing(error) {
  if (error.name === "AbortError") throw error;
  return { data: [] };
}

function searchOf(query) {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined && one !== null) parts.append(name, one);
  }
  const text = parts.toString();
  return text ? `?${text}` : "";
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
