/** How calls go, for whoever draws it: each second of a connected call, and what is to be thought of it. Loaded when somebody asks. */
import type { CallSession } from '../call/session.js';
import { BEGINNING_OF_CALL, judge } from '../quality/judgement.js';
import type { Judgement } from '../quality/judgement.js';
import type { Reading } from '../quality/reading.js';

/** Hears of each second: the judgement, undefined in the first seconds of a call, and the figures. */
export type QualityListener = (judgement: Judgement | undefined, reading: Reading) => void;

/** Follows the calls of a session. Returns the function that ends it. */
export function followQuality(session: Pick<CallSession, 'measure' | 'snapshot'>, listener: QualityListener): () => void {
  let course = BEGINNING_OF_CALL;
  let judged: string | undefined;
  return session.measure((reading) => {
    const { state, call, local, remote } = session.snapshot;
    if (state !== 'connected' || !call) return void (judged = undefined);
    if (judged !== call.id) course = BEGINNING_OF_CALL;
    judged = call.id;
    const sends = ({ microphone, camera, paused }: typeof local) => ({ voice: microphone, camera: camera && !paused });
    course = judge(course, reading, { incoming: sends(remote), outgoing: sends(local) });
    listener(course.judgement, reading);
  });
}
