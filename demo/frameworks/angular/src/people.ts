import { Component, CUSTOM_ELEMENTS_SCHEMA, inject, signal } from '@angular/core';
import { Settings } from './settings';
import { colleagues } from './team';

@Component({
  selector: 'app-people',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <h1>People</h1>
    <fieldset>
      <label><input #voiceOnly type="checkbox" (change)="voice.set(voiceOnly.checked)" /> Voice calls only</label>
      <label> <input #saves type="checkbox" [checked]="settings.saver()" (change)="settings.saver.set(saves.checked)" /> Save data </label>
    </fieldset>
    <ul>
      @for (person of colleagues; track person.id) {
        <li>
          <span>
            {{ person.name }}
            <small>{{ person.role }}</small>
          </span>
          <video-call-button [peer]="person.id" [media]="voice() ? 'audio' : 'video'">Call {{ person.name }}</video-call-button>
        </li>
      }
    </ul>
  `,
})
export class People {
  protected readonly settings = inject(Settings);
  protected readonly colleagues = colleagues;
  protected readonly voice = signal(false);
}
