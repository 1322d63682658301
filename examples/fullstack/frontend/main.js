import { logIn, readItems, writeItem } from "./api.js";

const outcome = document.getElementById("outcome");
const list = document.getElementById("items");

async function main() {
  await logIn("Ada");
  const saved = await writeItem(2, "oat milk");
  const items = await readItems();
  list.replaceChildren(...items.map(({ text }) => Object.assign(document.createElement("li"), { textContent: text })));
  return `${saved.by} saved: ${saved.text}`;
}

main().then(
  (text) => { outcome.textContent = text; },
  (error) => {
    // Script learns no more than that of a call that was blocked.
    const blocked = error instanceof TypeError;
    outcome.textContent = blocked ? "blocked: the console (F12) says why" : error.message;
  },
);
