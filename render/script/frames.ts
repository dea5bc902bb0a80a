// What a reader asks for by its button is shown in the place of its sentence. A frame may run scripts of its host and go full screen,
// and may not lead the reader's page anywhere.
export function frame(button: HTMLButtonElement) {
  button.hidden = false;
  button.onclick = () => {
    const f = document.createElement("iframe");
    f.title = button.title;
    f.allow = "fullscreen; encrypted-media; picture-in-picture";
    f.tabIndex = 0;
    f.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-forms allow-presentation");
    f.src = button.dataset.frame!;
    button.closest("p")!.before(f);
    button.remove();
    f.focus();
  };
}
