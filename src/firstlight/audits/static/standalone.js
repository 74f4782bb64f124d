// The page that holds its own data. It asks nobody.
import { Review } from "./review.js";

new Review(document, JSON.parse(document.getElementById("data").textContent));
document.documentElement.dataset.ready = "true";
