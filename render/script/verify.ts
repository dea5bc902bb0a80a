// The page that checks an article's editions against the record, as `dateline verify` does: the proof at the article's /proof, the
// keys that the record names, the log's tiles (C2SP signed-note, tlog-checkpoint, tlog-tiles, tlog-cosignature; RFC 6962) and what
// this browser saw the time before. It says only what is proved, in the catalogue's sentences.

export {};

type Bytes = Uint8Array<ArrayBuffer>;
interface Key {
  text: string;
  name: string;
  id: string; // in hex
  stamped: string; // the id under which the same key signs with an instant
  key: CryptoKey;
}
interface Checkpoint {
  origin: string;
  size: number;
  root: Bytes;
}
interface Given {
  checkpoint: string;
  entries: { header: string; body: string; salt: string; proof: string[] }[];
}
interface Entry {
  seq: number;
  at: string;
  kind: string;
  body: Record<string, unknown>;
  leaf: Bytes;
  proof: Bytes[];
}
interface Seen {
  key: string;
  checkpoint: string;
  at: string;
}

const result = document.getElementById("verdict")!;
const data = result.dataset as Record<string, string>;
const words: Record<string, string> = JSON.parse(data.words);
const clock: { zone: string; names: Record<string, string>; months: string[]; comma: string } = JSON.parse(data.clock);
const form = document.querySelector<HTMLFormElement>("form.verify")!;
const field = form.querySelector("textarea")!;
const logKey = "dateline.log";
const witnessesKey = "dateline.witnesses";
const often = 2 * 3600e3; // how often a paper signs at least, with some patience

// Bytes and hashes.

const utf8 = (s: string) => new TextEncoder().encode(s) as Bytes;
const base64 = (s: string) => Uint8Array.from(atob(s), c => c.charCodeAt(0));
const hex = (b: Bytes) => [...b].map(x => x.toString(16).padStart(2, "0")).join("");
const same = (a: Bytes, b: Bytes) => hex(a) == hex(b);

function joined(...parts: Bytes[]): Bytes {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

const sha256 = async (...parts: Bytes[]): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
const node = (left: Bytes, right: Bytes) => sha256(Uint8Array.of(1), left, right);

function hash(s: string): Bytes {
  const b = base64(s);
  if (b.length != 32) throw Error("a hash is damaged");
  return b;
}

// Keys and signed notes.

/** Reads a verifier key; algorithm is 1 for a log's, 4 for a witness's. */
async function readKey(text: string, algorithm: number): Promise<Key> {
  const m = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  if (!m) throw Error("no verifier key");
  const b = base64(m[3]);
  const id = async (algorithm: number) => hex((await sha256(utf8(m[1] + "\n"), Uint8Array.of(algorithm), b.slice(1))).slice(0, 4));
  if (b.length != 33 || b[0] != algorithm || (await id(algorithm)) != m[2]) throw Error("no verifier key");
  return { text, name: m[1], id: m[2], stamped: await id(4), key: await crypto.subtle.importKey("raw", b.slice(1), "Ed25519", false, ["verify"]) };
}

function parts(note: string) {
  const cut = note.lastIndexOf("\n\n");
  if (cut < 0) throw Error("no signed note");
  const lines = note.slice(cut + 2).split("\n").map(l => /^— (\S+) (\S+)$/.exec(l)).filter(m => m) as RegExpExecArray[];
  return { text: note.slice(0, cut + 1), lines: lines.map(m => ({ name: m[1], bytes: base64(m[2]) })) };
}

const line = (note: string, name: string, id: string) => parts(note).lines.find(l => l.name == name && hex(l.bytes.slice(0, 4)) == id)?.bytes.slice(4);

/** Says whether a key signed a note. */
async function signed(note: string, k: Key) {
  const by = line(note, k.name, k.id);
  return !!by && crypto.subtle.verify("Ed25519", k.key, by, utf8(parts(note).text));
}

/** When a key signed a note, in ms; undefined where it did not say so, or not truly. */
async function signedAt(note: string, k: Key) {
  const by = line(note, k.name, k.stamped);
  if (by?.length != 72) return;
  const at = Number(new DataView(by.buffer).getBigUint64(0));
  if (await crypto.subtle.verify("Ed25519", k.key, by.slice(8), utf8(`cosignature/v1\ntime ${at}\n${parts(note).text}`))) return at * 1e3;
}

function checkpoint(note: string): Checkpoint {
  const m = /^(.+)\n(0|[1-9]\d*)\n(.+)\n$/.exec(parts(note).text);
  if (!m || !Number.isSafeInteger(+m[2])) throw Error("no checkpoint");
  return { origin: m[1], size: +m[2], root: hash(m[3]) };
}

// The tree.

/** The root that an entry's proof leads to (RFC 9162, section 2.1.3.2); undefined where it is no proof. */
async function rootOf(leaf: Bytes, index: number, size: number, proof: Bytes[]) {
  let last = size - 1;
  if (index < 0 || index > last) return;
  let h = leaf;
  for (const p of proof) {
    if (!last) return;
    if (index % 2 || index == last) {
      h = await node(p, h);
      while (!(index % 2) && index) {
        index /= 2;
        last = Math.floor(last / 2);
      }
    } else h = await node(h, p);
    index = Math.floor(index / 2);
    last = Math.floor(last / 2);
  }
  return last ? undefined : h;
}

class Tree {
  private tiles = new Map<string, Promise<Bytes>>();
  constructor(private size: number) {}

  private tile(level: number, index: number) {
    const width = Math.min(256, Math.floor(this.size / 256 ** level) - index * 256);
    const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, "0");
    const path = `/record/tile/${level}/${digits.replace(/\d{3}(?=\d)/g, "x$&/")}${width < 256 ? ".p/" + width : ""}`;
    if (!this.tiles.has(path)) this.tiles.set(path, load(path, width * 32));
    return this.tiles.get(path)!;
  }

  /** The hash of the n-th whole subtree of 2^level entries. */
  private async whole(level: number, n: number): Promise<Bytes> {
    const width = 2 ** (level % 8);
    const first = n * width;
    const tile = await this.tile(Math.floor(level / 8), Math.floor(first / 256));
    let row = Array.from({ length: width }, (_, i) => tile.slice(((first % 256) + i) * 32, ((first % 256) + i + 1) * 32));
    while (row.length > 1) row = await Promise.all(row.filter((_, i) => !(i % 2)).map((left, i) => node(left, row[2 * i + 1])));
    return row[0];
  }

  /** The roots over the entries from one to another, and over those of them that are among the first old: of the same hashes, so
   * that whoever signed the one signed that it goes on from the other. */
  async roots(from: number, to: number, old: number): Promise<[Bytes, Bytes?]> {
    let half = 1;
    let level = 0;
    for (; half * 2 < to - from; level++) half *= 2;
    if ((to <= old || from >= old) && (to - from == 1 || to - from == half * 2)) {
      const h = await this.whole(to - from == 1 ? 0 : level + 1, from / (to - from));
      return [h, to <= old ? h : undefined];
    }
    const [left, right] = [await this.roots(from, from + half, old), await this.roots(from + half, to, old)];
    return [await node(left[0], right[0]), right[1] ? await node(left[1]!, right[1]) : left[1]];
  }
}

/** Says whether the log of a checkpoint goes on from that of an older one. */
async function goesOn(tree: Tree, now: Checkpoint, old: Checkpoint) {
  if (old.size > now.size) return false;
  if (!old.size || old.size == now.size) return !old.size || same(old.root, now.root);
  const [root, before] = await tree.roots(0, now.size, old.size);
  return same(root, now.root) && same(before!, old.root);
}

// What the site gives.

class Fault extends Error {}

async function ask(path: string) {
  const r = await fetch(path, { credentials: "omit", redirect: "error" }).catch(() => undefined);
  if (!r?.ok) throw new Fault(say("unreached", { address: path }));
  return r;
}

/** Asks for a tile. One that was cut short on its way proves nothing, least of all that the log was rewritten. */
async function load(path: string, length: number) {
  const r = await ask(path);
  const b = new Uint8Array(await r.arrayBuffer());
  if (b.length != length) throw new Fault(say("noProof", { address: path }));
  return b;
}

async function given(path: string): Promise<{ checkpoint: string; entries: Entry[] }> {
  const r = await ask(path);
  try {
    const g: Given = await r.json();
    return { checkpoint: g.checkpoint, entries: await Promise.all(g.entries.map(entry)) };
  } catch {
    throw new Fault(say("noProof", { address: path }));
  }
}

async function entry(g: Given["entries"][0]): Promise<Entry> {
  const { at, kind, role, schema, seq, subject } = JSON.parse(g.header);
  const salt = Uint8Array.from(g.salt.match(/[0-9a-f]{2}/g) ?? [], x => parseInt(x, 16));
  // A header has one form: what could be read in two ways proves neither.
  if (JSON.stringify({ at, kind, role, schema, seq, subject }) != g.header || !Number.isSafeInteger(seq) || salt.length != 32) throw Error("no entry");
  const leaf = await sha256(Uint8Array.of(0), utf8(g.header), await sha256(salt, utf8(g.body)));
  return { seq, at, kind, body: JSON.parse(g.body), leaf, proof: g.proof.map(hash) };
}

async function inLog(e: Entry, c: Checkpoint) {
  const root = await rootOf(e.leaf, e.seq - 1, c.size, e.proof);
  return !!root && same(root, c.root);
}

// What is said.

function say(sentence: string, places: Record<string, string> = {}) {
  const isolated = (s: string) => (document.documentElement.dir == "rtl" ? `\u2068${s}\u2069` : s);
  return words[sentence].replace(/\{(\w+)\}/g, (_, place) => isolated(places[place]));
}

const count = (n: number) => n.toLocaleString("en");

/** 30 June 2026, 14:05:02 IST, as every page writes it. */
function time(at: number | string) {
  const form = new Intl.DateTimeFormat("en-GB", {
    day: "numeric", month: "numeric", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: clock.zone, timeZoneName: "longOffset",
  });
  const p: Record<string, string> = Object.fromEntries(form.formatToParts(new Date(at)).map(x => [x.type, x.value]));
  const offset = p.timeZoneName.slice(3) || "+00:00"; // after GMT
  return `${+p.day} ${clock.months[+p.month - 1]} ${p.year}${clock.comma}${p.hour}:${p.minute}:${p.second} ${clock.names[offset] ?? "UTC" + offset}`;
}

/** One verification: what is proved, and what is not. */
class Verification {
  proved: string[] = [];
  faults: string[] = [];
  private seen?: Seen;
  private key!: Key;
  private now!: Checkpoint;
  private tree!: Tree;

  async run() {
    try {
      this.seen = JSON.parse(localStorage.getItem(logKey) ?? "null") ?? undefined;
    } catch {}
    try {
      await this.all();
    } catch (e) {
      // What is made otherwise than it must be stops the check wherever it is met.
      this.faults.push(e instanceof Fault ? e.message : say("noProof", { address: data.proof }));
    }
  }

  private async all() {
    await this.keys();
    const g = await given(data.proof);
    if (this.faults.length) return;
    this.now = await this.open(g.checkpoint);
    this.tree = new Tree(this.now.size);
    await this.signedWhen(g.checkpoint);
    const editions: Entry[] = [];
    for (const e of g.entries) {
      if (!(await inLog(e, this.now))) this.faults.push(say("notInLog", { entry: count(e.seq) }));
      else if (e.kind != "edition" || typeof e.body.number != "number") this.faults.push(say("noEdition", { entry: count(e.seq) }));
      else editions.push(e);
    }
    if (!g.entries.length) this.faults.push(say("nothing"));
    const sightings = await this.witnessed(g.checkpoint, editions);
    await this.extends();
    for (const e of editions) this.tell(e, sightings);
    if (!this.faults.length) this.keep(g.checkpoint);
  }

  private async open(note: string) {
    const c = (() => {
      try {
        return checkpoint(note);
      } catch {}
    })();
    if (!c || c.origin != this.key.name || !(await signed(note, this.key))) throw new Fault(say("notSigned"));
    return c;
  }

  /** Finds the key to trust: the one seen last or what it leads to or, at first sight, the site's own. */
  private async keys() {
    const g = await given("/record/keys");
    const chain: { key: Key; named: boolean }[] = [];
    try {
      for (const e of g.entries) {
        const { verifier, note } = e.body as { verifier: string; note?: string };
        const before = chain.at(-1)?.key;
        const named = e.kind == "key" && !!before && !!note && parts(note).text == `dateline next key\n${verifier}\n` && (await signed(note, before));
        if (e.kind != "key" && e.kind != "origin") throw Error("no key");
        chain.push({ key: await readKey(verifier, 1), named });
      }
      if (!chain.length) throw Error("no key");
    } catch {
      throw new Fault(say("noProof", { address: "/record/keys" }));
    }
    if (this.seen) {
      const at = chain.findIndex(c => c.key.text == this.seen!.key);
      if (at < 0) throw new Fault(say("keyLost"));
      if (chain.slice(at + 1).some(c => !c.named)) throw new Fault(say("keyCut"));
      this.proved.push(say(at < chain.length - 1 ? "newKey" : "sameKey"));
    } else this.proved.push(say("firstSight"));
    this.key = chain.at(-1)!.key;
    const c = await this.open(g.checkpoint);
    for (const e of g.entries) if (!(await inLog(e, c))) this.faults.push(say("notInLog", { entry: count(e.seq) }));
  }

  private async signedWhen(note: string) {
    const at = await signedAt(note, this.key);
    if (at === undefined) return this.proved.push(say("notTimed"));
    this.proved.push(say("signed", { time: time(at) }));
    if (Date.now() - at > often) this.proved.push(say("stale"));
  }

  /** Asks whether the log goes on from the one that this browser saw last. */
  private async extends() {
    if (!this.seen) return;
    const old = (() => {
      try {
        time(this.seen.at);
        return checkpoint(this.seen.checkpoint);
      } catch {}
    })();
    if (!old) return this.faults.push(say("seenDamaged"));
    if (old.origin != this.now.origin) return this.faults.push(say("otherLog", { origin: old.origin, now: this.now.origin }));
    const places = { size: count(old.size), time: time(this.seen.at) };
    if (await goesOn(this.tree, this.now, old)) this.proved.push(say("goesOn", places));
    else this.faults.push(say("rewritten", places));
  }

  /** What the witnesses that the reader names saw: how large the log was, and when. */
  private async witnessed(note: string, editions: Entry[]) {
    const named = field.value.split(/\s+/).filter(k => k);
    const sightings: { witness: string; size: number; at: number }[] = [];
    if (!named.length) return sightings;
    const notes = [note];
    for (const path of ["/record/cosigned", ...editions.map(e => "/record/cosigned/" + e.seq)]) {
      const r = await fetch(path, { credentials: "omit", redirect: "error" }).catch(() => undefined);
      if (r?.status == 404) continue;
      try {
        const { checkpoints }: { checkpoints: string[] } = await r!.json();
        checkpoints.forEach(checkpoint);
        notes.push(...checkpoints);
      } catch {
        throw new Fault(say("noProof", { address: path }));
      }
    }
    for (const text of named) {
      const k = await readKey(text, 4).catch(() => undefined);
      if (!k) {
        this.faults.push(say("badWitnessKey", { key: text }));
        continue;
      }
      const theirs = [...new Set(notes)].filter(n => line(n, k.name, k.stamped));
      if (!theirs.length) this.faults.push(say("noWitness", { witness: k.name }));
      for (const n of theirs) {
        const at = await signedAt(n, k);
        if (at === undefined) {
          this.faults.push(say("badWitness", { witness: k.name }));
          continue;
        }
        const c = checkpoint(n);
        if (c.origin != this.now.origin) this.faults.push(say("witnessOther", { witness: k.name, origin: c.origin, now: this.now.origin }));
        else if (!(await goesOn(this.tree, this.now, c))) this.faults.push(say("witnessRewritten", { size: count(c.size), witness: k.name, time: time(at) }));
        else sightings.push({ witness: k.name, size: c.size, at });
      }
    }
    return sightings;
  }

  private tell(e: Entry, sightings: { witness: string; size: number; at: number }[]) {
    const first = sightings.filter(s => s.size >= e.seq).sort((a, b) => a.at - b.at)[0];
    const places = { n: count(e.body.number as number), entry: count(e.seq) };
    if (first) this.proved.push(say("inLogSince", { ...places, time: time(first.at), witness: first.witness }));
    else this.proved.push(say("inLog", { ...places, size: count(this.now.size), origin: this.now.origin, time: time(e.at) }));
  }

  /** Keeps what was seen in this browser, and only where all of it was proved. */
  private keep(note: string) {
    try {
      localStorage.setItem(logKey, JSON.stringify({ key: this.key.text, checkpoint: note, at: new Date().toISOString() } satisfies Seen));
      if (!this.seen) this.proved[0] += " " + words.noticedNext;
      this.proved.push(data.kept);
    } catch {
      this.proved.push(data.notKept);
    }
  }
}

function element(name: string, text: string, ...inside: Node[]) {
  const e = document.createElement(name);
  e.textContent = text;
  e.append(...inside);
  return e;
}

function list(heading: string, lines: string[], kind: string) {
  if (!lines.length) return [];
  const ul = element("ul", "", ...lines.map(l => element("li", l)));
  const h = element("h3", heading);
  h.className = ul.className = kind;
  return [h, ul];
}

async function check() {
  form.hidden = false;
  result.replaceChildren(element("p", data.waiting));
  const v = new Verification();
  await v.run();
  result.replaceChildren(...list(data.not, v.faults, "red"), ...list(data.result, v.proved, "proved"));
  result.dataset.done = v.faults.length ? "faults" : "proved";
}

form.onsubmit = e => {
  e.preventDefault();
  try {
    localStorage.setItem(witnessesKey, field.value.trim());
  } catch {}
  check();
};
document.getElementById("forget")!.onclick = () => {
  try {
    localStorage.removeItem(logKey);
    localStorage.removeItem(witnessesKey);
  } catch {}
  field.value = "";
  check();
};

// A browser that cannot check signatures says so, and nothing else.
(async () => {
  try {
    field.value = localStorage.getItem(witnessesKey) ?? "";
  } catch {}
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32), "Ed25519", false, ["verify"]);
  } catch {
    result.replaceChildren(element("p", data.cannot));
    result.dataset.done = "cannot";
    return;
  }
  await check();
})();
