// The one script of the readers' pages, loaded by those that have something for it to do. Every page is whole without it.
import { frame } from "./frames";
import { live } from "./live";
import { story } from "./story";
import { strip } from "./strip";

// on does something with the element that a selector finds, where the page has it. What fails, a browser that keeps nothing among it,
// leaves the page as it came.
function on(selector: string, work: (e: HTMLElement) => void) {
  const e = document.querySelector<HTMLElement>(selector);
  try {
    if (e) work(e);
  } catch {}
}

on("#poll", live); // first: it notes what the page was sent with
document.querySelectorAll<HTMLButtonElement>("button[data-frame]").forEach(frame);
on("article[data-story]", story);
on("#sky", strip);
