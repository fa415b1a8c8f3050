import { bootstrapApplication } from '@angular/platform-browser';
import { provideRouter } from '@angular/router';
import { App } from './app';
import { Notes } from './notes';
import { People } from './people';

bootstrapApplication(App, {
  providers: [
    provideRouter([
      { path: '', component: People },
      { path: 'notes', component: Notes },
    ]),
  ],
}).catch((error: unknown) => console.error(error));
