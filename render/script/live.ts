// A page of live coverage that goes on: it listens for what is new, holds new entries back until the reader asks for them,
// and puts changed ones in place without moving what is being read. Without it the page is whole; it is then loaded again.

import { frame } from "./frames";

export function live(line: HTMLElement) {
  const list = document.querySelector("ol.entries")!;
  const { stream, since, forms } = line.dataset as Record<string, string>;
  const start = +line.dataset.seq!; // what came after is new to this page
  const words: Record<string, string> = JSON.parse(forms);
  const plural = new Intl.PluralRules(document.documentElement.lang);
  const waiting = new Map<string, HTMLElement>();
  const sent = new WeakMap<Element, string>(); // as it came, before the reader had anything shown in it
  document.querySelectorAll("[id]").forEach(e => sent.set(e, e.outerHTML));
  const entries = () => [...list.children] as HTMLElement[];
  const ask = document.createElement("a");
  const note = document.createElement("span");
  ask.href = location.href;
  ask.onclick = show;
  let at = start;
  let said = "";
  let failed = 0;

  // take reads what the site sends: entries and parts of the head, each with the id under which it stands on the page.
  function take(html: string) {
    const t = document.createElement("template");
    t.innerHTML = html;
    hold(() => {
      for (const el of [...t.content.children] as HTMLElement[]) {
        const { seq, made, say } = el.dataset;
        at = Math.max(at, +(seq || 0));
        sent.set(el, el.outerHTML);
        el.querySelectorAll<HTMLButtonElement>("button[data-frame]").forEach(frame);
        const old = document.getElementById(el.id);
        if (old) swap(old, el);
        else if (+made! > start) el.className == "removed" ? waiting.delete(el.id) : waiting.set(el.id, el);
        if (say && (old || +made! <= start)) said = say;
      }
      tell();
    });
  }

  // hold changes the page and keeps the entry that is being read where it is: the first that is in view, once the reader has
  // come to the entries.
  function hold(change: () => void) {
    const read = entries().find(e => e.getBoundingClientRect().bottom > 0);
    const top = read?.getBoundingClientRect().top ?? 1 / 0;
    change();
    const now = read && document.getElementById(read.id);
    if (now && top < innerHeight / 2) scrollBy({ top: now.getBoundingClientRect().top - top, behavior: "instant" });
  }

  function swap(old: HTMLElement, el: HTMLElement) {
    if (sent.get(old) == sent.get(el)) return;
    const inside = old.contains(document.activeElement);
    old.replaceWith(el);
    if (inside) el.querySelector("a")?.focus({ preventScroll: true });
  }

  // tell words the line. The link stays the same one, so that whoever has come to it is not sent away by the next entry.
  function tell() {
    const n = waiting.size;
    put(ask, n ? (words[plural.select(n)] || words.other).replace("{n}", "" + n).replace("{time}", line.dataset.from!) : "");
    put(note, said);
  }

  function put(e: HTMLElement, text: string) {
    if (e.textContent != text) e.textContent = text;
    if (!text) e.remove();
    else if (!e.parentNode) e == ask ? line.prepend(e) : line.append(e);
  }

  function show(e: Event) {
    e.preventDefault();
    let first: HTMLElement | undefined;
    for (const el of waiting.values()) {
      const pinned = el.className == "pinned";
      const next = entries().find(o => pinned || (o.className != "pinned" && o.dataset.order! < el.dataset.order!));
      list.insertBefore(el, next || null);
      if (!first || el.dataset.order! > first.dataset.order!) first = el;
    }
    waiting.clear();
    said = "";
    line.dataset.from = first!.querySelector("time")!.textContent!;
    tell();
    first!.tabIndex = -1;
    first!.focus();
  }

  function listen() {
    if (!window.EventSource) return later(6);
    const s = new EventSource(stream + "?after=" + at);
    s.onopen = () => {
      failed = 0;
    };
    s.onmessage = e => take(e.data);
    s.onerror = () => {
      if (s.readyState == 2) return later(6);
      if (++failed < 3) return; // it comes back by itself
      s.close();
      later(1);
    };
  }

  // later asks every ten seconds where the stream is not to be had, and tries the stream again after some times.
  function later(times: number) {
    setTimeout(async () => {
      try {
        const r = await fetch(since + at);
        if (r.status == 410) return location.reload();
        if (r.ok) take(await r.text());
      } catch {}
      times > 1 ? later(times - 1) : listen();
    }, 1e4);
  }

  listen();
}
