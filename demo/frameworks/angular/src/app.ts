import { Component, CUSTOM_ELEMENTS_SCHEMA, inject, signal } from '@angular/core';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import type { CallConnectedEvent, CallEndedEvent, RelayStatusEvent } from 'video-call-elements';
import 'video-call-elements';
import { Settings } from './settings';
import { me } from './team';

@Component({
  selector: 'app-root',
  imports: [RouterLink, RouterLinkActive, RouterOutlet],
  // Lets Angular know that there are tags which are not components of its own.
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <header>
      <strong>Team</strong>
      <nav>
        <a routerLink="/" routerLinkActive ariaCurrentWhenActive="page" [routerLinkActiveOptions]="{ exact: true }">People</a>
        <a routerLink="/notes" routerLinkActive ariaCurrentWhenActive="page">Notes</a>
      </nav>
      <span role="status">{{ news() }}</span>
    </header>
    <main><router-outlet /></main>
    <!-- The panel stands outside of the routes, so that a call goes on while the person goes elsewhere. -->
    <video-call-panel
      [relay]="relay"
      [me]="me.id"
      [displayName]="me.name"
      [dataSaver]="settings.saver()"
      (relay-status)="onRelayStatus($event)"
      (call-connected)="onConnected($event)"
      (call-ended)="onEnded($event)"
    ></video-call-panel>
  `,
})
export class App {
  protected readonly me = me;
  protected readonly relay: string = import.meta.env.VITE_RELAY;
  protected readonly settings = inject(Settings);
  protected readonly news = signal('Connecting …');

  protected onRelayStatus(event: RelayStatusEvent): void {
    this.news.set(event.status === 'online' ? 'You can be called' : 'Connecting …');
  }

  protected onConnected(event: CallConnectedEvent): void {
    this.news.set(`In a call with ${event.call.name}`);
  }

  protected onEnded(event: CallEndedEvent): void {
    this.news.set(`Call ended (${event.reason}), ${Math.round(event.duration)} s`);
  }
}
