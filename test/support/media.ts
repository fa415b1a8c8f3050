/** Pictures and sounds that a page makes itself, for tests and for pictures of the elements. */

const painters: ReturnType<typeof setInterval>[] = [];

/** Lets the people in the pictures stand still, so that nothing works but the elements. */
export const freeze = (): void => painters.forEach(clearInterval);

/** A moving picture of a person: shoulders, a head, a room. */
export function portrait(hue: number, width = 640, height = 480): MediaStream {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const paint = canvas.getContext('2d')!;
  let at = 0;
  const draw = () => {
    const room = paint.createLinearGradient(0, 0, width, height);
    room.addColorStop(0, `hsl(${hue} 40% 78%)`);
    room.addColorStop(1, `hsl(${hue + 40} 35% 42%)`);
    paint.fillStyle = room;
    paint.fillRect(0, 0, width, height);
    paint.fillStyle = `hsl(${hue + 20} 30% 88%)`;
    paint.fillRect(width * 0.06, height * 0.1, width * 0.2, height * 0.5);
    const sway = Math.sin(at++ / 12) * 4;
    paint.fillStyle = `hsl(${hue + 160} 35% 30%)`;
    paint.beginPath();
    paint.ellipse(width / 2, height * 1.05, width * 0.26, height * 0.42, 0, 0, 7);
    paint.fill();
    paint.fillStyle = '#e0ac86';
    paint.beginPath();
    paint.ellipse(width / 2 + sway, height * 0.42, width * 0.1, height * 0.19, 0, 0, 7);
    paint.fill();
    paint.fillStyle = '#3b2a20';
    paint.beginPath();
    paint.ellipse(width / 2 + sway, height * 0.31, width * 0.105, height * 0.11, 0, 0, 7);
    paint.fill();
  };
  draw();
  painters.push(setInterval(draw, 66));
  return canvas.captureStream(15);
}

/** A picture of a screen: a document with a chart in it, whose pointer moves. */
export function desktop(width = 1280, height = 800): MediaStream {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const paint = canvas.getContext('2d')!;
  let at = 0;
  const box = (colour: string, x: number, y: number, wide: number, tall: number) => {
    paint.fillStyle = colour;
    paint.fillRect(x * width, y * height, wide * width, tall * height);
  };
  const draw = () => {
    box('#dfe5ee', 0, 0, 1, 1);
    box('#2b3550', 0, 0, 1, 0.06);
    box('#ffffff', 0.18, 0.11, 0.64, 0.89);
    box('#2b3550', 0.23, 0.17, 0.3, 0.04);
    for (let row = 0; row < 6; row++) box('#a9b3c5', 0.23, 0.26 + row * 0.035, row % 3 === 2 ? 0.38 : 0.54, 0.014);
    for (let bar = 0; bar < 8; bar++)
      box(bar === 5 ? '#e0663a' : '#4a7bd0', 0.24 + bar * 0.066, 0.92 - bar * 0.045, 0.045, 0.02 + bar * 0.045);
    paint.fillStyle = '#10131a';
    paint.beginPath();
    paint.arc(width * (0.5 + 0.1 * Math.sin(at++ / 9)), height * 0.6, 8, 0, 7);
    paint.fill();
  };
  draw();
  painters.push(setInterval(draw, 66));
  return canvas.captureStream(15);
}

/** A steady tone, from 0 to 1. */
export function tone(gain: number): MediaStreamTrack {
  const context = new AudioContext();
  const source = new OscillatorNode(context, { frequency: 220 });
  const output = context.createMediaStreamDestination();
  source.connect(new GainNode(context, { gain })).connect(output);
  source.start();
  void context.resume().catch(() => {});
  return output.stream.getAudioTracks()[0]!;
}
