/* Light or dark before the first paint, as it was chosen last. */
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  let chosen = null;
  try {
    chosen = localStorage.getItem("gpic-lab-theme");
  } catch {
    // Where storage is closed the choice lasts as long as the page.
  }
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
})();
