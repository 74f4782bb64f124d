// What lies over the points: names of the classes, the image that is shown and its neighbours, a lasso, marks.
const NAMED = 20; // classes; more names than that hide the map

export class Overlay {
  constructor(canvas, map) {
    this.canvas = canvas;
    this.map = map;
    this.pen = canvas.getContext("2d");
  }

  draw(view, ratio, state) {
    const { pen, canvas } = this;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.lineJoin = pen.lineCap = "round";
    this.drawSelected(view, state);
    this.drawNames(view, state);
    const image = state.hovered >= 0 ? state.hovered : state.chosen;
    if (image >= 0) this.drawImage(view, state, image);
    for (const mark of state.marks) this.drawMark(view, state, mark);
    if (state.lasso.length > 1) this.drawLasso(view, state);
    if (state.isByKey) this.drawCross(view, state);
  }

  drawNames(view, { ink, paper, isClassShown }) {
    const { pen, map } = this;
    if (map.facts.hearts.length > NAMED || map.facts.hearts.length < 2 || view.zoom > 12) return;
    const longest = Math.max(...map.facts.classes.map((name) => name.length));
    pen.font = `700 ${longest <= 2 ? 22 : 14}px system-ui, sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (const [label, x, y] of map.facts.hearts) {
      if (isClassShown[label]) this.write(map.facts.classes[label], view.pixelX(x), view.pixelY(y), ink, paper);
    }
  }

  write(text, x, y, ink, paper) {
    const { pen } = this;
    pen.lineWidth = 4;
    pen.strokeStyle = paper;
    pen.strokeText(text, x, y);
    pen.fillStyle = ink;
    pen.fillText(text, x, y);
  }

  drawImage(view, { ink, paper, neighboursOf, halfOf }, image) {
    const { pen, map } = this;
    const half = halfOf(image);
    const [x, y] = [view.pixelX(map.x[image]), view.pixelY(map.y[image])];
    for (const [colour, width] of [[paper, 4], [ink, 1.5]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.beginPath();
      for (const other of neighboursOf(image)) {
        const [ox, oy] = [view.pixelX(map.x[other]), view.pixelY(map.y[other])];
        pen.moveTo(x, y);
        pen.lineTo(ox, oy);
        pen.moveTo(ox + 4, oy);
        pen.arc(ox, oy, 4, 0, 7);
      }
      pen.stroke();
      pen.beginPath();
      if (half) pen.rect(x - half, y - half, 2 * half, 2 * half);
      else pen.arc(x, y, 9, 0, 7);
      pen.lineWidth = width + 1;
      pen.stroke();
    }
  }

  drawSelected(view, { selected, accent }) {
    const { pen, map } = this;
    const [left, top, right, bottom] = view.bounds(4);
    pen.fillStyle = accent;
    for (const i of selected) {
      if (map.x[i] < left || map.x[i] > right || map.y[i] < top || map.y[i] > bottom) continue;
      pen.fillRect(view.pixelX(map.x[i]) - 1.5, view.pixelY(map.y[i]) - 1.5, 3, 3);
    }
  }

  drawLasso(view, { lasso, accent }) {
    const { pen } = this;
    pen.beginPath();
    for (const [x, y] of lasso) pen.lineTo(view.pixelX(x), view.pixelY(y));
    pen.closePath();
    pen.globalAlpha = 0.15;
    pen.fillStyle = pen.strokeStyle = accent;
    pen.fill();
    pen.globalAlpha = 1;
    pen.lineWidth = 2;
    pen.stroke();
  }

  drawMark(view, { ink, paper, accent }, { x, y, text }) {
    const { pen } = this;
    const [px, py] = [view.pixelX(x), view.pixelY(y)];
    pen.fillStyle = accent;
    pen.strokeStyle = paper;
    pen.lineWidth = 2;
    pen.beginPath();
    for (let corner = 0; corner < 10; corner++) {
      const [far, angle] = [corner % 2 ? 5 : 12, (corner * Math.PI) / 5];
      pen.lineTo(px + far * Math.sin(angle), py - far * Math.cos(angle));
    }
    pen.closePath();
    pen.fill();
    pen.stroke();
    pen.font = "600 14px system-ui, sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    if (text) this.write(text, px, py - 20, ink, paper);
  }

  drawCross(view, { ink, paper }) {
    const { pen } = this;
    const [x, y] = [view.width / 2, view.height / 2];
    for (const [colour, width] of [[paper, 4], [ink, 1.5]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.beginPath();
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        pen.moveTo(x + 5 * dx, y + 5 * dy);
        pen.lineTo(x + 14 * dx, y + 14 * dy);
      }
      pen.stroke();
    }
  }
}
