// Runs before the first paint, or a dark page would flash white. A file, because the policy of the page forbids inline scripts.
try {
  const theme = localStorage.getItem("saleroom.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden: the system's theme stays.
}
