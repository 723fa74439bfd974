// Small helps on the pages before sign-in, which work without them.
(() => {
  // A person has begun to fill in the form: not a mail scanner that only looked.
  const form = document.querySelector("form[data-opened]");
  form?.addEventListener("input", () => {
    fetch(form.dataset.opened, { method: "POST", body: new URLSearchParams(), keepalive: true }).catch(() => {});
  }, { once: true });

  // Whoever forgot a password has typed who they are a moment ago; it is kept in this tab, and stands in no address.
  const who = document.querySelector("[autocomplete=username]"), KEY = "usher-who";
  try {
    document.querySelector('a[href="/forgot"]')?.addEventListener("click", () => { if (who) sessionStorage[KEY] = who.value; });
    if (location.pathname == "/forgot" && who && !who.value) who.value = sessionStorage[KEY] ?? "";
    else if (location.pathname != "/sign-in") delete sessionStorage[KEY];
  } catch { /* A browser that keeps nothing. */ }

  // What the app needs comes while somebody signs in. By hand: not every browser lets a link do it under our policy.
  addEventListener("load", () => {
    for (const file of document.querySelectorAll("meta[name=ahead]")) fetch(file.content, { priority: "low" }).catch(() => {});
  });

  // Set-up offers the time zone of this browser.
  const zone = document.querySelector("[data-own-zone]");
  if (zone && zone.value == zone.defaultValue) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || zone.value;
})();
