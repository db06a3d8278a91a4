// Puts the theme in force on the root element, as `data-theme`: before the first paint, so that nothing flashes, and after
// each change of the choice or of the system's scheme. So the style sheets need one list of dark colours only.
{
  const system = matchMedia("(prefers-color-scheme: dark)");
  let choice;
  try {
    choice = localStorage.getItem("pinhole-theme");
  } catch {
    // Storage is refused: the system's scheme it is.
  }

  const apply = () => {
    const isChosen = choice === "light" || choice === "dark";
    document.documentElement.dataset.theme = isChosen ? choice : system.matches ? "dark" : "light";
    // Charts are painted on canvases, which do not follow style sheets by themselves.
    dispatchEvent(new Event("pinhole-colours"));
  };

  apply();
  system.addEventListener("change", apply);
  addEventListener("pinhole-theme", ({ detail }) => {
    choice = detail;
    apply();
  });
}
