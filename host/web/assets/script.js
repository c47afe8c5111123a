// Đình: makes some things quicker. Every page works without it.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // A form is sent once; the host would answer a second sending with the first result anyway.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method === "post") {
      form.dataset.sent = "1";
      all("button", form).forEach((button) => button.setAttribute("aria-disabled", "true"));
    }
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    all("button", form).forEach((button) => button.removeAttribute("aria-disabled"));
  }));

  // Menus close with Escape and when something else is clicked.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    all("details.menu[open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });
  document.addEventListener("click", (event) => {
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  // Fields that depend on another one come and go with it.
  const valueOf = (form, name) => {
    const controls = all("input, select, textarea", form).filter((control) => control.name === name);
    return controls
      .filter((control) => !/^(checkbox|radio)$/.test(control.type) || control.checked)
      .map((control) => control.value)
      .concat(controls.some((control) => control.type === "checkbox" && !control.checked) ? ["false"] : []);
  };
  const dependents = (form) => all("[data-when]", form).forEach((field) => {
    const wanted = JSON.parse(field.dataset.values);
    const holds = valueOf(form, field.dataset.when).some((value) => wanted.includes(value));
    field.hidden = !holds;
    const hint = field.querySelector(".hint.when");
    if (hint) hint.hidden = true;
  });
  all("form[data-form]").forEach((form) => {
    if (!form.querySelector("[data-when]")) return;
    dependents(form);
    form.addEventListener("input", () => dependents(form));
    form.addEventListener("change", () => dependents(form));
  });

  // Child rows are added without asking the host.
  all("fieldset[data-rows]").forEach((rows) => {
    const template = rows.querySelector("template[data-row]");
    const add = rows.querySelector("[data-add]");
    const counter = rows.querySelector("input[name$='.rows']");
    if (!template || !add || !counter) return;
    add.addEventListener("click", (event) => {
      event.preventDefault();
      const index = Number(counter.value);
      if (index >= Number(rows.dataset.most)) return;
      const row = template.content.cloneNode(true);
      const walk = (node) => {
        for (const attribute of [...(node.attributes || [])]) {
          if (attribute.value.includes("__")) attribute.value = attribute.value.replace("__", String(index));
        }
        node.childNodes.forEach(walk);
      };
      row.childNodes.forEach(walk);
      const legend = row.querySelector("legend");
      if (legend) legend.textContent = legend.textContent.replace("__", String(index + 1));
      counter.value = String(index + 1);
      template.before(row);
      const added = template.previousElementSibling;
      pickers(added);
      const first = added.querySelector("input:not([type=hidden]), select, textarea");
      if (first) first.focus();
      dependents(rows.closest("form"));
    });
  });

  // In a grid, Enter goes to the cell below instead of sending everything.
  all("form[data-grid]").forEach((form) => form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.closest("td.entry")) return;
    event.preventDefault();
    const cell = event.target.closest("td");
    let row = cell.parentElement;
    while ((row = row.nextElementSibling)) {
      const below = row.children[cell.cellIndex];
      const control = below && below.querySelector("input, select");
      if (control) { control.focus(); if (control.select) control.select(); return; }
    }
  }));

  // One box in the head selects all rows of a table.
  all("form[data-bulk]").forEach((form) => {
    const boxes = all(`input[name=selected][form="${form.id}"]`);
    const head = boxes.length && boxes[0].closest("table").querySelector("thead th");
    if (!head) return;
    const every = document.createElement("input");
    every.type = "checkbox";
    every.setAttribute("aria-label", head.textContent.trim());
    every.addEventListener("change", () => boxes.forEach((box) => { box.checked = every.checked; }));
    head.replaceChildren(every);
  });

  // Pickers show candidates while one types.
  let pickerNumber = 0;
  const picker = (box) => {
    const words = box.querySelector("input[type=text]");
    const value = box.querySelector("input[type=hidden]");
    if (!words || !value || box.dataset.ready) return;
    box.dataset.ready = "1";
    const list = document.createElement("ul");
    list.className = "picker-list";
    list.id = `picker-${++pickerNumber}`;
    list.setAttribute("role", "listbox");
    list.hidden = true;
    box.append(list);
    Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })
      .forEach(([name, text]) => words.setAttribute(name, text));
    let timer = 0, asked = 0, active = -1;
    const show = (open) => { list.hidden = !open; words.setAttribute("aria-expanded", String(open)); if (!open) words.removeAttribute("aria-activedescendant"); };
    const choose = (item) => { if (!item.dataset.value) return; value.value = item.dataset.value; words.value = item.dataset.text; show(false); };
    const mark = (index) => {
      active = index;
      [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
      const item = list.children[index];
      if (item) { words.setAttribute("aria-activedescendant", item.id); item.scrollIntoView({ block: "nearest" }); }
    };
    const search = async () => {
      const turn = ++asked;
      if (words.value.trim().length < 2) { show(false); return; }
      const address = new URL(location.href);
      address.searchParams.set("pick", box.dataset.pick);
      address.searchParams.set("words", words.value);
      const answer = await fetch(address, { headers: { accept: "application/json" } }).catch(() => null);
      if (turn !== asked || !answer || !answer.ok) return;
      const found = await answer.json();
      list.replaceChildren(...found.candidates.map((candidate, at) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${at}`;
        item.setAttribute("role", "option");
        item.dataset.value = candidate.value;
        item.dataset.text = candidate.text;
        item.textContent = candidate.text;
        if (candidate.detail) { const detail = document.createElement("small"); detail.textContent = candidate.detail; item.append(detail); }
        item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(item); });
        return item;
      }));
      if (found.why) {
        const item = document.createElement("li");
        Object.entries({ role: "option", "aria-disabled": "true" }).forEach(([name, text]) => item.setAttribute(name, text));
        item.textContent = found.why;
        list.replaceChildren(item);
      }
      mark(-1);
      show(list.children.length > 0);
    };
    words.addEventListener("input", () => { value.value = ""; clearTimeout(timer); timer = setTimeout(search, 200); });
    words.addEventListener("blur", () => show(false));
    words.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      const last = list.children.length - 1;
      if (event.key === "ArrowDown") { event.preventDefault(); mark(active >= last ? 0 : active + 1); }
      else if (event.key === "ArrowUp") { event.preventDefault(); mark(active <= 0 ? last : active - 1); }
      else if (event.key === "Enter" && active >= 0) { event.preventDefault(); choose(list.children[active]); }
      else if (event.key === "Escape") { event.stopPropagation(); show(false); }
    });
  };
  const pickers = (root) => all(".picker[data-pick]", root).forEach(picker);
  pickers(document);
})();
