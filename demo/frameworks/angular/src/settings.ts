import { Injectable, signal } from '@angular/core';

/** What the person has set, for as long as the page is open. */
@Injectable({ providedIn: 'root' })
export class Settings {
  readonly saver = signal(false);
}
