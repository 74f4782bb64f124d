import { askJson, part, ready, trouble } from "/static/studio.js";

ready();
try {
  const shown = await askJson("draw/shown", {});
  part("network").textContent = `The network: ${shown.name}.`;
} catch (error) {
  trouble(error);
}
