/**
 * Draws the points of a map with WebGL 2: positions and colours stay on the card, a frame is one draw call.
 *
 * It is written by hand because the libraries for this make their shaders' glue with `Function(...)`, which the pages'
 * security policy forbids, and bring a camera and a lasso that the map's overlay needs to know about anyway.
 */
import { scaleOf, type Bounds, type Size, type View } from './view.ts';

const vertex = `#version 300 es
in vec2 a_from;
in vec2 a_to;
in float a_colour;
in float a_on;
uniform vec2 u_centre, u_scale;
uniform float u_mix, u_size;
out float v_colour;
out float v_on;
void main() {
  gl_Position = vec4((mix(a_from, a_to, u_mix) - u_centre) * u_scale, 0.0, 1.0);
  gl_PointSize = u_size;
  v_colour = a_colour;
  v_on = a_on;
}`;

const fragment = `#version 300 es
precision highp float;
in float v_colour;
in float v_on;
uniform sampler2D u_ramp;
uniform float u_size, u_alpha;
uniform vec3 u_off;
out vec4 o_colour;
void main() {
  float edge = u_size * (0.5 - length(gl_PointCoord - 0.5));
  float alpha = u_size < 2.5 ? 1.0 : clamp(edge + 0.5, 0.0, 1.0);
  vec3 rgb = texture(u_ramp, vec2((v_colour * 255.0 + 0.5) / 256.0, 0.5)).rgb;
  alpha *= v_on > 0.5 ? u_alpha : u_alpha * 0.28;
  rgb = v_on > 0.5 ? rgb : u_off;
  o_colour = vec4(rgb * alpha, alpha);
}`;

/** A point's width in CSS pixels: as large as keeps them apart, larger when zoomed in. */
export function pointSize(count: number, { width, height }: Size, zoom: number): number {
  const room = Math.sqrt((0.18 * width * height) / Math.max(1, count));
  return Math.max(2, Math.min(7, room)) * Math.min(2.4, Math.max(1, zoom ** 0.35));
}

export class GlPoints {
  readonly #gl: WebGL2RenderingContext;
  readonly #uniforms: Record<string, WebGLUniformLocation> = {};
  readonly #buffers: Record<'from' | 'to' | 'colour' | 'on', WebGLBuffer>;
  #count = 0;

  /** Throws where there is no WebGL 2. After the context was lost and came back, make a new one. */
  constructor(canvas: HTMLCanvasElement) {
    const gl = canvas.getContext('webgl2', { alpha: true, antialias: false, depth: false, premultipliedAlpha: true });
    if (!gl) throw new Error('this browser draws without WebGL 2');
    this.#gl = gl;
    const program = gl.createProgram()!;
    for (const [type, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]] as const) {
      const shader = gl.createShader(type)!;
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(`the map's shader: ${gl.getProgramInfoLog(program)}`);
    gl.useProgram(program);
    for (const name of ['u_centre', 'u_scale', 'u_mix', 'u_size', 'u_alpha', 'u_off']) {
      this.#uniforms[name] = gl.getUniformLocation(program, name)!;
    }
    this.#buffers = { from: gl.createBuffer()!, to: gl.createBuffer()!, colour: gl.createBuffer()!, on: gl.createBuffer()! };
    for (const [name, parts, type] of [['from', 2, gl.FLOAT], ['to', 2, gl.FLOAT], ['colour', 1, gl.UNSIGNED_BYTE], ['on', 1, gl.UNSIGNED_BYTE]] as const) {
      const at = gl.getAttribLocation(program, `a_${name}`);
      gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers[name]);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, parts, type, type === gl.UNSIGNED_BYTE, 0, 0);
    }
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    for (const [key, value] of [[gl.TEXTURE_MIN_FILTER, gl.NEAREST], [gl.TEXTURE_MAG_FILTER, gl.NEAREST], [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE], [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE]] as const) {
      gl.texParameteri(gl.TEXTURE_2D, key, value);
    }
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  /** Where the points are, and where they came from while `mix` of `draw` is below 1. */
  setPositions(from: Float32Array<ArrayBuffer>, to: Float32Array<ArrayBuffer>): void {
    this.#count = to.length >> 1;
    this.#upload('from', from.length === to.length ? from : to);
    this.#upload('to', to);
  }

  setColours(indices: Uint8Array<ArrayBuffer>): void { this.#upload('colour', indices); }

  /** 1 for points in full colour, 0 for those that stand back. */
  setOn(on: Uint8Array<ArrayBuffer>): void {
    this.#upload('on', on.map((value) => (value ? 255 : 0)));
  }

  setRamp(ramp: readonly (readonly number[])[]): void {
    const gl = this.#gl;
    const bytes = new Uint8Array(256 * 4);
    for (let n = 0; n < 256; ++n) bytes.set([...ramp[Math.min(n, ramp.length - 1)]!, 255], 4 * n);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
  }

  draw(bounds: Bounds, view: View, size: Size, ratio: number, off: readonly number[], mix = 1): void {
    const gl = this.#gl;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const scale = scaleOf(bounds, view, size);
    const set = (name: string) => this.#uniforms[name]!;
    gl.uniform2f(set('u_centre'), view.x, view.y);
    gl.uniform2f(set('u_scale'), (2 * scale) / size.width, (2 * scale) / size.height);
    gl.uniform1f(set('u_mix'), mix);
    gl.uniform1f(set('u_size'), pointSize(this.#count, size, view.zoom) * ratio);
    gl.uniform1f(set('u_alpha'), this.#count > 20000 ? 0.75 : 0.92);
    gl.uniform3f(set('u_off'), off[0]! / 255, off[1]! / 255, off[2]! / 255);
    gl.drawArrays(gl.POINTS, 0, this.#count);
  }

  #upload(name: 'from' | 'to' | 'colour' | 'on', data: Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>): void {
    const gl = this.#gl;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers[name]);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
  }
}
