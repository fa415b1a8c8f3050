/** A stand-in for camera and microphone: an animated picture and silence, for demos and machines without either. */
import type { OpenDevices } from './call/devices.js';

const FRAMES_PER_SECOND = 24;

/** Opens an animated picture and a silent sound instead of devices. */
export const openVirtualDevices: OpenDevices = async ({ audio, video }) => {
  const tracks: MediaStreamTrack[] = [];
  if (audio) tracks.push(silence());
  if (video) tracks.push(animation(1280, 720));
  return new MediaStream(tracks);
};

function silence(): MediaStreamTrack {
  const context = new AudioContext();
  const source = new ConstantSourceNode(context, { offset: 0 });
  const destination = context.createMediaStreamDestination();
  source.connect(destination).channelCount = 1;
  source.start();
  void context.resume().catch(() => {});
  return onStop(destination.stream.getAudioTracks()[0]!, () => void context.close().catch(() => {}));
}

function animation(width: number, height: number): MediaStreamTrack {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d', { alpha: false })!;
  const hue = Math.floor(Math.random() * 360);
  const draw = (): void => paint(context, hue, performance.now() / 1000);
  draw();
  // Not on animation frames: those stop in a tab that is not in front.
  const timer = setInterval(draw, 1000 / FRAMES_PER_SECOND);
  return onStop(canvas.captureStream(FRAMES_PER_SECOND).getVideoTracks()[0]!, () => clearInterval(timer));
}

/** Soft hills under a slow sun: moves enough to be seen alive, and costs little to encode. */
function paint(context: CanvasRenderingContext2D, hue: number, seconds: number): void {
  const { width, height } = context.canvas;
  const sky = context.createLinearGradient(0, 0, 0, height);
  sky.addColorStop(0, `hsl(${hue} 55% 38%)`);
  sky.addColorStop(1, `hsl(${(hue + 50) % 360} 65% 68%)`);
  context.fillStyle = sky;
  context.fillRect(0, 0, width, height);

  context.fillStyle = `hsl(${(hue + 60) % 360} 90% 84%)`;
  context.beginPath();
  context.arc(width * (0.5 + 0.28 * Math.sin(seconds / 3)), height * (0.42 - 0.12 * Math.cos(seconds / 3)), height * 0.11, 0, Math.PI * 2);
  context.fill();

  for (let hill = 0; hill < 3; hill++) {
    context.fillStyle = `hsl(${(hue + 20 * hill) % 360} 45% ${32 - hill * 8}%)`;
    context.beginPath();
    context.moveTo(0, height);
    for (let x = 0; x <= width; x += 40) {
      const wave = Math.sin(x / (210 - hill * 40) + seconds * (0.25 + hill * 0.2) + hill * 2);
      context.lineTo(x, height * (0.66 + hill * 0.1) + wave * height * 0.05);
    }
    context.lineTo(width, height);
    context.fill();
  }
}

/** `stop()` of a track fires no event, so it is told here. */
function onStop(track: MediaStreamTrack, clean: () => void): MediaStreamTrack {
  const stop = track.stop.bind(track);
  track.stop = () => {
    stop();
    clean();
  };
  return track;
}
