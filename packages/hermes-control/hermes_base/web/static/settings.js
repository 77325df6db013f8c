// The clocks of whoever sits at this browser are what a new schedule or window means.
"use strict";
(() => {
  const field = document.getElementById("timeZone");
  if (!field || field.value !== "UTC" || location.search.includes("edit=") || field.hasAttribute("aria-invalid")) return;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = document.querySelectorAll("#zones option");
  if (zone && [...known].some((option) => option.value === zone)) field.value = zone;
})();
