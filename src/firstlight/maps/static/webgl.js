// Points and images drawn by WebGL2: points as GL points, images as quads whose pixels come from one texture.
// Where WebGL2 is slow over points, because the processor does its work, a raster of them is handed over.
import { Raster } from "./raster.js";

const LAYER = 2048; // a layer of the texture holds 2,048 by 2,048 bytes, image after image
const SLOW = 8; // milliseconds that drawing all points may take
const POINTS = `#version 300 es
in vec2 place; in float code;
uniform vec2 centre; uniform vec2 scale; uniform float size; uniform sampler2D colours;
flat out vec4 colour;
void main() {
  colour = texelFetch(colours, ivec2(int(code), 0), 0);
  gl_Position = vec4((place - centre) * scale, 0.0, 1.0);
  if (colour.a == 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = size;
}`;
const DOT = `#version 300 es
precision highp float;
flat in vec4 colour; uniform float size; out vec4 shade;
void main() {
  if (size >= 4.0) { vec2 d = gl_PointCoord - 0.5; if (dot(d, d) > 0.25) discard; }
  shade = vec4(colour.rgb, 1.0);
}`;
const WHOLE = `#version 300 es
void main() { gl_Position = vec4(float(gl_VertexID & 1) * 4.0 - 1.0, float(gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0); }`;
const COPY = `#version 300 es
precision highp float; uniform sampler2D raster; uniform int lines; out vec4 shade;
void main() { shade = texelFetch(raster, ivec2(int(gl_FragCoord.x), lines - 1 - int(gl_FragCoord.y)), 0); }`;
const QUADS = `#version 300 es
in vec2 place; in float code; in uint image;
uniform vec2 centre; uniform vec2 scale; uniform vec2 extent; uniform vec2 pixels; uniform sampler2D colours;
flat out vec4 colour; flat out int which; out vec2 within;
void main() {
  vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));
  colour = texelFetch(colours, ivec2(int(code), 0), 0);
  which = int(image);
  within = corner * pixels;
  gl_Position = vec4((place - centre) * scale + (corner - 0.5) * extent, 0.0, 1.0);
}`;
const GREY = `#version 300 es
precision highp float; precision highp int; precision highp usampler2DArray;
flat in vec4 colour; flat in int which; in vec2 within;
uniform usampler2DArray bytes; uniform int stride; uniform ivec2 pixel_count; uniform vec3 paper; out vec4 shade;
float ink(ivec2 at) {
  ivec2 inside = clamp(at, ivec2(0), pixel_count - 1);
  int number = inside.y * pixel_count.x + inside.x;
  int byte_at = which * stride + (number >> 1);
  uint both = texelFetch(bytes, ivec3(byte_at & ${LAYER - 1}, (byte_at / ${LAYER}) & ${LAYER - 1}, byte_at / ${LAYER * LAYER}), 0).r;
  return float((number & 1) == 0 ? both >> 4 : both & 15u) / 15.0;
}
void main() {
  float value = ink(ivec2(within));
  shade = vec4(mix(mix(paper, colour.rgb, 0.1), colour.rgb, value), 1.0);
}`;
const COLOURED = `#version 300 es
precision highp float; precision highp sampler2DArray;
flat in vec4 colour; flat in int which; in vec2 within;
uniform sampler2DArray sheets; uniform int across; uniform int each; uniform ivec2 pixel_count; out vec4 shade;
void main() {
  int place = which % each;
  ivec2 at = ivec2(place % across, place / across) * pixel_count + clamp(ivec2(within), ivec2(0), pixel_count - 1);
  vec2 edge = min(within, vec2(pixel_count) - within) / vec2(pixel_count);
  vec3 seen = texelFetch(sheets, ivec3(at, which / each), 0).rgb;
  shade = vec4(min(edge.x, edge.y) < 0.06 ? colour.rgb : seen, 1.0);
}`;

export class WebGLDrawing {
  constructor(gl, map) {
    this.gl = gl;
    this.map = map;
    this.canDrawImages = false;
    this.points = program(gl, POINTS, DOT);
    this.buffers = { places: gl.createBuffer(), codes: gl.createBuffer(), quads: gl.createBuffer() };
    this.colours = gl.createTexture();
    this.pointArray = gl.createVertexArray();
    gl.bindVertexArray(this.pointArray);
    attribute(gl, this.points, "place", this.buffers.places, 2, gl.UNSIGNED_SHORT, 0, 0, 0);
    attribute(gl, this.points, "code", this.buffers.codes, 1, gl.UNSIGNED_BYTE, 0, 0, 0);
    this.raster = new Raster(map);
  }

  setCodes(codes, order) {
    const { gl, map } = this;
    this.raster.setCodes(codes, order);
    const n = map.n;
    if (order !== this.order) {
      const places = new Uint16Array(2 * n);
      order.forEach((i, at) => {
        places[2 * at] = map.x[i];
        places[2 * at + 1] = map.y[i];
      });
      fill(gl, this.buffers.places, places);
      this.order = order;
    }
    this.codes = codes;
    if (!this.isSlow) fill(gl, this.buffers.codes, Uint8Array.from(order, (i) => codes[i]));
  }

  setColours(bytes, paper) {
    const { gl } = this;
    this.paper = paper;
    this.raster.setColours(bytes, paper);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.colours);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
    nearestOnly(gl, gl.TEXTURE_2D);
  }

  // Hand the images to the graphics memory, a layer at a time so that the page answers meanwhile.
  async setPixels(pixels) {
    const { gl } = this;
    this.pixels = pixels;
    this.quads = program(gl, QUADS, pixels.kind === "grey" ? GREY : COLOURED);
    const texture = gl.createTexture();
    const bind = () => (gl.activeTexture(gl.TEXTURE1), gl.bindTexture(gl.TEXTURE_2D_ARRAY, texture));
    bind();
    nearestOnly(gl, gl.TEXTURE_2D_ARRAY);
    if (pixels.kind === "grey") {
      const layers = Math.ceil(pixels.packed.length / LAYER ** 2);
      const whole = new Uint8Array(LAYER ** 2);
      gl.texStorage3D(gl.TEXTURE_2D_ARRAY, 1, gl.R8UI, LAYER, LAYER, layers);
      for (let layer = 0; layer < layers; layer++) {
        const part = pixels.packed.subarray(layer * LAYER ** 2, (layer + 1) * LAYER ** 2);
        whole.set(part);
        const rows = Math.ceil(part.length / LAYER);
        bind();
        gl.texSubImage3D(gl.TEXTURE_2D_ARRAY, 0, 0, 0, layer, LAYER, rows, 1, gl.RED_INTEGER, gl.UNSIGNED_BYTE, whole);
        await new Promise((done) => setTimeout(done));
      }
    } else {
      gl.texStorage3D(gl.TEXTURE_2D_ARRAY, 1, gl.RGBA8, pixels.sheet, pixels.sheet, pixels.sheets);
      for (const [layer, sheet] of pixels.bitmaps.entries()) {
        bind();
        const size = [sheet.width, sheet.height, 1];
        gl.texSubImage3D(gl.TEXTURE_2D_ARRAY, 0, 0, 0, layer, ...size, gl.RGBA, gl.UNSIGNED_BYTE, sheet);
        await new Promise((done) => setTimeout(done));
      }
    }
    this.quadArray = gl.createVertexArray();
    gl.bindVertexArray(this.quadArray);
    const each = 12; // bytes: x, y, code and 3 to spare, image
    attribute(gl, this.quads, "place", this.buffers.quads, 2, gl.UNSIGNED_SHORT, each, 0, 1);
    attribute(gl, this.quads, "code", this.buffers.quads, 1, gl.UNSIGNED_BYTE, each, 4, 1);
    const at = gl.getAttribLocation(this.quads.program, "image");
    gl.enableVertexAttribArray(at);
    gl.vertexAttribIPointer(at, 1, gl.UNSIGNED_INT, each, 8);
    gl.vertexAttribDivisor(at, 1);
    this.canDrawImages = true;
  }

  draw(view, ratio, size, images, side) {
    const { gl } = this;
    const scale = [(2 * view.scale) / view.width, (-2 * view.scale) / view.height];
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    if (this.isSlow === undefined) this.isSlow = this.timed(view, scale, size * ratio) > SLOW;
    if (this.isSlow) this.drawRaster(view, ratio, size);
    else this.drawPoints(view, scale, size * ratio);
    if (images.length && this.canDrawImages) this.drawImages(view, scale, images, side);
  }

  // Milliseconds that all points take, the second time.
  timed(view, scale, size) {
    let began;
    for (let turn = 0; turn < 2; turn++) {
      began = performance.now();
      this.drawPoints(view, scale, size);
      this.gl.readPixels(0, 0, 1, 1, this.gl.RGBA, this.gl.UNSIGNED_BYTE, new Uint8Array(4)); // waits until it is done
    }
    return performance.now() - began;
  }

  drawPoints(view, scale, size) {
    const { gl, map } = this;
    const { at } = this.points;
    gl.clearColor(...this.paper, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.useProgram(this.points.program);
    gl.uniform2f(at("centre"), view.x, view.y);
    gl.uniform2f(at("scale"), ...scale);
    gl.uniform1f(at("size"), size);
    gl.uniform1i(at("colours"), 0);
    gl.bindVertexArray(this.pointArray);
    gl.drawArrays(gl.POINTS, 0, map.n);
  }

  drawRaster(view, ratio, size) {
    const { gl } = this;
    const [width, height] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
    const seen = new Uint8Array(this.raster.draw(width, height, view, ratio, size).buffer);
    this.copy = this.copy || program(gl, WHOLE, COPY);
    this.rasterTexture = this.rasterTexture || gl.createTexture();
    gl.activeTexture(gl.TEXTURE2);
    gl.bindTexture(gl.TEXTURE_2D, this.rasterTexture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, seen);
    nearestOnly(gl, gl.TEXTURE_2D);
    gl.useProgram(this.copy.program);
    gl.uniform1i(this.copy.at("raster"), 2);
    gl.uniform1i(this.copy.at("lines"), height);
    gl.bindVertexArray(null);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  drawImages(view, scale, images, side) {
    const { gl, map, pixels } = this;
    const shorts = new Uint16Array(6 * images.length);
    const words = new Uint32Array(shorts.buffer);
    images.forEach((i, place) => {
      shorts[6 * place] = map.x[i];
      shorts[6 * place + 1] = map.y[i];
      shorts[6 * place + 2] = this.codes[i];
      words[3 * place + 2] = i;
    });
    const { at } = this.quads;
    const longest = Math.max(pixels.width, pixels.height);
    gl.useProgram(this.quads.program);
    gl.uniform2f(at("centre"), view.x, view.y);
    gl.uniform2f(at("scale"), ...scale);
    const [wide, high] = [(side * pixels.width) / longest, (side * pixels.height) / longest];
    gl.uniform2f(at("extent"), (2 * wide) / view.width, (-2 * high) / view.height);
    gl.uniform2f(at("pixels"), pixels.width, pixels.height);
    gl.uniform2i(at("pixel_count"), pixels.width, pixels.height);
    gl.uniform1i(at("colours"), 0);
    gl.uniform1i(at(pixels.kind === "grey" ? "bytes" : "sheets"), 1);
    gl.uniform1i(at("stride"), pixels.stride || 0);
    gl.uniform1i(at("across"), pixels.across || 1);
    gl.uniform1i(at("each"), pixels.each || 1);
    gl.uniform3f(at("paper"), ...this.paper);
    gl.bindVertexArray(this.quadArray);
    fill(gl, this.buffers.quads, shorts);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, images.length);
  }
}

function program(gl, vertex, fragment) {
  const made = gl.createProgram();
  for (const [kind, text] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(made, shader);
  }
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS)) {
    const shaders = gl.getAttachedShaders(made).map((one) => gl.getShaderInfoLog(one));
    throw new Error(`${gl.getProgramInfoLog(made)} ${shaders.join(" ")}`);
  }
  const places = new Map();
  const at = (name) => {
    if (!places.has(name)) places.set(name, gl.getUniformLocation(made, name));
    return places.get(name);
  };
  return { program: made, at };
}

function attribute(gl, { program: owner }, name, buffer, size, type, stride, offset, divisor) {
  const at = gl.getAttribLocation(owner, name);
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.enableVertexAttribArray(at);
  gl.vertexAttribPointer(at, size, type, false, stride, offset);
  gl.vertexAttribDivisor(at, divisor);
}

function fill(gl, buffer, content) {
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferData(gl.ARRAY_BUFFER, content, gl.DYNAMIC_DRAW);
}

function nearestOnly(gl, target) {
  gl.texParameteri(target, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  gl.texParameteri(target, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  gl.texParameteri(target, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(target, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
}
