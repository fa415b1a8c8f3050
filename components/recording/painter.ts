/** Paints the picture of a recording: both sides, and a screen that one of them shares. */
import { SIZE, contain, crop, layOut } from './layout.js';
import type { Box, Subject, Tile } from './layout.js';

/** One side as it is seen and heard now. */
export interface Side {
  readonly name: string;
  readonly initials: string;
  /** The hue of the person's face, in degrees. */
  readonly hue: number;
  /** The camera's picture; null where it is off or held back. */
  readonly picture: MediaStream | null;
  readonly sound: MediaStream | null;
  /** The screen, with its sound; null where none is shared. */
  readonly screen: MediaStream | null;
}

/** The call as it is now. */
export interface Scene {
  readonly them: Side;
  readonly me: Side;
}

const FONT = 'system-ui, sans-serif';

/** A canvas with the call on it. */
export class Painter {
  readonly canvas = Object.assign(document.createElement('canvas'), SIZE);
  readonly #paint = this.canvas.getContext('2d', { alpha: false })!;
  readonly #videos = new Map<Subject, HTMLVideoElement>();
  #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
    try {
      this.follow(scene);
      this.draw();
    } catch (cause) {
      this.close();
      throw cause;
    }
  }

  /** Shows this from the next frame on. */
  follow(scene: Scene): void {
    this.#scene = scene;
    const { them, me } = scene;
    for (const [subject, stream] of [
      ['them', them.picture],
      ['me', me.picture],
      ['their-screen', them.screen],
      ['my-screen', me.screen],
    ] as const) {
      this.#play(
        subject,
        stream?.getVideoTracks().find(({ readyState }) => readyState === 'live'),
      );
    }
  }

  /** Draws one frame. */
  draw(): void {
    const { them, me } = this.#scene;
    this.#paint.fillStyle = '#14161c';
    this.#paint.fillRect(0, 0, SIZE.width, SIZE.height);
    for (const tile of layOut({ their: !!them.screen, my: !!me.screen })) this.#drawTile(tile);
  }

  /** Lets the pictures go. */
  close(): void {
    for (const video of this.#videos.values()) video.srcObject = null;
    this.#videos.clear();
  }

  /** An element outside of the page plays as well, in a tab that is not in front, too. */
  #play(subject: Subject, track: MediaStreamTrack | undefined): void {
    const before = this.#videos.get(subject);
    const playing = (before?.srcObject as MediaStream | null | undefined)?.getVideoTracks()[0];
    if (track === playing) return void (before?.paused && void before.play().catch(() => {}));
    if (before) before.srcObject = null;
    this.#videos.delete(subject);
    if (!track) return;
    const video = document.createElement('video');
    video.muted = video.playsInline = true;
    video.srcObject = new MediaStream([track]);
    void video.play().catch(() => {});
    this.#videos.set(subject, video);
  }

  #drawTile({ subject, box, large }: Tile): void {
    const side = subject === 'them' || subject === 'their-screen' ? this.#scene.them : this.#scene.me;
    const isFace = subject === 'them' || subject === 'me';
    const video = this.#videos.get(subject);
    const paint = this.#paint;
    paint.save();
    paint.beginPath();
    paint.roundRect(box.x, box.y, box.width, box.height, large ? 0 : 14);
    paint.clip();
    if (video && video.readyState >= 2 && video.videoWidth > 0) {
      drawVideo(paint, video, box, large);
      if (isFace) drawName(paint, side.name, box, large);
    } else if (isFace) drawFace(paint, side, box);
    if (!large) {
      paint.strokeStyle = 'rgb(255 255 255 / 0.35)';
      paint.lineWidth = 3;
      paint.stroke();
    }
    paint.restore();
  }
}

function drawVideo(paint: CanvasRenderingContext2D, video: HTMLVideoElement, box: Box, whole: boolean): void {
  const size = { width: video.videoWidth, height: video.videoHeight };
  const from = whole ? { x: 0, y: 0, ...size } : crop(size, box);
  const to = whole ? contain(size, box) : box;
  paint.drawImage(video, from.x, from.y, from.width, from.height, to.x, to.y, to.width, to.height);
}

/** Who it is, at the foot of a picture. */
function drawName(paint: CanvasRenderingContext2D, name: string, { x, y, width, height }: Box, large: boolean): void {
  const size = large ? 24 : 16;
  paint.font = `600 ${size}px ${FONT}`;
  paint.textAlign = 'left';
  paint.textBaseline = 'middle';
  const wide = Math.min(paint.measureText(name).width, width * 0.6);
  const edge = large ? 24 : 8;
  const tall = size * 1.7;
  paint.fillStyle = 'rgb(12 14 20 / 0.6)';
  paint.beginPath();
  paint.roundRect(x + edge, y + height - edge - tall, wide + size, tall, tall / 2);
  paint.fill();
  paint.fillStyle = '#fff';
  paint.fillText(name, x + edge + size / 2, y + height - edge - tall / 2 + 1, width * 0.6);
}

/** A person without a picture. */
function drawFace(paint: CanvasRenderingContext2D, { name, initials, hue }: Side, { x, y, width, height }: Box): void {
  const centre = x + width / 2;
  const middle = y + height * 0.42;
  const radius = height * 0.21;
  const room = paint.createLinearGradient(x, y, x, y + height);
  room.addColorStop(0, `hsl(${hue} 26% 25%)`);
  room.addColorStop(1, `hsl(${hue} 20% 10%)`);
  paint.fillStyle = room;
  paint.fillRect(x, y, width, height);
  paint.fillStyle = `hsl(${hue} 50% 40%)`;
  paint.beginPath();
  paint.arc(centre, middle, radius, 0, 2 * Math.PI);
  paint.fill();
  paint.fillStyle = '#fff';
  paint.textAlign = 'center';
  paint.textBaseline = 'middle';
  paint.font = `600 ${radius * 0.72}px ${FONT}`;
  paint.fillText(initials, centre, middle + radius * 0.04);
  paint.font = `600 ${Math.max(15, height * 0.05)}px ${FONT}`;
  paint.fillText(name, centre, y + height * 0.78, width * 0.86);
}
