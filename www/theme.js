// Applies the chosen theme before the first paint, so that nothing flashes.
try {
  const theme = localStorage.getItem("pinhole-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is refused: the system's theme it is.
}
