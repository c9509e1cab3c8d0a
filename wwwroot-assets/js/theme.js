// Runs before anything is drawn, so that a dark page never flashes.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = localStorage.getItem("theme");
    document.documentElement.dataset.theme = chosen ?? (system.matches ? "dark" : "light");
  };
  system.addEventListener("change", apply);
  addEventListener("storage", apply);
  apply();
  globalThis.OpAgent = {
    nextTheme() {
      const order = [null, "light", "dark"];
      const next = order[(order.indexOf(localStorage.getItem("theme")) + 1) % order.length];
      if (next) localStorage.setItem("theme", next);
      else localStorage.removeItem("theme");
      apply();
      return next ?? "system";
    },
  };
})();
