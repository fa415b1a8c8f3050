import { randomBytes } from 'node:crypto';

import type { Deadline, Deadlines } from '../deadlines.js';
import type { Bus } from './bus.js';

/** Milliseconds that the other relays have to answer. One that stands still answers nobody. */
export const ANSWER_WITHIN = 1000;
/** Most questions without an answer at a time. */
const MAX_QUESTIONS = 20_000;

interface Question<Answer> {
  readonly answers: Answer[];
  /** Relays that have said all they have to say. */
  readonly done: Set<string>;
  expected: number;
  finish: () => void;
}

/** What came of a question. */
export interface Answers<Answer> {
  readonly answers: readonly Answer[];
  /** The relays that have answered. */
  readonly from: ReadonlySet<string>;
  /** Whether the question was put at all. */
  readonly heard: boolean;
  /** Whether all who heard it have answered. */
  readonly complete: boolean;
}

/** 128 random bits, as relays name themselves and their questions. */
export const newId = (): string => randomBytes(16).toString('hex');

/** Questions to other relays: the bus says how many listened, and so how many answers there will be. */
export class Questions<Answer> {
  readonly #bus: Bus;
  readonly #deadlines: Deadlines;
  readonly #open = new Map<string, Question<Answer>>();

  constructor(bus: Bus, deadlines: Deadlines) {
    this.#bus = bus;
    this.#deadlines = deadlines;
  }

  /** Asks, and resolves when all have answered or a second is over; without an answer where nobody can be asked. */
  ask(channel: string, write: (id: string) => string): Promise<Answers<Answer>> {
    const question: Question<Answer> = { answers: [], done: new Set(), expected: Infinity, finish: () => undefined };
    if (this.#open.size >= MAX_QUESTIONS) return Promise.resolve(outcomeOf(question));
    const id = newId();
    return new Promise((resolve) => {
      let deadline: Deadline | undefined = undefined;
      question.finish = () => {
        if (!this.#open.delete(id)) return;
        deadline?.cancel();
        resolve(outcomeOf(question));
      };
      this.#open.set(id, question);
      deadline = this.#deadlines.add(ANSWER_WITHIN, question.finish);
      this.#bus.publish(channel, write(id)).then(
        (count) => {
          question.expected = count;
          if (question.done.size >= count) question.finish();
        },
        () => question.finish(),
      );
    });
  }

  /** Takes an answer to a question, and whether it is the last of this relay. */
  answer(id: string, relay: string, answer: Answer, last: boolean): void {
    const question = this.#open.get(id);
    if (!question || question.done.has(relay)) return;
    question.answers.push(answer);
    if (last) question.done.add(relay);
    if (question.done.size >= question.expected) question.finish();
  }

  /** Waits for no answer any more. */
  close(): void {
    for (const { finish } of [...this.#open.values()]) finish();
  }
}

function outcomeOf<Answer>({ answers, done, expected }: Question<Answer>): Answers<Answer> {
  return { answers, from: done, heard: expected !== Infinity, complete: done.size >= expected };
}
