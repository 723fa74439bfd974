// Small behaviours of every page, with or without WASM. All listeners sit on the document; no globals.
(() => {
  const doc = document, on = (type, act, early) => doc.addEventListener(type, act, early);
  const near = (e, what) => e.target.closest?.(what);
  const byId = id => doc.getElementById(id);
  const noPopover = !("popover" in HTMLElement.prototype);
  const noCommand = !("command" in HTMLButtonElement.prototype);

  const flip = (el, open) => {
    if (!noPopover) return el.togglePopover(open);
    if (el.classList.toggle("open", open)) enter(el);
  };
  const items = menu => [...menu.querySelectorAll("[role=menuitem]")];
  const enter = menu => items(menu)[0]?.focus();

  const copy = async button => {
    const text = button.dataset.copy.split(" ").map(byId).filter(Boolean)
      .map(el => el.matches("input,textarea") ? el.value : el.innerText.trim()).join("\n");
    try { await navigator.clipboard.writeText(text); } catch {
      const area = doc.createElement("textarea");
      area.value = text;
      button.after(area);
      area.select();
      doc.execCommand("copy");
      area.remove();
      button.focus();
    }
    const status = button.nextElementSibling, say = word => { if (status?.role == "status") status.textContent = word; };
    button.dataset.done = "";
    say(button.dataset.copied);
    setTimeout(() => { delete button.dataset.done; say(""); }, 2500);
  };

  on("click", e => {
    const button = near(e, "button");
    if (button?.matches("[data-reveal]")) {
      const input = byId(button.getAttribute("aria-controls")), hidden = input.type == "password";
      input.type = hidden ? "text" : "password";
      button.setAttribute("aria-pressed", hidden);
    }
    if (button?.matches("[data-copy]")) copy(button);
    const [word, target] = ["command", "commandfor"].map(name => button?.getAttribute(name));
    if (noCommand && target) {
      const el = byId(target);
      if (word == "show-modal") el.showModal();
      else if (/close$/.test(word)) el.close();
      else flip(el, { s: true, h: false }[word[0]]);
    }
    const opened = button?.getAttribute("popovertarget");
    if (noPopover) {
      doc.querySelectorAll("[popover].open").forEach(el => el.id != opened && flip(el, false));
      if (opened) flip(byId(opened));
    } else {
      const menu = near(e, "[role=menuitem]")?.closest("[popover]");
      if (menu) setTimeout(() => menu.isConnected && flip(menu, false));
    }
  });

  on("toggle", e => e.target.matches("details") && e.target.open && e.target.querySelector("[formtarget]")?.click(), true);
  on("toggle", e => e.newState == "open" && e.target.matches("[role=menu]") && enter(e.target), true);
  on("keydown", e => {
    const menu = near(e, "[role=menu]"), { key } = e;
    if (!menu) {
      if (key == "ArrowDown" && near(e, "[popovertarget][aria-haspopup]")) { e.preventDefault(); e.target.click(); }
      return;
    }
    const all = items(menu), at = all.indexOf(doc.activeElement), n = all.length;
    if (key == "Tab" || (key == "Escape" && noPopover)) return flip(menu, false);
    if (key == " ") { e.preventDefault(); return all[at]?.click(); }
    let to = { ArrowDown: at + 1, ArrowUp: at < 0 ? n - 1 : at + n - 1, Home: 0, End: n - 1 }[key];
    if (key.length == 1 && !e.ctrlKey && !e.metaKey && !e.altKey)
      to = all.map((_, i) => at + 1 + i).find(i => all[i % n].innerText.trim().toLowerCase().startsWith(key.toLowerCase()));
    if (to == null) return;
    e.preventDefault();
    all[to % n].focus();
  });

  const free = form => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach(el => el.removeAttribute("aria-busy"));
  };
  on("submit", e => {
    const form = e.target;
    // What goes into a frame leaves the form where it is, and as it is.
    if (e.defaultPrevented || e.submitter?.formTarget || form.getAttribute("method")?.toLowerCase() != "post") return;
    if ("sent" in form.dataset) return e.preventDefault();
    form.dataset.sent = "";
    form.querySelectorAll("[data-reveal][aria-pressed=true]").forEach(el => el.click());
    setTimeout(() => "sent" in form.dataset && e.submitter?.setAttribute("aria-busy", true), 300);
    setTimeout(free, 1e4, form);
  });
  addEventListener("pageshow", () => doc.querySelectorAll("[data-sent]").forEach(free));
  on("change", e => near(e, "form[data-live] :is(select,[type=checkbox],[type=radio])")?.form.requestSubmit());

  // What is held leaves: then its other half is shown.
  setInterval(() => doc.querySelectorAll("[data-hold] [data-seconds]").forEach(el => {
    if (--el.textContent > 0) return;
    const halves = el.closest("[data-hold]").children;
    halves[0].remove();
    halves[0].hidden = false;
  }), 1000);

  // Escape goes where Cancel goes; `cancel` does not bubble.
  on("cancel", e => {
    const link = e.target.querySelector("a[data-cancel]");
    if (link) { e.preventDefault(); link.click(); }
  }, true);

  // A list that others change says so, while it is looked at. A line that breaks is tried again, later each time.
  let line, pause, again, asked = 0;
  const listen = () => {
    const list = doc.hidden ? null : doc.querySelector("[data-changes]");
    if (line && line.list == list) return;
    line?.close();
    line = null;
    clearTimeout(again);
    if (!list || !window.EventSource) return;
    const own = line = new EventSource(`${list.dataset.changes}?ago=${Math.ceil(performance.now() - asked)}`);
    const tell = () => { asked = performance.now(); list.dispatchEvent(new Event("listchanged")); };
    own.list = list;
    own.onopen = () => { pause = 0; };
    own.onmessage = tell;
    // Whoever may not look any more is told so by the next answer.
    own.addEventListener("end", () => { own.close(); tell(); });
    own.onerror = () => {
      own.close();
      pause = Math.min((pause || 1e3) * 2, 6e4);
      again = setTimeout(() => { if (line == own) { line = null; listen(); } }, pause * (.5 + Math.random()));
    };
  };
  on("visibilitychange", listen);

  let back;
  const settle = () => {
    const dialog = doc.querySelector("dialog[data-modal][open]:not(:modal)");
    if (dialog) {
      back = doc.activeElement;
      dialog.close();
      dialog.showModal();
    } else if (back && !doc.querySelector("dialog[data-modal]")) {
      (back.isConnected ? back : back.id && byId(back.id))?.focus?.();
      back = null;
    }
    listen();
    const focus = doc.querySelector("[data-focus]:not([data-seen])");
    if (focus) { focus.dataset.seen = ""; focus.focus(); }
  };
  new MutationObserver(settle).observe(doc, { childList: true, subtree: true });
  settle();
})();
