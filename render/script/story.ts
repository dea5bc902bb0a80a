// How far a story was read, kept in the reader's own browser, and the way from there to what is new. Nothing of it is sent anywhere
// but as the position in an address.
export function story(page: HTMLElement) {
  const link = document.getElementById("since") as HTMLAnchorElement | null;
  const key = "dateline.story." + page.dataset.story;
  const now = +page.dataset.position!;
  const read = +(localStorage.getItem(key) || 0);
  if (link && read > 0 && read < now) {
    link.href = location.pathname + "?since=" + read;
    link.textContent = link.dataset.read!;
    link.parentElement!.hidden = false;
  }
  if (!(read > now)) localStorage.setItem(key, String(now));
}
