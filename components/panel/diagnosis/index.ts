/** The diagnosis on its card: runs when it is opened, shows what it finds as it comes, and closes all it has opened with it. */
import { nothing, render } from 'lit';
import type { Kind } from '../../call/devices.js';
import { checkDevices, conclude, diagnose, wordsFor } from '../../diagnosis/index.js';
import type { Subject } from '../../diagnosis/index.js';
import type { Check, Diagnosis, Finding, Found } from '../../diagnosis/findings.js';
import { sentenceOf } from '../../diagnosis/sentences.js';
import type { DiagnosisWords } from '../../locales/diagnosis/words.js';
import type { Companion, CompanionHost } from '../companions.js';
import { Meter } from '../devices/meter.js';
import type { PanelView } from '../view.js';
import { wear } from '../wear.js';
import { Echo } from './echo.js';
import { Held } from './held.js';
import { diagnosisStyles } from './styles.js';
import { diagnosisView } from './view.js';

export { diagnose };

/** Milliseconds that a person has to answer the browser's question. */
const ASKS_FOR = 60_000;

/** Who makes the diagnosis; tests put their own in its place. */
export const doctor = { diagnose };

class DiagnosisCard implements Companion {
  readonly #host: CompanionHost;
  #view!: PanelView;
  #place?: HTMLElement | undefined;
  #words?: DiagnosisWords | undefined;
  #lang = '';
  #end?: AbortController | undefined;
  #findings = new Map<Check, Finding>();
  #result?: Diagnosis | undefined;
  #held?: Held | undefined;
  #picture: MediaStream | null = null;
  #echo?: Echo | undefined;
  #copied: 'no' | 'yes' | 'by hand' = 'no';
  readonly #meter = new Meter(() => this.#draw());

  constructor(host: CompanionHost) {
    this.#host = host;
    // They are had before the connection to their server may be gone.
    this.#speak();
  }

  follow(view: PanelView): void {
    this.#view = view;
    const place = view.diagnosis === 'on' && view.root.querySelector<HTMLElement>('[part~="diagnosis"]');
    if (!place) return this.stop();
    if (place !== this.#place) place.closest('.card')!.addEventListener('keydown', this.#onKey);
    this.#place = place;
    wear(view.root, diagnosisStyles);
    if (this.#lang !== view.lang) this.#speak(view.lang);
    if (!this.#end) void this.#run();
    this.#draw();
  }

  stop(): void {
    if (!this.#end) return;
    this.#end.abort();
    this.#end = undefined;
    this.#letGo();
    this.#meter.follow(undefined);
    if (this.#place) render(nothing, this.#place);
    this.#place = undefined;
    this.#findings.clear();
    this.#result = undefined;
  }

  readonly #onKey = (event: Event): void => {
    if ((event as KeyboardEvent).key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    this.#view.toggleDiagnosis();
  };

  #letGo(): void {
    this.#echo?.close();
    this.#held?.end();
    this.#echo = this.#held = undefined;
    this.#picture = null;
  }

  #speak(lang = this.#lang): void {
    this.#lang = lang;
    void wordsFor(this.#host).then(
      (words) => {
        this.#words = words;
        for (const [check, finding] of this.#findings) this.#findings.set(check, { ...finding, detail: sentenceOf(finding, words) });
        if (this.#result) this.#result = conclude(this.#findings, words);
        this.#draw();
      },
      (cause: unknown) => console.warn('The words of the diagnosis could not be loaded.', cause),
    );
  }

  get #subject(): Subject {
    return { element: this.#host as Subject['element'], snapshot: this.#view.snapshot };
  }

  async #run(): Promise<void> {
    this.#end?.abort();
    this.#letGo();
    const end = (this.#end = new AbortController());
    const held = (this.#held = new Held(() => this.#draw()));
    this.#findings = new Map();
    this.#result = undefined;
    this.#copied = 'no';
    this.#draw();
    const progress = (finding: Finding): void => {
      if (end.signal.aborted) return;
      this.#findings.set(finding.check, finding);
      this.#draw();
    };
    try {
      const result = await doctor.diagnose(this.#subject, { signal: end.signal, progress }, held);
      if (!end.signal.aborted) this.#result = result;
    } catch (cause) {
      console.warn('The diagnosis failed.', cause);
    }
    this.#draw();
  }

  /** Lets the browser ask for what it has not been asked for yet, all of it at once. */
  readonly #ask = async (): Promise<void> => {
    const { signal } = this.#end!;
    const held = this.#held!;
    held.askFor((['audio', 'video'] as const).filter((kind) => this.#isUnasked(kind)));
    const note = (each: Found): Found => {
      if (!signal.aborted) this.#findings.set(each.check, { ...each, detail: sentenceOf(each, this.#words!) });
      this.#draw();
      return each;
    };
    await checkDevices(this.#subject, { open: held.open, close: held.close, asksFor: ASKS_FOR }, note, signal);
    if (signal.aborted || !this.#result) return;
    this.#result = conclude(this.#findings, this.#words!);
    this.#draw();
  };

  #isUnasked(kind: Kind): boolean {
    return this.#findings.get(kind === 'audio' ? 'microphone' : 'camera')?.code === 'not-asked';
  }

  readonly #hear = (): void => {
    const microphone = this.#held?.tracks.audio;
    if (this.#echo || !microphone) {
      this.#echo?.close();
      this.#echo = undefined;
    } else {
      try {
        this.#echo = new Echo(microphone, () => this.#draw());
      } catch (cause) {
        console.warn('A voice cannot be played back.', cause);
      }
    }
    this.#draw();
  };

  readonly #copy = async (): Promise<void> => {
    const { report } = this.#result!;
    try {
      await navigator.clipboard.writeText(report);
      this.#copied = 'yes';
    } catch {
      // Pages without https may not.
      this.#copied = 'by hand';
    }
    this.#draw();
    const text = this.#place?.querySelector('textarea');
    text?.focus();
    text?.select();
  };

  #draw(): void {
    if (!this.#place || !this.#words) return;
    const { audio, video } = this.#held?.tracks ?? {};
    if (video !== this.#picture?.getTracks()[0]) this.#picture = video ? new MediaStream([video]) : null;
    if (!audio) {
      this.#echo?.close();
      this.#echo = undefined;
    }
    const echo = this.#echo;
    this.#meter.follow(audio);
    const template = diagnosisView({
      lang: this.#view.lang,
      words: this.#words,
      common: this.#view.words,
      findings: this.#findings,
      result: this.#result,
      picture: this.#picture,
      microphone: !!audio,
      asks: !!this.#result && (this.#isUnasked('audio') || this.#isUnasked('video')),
      echo: !audio ? 'no' : !echo ? 'off' : echo.heard ? 'heard' : 'on',
      copied: this.#copied,
      ask: () => void this.#ask(),
      hear: this.#hear,
      again: () => void this.#run(),
      copy: () => void this.#copy(),
    });
    render(template, this.#place);
    this.#meter.show(this.#place.querySelector<HTMLElement>('.own'));
    echo?.show(this.#place.querySelector<HTMLElement>('.back'));
  }
}

/** Makes the companion of a panel. */
export const diagnosisCard = (host: CompanionHost): Companion => new DiagnosisCard(host);
