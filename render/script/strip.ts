// The strip's city as the reader chose it. It lies in the reader's own browser; the paper is asked for a city's weather, not told whose.
const key = "dateline.city";

async function show(sky: HTMLElement, slug: string) {
  const r = await fetch(sky.dataset.at! + slug);
  if (r.ok) sky.innerHTML = await r.text();
  else if (r.status == 404) localStorage.removeItem(key); // the paper has that city no longer
}

export function strip(sky: HTMLElement) {
  const chosen = localStorage.getItem(key);
  if (chosen) show(sky, chosen).catch(() => {});
  for (const b of document.querySelectorAll<HTMLButtonElement>("button[data-city]")) {
    const slug = b.dataset.city!;
    b.hidden = false;
    b.setAttribute("aria-pressed", String(slug == (chosen || "")));
    b.onclick = () => {
      if (slug) localStorage.setItem(key, slug);
      else localStorage.removeItem(key);
      location.reload();
    };
  }
}
