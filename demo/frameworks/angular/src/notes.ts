import { Component } from '@angular/core';

@Component({
  selector: 'app-notes',
  template: `
    <h1>Notes</h1>
    <textarea aria-label="Notes" placeholder="A call goes on while you write here."></textarea>
  `,
})
export class Notes {}
