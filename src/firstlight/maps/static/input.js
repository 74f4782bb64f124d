// Mouse, touch, pen and keys, turned into what the map shall do.
const ARROW = 60; // pixels that an arrow key moves
const ZOOM = 1.5;
const STILL = 5; // pixels that a click may wander

export function listen(canvas, app) {
  const pointers = new Map(); // those that are down, where they are
  let before; // distance and middle of two fingers
  let wandered = 0;

  const at = (event) => [event.offsetX, event.offsetY];
  const pinch = () => {
    const [[ax, ay], [bx, by]] = [...pointers.values()];
    return { apart: Math.hypot(ax - bx, ay - by) || 1, x: (ax + bx) / 2, y: (ay + by) / 2 };
  };

  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === 1 ? 30 : event.deltaMode === 2 ? 300 : 1);
    app.zoom(Math.exp(-Math.max(-240, Math.min(240, pixels)) * (event.ctrlKey ? 0.01 : 0.002)), ...at(event));
  }, { passive: false });

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, at(event));
    wandered = 0;
    app.state.isByKey = false;
    if (pointers.size === 2) {
      before = pinch();
      app.lassoDrop();
    } else if (event.shiftKey || app.state.isLasso) app.lassoBegin(...at(event));
  });

  canvas.addEventListener("pointermove", (event) => {
    const last = pointers.get(event.pointerId);
    if (!last) {
      if (event.pointerType !== "touch") app.hover(...at(event));
      return;
    }
    pointers.set(event.pointerId, at(event));
    const [dx, dy] = [event.offsetX - last[0], event.offsetY - last[1]];
    wandered += Math.abs(dx) + Math.abs(dy);
    if (pointers.size === 2) {
      const now = pinch();
      app.pan(now.x - before.x, now.y - before.y);
      app.zoom(now.apart / before.apart, now.x, now.y);
      before = now;
    } else if (app.state.lasso.length) app.lassoGo(...at(event));
    else if (wandered > STILL) app.pan(dx, dy);
  });

  const up = (event) => {
    if (!pointers.delete(event.pointerId)) return;
    if (app.state.lasso.length) app.lassoEnd(event.type === "pointerup");
    else if (event.type === "pointerup" && wandered <= STILL && !pointers.size) app.click(...at(event));
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("pointerleave", () => pointers.size || app.leave());
  canvas.addEventListener("dblclick", (event) => app.zoom(2, ...at(event)));

  const keys = {
    ArrowLeft: () => app.pan(ARROW, 0),
    ArrowRight: () => app.pan(-ARROW, 0),
    ArrowUp: () => app.pan(0, ARROW),
    ArrowDown: () => app.pan(0, -ARROW),
    "+": () => app.zoom(ZOOM),
    "=": () => app.zoom(ZOOM),
    "-": () => app.zoom(1 / ZOOM),
    0: () => app.whole(),
    Enter: () => app.chooseCentre(),
    " ": () => app.chooseCentre(),
    Escape: () => app.letGo(),
  };
  canvas.addEventListener("keydown", (event) => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    app.state.isByKey = event.key !== "Escape";
    keys[event.key]();
    app.tellCentre();
  });
  canvas.addEventListener("blur", () => app.leave());
}
