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
  const items = menu => [...menu.querySelectorAll("[role^=menuitem]")];
  const enter = menu => items(menu)[0]?.focus();

  const copy = async button => {
    const from = button.dataset.copy.split(" ").map(byId).filter(Boolean);
    const text = from
      .map(el => el.matches("input,textarea") ? el.value : el.innerText.trim()).join("\n");
    let isCopied = true;
    try { await navigator.clipboard.writeText(text); } catch {
      const area = doc.createElement("textarea");
      area.value = text;
      button.after(area);
      area.select();
      isCopied = doc.execCommand("copy");
      area.remove();
      button.focus();
    }
    // What was not copied is not said to be: it stands selected, to be copied by hand.
    if (!isCopied) return from[0]?.select ? from[0].select() : from[0] && getSelection().selectAllChildren(from[0]);
    const status = button.nextElementSibling, say = word => { if (status?.role == "status") status.textContent = word; };
    button.dataset.done = "";
    say(button.dataset.copied);
    setTimeout(() => { delete button.dataset.done; say(""); }, 2500);
  };

  // The field of text in which somebody was last.
  let field;
  on("focusin", e => { if (e.target.matches("main :is(textarea, input:not([type]), input[type=text])")) field = e.target; });

  on("click", e => {
    const button = near(e, "button");
    if (button?.matches("[data-reveal]")) {
      const input = byId(button.getAttribute("aria-controls")), hidden = input.type == "password";
      input.type = hidden ? "text" : "password";
      button.setAttribute("aria-pressed", hidden);
    }
    if (button?.matches("[data-copy]")) copy(button);
    if (button?.matches("[data-insert]") && field?.isConnected) {
      field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
      field.focus();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (button?.matches("[data-tick-alike]")) {
      const same = button.closest("[data-alike]").dataset.alike;
      [...doc.querySelectorAll("[data-alike]")].filter(el => el.dataset.alike == same)
        .forEach(el => el.querySelector("input:not(:checked)")?.click());
    }
    if (button?.matches("[data-print]")) print();
    if (button?.matches("[data-share]")) navigator.share({ text: byId(button.dataset.share).value }).catch(() => {});
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

  // A key that writes capitals is best known before the password is refused.
  ["keydown", "keyup"].forEach(type => on(type, e => {
    const note = near(e, "[type=password]")?.closest(".field")?.querySelector("[data-caps]");
    if (note && e.getModifierState) note.hidden = !e.getModifierState("CapsLock");
  }));

  // Another theme is put on where one is; the server keeps it for the next page.
  const root = doc.documentElement;
  const wear = theme => {
    if (theme == "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
  };
  const markThemes = () => doc.querySelectorAll("button[name=theme]").forEach(el => {
    const chosen = el.value == (root.dataset.theme || "system");
    el.setAttribute(el.getAttribute("role") ? "aria-checked" : "aria-pressed", chosen);
    if (el.classList.contains("button")) el.classList.toggle("primary", chosen);
  });

  // A page that gives way to itself in another language: what was typed goes over, and where one was.
  let typed = [], place;
  const twins = el => [...doc.querySelectorAll(`main [name="${CSS.escape(el.name)}"]`)]
    .filter(other => other.form?.getAttribute("action") == el.form?.getAttribute("action"));
  const changed = el => /^(checkbox|radio)$/.test(el.type) ? el.checked != el.defaultChecked
    : el.options ? [...el.options].some(one => one.selected != one.defaultSelected) : el.value != el.defaultValue;
  // A part of a page that is not saved says so.
  const markPart = e => {
    const form = near(e, "form[data-part]");
    form?.toggleAttribute("data-changed", [...form.querySelectorAll("input,textarea,select")].some(changed));
  };
  on("input", markPart);
  on("change", markPart);
  // Taken back to what is stored, it has nothing left to be saved.
  on("reset", e => ["data-changed", "data-touched"].forEach(mark => e.target.removeAttribute(mark)));

  // What was typed into a form, or refused in it, is not left without a question. A form that keeps it by itself says so.
  const guarded = "main form[method=post]:not([data-kept])";
  let passes;
  on("input", e => near(e, guarded)?.setAttribute("data-touched", ""));
  const unsent = () => passes || !byId("unsaved") ? null : [...doc.querySelectorAll(guarded)].find(form => !("sent" in form.dataset || "wasDone" in form.dataset)
    && ("touched" in form.dataset && [...form.querySelectorAll("input:not([type=hidden]),textarea,select")].some(changed)
      || form.querySelector("[aria-invalid=true]")));
  const fill = ask => {
    const make = (kind, set) => Object.assign(doc.createElement(kind), set), { title, text, stay, leave } = ask.dataset;
    const actions = make("div", { className: "actions" });
    actions.append(...Object.entries({ stay, leave }).map(([value, textContent]) =>
      make("button", { type: "button", className: "button", value, textContent, autofocus: value == "stay" })));
    ask.replaceChildren(make("h2", { id: "unsaved-title", textContent: title }), make("p", { id: "unsaved-text", textContent: text }), actions);
    Object.entries({ role: "alertdialog", "aria-labelledby": "unsaved-title", "aria-describedby": "unsaved-text" })
      .forEach(one => ask.setAttribute(...one));
  };
  addEventListener("beforeunload", e => unsent() && e.preventDefault());
  on("click", e => {
    const link = near(e, "a[href]"), ask = byId("unsaved");
    if (!link || !ask || e.button || e.ctrlKey || e.metaKey || e.shiftKey || link.target || link.hash && link.pathname == location.pathname) return;
    const form = unsent();
    // Whoever presses Cancel has said it.
    if (!form || form.contains(link) && link.closest(".actions")) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    fill(ask);
    ask.returnValue = "";
    ask.onclick = e => { const button = e.target.closest("button"); if (button) ask.close(button.value); };
    ask.onclose = () => {
      if (ask.returnValue != "leave") return;
      passes = true;
      link.isConnected ? link.click() : location.assign(link.href);
      setTimeout(() => { passes = false; }, 1e3);
    };
    ask.showModal();
  }, true);
  const remember = but => {
    place = doc.activeElement?.closest("[popover]")?.id + "-button";
    typed = [...doc.querySelectorAll("main :is(input,textarea,select)[name]")].filter(el => !(but && el.form == but) && changed(el))
      .map(el => ({ el, at: twins(el).indexOf(el) }));
    setTimeout(() => { typed = []; place = null; }, 1e4);
  };
  const bring = () => {
    typed = typed.filter(({ el, at }) => {
      const now = el.isConnected ? null : twins(el)[at];
      if (!now) return true;
      if (/^(checkbox|radio)$/.test(el.type)) now.checked = el.checked;
      else now.value = el.value;
      ["input", "change"].forEach(type => now.dispatchEvent(new Event(type, { bubbles: true })));
      return false;
    });
    if (place && doc.activeElement == doc.body) byId(place)?.focus();
  };
  const withLanguage = (form, button) => {
    const field = Object.assign(doc.createElement("input"), { type: "hidden", name: button.name, value: button.value });
    form.append(field);
    return form;
  };
  // A page before sign-in is fetched in the other language and put in the place of this one.
  const translate = async (form, body) => {
    const next = new DOMParser().parseFromString(await (await fetch("/language", { method: "POST", body })).text(), "text/html");
    const data = [doc, next].map(one => one.getElementById("page-data"));
    const life = doc.querySelector("link[rel=modulepreload]")?.href;
    if (!next.querySelector("main")) throw form;
    doc.title = next.title;
    root.lang = next.documentElement.lang;
    doc.body.replaceWith(doc.importNode(next.body, true));
    if (data[0] && data[1]) {
      data[0].textContent = data[1].textContent;
      // What does not come to life is a plain page.
      if (life) import(life).then(page => page.hydrate()).catch(() => {});
    }
    doc.querySelector(`.languages [value="${body.get("language")}"]`)?.focus();
  };

  on("submit", e => {
    const form = e.target;
    if (form.getAttribute("action") == "/api/choose-language") remember();
    // One part of a page is saved: what was typed into the others stays.
    else if ("part" in form.dataset) { remember(form); place = null; }
  }, true);

  const free = form => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach(el => el.removeAttribute("aria-busy"));
  };
  on("submit", e => {
    const form = e.target, action = form.getAttribute("action"), button = e.submitter;
    if (action == "/theme" && button) {
      e.preventDefault();
      wear(button.value);
      markThemes();
      fetch(action, { method: "POST", body: new URLSearchParams({ theme: button.value }), redirect: "manual" }).catch(() => {});
      return;
    }
    if (action == "/language" && button && !e.defaultPrevented) {
      e.preventDefault();
      remember();
      const body = new URLSearchParams(new FormData(form, button));
      translate(form, body).catch(() => HTMLFormElement.prototype.submit.call(withLanguage(form, button)));
      return;
    }
    // What goes into a frame, or becomes a file, leaves the form where it is, and as it is.
    if (e.defaultPrevented || e.submitter?.formTarget || form.target || form.getAttribute("method")?.toLowerCase() != "post") return;
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
    markThemes();
    bring();
    // Only some browsers hand a text on to another app.
    doc.querySelectorAll("[data-share]").forEach(el => el.hidden = !navigator.share);
    // A row of tabs begins where its page is.
    doc.querySelectorAll(".tabs:not([data-seen])").forEach(tabs => {
      const [all, one] = [tabs, tabs.querySelector("[aria-current]") ?? tabs].map(el => el.getBoundingClientRect());
      tabs.dataset.seen = "";
      if (one.right > all.right) tabs.scrollLeft += one.right - all.right + 24;
    });
    const focus = doc.querySelector("[data-focus]:not([data-seen])");
    if (focus) {
      focus.dataset.seen = "";
      focus.focus();
      // Somebody asked for it a moment ago: it need not be asked for twice.
      if (focus.dataset.focus == "copy" && navigator.userActivation?.isActive) copy(focus.querySelector("[data-copy]"));
    }
  };
  new MutationObserver(settle).observe(doc, { childList: true, subtree: true });
  settle();
})();
