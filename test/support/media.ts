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
