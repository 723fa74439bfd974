// Two small helps on the pages before sign-in; both pages work without them.
(() => {
  // A person has begun to fill in the form: not a mail scanner that only looked.
  const form = document.querySelector("form[data-opened]");
  form?.addEventListener("input", () => {
    fetch(form.dataset.opened, { method: "POST", body: new URLSearchParams(), keepalive: true }).catch(() => {});
  }, { once: true });

  // Set-up offers the time zone of this browser.
  const zone = document.querySelector("[data-own-zone]");
  if (zone && zone.value == zone.defaultValue) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || zone.value;
})();
